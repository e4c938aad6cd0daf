#pragma once

#include "network/fast/network.hpp"

// Slope and curvature of the loss L = 1/2 |F - Y|_F^2 in the fast tier; the equations are those of curvature.hpp.

namespace assay::fast {

/// |grad L|_F^2 from the gradient itself, whose row r is sum_i t_{i,r} x_i, t = q f, f_{i,r} = sum_l e_{l,i} (a_{l,r} -
/// p_{l,i}), e = F - Y. An error of t is at most rho_i e_{i,r} with one rho for a sample, so that of the gradient is at
/// most sum_i |x_i| rho_i (sum_r e_{i,r}^2)^{1/2}.
///
/// @param sums  of the same network.
/// @cost  one pass: n (columns) exponentials, n (columns) d_in products.
Ball squared_gradient(const NetworkSums& sums, const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                      const StreamOptions& options);

/// u' (Hess L) u / |u|^2 for a direction u of W's shape, not 0; of infinite radius where logits are so large that terms
/// of the softmax underflow.
/// @param neurons  with a column for each neuron: the two of a pair move differently.
/// @throws std::invalid_argument for paired columns, or a direction of another shape than W's.
/// @cost  one pass: n m exponentials, n m (d_in + 3) products.
Ball curvature_along(const NetworkSums& sums, const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                     const RealMatrix& direction, const StreamOptions& options);

/// Lower bound of every curvature at W: assay::lower_curvature.
double lower_curvature(const NetworkSums& sums, const RealMatrix& x, const RealMatrix& y);

}  // namespace assay::fast
