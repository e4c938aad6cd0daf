#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "app/progress.hpp"
#include "report/run_info.hpp"
#include "theory/theorem.hpp"

namespace assay::app {

std::vector<const Theorem*> every_theorem();

/// The text of theorems/<id>/card.md, empty for an unknown id.
std::string_view card_of(std::string_view id);

/// Checks a theorem and says in the finding on what, and how to reproduce it. A check that throws is inconclusive, with
/// the reason (see `ended_early`).
/// @param options  of `check`, each after a blank, that give the setting again.
/// @param notes    sentences for the report on how the setting was read.
/// @throws InputError where what was given cannot be used for this theorem, or is too large for the memory.
Finding find(const Theorem& theorem, const Setting& setting, const std::string& options,
             const std::vector<std::string>& notes, const AccuracyOptions& accuracy, Progress& progress);

/// The finding of a check that came to no end: no claim is decided, and the first note says why.
/// @param instance  its name.
/// @param options   as for `find`.
Finding ended_early(const Theorem& theorem, const Constants& constants, const std::string& instance,
                    const std::string& options, const std::string& why);

/// Why a check came to no end, if this is the finding of one.
std::optional<std::string> why_it_ended_early(const Finding& finding);

/// One line on why no finding decides a claim; nothing if one does.
std::optional<std::string> why_nothing_is_decided(const std::vector<Finding>& findings);

/// The fields that are known before the run.
RunInfo run_info(const std::string& command, const AccuracyOptions& accuracy);

}  // namespace assay::app
