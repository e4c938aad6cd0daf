#pragma once

#include "data/instance.hpp"

namespace assay {

using Index = Eigen::Index;

/// Weights and signs of a network.
struct Weights {
  RealMatrix w;  ///< m x d_in
  SignMatrix a;  ///< m x d
};

/// The paired initialization of width m (even), as make_instance draws it. @throws std::invalid_argument if m is odd
/// or not positive.
Weights draw_paired_weights(Index m, Index d_in, Index d, double sigma, std::uint64_t seed);

/// Gradient descent of the softmax network on (1/2) |F - Y|_F^2, in plain double.
///
///   w_r <- w_r - eta sum_{i,l} (F_{l,i} - y_{l,i}) (a_{l,r} - p_{l,i}) q_{i,r} x_i
///
/// Proves nothing about the exact orbit: what it leaves behind is a network whose weights are exact doubles, and every
/// claim is about that network.
class ApproxSoftmaxDescent {
 public:
  /// @param x  n x d_in; @param y  n x d. @throws std::invalid_argument for shapes that do not fit together.
  ApproxSoftmaxDescent(const RealMatrix& x, const RealMatrix& y, Weights start, double eta);
  ApproxSoftmaxDescent(RealMatrix&& x, const RealMatrix& y, Weights start, double eta) = delete;

  /// @cost  n m exponentials and 2 n m (d_in + d) products.
  void step();
  long steps() const { return steps_; }
  const RealMatrix& weights() const { return network_.w; }

 private:
  const RealMatrix &x_, &y_;
  Weights network_;
  RealMatrix signs_;
  double eta_;
  long steps_ = 0;
};

/// F at the rows of x, n x d, in plain double.
RealMatrix approx_outputs(const RealMatrix& x, const Weights& network);

}  // namespace assay
