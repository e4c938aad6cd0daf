#pragma once

#include <span>

#include "data/instance.hpp"

namespace assay {

/// Inputs and labels, one row per sample.
struct Samples {
  RealMatrix x;  ///< n x d_in
  RealMatrix y;  ///< n x d
};

/// Fisher's iris measurements as inputs and labels in the unit ball (d_in = 4, d = 3).
///
///   x_i = (features_i - mean) / s,   s = max_i |features_i - mean|,   y_i = (e_class(i) - 1/3) sqrt(3/2)
///
/// with mean and s taken over all 150 flowers, in doubles by + - * / and sqrt in a fixed order (the same doubles on
/// every machine), and then shrunk by a common factor until in_unit_ball of every row: norms are certainly at most 1.
/// @param rows  1-based, in the order wanted; empty: all 150. Two flowers (102, 143) have the same x.
/// @throws InputError "rows: 151 is not a row of iris (1 to 150)".
/// @source  Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7 (1936) 179-188.
Samples iris(std::span<const Eigen::Index> rows);

}  // namespace assay
