#pragma once

#include <Eigen/Core>
#include <functional>
#include <optional>

namespace assay {

// Eigen's decompositions in double, compiled once: each takes seconds of compilation wherever it is instantiated.
// Guesses, all of them: nothing here proves anything.

/// Eigenvalues in increasing order, with eigenvectors of length 1 as columns.
struct ApproxEigenpairs {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
  bool converged = false;
};

/// Of the symmetric matrix whose lower triangle is that of a.
ApproxEigenpairs approx_eigenpairs(const Eigen::MatrixXd& a);
Eigen::VectorXd approx_eigenvalues(const Eigen::MatrixXd& a);

/// A^-1 B by Cholesky's factors L L'; nothing at a pivot that is not positive.
std::optional<Eigen::MatrixXd> approx_solve_positive(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);
/// A^-1 B by the pivoted factors L D L' of a symmetric A; row after row, as its callers keep it.
Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> approx_solve_symmetric(const Eigen::MatrixXd& a,
                                                                                              const Eigen::MatrixXd& b);

/// The least singular value of A, rows >= columns, with its right singular vector: by QR, then Jacobi's rotations, so
/// that a value far below |A| keeps its digits.
struct ApproxSingularPair {
  double value = 0;
  Eigen::VectorXd right;
};
ApproxSingularPair approx_least_singular_pair(const Eigen::MatrixXd& a);

/// Lanczos iterations with restarts (Spectra) for the lowest eigenvector of a symmetric operator.
struct Lanczos {
  Eigen::Index basis = 0;  ///< size of the Krylov space
  Eigen::Index iterations = 0;
  double relative_error = 0;
};
/// @param apply  out <- A in, both of `size` numbers.
/// @return  nothing if the iterations did not converge.
std::optional<Eigen::VectorXd> approx_lowest_eigenvector(Eigen::Index size, const Lanczos& lanczos,
                                                         const std::function<void(const double*, double*)>& apply);

}  // namespace assay
