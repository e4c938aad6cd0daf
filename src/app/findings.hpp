#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "app/progress.hpp"
#include "report/run_info.hpp"
#include "theory/theorem.hpp"

namespace assay::app {

std::vector<const Theorem*> every_theorem();

/// The text of theorems/<id>.md, empty for an unknown id.
std::string_view card_of(std::string_view id);

/// Checks a theorem and says in the finding on what, and how to reproduce it.
/// @param options  of `check`, each after a blank, that give the setting again.
Finding find(const Theorem& theorem, const Setting& setting, const std::string& options,
             const AccuracyOptions& accuracy, Progress& progress);

/// The fields that are known before the run.
RunInfo run_info(const std::string& command, const AccuracyOptions& accuracy);

}  // namespace assay::app
