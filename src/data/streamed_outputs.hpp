#pragma once

#include <Eigen/Core>

namespace assay {

/// Outputs that a NeuronStream may have: the signs of a column are the bits of one word.
constexpr Eigen::Index kMostStreamedOutputs = 64;

}  // namespace assay
