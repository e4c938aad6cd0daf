#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>

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
      "font-size=\"9\">{:.0f}</tspan></text>\n",
      x, y, anchor, mantissa, mantissa.empty() || mantissa == "-" ? "" : "·", exponent + 0.0);
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

std::string legend(const std::vector<std::string>& texts, double swatch_width, double& y,
                   const std::function<std::string(double x, double y, std::size_t k)>& swatch) {
  std::string svg;
  double x = kMargin;
  for (std::size_t k = 0; k < texts.size(); ++k) {
    const double width = swatch_width + 28 + letters(texts[k]) * kLetter;
    if (x > kMargin && x + width > kWidth - kMargin) x = kMargin, y += 20;
    svg += swatch(x, y, k) + text_at(x + swatch_width, y, "start", texts[k]);
    x += width;
  }
  y += 20;
  return svg;
}

std::string document(double height, std::string_view title, std::string_view description, std::string_view body) {
  const std::string about = description.empty() ? "" : fmt::format("<desc>{}</desc>\n", escaped(description));
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1:.0f}\" width=\"{0}\" height=\"{1:.0f}\" "
      "role=\"img\" "
      "font-family=\"sans-serif\" font-size=\"{2}\" fill=\"#222222\">\n<title>{3}</title>\n{4}"
      "<rect x=\"0\" y=\"0\" width=\"{0}\" height=\"{1:.0f}\" fill=\"#FFFFFF\"/>\n{5}</svg>\n",
      kWidth, height, kTextSize, escaped(title), about, body);
}

}  // namespace assay::svg
