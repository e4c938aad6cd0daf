#include "chance/relu_flips.hpp"

namespace assay {

namespace {

Interval one_of(const Interval& like) {
  return Interval::from_integer(1, like.bits());
}

bool is_zero_row(const IntervalMatrix& gram, Index i) {
  return gram(i, i).is_point() && gram(i, i).contains_zero();
}

/// G and D of the header.
struct Weights {
  Interval all, diagonal;

  explicit Weights(const IntervalMatrix& gram) {
    for (Index i = 0; i < gram.rows(); ++i)
      for (Index j = 0; j < gram.rows(); ++j) {
        const Interval square = sqr(gram(i, j));
        all += i == j ? square : square * 4;
        if (i == j) diagonal += square;
      }
    all = sqrt(all);
    diagonal = sqrt(diagonal);
  }
};

/// Lower bound of the probability that sample i can be switched off at a neuron and no other sample can change there.
Interval alone(const IntervalMatrix& gram, Index i, const Interval& sigma, const Interval& radius) {
  const Interval moves = flip_probability(radius, sigma), quotient = radius / sigma;
  Interval left = moves / 2;
  for (Index j = 0; j < gram.rows(); ++j) {
    if (j == i || is_zero_row(gram, j)) continue;
    const Interval cosine = gram(i, j) / sqrt(gram(i, i) * gram(j, j));
    const Interval sine = sqrt(max(one_of(cosine) - sqr(cosine), Interval()));
    const Interval strips = 2 * sqr(quotient) / (Interval::pi(cosine.bits()) * sine);
    left -= min(strips.upper(), moves.upper());
  }
  return max(left, Interval()).lower();
}

Interval least_alone(const IntervalMatrix& gram, const Interval& sigma, const Interval& radius) {
  Interval least = one_of(sigma);
  for (Index i = 0; i < gram.rows(); ++i)
    if (!is_zero_row(gram, i)) least = min(least, alone(gram, i, sigma, radius));
  return least.lower();
}

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
  const Weights weights(gram);
  const Interval n = Interval::from_integer(gram.rows(), sigma.bits()), zero = Interval::from_integer(0, sigma.bits());
  // No row moves anything: H is 0 at every W.
  if (!certainly_positive(weights.diagonal)) return hull(zero, one_of(sigma));
  const Interval p = flip_probability(radius, sigma) / 2;
  const Interval above = upper_probability(n, p.upper(), (bound / weights.all).lower(), pairs);
  const Interval rare = least_alone(gram, sigma, radius), t = (bound / weights.diagonal).upper();
  Interval below = zero;
  if (certainly_less(t, rare) && certainly_positive(t))
    below = max(one_of(p) - n * binomial_tail_bound(pairs, rare, t), zero);
  return hull(below.lower(), max(above, below).upper());
}

Interval relu_change_at_infinite_width(const IntervalMatrix& gram, const Interval& sigma, const Interval& radius) {
  const Weights weights(gram);
  const Interval above = weights.all * (flip_probability(radius, sigma) / 2);
  const Interval below = weights.diagonal * least_alone(gram, sigma, radius);
  return hull(below.lower(), max(above, below).upper());
}

}  // namespace assay
