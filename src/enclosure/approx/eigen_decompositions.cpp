#include "enclosure/approx/eigen_decompositions.hpp"

#include <Spectra/SymEigsSolver.h>
#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace assay {

namespace {

using Dense = Eigen::MatrixXd;

/// An operator as Spectra wants it.
class Operator {
 public:
  using Scalar = double;
  Operator(Eigen::Index size, const std::function<void(const double*, double*)>& apply) : size_(size), apply_(apply) {}
  Eigen::Index rows() const { return size_; }
  Eigen::Index cols() const { return size_; }
  void perform_op(const double* in, double* out) const { apply_(in, out); }

 private:
  Eigen::Index size_;
  const std::function<void(const double*, double*)>& apply_;
};

}  // namespace

ApproxEigenpairs approx_eigenpairs(const Dense& a) {
  const Eigen::SelfAdjointEigenSolver<Dense> solver(a);
  const bool converged = solver.info() == Eigen::Success && solver.eigenvectors().allFinite();
  return {solver.eigenvalues(), solver.eigenvectors(), converged};
}

Eigen::VectorXd approx_eigenvalues(const Dense& a) {
  return Eigen::SelfAdjointEigenSolver<Dense>(a, Eigen::EigenvaluesOnly).eigenvalues();
}

std::optional<Dense> approx_solve_positive(const Dense& a, const Dense& b) {
  const Eigen::LLT<Dense> factored(a);
  if (factored.info() != Eigen::Success) return std::nullopt;
  return factored.solve(b);
}

Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> approx_solve_symmetric(const Dense& a,
                                                                                              const Dense& b) {
  return Eigen::LDLT<Dense>(a).solve(b);
}

ApproxSingularPair approx_least_singular_pair(const Dense& a) {
  const Eigen::Index size = a.cols();
  const Eigen::HouseholderQR<Dense> qr(a);
  const Dense triangle = qr.matrixQR().topRows(size).triangularView<Eigen::Upper>();
  const Eigen::JacobiSVD<Dense, Eigen::NoQRPreconditioner> svd(triangle, Eigen::ComputeFullV);
  const double least = svd.singularValues()(size - 1);
  if (!std::isfinite(least) || !svd.matrixV().allFinite())
    return {std::numeric_limits<double>::infinity(), Eigen::VectorXd::Unit(size, size - 1)};
  return {least, svd.matrixV().col(size - 1)};
}

std::optional<Eigen::VectorXd> approx_lowest_eigenvector(Eigen::Index size, const Lanczos& lanczos,
                                                         const std::function<void(const double*, double*)>& apply) {
  // Spectra throws for an operator that is 0 or not finite: that costs the guess alone.
  try {
    Operator product(size, apply);
    Spectra::SymEigsSolver<Operator> solver(product, 1, lanczos.basis);
    solver.init();
    solver.compute(Spectra::SortRule::SmallestAlge, lanczos.iterations, lanczos.relative_error);
    if (solver.info() != Spectra::CompInfo::Successful) return std::nullopt;
    const Eigen::VectorXd lowest = solver.eigenvectors().col(0);
    if (lowest.allFinite()) return lowest;
  } catch (const std::runtime_error&) {
  } catch (const std::logic_error&) {
  }
  return std::nullopt;
}

}  // namespace assay
