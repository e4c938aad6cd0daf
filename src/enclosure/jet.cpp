#include "enclosure/jet.hpp"

#include <cassert>
#include <stdexcept>

namespace assay {
namespace {

std::size_t place(int i, int j) {
  const auto row = static_cast<std::size_t>(i), column = static_cast<std::size_t>(j), degree = row + column;
  return degree * (degree + 1) / 2 + column;
}

bool is_zero(const Interval& a) {
  return a.is_point() && a.contains_zero();
}

void check_orders(const Jet& a, const Jet& b) {
  if (a.order() != b.order()) throw std::invalid_argument("Jet: expected operands of equal order");
}

/// sum over (a, b) <= (i, j) of body(a, b), without (a, b) = (i, j) if `proper`.
template <class Body>
void for_each_below(int i, int j, bool proper, Body body) {
  for (int a = 0; a <= i; ++a)
    for (int b = 0; b <= j; ++b)
      if (!proper || a < i || b < j) body(a, b);
}

}  // namespace

Jet::Jet(int order) : order_(order) {
  if (order < 0) throw std::invalid_argument("Jet: expected an order >= 0");
  coefficients_.resize(place(0, order) + 1);
}

Interval& Jet::entry(int i, int j) {
  return coefficients_[place(i, j)];
}
const Interval& Jet::entry(int i, int j) const {
  return coefficients_[place(i, j)];
}

const Interval& Jet::coefficient(int i, int j) const {
  if (i < 0 || j < 0 || i + j > order_) throw std::invalid_argument("Jet::coefficient: expected 0 <= i + j <= order");
  return entry(i, j);
}

/// body(i, j) in the order of growing degree.
template <class Body>
void Jet::for_each_degree(Body body) const {
  for (int degree = 0; degree <= order_; ++degree)
    for (int j = 0; j <= degree; ++j) body(degree - j, j);
}

Jet Jet::constant(const Interval& value, int order) {
  Jet result(order);
  result.coefficients_[0] = value;
  return result;
}

Jet Jet::t(const Interval& value, int order, const Interval& slope) {
  Jet result = constant(value, order);
  if (order >= 1) result.entry(1, 0) = slope;
  return result;
}

Jet Jet::x(const Interval& value, int order, const Interval& slope) {
  Jet result = constant(value, order);
  if (order >= 1) result.entry(0, 1) = slope;
  return result;
}

Jet& Jet::operator+=(const Jet& other) {
  check_orders(*this, other);
  for (std::size_t k = 0; k < coefficients_.size(); ++k) coefficients_[k] += other.coefficients_[k];
  return *this;
}
Jet& Jet::operator-=(const Jet& other) {
  check_orders(*this, other);
  for (std::size_t k = 0; k < coefficients_.size(); ++k) coefficients_[k] -= other.coefficients_[k];
  return *this;
}
Jet& Jet::operator*=(const Interval& factor) {
  for (Interval& coefficient : coefficients_)
    if (!is_zero(coefficient)) coefficient *= factor;
  return *this;
}

/// The value is known, and nothing of the derivatives.
Jet Jet::unknown(const Interval& value, int order) {
  Jet result = constant(value, order);
  for (std::size_t k = 1; k < result.coefficients_.size(); ++k)
    result.coefficients_[k] = Interval::whole_line(value.bits());
  return result;
}

Jet operator-(const Jet& a) {
  return Jet(a.order()) - a;
}
Jet operator+(const Jet& a, const Jet& b) {
  Jet result = a;
  return result += b;
}
Jet operator-(const Jet& a, const Jet& b) {
  Jet result = a;
  return result -= b;
}
Jet operator+(const Jet& a, const Interval& b) {
  return a + Jet::constant(b, a.order());
}
Jet operator-(const Jet& a, const Interval& b) {
  return a - Jet::constant(b, a.order());
}
Jet operator*(const Jet& a, const Interval& b) {
  Jet result = a;
  return result *= b;
}
Jet operator/(const Jet& a, const Interval& b) {
  return a * (1 / b);
}

Jet operator*(const Jet& a, const Jet& b) {
  check_orders(a, b);
  Jet result = a.like();
  a.for_each_degree([&](int i, int j) {
    if (is_zero(a.entry(i, j))) return;
    b.for_each_degree([&](int k, int l) {
      if (i + j + k + l <= a.order_ && !is_zero(b.entry(k, l)))
        result.entry(i + k, j + l).add_product(a.entry(i, j), b.entry(k, l));
    });
  });
  return result;
}

Jet sqr(const Jet& a) {
  Jet result = a * a;
  result.entry(0, 0) = sqr(a.entry(0, 0));
  return result;
}

/// q b = a, coefficient by coefficient.
Jet operator/(const Jet& a, const Jet& b) {
  check_orders(a, b);
  if (b.value().contains_zero()) return Jet::unknown(Interval::whole_line(b.value().bits()), a.order());
  Jet q = a.like();
  a.for_each_degree([&](int i, int j) {
    Interval sum = a.entry(i, j);
    for_each_below(i, j, true, [&](int k, int l) {
      const Interval& other = b.entry(i - k, j - l);
      if (!is_zero(other) && !is_zero(q.entry(k, l))) sum -= q.entry(k, l) * other;
    });
    q.entry(i, j) = is_zero(sum) ? sum : sum / b.entry(0, 0);
  });
  return q;
}

/// e' = a' e: with respect to x where j > 0, to t otherwise.
Jet exp(const Jet& a) {
  Jet e = a.like();
  a.for_each_degree([&](int i, int j) {
    if (i + j == 0) {
      e.entry(0, 0) = exp(a.entry(0, 0));
      return;
    }
    Interval sum;
    for_each_below(i, j, false, [&](int k, int l) {
      const int times = j > 0 ? l : k;
      if (times > 0 && !is_zero(a.entry(k, l)) && !is_zero(e.entry(i - k, j - l)))
        sum += a.entry(k, l) * e.entry(i - k, j - l) * times;
    });
    e.entry(i, j) = sum / (j > 0 ? j : i);
  });
  return e;
}

/// a l' = a'.
Jet log(const Jet& a) {
  const Interval& value = a.entry(0, 0);
  if (!certainly_positive(value)) return Jet::unknown(Interval::whole_line(value.bits()), a.order());
  Jet result = a.like();
  a.for_each_degree([&](int i, int j) {
    if (i + j == 0) {
      result.entry(0, 0) = log(value);
      return;
    }
    const int count = j > 0 ? j : i;
    Interval sum = a.entry(i, j) * count;
    for_each_below(i, j, true, [&](int k, int l) {
      const int times = j > 0 ? l : k;
      if (times > 0 && !is_zero(a.entry(i - k, j - l))) sum -= result.entry(k, l) * a.entry(i - k, j - l) * times;
    });
    result.entry(i, j) = sum / count / value;
  });
  return result;
}

/// s s = a.
Jet sqrt(const Jet& a) {
  if (!certainly_positive(a.value())) return Jet::unknown(sqrt(a.value()), a.order());
  Jet s = a.like();
  a.for_each_degree([&](int i, int j) {
    if (i + j == 0) {
      s.entry(0, 0) = sqrt(a.entry(0, 0));
      return;
    }
    Interval sum = a.entry(i, j);
    for_each_below(i, j, true, [&](int k, int l) {
      if (k + l > 0) sum -= s.entry(k, l) * s.entry(i - k, j - l);
    });
    s.entry(i, j) = sum / (s.entry(0, 0) * 2);
  });
  return s;
}

/// c' = -a' s and s' = a' c, together.
Jet cos(const Jet& a) {
  Jet c = a.like(), s = a.like();
  a.for_each_degree([&](int i, int j) {
    if (i + j == 0) {
      c.entry(0, 0) = cos(a.entry(0, 0));
      s.entry(0, 0) = sin(a.entry(0, 0));
      return;
    }
    const int count = j > 0 ? j : i;
    Interval of_c, of_s;
    for_each_below(i, j, false, [&](int k, int l) {
      const int times = j > 0 ? l : k;
      if (times == 0 || is_zero(a.entry(k, l))) return;
      of_c -= a.entry(k, l) * s.entry(i - k, j - l) * times;
      of_s += a.entry(k, l) * c.entry(i - k, j - l) * times;
    });
    c.entry(i, j) = of_c / count;
    s.entry(i, j) = of_s / count;
  });
  return c;
}

Jet clamp(const Jet& a, const Interval& lo, const Interval& hi) {
  const Interval& value = a.entry(0, 0);
  if (certainly_less_equal(lo, value) && certainly_less_equal(value, hi)) return a;
  if (certainly_less_equal(value, lo)) return Jet::constant(lo, a.order());
  if (certainly_less_equal(hi, value)) return Jet::constant(hi, a.order());
  return Jet::unknown(min(max(value, lo), hi), a.order());
}

}  // namespace assay
