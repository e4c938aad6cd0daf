#pragma once

#include <array>

#include "network/fast/network.hpp"

namespace assay::fast {

/// The balls that are asked about: radius R_c = s b_c at column c, for a common factor s.
enum class RadiusShape {
  equal,    ///< b_c = 1
  gradient  ///< b_c near the largest |J_c' v|_2 over unit v at the center: as far as gradient descent can move neuron c
};

/// Powers of the displacement that are treated exactly; the next one bounds the rest by absolute values.
inline constexpr std::size_t kJacobianOrder = 4;

/// What one pass over the neurons tells about the Jacobian over every ball of one shape, whatever its size s.
///
/// With w~_r = w_r + u_r, |u_r| <= R_r, delta_{i,r} = <u_r, x_i>, Z_i = sum_r S_{i,r} e^{delta_{i,r}}:
///
///   G~_{(l,i),r} = (1 / Z_i) [ G sum_k delta^k / k! - (p~_{l,i} - p_{l,i}) q_{i,r} sum_k delta^k / k! ]   exactly,
///
/// because q~ = q e^delta / Z. A shift of all logits of a sample only scales its rows, by 1 / Z_i. The term of order k
/// of the first sum maps v to sum_i (sum_l G_{(l,i),r} v_{l,i}) <u_r, x_i>^k x_i / k!, a tensor contracted with u_r^k,
/// so
///
///   |A_k|_2^2 <= s^{2k} lambda_max( <x_i,x_j>^{k+1} (1/m) sum_r (b_r^k / k!)^2 G_{(l,i),r} G_{(l',j),r} ),
///
/// with all signs kept. For the second sum, |sum_l (p~ - p)_{l,i} v_{l,i}| <= |(p~ - p)_i|_2 |v_i|_2, hence
///
///   |B_k|_2 <= max_i |(p~ - p)_i|_2 s^k
///              lambda_max( <x_i,x_j>^{k+1} (1/m) sum_r (b_r^k / k!)^2 q_{i,r} q_{j,r} )^{1/2},
///   |(p~ - p)_i|_2 <= (1 / V_i) ( lambda_max(C_i) sum_r S_{i,r} (e^{rho_{i,r}} - 1)^2 )^{1/2},  C_i = cov_{S_i}(a),
///
/// from p~ - p = (1 / Z) sum_r S_r (e^{delta_r} - 1)(a_r - p) and Cauchy's inequality.
struct [[nodiscard]] JacobianMoments {
  Index n = 0, d = 0, m = 0;
  bool paired = false;
  Ball lambda_min, lambda_max;  ///< of H at the center
  /// change[k - 1] >= |A_k| / s^k for 1 <= k < kJacobianOrder, with a Frobenius-like bound for k = kJacobianOrder that
  /// e^{rho_max} turns into one for all further orders together.
  std::array<double, kJacobianOrder> change{};
  /// shift[k] >= |B_k| / (s^k max_i |(p~ - p)_i|), likewise; shift[kJacobianOrder] bounds the rest.
  std::array<double, kJacobianOrder + 1> shift{};
  double change_by_squares = 0;  ///< >= |A_1| for radii b_r^2 in place of s b_r
  double largest_b = 0, least_b = 0;
  /// |J_c' v| <= slack b_c |v| at the center, for shape gradient: roundings.
  double slack = 1;
  struct Sample {
    double norm = 0;                        ///< >= |x_i|
    std::array<Ball, kJacobianOrder> mean;  ///< sum_r S_{i,r} b_r^k, k = 1, 2, ...
    double spread = 0;                      ///< >= lambda_max(C_i)^{1/2}
    double largest_p = 0;                   ///< >= max_l |p_{l,i}|
    double least_gap = 0;                   ///< <= |a_r - p_i|_2 for every sign vector that occurs
  };
  std::vector<Sample> samples;
  std::vector<double> b;  ///< by column of the stream; empty unless it was asked to be kept
};

/// @param sums    of the same network.
/// @param keep_b  keep b_c of every column, 8 bytes each.
/// @return nothing where double does not suffice.
/// @cost  one pass: n (columns) exponentials, (kJacobianOrder + 1) n^2 (columns) products; 2 kJacobianOrder eigenvalue
///        bounds of size nd.
[[nodiscard]] std::optional<JacobianMoments> jacobian_moments(const NetworkSums& sums, const RealMatrix& x,
                                                              const NeuronStream& neurons, RadiusShape shape,
                                                              const StreamOptions& options, bool keep_b = false);

/// What holds at every W~ in the ball of size s around the center; 64-bit intervals, ends that count named.
struct [[nodiscard]] SpectrumOverBall {
  Interval lambda_min;      ///< lambda_min(H(W~)) >= its lower end; may be 0
  Interval lambda_max;      ///< lambda_max(H(W~)) <= its upper end
  Interval nu;              ///< |A_1| + |A_2| + ... + |B_0| + ... <= its upper end
  Interval growth;          ///< |J_c(W~)' v| <= growth b_c |v|, upper end; shape gradient only
  Interval curvature;       ///< gamma of ConvergenceCertificate, upper end: |F(W - eta g) - F(W) + eta J g| <=
                            ///< eta^2 gamma |e|^2 for the gradient g = J' e; shape gradient only
  Interval largest_radius;  ///< s max_c b_c
};

/// @param s  >= 0; its upper end counts.
/// @return nothing if some Z_i cannot be bounded away from 0.
[[nodiscard]] std::optional<SpectrumOverBall> spectrum_over_ball(const JacobianMoments& moments, const Interval& s);

/// The same over the part of the ball that gradient descent from the center can reach, to first order: the
/// W - J(W)' v + rho with |v|_2 <= V and |rho_r| <= V |J_r(W~) - J_r(W)|_2, where V growth <= s. Only for shape
/// gradient.
///
/// The first order of J along -J(W)' v drops out of J J' for a paired network: every sum over neurons in it has an odd
/// number of signs a, and the two neurons of a pair cancel (so along gradient descent the kernel has no first-order
/// change). Hence lambda_min(H(W~))^{1/2} >= (lambda_min(H)^{1/2} - nu) / Z with a nu of second order: A_1 along rho,
/// A_2 + A_3 + ..., B_1 + B_2 + ..., and B_0 beyond the derivative of p along -J(W)' v. For a network that is not
/// paired it is spectrum_over_ball.
[[nodiscard]] std::optional<SpectrumOverBall> spectrum_over_tube(const JacobianMoments& moments, const Interval& s);

}  // namespace assay::fast
