#pragma once

#include <Eigen/Core>
#include <span>

#include "enclosure/ball.hpp"

// Euclidean and Frobenius norms of doubles in double arithmetic: the one place that takes a root of a sum of squares,
// because squares underflow long before the norm does (at entries of 1e-162) and overflow long before it (at 1e154).
// Sums may run in any order, fused or not.

namespace assay {

/// (sum of a_k^2)^(1/2) of exact numbers of any magnitude.
///
///   |a|_2 = 2^e |2^-e a|_2,  2^e near the largest |a_k|;   relative error gamma_{N+4}, whatever underflows
///
/// @return {0, infinity}, nothing known, if an entry is not finite or the norm exceeds the range of double.
/// @cost   two passes over the entries.
Ball euclidean_norm(std::span<const double> a);
/// The same of numbers that are known up to their radii: | |b|_2 - |middles|_2 | <= |radii|_2.
Ball euclidean_norm(std::span<const Ball> b);

/// Upper bound of (sum of a_k^2)^(1/2); infinite if an entry is infinite or NaN.
[[nodiscard]] double upper_norm(std::span<const double> a);

/// Of all entries of a matrix that lies in memory without gaps.
template <class Matrix>
std::span<const double> entries_of(const Eigen::PlainObjectBase<Matrix>& a) {
  return {a.data(), static_cast<std::size_t>(a.size())};
}
template <class Matrix>
[[nodiscard]] double upper_norm(const Eigen::PlainObjectBase<Matrix>& a) {
  return upper_norm(entries_of(a));
}

/// The root of a sum of `terms` squares, from the sum as computed, for numbers that are nowhere kept. Its radius is at
/// least 2^-510: that is what squares that have underflowed may amount to.
/// @param terms  at most 2^50.
/// @return {0, infinity} if the sum is not finite.
Ball root_of_squares(double computed_sum, std::ptrdiff_t terms);
[[nodiscard]] double upper_root_of_squares(double computed_sum, std::ptrdiff_t terms);

}  // namespace assay
