#include <Spectra/MatOp/DenseSymMatProd.h>
#include <Spectra/SymEigsSolver.h>
#include <Eigen/Eigenvalues>

#include "enclosure/approx/point_matrix.hpp"

namespace assay {

namespace {

/// Above this size Lanczos iterations are tried before a full decomposition.
constexpr Index kLanczosFrom = 200;

Eigen::VectorXd lowest_of_full_decomposition(const Eigen::MatrixXd& a) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(a);
  if (solver.info() != Eigen::Success) return Eigen::VectorXd::Ones(a.rows()).normalized();
  return solver.eigenvectors().col(0);
}

}  // namespace

Eigen::VectorXd approx_lowest_eigenvector(const Eigen::MatrixXd& a) {
  if (a.rows() < kLanczosFrom) return lowest_of_full_decomposition(a);
  Spectra::DenseSymMatProd<double> product(a);
  Spectra::SymEigsSolver<Spectra::DenseSymMatProd<double>> solver(product, 1, 40);
  solver.init();
  solver.compute(Spectra::SortRule::SmallestAlge, 200, 1e-12);
  if (solver.info() == Spectra::CompInfo::Successful) return solver.eigenvectors().col(0);
  return lowest_of_full_decomposition(a);
}

}  // namespace assay
