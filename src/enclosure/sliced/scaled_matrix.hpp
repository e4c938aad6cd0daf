#pragma once

#include <optional>

#include "enclosure/approx/point_matrix.hpp"
#include "enclosure/fast/cholesky.hpp"
#include "enclosure/matrix.hpp"
#include "enclosure/sliced/digits.hpp"

namespace assay::sliced {

/// Every symmetric matrix in A, scaled by a power of two so that entries are below 1/4, as exact digits and a radius:
///
///   2^-exponent A  in  { M + E : |E|_inf <= radius },   M in digits
///
/// The lower triangle of A decides. Entry (i, j) stands at place i stride + j; rows are filled up with zeros.
class ScaledMatrix {
 public:
  /// @param a           square, entries finite, not all 0.
  /// @param planes      digits after the point; what is cut off is in the radius.
  /// @param negligible  scaled entries no wider than this are represented by their lower ends, for speed.
  ScaledMatrix(const IntervalMatrix& a, long planes, double negligible = 0);

  Index rows() const { return rows_; }
  std::size_t stride() const { return stride_; }
  long exponent() const { return exponent_; }
  const Digits& middle() const { return middle_; }
  /// Upper bounds of |E|_inf and of |2^-exponent A|_inf.
  double radius() const { return radius_; }
  double norm() const { return norm_; }
  /// M, rounded.
  const fast::RowMajorMatrix& approx_doubles() const { return doubles_; }

 private:
  /// Sets the middle of an entry, returns an upper bound of its radius.
  double set(Index i, Index j, const Interval& entry, PointMatrix& scratch);

  Index rows_;
  std::size_t stride_;
  long exponent_;
  double negligible_;
  Digits middle_;
  fast::RowMajorMatrix doubles_;
  double radius_ = 0, norm_ = 0;
};

/// M v for a vector v of digits, |v_i| < 1/2, exactly, in points that have the bits for it.
/// @cost  (digits of M) (digits of v) N^2 operations of double.
PointMatrix product(const ScaledMatrix& m, const Digits& v);

/// v' M v / v' v, and M v.
struct [[nodiscard]] Quotient {
  Interval value;
  PointMatrix image;
};
/// Of v, |v_i| < 1, as far as its own bits go after the point. Nothing if that is 0.
[[nodiscard]] std::optional<Quotient> rayleigh_quotient(const ScaledMatrix& m, const PointMatrix& v);

}  // namespace assay::sliced
