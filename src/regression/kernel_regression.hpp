#pragma once

#include <optional>

#include "data/instance.hpp"
#include "regression/kernel_descent.hpp"

namespace assay {

/// sum_i K(., x_i) c_i with |c - coefficients|_F <= distance.
struct Expansion {
  RowMajorMatrix coefficients;
  double distance = 0;
};

/// A kernel between the training inputs, and from them to the test inputs (one row per test input).
struct [[nodiscard]] KernelBlocks {
  BallMatrix training;  ///< N x N
  BallMatrix test;      ///< M x N
};

/// The kernel H at initialization, of outputs l = 1 .. d: N = n d, index l n + i, and M = q d, index l q + j.
/// @param joint  the n training inputs and then the test inputs, one per row.
/// @return nothing if the network's sums cannot be bounded in double.
/// @cost  ((n + q) d)^2 entries, each a sum over the sign vectors that occur; (n + q)^2 products a column.
[[nodiscard]] std::optional<KernelBlocks> network_blocks(const RealMatrix& joint, Index n, const RealMatrix& w,
                                                         const SignMatrix& a, int threads);

/// K_inf = <x, x'> exp(sigma^2 <x, x'>) for rows x and columns x', in double; symmetric if both are the same inputs.
/// Nothing is known of rows where sigma^2 <x, x'> exceeds 700 in magnitude. @throws std::invalid_argument for inputs of
/// different dimensions.
BallMatrix limit_kernel_ball(const RealMatrix& rows, const RealMatrix& columns, double sigma);

/// Columns on top of each other, n x d to n d x 1, as network_blocks orders them; and back.
BallMatrix stacked(const BallMatrix& labels);
BallMatrix unstacked(const BallMatrix& values, Index d);

/// Kernel gradient descent on the labels, after each number of steps in `times` (ascending).
std::vector<Expansion> descend(const BallMatrix& kernel, const BallMatrix& labels, double eta,
                               const std::vector<long>& times);

/// Numbers of steps at which an orbit is looked at: 1, 2, 3, ... and then about a quarter more each time, up to `last`.
std::vector<long> checkpoints(long last);

}  // namespace assay
