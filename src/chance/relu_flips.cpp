#include "chance/relu_flips.hpp"

namespace assay {

namespace {

Interval one_of(const Interval& like) {
  return Interval::from_integer(1, like.bits());
}

bool is_zero_row(const IntervalMatrix& gram, Index i) {
  return gram(i, i).is_point() && gram(i, i).contains_zero();
}

/// G of the header.
Interval upper_weight(const IntervalMatrix& gram) {
  Interval sum;
  for (Index i = 0; i < gram.rows(); ++i)
    for (Index j = 0; j < gram.rows(); ++j) sum += sqr(gram(i, j)) * (i == j ? 1 : 4);
  return sqrt(sum);
}

/// The numbers a_{ij} of the header, lower bounds.
class Lone {
 public:
  Lone(const IntervalMatrix& gram, const Interval& sigma, const Interval& radius)
      : gram_(gram),
        quotient_(radius / sigma),
        half_(flip_probability(radius, sigma) / 2),
        a_(gram.rows(), gram.rows()) {
    for (Index i = 0; i < gram.rows(); ++i)
      for (Index j = 0; j < gram.rows(); ++j)
        if (!is_zero_row(gram, i) && !is_zero_row(gram, j)) a_(i, j) = lone(i, j);
  }
  const Interval& operator()(Index i, Index j) const { return a_(i, j); }

  /// D of the header.
  Interval weight() const {
    Interval sum;
    for (Index i = 0; i < gram_.rows(); ++i)
      for (Index j = 0; j < gram_.rows(); ++j) sum += sqr(gram_(i, j) * (i == j ? a_(i, i) : a_(i, j) + a_(j, i)));
    return sqrt(sum).lower();
  }

 private:
  Interval cosine(Index i, Index j) const { return gram_(i, j) / sqrt(gram_(i, i) * gram_(j, j)); }
  Interval sine(Index i, Index j) const {
    return sqrt(max(one_of(half_) - sqr(cosine(i, j)), Interval::from_integer(0, half_.bits())));
  }
  Interval lone(Index i, Index j) const {
    Interval left = half_;
    if (i != j) {
      // <w, x_j> given <w, x_i> = t sigma |x_i|, 0 <= t < R / sigma: least likely to be >= 0 at t = 0 or at the far
      // end.
      const Interval behind = max(-cosine(i, j), Interval()) * quotient_ / (sine(i, j) * sqrt(2 * one_of(half_)));
      left *= behind.is_finite() ? erfc(behind) / 2 : Interval();
    }
    for (Index k = 0; k < gram_.rows(); ++k) {
      if (k == i || is_zero_row(gram_, k)) continue;
      const Interval strips = sqr(quotient_) / (Interval::pi(half_.bits()) * sine(i, k));
      left -= min(strips.upper(), half_.upper());
    }
    return max(left, Interval()).lower();
  }

  const IntervalMatrix& gram_;
  Interval quotient_, half_;
  IntervalMatrix a_;
};

Interval upper_probability(const Interval& n, const Interval& p, const Interval& t, const Interval& pairs) {
  const Interval one = one_of(p);
  if (certainly_less_equal(one, t)) return Interval::from_integer(0, p.bits());
  Interval least = min(one, 2 * n * pairs * p);
  if (certainly_less(p, t) && certainly_less(t, one)) least = min(least, 2 * n * binomial_tail_bound(pairs, p, t));
  return least.upper();
}

}  // namespace

Interval binomial_tail_bound(const Interval& trials, const Interval& p, const Interval& t) {
  const Interval other_p = one_of(p) - p, other_t = one_of(t) - t;
  return exp(-trials * (t * log(t / p) + other_t * log(other_t / other_p)));
}

Interval flip_probability(const Interval& radius, const Interval& sigma) {
  return one_of(sigma) - erfc(radius / (sigma * sqrt(Interval::from_integer(2, sigma.bits()))));
}

Interval relu_change_exceeds(const IntervalMatrix& gram, const Interval& sigma, const Interval& radius,
                             const Interval& bound, const Interval& pairs) {
  const Interval most = upper_weight(gram), one = one_of(sigma);
  const Interval n = Interval::from_integer(gram.rows(), sigma.bits()), zero = Interval::from_integer(0, sigma.bits());
  if (most.is_point() && most.contains_zero()) return zero;  // only zero rows: nothing ever changes
  if (!certainly_positive(most)) return hull(zero, one);
  const Interval p = flip_probability(radius, sigma) / 2;
  const Interval above = upper_probability(n, p.upper(), (bound / most).lower(), pairs);
  const Lone lone(gram, sigma, radius);
  const Interval share = (bound / lone.weight()).upper();
  Interval missed = zero;
  if (!certainly_less(share, one)) return hull(zero, above);
  for (Index i = 0; i < gram.rows(); ++i)
    for (Index j = 0; j < gram.rows(); ++j)
      if (certainly_positive(lone(i, j)) && certainly_positive(share))
        missed += binomial_tail_bound(pairs, lone(i, j), share * lone(i, j));
  const Interval below = max(one - missed, zero);
  return hull(below.lower(), max(above, below).upper());
}

Interval relu_change_at_infinite_width(const IntervalMatrix& gram, const Interval& sigma, const Interval& radius) {
  const Interval above = upper_weight(gram) * (flip_probability(radius, sigma) / 2);
  const Interval below = Lone(gram, sigma, radius).weight();
  return hull(below.lower(), max(above, below).upper());
}

}  // namespace assay
