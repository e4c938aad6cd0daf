#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/picture.hpp"
#include "report/run_info.hpp"
#include "report/summary.hpp"
#include "theory/theorem.hpp"

namespace assay {

/// The report on one theorem, for a reader who holds the paper and not the code. The same findings give the same text:
/// no date, no machine, no seconds.
/// @param card      the theorem's card, in Markdown.
/// @param pictures  of all findings together.
/// @param charts    charts[k]: of finding k alone; may be shorter than the findings.
std::string theorem_markdown(const Theorem& theorem, std::string_view card, const std::vector<Finding>& findings,
                             const RunInfo& run, const std::vector<Picture>& pictures = {},
                             const std::vector<std::vector<Picture>>& charts = {});

}  // namespace assay
