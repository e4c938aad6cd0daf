#include "network/ball.hpp"

#include <stdexcept>

namespace assay {

namespace {

std::span<const double> row_of(const RealMatrix& matrix, Index i) {
  return {matrix.data() + i * matrix.cols(), static_cast<std::size_t>(matrix.cols())};
}

std::size_t at_column(Index c) { return static_cast<std::size_t>(c); }

/// e^rho and e^-rho of every column, for one sample.
struct Stretch {
  IntervalVector up, down;
};

Stretch stretch_of(const Interval& norm, const IntervalVector& radii) {
  Stretch stretch;
  for (const Interval& radius : radii) {
    const Interval rho = radius * norm;
    stretch.up.push_back(exp(rho));
    stretch.down.push_back(exp(-rho));
  }
  return stretch;
}

Interval stretched_sum(const Forward& at, Index i, const IntervalVector& factor) {
  Interval sum;
  for (Index c = 0; c < at.neurons.columns(); ++c) {
    Interval term = at.s(i, c) * factor[at_column(c)];
    sum.add_multiple(at.neurons.multiplicity[at_column(c)], term);
  }
  return sum;
}

void fill_q(const Forward& at, BallRanges& ranges, Index i, const Stretch& stretch) {
  const Interval upper_sum = stretched_sum(at, i, stretch.up), lower_sum = stretched_sum(at, i, stretch.down);
  for (Index c = 0; c < at.neurons.columns(); ++c) {
    const Interval &up = stretch.up[at_column(c)], &down = stretch.down[at_column(c)], &q = at.q(i, c);
    const Interval swing = at.s(i, c) * (up - down);
    // q~ lies between 0 and m whatever the ball is.
    ranges.q_high(i, c) = min(q * up / (lower_sum + swing), Interval::from_integer(at.m, q.bits()));
    ranges.q_low(i, c) = max(q * down / (upper_sum - swing), Interval());
    const Interval rise = ranges.q_high(i, c).upper() - q, fall = q - ranges.q_low(i, c).lower();
    ranges.delta_q(i, c) = max(max(rise, fall), Interval()).upper();
  }
}

/// sum over the neurons with a_{l,r} = sign of S e^{+-rho}, for every l.
IntervalVector signed_sums(const Forward& at, Index i, const IntervalVector& factor, int sign) {
  IntervalVector sums(static_cast<std::size_t>(at.p.rows()));
  for (const auto& group : at.neurons.classes) {
    Interval weight;
    for (const Index c : group.columns) weight.add_product(at.s(i, c), factor[at_column(c)]);
    for (const auto& g : group.signs)
      for (Index l = 0; l < at.p.rows(); ++l)
        if (g(l) == sign) sums[static_cast<std::size_t>(l)] += weight;
  }
  return sums;
}

/// (a - b) / (a + b) for a, b >= 0 not both 0: increasing in a, decreasing in b, so the corners are enough. What may
/// be 0/0 is still in [-1, 1].
Interval contrast(const Interval& a, const Interval& b) {
  const Interval low = (a.lower() - b.upper()) / (a.lower() + b.upper());
  const Interval high = (a.upper() - b.lower()) / (a.upper() + b.lower());
  const Interval one = Interval::from_integer(1, a.bits());
  return hull(max(low, -one).lower(), min(high, one).upper());
}

void fill_p(const Forward& at, BallRanges& ranges, Index i, const Stretch& stretch) {
  const IntervalVector plus_up = signed_sums(at, i, stretch.up, +1), plus_down = signed_sums(at, i, stretch.down, +1);
  const IntervalVector minus_up = signed_sums(at, i, stretch.up, -1), minus_down = signed_sums(at, i, stretch.down, -1);
  for (Index l = 0; l < at.p.rows(); ++l) {
    const auto k = static_cast<std::size_t>(l);
    const Interval low = contrast(plus_down[k], minus_up[k]), high = contrast(plus_up[k], minus_down[k]);
    ranges.p(l, i) = hull(hull(low, high), at.p(l, i));
    const Interval difference = ranges.p(l, i) - at.p(l, i);
    ranges.delta_p(l, i) = abs(difference).upper();
  }
}

void check_radii(const Forward& at, const IntervalVector& radii) {
  if (static_cast<Index>(radii.size()) != at.neurons.columns())
    throw std::invalid_argument("ball_ranges: expected one radius for each column of neurons");
  for (const Interval& radius : radii)
    if (!certainly_nonnegative(radius)) throw std::invalid_argument("ball_ranges: expected radii >= 0");
}

/// The Gram entries of one class at (i, j) from which entrywise and theta are made; h stands for q~high.
struct ClassGrams {
  Interval change;      // q dq' + dq q' + dq dq'
  Interval q_high_ij;   // (q + dq) h'
  Interval q_high_ji;   // h (q + dq)'
  Interval high_high;   // h h'
  Interval delta;       // dq dq'
  Interval delta_h_ij;  // dq h'
  Interval delta_h_ji;  // h dq'
};

ClassGrams grams_of_class(const Forward& at, const BallRanges& ranges, const Neurons::Class& group, Index i, Index j) {
  ClassGrams sums;
  for (const Index c : group.columns) {
    const Interval &qi = at.q(i, c), &qj = at.q(j, c), &di = ranges.delta_q(i, c), &dj = ranges.delta_q(j, c);
    const Interval &hi = ranges.q_high(i, c), &hj = ranges.q_high(j, c);
    const Interval reach_i = qi + di, reach_j = qj + dj;
    sums.change.add_product(qi, dj).add_product(di, reach_j);
    sums.q_high_ij.add_product(reach_i, hj);
    sums.q_high_ji.add_product(hi, reach_j);
    sums.high_high.add_product(hi, hj);
    sums.delta.add_product(di, dj);
    sums.delta_h_ij.add_product(di, hj);
    sums.delta_h_ji.add_product(hi, dj);
  }
  return sums;
}

/// |a - p| = 1 - a p, because |p| <= 1.
Interval distance_to_sign(int sign, const Interval& p) { return nonnegative_part(1 - sign * p); }

struct PairSum {
  Interval entrywise, theta;
};

/// The sums over all neurons of one pair of outputs (l, i), (k, j).
PairSum pair_sum(const Forward& at, const BallRanges& ranges, const std::vector<ClassGrams>& grams, Index l, Index i,
                 Index k, Index j) {
  const Interval &dp = ranges.delta_p(l, i), &dp_other = ranges.delta_p(k, j);
  PairSum sum;
  for (std::size_t group = 0; group < grams.size(); ++group) {
    const ClassGrams& t = grams[group];
    for (const auto& g : at.neurons.classes[group].signs) {
      const Interval here = distance_to_sign(g(l), at.p(l, i)), there = distance_to_sign(g(k), at.p(k, j));
      const Interval both = here * there, mixed = here * dp_other, mixed_back = dp * there;
      const Interval last = dp * dp_other * t.high_high;
      sum.entrywise += both * t.change + mixed * t.q_high_ij + mixed_back * t.q_high_ji + last;
      sum.theta += both * t.delta + mixed * t.delta_h_ij + mixed_back * t.delta_h_ji + last;
    }
  }
  return sum;
}

}  // namespace

BallRanges ball_ranges(const Forward& at, const RealMatrix& x, const IntervalVector& radii, int threads) {
  check_radii(at, radii);
  const Index n = at.q.rows(), columns = at.neurons.columns(), d = at.p.rows();
  BallRanges ranges;
  ranges.q_low = ranges.q_high = ranges.delta_q = IntervalMatrix(n, columns);
  ranges.p = ranges.delta_p = IntervalMatrix(d, n);
  parallel_for(n, threads, [&](Index i) {
    const Stretch stretch = stretch_of(euclidean_norm(row_of(x, i), at.q(i, 0).bits()), radii);
    fill_q(at, ranges, i, stretch);
    fill_p(at, ranges, i, stretch);
  });
  return ranges;
}

BallRanges ball_ranges(const Forward& at, const RealMatrix& x, const Interval& radius, int threads) {
  return ball_ranges(at, x, IntervalVector(static_cast<std::size_t>(at.neurons.columns()), radius), threads);
}

KernelPerturbation kernel_perturbation(const Forward& at, const BallRanges& ranges, const IntervalMatrix& gram,
                                       int threads) {
  const Index n = at.q.rows(), d = at.p.rows();
  KernelPerturbation result{IntervalMatrix(n * d, n * d), IntervalMatrix(n * d, n * d)};
  parallel_for(n, threads, [&](Index i) {
    for (Index j = 0; j <= i; ++j) {
      std::vector<ClassGrams> grams;
      for (const auto& group : at.neurons.classes) grams.push_back(grams_of_class(at, ranges, group, i, j));
      const Interval scale = abs(gram(i, j)) / at.m;
      for (Index l = 0; l < d; ++l)
        for (Index k = 0; k < d; ++k) {
          const PairSum sum = pair_sum(at, ranges, grams, l, i, k, j);
          const Index row = l * n + i, column = k * n + j;
          result.entrywise(row, column) = result.entrywise(column, row) = (scale * sum.entrywise).upper();
          result.theta(row, column) = result.theta(column, row) = (scale * sum.theta).upper();
        }
    }
  });
  return result;
}

}  // namespace assay
