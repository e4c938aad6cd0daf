#pragma once

#include <string>
#include <string_view>

#include "data/instance.hpp"

namespace assay {

/// The matrix in the bytes of a NumPy file: format 1, 2 or 3, dtype '<f8' or '<f4' (which are doubles
/// exactly), rows or columns first, two dimensions, finite entries.
///
/// Memory is taken only after the shape was found to agree with the number of bytes present.
/// @param path  for messages.
/// @throws InputError that says what was found and what was expected, and how to save the array that way.
/// @source  numpy.lib.format, "NumPy array interface .npy", versions 1.0 to 3.0.
RealMatrix parse_npy(std::string_view bytes, const std::string& path);

/// parse_npy of a file. @throws InputError also if it cannot be read.
RealMatrix read_npy(const std::string& path);

}  // namespace assay
