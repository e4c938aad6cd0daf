#include "regression/kernel_descent.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/environment.hpp"

namespace assay {

namespace {

void check_square(const BallMatrix& kernel) {
  if (kernel.rows() == 0 || kernel.rows() != kernel.cols())
    throw std::invalid_argument(
        fmt::format("kernel descent: expected a square kernel, found {} x {}", kernel.rows(), kernel.cols()));
}

double upper_lambda_max(const BallMatrix& kernel) {
  check_square(kernel);
  // Twice the roundoff of the sum, so that every entry is covered.
  const RowMajorMatrix magnitudes = (kernel.middle.cwiseAbs() + kernel.radii) * (1 + 0x1p-50);
  const double bound = fast::upper_norm_of_radii(magnitudes);
  if (!std::isfinite(bound) || !(bound > 0))
    throw std::invalid_argument("kernel descent: expected a bounded kernel other than 0");
  return bound;
}

}  // namespace

double safe_step(const BallMatrix& kernel) {
  return (1 - 0x1p-50) / upper_lambda_max(kernel);
}

KernelDescent::KernelDescent(const BallMatrix& kernel, const BallMatrix& labels, double eta)
    : kernel_(kernel),
      labels_(labels),
      eta_(eta),
      kernel_norm_(upper_norm(kernel.middle)),
      kernel_radius_(upper_norm(kernel.radii)),
      label_radius_(upper_norm(labels.radii)),
      c_(RowMajorMatrix::Zero(labels.rows(), labels.cols())) {
  if (labels.rows() != kernel.rows())
    throw std::invalid_argument(
        fmt::format("KernelDescent: expected {} rows of labels, found {}", kernel.rows(), labels.rows()));
  if (!(eta > 0) || !(eta <= safe_step(kernel)))
    throw std::invalid_argument(
        fmt::format("KernelDescent: expected a step in (0, {:.3g}], found {:.3g}", safe_step(kernel), eta));
}

void KernelDescent::step() {
  const RowMajorMatrix products = kernel_.middle * c_;  // apart, so that no label enters its sums
  const RowMajorMatrix residual = products - labels_.middle;
  const double size = upper_norm(c_), gamma = upper_gamma(static_cast<double>(c_.rows() + 4));
  c_ -= eta_ * residual;
  const double product_error = upper_product(inflated(kernel_radius_ + gamma * kernel_norm_), size);
  const double roundings = inflated(4 * kUnitRoundoff * (eta_ * upper_norm(residual) + upper_norm(c_)));
  // An infinite radius times a coefficient 0 is nothing known, too.
  const double defect = inflated(eta_ * inflated(product_error + label_radius_) + roundings);
  distance_ = std::isnan(defect) ? std::numeric_limits<double>::infinity() : inflated(distance_ + defect);
  ++steps_;
}

void KernelDescent::run(long steps) {
  require_sound_environment();
  for (long k = 0; k < steps; ++k) step();
}

BallMatrix expansion(const BallMatrix& block, const RowMajorMatrix& coefficients, double distance) {
  if (block.cols() != coefficients.rows())
    throw std::invalid_argument(
        fmt::format("expansion: expected {} coefficients, found {}", block.cols(), coefficients.rows()));
  require_sound_environment();
  const Index terms = block.cols();
  const double gamma = upper_gamma(static_cast<double>(terms + 4));
  const RowMajorMatrix magnitudes = block.middle.cwiseAbs();
  BallMatrix values{block.middle * coefficients, RowMajorMatrix()};
  // What underflows in a sum meets coefficients of any size.
  constexpr double kUnderflow = 0x1p-1020;
  const RowMajorMatrix spread = (block.radii + gamma * magnitudes).array() + kUnderflow;
  values.radii = spread * coefficients.cwiseAbs();
  for (Index v = 0; v < values.rows(); ++v) {
    const RowMajorMatrix most = (magnitudes.row(v) + block.radii.row(v)) * (1 + 0x1p-50);
    const double row = upper_norm(most);
    for (Index l = 0; l < values.cols(); ++l)
      values.radii(v, l) = inflated(upper_sum(values.radii(v, l), terms) + row * distance);
  }
  return values;
}

Ball squared_rkhs_norm(const BallMatrix& kernel, const RowMajorMatrix& coefficients) {
  check_square(kernel);
  const double computed = (kernel.middle * coefficients).cwiseProduct(coefficients).sum();
  const double size = upper_norm(coefficients);
  const double gamma = upper_gamma(2.0 * static_cast<double>(kernel.rows() + coefficients.cols() + 8));
  const double relative = inflated(upper_norm(kernel.radii) + gamma * upper_norm(kernel.middle));
  return {computed, upper_product(relative, size, size)};
}

RowMajorMatrix approx_ridge_coefficients(const BallMatrix& kernel, const BallMatrix& labels, double ridge) {
  check_square(kernel);
  Eigen::MatrixXd shifted = kernel.middle;
  shifted.diagonal().array() += ridge;
  return approx_solve_symmetric(shifted, labels.middle);
}

ApproxSpectralDescent::ApproxSpectralDescent(const BallMatrix& kernel, double eta) : eta_(eta) {
  check_square(kernel);
  const ApproxEigenpairs pairs = approx_eigenpairs(kernel.middle);
  eigenvalues_ = pairs.values.cwiseMax(1e-15 * pairs.values.maxCoeff());
  eigenvectors_ = pairs.vectors;
}

RowMajorMatrix ApproxSpectralDescent::coefficients(const RowMajorMatrix& labels, double tau) const {
  RowMajorMatrix spectral = eigenvectors_.transpose() * labels;
  for (Index j = 0; j < spectral.rows(); ++j) {
    const double lambda = eigenvalues_(j), exponent = std::isinf(tau) ? -tau : tau * std::log1p(-eta_ * lambda);
    spectral.row(j) *= -std::expm1(exponent) / lambda;
  }
  return eigenvectors_ * spectral;
}

}  // namespace assay
