#pragma once

#include <nlohmann/json.hpp>

#include "theory/theorem.hpp"

namespace assay::app {

/// Precision that a number in a file may have: four times the largest --bits, more than any finding needs.
inline constexpr Bits kMostBitsInFiles = Bits{1} << 18;

/// All of a finding, exactly. Verdicts, outcome and slack are left out: they follow from the sides.
nlohmann::ordered_json exact_json(const Finding& finding);

/// Reads a finding back and decides it again.
/// @throws std::exception of some kind for anything but what exact_json can have written: unknown enumerators, numbers
///         of absurd precision, names of instances, theorems and charts that are no plain file names, verdicts without
///         their hypotheses.
Finding finding_of(const nlohmann::ordered_json& json);

}  // namespace assay::app
