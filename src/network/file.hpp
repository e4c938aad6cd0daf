#pragma once

#include <string>
#include <string_view>

namespace assay {

/// The bytes of a file.
/// @throws InputError "x.csv: cannot be opened (No such file or directory)", or "cannot be read (...)".
std::string read_file(const std::string& path);

/// Puts `bytes` at `path`, whole or not at all: a temporary file in the same folder, then a rename.
/// @throws InputError "out/x.csv: cannot be written (...)"; nothing is left behind then, and an older file stays.
void write_file(const std::string& path, std::string_view bytes);

}  // namespace assay
