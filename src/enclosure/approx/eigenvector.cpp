#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/approx/point_matrix.hpp"
#include "enclosure/fast/eigenvalue.hpp"

namespace assay {

namespace {

/// From this size on shifted Lanczos steps of the fast tier are cheaper than a full decomposition; from the next on
/// even their Cholesky factors are dear, and plain Lanczos iterations are tried first.
constexpr Index kShiftedFrom = 48, kLanczosFrom = 2000;

Eigen::VectorXd lowest_of_full_decomposition(const Eigen::MatrixXd& a) {
  const ApproxEigenpairs pairs = approx_eigenpairs(a);
  if (!pairs.converged) return Eigen::VectorXd::Ones(a.rows()).normalized();
  return pairs.vectors.col(0);
}

}  // namespace

Eigen::VectorXd approx_lowest_eigenvector(const Eigen::MatrixXd& a) {
  if (a.rows() < kShiftedFrom) return lowest_of_full_decomposition(a);
  if (a.rows() < kLanczosFrom) return fast::approx_lowest_eigenvector(a);
  const auto lowest = approx_lowest_eigenvector(a.rows(), {40, 200, 1e-12}, [&](const double* in, double* out) {
    Eigen::Map<Eigen::VectorXd>(out, a.rows()).noalias() =
        a.selfadjointView<Eigen::Lower>() * Eigen::Map<const Eigen::VectorXd>(in, a.rows());
  });
  if (lowest) return *lowest;
  return fast::approx_lowest_eigenvector(a);
}

}  // namespace assay
