#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include "enclosure/matrix.hpp"

namespace assay {

/// A matrix of MPFR numbers of one precision, in one block of memory, for guesses: what is computed with it is rounded
/// to nearest and proves nothing.
class PointMatrix {
 public:
  PointMatrix(Index rows, Index cols, Bits bits);
  PointMatrix(const PointMatrix&) = delete;
  PointMatrix& operator=(const PointMatrix&) = delete;
  PointMatrix(PointMatrix&&) noexcept = default;
  PointMatrix& operator=(PointMatrix&&) noexcept = default;

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  Bits bits() const { return bits_; }
  mpfr_ptr operator()(Index i, Index j) { return &numbers_[static_cast<std::size_t>(i * cols_ + j)]; }
  mpfr_srcptr operator()(Index i, Index j) const { return &numbers_[static_cast<std::size_t>(i * cols_ + j)]; }
  /// The number at (i, j) as an interval of one point.
  Interval exact(Index i, Index j) const;

 private:
  Index rows_, cols_;
  Bits bits_;
  std::vector<mp_limb_t> limbs_;  // freed as a whole; the numbers point into it
  std::vector<__mpfr_struct> numbers_;
};

/// Midpoints of A, rounded to nearest.
PointMatrix approx_midpoint(const IntervalMatrix& a, Bits bits);
/// Lower triangular L with L L' near A - shift I. @return false, and L half done, at a pivot that is not positive.
bool approx_cholesky(const PointMatrix& a, const Interval& shift, PointMatrix& l);
/// v <- (L L')^-1 v, scaled to largest magnitude near 1.
void approx_inverse_step(const PointMatrix& l, PointMatrix& v);

/// A unit vector near the eigenvector of the smallest eigenvalue of A, from Eigen in double (Spectra for large N).
Eigen::VectorXd approx_lowest_eigenvector(const Eigen::MatrixXd& a);

}  // namespace assay
