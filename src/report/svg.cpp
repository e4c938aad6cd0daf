#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay::svg {

double letters(std::string_view text) {
  return static_cast<double>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

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

std::vector<std::string> lines_of(std::string_view text, double count, std::size_t most) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    if (letters(text) <= count || lines.size() + 1 == most) {
      lines.push_back(shortened(text, count));
      return lines;
    }
    auto blank = std::string_view::npos;
    for (auto at = text.find(' '); at != std::string_view::npos && letters(text.substr(0, at)) <= count;
         at = text.find(' ', at + 1))
      blank = at;
    if (blank == std::string_view::npos) blank = std::min(text.find(' '), text.size());
    lines.push_back(shortened(text.substr(0, blank), count));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return lines;
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
      out += ' ';
  }
  return out;
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view text, std::string_view more) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, more,
                     escaped(text));
}

std::string power_at(double x, double y, std::string_view anchor, std::string_view mantissa, double exponent) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}{}10<tspan dy=\"-5\" "
      "font-size=\"{}\">{:.0f}</tspan></text>\n",
      x, y, anchor, mantissa, mantissa.empty() || mantissa == "-" ? "" : "·", kExponentSize, exponent + 0.0);
}

std::string line(double x1, double y1, double x2, double y2, std::string_view colour, double thickness) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{}\"/>\n", x1, y1, x2,
      y2, colour, thickness);
}

std::string marker(double x, double y, std::size_t role) {
  const std::string_view colour = colour_of(role);
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

std::string paragraph(const std::vector<std::string>& lines, double& y, std::string_view more) {
  std::string svg;
  for (const std::string& line : lines) {
    svg += text_at(kMargin, y, "start", line, more);
    y += kLine;
  }
  return svg;
}

std::string title(std::string_view text, double& y) {
  y += kTitleSize + 8;
  return paragraph(lines_of(text, (kWidth - 2 * kMargin) / kTitleLetter, 4), y,
                   fmt::format(" font-size=\"{}\" font-weight=\"bold\"", kTitleSize));
}

std::string remarks(const std::vector<std::string>& texts, double& y) {
  std::string svg;
  for (const std::string& text : texts)
    svg += paragraph(lines_of(text, kLettersInLine, 6), y, " font-style=\"italic\"");
  return svg;
}

std::string legend(const std::vector<std::string>& texts, double swatch_width, double& y,
                   const std::function<std::string(double x, double y, std::size_t k)>& swatch) {
  std::string svg;
  double x = kMargin;
  const auto next_line = [&] { x = kMargin, y += kLine; };
  for (std::size_t k = 0; k < texts.size(); ++k) {
    const std::vector<std::string> lines = lines_of(texts[k], (kWidth - 2 * kMargin - swatch_width) / kLetter, 4);
    const double width = swatch_width + 20 + (lines.empty() ? 0 : letters(lines.front())) * kLetter;
    if (x > kMargin && (x + width > kWidth - kMargin || lines.size() > 1)) next_line();
    svg += swatch(x, y, k);
    for (std::size_t line = 0; line < lines.size(); ++line) {
      if (line > 0) y += kLine;
      svg += text_at(x + swatch_width, y, "start", lines[line]);
    }
    x += lines.size() > 1 ? kWidth : width;
  }
  y += kLine;
  return svg;
}

namespace {

/// What takes the place of each colour on a dark page, as light on dark as that is dark on light.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kOnDark{{{kInk, "#E2E4E8"},
                                                                                 {kPaper, "#15171A"},
                                                                                 {kGrid, "#3A3E45"},
                                                                                 {kFrame, "#A4AAB3"},
                                                                                 {kShade, "#20262D"},
                                                                                 {kColours[0], "#58B0F0"},
                                                                                 {kColours[1], "#FF9248"},
                                                                                 {kColours[2], "#2FCB9A"},
                                                                                 {kColours[3], "#E090D0"},
                                                                                 {kColours[4], "#FAFAFA"},
                                                                                 {kColours[5], "#E8BC40"}}};

/// Colours stand as attributes, so that programs that know no style sheets draw them, too.
std::string style(std::string_view body) {
  std::string rules;
  for (const auto& [light, dark] : kOnDark)
    for (const char* property : {"fill", "stroke"})
      if (light == kInk || body.find(fmt::format("{}=\"{}\"", property, light)) != std::string_view::npos)
        rules += fmt::format(".assay[{0}=\"{1}\"],.assay [{0}=\"{1}\"]{{{0}:{2}}}\n", property, light, dark);
  return "<style>@media screen and (prefers-color-scheme:dark){\n" + rules + "}</style>\n";
}

}  // namespace

std::string document(double height, std::string_view title, std::string_view description, std::string_view body) {
  const std::string about = description.empty() ? "" : fmt::format("<desc>{}</desc>\n", escaped(description));
  const std::string ground = fmt::format("<rect x=\"0\" y=\"0\" width=\"{}\" height=\"{:.0f}\" fill=\"{}\"/>\n{}",
                                         kWidth, height, kPaper, body);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"assay\" viewBox=\"0 0 {0} {1:.0f}\" width=\"{0}\" "
      "height=\"{1:.0f}\" role=\"img\" font-family=\"sans-serif\" font-size=\"{2}\" "
      "fill=\"{3}\">\n<title>{4}</title>\n{5}{6}{7}</svg>\n",
      kWidth, height, kTextSize, kInk, escaped(title), about, style(ground), ground);
}

}  // namespace assay::svg
