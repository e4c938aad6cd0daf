#include "theory/elastic.hpp"

#include <algorithm>

namespace assay {
namespace {

bool is_exactly_zero(const Interval& a) {
  return a.is_point() && a.contains_zero();
}

/// a b, where a factor that is exactly 0 makes it 0 whatever is known of the other: a constant stays one.
Interval product(const Interval& a, const Interval& b) {
  if (is_exactly_zero(a)) return a;
  return is_exactly_zero(b) ? b : a * b;
}

/// slope / value where f is not 0, else nothing.
Interval quotient(const Interval& slope, const Interval& value) {
  if (is_exactly_zero(slope)) return slope;
  return value.contains_zero() ? Interval::whole_line(value.bits()) : slope / value;
}

/// A function without zeros, its slope known through its elasticity.
Elastic without_zeros(const Interval& value, const Interval& elasticity, bool at_kink) {
  return {value, product(value, elasticity), elasticity, at_kink};
}

/// An increasing function of a from the ends of a, cut to what holds always.
template <class F>
Interval increasing_within(const Interval& always, const Interval& a, F f) {
  return intersection(always, hull(f(a.lower()).lower(), f(a.upper()).upper()));
}

/// h(a) of erfc. It is increasing: a and the hazard rate e^{-a^2} / erfc(a) both are. erfc(a) lies between
/// 2 e^{-a^2} / (sqrt(pi) (a + sqrt(a^2 + 2))) and e^{-a^2} / (a sqrt(pi)), which gives the bounds that hold always.
Interval erfc_factor(const Interval& a) {
  const Interval always = hull((2 * sqr(a)).lower(), (2 * sqr(a) + 1).upper());
  return increasing_within(always, a, [](const Interval& end) {
    const Interval tail = erfc(end);
    if (!certainly_positive(tail)) return Interval::whole_line(end.bits());
    return 2 / sqrt(Interval::pi(end.bits())) * end * exp(-sqr(end)) / tail;
  });
}

/// k(a) of failures. It is increasing: with u = -log(1 - a) it is (e^u - 1) / u. The bounds that hold always are those of
/// a <= -log(1 - a) <= a / (1 - a).
Interval failures_factor(const Interval& a) {
  const Interval one = Interval::from_integer(1, a.bits());
  const Interval always = hull(one, (1 / (1 - a)).upper());
  return increasing_within(always, a, [](const Interval& end) {
    const Interval count = -log1p(-end);
    if (!certainly_positive(count)) return Interval::whole_line(end.bits());
    return end / ((1 - end) * count);
  });
}

}  // namespace

Elastic Elastic::constant(const Interval& value) {
  return {value, Interval(), Interval()};
}

Elastic Elastic::variable(const Interval& value) {
  return {value, value, Interval::from_integer(1, value.bits())};
}

Elastic operator-(const Elastic& a) {
  return {-a.value, -a.slope, a.elasticity, a.at_kink};
}

/// The elasticity of a sum of terms >= 0 is a weighted mean of theirs.
Elastic operator+(const Elastic& a, const Elastic& b) {
  const Interval value = a.value + b.value, slope = a.slope + b.slope;
  Interval elasticity = quotient(slope, value);
  if (certainly_nonnegative(a.value) && certainly_nonnegative(b.value))
    elasticity = intersection(elasticity, hull(a.elasticity, b.elasticity));
  return {value, slope, elasticity, a.at_kink || b.at_kink};
}

Elastic operator-(const Elastic& a, const Elastic& b) {
  return a + -b;
}

Elastic operator*(const Elastic& a, const Elastic& b) {
  return {a.value * b.value, product(a.slope, b.value) + product(a.value, b.slope), a.elasticity + b.elasticity,
          a.at_kink || b.at_kink};
}

Elastic operator/(const Elastic& a, const Elastic& b) {
  const Interval value = a.value / b.value;
  return {value, (a.slope - product(value, b.slope)) / b.value, a.elasticity - b.elasticity, a.at_kink || b.at_kink};
}

Elastic operator+(long a, const Elastic& b) {
  return Elastic::constant(Interval::from_integer(a, b.value.bits())) + b;
}
Elastic operator*(long a, const Elastic& b) {
  return {a * b.value, a * b.slope, b.elasticity, b.at_kink};
}
Elastic operator/(long a, const Elastic& b) {
  return Elastic::constant(Interval::from_integer(a, b.value.bits())) / b;
}
Elastic operator/(const Elastic& a, long b) {
  return {a.value / b, a.slope / b, a.elasticity, a.at_kink};
}

Elastic sqr(const Elastic& a) {
  return {sqr(a.value), 2 * product(a.value, a.slope), 2 * a.elasticity, a.at_kink};
}

Elastic sqrt(const Elastic& a) {
  Elastic root = without_zeros(sqrt(a.value), a.elasticity / 2, a.at_kink);
  if (!certainly_positive(a.value) && !is_exactly_zero(a.slope)) root.slope = Interval::whole_line(a.value.bits());
  return root;
}

Elastic exp(const Elastic& a) {
  return without_zeros(exp(a.value), a.slope, a.at_kink);
}

Elastic log(const Elastic& a) {
  const Interval value = log(a.value);
  return {value, a.elasticity, quotient(a.elasticity, value), a.at_kink};
}

Elastic power(const Elastic& a, const Elastic& b) {
  const Interval elasticity = product(b.slope, log(a.value)) + product(b.value, a.elasticity);
  return without_zeros(power(a.value, b.value), elasticity, a.at_kink || b.at_kink);
}

Elastic max(const Elastic& a, const Elastic& b) {
  if (certainly_less_equal(b.value, a.value)) return a;
  if (certainly_less_equal(a.value, b.value)) return b;
  return {max(a.value, b.value), hull(a.slope, b.slope), hull(a.elasticity, b.elasticity), true};
}

/// Where it is positive, its elasticity is the slope of a divided by a number in (0, upper end of a].
Elastic positive_part(const Elastic& a) {
  if (certainly_positive(a.value)) return a;
  const Interval zero = Interval::from_integer(0, a.value.bits());
  if (certainly_less_equal(a.value, zero)) return Elastic::constant(zero);
  const Interval unbounded = Interval::whole_line(a.value.bits()).upper();
  const Interval inverse = hull((1 / a.value.upper()).lower(), unbounded);
  return {max(a.value, zero), hull(a.slope, zero), product(a.slope, inverse), true};
}

Elastic erfc(const Elastic& a) {
  return without_zeros(erfc(a.value), -product(erfc_factor(a.value), a.elasticity), a.at_kink);
}

Elastic failures(const Elastic& a) {
  return {failures(a.value), a.slope / (1 - a.value), product(failures_factor(a.value), a.elasticity), a.at_kink};
}

Interval positive_part(const Interval& a) {
  return max(a, Interval::from_integer(0, a.bits()));
}

Interval failures(const Interval& a) {
  return -log1p(-a);
}

}  // namespace assay
