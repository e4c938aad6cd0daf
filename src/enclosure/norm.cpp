#include "enclosure/norm.hpp"

#include <algorithm>
#include <vector>

#include "enclosure/ball.hpp"
#include "enclosure/environment.hpp"

namespace assay {

namespace {

using Entries = Eigen::Map<const Eigen::ArrayXd>;

/// 2^e near the largest entry, so that its square neither underflows nor overflows.
int exponent_near(double largest) {
  return std::clamp(std::ilogb(largest), -1000, 1000);
}

}  // namespace

Ball euclidean_norm(std::span<const double> a) {
  require_sound_environment();
  if (a.empty()) return {};
  const Entries entries(a.data(), static_cast<Eigen::Index>(a.size()));
  if (!entries.isFinite().all()) return {0, kInfinity};
  const double largest = entries.abs().maxCoeff();
  if (largest == 0) return {};
  const int exponent = exponent_near(largest);
  // Division by a power of two is exact where nothing underflows; what does, there or in a square, is below 2^-1074 in
  // a sum of squares that is at least 2^-148.
  const double scaled = std::sqrt((entries * std::ldexp(1.0, -exponent)).square().sum());
  const double norm = std::ldexp(scaled, exponent);
  if (!std::isfinite(norm)) return {0, kInfinity};
  return {norm, inflated(norm * upper_gamma(static_cast<double>(a.size() + 4)))};
}

Ball euclidean_norm(std::span<const Ball> b) {
  std::vector<double> middles, radii;
  for (const Ball& ball : b) {
    middles.push_back(ball.middle);
    radii.push_back(ball.radius);
  }
  Ball norm = euclidean_norm(middles);
  norm.radius = inflated(norm.radius + upper_norm(radii));
  return norm;
}

double upper_norm(std::span<const double> a) {
  const Ball norm = euclidean_norm(a);
  return norm.radius == 0 ? norm.middle : norm.magnitude();
}

Ball root_of_squares(double computed_sum, std::ptrdiff_t terms) {
  if (!std::isfinite(computed_sum)) return {0, kInfinity};
  const double root = std::sqrt(computed_sum);
  // sqrt(a + b) <= sqrt a + sqrt b, and the squares that underflow lose less than 2^-1020 together.
  return {root, inflated(root * upper_gamma(static_cast<double>(terms + 8)) + 0x1p-510)};
}

double upper_root_of_squares(double computed_sum, std::ptrdiff_t terms) {
  return root_of_squares(computed_sum, terms).magnitude();
}

}  // namespace assay
