#pragma once

#include <string>
#include <vector>

#include "report/run_info.hpp"
#include "theory/expectation.hpp"
#include "theory/theorem.hpp"

namespace assay::app {

/// Writes index.md and, for each theorem with findings, <id>.md, <id>.json, its comparisons <id>.svg, <id>-2.svg and
/// so on, and the charts of each finding as <id>-<instance>-<name>.svg and .csv; the same as HTML if the run asks for it.
void write_suite_report(const std::string& folder, const std::vector<Finding>& findings,
                        const std::vector<Expectation>& expected, const RunInfo& run);

/// For the terminal: a table of theorems, then what is not as expected.
std::string suite_summary(const std::vector<Finding>& findings, const std::vector<Expectation>& expected);

}  // namespace assay::app
