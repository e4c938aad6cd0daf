#pragma once

#include "network/fast/network.hpp"
#include "setting/setting.hpp"

// What the fast tier computes of a setting, once. Null where double does not suffice.

namespace assay::fast_tier {

const fast::NetworkSums* sums(const Setting& setting);  ///< of one pass over the neurons
const fast::KernelBall* kernel(const Setting& setting);
const fast::KernelChange* change_over_ball(const Setting& setting);  ///< of radius hyper().radius

// At worst_weights().
const fast::NetworkSums* worst_sums(const Setting& setting);
const fast::KernelBall* worst_kernel(const Setting& setting);
const fast::KernelBall* worst_change(const Setting& setting);  ///< its kernel less that at W

}  // namespace assay::fast_tier
