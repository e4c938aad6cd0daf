#pragma once

#include <string>
#include <string_view>

#include "enclosure/interval.hpp"

// What is known of one real number: both ends, one end, or nothing because it is not defined. A bound is no value:
// AtMost and AtLeast do not convert into Interval, so a bound from one side cannot pass for an enclosure.

namespace assay {

/// A proved upper bound of one real number x: x <= bound().
///
/// Says nothing from below. bound() is a number of its own, the bound, and not x.
class [[nodiscard]] AtMost {
 public:
  /// x <= the upper end of `bound`; infinite if that is not known.
  explicit AtMost(const Interval& bound);
  static AtMost unknown() { return AtMost(Interval::whole_line(1)); }

  const Interval& bound() const { return bound_; }
  [[nodiscard]] bool is_finite() const { return bound_.is_finite(); }

 private:
  Interval bound_;  ///< one point, or +infinity
};

/// A proved lower bound of one real number x: x >= bound(). Says nothing from above.
class [[nodiscard]] AtLeast {
 public:
  explicit AtLeast(const Interval& bound);
  static AtLeast unknown() { return AtLeast(Interval::whole_line(1)); }

  const Interval& bound() const { return bound_; }
  [[nodiscard]] bool is_finite() const { return bound_.is_finite(); }

 private:
  Interval bound_;  ///< one point, or -infinity
};

/// Bounds of f(x) from those of x, for f that does not fall and is enclosed by its interval version.
template <class F>
AtMost increasing(const AtMost& x, F f) {
  return AtMost(f(x.bound()));
}
template <class F>
AtLeast increasing(const AtLeast& x, F f) {
  return AtLeast(f(x.bound()));
}
/// The same for f that does not rise.
template <class F>
AtLeast decreasing(const AtMost& x, F f) {
  return AtLeast(f(x.bound()));
}
template <class F>
AtMost decreasing(const AtLeast& x, F f) {
  return AtMost(f(x.bound()));
}

AtMost operator+(const AtMost& x, const AtMost& y);
AtMost operator+(const AtMost& x, const Interval& y);
AtLeast operator+(const AtLeast& x, const AtLeast& y);
AtLeast operator+(const AtLeast& x, const Interval& y);
/// Bounds of factor x; unknown unless the factor is certainly not negative.
AtMost operator*(const Interval& factor, const AtMost& x);
AtLeast operator*(const Interval& factor, const AtLeast& x);
/// Bounds of x / divisor; unknown unless the divisor is certainly positive.
AtMost operator/(const AtMost& x, const Interval& divisor);
AtLeast operator/(const AtLeast& x, const Interval& divisor);

/// The better of two bounds of one number.
AtMost better(const AtMost& x, const AtMost& y);
AtLeast better(const AtLeast& x, const AtLeast& y);

enum class Sense {
  enclosure,  ///< a proved end on both sides
  at_most,    ///< proved from above only
  at_least,   ///< proved from below only
  undefined   ///< the number does not exist here
};
std::string_view name_of(Sense sense);

/// What is known of one real number, as a side of a claim or a quantity of a report: a range that certainly contains it
/// and from which side it was proved.
class [[nodiscard]] Known {
 public:
  /// Nothing.
  Known();
  Known(const Interval& enclosure);  // NOLINT: an enclosure says everything
  Known(const AtMost& bound);        // NOLINT
  Known(const AtLeast& bound);       // NOLINT
  /// Two bounds of one number. One-sided if the other is infinite. @throws std::logic_error if they contradict each
  /// other, because then one of them is wrong.
  static Known between(const AtLeast& below, const AtMost& above);
  /// The number does not exist on this instance: "$e_0=0$, and the step is divided by it".
  static Known undefined(std::string because);

  /// Cut to what holds without any computation, for a bound from one side: [0, u] for a norm known to be at most u.
  Known within(const Interval& always) const;

  /// The same of factor x, for a factor that is certainly not negative (else nothing).
  Known scaled(const Interval& factor) const;

  /// Certainly contains the number; the whole line if there is none.
  const Interval& range() const { return range_; }
  Sense sense() const { return sense_; }
  [[nodiscard]] bool is_defined() const { return sense_ != Sense::undefined; }
  /// Why the number is not defined; empty if it is.
  const std::string& because() const { return because_; }

 private:
  Known(Interval range, Sense sense, std::string because);
  Interval range_;
  Sense sense_;
  std::string because_;
};

/// Nothing is known: the whole line.
inline Interval unknown() {
  return Interval::whole_line(64);
}
/// [0, infinity].
Interval nonnegative_line(Bits bits);
/// The point infinity: no bound from above.
inline Interval infinite(Bits bits) {
  return Interval::whole_line(bits).upper();
}

}  // namespace assay
