#include "network/ball.hpp"

#include <stdexcept>

#include "enclosure/row.hpp"
#include "network/class_moments.hpp"

namespace assay {

namespace {

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
    Interval term = at.s(i, c) * factor[size(c)];
    sum.add_multiple(at.neurons.multiplicity[size(c)], term);
  }
  return sum;
}

void fill_q(const Forward& at, BallRanges& ranges, Index i, const Stretch& stretch) {
  const Interval upper_sum = stretched_sum(at, i, stretch.up), lower_sum = stretched_sum(at, i, stretch.down);
  for (Index c = 0; c < at.neurons.columns(); ++c) {
    const Interval &up = stretch.up[size(c)], &down = stretch.down[size(c)], &q = at.q(i, c);
    const Interval swing = at.s(i, c) * (up - down);
    // q~ lies between 0 and m whatever the ball is.
    ranges.q_high(i, c) = min(q * up / (lower_sum + swing), Interval::from_integer(at.m, q.bits()));
    ranges.q_low(i, c) = max(q * down / (upper_sum - swing), Interval());
    const Interval rise = ranges.q_high(i, c).upper() - q, fall = q - ranges.q_low(i, c).lower();
    ranges.delta_q(i, c) = max(max(rise, fall), Interval()).upper();
  }
}

/// sum over the neurons with a_{l,r} = sign of S e^{+-rho}, for every l.
IntervalVector sums_of_sign(const Forward& at, Index i, const IntervalVector& factor, int sign) {
  IntervalVector sums(static_cast<std::size_t>(at.p.rows()));
  for (const auto& group : at.neurons.classes) {
    Interval weight;
    for (const Index c : group.columns) weight.add_product(at.s(i, c), factor[size(c)]);
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
  const IntervalVector plus_up = sums_of_sign(at, i, stretch.up, +1), plus_down = sums_of_sign(at, i, stretch.down, +1);
  const IntervalVector minus_up = sums_of_sign(at, i, stretch.up, -1),
                       minus_down = sums_of_sign(at, i, stretch.down, -1);
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

/// The Gram sums at (i, j) from which entrywise and theta are made, as moments over the signs; h stands for q~high.
struct PairMoments {
  PairMoments(Index d, bool second)
      : change(d, second),
        delta(d, second),
        reach_h(d, false),
        h_reach(d, false),
        delta_h(d, false),
        h_delta(d, false),
        h_h(d, false) {}
  ClassMoments change;            // q dq' + dq q' + dq dq'
  ClassMoments delta;             // dq dq'
  ClassMoments reach_h, h_reach;  // (q + dq) h'  and  h (q + dq)'
  ClassMoments delta_h, h_delta;  // dq h'  and  h dq'
  ClassMoments h_h;               // h h'

  void add(const Forward& at, const BallRanges& ranges, const Neurons::Class& group, Index i, Index j);
};

void PairMoments::add(const Forward& at, const BallRanges& ranges, const Neurons::Class& group, Index i, Index j) {
  Interval sum_change, sum_delta, sum_reach_h, sum_h_reach, sum_delta_h, sum_h_delta, sum_h_h;
  for (const Index c : group.columns) {
    const Interval &qi = at.q(i, c), &qj = at.q(j, c), &di = ranges.delta_q(i, c), &dj = ranges.delta_q(j, c);
    const Interval &hi = ranges.q_high(i, c), &hj = ranges.q_high(j, c);
    const Interval reach_i = qi + di, reach_j = qj + dj;
    sum_change.add_product(qi, dj).add_product(di, reach_j);
    sum_delta.add_product(di, dj);
    sum_reach_h.add_product(reach_i, hj);
    sum_h_reach.add_product(hi, reach_j);
    sum_delta_h.add_product(di, hj);
    sum_h_delta.add_product(hi, dj);
    sum_h_h.add_product(hi, hj);
  }
  change.add(group, sum_change);
  delta.add(group, sum_delta);
  reach_h.add(group, sum_reach_h);
  h_reach.add(group, sum_h_reach);
  delta_h.add(group, sum_delta_h);
  h_delta.add(group, sum_h_delta);
  h_h.add(group, sum_h_h);
}

struct PairSum {
  Interval entrywise, theta;
};

/// The sums over all neurons for one pair of outputs (l, i), (k, j). |a - p| = 1 - a p, because |p| <= 1, so
///   sum |a - p| |a' - p'| t = t0 - p t1(l) - p' t1(k) + p p' t2(l, k),   sum |a - p| t = t0 - p t1(l).
PairSum pair_sum(const Forward& at, const BallRanges& ranges, const PairMoments& moments, Index l, Index i, Index k,
                 Index j) {
  const Interval &p = at.p(l, i), &p_other = at.p(k, j);
  const Interval &dp = ranges.delta_p(l, i), &dp_other = ranges.delta_p(k, j);
  const bool paired = at.neurons.paired;  // then p = 0 and every first moment is 0
  const auto both = [&](const ClassMoments& t) {
    if (paired) return t.zeroth();
    return t.zeroth() - p * t.first(l) - p_other * t.first(k) + p * p_other * t.second(l, k);
  };
  const auto here = [&](const ClassMoments& t) { return paired ? t.zeroth() : t.zeroth() - p * t.first(l); };
  const auto there = [&](const ClassMoments& t) { return paired ? t.zeroth() : t.zeroth() - p_other * t.first(k); };
  const Interval last = dp * dp_other * moments.h_h.zeroth();
  return {both(moments.change) + dp_other * here(moments.reach_h) + dp * there(moments.h_reach) + last,
          both(moments.delta) + dp_other * here(moments.delta_h) + dp * there(moments.h_delta) + last};
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

BallRanges ranges_for_all_smaller_radii(const Forward& at, const RealMatrix& x, const Interval& radius) {
  check_radii(at, IntervalVector(static_cast<std::size_t>(at.neurons.columns()), radius));
  BallRanges ranges;
  ranges.q_low = ranges.q_high = ranges.delta_q = IntervalMatrix(at.q.rows(), at.q.cols());
  ranges.p = ranges.delta_p = IntervalMatrix(at.p.rows(), at.p.cols());
  for (Index i = 0; i < at.q.rows(); ++i) {
    const Interval rho = radius * euclidean_norm(row_of(x, i), at.q(i, 0).bits());
    const Interval growth = expm1(rho * 2), factor = exp(rho * 2);
    for (Index c = 0; c < at.q.cols(); ++c) {
      ranges.q_high(i, c) = at.q(i, c) * factor;
      ranges.q_low(i, c) = at.q(i, c) / factor;
      ranges.delta_q(i, c) = (at.q(i, c) * growth).upper();
    }
    for (Index l = 0; l < at.p.rows(); ++l) {
      ranges.p(l, i) = hull(at.p(l, i) - rho, at.p(l, i) + rho);
      ranges.delta_p(l, i) = rho.upper();
    }
  }
  return ranges;
}

KernelChange kernel_change(const Forward& at, const BallRanges& ranges, const IntervalMatrix& gram, int threads) {
  const Index n = at.q.rows(), d = at.p.rows();
  KernelChange result{IntervalMatrix(n * d, n * d), IntervalMatrix(n * d, n * d)};
  parallel_for(n, threads, [&](Index i) {
    for (Index j = 0; j <= i; ++j) {
      PairMoments moments(d, !at.neurons.paired);
      for (const auto& group : at.neurons.classes) moments.add(at, ranges, group, i, j);
      const Interval scale = abs(gram(i, j)) / at.m;
      for (Index l = 0; l < d; ++l)
        for (Index k = 0; k < d; ++k) {
          const PairSum sum = pair_sum(at, ranges, moments, l, i, k, j);
          const Index row = l * n + i, column = k * n + j;
          result.entrywise(row, column) = result.entrywise(column, row) =
              nonnegative_part(scale * sum.entrywise).upper();
          result.theta(row, column) = result.theta(column, row) = nonnegative_part(scale * sum.theta).upper();
        }
    }
  });
  return result;
}

}  // namespace assay
