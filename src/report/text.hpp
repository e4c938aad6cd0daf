#pragma once

#include <string>
#include <vector>

#include "report/display.hpp"
#include "report/plain_text.hpp"
#include "report/reports.hpp"
#include "theory/theorem.hpp"

namespace assay {

/// Columns under each other, header first, two blanks between them, no blanks at the end of a line.
std::string text_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

/// A text broken at blanks into lines of at most `width` columns; every line but the first is indented.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width = 110);
/// Notes in Markdown, each under a bullet.
std::string bullets(const std::vector<std::string>& notes);

/// For the terminal.
std::string evaluation_text(const EvaluationReport& report);
std::string bounds_text(const BoundsReport& report);
std::string findings_text(const std::vector<Finding>& findings);

}  // namespace assay
