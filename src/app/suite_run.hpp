#pragma once

#include <string>
#include <vector>

#include "app/interruption.hpp"
#include "app/options.hpp"
#include "app/suite.hpp"

namespace assay::app {

struct SuiteRunOptions {
  std::string folder;  ///< exists, can be written, and is locked
  AccuracyOptions accuracy;
  bool resume = false, brief = false;
};

/// Checks every entry of a suite; a run that was interrupted leaves folder/.progress, from which `resume` goes on. What
/// an interrupted run left is removed otherwise.
/// Networks that decide claims go to folder/networks, and claims name them relative to the folder; not if it is brief.
/// @throws InputError if there is another run to resume, or a file cannot be written.
std::vector<Finding> run_suite(const Suite& suite, const SuiteRunOptions& options, Interruption& interruption);

}  // namespace assay::app
