#pragma once

#include <Eigen/Core>

namespace assay::fast {

using RowMajorMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Lower triangular l, zeros above, with l l' near a - shift I; the lower triangle of a counts. A guess that proves
/// nothing.
/// @return false, and l half done, at a pivot that is not positive.
/// @cost   N^3 / 3 flops, most of them in products_of_rows.
bool approx_cholesky(const RowMajorMatrix& a, double shift, RowMajorMatrix& l);

/// Upper bound of |a - shift I - l l'|_2, entirely from doubles:
///   |E~|_F + gamma_{N+2} |l|_F^2 + 4 u (|a|_F + |shift|),   E~ the residual as computed.
/// |true residual - E~| <= gamma_{N+2} |l_i| |l_j| + 2 u (...) entry by entry, and the matrix |l_i| |l_j| has norm
/// |l|_F^2.
/// @cost  N^3 / 3 flops. Infinite if something is not finite.
[[nodiscard]] double upper_residual_norm(const RowMajorMatrix& a, double shift, const RowMajorMatrix& l);

}  // namespace assay::fast
