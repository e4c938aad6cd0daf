#include "enclosure/fast/spectral_norm.hpp"

#include <cmath>
#include <limits>

#include "enclosure/fast/kernels.hpp"

namespace assay::fast {

namespace {

double upper_frobenius(const RowMajorMatrix& b) {
  return inflated(b.norm() * (1 + upper_gamma(static_cast<double>(b.size() + 4))));
}

/// Upper bound of |b|_2 from `squarings` products.
double upper_norm(RowMajorMatrix b, int squarings) {
  const double norm = upper_frobenius(b);
  if (squarings == 0 || !(norm > 0) || !std::isfinite(norm)) return norm;
  // Division by a power of two keeps all digits, and products far from the ends of the range.
  const double scale = std::ldexp(1.0, std::ilogb(norm));
  b /= scale;
  const auto n = static_cast<std::size_t>(b.rows());
  RowMajorMatrix square(b.rows(), b.rows());
  products_of_rows(b.data(), n, n, b.data(), n, n, n, square.data(), n);
  const double error = inflated(upper_gamma(static_cast<double>(n)) * 4) + 0x1p-900;  // |b|_F < 2
  const double below = inflated(upper_norm(std::move(square), squarings - 1) + error);
  return inflated(scale * std::sqrt(below));
}

}  // namespace

double upper_spectral_norm(const SymmetricBall& a) {
  if (!a.middle.allFinite()) return std::numeric_limits<double>::infinity();
  return inflated(upper_norm(a.middle, 3) + a.radius);
}

}  // namespace assay::fast
