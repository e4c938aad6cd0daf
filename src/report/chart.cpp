#include "report/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "report/chart_series.hpp"
#include "report/letter.hpp"
#include "report/plain_text.hpp"

namespace assay {

namespace {

using svg::kLetter;
using svg::kLettersInLine;
using svg::kMargin;
using svg::kWidth;
constexpr double kSwatch = 34;

void require_equal_lengths(const Chart& chart) {
  for (const Series& series : chart.series) {
    const std::size_t n = series.x.size();
    const bool arrows = series.style == Series::Style::arrows;
    if (series.y.size() != n || (series.style == Series::Style::band && series.high.size() != n) ||
        (arrows && (series.dx.size() != n || series.dy.size() != n)))
      throw std::invalid_argument(
          fmt::format("chart '{}': series '{}': expected vectors of equal length", chart.name, series.label));
  }
}

/// A text as it is written in a picture: plain, with the letters and signs of formulas.
std::string in_picture(std::string_view markdown) {
  static constexpr std::pair<std::string_view, const char*> kSigns[] = {
      {"alpha", "α"}, {"beta", "β"}, {"delta", "δ"}, {"epsilon", "ε"},  {"eta", "η"}, {"lambda", "λ"}, {"mu", "μ"},
      {"sigma", "σ"}, {"tau", "τ"},  {"theta", "θ"}, {"infinity", "∞"}, {"<=", "≤"},  {">=", "≥"},     {"phi", "φ"}};
  const std::string text = plain_text(markdown);
  std::string out;
  for (std::size_t k = 0; k < text.size();) {
    std::size_t end = k + 1;
    while (is_letter(text[k]) && end < text.size() && is_letter(text[end])) ++end;
    if (text.compare(k, 2, "<=") == 0 || text.compare(k, 2, ">=") == 0) ++end;
    const std::string_view word = std::string_view(text).substr(k, end - k);
    const auto sign =
        std::find_if(std::begin(kSigns), std::end(kSigns), [&](const auto& each) { return each.first == word; });
    out += sign == std::end(kSigns) ? word : sign->second;
    k = end;
  }
  return out;
}

std::string drawn_axes(const Chart& chart, const Frame& frame) {
  std::string body;
  double free_from = 0;
  for (const Tick& tick : frame.x_axis.ticks()) {
    const double x = frame.left + tick.place * frame.width(), half = width_of(tick) / 2;
    body += svg::line(x, frame.top, x, frame.bottom(), svg::kGrid, 1);
    if (x - half < free_from || x + half > kWidth) continue;
    body += text_of(tick, x, frame.bottom() + 20, "middle");
    free_from = x + half + kLetter;
  }
  for (const Tick& tick : frame.y_axis.ticks()) {
    const double y = frame.bottom() - tick.place * frame.height;
    body += svg::line(frame.left, y, frame.right, y, svg::kGrid, 1) + text_of(tick, frame.left - 6, y + 5, "end");
  }
  const std::string box = fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"", frame.left,
                                      frame.top, frame.width(), frame.height);
  body += box + fmt::format(" fill=\"none\" stroke=\"{}\"/>\n<clipPath id=\"frame\">", svg::kFrame) + box +
          "/></clipPath>\n";
  return body + svg::text_at((kMargin + frame.right) / 2, frame.bottom() + 42, "middle",
                             svg::shortened(in_picture(chart.x_axis), kLettersInLine));
}

/// The series in the order in which they are drawn.
std::vector<const Series*> in_layers(const Chart& chart) {
  std::vector<const Series*> series;
  for (const Series& each : chart.series) series.push_back(&each);
  std::stable_sort(series.begin(), series.end(),
                   [](const Series* a, const Series* b) { return layer_of(*a) < layer_of(*b); });
  return series;
}

/// Labels of the series, each once, in the order of the chart: the entries of the legend, then the empty one, if any.
std::vector<std::string> labels_of(const Chart& chart) {
  std::vector<std::string> labels;
  for (const Series& series : chart.series)
    if (std::find(labels.begin(), labels.end(), series.label) == labels.end()) labels.push_back(series.label);
  std::stable_partition(labels.begin(), labels.end(), [](const std::string& label) { return !label.empty(); });
  return labels;
}

std::size_t role_of(const Series& series, const std::vector<std::string>& labels) {
  return static_cast<std::size_t>(std::find(labels.begin(), labels.end(), series.label) - labels.begin());
}

std::string legend(const Chart& chart, const std::vector<std::string>& labels, double& y) {
  std::vector<std::string> texts;
  for (const std::string& label : labels)
    if (!label.empty()) texts.push_back(in_picture(label));
  return svg::legend(texts, kSwatch, y, [&](double x, double base, std::size_t k) {
    std::string swatches;
    for (const Series* series : in_layers(chart))
      if (series->label == labels[k]) swatches += swatch(*series, x, base, k);
    return swatches;
  });
}

/// For readers who do not see the picture.
std::string described(const Chart& chart) {
  std::string text = fmt::format("{}{} over {}{}", in_picture(chart.y_axis), chart.log_y ? " (log)" : "",
                                 in_picture(chart.x_axis), chart.log_x ? " (log)" : "");
  for (const Series& series : chart.series) {
    constexpr const char* kNames[] = {"line", "points", "band", "arrows"};
    text += fmt::format("; {}: {} of {}", in_picture(series.label), kNames[static_cast<int>(series.style)],
                        series.x.size());
  }
  return text + ".";
}

/// All series, and what a reader of the picture has to know.
struct Contents {
  std::string body;
  std::size_t points = 0, left_out = 0;
  std::vector<std::string> remarks;
};

Contents contents_of(const Chart& chart, const Frame& frame, const std::vector<std::string>& labels, double factor) {
  Contents contents;
  for (const Series* series : in_layers(chart)) {
    const std::string name = in_picture(series->label);
    const Drawing drawing = drawn(*series, frame, role_of(*series, labels), factor);
    contents.body += fmt::format("<g><title>{}</title>\n{}</g>\n", svg::escaped(name), drawing.body);
    contents.points += series->x.size();
    contents.left_out += drawing.left_out;
    if (const std::size_t every = arrows_apart(*series); every > 1)
      contents.remarks.push_back(fmt::format("{}: one arrow in {} is drawn.", name, every));
  }
  if (factor < 1 || factor > 1)
    contents.remarks.push_back(fmt::format("Arrows are drawn {:g} times as long as they are.", factor));
  if (contents.left_out > 0)
    contents.remarks.push_back(fmt::format("{} of {} points left out: not finite{}.", contents.left_out,
                                           contents.points,
                                           chart.log_x || chart.log_y ? ", or not positive on a log axis" : ""));
  return contents;
}

}  // namespace

std::string chart_svg(const Chart& chart) {
  require_equal_lengths(chart);
  const std::string title = in_picture(chart.title);
  std::string body;
  double y = 0;
  body += svg::title(title, y);
  // What goes up stands above the axis, level, where a phone has room for it.
  body += svg::paragraph(svg::lines_of(in_picture(chart.y_axis), kLettersInLine, 2), y, "");
  Frame frame = frame_of(chart, y - 10, true);
  double factor = factor_of_arrows(chart, frame);
  if (factor < 1 || factor > 1) {  // the tips are elsewhere then
    frame = frame_of(chart, y - 10, false);
    factor = factor_of_arrows(chart, frame);
  }
  const std::vector<std::string> labels = labels_of(chart);
  const Contents contents = contents_of(chart, frame, labels, factor);
  body += drawn_axes(chart, frame) + contents.body;
  if (contents.points == contents.left_out)
    body += svg::text_at((frame.left + frame.right) / 2, frame.top + frame.height / 2, "middle", "nothing to draw",
                         " font-style=\"italic\"");
  y = frame.bottom() + 70;
  if (!labels.empty() && !labels.front().empty()) body += legend(chart, labels, y);
  y += 6;
  body += svg::remarks(contents.remarks, y);
  return svg::document(y, title, described(chart), body);
}

namespace {

/// A field of CSV, in quotes where it has to be.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string chart_csv(const Chart& chart) {
  require_equal_lengths(chart);
  std::string csv = "series,x,y,high,dx,dy\n";
  for (const Series& series : chart.series)
    for (std::size_t k = 0; k < series.x.size(); ++k) {
      csv += fmt::format("{},{:.17g},{:.17g},", csv_field(series.label), series.x[k], series.y[k]);
      csv += series.style == Series::Style::band     ? fmt::format("{:.17g},,\n", series.high[k])
             : series.style == Series::Style::arrows ? fmt::format(",{:.17g},{:.17g}\n", series.dx[k], series.dy[k])
                                                     : ",,\n";
    }
  return csv;
}

}  // namespace assay
