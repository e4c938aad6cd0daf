#include "report/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "report/display.hpp"

namespace assay {

namespace {

constexpr double kWidth = 760, kLane = 15, kMargin = 16, kTextSize = 12, kArrow = 28;
/// Wider than most sans-serif letters are on average, so that texts never meet.
constexpr double kLetter = 6.8;

/// Colours that are told apart without red and green (Okabe and Ito, 2008).
constexpr std::array<std::string_view, 6> kColours{"#0072B2", "#D55E00", "#009E73", "#AA4499", "#000000", "#B07A00"};

double letters(std::string_view text) {
  return static_cast<double>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
    else
      out += ' ';  // XML knows no control characters
  }
  return out;
}

/// At most `count` letters, cut between characters of UTF-8.
std::string shortened(std::string_view text, double count) {
  if (letters(text) <= count) return std::string(text);
  std::string out;
  double seen = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80 && ++seen >= count) break;
    out += c;
  }
  return out + "…";
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view text, std::string_view more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, more,
                     escaped(text));
}

std::string line(double x1, double y1, double x2, double y2, std::string_view colour, double thickness) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{}\"/>\n", x1, y1, x2,
      y2, colour, thickness);
}

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
double step_for(double range) {
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
  axis.step = step_for(most - least);
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

std::string marker(double x, double y, std::size_t role) {
  const std::string_view colour = kColours[role % kColours.size()];
  constexpr double r = 5;
  switch (role % 4) {
    case 0:
      return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\"/>\n", x, y, r, colour);
    case 1:
      return fmt::format("<path d=\"M{:.1f} {:.1f}l{r} {r}l-{r} {r}l-{r} -{r}z\" fill=\"{}\"/>\n", x, y - r, colour,
                         fmt::arg("r", r));
    case 2:
      return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"8\" height=\"8\" fill=\"{}\"/>\n", x - 4, y - 4,
                         colour);
    default:
      return fmt::format("<path d=\"M{:.1f} {:.1f}l{r} 9l-10 0z\" fill=\"{}\"/>\n", x, y - r, colour, fmt::arg("r", r));
  }
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
  const std::string_view colour = kColours[role % kColours.size()];
  std::string svg = "<g><title>" + escaped(what_is_shown(bar)) + "</title>\n";
  if (!span.lo && !span.hi) {
    svg += text_at((place.lo + place.hi) / 2, y + 4, "middle", bar.role + ": no positive end is known",
                   fmt::format(" fill=\"{}\" font-style=\"italic\"", colour));
    return svg + "</g>\n";
  }
  if (!span.hi) svg += arrow(place.lo, y, +1, colour);
  if (!span.lo) svg += arrow(place.hi, y, -1, colour);
  if (place.is_narrow()) return svg + marker((place.lo + place.hi) / 2, y, role) + "</g>\n";
  svg +=
      fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"8\" fill=\"{}\" fill-opacity=\"0.55\"/>\n",
                  place.lo, y - 4, place.hi - place.lo, colour);
  svg += line(place.lo, y - 6, place.lo, y + 6, colour, 2) + line(place.hi, y - 6, place.hi, y + 6, colour, 2);
  return svg + "</g>\n";
}

std::string power_label(double x, double y, double exponent) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">10<tspan dy=\"-5\" "
      "font-size=\"9\">{:.0f}</tspan></text>\n",
      x, y, exponent + 0.0);
}

std::string drawn(const Axis& axis, std::string_view title, double top, double bottom) {
  std::string svg;
  const auto count = std::lround((axis.to - axis.from) / axis.step);
  for (long k = 0; k <= count; ++k) {
    const double exponent = axis.from + static_cast<double>(k) * axis.step, x = axis.x(exponent);
    svg += line(x, top, x, bottom, "#DDDDDD", 1) + power_label(x, bottom + 18, exponent);
  }
  svg += line(axis.left, bottom, axis.right, bottom, "#444444", 1);
  return svg + text_at((axis.left + axis.right) / 2, bottom + 38, "middle", title);
}

/// Entries side by side, as many in a line as fit. Moves y to the line below the last one.
std::string legend(const std::vector<std::string>& roles, double& y) {
  std::string svg;
  double x = kMargin;
  for (std::size_t k = 0; k < roles.size(); ++k) {
    const double width = 44 + letters(roles[k]) * kLetter;
    if (x > kMargin && x + width > kWidth - kMargin) x = kMargin, y += 20;
    svg += marker(x + 5, y - 4, k) + text_at(x + 16, y, "start", roles[k]);
    x += width;
  }
  y += 20;
  return svg;
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
  for (const std::string& label : labels) longest = std::max(longest, std::min(letters(label), kMostLetters));
  Axis axis = axis_around(spans);
  axis.left = kMargin + longest * kLetter + 34;
  axis.right = kWidth - kMargin - 34;

  const std::vector<Place> places = arranged(bars, spans, axis, labels);
  const std::vector<double> edges = edges_of(places, labels.size(), 44);
  const double bottom = edges.back() + 4;
  std::string body = text_at(kMargin, 26, "start", shortened(title, 80), " font-size=\"15\" font-weight=\"bold\"");
  body += drawn(axis, axis_title, edges.front(), bottom);
  for (std::size_t row = 0; row < labels.size(); ++row)
    body += text_at(kMargin, (edges[row] + edges[row + 1]) / 2 + 6, "start", shortened(labels[row], kMostLetters));
  for (std::size_t k = 0; k < bars.size(); ++k) {
    const double y = edges[places[k].row] + kLane * (static_cast<double>(places[k].lane) + 0.5) + 7;
    body += drawn(bars[k], spans[k], places[k], y, position(roles, bars[k].role));
  }
  double y = bottom + 64;
  body += legend(roles, y);

  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1:.0f}\" width=\"{0}\" height=\"{1:.0f}\" "
      "role=\"img\" "
      "font-family=\"sans-serif\" font-size=\"{2}\" fill=\"#222222\">\n<title>{3}</title>\n"
      "<rect x=\"0\" y=\"0\" width=\"{0}\" height=\"{1:.0f}\" fill=\"#FFFFFF\"/>\n{4}</svg>\n",
      kWidth, y, kTextSize, escaped(title), body);
}

}  // namespace assay
