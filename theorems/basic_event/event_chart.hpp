#pragma once

#include <vector>

#include "setting/setting.hpp"
#include "theory/chart.hpp"

namespace assay {

/// P(|<w_r, x_i>| > bound for some i, r) over the width, enclosed; beside it the allowed delta, this network, and the
/// width that the paper asks for, where that is known and below 1e300.
std::vector<Chart> event_charts(const Setting& setting, const Interval& bound, const Interval& break_width,
                                const Interval& paper_width);

}  // namespace assay
