#include "app/bounds_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "data/input_error.hpp"
#include "enclosure/numeral.hpp"

namespace assay::app {
namespace {

constexpr std::size_t kMostLines = 24;  // six colours, four kinds of strokes

const BoundsRow& row_named(const BoundsPoint& point, const std::string& name) {
  return *std::find_if(point.report.rows.begin(), point.report.rows.end(),
                       [&](const BoundsRow& row) { return row.name == name; });
}

std::size_t horizontal_variable(const BoundsTable& table) {
  for (std::size_t v = 0; v < table.variables.size(); ++v) {
    std::set<std::string> values;
    for (const BoundsPoint& point : table.points) values.insert(point.at[v]);
    if (values.size() > 1) return v;
  }
  throw InputError("--svg: expected --vary with more than one value");
}

bool fits_log_axis(const Interval& value) {
  return value.lower_double() >= 1e-300 && value.upper_double() <= 1e300;
}

/// "sigma = 0.5, C = 3" of the variables that are not on the axis.
std::string others_at(const BoundsTable& table, const BoundsPoint& point, std::size_t horizontal) {
  std::string text;
  for (std::size_t v = 0; v < table.variables.size(); ++v)
    if (v != horizontal) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", table.variables[v], point.at[v]);
  return text;
}

/// All numbers are positive and reach over more than a decade.
bool wants_log_axis(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return *least > 0 && *most >= 10 * *least;
}

/// A line, or its band where an enclosure is so wide that it can be seen.
struct Curve {
  Series line, band;
  bool is_wide = false;

  void add(double x, double lo, double hi) {
    line.x.push_back(x);
    line.y.push_back(lo + (hi - lo) / 2);
    band.x.push_back(x);
    band.y.push_back(lo);
    band.high.push_back(hi);
    is_wide = is_wide || hi - lo > 1e-3 * std::abs(hi);
  }
};

}  // namespace

Chart bounds_chart(const BoundsTable& table, const std::vector<Variable>& variables,
                   const std::vector<std::string>& bounds) {
  const std::size_t horizontal = horizontal_variable(table);
  const bool by_power = !std::all_of(table.points.begin(), table.points.end(), [&](const BoundsPoint& point) {
    return std::all_of(bounds.begin(), bounds.end(), [&](const std::string& name) {
      const Known& value = row_named(point, name).value;
      return !value.is_defined() || fits_log_axis(value.range());
    });
  });
  std::vector<std::string> order;
  std::map<std::string, Curve> curves;
  std::vector<double> all_x;
  for (const std::string& name : bounds)
    for (const BoundsPoint& point : table.points) {
      const BoundsRow& row = row_named(point, name);
      const std::string others = others_at(table, point, horizontal);
      const std::string label = bounds.size() == 1 ? (others.empty() ? row.words : others)
                                                   : row.words + (others.empty() ? "" : "; " + others);
      if (!curves.contains(label)) order.push_back(label);
      const double x = nearest_double(Decimal(point.at[horizontal]));
      all_x.push_back(x);
      if (!row.value.is_defined()) continue;
      const Interval value = by_power ? log10(row.value.range()) : row.value.range();
      curves[label].add(x, value.lower_double(), value.upper_double());
    }
  if (order.size() > kMostLines)
    throw InputError(fmt::format(
        "--svg: expected at most {} lines, found {}: fewer values beside the first variable, or fewer bounds in --show",
        kMostLines, order.size()));
  const std::string what =
      bounds.size() == 1 ? row_named(table.points.front(), bounds.front()).words : "value (unit in the legend)";
  Chart chart;
  chart.name = "bounds";
  chart.title =
      fmt::format("{} over {}", bounds.size() == 1 ? what : "Closed-form bounds", table.variables[horizontal]);
  chart.x_axis = variables[horizontal].words;
  chart.y_axis = by_power ? "log10 of: " + what : what;
  chart.log_x = wants_log_axis(all_x);
  chart.log_y = !by_power;
  for (const std::string& label : order) {
    Curve& curve = curves[label];
    curve.line.label = curve.band.label = label;
    curve.band.style = Series::Style::band;
    chart.series.push_back(curve.is_wide ? curve.band : curve.line);
  }
  return chart;
}

}  // namespace assay::app
