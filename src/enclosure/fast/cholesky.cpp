#include "enclosure/fast/cholesky.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "enclosure/ball.hpp"
#include "enclosure/fast/kernels.hpp"
#include "enclosure/index.hpp"
#include "enclosure/norm.hpp"
#include "enclosure/stop.hpp"

namespace assay::fast {

namespace {

using Index = Eigen::Index;
constexpr Index kBlock = 8;

/// products(i, j) = sum over k < count of l(first_a + i, k) l(first_b + j, k).
void products(const RowMajorMatrix& l, Index first_a, Index rows_a, Index first_b, Index rows_b, Index count,
              std::vector<double>& out) {
  out.resize(size(rows_a * rows_b));
  const std::size_t stride = size(l.cols());
  products_of_rows(l.data() + first_a * l.cols(), stride, size(rows_a), l.data() + first_b * l.cols(), stride,
                   size(rows_b), size(count), out.data(), size(rows_b));
}

/// Row i of the block of columns [first, last), whose part from earlier columns is already subtracted.
bool finish_row(RowMajorMatrix& l, Index i, Index first, Index last) {
  double* row = l.data() + i * l.cols();
  for (Index j = first; j < last && j <= i; ++j) {
    const double* other = l.data() + j * l.cols();
    double value = row[j];
    for (Index k = first; k < j; ++k) value -= row[k] * other[k];
    if (i == j) {
      if (!(value > 0) || !std::isfinite(value)) return false;
      row[j] = std::sqrt(value);
    } else {
      row[j] = value / other[j];
    }
  }
  return true;
}

}  // namespace

bool approx_cholesky(const RowMajorMatrix& a, double shift, RowMajorMatrix& l) {
  const Index n = a.rows();
  l.setZero(n, n);
  std::vector<double> earlier;
  for (Index first = 0; first < n; first += kBlock) {
    leave_if_stopped();
    const Index last = std::min(first + kBlock, n), width = last - first;
    products(l, first, n - first, first, width, first, earlier);
    for (Index i = first; i < n; ++i) {
      for (Index j = first; j < last && j <= i; ++j)
        l(i, j) = (i == j ? a(i, i) - shift : a(i, j)) - earlier[size((i - first) * width + j - first)];
      if (!finish_row(l, i, first, last)) return false;
    }
  }
  return true;
}

double upper_residual_norm(const RowMajorMatrix& a, double shift, const RowMajorMatrix& l) {
  const Index n = a.rows();
  double squares = 0, factor_squares = 0, entry_squares = 0;
  std::vector<double> block;
  for (Index first = 0; first < n; first += kBlock) {
    leave_if_stopped();
    const Index last = std::min(first + kBlock, n);
    products(l, first, last - first, 0, last, last, block);
    for (Index i = first; i < last; ++i)
      for (Index j = 0; j <= i; ++j) {
        const double entry = i == j ? a(i, i) - shift : a(i, j);
        const double difference = entry - block[size((i - first) * last + j)];
        const double weight = i == j ? 1 : 2;
        squares += weight * difference * difference;
        entry_squares += weight * a(i, j) * a(i, j);
        factor_squares += l(i, j) * l(i, j);
      }
  }
  const double residual = upper_root_of_squares(squares, n * n), entries = upper_root_of_squares(entry_squares, n * n);
  const double from_products = inflated(upper_gamma(static_cast<double>(n + 2)) * upper_sum(factor_squares, n * n));
  const double from_entries = inflated(4 * kUnitRoundoff * (entries + std::fabs(shift)));
  return inflated(residual + from_products + from_entries);
}

}  // namespace assay::fast
