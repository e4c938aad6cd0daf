#pragma once

#include <string>
#include <string_view>

#include "report/chart_axis.hpp"
#include "report/svg.hpp"
#include "theory/chart.hpp"

namespace assay {

struct Point {
  double x = 0, y = 0;
};

/// The axes of a chart on the page. Lengths are pixels, y grows downwards.
struct Frame {
  ChartAxis x_axis, y_axis;
  double left = 0, right = svg::kWidth - svg::kMargin - 10, top = 0, height = 320;

  double width() const { return right - left; }
  double bottom() const { return top + height; }
  double x(double value) const { return left + x_axis.place(value) * width(); }
  double y(double value) const { return bottom() - y_axis.place(value) * height; }
  bool shows(double x, double y) const { return x_axis.shows(x) && y_axis.shows(y); }
};

/// Room for all points of a chart, and for the tips of its arrows if they are wanted, below `top`.
Frame frame_of(const Chart& chart, double top, bool with_tips);

/// The text of a tick at a place of the page.
std::string text_of(const Tick& tick, double x, double y, std::string_view anchor);
/// Its width.
double width_of(const Tick& tick);

}  // namespace assay
