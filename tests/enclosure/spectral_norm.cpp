#include "enclosure/fast/spectral_norm.hpp"

#include <doctest/doctest.h>

#include "enclosure/eigenvalue.hpp"
#include "support/random_cases.hpp"

using namespace assay;

TEST_CASE("the norm by squaring is an upper bound, and not far above") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.integer(1, 24);
    const double scale = random.one_of({1e-150, 1e-3, 1.0, 1e120});
    fast::SymmetricBall ball{fast::RowMajorMatrix(n, n), random.one_in(2) ? 0.0 : 1e-3 * scale};
    IntervalMatrix exact(n, n);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j <= i; ++j) {
        // Nearly of rank one, or not.
        const double entry = random.one_in(2) ? random.between(-1, 1) : 1.0;
        ball.middle(i, j) = ball.middle(j, i) = entry * scale;
        exact(i, j) = exact(j, i) = Interval(ball.middle(i, j), 128);
      }
    const Interval norm = enclose_spectral_norm(exact, 1e-10, 128) + Interval(ball.radius, 53);
    const double bound = fast::upper_spectral_norm(ball);
    CHECK(certainly_less_equal(norm.lower(), Interval(bound, 53)));
    CHECK(bound <= 1.25 * norm.upper_double());
  }
}

TEST_CASE("the norm by squaring of a multiple of the identity, of 0 and of what is not finite") {
  const auto bound = [](double x, Index n) {
    return fast::upper_spectral_norm({x * fast::RowMajorMatrix::Identity(n, n), 0});
  };
  CHECK(bound(3, 1) >= 3);
  CHECK(bound(3, 1) < 3.0000001);
  CHECK(bound(-2, 16) >= 2);
  CHECK(bound(-2, 16) < 2 * 1.19);  // 16^(1/16)
  CHECK(bound(0, 3) < 1e-100);
  CHECK(std::isinf(bound(std::numeric_limits<double>::quiet_NaN(), 2)));
  CHECK(std::isinf(bound(std::numeric_limits<double>::infinity(), 2)));
}
