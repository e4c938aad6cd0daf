#include "report/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "report/display.hpp"
#include "report/svg.hpp"

namespace assay {

namespace {

using svg::colour_of;
using svg::escaped;
using svg::kLetter;
using svg::kMargin;
using svg::kWidth;
using svg::line;
using svg::marker;
using svg::text_at;

constexpr double kLane = 15, kArrow = 28;

/// What is known of log10 of a bar: its ends, where they exist.
struct Span {
  std::optional<double> lo, hi;
};

Span span_of(const IntervalBar& bar) {
  const auto end = [](double log) { return std::isfinite(log) ? std::optional(log) : std::nullopt; };
  const Interval lo = bar.value.lower(), hi = bar.value.upper();
  Span span;
  if (!bar.upper_only && certainly_positive(lo)) span.lo = end(log10(lo).lower_double());
  if (!bar.lower_only && certainly_positive(hi)) span.hi = end(log10(hi).upper_double());
  return span;
}

/// The axis: whole powers of ten, `step` of them apart.
struct Axis {
  double from = 0, to = 1, step = 1;
  double left = 0, right = kWidth;

  double x(double log) const { return left + (log - from) / (to - from) * (right - left); }
};

/// 1, 2 or 5 times a power of ten, so that at most eight steps are needed.
double decades_between_ticks(double range) {
  double step = 1;
  for (std::size_t k = 0; range / step > 8; ++k) step *= k % 3 == 1 ? 2.5 : 2;
  return step;
}

Axis axis_around(const std::vector<Span>& spans) {
  double least = INFINITY, most = -INFINITY;
  for (const Span& span : spans)
    for (const auto& end : {span.lo, span.hi})
      if (end) least = std::min(least, *end), most = std::max(most, *end);
  if (!(least <= most)) least = 0, most = 1;
  Axis axis;
  axis.step = decades_between_ticks(most - least);
  axis.from = std::floor(least / axis.step) * axis.step;
  axis.to = std::ceil(most / axis.step) * axis.step;
  // A step of air where a marker would sit on the frame.
  if (axis.to - most < axis.step / 8) axis.to += axis.step;
  if (least - axis.from < axis.step / 8) axis.from -= axis.step;
  return axis;
}

/// The distinct texts, in the order in which they appear.
template <class Field>
std::vector<std::string> distinct(const std::vector<IntervalBar>& bars, Field field) {
  std::vector<std::string> texts;
  for (const IntervalBar& bar : bars)
    if (std::find(texts.begin(), texts.end(), bar.*field) == texts.end()) texts.push_back(bar.*field);
  return texts;
}

std::size_t position(const std::vector<std::string>& texts, const std::string& text) {
  return static_cast<std::size_t>(std::find(texts.begin(), texts.end(), text) - texts.begin());
}

/// From an end into the direction in which nothing is known or meant.
std::string arrow(double x, double y, double direction, std::string_view colour) {
  const double tip = x + direction * (kArrow - 6);
  return line(x, y, tip, y, colour, 2) + fmt::format("<path d=\"M{:.1f} {:.1f}l{:.1f} -4l0 8z\" fill=\"{}\"/>\n",
                                                     tip + direction * 6, y, -direction * 7, colour);
}

std::string what_is_shown(const IntervalBar& bar) {
  const char* meaning = bar.lower_only ? "at least " : bar.upper_only ? "at most " : "";
  const Interval value = bar.lower_only ? bar.value.lower() : bar.upper_only ? bar.value.upper() : bar.value;
  return fmt::format("{}, {}: {}{}", bar.label, bar.role, meaning, display(value));
}

/// Where a bar goes: its ends on the page (equal if only one is known) and the lane of its line.
struct Place {
  double lo = 0, hi = 0;
  std::size_t row = 0, lane = 0;

  bool is_narrow() const { return hi - lo < 8; }
};

Place place_of(const Span& span, const Axis& axis) {
  const std::optional<double> lo = span.lo ? span.lo : span.hi, hi = span.hi ? span.hi : span.lo;
  if (!lo) return {axis.left, axis.right};
  return {axis.x(*lo), axis.x(*hi)};
}

/// Every bar in the first lane of its line in which it meets no other.
std::vector<Place> arranged(const std::vector<IntervalBar>& bars, const std::vector<Span>& spans, const Axis& axis,
                            const std::vector<std::string>& labels) {
  std::vector<Place> places;
  const auto reach = [&](std::size_t k) {
    const double marker = 7;
    return std::pair(places[k].lo - (spans[k].lo ? marker : kArrow), places[k].hi + (spans[k].hi ? marker : kArrow));
  };
  const auto meets_another = [&](std::size_t k) {
    for (std::size_t j = 0; j < k; ++j)
      if (places[j].row == places[k].row && places[j].lane == places[k].lane && reach(j).first < reach(k).second &&
          reach(k).first < reach(j).second)
        return true;
    return false;
  };
  for (std::size_t k = 0; k < bars.size(); ++k) {
    places.push_back(place_of(spans[k], axis));
    places[k].row = position(labels, bars[k].label);
    while (meets_another(k)) ++places[k].lane;
  }
  return places;
}

/// Upper edge of every row, and of what comes below the last.
std::vector<double> edges_of(const std::vector<Place>& places, std::size_t rows, double top) {
  std::vector<double> lanes(rows, 1), edges{top};
  for (const Place& place : places) lanes[place.row] = std::max(lanes[place.row], static_cast<double>(place.lane) + 1);
  for (const double count : lanes) edges.push_back(edges.back() + count * kLane + 11);
  return edges;
}

std::string drawn(const IntervalBar& bar, const Span& span, const Place& place, double y, std::size_t role) {
  const std::string_view colour = colour_of(role);
  std::string drawing = "<g><title>" + escaped(what_is_shown(bar)) + "</title>\n";
  if (!span.lo && !span.hi) {
    drawing += text_at((place.lo + place.hi) / 2, y + 4, "middle", bar.role + ": no positive end is known",
                       fmt::format(" fill=\"{}\" font-style=\"italic\"", colour));
    return drawing + "</g>\n";
  }
  if (!span.hi) drawing += arrow(place.lo, y, +1, colour);
  if (!span.lo) drawing += arrow(place.hi, y, -1, colour);
  if (place.is_narrow()) return drawing + marker((place.lo + place.hi) / 2, y, role) + "</g>\n";
  drawing +=
      fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"8\" fill=\"{}\" fill-opacity=\"0.55\"/>\n",
                  place.lo, y - 4, place.hi - place.lo, colour);
  drawing += line(place.lo, y - 6, place.lo, y + 6, colour, 2) + line(place.hi, y - 6, place.hi, y + 6, colour, 2);
  return drawing + "</g>\n";
}

std::string drawn(const Axis& axis, std::string_view title, double top, double bottom) {
  std::string drawing;
  const auto count = std::lround((axis.to - axis.from) / axis.step);
  for (long k = 0; k <= count; ++k) {
    const double exponent = axis.from + static_cast<double>(k) * axis.step, x = axis.x(exponent);
    drawing += line(x, top, x, bottom, "#DDDDDD", 1) + svg::power_at(x, bottom + 18, "middle", "", exponent);
  }
  drawing += line(axis.left, bottom, axis.right, bottom, "#444444", 1);
  return drawing + text_at((axis.left + axis.right) / 2, bottom + 38, "middle", title);
}

}  // namespace

std::string interval_chart_svg(std::string_view title, std::string_view axis_title,
                               const std::vector<IntervalBar>& bars) {
  constexpr double kMostLetters = 42;
  const std::vector<std::string> labels = distinct(bars, &IntervalBar::label),
                                 roles = distinct(bars, &IntervalBar::role);
  std::vector<Span> spans;
  std::transform(bars.begin(), bars.end(), std::back_inserter(spans), span_of);

  double longest = 0;
  for (const std::string& label : labels) longest = std::max(longest, std::min(svg::letters(label), kMostLetters));
  Axis axis = axis_around(spans);
  axis.left = kMargin + longest * kLetter + 34;
  axis.right = kWidth - kMargin - 34;

  const std::vector<Place> places = arranged(bars, spans, axis, labels);
  const std::vector<double> edges = edges_of(places, labels.size(), 44);
  const double bottom = edges.back() + 4;
  std::string body = text_at(kMargin, 26, "start", svg::shortened(title, 80), " font-size=\"15\" font-weight=\"bold\"");
  body += drawn(axis, axis_title, edges.front(), bottom);
  for (std::size_t row = 0; row < labels.size(); ++row)
    body += text_at(kMargin, (edges[row] + edges[row + 1]) / 2 + 6, "start", svg::shortened(labels[row], kMostLetters));
  for (std::size_t k = 0; k < bars.size(); ++k) {
    const double y = edges[places[k].row] + kLane * (static_cast<double>(places[k].lane) + 0.5) + 7;
    body += drawn(bars[k], spans[k], places[k], y, position(roles, bars[k].role));
  }
  double y = bottom + 64;
  body += svg::legend(roles, 16, y, [](double x, double base, std::size_t k) { return marker(x + 5, base - 4, k); });
  return svg::document(y, title, "", body);
}

}  // namespace assay
