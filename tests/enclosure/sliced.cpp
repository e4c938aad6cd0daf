#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/exact.hpp"
#include "../support/random_cases.hpp"
#include "enclosure/approx/sliced_matrix.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/eigenvalue.hpp"

using namespace assay;

namespace {

/// A random lower triangular matrix in points, rows of very different sizes.
PointMatrix random_lower(Random& random, Index n, Bits bits, std::vector<long>& exponents) {
  PointMatrix l(n, n, bits);
  for (Index i = 0; i < n; ++i) {
    exponents.push_back(random.integer(-60, 60));
    for (Index k = 0; k <= i; ++k) {
      // 106 bits, at most 2^-1 before scaling.
      mpfr_set_d(l(i, k), random.between(-0.4, 0.4), MPFR_RNDN);
      mpfr_add_d(l(i, k), l(i, k), std::ldexp(random.between(-1, 1), -60), MPFR_RNDN);
      if (random.one_in(5)) mpfr_div_2si(l(i, k), l(i, k), random.integer(1, 200), MPFR_RNDN);
      mpfr_mul_2si(l(i, k), l(i, k), exponents.back(), MPFR_RNDN);
    }
  }
  return l;
}

/// The number that the slices hold for l(i, k), found from the product with a row that is a unit vector.
Rational grid_rounded(mpfr_srcptr x, long exponent, long bits_kept) {
  const Rational scaled = exact(x) * two_to(bits_kept - exponent);
  const Rational shifted = scaled + Rational(1) / 2;
  const auto floor = numerator(shifted) / denominator(shifted);  // towards zero
  const Rational rounded = shifted < 0 && Rational(floor) != shifted ? Rational(floor) - 1 : Rational(floor);
  return rounded * two_to(exponent - bits_kept);
}

}  // namespace

TEST_CASE("inner products from slices enclose those of the rows up to the grid") {
  for (std::uint64_t seed = 1; seed <= random_cases(12); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.integer(1, 20);
    const Bits bits = random.one_of<Bits>({64, 100, 128, 200});
    std::vector<long> exponents;
    const PointMatrix l = random_lower(random, n, bits, exponents);
    SlicedMatrix sliced(exponents, bits);
    for (Index i = 0; i < n; ++i)
      for (Index k = 0; k <= i; ++k) REQUIRE(sliced.set(i, k, l(i, k)));
    sliced.multiply(0, n, 0, n, n);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j) {
        Rational truth = 0, slack = 0;
        for (Index k = 0; k < n; ++k) {
          truth += exact(l(i, k)) * exact(l(j, k));
          // Both factors are off by half a grid step at most: 2^{e - bits} is more than that.
          slack += magnitude(exact(l(i, k))) * two_to(exponents[static_cast<std::size_t>(j)] - bits) +
                   magnitude(exact(l(j, k))) * two_to(exponents[static_cast<std::size_t>(i)] - bits) +
                   two_to(exponents[static_cast<std::size_t>(i)] + exponents[static_cast<std::size_t>(j)] - 2 * bits);
        }
        const Interval entry = sliced.entry(i, j);
        REQUIRE(lower_end(entry) <= truth + slack);
        REQUIRE(upper_end(entry) >= truth - slack);
        // And the enclosure is as narrow as the bits promise.
        REQUIRE(upper_end(entry) - lower_end(entry) <=
                two_to(exponents[static_cast<std::size_t>(i)] + exponents[static_cast<std::size_t>(j)] - bits + 12));
      }
  }
}

TEST_CASE("entries on the grid are held exactly, so their products are enclosed exactly") {
  Random random(3);
  const Index n = 9;
  SlicedMatrix sliced(std::vector<long>(static_cast<std::size_t>(n), 0), 100);
  PointMatrix l(n, n, 200);
  for (Index i = 0; i < n; ++i)
    for (Index k = 0; k <= i; ++k) {
      mpfr_set_si_2exp(l(i, k), random.integer(-(1L << 40), 1L << 40), -42, MPFR_RNDN);
      mpfr_add_d(l(i, k), l(i, k), std::ldexp(static_cast<double>(random.integer(-(1L << 40), 1L << 40)), -90),
                 MPFR_RNDN);
      CHECK(exact(l(i, k)) == grid_rounded(l(i, k), 0, 100));
      REQUIRE(sliced.set(i, k, l(i, k)));
    }
  sliced.multiply(2, 5, 1, 7, 6);
  for (Index a = 0; a < 5; ++a)
    for (Index b = 0; b < 7; ++b) {
      Rational truth = 0;
      for (Index k = 0; k < 6; ++k) truth += exact(l(a + 2, k)) * exact(l(b + 1, k));
      REQUIRE(contains(sliced.entry(a, b), truth));
    }
}

TEST_CASE("what does not fit on the grid is refused") {
  SlicedMatrix sliced({0, 0}, 64);
  PointMatrix x(1, 1, 64);
  for (const double value : {0.75, -2.0, 1e30}) {
    mpfr_set_d(x(0, 0), value, MPFR_RNDN);
    CHECK_FALSE(sliced.set(0, 0, x(0, 0)));
  }
  mpfr_set_nan(x(0, 0));
  CHECK_FALSE(sliced.set(0, 0, x(0, 0)));
}

TEST_CASE("large matrices: the second difference has its cosines for eigenvalues") {
  for (const Index n : {48, 60, 101})
    for (const Bits bits : {64L, 128L, 300L}) {
      CAPTURE(n);
      CAPTURE(bits);
      IntervalMatrix a(n, n);
      for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j)
          a(i, j) = Interval(i == j ? 2 : std::abs(static_cast<double>(i - j)) < 1.5 ? -1 : 0, bits);
      // 2 - 2 cos t = 4 sin^2(t/2), t = pi / (n + 1); sin by its series, the last term as its error.
      const Interval angle = Interval::pi(bits + 64) / (2 * (n + 1));
      Interval sine = angle, term = angle;
      for (long k = 1; k < 60; ++k) {
        term = -term * sqr(angle) / ((2 * k) * (2 * k + 1));
        sine += term;
      }
      sine = hull(sine - abs(term), sine + abs(term));
      const Interval truth = 4 * sqr(sine);
      const Interval low = enclose_lambda_min(a, 0, bits), high = enclose_lambda_max(a, 0, bits);
      CHECK(overlap(low, truth));
      CHECK(overlap(high, 4 - truth));
      CHECK(low.relative_width() < std::ldexp(1e8, -static_cast<int>(bits)));
    }
}

TEST_CASE("large smooth kernels, far below the range where doubles see an eigenvalue") {
  const Index n = 56;
  std::vector<Interval> enclosures;
  for (const Bits bits : {192L, 256L, 512L}) {
    IntervalMatrix k(n, n);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j <= i; ++j) k(i, j) = k(j, i) = exp(-sqr(Interval::ratio(i - j, n, bits)) * 40);
    enclosures.push_back(enclose_lambda_min(k, 1e-6, bits));
  }
  for (const Interval& one : enclosures)
    for (const Interval& other : enclosures) CHECK(overlap(one, other));
  CHECK(certainly_positive(enclosures.back()));
  CHECK(enclosures.back().upper_double() < 1e-25);
  CHECK(enclosures.back().relative_width() <= 1e-6);
}

TEST_CASE("large singular, indefinite and wide matrices") {
  const Index n = 50;
  Random random(4);
  IntervalMatrix ones(n, n), wide(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) {
      ones(i, j) = Interval(1, 128);
      wide(i, j) = Interval::between(-0.01, 0.01, 128) + (i == j ? Interval(1, 128) : Interval());
    }
  const Interval zero = enclose_lambda_min(ones, 1e-6, 128);
  CHECK(zero.contains_zero());
  CHECK(zero.upper_double() - zero.lower_double() < 1e-30);
  CHECK(enclose_lambda_max(ones, 1e-6, 128).contains(50.0));
  // The worst members: 1 - 0.01 times the matrix of ones, and 1 + it.
  CHECK(enclose_lambda_min(wide, 1e-6, 128).lower_double() <= 0.5 + 1e-9);
  CHECK(enclose_lambda_max(wide, 1e-6, 128).upper_double() >= 1.5 - 1e-9);
}
