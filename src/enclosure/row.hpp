#pragma once

#include <Eigen/Core>
#include <span>

#include "enclosure/fast/cholesky.hpp"
#include "enclosure/index.hpp"

namespace assay {

/// Row i of a matrix that lies in memory row by row.
inline std::span<double> row_of(fast::RowMajorMatrix& matrix, Index i) {
  return {matrix.data() + i * matrix.cols(), size(matrix.cols())};
}
inline std::span<const double> row_of(const fast::RowMajorMatrix& matrix, Index i) {
  return {matrix.data() + i * matrix.cols(), size(matrix.cols())};
}

}  // namespace assay
