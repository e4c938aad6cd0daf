#include <Spectra/MatOp/DenseSymMatProd.h>
#include <Eigen/Eigenvalues>

#include "enclosure/approx/lanczos.hpp"
#include "enclosure/approx/point_matrix.hpp"
#include "enclosure/fast/eigenvalue.hpp"

namespace assay {

namespace {

/// From this size on shifted Lanczos steps of the fast tier are cheaper than a full decomposition; from the next on
/// even their Cholesky factors are dear, and plain Lanczos iterations are tried first.
constexpr Index kShiftedFrom = 48, kLanczosFrom = 2000;

Eigen::VectorXd lowest_of_full_decomposition(const Eigen::MatrixXd& a) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(a);
  if (solver.info() != Eigen::Success || !solver.eigenvectors().col(0).allFinite())
    return Eigen::VectorXd::Ones(a.rows()).normalized();
  return solver.eigenvectors().col(0);
}

}  // namespace

Eigen::VectorXd approx_lowest_eigenvector(const Eigen::MatrixXd& a) {
  if (a.rows() < kShiftedFrom) return lowest_of_full_decomposition(a);
  if (a.rows() < kLanczosFrom) return fast::approx_lowest_eigenvector(a);
  Spectra::DenseSymMatProd<double> product(a);
  const auto lowest = approx_lowest_by_lanczos(product, 40, 200, 1e-12);
  return lowest ? *lowest : fast::approx_lowest_eigenvector(a);
}

}  // namespace assay
