#pragma once

#include "models/over_balls.hpp"
#include "theory/theorem.hpp"

// What the comparison of the activations reports beside its claims.

namespace assay {

/// Per activation: the two ends of the supremum, the row's bound, lambda, certified and paper's radius, Table 1; and
/// what only ReLU or only the limits have.
std::vector<Quantity> activation_quantities();

/// n^2 e^{-mR/(10 scale)}: the probability with which the ReLU row may fail; scale = 1 as printed.
Interval relu_row_allowed_failure(const Setting& setting, const Interval& scale, Level level);
/// P(the ReLU row with the bound 2nR / scale fails), from both sides.
Interval relu_row_failure(const Setting& setting, const Interval& scale, Level level);

/// Findings that depend on the instance: whether ReLU's row holds on it although it promises that only with a
/// probability, whether it can hold at this scale at all, and which kernel moves more.
std::vector<Remark> activation_remarks(const Statement& relu_row);

/// Change of each kernel, relative to its norm, and its smallest eigenvalue over the ball, against the radius.
std::vector<Chart> activation_charts(const Checked& checked);

}  // namespace assay
