#include "report/chart_frame.hpp"

#include <algorithm>
#include <cmath>

namespace assay {

namespace {

constexpr double kLeastHeight = 200, kMostHeight = 440;

/// All pairs of numbers that a chart wants to show at once.
std::vector<Point> points_of(const Chart& chart, bool with_tips) {
  std::vector<Point> points;
  for (const Series& series : chart.series)
    for (std::size_t k = 0; k < series.x.size(); ++k) {
      points.push_back({series.x[k], series.y[k]});
      if (series.style == Series::Style::band) points.push_back({series.x[k], series.high[k]});
      if (series.style == Series::Style::arrows && with_tips)
        points.push_back({series.x[k] + series.dx[k], series.y[k] + series.dy[k]});
    }
  return points;
}

/// One unit becomes as long on both axes; the height follows the data as far as it stays reasonable.
void make_equal(Frame& frame) {
  const auto wanted = static_cast<double>(frame.y_axis.range() / frame.x_axis.range()) * frame.width();
  frame.height = std::clamp(wanted, kLeastHeight, kMostHeight);
  const long double unit = std::max(frame.x_axis.range() / frame.width(), frame.y_axis.range() / frame.height);
  frame.x_axis.widen_to(unit * frame.width());
  frame.y_axis.widen_to(unit * frame.height);
}

}  // namespace

std::string text_of(const Tick& tick, double x, double y, std::string_view anchor) {
  return tick.exponent ? svg::power_at(x, y, anchor, tick.mantissa, *tick.exponent)
                       : svg::text_at(x, y, anchor, tick.mantissa);
}

double width_of(const Tick& tick) {
  const double power = tick.exponent ? 2 + 0.9 * static_cast<double>(std::to_string(*tick.exponent).size()) : 0;
  return (svg::letters(tick.mantissa) + (tick.exponent ? 1 : 0) + power) * svg::kLetter;
}

Frame frame_of(const Chart& chart, double top, bool with_tips) {
  const ChartAxis any_x(chart.log_x, {}), any_y(chart.log_y, {});
  std::vector<double> xs, ys;
  for (const Point& point : points_of(chart, with_tips)) {
    if (any_x.shows(point.x) && !std::isnan(point.y)) xs.push_back(point.x);
    if (any_y.shows(point.y) && any_x.shows(point.x)) ys.push_back(point.y);
  }
  Frame frame{ChartAxis(chart.log_x, xs), ChartAxis(chart.log_y, ys)};
  frame.top = top;
  double widest = 0;
  for (const Tick& tick : frame.y_axis.ticks()) widest = std::max(widest, width_of(tick));
  frame.left = svg::kMargin + 8 + widest;
  if (chart.equal_axes) make_equal(frame);
  return frame;
}

}  // namespace assay
