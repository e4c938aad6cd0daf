#include "data/iris.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "data/drawn.hpp"
#include "data/unit_ball.hpp"
#include "enclosure/row.hpp"
#include "support/scratch.hpp"

namespace assay {
namespace {

using boost::multiprecision::cpp_rational;

cpp_rational squared_norm(std::span<const double> row) {
  cpp_rational sum = 0;
  for (const double entry : row) sum += cpp_rational(entry) * cpp_rational(entry);
  return sum;
}

TEST_CASE("in_unit_ball decides exactly") {
  const auto inside = [](std::vector<double> row) { return in_unit_ball(row); };
  CHECK(inside({}));
  CHECK(inside({0, -0.0}));
  CHECK(inside({1}));
  CHECK(inside({-1, 0}));
  CHECK_FALSE(inside({1, 0x1p-1074}));  // 1 + 2^-2148
  CHECK_FALSE(inside({1 + 0x1p-52}));
  CHECK(inside({1 - 0x1p-53, 0x1p-27}));        // (1 - 2^-53)^2 + 2^-54 = 1 - 2^-52 + 2^-54 + 2^-106
  CHECK_FALSE(inside({1 - 0x1p-53, 0x1p-26}));  // 1 - 2^-52 + 2^-52 + 2^-106
  CHECK(inside({0.5, 0.5, 0.5, -0.5}));
  CHECK_FALSE(inside({0.5, 0.5, 0.5, -0.5, 0x1p-1022}));
  CHECK_FALSE(inside({std::numeric_limits<double>::max()}));
  CHECK(inside({0.6, 0.8}) == (squared_norm(std::vector{0.6, 0.8}) <= 1));
  CHECK_THROWS_AS(inside({std::nan("")}), std::invalid_argument);
}

TEST_CASE("shrinking ends inside and close to the sphere") {
  int outside = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::vector<double> row(1 + seed % 7);
    fill_normals(seed, Stream::inputs, 0, row);
    double sum = 0;
    for (const double entry : row) sum += entry * entry;
    for (double& entry : row) entry /= std::sqrt(sum);
    outside += squared_norm(row) > 1;
    CHECK(in_unit_ball(row) == (squared_norm(row) <= 1));
    shrink_into_unit_ball(row);
    CHECK(squared_norm(row) <= 1);
    CHECK(squared_norm(row) > 1 - 0x1p-48);
  }
  CHECK(outside > 400);  // else this tested nothing
  std::vector<double> large{1.5};
  CHECK_THROWS_AS(shrink_into_unit_ball(large), std::invalid_argument);
}

TEST_CASE("drawn points lie in the unit ball and next to the sphere") {
  for (const std::size_t dimension : {1u, 2u, 5u, 64u}) {
    std::vector<double> point(dimension);
    for (std::uint64_t row = 0; row < 300; ++row) {
      draw_sphere_point(7, Stream::labels, row, point);
      REQUIRE(squared_norm(point) <= 1);
      REQUIRE(squared_norm(point) > 1 - 0x1p-46);
    }
  }
}

TEST_CASE("iris lies in the unit ball and touches the sphere") {
  const Samples all = iris({});
  REQUIRE(all.x.rows() == 150);
  REQUIRE(all.x.cols() == 4);
  REQUIRE(all.y.rows() == 150);
  REQUIRE(all.y.cols() == 3);
  cpp_rational largest = 0;
  for (Eigen::Index row = 0; row < 150; ++row) {
    const cpp_rational norm = squared_norm(row_of(all.x, row));
    CHECK(norm <= 1);
    largest = std::max(largest, norm);
    CHECK(squared_norm(row_of(all.y, row)) <= 1);
    CHECK(squared_norm(row_of(all.y, row)) > 1 - 0x1p-49);
  }
  CHECK(largest > 1 - 0x1p-49);
}

TEST_CASE("iris is centred and scaled by one factor") {
  const Samples all = iris({});
  for (Eigen::Index column = 0; column < 4; ++column) CHECK(std::fabs(all.x.col(column).sum()) < 1e-12);
  // Differences of rows keep their ratios: rows 1 and 51 are 5.1,3.5,1.4,0.2 and 7.0,3.2,4.7,1.4.
  const double unit = (all.x(50, 0) - all.x(0, 0)) / 1.9;
  CHECK(unit == doctest::Approx((all.x(50, 1) - all.x(0, 1)) / -0.3).epsilon(1e-13));
  CHECK(unit == doctest::Approx((all.x(50, 2) - all.x(0, 2)) / 3.3).epsilon(1e-13));
  CHECK(unit == doctest::Approx((all.x(50, 3) - all.x(0, 3)) / 1.2).epsilon(1e-13));
  CHECK(all.x.row(101) == all.x.row(142));  // the same flower twice
}

TEST_CASE("iris labels are centred one-hot classes") {
  const Samples some = iris(std::vector<Eigen::Index>{1, 51, 101});
  for (Eigen::Index row = 0; row < 3; ++row) {
    for (Eigen::Index column = 0; column < 3; ++column) {
      const double expected = (row == column ? 2 : -1) / std::sqrt(6.0);
      CHECK(some.y(row, column) == doctest::Approx(expected).epsilon(1e-15));
    }
  }
}

TEST_CASE("chosen rows of iris do not depend on the choice") {
  const Samples all = iris({}), some = iris(std::vector<Eigen::Index>{150, 1, 1});
  CHECK(some.x.row(0) == all.x.row(149));
  CHECK(some.x.row(2) == all.x.row(0));
  CHECK(some.y.row(1) == all.y.row(0));
  CHECK(input_error_of([] { iris(std::vector<Eigen::Index>{1, 151}); }) == "rows: 151 is not a row of iris (1 to 150)");
  CHECK(input_error_of([] { iris(std::vector<Eigen::Index>{0}); }) == "rows: 0 is not a row of iris (1 to 150)");
}

TEST_CASE("iris gives the frozen doubles") {
  const Samples some = iris(std::vector<Eigen::Index>{1, 51, 101});
  const RealMatrix x{{-0x1.8c851192d7872p-3, 0x1.d8447cb5526dcp-4, -0x1.3a75b2d827b56p-1, -0x1.0a8a1f718404ap-2},
                     {0x1.3480c95e28419p-2, 0x1.3069d502c1774p-5, 0x1.f67ed8bd127f7p-3, 0x1.ac2b96136d6d4p-5},
                     {0x1.e73425aa17bb4p-4, 0x1.02e4c5e806a15p-4, 0x1.2afd7ab61235cp-1, 0x1.5ae90e1cb5e68p-2}};
  CHECK(some.x == x);
  CHECK(some.y(0, 0) == 0x1.a20bd700c2c3dp-1);
  CHECK(some.y(0, 1) == -0x1.a20bd700c2c3dp-2);
}

}  // namespace
}  // namespace assay
