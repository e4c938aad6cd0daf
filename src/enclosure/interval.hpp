#pragma once

#include <mpfi.h>

#include <concepts>
#include <stdexcept>
#include <string>
#include <utility>

namespace assay {

/// Precision of the ends of an interval, in bits of significand.
using Bits = long;

/// A closed interval of real numbers that is known to contain the number it stands for.
///
/// The ends are MPFR numbers, rounded outward by every operation; an end may be infinite, which means that nothing is
/// known on that side. What has no defined value on a part of its argument (0/0, sqrt([-1, 1])) becomes the whole
/// line. The result of an operation has the larger precision of its operands; integers are exact operands. A double
/// enters by name, as the exact number that it is, together with a precision: `0.1` never stands for 1/10.
///
/// Intervals have no order: `<`, `==` and their kin do not compile. Ask `certainly_less` and the like; `false` from
/// those proves nothing.
///
/// @source MPFI 1.5; Revol and Rouillier, Reliable Computing 11 (2005) 275-290.
class [[nodiscard]] Interval {
 public:
  /// The number 0, at the least precision, so that it never raises that of a sum.
  Interval();
  /// The exact number x, or its enclosure if `bits` < 53. NaN gives the whole line.
  Interval(double x, Bits bits);

  Interval(const Interval& other);
  /// What was moved from may only be assigned to or destroyed.
  Interval(Interval&& other) noexcept : value_{other.value_[0]} { other.value_->left._mpfr_d = nullptr; }
  Interval& operator=(const Interval& other) { return *this = Interval(other); }
  Interval& operator=(Interval&& other) noexcept {
    std::swap(value_[0], other.value_[0]);
    return *this;
  }
  ~Interval() {
    if (value_->left._mpfr_d != nullptr) mpfi_clear(value_);
  }

  static Interval from_integer(long x, Bits bits);
  /// [lo, hi]; @throws std::invalid_argument unless lo <= hi.
  static Interval between(double lo, double hi, Bits bits);
  /// numerator / denominator; @throws std::invalid_argument if the denominator is 0.
  static Interval ratio(long numerator, long denominator, Bits bits);
  static Interval whole_line(Bits bits);
  static Interval pi(Bits bits);

  Bits bits() const;
  /// The same set, or a set around it, with ends of the given precision.
  Interval rounded_to(Bits bits) const;

  /// The largest double below the interval and the smallest above it (infinite where there is none).
  [[nodiscard]] double lower_double() const;
  [[nodiscard]] double upper_double() const;
  /// A double near the middle; proves nothing.
  double approx_double() const;

  /// The ends as intervals of one point; an infinite end stays infinite.
  Interval lower() const;
  Interval upper() const;

  [[nodiscard]] bool is_point() const;
  [[nodiscard]] bool is_finite() const;
  [[nodiscard]] bool contains_zero() const;
  [[nodiscard]] bool contains(double x) const;
  [[nodiscard]] bool contains(const Interval& other) const;

  /// Upper bound of (hi - lo) / min |x| over the interval: 0 for a point, infinity if the interval contains 0
  /// without being 0, or is unbounded.
  [[nodiscard]] double relative_width() const;

  Interval& operator+=(const Interval& other);
  Interval& operator-=(const Interval& other);
  Interval& operator*=(const Interval& other);
  Interval& operator/=(const Interval& other);
  /// *this += a * b without a temporary in the caller's loop.
  Interval& add_product(const Interval& a, const Interval& b);
  /// *this += a * b for exact numbers a, b.
  Interval& add_product(double a, double b);
  /// *this += k * a for a small integer k.
  Interval& add_multiple(long k, const Interval& a);

  /// For enclosure/ only.
  mpfi_srcptr mpfi() const { return value_; }
  mpfi_ptr mpfi() { return value_; }
  static Interval uninitialised(Bits bits);
  /// Maps a NaN end to the whole line; every function that calls MPFI ends with it.
  Interval& without_nan();

 private:
  /// Leaves both ends as they are.
  struct Empty {};
  Interval(Empty, Bits bits) { mpfi_init2(value_, bits); }

  mpfi_t value_;
};

Interval operator-(const Interval& a);
Interval operator+(const Interval& a, const Interval& b);
Interval operator-(const Interval& a, const Interval& b);
Interval operator*(const Interval& a, const Interval& b);
Interval operator/(const Interval& a, const Interval& b);

Interval add_integer(const Interval& a, long k);
Interval subtract_integer(const Interval& a, long k);
Interval multiply_integer(const Interval& a, long k);
Interval divide_integer(const Interval& a, long k);
Interval integer_divided_by(long k, const Interval& a);

/// The integer k as MPFI takes it; @throws std::invalid_argument if it is too large for that, so that it never wraps.
template <std::integral I>
long exact_long(I k) {
  if (!std::in_range<long>(+k))
    throw std::invalid_argument("Interval: expected an integer operand that fits in a long");
  return static_cast<long>(k);
}

template <std::integral I>
Interval operator+(const Interval& a, I k) {
  return add_integer(a, exact_long(k));
}
template <std::integral I>
Interval operator+(I k, const Interval& a) {
  return add_integer(a, exact_long(k));
}
template <std::integral I>
Interval operator-(const Interval& a, I k) {
  return subtract_integer(a, exact_long(k));
}
template <std::integral I>
Interval operator-(I k, const Interval& a) {
  return add_integer(-a, exact_long(k));
}
template <std::integral I>
Interval operator*(const Interval& a, I k) {
  return multiply_integer(a, exact_long(k));
}
template <std::integral I>
Interval operator*(I k, const Interval& a) {
  return multiply_integer(a, exact_long(k));
}
template <std::integral I>
Interval operator/(const Interval& a, I k) {
  return divide_integer(a, exact_long(k));
}
template <std::integral I>
Interval operator/(I k, const Interval& a) {
  return integer_divided_by(exact_long(k), a);
}

template <std::floating_point F>
Interval operator+(const Interval&, F) = delete;
template <std::floating_point F>
Interval operator+(F, const Interval&) = delete;
template <std::floating_point F>
Interval operator-(const Interval&, F) = delete;
template <std::floating_point F>
Interval operator-(F, const Interval&) = delete;
template <std::floating_point F>
Interval operator*(const Interval&, F) = delete;
template <std::floating_point F>
Interval operator*(F, const Interval&) = delete;
template <std::floating_point F>
Interval operator/(const Interval&, F) = delete;
template <std::floating_point F>
Interval operator/(F, const Interval&) = delete;

bool operator<(const Interval&, const Interval&) = delete;
bool operator>(const Interval&, const Interval&) = delete;
bool operator<=(const Interval&, const Interval&) = delete;
bool operator>=(const Interval&, const Interval&) = delete;
bool operator==(const Interval&, const Interval&) = delete;
bool operator!=(const Interval&, const Interval&) = delete;

/// Every number of a is less than (at most, ...) every number of b. `false` proves nothing.
[[nodiscard]] bool certainly_less(const Interval& a, const Interval& b);
[[nodiscard]] bool certainly_less_equal(const Interval& a, const Interval& b);
[[nodiscard]] bool certainly_positive(const Interval& a);
[[nodiscard]] bool certainly_nonnegative(const Interval& a);
[[nodiscard]] bool certainly_negative(const Interval& a);
/// The intervals have a number in common; if not, they stand for different numbers.
[[nodiscard]] bool overlap(const Interval& a, const Interval& b);

Interval sqr(const Interval& a);
/// sqrt of a; the whole line if a has negative numbers.
Interval sqrt(const Interval& a);
Interval exp(const Interval& a);
Interval expm1(const Interval& a);
/// log of a; the whole line if a has negative numbers, lower end -infinity if it has 0.
Interval log(const Interval& a);
Interval log1p(const Interval& a);
Interval log10(const Interval& a);
Interval tanh(const Interval& a);
Interval atanh(const Interval& a);
Interval acos(const Interval& a);
Interval sin(const Interval& a);
Interval cos(const Interval& a);
/// Complementary error function, by monotonicity from its ends.
Interval erfc(const Interval& a);
/// a^k for an integer k >= 0.
Interval power(const Interval& a, long k);
/// a^b = exp(b log a) for a > 0.
Interval power(const Interval& a, const Interval& b);
Interval abs(const Interval& a);
Interval max(const Interval& a, const Interval& b);
Interval min(const Interval& a, const Interval& b);

/// The numbers of a that are not negative, for quantities known to be so; @throws std::logic_error if there is none.
Interval nonnegative_part(const Interval& a);
/// Smallest interval around both.
Interval hull(const Interval& a, const Interval& b);
/// Common part of two enclosures of one number; @throws std::logic_error if they are disjoint, because then one of
/// them is wrong.
Interval intersection(const Interval& a, const Interval& b);

}  // namespace assay
