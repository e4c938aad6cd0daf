#include "models/infinite_width.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "data/iris.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/exact_rank.hpp"
#include "network/kernel.hpp"
#include "support/exact.hpp"
#include "support/networks.hpp"

namespace assay {
namespace {

enum class Kind { zero_row, repeated_row, positive_multiple, dependent_opposites };

/// angle = 2 atan2(| |y| x - |x| y |, | |y| x + |x| y |) in long double: another route, accurate at all angles.
long double plain_angle(const RealMatrix& x, Index i, Index j) {
  long double less = 0, more = 0, own = 0, other = 0;
  for (Index k = 0; k < x.cols(); ++k) {
    own += static_cast<long double>(x(i, k)) * x(i, k);
    other += static_cast<long double>(x(j, k)) * x(j, k);
  }
  own = std::sqrt(own);
  other = std::sqrt(other);
  for (Index k = 0; k < x.cols(); ++k) {
    less += std::pow(other * x(i, k) - own * x(j, k), 2);
    more += std::pow(other * x(i, k) + own * x(j, k), 2);
  }
  return 2 * std::atan2(std::sqrt(less), std::sqrt(more));
}

double plain_entry(const Model& model, const RealMatrix& x, Index i, Index j, double sigma) {
  const double product = x.row(i).dot(x.row(j));
  if (&model == &softmax()) return product * std::exp(sigma * sigma * product);
  if (&model == &exponential()) return product * std::exp(sigma * sigma * (x.row(i) + x.row(j)).squaredNorm() / 2);
  if (&model != &relu()) return model.limit_kernel(input_gram(x, 512), Interval(sigma, 512))(i, j).approx_double();
  const long double pi = std::acos(-1.0L);
  return static_cast<double>(product * (pi - plain_angle(x, i, j)) / (2 * pi));
}

void check_entries(const RealMatrix& x, double sigma) {
  for (const Model* model : models()) {
    CAPTURE(model->name());
    const IntervalMatrix k = model->limit_kernel(input_gram(x, 256), Interval(sigma, 256));
    const IntervalMatrix coarse = model->limit_kernel(input_gram(x, 64), Interval(sigma, 64));
    for (Index i = 0; i < x.rows(); ++i)
      for (Index j = 0; j < x.rows(); ++j) {
        CHECK(overlap(coarse(i, j), k(i, j)));
        CHECK(k(i, j).approx_double() == doctest::Approx(plain_entry(*model, x, i, j, sigma)).epsilon(1e-9));
      }
  }
}

TEST_CASE("limit kernels are their formulas, at two precisions") {
  Random random(1);
  for (const Index d_in : {1, 2, 5}) check_entries(random_matrix(random, 4, d_in, 1), 0.7);
}

TEST_CASE("the ReLU limit kernel is sharp near parallel and opposite rows") {
  RealMatrix x(5, 2);
  x << 0.5, 0.25, 0.5, 0.25 + 0x1p-50, -0.5, -0.25 - 0x1p-52, 0.25, 0.125, -0.25, -0.125;
  const IntervalMatrix k = relu().limit_kernel(input_gram(x, 256), Interval(1, 256));
  const double pi = std::acos(-1.0);
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.rows(); ++j) {
      CAPTURE(i);
      CAPTURE(j);
      const double product = x.row(i).dot(x.row(j));
      const double angle = static_cast<double>(plain_angle(x, i, j));
      // angle = pi - 2 pi K / <x, x'> without cancellation in double.
      const Interval found = Interval::pi(256) - 2 * Interval::pi(256) * k(i, j) / Interval(product, 256);
      if (std::fabs(angle) > 1e-12 && std::fabs(pi - angle) > 1e-12)
        CHECK(found.approx_double() == doctest::Approx(angle));
      CHECK((k(i, j).upper() - k(i, j).lower()).upper_double() < 1e-36);
    }
  // A tiny angle: <x, x'> / 2 - K = <x, x'> angle / (2 pi), known to many digits only from the sine.
  const IntervalMatrix gram = input_gram(x, 256);
  const Interval gap = (gram(0, 1) / 2 - k(0, 1)) * 2 * Interval::pi(256) / gram(0, 1);
  CHECK(gap.approx_double() / static_cast<double>(plain_angle(x, 0, 1)) == doctest::Approx(1).epsilon(1e-4));
  CHECK(gap.relative_width() < 1e-55);
}

TEST_CASE("a zero row gives exact zeros") {
  RealMatrix x(2, 2);
  x << 0, 0, 0.5, 0.5;
  for (const Model* model : models()) {
    const IntervalMatrix k = model->limit_kernel(input_gram(x, 64), Interval(1, 64));
    CHECK(k(0, 0).is_point());
    CHECK(k(0, 1).is_point());
    CHECK(k(0, 1).contains_zero());
  }
}

TEST_CASE("exp is softmax between two factors") {
  Random random(2);
  const RealMatrix x = random_matrix(random, 4, 3, 1);
  const Interval sigma(1.25, 128);
  const IntervalMatrix gram = input_gram(x, 128), soft = softmax().limit_kernel(gram, sigma);
  const IntervalMatrix plain = exponential().limit_kernel(gram, sigma);
  const auto factor = [&](Index i) { return exp(sqr(sigma) * gram(i, i) / 2); };
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0; j < 4; ++j) CHECK(overlap(plain(i, j), factor(i) * soft(i, j) * factor(j)));
}

struct DegenerateCase {
  std::vector<std::vector<double>> rows;
  std::optional<Kind> smooth, relu;
};

RealMatrix matrix_of(const std::vector<std::vector<double>>& rows) {
  RealMatrix x(static_cast<Index>(rows.size()), static_cast<Index>(rows[0].size()));
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j) x(i, j) = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
  return x;
}

std::optional<Kind> kind_of(const Model& model, const RealMatrix& x) {
  const auto found = model.limit_degeneracy(x);
  if (!found) return std::nullopt;
  const auto says = [&](const char* text) { return found->reason.find(text) != std::string::npos; };
  if (says("is zero")) return Kind::zero_row;
  if (says("are equal")) return Kind::repeated_row;
  return says("positive multiple") ? Kind::positive_multiple : Kind::dependent_opposites;
}

TEST_CASE("whether the limit kernel is singular is decided on the data, and the spectrum agrees") {
  const double tiny = 0x1p-1060;
  const std::vector<DegenerateCase> cases{
      {{{0.5, 0}, {0, 0}}, Kind::zero_row, Kind::zero_row},
      {{{0.5, 0.1}, {0.2, 0}, {0.5, 0.1}}, Kind::repeated_row, Kind::repeated_row},
      {{{0.5, 0.25}, {0.25, 0.125}}, {}, Kind::positive_multiple},
      {{{0.5, 0.25}, {-0.25, -0.125}}, {}, {}},
      {{{0.5, 0.25}, {-0.25, -0.125}, {0.1, 0.7}, {-0.1, -0.7}}, {}, {}},
      {{{0.5, 0.25}, {-0.5, -0.25}, {0.1, 0.7}, {-0.1, -0.7}, {0.3, 0}, {-0.3, 0}}, {}, Kind::dependent_opposites},
      {{{0.5}, {-0.25}}, {}, {}},
      {{{0.5}, {-0.25}, {-0.75}}, {}, Kind::positive_multiple},
      {{{0, 0.5}, {0, 0.25}, {0.5, 0}}, {}, Kind::positive_multiple},
      {{{0.5, 0.25}, {0.5, 0.25 + 0x1p-54}}, {}, {}},
      {{{0.5, tiny}, {0.5, 0}}, {}, {}},
      {{{tiny, 2 * tiny}, {2 * tiny, 4 * tiny}}, {}, Kind::positive_multiple}};
  for (const auto& [rows, of_smooth, of_relu] : cases) {
    const std::size_t count = rows.size();
    CAPTURE(count);
    const RealMatrix x = matrix_of(rows);
    for (const Model* model : models()) {
      CAPTURE(model->name());
      const bool dependent = of_relu == Kind::dependent_opposites && model->id() == "gelu";
      const auto expected = model == &relu() || dependent ? of_relu : of_smooth;
      CHECK(kind_of(*model, x) == expected);
      if (const auto found = model->limit_degeneracy(x)) CHECK_FALSE(found->reason.empty());
      const IntervalMatrix k = model->limit_kernel(input_gram(x, 8192), Interval(1, 8192));
      const Interval least = enclose_lambda_min(k, 1e-3, 8192);
      CHECK(certainly_positive(least) == !expected);
    }
  }
}

TEST_CASE("the rows that make a limit kernel singular are named by their places") {
  const auto zero = softmax().limit_degeneracy(matrix_of({{0.5, 0}, {0.25, 0.5}, {0, 0}}));
  REQUIRE(zero);
  CHECK(zero->reason.starts_with("row 3 of X"));
  CHECK(zero->first == 2);
  const auto equal = softmax().limit_degeneracy(matrix_of({{0.5, 0.1}, {0.2, 0}, {0.5, 0.1}}));
  REQUIRE(equal);
  CHECK(equal->reason.starts_with("rows 1 and 3 of X"));
  CHECK(equal->first == 0);
  CHECK(equal->second == 2);
}

TEST_CASE("random rows are not degenerate, and a copy or a multiple is found anywhere") {
  for (std::uint64_t seed = 1; seed <= random_cases(5); ++seed) {
    Random random(seed);
    RealMatrix x = random_matrix(random, 6, 3, 1);
    for (const Model* model : models()) CHECK(!model->limit_degeneracy(x));
    x.row(4) = 0.25 * x.row(1);
    CHECK(!exponential().limit_degeneracy(x));
    REQUIRE(relu().limit_degeneracy(x));
    CHECK(relu().limit_degeneracy(x)->first == 1);
    CHECK(relu().limit_degeneracy(x)->second == 4);
  }
}

TEST_CASE("smallest eigenvalues far below the floor of double are enclosed") {
  std::vector<Index> rows;
  for (Index i = 1; i <= 48; ++i) rows.push_back(i * 3 - 1);
  const RealMatrix x = iris(rows).x;
  const IntervalMatrix k = softmax().limit_kernel(input_gram(x, 256), Interval(0.1, 256));
  const Interval least = enclose_lambda_min(k, 1e-6, 256);
  CHECK(certainly_positive(least));
  CHECK(least.relative_width() < 1e-5);
  CHECK(least.upper_double() < 1e-12);
}

TEST_CASE("smallest eigenvalues below 1e-40 are enclosed for every activation") {
  RealMatrix line(4, 2);
  for (Index i = 0; i < 4; ++i) line.row(i) << 0.5, 0.25 + static_cast<double>(i) * 0x1p-26;
  for (const Model* model : models()) {
    CAPTURE(model->name());
    const auto least_at = [&](Bits bits) {
      return enclose_lambda_min(model->limit_kernel(input_gram(line, bits), Interval(1, bits)), 1e-6, bits);
    };
    const Interval least = least_at(1024);
    CHECK(overlap(least, least_at(768)));
    CHECK(least.relative_width() < 1e-5);
    CHECK(least.upper_double() < (model == &relu() ? 1e-8 : 1e-40));
  }
}

TEST_CASE("the exact rank is that of rational elimination") {
  RealMatrix x(3, 3);
  x << 1, 2, 3, 4, 5, 6, 7, 8, 9;
  CHECK(exact_rank(x) == 2);
  x(2, 2) += 0x1p-49;
  CHECK(exact_rank(x) == 3);
  CHECK(exact_rank(RealMatrix::Zero(2, 3)) == 0);
  CHECK(exact_rank(RealMatrix::Constant(4, 3, 0x1p-1074)) == 1);
  x.setZero();
  x(0, 2) = 0x1p1000;
  x(2, 1) = 0x1p-1000;
  CHECK(exact_rank(x) == 2);
  x(1, 1) = std::nan("");
  CHECK_THROWS_AS(exact_rank(x), std::invalid_argument);
}

}  // namespace
}  // namespace assay
