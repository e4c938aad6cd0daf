#pragma once

#include "network/activation.hpp"
#include "network/relu_ball.hpp"
#include "setting/setting.hpp"

// The exp and the ReLU network with one output, f(x) = m^{-1/2} sum_r a_r phi(<w_r, x>), at the data and the weights of
// a setting, beside its softmax network. Their kernels are n x n,
//   H_{ij} = <x_i, x_j> (1/m) sum_r phi'(<w_r, x_i>) phi'(<w_r, x_j>),   phi' = exp, or phi'(z) = 1[z >= 0],
// that of the softmax network is N x N. Values are kept once for each rung; in the fast tier what double cannot bound
// is the whole line. @throws InputError for a network that is not in memory.

namespace assay {

/// B of the comparison networks: nd is n there.
Interval comparison_logit_bound(const Setting& setting, Level level);

/// |H|_F and the smallest eigenvalue of H, which is never negative and exactly 0 where that is certain.
Interval kernel_norm(const Setting& setting, Activation activation, Level level);
Interval kernel_lambda_min(const Setting& setting, Activation activation, Level level);

/// A guess of the worst W~ in the ball of radius hyper().radius, certainly inside it; and the file it was written to.
const RealMatrix& bad_weights_of(const Setting& setting, Activation activation);
std::optional<std::string> bad_weights_file_of(const Setting& setting, Activation activation);

/// sup over the ball of |H(W~) - H(W)|_F: below at bad_weights_of, above for every W~ (D1; exponential_change;
/// relu_perturbation).
Known supremum_of_change(const Setting& setting, Activation activation, Level level);
/// The same from above only, for another radius.
AtMost change_over_ball(const Setting& setting, Activation activation, const Interval& radius, Level level);
/// The change of the kernel of the exp network when every weight moves by u = R x_i / |x_i|, i the longest row:
/// H(W~) = D H D with D = diag(e^{<u, x>}). (The same move leaves every softmax where it was.)
Interval exponential_change_at_common_shift(const Setting& setting, const Interval& radius, Level level);

/// inf of lambda_min(H(W~)) over the ball of a radius: above by lambda, below by the best of
///   softmax:  ConvexRegion (region.hpp), and the moments of its Jacobian (fast_jacobian.hpp)
///   ReLU:     lambda - |Delta|_2 and (sqrt lambda - nu)^2 of relu_perturbation, lambda_min of the part of H that
///   cannot
///             change
///   exp:      lambda_min of exponential_floor
Known least_lambda_min_over_ball(const Setting& setting, Activation activation, const Interval& radius, Level level);
/// The largest radius up to which lambda_min >= lambda / 2 is at least this: what the bound above proves, to within a
/// percent; 0 on a rung that proves nothing.
AtLeast certified_radius(const Setting& setting, Activation activation, Level level);

/// That radius is at most the largest |w~_r - w_r| of an explicit W~ at which lambda_min(H(W~)) < lambda / 2 is proved,
/// as near to W as a search found one.
AtMost failing_radius(const Setting& setting, Activation activation, Level level);

/// The bound of the activation's row of Lemma 5.1, divided by R: softmax nd e^{10B}, exp 3n e^{10B}, ReLU 2n.
Interval row_slope(const Setting& setting, Activation activation, Level level);
/// lambda / (2 row_slope): the radius of the convex region that follows from the row.
Interval row_radius(const Setting& setting, Activation activation, Level level);

/// Numbers of active and of changing neurons in the ball of radius hyper().radius.
const ReluCounts& relu_counts(const Setting& setting);
/// The largest fraction of the neurons that one sample can lose, or can gain, in that ball is at most this one, which
/// counts a neuron unless that is excluded.
Interval counted_flipping_fraction(const Setting& setting, Level level);

/// K_inf of the activation at the inputs; the quotient of its largest and smallest eigenvalue.
const IntervalMatrix& limit_kernel_of(const Setting& setting, Activation activation, Level level);
Known limit_condition(const Setting& setting, Activation activation, Level level);

Interval trace(const IntervalMatrix& a);
}  // namespace assay
