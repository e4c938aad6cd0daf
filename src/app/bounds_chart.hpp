#pragma once

#include <string>
#include <vector>

#include "app/variable.hpp"
#include "report/bounds_table.hpp"
#include "theory/chart.hpp"

namespace assay::app {

/// The bounds of a table over the first variable that takes more than one value: a line for each bound and each
/// combination of the other variables, and a band where an enclosure is wide. Numbers that leave the range of double are
/// drawn by their power of ten. @throws InputError if nothing varies, or there would be more lines than can be told apart.
Chart bounds_chart(const BoundsTable& table, const std::vector<Variable>& variables,
                   const std::vector<std::string>& bounds);

}  // namespace assay::app
