#include "enclosure/whitening.hpp"

#include <stdexcept>

#include "enclosure/approx/point_matrix.hpp"

namespace assay {

std::optional<IntervalMatrix> approx_whitening(const IntervalMatrix& k, Bits bits) {
  if (k.rows() != k.cols()) throw std::invalid_argument("approx_whitening: expected a square matrix");
  const Index n = k.rows();
  PointMatrix l(n, n, bits);
  if (!approx_cholesky(approx_midpoint(k, bits), Interval::from_integer(0, bits), l)) return std::nullopt;
  // Column by column of L S = I; only the lower end of what rounding leaves is kept.
  IntervalMatrix s(n, n);
  for (Index j = 0; j < n; ++j)
    for (Index i = j; i < n; ++i) {
      Interval sum = Interval::from_integer(i == j ? 1 : 0, bits);
      for (Index p = j; p < i; ++p) sum -= l.exact(i, p) * s(p, j);
      s(i, j) = (sum / l.exact(i, i)).lower();
    }
  return s;
}

}  // namespace assay
