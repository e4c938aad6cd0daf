#pragma once

// Exact rational numbers as truth that is independent of intervals: GMP's, by way of Boost.

#include <boost/multiprecision/gmp.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "enclosure/interval.hpp"
#include "random_cases.hpp"

using Rational = boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;
using Integer = boost::multiprecision::number<boost::multiprecision::gmp_int, boost::multiprecision::et_off>;

/// The finite number x.
inline Rational exact(mpfr_srcptr x) {
  if (!mpfr_number_p(x)) throw std::logic_error("exact: expected a finite number");
  Rational result;
  mpfr_get_q(result.backend().data(), x);
  return result;
}
inline Rational exact(double x) {
  Rational result;
  mpq_set_d(result.backend().data(), x);
  return result;
}

inline Rational lower_end(const assay::Interval& a) {
  return exact(&a.mpfi()->left);
}
inline Rational upper_end(const assay::Interval& a) {
  return exact(&a.mpfi()->right);
}

inline Rational two_to(long k) {
  const Integer power = Integer(1) << static_cast<unsigned long>(k < 0 ? -k : k);
  return k < 0 ? Rational(Integer(1), power) : Rational(power);
}

/// x lies in a; false if an end is NaN.
inline bool contains(const assay::Interval& a, const Rational& x) {
  const mpfr_srcptr lo = &a.mpfi()->left, hi = &a.mpfi()->right;
  if (mpfr_nan_p(lo) || mpfr_nan_p(hi)) return false;
  const bool above = mpfr_inf_p(lo) ? mpfr_sgn(lo) < 0 : exact(lo) <= x;
  const bool below = mpfr_inf_p(hi) ? mpfr_sgn(hi) > 0 : x <= exact(hi);
  return above && below;
}

/// [lo, hi], rounded outward.
inline assay::Interval around(const Rational& lo, const Rational& hi, assay::Bits bits) {
  assay::Interval result = assay::Interval::uninitialised(bits);
  mpfr_set_q(&result.mpfi()->left, lo.backend().data(), MPFR_RNDD);
  mpfr_set_q(&result.mpfi()->right, hi.backend().data(), MPFR_RNDU);
  return result;
}
inline assay::Interval around(const Rational& x, assay::Bits bits) {
  return around(x, x, bits);
}

/// The same ends; false if one is NaN.
inline bool same(const assay::Interval& a, const assay::Interval& b) {
  return mpfr_equal_p(&a.mpfi()->left, &b.mpfi()->left) && mpfr_equal_p(&a.mpfi()->right, &b.mpfi()->right);
}

inline bool is_whole_line(const assay::Interval& a) {
  const mpfr_srcptr lo = &a.mpfi()->left, hi = &a.mpfi()->right;
  return mpfr_inf_p(lo) && mpfr_sgn(lo) < 0 && mpfr_inf_p(hi) && mpfr_sgn(hi) > 0;
}

inline Rational magnitude(const Rational& x) {
  return x < 0 ? Rational(-x) : x;
}

/// m 2^e or m / n 2^e with random integers, mostly near 1, sometimes far beyond the range of double.
inline Rational random_rational(Random& random) {
  const long range = random.one_of<long>({2, 2, 60, 1100, 5000});
  const Rational numerator(random.integer(-1'000'000'007, 1'000'000'007));
  const Rational denominator(random.one_in(2) ? 1 : random.integer(1, 1'000'003));
  return numerator / denominator * two_to(random.integer(-range, range));
}

/// Points, the tightest enclosures of rationals, narrow and wide intervals, with 0 inside or at an end, unbounded ones.
inline assay::Interval random_interval(Random& random) {
  using assay::Interval;
  const assay::Bits bits = random.one_of<assay::Bits>({2, 24, 53, 53, 64, 113, 200});
  const Rational x = random_rational(random), y = random_rational(random);
  const Rational small = magnitude(x) * two_to(-random.integer(1, 40));
  const Interval whole = Interval::whole_line(bits);
  switch (random.integer(0, 11)) {
    case 0:
    case 1:
      return around(x, bits).lower();
    case 2:
    case 3:
      return around(x, bits);
    case 4:
    case 5:
      return around(x - small, x + small, bits);
    case 6:
      return x < y ? around(x, y, bits) : around(y, x, bits);
    case 7:
      return around(-magnitude(x), magnitude(y), bits);
    case 8:
      return random.one_in(2) ? around(0, magnitude(x), bits) : around(-magnitude(x), 0, bits);
    case 9:
      return random.one_in(2) ? hull(around(x, bits), whole.upper()) : hull(whole.lower(), around(x, bits));
    case 10:
      return random.one_in(4) ? whole : around(x, bits).upper();
    default:
      return around(Rational(random.integer(-3, 3)), bits);
  }
}

/// A random interval with finite ends.
inline assay::Interval random_bounded(Random& random) {
  for (;;)
    if (const assay::Interval a = random_interval(random); a.is_finite()) return a;
}

/// A number of a: an end, or somewhere in between.
inline Rational random_member(Random& random, const assay::Interval& a) {
  const bool below = mpfr_number_p(&a.mpfi()->left), above = mpfr_number_p(&a.mpfi()->right);
  const Rational far = magnitude(random_rational(random));
  if (below && above) {
    const Rational lo = lower_end(a), hi = upper_end(a);
    return lo + (hi - lo) * Rational(random.integer(0, 8), 8);
  }
  if (below) return lower_end(a) + far;
  if (above) return upper_end(a) - far;
  return random.one_in(2) ? far : Rational(-far);
}

/// "-1.5", "3e-4" or "1/3" as it is read by hand, for exponents that a rational can hold.
inline Rational parse_exactly(std::string_view text) {
  if (const auto slash = text.find('/'); slash != std::string_view::npos)
    return parse_exactly(text.substr(0, slash)) / parse_exactly(text.substr(slash + 1));
  const auto e = text.find_first_of("eE");
  long exponent = e == std::string_view::npos ? 0 : std::stol(std::string(text.substr(e + 1)));
  Integer digits = 0;
  bool after_point = false;
  for (const char c : text.substr(0, e)) {
    if (c == '.') after_point = true;
    if (c < '0' || c > '9') continue;
    digits = digits * 10 + (c - '0');
    if (after_point) --exponent;
  }
  const Integer power = pow(Integer(10), static_cast<unsigned>(exponent < 0 ? -exponent : exponent));
  const Rational size = exponent < 0 ? Rational(digits, power) : Rational(digits * power);
  return text.starts_with('-') ? Rational(-size) : size;
}
