#pragma once

#include <optional>

#include "network/fast_network.hpp"
#include "network/forward.hpp"

namespace assay {

/// The kernel of the exp network f(x) = m^{-1/2} sum_r a_r exp(<w_r, x>), n x n:
///   H_{ij} = <x_i, x_j> (1/m) sum_r exp(<w_r, x_i + x_j>).
/// At paired initialization the softmax kernel of one output is D H D, D = diag(1 / mean_r exp(<w_r, x_i>)).
/// @param gram  input_gram of the same inputs.
/// @cost  n^2 / 2 interval products a column.
IntervalMatrix exponential_kernel(const Forward& at, const IntervalMatrix& gram, int threads = 1);

/// The same from the sums of the fast tier; nothing if some were shifted or are not finite: ask the deep tier.
std::optional<IntervalMatrix> exponential_kernel(const fast::NetworkSums& sums, const IntervalMatrix& gram);

/// What holds for every W~ with |w~_r - w_r| <= R; entries >= 0, upper ends count. All of it grows with R, and divided
/// by R too.
struct ExponentialPerturbation {
  /// |H(W~) - H(W)| <= entrywise = |H_{ij}| (e^{R |x_i + x_j|} - 1), attained entry by entry.
  IntervalMatrix entrywise;
  /// |J(W~) - J(W)|_2 <= m^{1/2} nu. To first order J(W~) - J(W) has the blocks e^{z_{i,r}} <u_r, x_i> x_i, so
  ///   (1/m) |first' v|^2 <= (R^2/m) sum_r |sum_i v_i e^{z_{i,r}} x_i x_i'|_F^2 = R^2 v'(H o XX')v,
  /// and the rest is at most e^{z_{i,r}} zeta_i entry by entry, zeta_i = e^{R|x_i|} - 1 - R|x_i|:
  ///   nu = R |H o XX'|_2^{1/2} + | |H| o zeta zeta' |_2^{1/2}.
  Interval nu;
};
ExponentialPerturbation exponential_perturbation(const IntervalMatrix& kernel, const IntervalMatrix& gram,
                                                 const RealMatrix& x, const Interval& radius);

}  // namespace assay
