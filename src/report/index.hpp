#pragma once

#include <string>
#include <vector>

#include "report/run_info.hpp"
#include "theory/expectation.hpp"
#include "theory/theorem.hpp"

namespace assay {

struct TheoremFindings {
  const Theorem* theorem;
  std::vector<Finding> findings;
};

/// The page that leads to the reports, which are <id>.md beside it: the questions of a reader; what the paper states and what is proved
/// instead or beside, one row per statement with its verdicts over all instances and how far it is from true or false;
/// then what is not as expected, the instances with their sizes, the theorems; how to read, what is trusted, how to
/// reproduce.
std::string index_markdown(const std::vector<TheoremFindings>& all, const std::vector<Expectation>& expected,
                           const RunInfo& run);

}  // namespace assay
