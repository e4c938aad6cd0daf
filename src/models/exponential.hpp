#pragma once

#include <optional>

#include "models/model.hpp"

namespace assay {

/// The kernel of the exp network f(x) = m^{-1/2} sum_r a_r exp(<w_r, x>), n x n:
///   H_{ij} = <x_i, x_j> (1/m) sum_r exp(<w_r, x_i + x_j>).
/// At paired initialization the softmax kernel of one output is D H D, D = diag(1 / mean_r exp(<w_r, x_i>)).
/// @param gram  input_gram of the same inputs.
/// @cost  n^2 / 2 interval products a column.
IntervalMatrix exponential_kernel(const Forward& at, const IntervalMatrix& gram, int threads = 1);

/// The same from the sums of the fast tier; nothing if some were shifted or are not finite: ask the deep tier.
[[nodiscard]] std::optional<IntervalMatrix> exponential_kernel(const fast::NetworkSums& sums,
                                                               const IntervalMatrix& gram);

/// |H_{ij}| (e^{R |x_i + x_j|} - 1): an upper bound of |H(W~) - H(W)| for every W~ with |w~_r - w_r| <= R, attained
/// entry by entry. It grows with R, and divided by R too.
IntervalMatrix exponential_change(const IntervalMatrix& kernel, const RealMatrix& x, const Interval& radius);

/// A matrix A with H(W~) - A positive semidefinite for every W~ with |w~_r - w_r| <= R, so lambda_min(H(W~)) >=
/// lambda_min(A):
///
///   A = ((1 - tau) - (1/tau - 1) (e^{kappa R} - 1) (e^{R <x_i, x_j> / kappa} - 1)) o H
///
/// Proof: v'H(W~)v = (1/m) sum_r |a_r + b_r|^2 >= (1/m) sum_r ((1 - tau) |a_r|^2 - (1/tau - 1) |b_r|^2) with
/// a_r = sum_i v_i e^{z_{i,r}} x_i and b_r = sum_i v_i e^{z_{i,r}} (e^{<u_r, x_i>} - 1) x_i. The power series of
/// e^{<u, x>} - 1 is a scalar product of (kappa / R)^{k/2} u^{(x)k} / sqrt(k!) and (R / kappa)^{k/2} x^{(x)k} /
/// sqrt(k!), k >= 1, the first of squared length at most e^{kappa R} - 1; Cauchy-Schwarz against sum_i v_i e^{z_{i,r}}
/// (second) (x) x_i, whose squared length is sum_{ij} v_i v_j e^{z_{i,r} + z_{j,r}} (e^{R <x_i, x_j> / kappa} - 1)
/// <x_i, x_j>.
/// @param tau    in (0, 1); any value proves something, the root of the product of the two factors is a good one.
/// @param kappa  > 0; the largest |x_i| is a good one.
IntervalMatrix exponential_floor(const IntervalMatrix& kernel, const IntervalMatrix& gram, const Interval& radius,
                                 const Interval& tau, const Interval& kappa);

/// |H(W~) - H(W)|_F when every weight moves by u = R x_i / |x_i|, i the longest row: H(W~) = D H D with
/// D = diag(e^{<u, x>}). (The same move leaves every softmax where it was.)
Interval exponential_change_at_common_shift(const Setting& setting, const Interval& radius, Level level);

}  // namespace assay
