#pragma once

#include <vector>

#include "enclosure/approx/point_matrix.hpp"

namespace assay {

/// A lower triangular matrix of many bits, cut into slices of integers in double, so that inner products of its rows
/// are a few products of doubles without any rounding error.
///
///   l_ik = 2^{e_i} sum_{s=1..S} t_s(i,k) 2^{-ws},   t_s integers, |t_s| <= 2^{w-1},   2 w <= 55 - log2(N) - log2(S)
///
/// Sums over k of t_s t_u, and over the pairs with one s + u, stay below 2^53: exact in any order, fused or not.
/// @source Ozaki, Ogita, Oishi, Rump, Numerical Algorithms 59 (2012) 95-118.
class SlicedMatrix {
 public:
  /// @param row_exponents  e_i with |l_ik| <= 2^{e_i - 1} for all k.
  /// @param bits           at least so many bits below 2^{e_i} are kept; at most kMostBits.
  SlicedMatrix(std::vector<long> row_exponents, Bits bits);
  /// The lowest digits of an entry have to be in the range of double.
  static constexpr Bits kMostBits = 900;

  Index rows() const { return static_cast<Index>(exponents_.size()); }
  /// Rounds x to the grid of its row. @return false if it does not fit there.
  bool set(Index i, Index k, mpfr_srcptr x);

  /// Inner products of the rows [first_a, first_a + rows_a) with [first_b, ...), over the columns below `count`.
  void multiply(Index first_a, Index rows_a, Index first_b, Index rows_b, Index count);
  /// Entry (a, b), counted from the first rows, of the last `multiply`, rounded to nearest.
  void approx_entry(Index a, Index b, mpfr_ptr out);
  /// The same, enclosed: exact but for the pairs of slices s + u > S + 1, which `multiply` leaves out:
  /// together at most S count 2^{e_a + e_b - wS - 1}.
  Interval entry(Index a, Index b);

 private:
  std::vector<double>& slice(std::size_t s) { return slices_[s]; }
  void exact_sum(Index a, Index b);

  std::vector<long> exponents_;
  std::size_t count_slices_ = 1;
  long width_ = 1;
  std::vector<std::vector<double>> slices_;  // S of them, N x N each
  std::vector<std::vector<double>> sums_;    // by s + u - 2, of the last multiply
  std::vector<double> pair_;
  std::vector<double> pieces_;  // an entry as a sum of doubles, while it is cut
  Index first_a_ = 0, first_b_ = 0, rows_b_ = 0, terms_ = 0;
  PointMatrix scratch_, left_out_;
};

/// Cholesky factor of a - shift I as approx_cholesky gives it, in slices and in points. @return false at a bad pivot.
bool approx_sliced_cholesky(const PointMatrix& a, const Interval& shift, SlicedMatrix& sliced, PointMatrix& l);

/// Row exponents that hold the Cholesky factor of a - shift I for every shift >= least_shift.
std::vector<long> factor_exponents(const IntervalMatrix& a, const Interval& least_shift);

}  // namespace assay
