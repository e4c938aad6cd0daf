#pragma once

#include <vector>

#include "setting/setting.hpp"
#include "theory/chart.hpp"

namespace assay {

/// P(|<w_r, x_i>| > bound for some i, r) over the width, enclosed, from this network's width to past those of the two
/// that are below 1e300; beside it the allowed delta, this network, and the width that the paper asks for.
std::vector<Chart> event_charts(const Setting& setting, const Interval& bound, const Interval& break_width,
                                const Interval& paper_width);

}  // namespace assay
