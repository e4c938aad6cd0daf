#pragma once

#include <Eigen/Core>
#include <vector>

#include "enclosure/sliced/scaled_matrix.hpp"

namespace assay::sliced {

/// A Cholesky factor of M - s I in digits, and its residual, block of columns by block of columns.
///
///   D = M - s I - sum over earlier blocks L L',   exact but for products of digits far below the last place;
///   a column of L is a guess from D;   |D - L L'| of the block is the residual of its columns.
///
/// The columns of a block are R^{-h/2} times digits 1, ..., n, h chosen so that the first digit is in use: columns far
/// down the spectrum cost fewer digits. Digit q of D gets every product of digits s + u = q - h, s + u <= n + 2; the
/// others are bounded.
class Factor {
 public:
  explicit Factor(const ScaledMatrix& m) : m_(m) {}

  /// Digits after the point for which the residual of a factor is likely to be below gap / 8.
  static long places_for(double log2_gap, Index rows);
  /// The most that `compute` takes.
  static constexpr long kMostPlaces = 44;

  /// @param shift   numbers with at most `places` digits after the point.
  /// @param places  Q, at most kMostPlaces.
  /// @return false, and nothing to be had, at a pivot that is not positive, or where the digits do not suffice for the
  ///         columns or the shift.
  bool compute(mpfr_srcptr shift, long places);

  /// Upper bound of |M - s I - L L'|_inf for the last success.
  [[nodiscard]] double upper_residual() const;
  /// That L, rounded.
  using Rounded = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  const Rounded& approx_l() const { return rounded_; }
  /// Number (i, k) of L, exactly if out has the bits.
  void entry(Index i, Index k, mpfr_ptr out) const;

 private:
  static constexpr Index kBlock = 16;
  struct Block {
    Index first = 0;
    long h = 0, n = 0;
    Digits digits;  // column k, row i at place k stride + i
  };
  enum class Fit { done, too_large, not_positive };

  void load(Index first, mpfr_srcptr shift);
  void subtract(const Block& block, Index first);
  void carry(Index first);
  Fit fit(Block& block);
  Fit column(Block& block, Index j) const;
  void add_residual(Index first);
  void add_rounded(const Block& block);
  Index width(Index first) const { return std::min(kBlock, m_.rows() - first); }

  const ScaledMatrix& m_;
  long places_ = 0;
  std::vector<Block> blocks_;
  Digits d_;         // the block of columns that is worked on: column j, row i at place j stride + i
  double load_ = 0;  // bound of its digits
  double cut_ = 0;   // bound of what is left out of an entry
  std::vector<double> row_sums_;
  Rounded rounded_;
};

}  // namespace assay::sliced
