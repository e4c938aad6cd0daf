#pragma once

#include <Spectra/SymEigsSolver.h>

#include <Eigen/Core>
#include <optional>
#include <stdexcept>

namespace assay {

/// A unit vector near the eigenvector of the smallest eigenvalue of a symmetric operator, by Spectra's restarted
/// Lanczos iterations. Proves nothing.
/// @param product  what Spectra calls a matrix operation.
/// @return nothing where the iterations do not converge or fail: that costs the guess alone. (Spectra throws for an
///         operator that is 0 or not finite.)
template <class Product>
std::optional<Eigen::VectorXd> approx_lowest_by_lanczos(Product& product, Eigen::Index basis, Eigen::Index iterations,
                                                        double relative_error) {
  try {
    Spectra::SymEigsSolver<Product> solver(product, 1, basis);
    solver.init();
    solver.compute(Spectra::SortRule::SmallestAlge, iterations, relative_error);
    if (solver.info() != Spectra::CompInfo::Successful) return std::nullopt;
    const Eigen::VectorXd lowest = solver.eigenvectors().col(0);
    if (lowest.allFinite()) return lowest;
  } catch (const std::runtime_error&) {
  } catch (const std::logic_error&) {
  }
  return std::nullopt;
}

}  // namespace assay
