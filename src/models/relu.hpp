#pragma once

#include <cstdint>

#include "models/model.hpp"

namespace assay {

using CountMatrix = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Which neurons of a ReLU network are active, s_{i,r} = 1[<w_r, x_i> >= 0], and which can change that when every
/// weight vector moves by at most R; counted for each pair of samples, n x n, symmetric.
///
///   active   s_i = s_j = 1 at W; exact
///   falls    at least as many as have s_i s_j = 1 at W and 0 somewhere in the ball
///   rises    at least as many as have s_i s_j = 0 at W and 1 somewhere in the ball
///   moved    at least as many as can change s_i and can change s_j
///   steady   at most as many as have s_i = s_j = 1 and cannot change any s
///
/// Sample i can change at r iff |<w_r, x_i>| <= R |x_i| (where s_i = 1: <). Two samples can both be active iff the
/// least |u| with <w_r + u, x> >= 0 for both is at most R; that it is larger is proved by multipliers l >= 0 with l'a >
/// R |l_1 x_i + l_2 x_j|, a = -<w_r, .>. What is not excluded with certainty is counted as possible, so only ties to
/// within rounding make the four bounds larger than the true counts.
struct [[nodiscard]] ReluCounts {
  Index m = 0;
  CountMatrix active, falls, rises, moved, steady;
};

/// One pass over the neurons. Signs are exact: a logit that double cannot tell from 0 is computed again in intervals.
/// @param radius  R >= 0; its upper end counts.
/// @throws std::invalid_argument if the radius may be negative.
/// @cost   n m d_in + n^2 m / 64 operations, and n^2 for each neuron that can change two samples.
ReluCounts relu_counts(const RealMatrix& x, const NeuronStream& neurons, const Interval& radius,
                       const StreamOptions& options);

/// <x_i, x_j> counts_{ij} / m: of `active`, the kernel of the ReLU network.
IntervalMatrix weighted_by_counts(const IntervalMatrix& gram, const CountMatrix& counts, Index m);

/// What the counts prove about every W~ in the ball; entries >= 0, upper ends count.
struct [[nodiscard]] ReluChange {
  /// |H(W~) - H(W)| <= entrywise = |<x_i, x_j>| max(falls, rises) / m, attained entry by entry.
  IntervalMatrix entrywise;
  /// |<x_i, x_j>| moved / m, so J(W~) = J(W) + E with |E|_2^2 <= m |theta|_2.
  IntervalMatrix theta;
  /// <x_i, x_j> steady / m: H(W~) - steady is positive semidefinite for every W~ in the ball.
  IntervalMatrix steady;
};
ReluChange relu_change(const ReluCounts& counts, const IntervalMatrix& gram);

/// In the ball of radius hyper().radius; counted once.
const ReluCounts& relu_counts(const Setting& setting);
/// The largest fraction of the neurons that one sample can lose, or can gain, in that ball is at most this one, which
/// counts a neuron unless that is excluded.
Interval counted_flipping_fraction(const Setting& setting, Level level);

}  // namespace assay
