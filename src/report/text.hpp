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

/// For the terminal.
std::string evaluation_text(const EvaluationReport& report);
std::string bounds_text(const BoundsReport& report);
std::string findings_text(const std::vector<Finding>& findings);

}  // namespace assay
