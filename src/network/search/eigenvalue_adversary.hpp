#pragma once

#include "network/search/approx_network.hpp"

namespace assay {

struct EigenvalueAdversaryOptions {
  int starts = 3;  ///< independent starting points
  int steps = 60;  ///< of descent, for each start and each refinement
  int rounds = 3;  ///< refinements at the radius found so far
  std::uint64_t seed = 1;
};

/// Weights near W at which the smallest eigenvalue of the kernel has fallen.
struct LowEigenvalue {
  RealMatrix w_tilde;
  double approx_radius = 0;  ///< largest |w~_r - w_r|
  bool found = false;        ///< the eigenvalue looks to be below what was wanted
};

/// A guess, in double, of the nearest weights with lambda_min(H(W~)) < wanted: projected gradient descent on
/// lambda_min over a ball (d lambda_min = v' dH v for its eigenvector v), from W along the gradient and from random
/// points, then along the ray from W to where the eigenvalue just passes `wanted`, and again in that smaller ball.
///
/// Nothing is proved here: enclose the eigenvalue at the returned weights.
/// @param wanted  in (0, lambda_min(H(W))).
/// @cost   about (starts + rounds) * steps * (N^2 m + N^3) flops.
LowEigenvalue approx_lowering_weights(const Instance& instance, double wanted,
                                      const EigenvalueAdversaryOptions& options);

/// The smallest eigenvalue of H at these weights and its gradient in W (m x d_in), in double. From singular values of
/// the Jacobian where the eigenvalues of H itself would drown in rounding.
struct ApproxLeastEigenvalue {
  double value = 0;
  RealMatrix gradient;
};
ApproxLeastEigenvalue approx_least_eigenvalue(const Instance& instance, const RealMatrix& w, bool from_jacobian);

}  // namespace assay
