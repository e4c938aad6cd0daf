#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// Rewrites the formulas of a Markdown text so that they render the same on GitHub, GitLab and elsewhere; the text
/// around them and code stay as they are. GitHub drops the backslash of `\{`, `\,`, `\|` and `\\` inside `$...$`, may
/// take `_` and `*` for emphasis and `<` for HTML, and a `|` ends the cell of a table: each gets a command by name.
std::string portable_markdown(std::string_view markdown);

/// The same, for a cell of a table: on one line, and every `|` outside formulas is escaped.
std::string table_cell(std::string_view markdown);

/// Plain text as Markdown that shows it literally.
std::string literal_markdown(std::string_view text);

/// A file name as the target of a link, whatever letters it is made of.
std::string link_target(std::string_view file_name);

/// A table, header first; the cells are Markdown, made fit by `table_cell`. Columns named in `right` are aligned to the
/// right.
std::string markdown_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                           const std::vector<std::size_t>& right = {});

/// The text with its headings moved down so that the highest has the given level, without a title in the first line.
std::string with_headings_from(std::string_view markdown, std::size_t level);

}  // namespace assay
