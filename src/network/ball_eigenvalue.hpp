#pragma once

#include "network/kernel.hpp"

namespace assay {

/// What bounds lambda_min(H(W~)) from below over a ball |w~_r - w_r| <= R (all r), without absolute values.
///
/// h is the kernel of the d outputs and, unless the network is paired, of one output more, a = 1, whose mean is not
/// subtracted: with G_{(d,i),r} = q_{i,r}, h_{(l,i),(k,j)} = <x_i, x_j> (1/m) sum_r G_{(l,i),r} G_{(k,j),r}.
/// For a paired network that output is orthogonal to the others and adds nothing.
struct [[nodiscard]] BallKernel {
  IntervalMatrix h;     ///< N x N if the network is paired, else (N + n) x (N + n); index (l, i) -> l n + i
  IntervalMatrix gram;  ///< <x_i, x_j>, n x n
  Index d = 0;          ///< outputs of the network; h may have one more

  Index n() const { return gram.rows(); }
  bool extended() const { return h.rows() > d * n(); }
};

/// @param gram  input_gram of instance.x.
BallKernel ball_kernel(const Instance& instance, const IntervalMatrix& gram, Bits bits, int threads = 1);

/// The free numbers of the bound: any values prove something, good ones prove more.
struct BallMultipliers {
  double tau = 0.3;  ///< in (0, 1): |a + b|^2 >= (1 - tau) |a|^2 - (1/tau - 1) |b|^2
  double mu = 0;     ///< >= 0: price of |p~ - p| <= rho; only where the kernel is extended
};

/// The matrix M whose positive semidefiniteness proves lambda_min(H(W~)) >= s for every W~ in the ball of radius R.
///
///   M = ((1 - tau) - (1/tau - 1) (e^{kappa R} - 1) (e^{R <x_i, x_j> / kappa} - 1)) o h
///       - s diag(e^{2 R |x_i|} on the outputs) + mu diag(-d (R |x_i|)^2 on the outputs, 1 on the further output)
///
/// Proof (theorems/convex_region/card.md): with z_i = sum_r S_{i,r} e^{delta_{i,r}}, J(W~)' v / sqrt m = (B + E)' (v /
/// z, t), B B' = h, E E' <= (e^{kappa R} - 1) (e^{R gram / kappa} - 1) o h as a power series in <u_r, x_i> contracted
/// with u_r, e^-rho <= z_i <= e^rho, |t_i| <= sqrt d rho_i |v_i / z_i|. kappa > 0 is free: the largest |x_i|, about.
/// @throws std::invalid_argument unless radius >= 0, 0 < tau < 1, mu >= 0, all finite.
/// @cost  n^2 exponentials, (N + n)^2 products.
IntervalMatrix ball_matrix(const BallKernel& kernel, const Interval& s, const Interval& radius,
                           const BallMultipliers& multipliers, Bits bits);

/// M is positive semidefinite: a proof that lambda_min(H(W~)) >= s over the whole ball. False proves nothing.
[[nodiscard]] bool certainly_keeps(const BallKernel& kernel, const Interval& s, const Interval& radius,
                                   const BallMultipliers& multipliers, Bits bits);

/// A guess, in double, of the best multipliers at one radius and of the s they give; -infinity if there is none.
struct ApproxBallBound {
  BallMultipliers multipliers;
  double s = 0;
};
ApproxBallBound approx_ball_bound(const BallKernel& kernel, double radius);

/// A guess of the largest radius at which approx_ball_bound gives s, and of the multipliers there. Doubles cannot tell
/// where lambda_min / lambda_max is near 1e-15: then certificates at `bits` are tried instead.
struct ApproxBallRadius {
  double radius = 0;
  BallMultipliers multipliers;
};
ApproxBallRadius approx_ball_radius(const BallKernel& kernel, const Interval& s);
ApproxBallRadius approx_ball_radius_from_certificates(const BallKernel& kernel, const Interval& s, Bits bits);

}  // namespace assay
