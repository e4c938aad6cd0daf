#include "report/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "report/chart_frame.hpp"
#include "report/display.hpp"
#include "report/power_axis.hpp"
#include "report/svg.hpp"

namespace assay {

namespace {

using svg::colour_of;
using svg::escaped;
using svg::kLetter;
using svg::kLettersInLine;
using svg::kLine;
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

Interval shown_of(const IntervalBar& bar) {
  return bar.lower_only ? bar.value.lower() : bar.upper_only ? bar.value.upper() : bar.value;
}

std::string what_is_shown(const IntervalBar& bar) {
  const char* meaning = bar.lower_only ? "at least " : bar.upper_only ? "at most " : "";
  return fmt::format("{}, {}: {}{}", bar.label, bar.role, meaning, display(shown_of(bar)));
}

/// Where a bar goes: its ends on the page (equal if only one is known) and the lane of its line.
struct Place {
  double lo = 0, hi = 0;
  std::size_t row = 0, lane = 0;

  bool is_narrow() const { return hi - lo < 8; }
};

Place place_of(const Span& span, const PowerAxis& axis) {
  const std::optional<double> lo = span.lo ? span.lo : span.hi, hi = span.hi ? span.hi : span.lo;
  if (!lo) return {axis.left(), axis.right()};
  return {axis.x(*lo), axis.x(*hi)};
}

/// Every bar in the first lane of its line in which it meets no other.
std::vector<Place> arranged(const std::vector<IntervalBar>& bars, const std::vector<Span>& spans, const PowerAxis& axis,
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

/// Upper edge of every row, which begins with its label, and of what comes below the last.
std::vector<double> edges_of(const std::vector<Place>& places, std::size_t rows, double top) {
  std::vector<double> lanes(rows, 1), edges{top};
  for (const Place& place : places) lanes[place.row] = std::max(lanes[place.row], static_cast<double>(place.lane) + 1);
  for (const double count : lanes) edges.push_back(edges.back() + kLine + count * kLane + 9);
  return edges;
}

/// What is written where there is no place for a mark: "0", "not known".
std::string without_place(const IntervalBar& bar) {
  return bar.value.is_finite() ? display(shown_of(bar)) : "not known";
}

/// The logarithms that need a place: one for a mark, two for a bar.
std::vector<double> ends_of(const std::vector<Span>& spans) {
  constexpr double kTooNarrowToSee = 1e-3;
  std::vector<double> ends;
  for (const Span& span : spans) {
    if (span.lo) ends.push_back(*span.lo);
    if (span.hi && !(span.lo && *span.hi - *span.lo < kTooNarrowToSee)) ends.push_back(*span.hi);
  }
  return ends;
}

std::string drawn(const IntervalBar& bar, const Span& span, const Place& place, double y, std::size_t role) {
  const std::string_view colour = colour_of(role);
  std::string drawing = "<g><title>" + escaped(what_is_shown(bar)) + "</title>\n";
  if (!span.lo && !span.hi) {
    drawing += marker(place.lo + 5, y, role);
    return drawing +
           text_at(place.lo + 16, y + 5, "start", svg::shortened(without_place(bar), kLettersInLine - 3),
                   fmt::format(" fill=\"{}\" font-style=\"italic\"", colour)) +
           "</g>\n";
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

/// The axis below `bottom`, and its lines up to `top`; where it is cut there are two strokes.
std::string drawn(const PowerAxis& axis, std::string_view title, double top, double bottom) {
  std::string drawing;
  for (const AxisPart& part : axis.parts())
    if (part.enlarged)
      drawing += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                             part.left, top, part.width(), bottom - top, svg::kShade);
  double free_from = 0;
  for (const AxisPart& part : axis.parts()) {
    for (const Tick& tick : axis.ticks(part)) {
      drawing += line(tick.place, top, tick.place, bottom, svg::kGrid, 1);
      const double half = width_of(tick) / 2;
      if (tick.place - half < free_from || tick.place + half > kWidth) continue;
      drawing += text_of(tick, tick.place, bottom + 21, "middle");
      free_from = tick.place + half + kLetter;
    }
    drawing += line(part.left, bottom, part.right, bottom, svg::kFrame, 1);
    if (&part != &axis.parts().back())
      for (const double x : {part.right + 2, part.right + 6})
        drawing += line(x, bottom + 5, x + 4, bottom - 5, svg::kFrame, 1);
  }
  return drawing + text_at((axis.left() + axis.right()) / 2, bottom + 44, "middle", title);
}

/// What a reader has to know of the signs that are drawn.
std::vector<std::string> signs_explained(const std::vector<Span>& spans, const std::vector<Place>& places,
                                         const PowerAxis& axis) {
  bool at_least = false, at_most = false, bars = false, no_place = false;
  for (std::size_t k = 0; k < spans.size(); ++k) {
    no_place = no_place || (!spans[k].lo && !spans[k].hi);
    at_least = at_least || (spans[k].lo && !spans[k].hi);
    at_most = at_most || (spans[k].hi && !spans[k].lo);
    bars = bars || (spans[k].lo && spans[k].hi && !places[k].is_narrow());
  }
  std::vector<std::string> remarks;
  if (at_least) remarks.push_back("Arrow to the right: at least; proved is the mark, and the value may be larger.");
  if (at_most) remarks.push_back("Arrow to the left: at most; proved is the mark, and the value may be smaller.");
  if (bars)
    remarks.push_back("A bar reaches over all that an enclosure leaves open; where there is none, a mark hides it.");
  if (no_place) remarks.push_back("What is 0, or not known to be positive, has no place on an axis of powers of ten.");
  if (axis.parts().size() > 1) remarks.push_back("The axis is cut at the double strokes: the shaded part is enlarged.");
  return remarks;
}

}  // namespace

std::string interval_chart_svg(std::string_view title, std::string_view axis_title,
                               const std::vector<IntervalBar>& bars) {
  const std::vector<std::string> labels = distinct(bars, &IntervalBar::label),
                                 roles = distinct(bars, &IntervalBar::role);
  std::vector<Span> spans;
  std::transform(bars.begin(), bars.end(), std::back_inserter(spans), span_of);
  // An arrow at an end of the axis needs some room beside it.
  const PowerAxis axis(ends_of(spans), kMargin + kArrow, kWidth - kMargin - kArrow);

  double top = 0;
  std::string body = svg::title(title, top);
  const std::vector<Place> places = arranged(bars, spans, axis, labels);
  const std::vector<double> edges = edges_of(places, labels.size(), top - 8);
  const double bottom = edges.back() + 4;
  body += drawn(axis, svg::shortened(axis_title, kLettersInLine), edges.front(), bottom);
  for (std::size_t row = 0; row < labels.size(); ++row)
    body += text_at(kMargin, edges[row] + 16, "start", svg::shortened(labels[row], kLettersInLine));
  for (std::size_t k = 0; k < bars.size(); ++k) {
    const double y = edges[places[k].row] + kLine + kLane * (static_cast<double>(places[k].lane) + 0.5) + 1;
    body += drawn(bars[k], spans[k], places[k], y, position(roles, bars[k].role));
  }
  double y = bottom + 72;
  body += svg::legend(roles, 16, y, [](double x, double base, std::size_t k) { return marker(x + 5, base - 5, k); });
  y += 6;
  body += svg::remarks(signs_explained(spans, places, axis), y);
  return svg::document(y, title, "", body);
}

}  // namespace assay
