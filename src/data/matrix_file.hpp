#pragma once

#include <string>

#include "data/instance.hpp"

namespace assay {

/// The matrix in a .csv file (see parse_csv) or a .npy file (see parse_npy); the ending decides.
/// @param header  CSV files start with a line of names.
/// @throws InputError as the two readers do, and for any other ending.
RealMatrix read_matrix(const std::string& path, bool header);

}  // namespace assay
