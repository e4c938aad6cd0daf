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

/// Puts `bytes` at the end of a file, which is made if there is none. Stopped half-way, it leaves a part of them.
/// @throws InputError as above, also where `path` is a link or no ordinary file.
void append_to_file(const std::string& path, std::string_view bytes);

/// 0 if files can be written in a folder, or the error number of the try; nothing stays behind.
int error_of_writing_in(const std::string& folder);

/// Whether a text names a file in the folder it is looked for in, and no other: not empty, at most 255 bytes, no path
/// separators, no control characters, neither "." nor "..".
bool is_plain_file_name(std::string_view name);

}  // namespace assay
