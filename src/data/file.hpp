#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay {

/// Bytes that a file with a matrix may have.
constexpr std::uint64_t kLargestMatrixFile = std::uint64_t{1} << 32;

/// The bytes of a regular file, or of a link to one; also what comes through a pipe if the path is /dev/stdin. Nothing
/// else is read: pipes wait, and devices may never end.
/// @param largest  bytes that are expected at most; a larger file is not read.
/// @throws InputError "x.csv: cannot be opened (No such file or directory)", "expected a file, found a pipe", "expected
///         at most 4294967296 bytes, found ...", or for a name with control characters.
std::string read_file(const std::string& path, std::uint64_t largest = UINT64_MAX);

/// Puts `bytes` at `path`, whole or not at all: a temporary file in the same folder, then a rename.
/// @throws InputError "out/x.csv: cannot be written (...)", or for a name with control characters; nothing is left
/// behind then, and an older file stays.
void write_file(const std::string& path, std::string_view bytes);

/// Puts `bytes` at the end of a file, which is made if there is none. Stopped half-way, it leaves a part of them.
/// @throws InputError as above, also where `path` is a link or no ordinary file.
void append_to_file(const std::string& path, std::string_view bytes);

/// 0 if files can be written in a folder, or the error number of the try; nothing stays behind.
int error_of_writing_in(const std::string& folder);

/// Whether a text names a file in the folder it is looked for in, and no other: not empty, at most 255 bytes, no path
/// separators, no control characters, neither "." nor "..".
bool is_plain_file_name(std::string_view name);
/// @throws InputError for a name with control characters, which would break reports and messages.
void require_plain_name(const std::string& path);

}  // namespace assay
