#pragma once

#include <optional>
#include <string>

#include "enclosure/matrix.hpp"
#include "network/activation.hpp"
#include "network/instance.hpp"

namespace assay {

/// The kernel K_inf of a network of infinite width at initialization w ~ N(0, sigma^2 I), n x n: H = I_d (x) K_inf.
///
///   softmax  <x, x'> e^{sigma^2 <x, x'>}          (paired initialization, see kernel.hpp)
///   exp      <x, x'> e^{sigma^2 |x + x'|^2 / 2}
///   ReLU     <x, x'> (pi - angle(x, x')) / (2 pi)
///
/// The exp kernel is the softmax kernel between two factors e^{sigma^2 |x|^2 / 2}: those are what the normalization
/// divides by.
/// @param gram   <x_i, x_j> of exact inputs: see input_gram. A zero row must come as exact zeros.
/// @param sigma  does not enter for ReLU.
/// @cost  n^2 / 2 exponentials, or arcus cosines and roots.
IntervalMatrix limit_kernel(Activation activation, const IntervalMatrix& gram, const Interval& sigma);

/// A reason why lambda_min(K_inf) = 0 exactly.
struct LimitDegeneracy {
  enum class Kind {
    zero_row,            ///< row `first` of X is 0, and so is that row of K_inf
    repeated_row,        ///< rows `first` and `second` are equal
    positive_multiple,   ///< ReLU: row `second` is a positive multiple of row `first`
    dependent_opposites  ///< ReLU: rows that come with a negative multiple of themselves are linearly dependent
  } kind;
  Index first = 0, second = 0;  ///< 0-based rows of X
};

/// Decides lambda_min(K_inf) > 0 on the data, in exact arithmetic, for sigma > 0: nothing means that it is positive.
///
///   softmax, exp: positive iff the rows are distinct and not 0. (The power series of t e^{sigma^2 t} has a positive
///     coefficient at every t^k, k >= 1: c'K c = 0 makes sum_i c_i p(x_i) = 0 for every polynomial p with p(0) = 0, and
///     one of them is 1 at x_i and 0 at the other rows.)
///   ReLU: with K_inf = |x| |x'| kappa(cos angle), kappa(u) = u / 4 + u arcsin(u) / (2 pi) has positive coefficients at
///     u and at every even power. Even powers tell lines apart, but not x from -x; u does, linearly. So it is positive
///     iff no row is 0, no two are positive multiples of each other, and one row from each pair of negative multiples
///     makes a linearly independent family.
///
/// @cost  n^2 d_in exact products, and for ReLU one elimination in rational numbers if there are negative multiples.
std::optional<LimitDegeneracy> limit_degeneracy(Activation activation, const RealMatrix& x);
std::string describe(const LimitDegeneracy& degeneracy);

}  // namespace assay
