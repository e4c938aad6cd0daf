#pragma once

#include "network/forward.hpp"

namespace assay {

/// <x_i, x_j>, n x n.
IntervalMatrix input_gram(const RealMatrix& x, Bits bits);

/// The kernel H of a network, N x N with N = n d, index (l, i) -> l n + i.
///
///   H_{(l1,i),(l2,j)} = <x_i, x_j> (1/m) sum_r G_{(l1,i),r} G_{(l2,j),r},   G_{(l,i),r} = (a_{l,r} - p_{l,i}) q_{i,r}
///
/// Computed from one Gram matrix T of q for each class of neurons: with c2, c1, c0 the sums of a a', a and 1 over the
/// neurons, m H / <x_i, x_j> = sum over classes of (c2 - p c1' - p' c1 + p p' c0) T_{i,j}. Exactly symmetric.
/// @param gram  input_gram of the same inputs.
/// @cost   n^2 / 2 interval products a column, and N^2 / 2 additions a class.
IntervalMatrix kernel(const Forward& at, const IntervalMatrix& gram, int threads = 1);

/// K_inf = <x, x'> exp(sigma^2 <x, x'>), n x n: at infinite width and paired initialization H = I_d (x) K_inf, so
/// both have the same smallest and largest eigenvalue.
IntervalMatrix limit_kernel(const IntervalMatrix& gram, const Interval& sigma);

/// A reason why lambda_min(H) = 0 exactly at every W, or nothing.
struct [[nodiscard]] Degeneracy {
  enum class Kind { zero_row, repeated_row, too_narrow, few_weights, dependent_signs } kind;
  Index first = 0,
        second = 0;  ///< 0-based rows of X; for few_weights the bound of the rank; for dependent_signs theirs
};
/// A zero row of X is a zero row of H; equal rows of X are equal rows of H; the rank of H is at most (m - 1) d_in,
/// because the rows of G are orthogonal to (1, ..., 1).
[[nodiscard]] std::optional<Degeneracy> certain_degeneracy(const RealMatrix& x, Index m, Index d);
/// The same for a network: where all its neurons are paired, p = 0 and neuron r adds to the range of H the vectors
/// a_r (x) (q_{.,r} o X c), c in R^{d_in}. So
///
///   rank H <= sum over sign vectors up to sign of min(n, d_in * number of distinct weights with it),
///   rank H <= n rank{a_r},
///
/// and lambda_min = 0 where one of them is less than n d. @cost  O(m (d_in + d) log m).
[[nodiscard]] std::optional<Degeneracy> certain_degeneracy(const RealMatrix& x, const RealMatrix& w,
                                                           const SignMatrix& a);
std::string describe(const Degeneracy& degeneracy);

}  // namespace assay
