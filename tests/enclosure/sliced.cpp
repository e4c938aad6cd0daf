#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "enclosure/eigenvalue.hpp"
#include "enclosure/sliced/eigenproblem.hpp"
#include "support/exact.hpp"
#include "support/random_cases.hpp"

using namespace assay;
using sliced::kDigitBits;

namespace {

Rational value(const sliced::Digits& digits, std::size_t i) {
  Rational sum = 0;
  for (std::size_t q = 0; q < digits.planes(); ++q)
    sum += exact(digits.plane(q)[i]) * two_to(-kDigitBits * static_cast<long>(q));
  return sum;
}

/// A kernel exp(-c (x_i - x_j)^2) + noise of rank one: entries of all bits, a spectrum that falls as fast as c is
/// small.
IntervalMatrix smooth(Random& random, Index n, long c, Bits bits) {
  IntervalMatrix a(n, n);
  std::vector<Interval> x;
  for (Index i = 0; i < n; ++i) x.push_back(Interval(random.between(-1, 1), bits));
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j)
      a(i, j) = a(j, i) = exp(-sqr(x[static_cast<std::size_t>(i)] - x[static_cast<std::size_t>(j)]) * c) +
                          Interval::ratio(i == j, 1000, bits);
  return a;
}

}  // namespace

TEST_CASE("digits hold a number up to their last place, and give back what they hold") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const auto planes = static_cast<std::size_t>(random.integer(1, 9));
    const Bits bits = random.one_of<Bits>({2, 24, 53, 64, 65, 128, 200});
    const long exponent = random.integer(-2000, 2000),
               below = random.one_of<long>({-20, -1, 0, 1, 22, 63, 64, 65, 300});
    PointMatrix x(1, 1, bits), back(1, 1, 400);
    mpfr_set_d(x(0, 0), random.between(-1, 1), MPFR_RNDN);
    mpfr_add_d(x(0, 0), x(0, 0), std::ldexp(random.between(-1, 1), -60), MPFR_RNDN);
    if (random.one_in(20)) mpfr_set_d(x(0, 0), random.one_in(2) ? 0 : -1, MPFR_RNDN);
    if (random.one_in(20)) mpfr_nextbelow(x(0, 0));
    mpfr_mul_2si(x(0, 0), x(0, 0), exponent - below, MPFR_RNDN);
    sliced::Digits digits(planes, 3);
    digits.set(1, x(0, 0), exponent);
    const long last = static_cast<long>(planes) - 1;
    const Rational scaled = exact(x(0, 0)) * two_to(-exponent), held = value(digits, 1);
    REQUIRE(magnitude(scaled - held) < two_to(-kDigitBits * last));
    REQUIRE(magnitude(held) <= magnitude(scaled));
    for (std::size_t q = 1; q < planes; ++q) REQUIRE(std::fabs(digits.plane(q)[1]) <= sliced::kRadix / 2);
    CHECK(digits.plane(0)[0] == 0);
    CHECK(digits.plane(0)[2] == 0);
    digits.get(1, 7, back(0, 0));
    REQUIRE(exact(back(0, 0)) == held * 128);
    REQUIRE(std::fabs(digits.approx(1) - held.convert_to<double>()) <= 1e-12 * std::fabs(held.convert_to<double>()));
  }
}

TEST_CASE("a scaled matrix contains what it stands for") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.integer(1, 19);
    const long planes = random.integer(1, 7), width = random.one_of<long>({10, 40, 100, 300});
    const Bits bits = random.one_of<Bits>({53, 64, 128, 300});
    IntervalMatrix a = smooth(random, n, 1, bits);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j <= i; ++j) {
        if (random.one_in(3)) a(i, j) = a(i, j) + Interval::between(0, std::ldexp(1.0, -static_cast<int>(width)), bits);
        if (random.one_in(9)) a(i, j) = -a(i, j);
        // The lower triangle decides.
        a(j, i) = i == j ? a(i, j) : a(i, j) + Interval::between(-1, 2, 64);
        mpfi_mul_2si(a(i, j).mpfi(), a(i, j).mpfi(), 3000);
      }
    const sliced::ScaledMatrix m(a, planes);
    const Rational scale = two_to(-m.exponent());
    for (Index i = 0; i < n; ++i) {
      Rational off = 0, norm = 0;
      for (Index j = 0; j < n; ++j) {
        const Interval& entry = i < j ? a(j, i) : a(i, j);
        const Rational middle =
            value(m.middle(), static_cast<std::size_t>(i) * m.stride() + static_cast<std::size_t>(j));
        const Rational lo = lower_end(entry) * scale, hi = upper_end(entry) * scale;
        off += std::max(magnitude(lo - middle), magnitude(hi - middle));
        norm += std::max(magnitude(lo), magnitude(hi));
        REQUIRE(magnitude(middle) < Rational(1, 4));
      }
      REQUIRE(off <= exact(m.radius()));
      REQUIRE(norm <= exact(m.norm()));
    }
    CHECK(m.radius() <= static_cast<double>(n) * (std::ldexp(3.0, -static_cast<int>(std::min(width, bits))) +
                                                  6 * sliced::radix_power(planes - 1)));
  }
}

TEST_CASE("products of a scaled matrix are exact, and Rayleigh quotients enclosed") {
  for (std::uint64_t seed = 1; seed <= random_cases(20); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.integer(1, 40);
    const sliced::ScaledMatrix m(smooth(random, n, 2, 128), random.integer(2, 8));
    const Bits bits = random.one_of<Bits>({22, 44, 66, 110});
    PointMatrix v(n, 1, bits);
    sliced::Digits digits(static_cast<std::size_t>(bits / kDigitBits) + 1, m.stride());
    for (Index i = 0; i < n; ++i) {
      mpfr_set_d(v(i, 0), random.between(-0.9, 0.9), MPFR_RNDN);
      mpfr_div_2si(v(i, 0), v(i, 0), 1, MPFR_RNDN);
      digits.set(static_cast<std::size_t>(i), v(i, 0), 0);
      mpfr_mul_2si(v(i, 0), v(i, 0), 1, MPFR_RNDN);
    }
    const PointMatrix image = sliced::product(m, digits);
    const auto quotient = sliced::rayleigh_quotient(m, v);
    REQUIRE(quotient.has_value());
    Rational numerator = 0, denominator = 0;
    for (Index i = 0; i < n; ++i) {
      Rational truth = 0;
      for (Index j = 0; j < n; ++j)
        truth += value(m.middle(), static_cast<std::size_t>(i) * m.stride() + static_cast<std::size_t>(j)) *
                 value(digits, static_cast<std::size_t>(j));
      REQUIRE(exact(image(i, 0)) == truth);
      REQUIRE(exact(quotient->image(i, 0)) == 2 * truth);
      numerator += truth * value(digits, static_cast<std::size_t>(i));
      denominator += value(digits, static_cast<std::size_t>(i)) * value(digits, static_cast<std::size_t>(i));
    }
    REQUIRE(contains(quotient->value, numerator / denominator));
    CHECK(quotient->value.relative_width() < 1e-15);
  }
}

TEST_CASE("the residual of a factor in digits is bounded, and small") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.one_of<Index>({1, 2, 15, 16, 17, 33, 50});
    const long places = random.integer(2, 9);
    IntervalMatrix a = smooth(random, n, random.one_of<long>({1, 20, 400}), 200);
    // Rows of different sizes: some grow, so that a block's first guess at the size of its columns is too small.
    if (random.one_in(2))
      for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j) mpfi_mul_2si(a(i, j).mpfi(), a(i, j).mpfi(), i + j);
    const sliced::ScaledMatrix m(a, places + random.integer(-1, 3));
    PointMatrix shift(1, 1, 64);
    mpfr_set_d(shift(0, 0), random.one_of({0.0, -0.5, -3.0, 0x1p-22, -0x1.8p-20}), MPFR_RNDN);
    sliced::Factor factor(m);
    if (!factor.compute(shift(0, 0), places)) continue;
    std::vector<std::vector<Rational>> l(static_cast<std::size_t>(n));
    PointMatrix entry(1, 1, kDigitBits * places + 200);
    for (Index i = 0; i < n; ++i)
      for (Index k = 0; k < n; ++k) {
        factor.entry(i, k, entry(0, 0));
        l[static_cast<std::size_t>(i)].push_back(exact(entry(0, 0)));
        REQUIRE((k <= i || l[static_cast<std::size_t>(i)].back() == 0));
        const double rounded = static_cast<double>(factor.approx_l()(i, k)), truth = mpfr_get_d(entry(0, 0), MPFR_RNDN);
        REQUIRE(std::fabs(rounded - truth) <= 1e-15 * std::fabs(truth));
      }
    Rational largest = 0;
    for (Index i = 0; i < n; ++i) {
      Rational sum = 0;
      for (Index j = 0; j < n; ++j) {
        Rational rest = value(m.middle(), static_cast<std::size_t>(i) * m.stride() + static_cast<std::size_t>(j));
        if (i == j) rest -= exact(shift(0, 0));
        for (Index k = 0; k <= std::min(i, j); ++k)
          rest -= l[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)] *
                  l[static_cast<std::size_t>(j)][static_cast<std::size_t>(k)];
        sum += magnitude(rest);
      }
      largest = std::max(largest, sum);
    }
    REQUIRE(largest <= exact(factor.upper_residual()));
    CHECK(factor.upper_residual() <= static_cast<double>(32 * n * n) * sliced::radix_power(places - 1));
  }
}

TEST_CASE("a factor in digits fails above the least eigenvalue") {
  Random random(5);
  const sliced::ScaledMatrix m(smooth(random, 40, 100, 128), 6);
  PointMatrix shift(1, 1, 64);
  sliced::Factor factor(m);
  CHECK(factor.compute(shift(0, 0), 6));
  mpfr_set_d(shift(0, 0), 0.2, MPFR_RNDN);
  CHECK_FALSE(factor.compute(shift(0, 0), 6));
  // A spectrum that the digits cannot tell from 0.
  const sliced::ScaledMatrix ones(IntervalMatrix(20, 20), 6);
  mpfr_set_zero(shift(0, 0), 1);
  sliced::Factor of_ones(ones);
  CHECK_FALSE(of_ones.compute(shift(0, 0), 6));
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

TEST_CASE("large matrices: a strange tolerance costs width, never truth") {
  Random random(6);
  const IntervalMatrix a = smooth(random, 50, 100, 128);
  const Interval truth = enclose_lambda_min(a, 1e-20, 128);
  CHECK(truth.relative_width() <= 1e-20);
  for (const double rtol : {0.0, -1.0, 1e300, 1e-320, std::numeric_limits<double>::infinity(), std::nan("")}) {
    CAPTURE(rtol);
    CHECK(overlap(enclose_lambda_min(a, rtol, 128), truth));
  }
  PointMatrix shift(1, 1, 64);
  const sliced::ScaledMatrix m(a, 6);
  for (const double wild : {-0x1p22, -0x1p100, -std::numeric_limits<double>::infinity()}) {
    mpfr_set_d(shift(0, 0), wild, MPFR_RNDN);
    CHECK_FALSE(sliced::Factor(m).compute(shift(0, 0), 4));
  }
}

TEST_CASE("large matrices by digits agree with the same in points") {
  // One row and column more, far from the others, takes the matrix from the one way to the other.
  for (std::uint64_t seed = 1; seed <= random_cases(6); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = 47;
    const Bits bits = random.one_of<Bits>({64, 128, 200});
    IntervalMatrix a = smooth(random, n, random.one_of<long>({1, 30}), bits), larger(n + 1, n + 1);
    const long sign = random.one_of<long>({-1, 1}), scale = random.integer(-1500, 1500);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j) {
        a(i, j) = a(i, j) * sign;
        if (random.one_in(4) && i == j) a(i, j) = a(i, j) + Interval::between(0, 1e-3, bits);
        mpfi_mul_2si(a(i, j).mpfi(), a(i, j).mpfi(), scale);
        larger(i, j) = a(i, j);
      }
    larger(n, n) = Interval(1000, bits);
    mpfi_mul_2si(larger(n, n).mpfi(), larger(n, n).mpfi(), scale);
    const double rtol = random.one_of({1e-2, 1e-12, 0.0});
    const Interval by_points = enclose_lambda_min(a, rtol, bits), by_digits = enclose_lambda_min(larger, rtol, bits);
    CHECK(overlap(by_points, by_digits));
    // The larger norm, 1000 by about 30, costs as many digits.
    const Interval widths = (by_digits.upper() - by_digits.lower()) / (by_points.upper() - by_points.lower());
    CHECK(widths.lower_double() < 400);
  }
}

TEST_CASE("what a factor leaves out counts against the lower bound") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    IntervalMatrix a(1, 1);
    a(0, 0) = (Interval(random.between(0.5, 1), 128) / 3).lower();
    // Two digits for the factor: those of the matrix beyond the third count in the residual.
    const sliced::ScaledMatrix m(a, 6);
    PointMatrix shift(1, 1, 64), l(1, 1, 200);
    sliced::Factor factor(m);
    REQUIRE(factor.compute(shift(0, 0), 2));
    factor.entry(0, 0, l(0, 0));
    REQUIRE(magnitude(value(m.middle(), 0) - exact(l(0, 0)) * exact(l(0, 0))) <= exact(factor.upper_residual()));
    sliced::Eigenproblem problem(a, 128);
    REQUIRE(problem.factor(Interval(-1, 128), Interval(0x1p-10, 128)));
    CHECK(certainly_less(problem.lower(), Interval(-1, 128)));
  }
}
