#pragma once

#include "data/neurons.hpp"
#include "enclosure/matrix.hpp"

namespace assay {

/// The network's values at one weight matrix, enclosed.
///
///   z_{i,r} = <w_r, x_i>,  S_i = softmax(z_i),  q_{i,r} = m S_{i,r},  p_{l,i} = <a_l, S_i>,  F_{l,i} = m p_{l,i}
///
/// What depends on r only through w_r is kept per column of `neurons`.
struct [[nodiscard]] Forward {
  Neurons neurons;
  Index m = 0;
  IntervalMatrix z;  ///< n x columns
  IntervalMatrix s;  ///< n x columns, softmax weight of one neuron of the column
  IntervalMatrix q;  ///< n x columns
  IntervalMatrix p;  ///< d x n; exactly 0 for a paired network
};

/// Forward pass at weights w (m x d_in), signs a (m x d), inputs x (n x d_in).
///
/// The softmax is shifted by a double near the largest logit, so no size of logits overflows.
/// @throws std::invalid_argument for shapes that do not fit together.
/// @cost   n m (d_in + 3) interval operations, half of it for a paired network.
Forward forward_pass(const RealMatrix& x, const RealMatrix& w, const SignMatrix& a, Bits bits, int threads = 1,
                     bool share_columns = true);

/// F - Y, d x n.
IntervalMatrix residual(const Forward& at, const RealMatrix& y);

/// Largest |z_{i,r}|.
Interval largest_logit(const Forward& at);

}  // namespace assay
