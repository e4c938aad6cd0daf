#include "enclosure/fast/spectral_norm.hpp"

#include <cmath>
#include <limits>

#include "enclosure/environment.hpp"
#include "enclosure/fast/kernels.hpp"
#include "enclosure/norm.hpp"

namespace assay::fast {

namespace {

/// Upper bound of |b|_2 from `squarings` products.
double upper_norm_by_squaring(RowMajorMatrix b, int squarings) {
  const double norm = upper_norm(b);
  if (squarings == 0 || !(norm > 0) || !std::isfinite(norm)) return norm;
  // Division by a power of two keeps all digits, and products far from the ends of the range.
  const double scale = std::ldexp(1.0, std::ilogb(norm));
  b /= scale;
  const auto n = static_cast<std::size_t>(b.rows());
  RowMajorMatrix square(b.rows(), b.rows());
  products_of_rows(b.data(), n, n, b.data(), n, n, n, square.data(), n);
  const double error = inflated(upper_gamma(static_cast<double>(n)) * 4) + 0x1p-900;  // |b|_F < 2
  const double below = inflated(upper_norm_by_squaring(std::move(square), squarings - 1) + error);
  return inflated(scale * std::sqrt(below));
}

}  // namespace

double upper_spectral_norm(const SymmetricBall& a) {
  require_sound_environment();
  if (!a.middle.allFinite()) return std::numeric_limits<double>::infinity();
  return inflated(upper_norm_by_squaring(a.middle, 3) + a.radius);
}

}  // namespace assay::fast
