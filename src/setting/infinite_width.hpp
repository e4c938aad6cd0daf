#pragma once

#include <vector>

#include "network/limit_kernel.hpp"
#include "setting/setting.hpp"
#include "theory/chart.hpp"
#include "theory/concentration.hpp"

// The kernel of infinite width on the data of a setting, and how far drawn networks are from it.

namespace assay {

/// lambda_min(K_inf): exactly 0 where limit_degeneracy says so, never negative.
Interval limit_lambda_min(const Setting& setting, Activation activation, Level level);

/// Bounds for H(0) at the inputs, sigma and d of the setting, made once for each rung.
const KernelConcentration& concentration(const Setting& setting, Level level);

/// |H(0) - I_d (x) K_inf|_F for the network of the setting.
Interval distance_to_limit(const Setting& setting, Level level);

/// |H(0) - I_d (x) K_inf|_F for a network drawn with another width and seed, in the fast tier; the whole line where
/// double does not suffice.
Interval drawn_distance(const Setting& setting, Index m, std::uint64_t seed);

/// Seed of the k-th trial, k >= 0, of a setting; not that of its own network.
std::uint64_t trial_seed(const Setting& setting, long k);

/// How many of hyper().trials drawn networks certainly have |H(0) - I_d (x) K_inf|_F <= bound. What is undecided counts
/// as outside.
struct Frequency {
  long within = 0, trials = 0;
};
Frequency frequency_within(const Setting& setting, Index m, const Interval& bound);

/// Least width from which on upper_distance(m, delta) <= target; nothing if there is none.
std::optional<Interval> width_for_distance(const Setting& setting, const Interval& target, Level level);
/// Least width from which on P(lambda_min(H(0)) >= lambda_min(K_inf) / 2) >= 1 - delta; nothing if there is none.
std::optional<Interval> width_for_half(const Setting& setting, Level level);

/// Distance against width, for a picture.
std::vector<Chart> infinite_width_charts(const Setting& setting);

}  // namespace assay
