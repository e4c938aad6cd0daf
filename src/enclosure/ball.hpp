#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>

#include "enclosure/interval.hpp"

namespace assay {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Unit roundoff of double, round to nearest.
inline constexpr double kUnitRoundoff = 0x1p-53;

/// An upper bound of a sum of products of two numbers >= 0, from its value in doubles, each term having gone through at
/// most 7 roundings: (1 - u)^7 (1 + 2^-49)(1 - u) >= 1, and 2^-1020 covers the underflow of 2^54 products. A third
/// factor could make any underflow large: see upper_product. Infinite for NaN (an infinite bound times 0).
[[nodiscard]] inline double inflated(double computed) {
  return computed >= 0 ? computed * (1 + 0x1p-49) + 0x1p-1020 : kInfinity;
}

/// Upper bound of a product of upper bounds >= 0. No partial product falls below the exact one, so that a factor that
/// comes after an underflow cannot undo the bound.
template <std::same_as<double>... Rest>
[[nodiscard]] double upper_product(double a, double b, Rest... rest) {
  if constexpr (sizeof...(rest) == 0)
    return inflated(a * b);
  else
    return upper_product(inflated(a * b), rest...);
}

/// What two relative errors come to: (1 + a)(1 + b) - 1, rounded up.
inline double combined(double a, double b) {
  return inflated(a + b + a * b);
}

/// gamma_k = k u / (1 - k u), rounded up: a sum or scalar product of k + 1 (or k) terms in doubles, in any order, fused
/// or not, is off by at most gamma_k times the sum of magnitudes. Infinite where k u >= 1/2.
[[nodiscard]] inline double upper_gamma(double k) {
  const double ku = k * kUnitRoundoff;
  return ku < 0.5 ? inflated(ku / (1 - ku)) : kInfinity;
}

/// Upper bound of the exact value, from a computed sum (any order, fused or not) of `terms` numbers >= 0, each with a
/// few roundings of its own.
[[nodiscard]] inline double upper_sum(double computed, std::ptrdiff_t terms) {
  return inflated(computed * (1 + 2 * upper_gamma(static_cast<double>(terms + 8))));
}

/// A real number known to lie within `radius` of `middle`; nothing is known if the radius is infinite or NaN.
///
/// Every operation rounds to nearest and widens the radius by an a priori bound, so no rounding mode is touched and the
/// compiler may fuse products and sums.
struct [[nodiscard]] Ball {
  double middle = 0;
  double radius = 0;

  friend Ball operator-(const Ball& a) { return {-a.middle, a.radius}; }

  /// Infinite where nothing is known, so that no minimum or maximum drops a NaN.
  [[nodiscard]] double upper() const {
    const double bound = middle + radius + inflated(std::fabs(middle) + radius) * 0x1p-51;
    return std::isnan(bound) ? kInfinity : bound;
  }
  [[nodiscard]] double lower() const { return -(-*this).upper(); }
  double magnitude() const { return inflated(std::fabs(middle) + radius); }
};

inline Ball operator+(const Ball& a, const Ball& b) {
  const double middle = a.middle + b.middle;
  return {middle, inflated(a.radius + b.radius + std::fabs(middle) * (2 * kUnitRoundoff))};
}

inline Ball operator-(const Ball& a, const Ball& b) {
  return a + -b;
}

inline Ball operator*(const Ball& a, const Ball& b) {
  const double middle = a.middle * b.middle;
  const double spread = std::fabs(a.middle) * b.radius + a.radius * (std::fabs(b.middle) + b.radius);
  return {middle, inflated(spread + std::fabs(middle) * (2 * kUnitRoundoff))};
}

/// a / b; nothing is known if b may be 0.
inline Ball operator/(const Ball& a, const Ball& b) {
  const double least = std::fabs(b.middle) - b.radius;
  const double safe = least - inflated(std::fabs(b.middle) + b.radius) * 0x1p-51;
  if (!(safe > 0)) return {0, kInfinity};
  const double middle = a.middle / b.middle;
  const double spread = (a.radius + inflated(std::fabs(middle) * b.radius)) / safe;
  return {middle, inflated(inflated(spread) + std::fabs(middle) * (4 * kUnitRoundoff))};
}

/// Square root of a number known to be >= 0; nothing is known if the ball reaches below 0 without its middle being so
/// large that the root is smooth there.
inline Ball sqrt_of_nonnegative(const Ball& a) {
  const double upper = std::sqrt(std::fmax(a.upper(), 0.0)) * (1 + 0x1p-51), below = std::fmax(a.lower(), 0.0);
  const double lower = std::sqrt(below) * (1 - 0x1p-51);
  const double middle = lower / 2 + upper / 2;
  return {middle, inflated(std::fmax(upper - middle, middle - lower) + middle * (4 * kUnitRoundoff))};
}

/// The ball as an interval; the whole line if nothing is known.
Interval enclosure_of(const Ball& a, Bits bits = 64);
/// A ball around the interval; of infinite radius if it is unbounded or beyond the range of double.
Ball ball_around(const Interval& a);

}  // namespace assay
