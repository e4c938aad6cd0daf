#pragma once

#include <Eigen/Core>

namespace assay {

/// Rank of a matrix of doubles, taken as exact numbers, by elimination in rational numbers.
/// @throws std::invalid_argument if an entry is not finite.
/// @cost  min(rows, cols) rows cols rational operations; the size of the numbers grows with each step.
Eigen::Index exact_rank(
    const Eigen::Ref<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>& matrix);

}  // namespace assay
