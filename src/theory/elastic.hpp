#pragma once

#include "enclosure/interval.hpp"

namespace assay {

/// A function f of one variable v > 0, known at one value of v or everywhere on an interval of them, with its elasticity.
///
///   value      contains f(v)
///   slope      contains v f'(v) = d f / d log v
///   elasticity contains v f'(v) / f(v) = d log|f| / d log v wherever f(v) is not 0
///
/// for every v of the interval. Forward-mode differentiation in logarithms: a product adds elasticities, so that a power
/// of v has its exponent and nothing wider, however wide the interval. At a kink of max{f, g} the one-sided derivatives
/// are meant: they lie in the ranges given, and so do all difference quotients (mean value theorem). A sign of the
/// elasticity over an interval therefore proves that |f| is monotone there; an elasticity that has both signs proves
/// nothing. Where f vanishes on a whole interval, the elasticity says nothing about it.
struct [[nodiscard]] Elastic {
  Interval value, slope, elasticity;
  bool at_kink = false;  ///< which side of a max{...} is the larger one was not decided

  static Elastic constant(const Interval& value);
  static Elastic variable(const Interval& value);
};

Elastic operator-(const Elastic& a);
Elastic operator+(const Elastic& a, const Elastic& b);
Elastic operator-(const Elastic& a, const Elastic& b);
Elastic operator*(const Elastic& a, const Elastic& b);
Elastic operator/(const Elastic& a, const Elastic& b);
Elastic operator+(long a, const Elastic& b);
Elastic operator*(long a, const Elastic& b);
Elastic operator/(long a, const Elastic& b);
Elastic operator/(const Elastic& a, long b);
Elastic sqr(const Elastic& a);
Elastic sqrt(const Elastic& a);
Elastic exp(const Elastic& a);
Elastic log(const Elastic& a);
/// a^b for a > 0.
Elastic power(const Elastic& a, const Elastic& b);
Elastic max(const Elastic& a, const Elastic& b);
/// max{a, 0}.
Elastic positive_part(const Elastic& a);
/// For a >= 0. Its elasticity is -h times that of a, h(a) = (2/sqrt(pi)) a e^{-a^2} / erfc(a) between 2a^2 and 2a^2 + 1.
Elastic erfc(const Elastic& a);
/// -log(1 - a) for a in [0, 1). Its elasticity is k times that of a, k(a) = a / ((1-a) (-log(1-a))) between 1 and 1/(1-a).
Elastic failures(const Elastic& a);

// The same of plain enclosures, for formulas that are written once for both.
Interval positive_part(const Interval& a);
Interval failures(const Interval& a);

}  // namespace assay
