#pragma once

#include "network/forward.hpp"

namespace assay {

/// Ranges of q and p over the ball |w~_r - w_r| <= R_r for every neuron r.
struct [[nodiscard]] BallRanges {
  IntervalMatrix q_low, q_high;  ///< n x columns: bounds of q~_{i,r}; lower end of q_low, upper end of q_high count
  IntervalMatrix p;              ///< d x n: every p~_{l,i} lies in it
  IntervalMatrix delta_q;        ///< n x columns: |q~ - q| is at most its upper end
  IntervalMatrix delta_p;        ///< d x n: |p~ - p| is at most its upper end
};

/// Sharp ranges over the ball; every expression is a monotone ratio in exp(delta_r), |delta_r| <= rho_{i,r}.
///
///   rho_{i,r} = R_r |x_i|,  U_i = sum_r S_{i,r} e^rho,  V_i = sum_r S_{i,r} e^-rho
///   q~ <= q e^rho / (V_i + S (e^rho - e^-rho)),   q~ >= q e^-rho / (U_i - S (e^rho - e^-rho))
///   p~ in [ (P+(-) - P-(+)) / (P+(-) + P-(+)), (P+(+) - P-(-)) / (P+(+) + P-(-)) ],  P^s(e) = sum_{a=s} S e^{e rho}
///
/// @param radii    one per column of at.neurons, entries certainly >= 0. A pair may share a column: its two weights
///                 then move independently, each by at most the column's radius.
/// @throws std::invalid_argument for a wrong number of radii or one that may be negative.
/// @cost   n (columns) exponentials, n d (columns) additions.
BallRanges ball_ranges(const Forward& at, const RealMatrix& x, const IntervalVector& radii, int threads = 1);

/// The same for the radius R at every neuron.
BallRanges ball_ranges(const Forward& at, const RealMatrix& x, const Interval& radius, int threads = 1);

/// Simpler, wider ranges whose kernel change divided by R grows with R: for every R in (0, radius],
/// kernel_change of the ball of radius R is at most R / radius times that of these ranges, entry by entry.
///
///   q e^{-2 rho} <= q~ <= q e^{2 rho},   |p~ - p| <= rho,   rho = R |x_i|
///
/// Proof: e^{2 rho} - 1 is convex in R and 0 at 0, rho is linear, e^{2 rho} grows; every term of
/// KernelChange has at least one factor that vanishes at R = 0. (|p~ - p| <= rho because p~ = tanh(artanh p + s),
/// |s| <= rho, and tanh' <= 1.)
BallRanges ranges_for_all_smaller_radii(const Forward& at, const RealMatrix& x, const Interval& radius);

/// What is proved about every W~ in the ball (theorems/ntk_perturbation/card.md); all entries >= 0, upper ends count.
struct [[nodiscard]] KernelChange {
  /// |H(W~) - H(W)| <= entrywise:  |<x_i,x_j>| (1/m) sum_r (g dG' + dG g' + dG dG'), g = |a - p| q,
  /// dG = |a - p| dq + dp q~high. N x N.
  IntervalMatrix entrywise;
  /// theta = |<x_i,x_j>| (1/m) sum_r dG dG', so J(W~) = J(W) + E with |E|_2^2 <= m |theta|_2. N x N.
  IntervalMatrix theta;
};

/// @cost  n^2 (columns) interval products, six Gram matrices a class.
KernelChange kernel_change(const Forward& at, const BallRanges& ranges, const IntervalMatrix& gram, int threads = 1);

}  // namespace assay
