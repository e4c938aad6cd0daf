#pragma once

#include <vector>

#include "report/chart_axis.hpp"

namespace assay {

/// A piece of an axis: decimal logarithms from..to on the page from left to right.
struct AxisPart {
  double from = 0, to = 1;
  double left = 0, right = 1;
  bool enlarged = false;  ///< a decade is longer here than in the other parts

  double range() const { return to - from; }
  double width() const { return right - left; }
};

/// A horizontal axis in powers of ten. Where the values span many decades and most of them only a few, the part with
/// those is enlarged and the others are beside it, so that factors can be seen where they matter.
class PowerAxis {
 public:
  /// @param logs  decimal logarithms of what has to have a place, finite; may be empty
  PowerAxis(std::vector<double> logs, double left, double right);

  double left() const { return parts_.front().left; }
  double right() const { return parts_.back().right; }
  double x(double log) const;
  /// From left to right: one, or the enlarged one and its neighbours.
  const std::vector<AxisPart>& parts() const { return parts_; }
  /// Round numbers in a part; their place is that on the page.
  std::vector<Tick> ticks(const AxisPart& part) const;

 private:
  std::vector<AxisPart> parts_;
};

}  // namespace assay
