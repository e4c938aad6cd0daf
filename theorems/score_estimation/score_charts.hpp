#pragma once

#include <vector>

#include "theory/theorem.hpp"

namespace assay {

/// Pictures of score estimation on a setting, from plain doubles: error against training time, the four sources as n
/// grows, coupling and multiplier as m, n, d grow, beta_x(t); in two dimensions also score fields and samples.
std::vector<Chart> score_charts(const Checked& checked);

/// What the numbers say, in sentences: the dominating term, the width that is asked for, the early stopping minimum.
std::vector<Sentence> score_notes(const Checked& checked);

}  // namespace assay
