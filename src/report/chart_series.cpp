#include "report/chart_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace assay {

namespace {

using svg::colour_of;
using Style = Series::Style;

constexpr std::size_t kMostPoints = 600, kMostArrows = 900;
/// More points than this are dots without a shape of their own.
constexpr std::size_t kMostMarkers = 200;

/// Places k in [from, to) that show the shape: all of them, or in each of equal parts the first, the last and those
/// with the extremes of the given values.
std::vector<std::size_t> shape_of(std::size_t from, std::size_t to,
                                  const std::vector<const std::vector<double>*>& values) {
  std::set<std::size_t> kept;
  const std::size_t parts = to - from <= kMostPoints ? to - from : kMostPoints / (2 * values.size() + 2);
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t first = from + (to - from) * part / parts, end = from + (to - from) * (part + 1) / parts;
    kept.insert({first, end - 1});
    for (const std::vector<double>* of : values) {
      const auto begin = of->begin();
      const auto part_begin = begin + static_cast<std::ptrdiff_t>(first);
      const auto part_end = begin + static_cast<std::ptrdiff_t>(end);
      const auto least = std::min_element(part_begin, part_end), most = std::max_element(part_begin, part_end);
      kept.insert({static_cast<std::size_t>(least - begin), static_cast<std::size_t>(most - begin)});
    }
  }
  return {kept.begin(), kept.end()};
}

/// Runs [from, to) of indices below n for which shown(k) holds.
template <class Shown>
std::vector<std::pair<std::size_t, std::size_t>> runs_of(std::size_t n, Shown shown) {
  std::vector<std::pair<std::size_t, std::size_t>> runs;
  for (std::size_t k = 0; k < n; ++k) {
    if (!shown(k)) continue;
    if (k == 0 || !shown(k - 1)) runs.emplace_back(k, k);
    runs.back().second = k + 1;
  }
  return runs;
}

constexpr const char* kDashes[] = {"", " stroke-dasharray=\"8 5\"", " stroke-dasharray=\"2 5\"",
                                   " stroke-dasharray=\"10 5 2 5\""};

std::string stroke(std::string_view path, std::size_t role, double thickness, std::string_view more) {
  return fmt::format(
      "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linecap=\"round\" "
      "stroke-linejoin=\"round\"{}/>\n",
      path, colour_of(role), thickness, more);
}

Drawing drawn_line(const Series& series, const Frame& frame, std::size_t role) {
  Drawing drawing{"", series.x.size()};
  std::string path;
  const auto shown = [&](std::size_t k) { return frame.shows(series.x[k], series.y[k]); };
  for (const auto& [from, to] : runs_of(series.x.size(), shown)) {
    drawing.left_out -= to - from;
    for (const std::size_t k : shape_of(from, to, {&series.x, &series.y}))
      path += fmt::format("{}{:.1f} {:.1f}", k == from ? "M" : "L", frame.x(series.x[k]), frame.y(series.y[k]));
    if (to - from == 1) path += "h0";  // a dot
  }
  if (!path.empty()) drawing.body = stroke(path, role, 2, kDashes[role % 4]);
  return drawing;
}

bool are_dots(const Series& series) {
  return series.style == Style::points && series.x.size() > kMostMarkers;
}

std::string dots(const std::vector<Point>& places, std::size_t role) {
  std::string path;
  for (const Point& at : places) path += fmt::format("M{:.0f} {:.0f}h0", at.x, at.y);
  return path.empty() ? "" : stroke(path, role, 3.5, " stroke-opacity=\"0.6\"");
}

std::string markers(const std::vector<Point>& places, std::size_t role) {
  std::string body;
  for (const Point& at : places) body += svg::marker(at.x, at.y, role);
  return body;
}

Drawing drawn_points(const Series& series, const Frame& frame, std::size_t role) {
  Drawing drawing;
  std::set<std::pair<long, long>> seen;  // places to a pixel: nobody sees two points on one of them
  std::vector<Point> places;
  for (std::size_t k = 0; k < series.x.size(); ++k) {
    if (!frame.shows(series.x[k], series.y[k])) {
      ++drawing.left_out;
      continue;
    }
    const Point at{frame.x(series.x[k]), frame.y(series.y[k])};
    if (seen.emplace(std::lround(at.x), std::lround(at.y)).second) places.push_back(at);
  }
  drawing.body = are_dots(series) ? dots(places, role) : markers(places, role);
  return drawing;
}

/// Where an end of a band is on the page; one without a place is at the edge, open.
double edge_of(double end, const Frame& frame, double if_open) {
  return frame.y_axis.shows(end) ? frame.y(end) : if_open;
}

Drawing drawn_band(const Series& series, const Frame& frame, std::size_t role) {
  Drawing drawing{"", series.x.size()};
  const auto shown = [&](std::size_t k) {
    const double low = series.y[k], high = series.high[k];
    const bool none = std::isnan(low) || std::isnan(high) || low > high || low == INFINITY || high == -INFINITY;
    return frame.x_axis.shows(series.x[k]) && !none && (high == INFINITY || frame.y_axis.shows(high));
  };
  for (const auto& [from, to] : runs_of(series.x.size(), shown)) {
    drawing.left_out -= to - from;
    std::string there, back;
    for (const std::size_t k : shape_of(from, to, {&series.y, &series.high})) {
      const double x = frame.x(series.x[k]);
      there += fmt::format("{}{:.1f} {:.1f}", k == from ? "M" : "L", x, edge_of(series.high[k], frame, frame.top));
      back = fmt::format("L{:.1f} {:.1f}", x, edge_of(series.y[k], frame, frame.bottom())) + back;
    }
    drawing.body += fmt::format(
        "<path d=\"{0}{1}z\" fill=\"{2}\" fill-opacity=\"0.22\" stroke=\"{2}\" stroke-opacity=\"0.7\" "
        "stroke-width=\"1.5\" stroke-linejoin=\"round\"/>\n",
        there, back, colour_of(role));
  }
  return drawing;
}

/// From the tail to the tip of an arrow on the page; nothing if either has no place.
std::optional<std::pair<Point, Point>> arrow_of(const Series& series, std::size_t k, const Frame& frame) {
  const double x = series.x[k], y = series.y[k], tip_x = x + series.dx[k], tip_y = y + series.dy[k];
  if (!frame.shows(x, y) || !frame.shows(tip_x, tip_y)) return std::nullopt;
  const Point tail{frame.x(x), frame.y(y)};
  return std::pair(tail, Point{frame.x(tip_x) - tail.x, frame.y(tip_y) - tail.y});
}

std::string arrow_path(const Point& tail, const Point& way) {
  const double length = std::hypot(way.x, way.y);
  if (length < 0.5) return fmt::format("M{:.1f} {:.1f}h0", tail.x, tail.y);
  const double head = std::min(7.0, length / 2.5) / length, tip_x = tail.x + way.x, tip_y = tail.y + way.y;
  const double across = 0.45 * head;
  return fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}", tail.x, tail.y, tip_x,
                     tip_y, tip_x - head * way.x - across * way.y, tip_y - head * way.y + across * way.x, tip_x, tip_y,
                     tip_x - head * way.x + across * way.y, tip_y - head * way.y - across * way.x);
}

Drawing drawn_arrows(const Series& series, const Frame& frame, std::size_t role, double factor) {
  Drawing drawing;
  std::string path;
  const std::size_t every = arrows_apart(series);
  for (std::size_t k = 0; k < series.x.size(); ++k) {
    const auto arrow = arrow_of(series, k, frame);
    if (!arrow) ++drawing.left_out;
    if (arrow && k % every == 0) path += arrow_path(arrow->first, {factor * arrow->second.x, factor * arrow->second.y});
  }
  if (!path.empty()) drawing.body = stroke(path, role, 1.4, " clip-path=\"url(#frame)\"");
  return drawing;
}

}  // namespace

double factor_of_arrows(const Chart& chart, const Frame& frame) {
  double longest = 0, count = 0;
  for (const Series& series : chart.series)
    for (std::size_t k = 0; series.style == Style::arrows && k < series.x.size(); ++k)
      if (const auto arrow = arrow_of(series, k, frame))
        longest = std::max(longest, std::hypot(arrow->second.x, arrow->second.y)), ++count;
  if (longest <= 0) return 1;
  const double apart = std::max(18.0, std::sqrt(frame.width() * frame.height / count));
  if (longest >= 10 && longest <= 1.5 * apart) return 1;
  const double wanted = apart / longest, power = std::pow(10, std::floor(std::log10(wanted)));
  return (wanted >= 5 * power ? 5 : wanted >= 2 * power ? 2 : 1) * power;
}

std::string swatch(const Series& series, double x, double y, std::size_t role) {
  switch (series.style) {
    case Style::line:
      return stroke(fmt::format("M{:.1f} {:.1f}h24", x + 2, y - 4), role, 2, kDashes[role % 4]);
    case Style::points:
      return are_dots(series) ? dots({{x + 10, y - 6}, {x + 15, y - 2}, {x + 20, y - 5}}, role)
                              : svg::marker(x + 14, y - 4, role);
    case Style::band:
      return fmt::format(
          "<rect x=\"{0:.1f}\" y=\"{1:.1f}\" width=\"26\" height=\"11\" fill=\"{2}\" fill-opacity=\"0.22\" "
          "stroke=\"{2}\" stroke-opacity=\"0.7\"/>\n",
          x + 1, y - 9.5, colour_of(role));
    case Style::arrows:
      return stroke(arrow_path({x + 3, y - 4}, {22, 0}), role, 1.4, "");
  }
  return "";
}

Drawing drawn(const Series& series, const Frame& frame, std::size_t role, double factor) {
  switch (series.style) {
    case Style::line:
      return drawn_line(series, frame, role);
    case Style::points:
      return drawn_points(series, frame, role);
    case Style::band:
      return drawn_band(series, frame, role);
    case Style::arrows:
      return drawn_arrows(series, frame, role, factor);
  }
  return {};
}

int layer_of(const Series& series) {
  switch (series.style) {
    case Style::band:
      return 0;
    case Style::arrows:
      return 1;
    case Style::line:
      return 3;
    case Style::points:
      return are_dots(series) ? 2 : 4;
  }
  return 0;
}

std::size_t arrows_apart(const Series& series) {
  return series.style == Style::arrows ? series.x.size() / (kMostArrows + 1) + 1 : 1;
}

}  // namespace assay
