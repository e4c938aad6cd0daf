#pragma once

#include <vector>

#include "enclosure/interval.hpp"

namespace assay {

/// A truncated Taylor expansion in two variables (t, x), with enclosed coefficients.
///
///   f(t + a, x + b) = sum_{i + j < k} f_ij a^i b^j + (terms of degree k with f_ij from anywhere on the segment)
///
/// Started from intervals t and x, every operation keeps: for each point of t x X where f is smooth, the Taylor
/// coefficient f_ij = d^(i+j) f / (dt^i dx^j) / (i! j!) there lies in coefficient(i, j), i + j <= order. This is
/// automatic differentiation; it gives derivatives without differences and quadrature with a proved remainder. Where a
/// function is not smooth on all of t x X (`clamp`, a square root at 0), the coefficients of degree >= 1 are the whole
/// line: the value remains enclosed, nothing else is claimed.
///
/// A function of one variable uses x alone; coefficients that are exactly 0 cost nothing.
/// @cost  of a product, division or exponential: (order + 4 choose 4) interval products at most.
class [[nodiscard]] Jet {
 public:
  /// The number 0. @throws std::invalid_argument unless order >= 0.
  explicit Jet(int order = 0);
  static Jet constant(const Interval& value, int order);
  /// A function whose value is known and whose derivatives are not, or do not exist.
  static Jet unknown(const Interval& value, int order);
  /// The variables, with derivative `slope` (1 unless the domain is mapped to another one).
  static Jet t(const Interval& value, int order, const Interval& slope = Interval(1.0, 2));
  static Jet x(const Interval& value, int order, const Interval& slope = Interval(1.0, 2));

  int order() const { return order_; }
  /// f_ij, i times for t and j for x; @throws std::invalid_argument unless i, j >= 0, i + j <= order.
  const Interval& coefficient(int i, int j) const;
  const Interval& value() const { return coefficients_[0]; }
  /// Replaces the value by a tighter enclosure of it that is known from elsewhere.
  void refine_value(const Interval& value) { coefficients_[0] = intersection(coefficients_[0], value); }

  Jet& operator+=(const Jet& other);
  Jet& operator-=(const Jet& other);
  Jet& operator*=(const Interval& factor);

 private:
  friend Jet operator*(const Jet&, const Jet&);
  friend Jet operator/(const Jet&, const Jet&);
  friend Jet sqr(const Jet&);
  friend Jet exp(const Jet&);
  friend Jet log(const Jet&);
  friend Jet sqrt(const Jet&);
  friend Jet cos(const Jet&);
  friend Jet clamp(const Jet&, const Interval&, const Interval&);
  Interval& entry(int i, int j);
  const Interval& entry(int i, int j) const;
  Jet like() const { return Jet(order_); }
  template <class Body>
  void for_each_degree(Body body) const;

  int order_;
  std::vector<Interval> coefficients_;
};

// Of two operands the orders must be equal; std::invalid_argument otherwise.
Jet operator-(const Jet& a);
Jet operator+(const Jet& a, const Jet& b);
Jet operator-(const Jet& a, const Jet& b);
Jet operator*(const Jet& a, const Jet& b);
/// All coefficients are the whole line where b may be 0.
Jet operator/(const Jet& a, const Jet& b);
Jet operator+(const Jet& a, const Interval& b);
Jet operator-(const Jet& a, const Interval& b);
Jet operator*(const Jet& a, const Interval& b);
Jet operator/(const Jet& a, const Interval& b);
Jet sqr(const Jet& a);
Jet exp(const Jet& a);
/// All coefficients are the whole line where a may be <= 0.
Jet log(const Jet& a);
/// Nothing is known of the derivatives where a may be <= 0.
Jet sqrt(const Jet& a);
Jet cos(const Jet& a);
/// min(max(a, lo), hi): a itself, or constant, or not smooth where neither is certain.
Jet clamp(const Jet& a, const Interval& lo, const Interval& hi);

}  // namespace assay
