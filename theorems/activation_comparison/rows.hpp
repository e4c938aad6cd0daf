#pragma once

#include "models/over_balls.hpp"

// The rows that the paper has for its three networks, in Lemma 5.1 and Table 1. A model that it does not name has none,
// and what follows from a row is not defined for it.

namespace assay {

/// A constant of the statements, enclosed.
Interval constant(const Setting& setting, const char* key, Level level);

/// Why there is no row for this model; nothing for the three of the paper.
std::optional<std::string> no_row(const Model& model);

/// B of the comparison networks: nd is n there.
Interval comparison_logit_bound(const Setting& setting, Level level);
/// B of the model's network.
Interval logit_bound(const Setting& setting, const Model& model, Level level);

/// The bound of the model's row of Lemma 5.1, divided by R: softmax nd e^{10B}, exp 3n e^{10B}, ReLU 2n.
Interval row_slope(const Setting& setting, const Model& model, Level level);
/// The bound itself, at hyper().radius.
Interval row_bound(const Setting& setting, const Model& model, Level level);
/// lambda / (2 row_slope): the radius of the convex region that follows from the row.
Interval row_radius(const Setting& setting, const Model& model, Level level);
/// The exponent of n that n^{o(1)} is in the width of softmax, 18 B / log n, at n^power samples; not defined at n = 1.
Known hidden_exponent(const Setting& setting, int power, Level level);
/// What stands for n^{o(1)} in a row of Table 1: e^{kB}, k the constant of this key; 1 for ReLU.
Interval hidden_factor(const Setting& setting, const Model& model, const char* exponent, Level level);

}  // namespace assay
