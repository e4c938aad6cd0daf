#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay {

/// Text found in a file, for a message: in quotes, at most 24 characters, everything but printable ASCII as \xNN.
std::string shown(std::string_view text);

/// A file name, for a message: as given, but control characters as \xNN.
std::string printable(std::string_view path);

/// Whether a file name can be printed, quoted and linked to anywhere: no control characters (line ends, NUL).
bool is_plain_name(std::string_view path);

/// Text as code in a line of Markdown, between more backticks than it has in a row itself.
std::string code_span(std::string_view text);
/// The length of the longest run of backticks.
std::size_t longest_run_of_backticks(std::string_view text);

/// "4 x 3", for a message.
std::string shape_text(std::ptrdiff_t rows, std::ptrdiff_t columns);

/// A file name as one would type it in a POSIX shell, quoted where needed, and never to be taken for an option.
std::string shell_word(const std::string& text);

}  // namespace assay
