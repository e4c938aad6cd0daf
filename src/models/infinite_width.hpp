#pragma once

#include <vector>

#include "chance/binomial.hpp"
#include "models/model.hpp"
#include "theory/chart.hpp"
#include "theory/concentration.hpp"

// The kernel of infinite width on the data of a setting, and how far drawn networks are from it.

namespace assay {

/// K_inf of a model at the inputs; lambda_min(K_inf), exactly 0 where limit_degeneracy says so, never negative; the
/// quotient of its largest and smallest eigenvalue.
const IntervalMatrix& limit_kernel_of(const Setting& setting, const Model& model, Level level);
Interval limit_lambda_min(const Setting& setting, const Model& model, Level level);
Known limit_condition(const Setting& setting, const Model& model, Level level);

/// Bounds for H(0) at the inputs, sigma and d of the setting, made once for each rung.
const KernelConcentration& concentration(const Setting& setting, Level level);

/// |H(0) - I_d (x) K_inf|_F for the network of the setting.
Interval distance_to_limit(const Setting& setting, Level level);

/// |H(0) - I_d (x) K_inf|_F for a network drawn with another width and seed, in the fast tier; the whole line where
/// double does not suffice.
Interval drawn_distance(const Setting& setting, Index m, std::uint64_t seed);

/// Seed of the k-th trial, k >= 0, of a setting; not that of its own network.
std::uint64_t trial_seed(const Setting& setting, long k);

/// How many of hyper().trials drawn networks certainly have |H(0) - I_d (x) K_inf|_F <= bound, and certainly have not;
/// the rest is undecided.
Frequency frequency_within(const Setting& setting, Index m, const Interval& bound);

/// The least width from which on upper_distance(m, delta) <= target, and from which on
/// P(lambda_min(H(0)) >= lambda_min(K_inf) / 2) >= 1 - delta: at most the one found.
AtMost width_for_distance(const Setting& setting, const Interval& target, Level level);
AtMost width_for_half(const Setting& setting, Level level);

/// Distance against width, for a picture.
std::vector<Chart> infinite_width_charts(const Setting& setting, Level level);

}  // namespace assay
