#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "enclosure/interval.hpp"

namespace assay {

/// Eigen's type of an index, without its headers.
using Index = std::ptrdiff_t;
using IntervalVector = std::vector<Interval>;

/// A matrix of enclosures, row by row: it stands for every real matrix whose entries lie in it.
class IntervalMatrix {
 public:
  IntervalMatrix() = default;
  /// rows x cols zeros.
  IntervalMatrix(Index rows, Index cols);

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  Interval& operator()(Index i, Index j) { return entries_[static_cast<std::size_t>(i * cols_ + j)]; }
  const Interval& operator()(Index i, Index j) const { return entries_[static_cast<std::size_t>(i * cols_ + j)]; }
  std::span<const Interval> row(Index i) const {
    return {entries_.data() + i * cols_, static_cast<std::size_t>(cols_)};
  }
  std::span<const Interval> entries() const { return entries_; }

 private:
  Index rows_ = 0, cols_ = 0;
  std::vector<Interval> entries_;
};

/// Sum of a_k b_k for exact numbers a_k, b_k; a point where the sum has at most `bits` bits and all that was added up
/// to it has. @throws std::invalid_argument for unequal lengths.
/// @cost  a few dozen operations of double a term; of MPFI where `bits` or cancellation ask for more than two doubles.
Interval dot(std::span<const double> a, std::span<const double> b, Bits bits);
/// Sum of a_k b_k. @throws std::invalid_argument for unequal lengths.
Interval dot(std::span<const Interval> a, std::span<const Interval> b);
/// (sum of a_k^2)^(1/2) of exact numbers, or of enclosures.
Interval euclidean_norm(std::span<const double> a, Bits bits);
Interval euclidean_norm(std::span<const Interval> a);

/// Entry by entry; @throws std::invalid_argument for unequal shapes.
IntervalMatrix operator-(const IntervalMatrix& a, const IntervalMatrix& b);
IntervalMatrix operator*(const IntervalMatrix& a, const IntervalMatrix& b);
IntervalMatrix transposed(const IntervalMatrix& a);

/// Norm (sum of squares)^(1/2) of every matrix in a.
Interval frobenius_norm(const IntervalMatrix& a);
/// Largest |entry| of every matrix in a.
Interval largest_magnitude(const IntervalMatrix& a);
/// Largest row sum of |entries|; for symmetric matrices it bounds the spectral norm from above.
Interval row_sum_norm(const IntervalMatrix& a);

/// Upper bound of the spectral norm of every symmetric matrix B with |B| <= a entry by entry.
///
///   ||B||_2 <= rho(|B|) <= max_i (a v)_i / v_i  for every v > 0   (Collatz-Wielandt)
///
/// v comes from a few power steps in double and is trusted with nothing but its sign.
/// @param a  symmetric, entries certainly >= 0.
/// @return  an interval whose upper end is the bound; its lower end is 0.
/// @throws std::invalid_argument if a is not square or has an entry that may be negative.
/// @cost   N^2 interval operations.
Interval upper_spectral_norm(const IntervalMatrix& a);

/// Runs body(0), ..., body(count - 1) on up to `threads` threads. Each index is done whole by one thread, so results
/// written per index do not depend on the number of threads. The first exception is rethrown.
void parallel_for(Index count, int threads, const std::function<void(Index)>& body);

Interval trace(const IntervalMatrix& a);

/// The symmetric n x n matrix with these entries, each asked for once, j <= i.
IntervalMatrix symmetric_matrix(Index n, const auto& entry) {
  IntervalMatrix result(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) result(i, j) = result(j, i) = entry(i, j);
  return result;
}

}  // namespace assay
