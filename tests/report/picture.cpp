#include "report/picture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "sample.hpp"
#include "svg_reading.hpp"

namespace assay {
namespace {

using sample::number;
using sample::range;

/// The part of the file before the legend, which is after all groups.
std::string bars_of(const std::string& svg) {
  return svg.substr(0, svg.rfind("</g>"));
}

TEST_CASE("a chart is well-formed XML, whatever the texts are") {
  const std::string svg = interval_chart_svg(
      "R < \"1\" & more\x01", "radius, |x| > 0",
      {{"a&b <c>", range("1e-4", "2e-3"), "certified \"radius\""},
       {"naïve label that is much longer than the column for labels can be", range("0", "5"), "paper's bound"}});
  CHECK(trouble_in_xml(svg) == "");
  CHECK(svg.find("viewBox") != std::string::npos);
  CHECK(svg.find("fill=\"#FFFFFF\"") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
}

TEST_CASE("markers are ordered like the values, over any range of exponents") {
  const Interval tower = exp(exp(number("20")));
  const std::vector<Interval> values{1 / tower,      number("1e-300"),    number("1e-4"), number("1.1"),
                                     number("4e95"), exp(number("5000")), tower};
  std::vector<IntervalBar> bars;
  for (std::size_t k = 0; k < 5; ++k) bars.push_back({"same line", values[k + 1], "value"});
  const std::string svg = interval_chart_svg("t", "x", bars);
  CHECK(trouble_in_xml(svg) == "");
  const std::vector<double> at = numbers(bars_of(svg), "circle cx=\"([0-9.]+)\"");
  REQUIRE(at.size() == 5);
  CHECK(std::is_sorted(at.begin(), at.end()));
  CHECK(at.front() > 0);
  CHECK(at.back() < 460);

  const std::string wide =
      interval_chart_svg("t", "x", {{"a", values.front(), "value"}, {"a", values.back(), "value"}});
  CHECK(trouble_in_xml(wide) == "");
  const std::vector<double> ends = numbers(bars_of(wide), "circle cx=\"([0-9.]+)\"");
  REQUIRE(ends.size() == 2);
  CHECK(ends[0] < ends[1]);
}

TEST_CASE("a wide enclosure is a bar between its ends") {
  const std::string svg =
      interval_chart_svg("t", "x", {{"a", range("1e-3", "1e2"), "value"}, {"a", number("1"), "inside"}});
  const std::vector<double> left = numbers(bars_of(svg), "<rect x=\"([0-9.]+)\"[^>]*fill-opacity");
  const std::vector<double> width = numbers(bars_of(svg), "width=\"([0-9.]+)\"[^>]*fill-opacity");
  const std::vector<double> inside = numbers(bars_of(svg), "<path d=\"M([0-9.]+)");
  REQUIRE(left.size() == 1);
  REQUIRE(inside.size() == 1);
  CHECK(inside[0] > left[0]);
  CHECK(inside[0] < left[0] + width[0]);
}

TEST_CASE("ends that are unknown, zero or meant as bounds are arrows") {
  const auto chart = [](const IntervalBar& bar) { return bars_of(interval_chart_svg("t", "x", {bar})); };
  const std::string arrow = "l7.0 -4l0 8z", back = "l-7.0 -4l0 8z", none = "not known";
  const auto has = [](const std::string& svg, const std::string& part) { return svg.find(part) != std::string::npos; };
  for (const IntervalBar& bar : {IntervalBar{"a", range("0", "5"), "r"}, {"a", number("5"), "r", false, true}}) {
    CHECK(trouble_in_xml(chart(bar) + "</g></svg>") == "");
    CHECK(has(chart(bar), arrow));  // its base is to the right of its tip
    CHECK(!has(chart(bar), back));
  }
  for (const IntervalBar& bar : {IntervalBar{"a", range("5", "inf"), "r"}, {"a", number("5"), "r", true, false}}) {
    CHECK(trouble_in_xml(chart(bar) + "</g></svg>") == "");
    CHECK(has(chart(bar), back));
    CHECK(!has(chart(bar), arrow));
  }
  CHECK(has(chart({"a", Interval::whole_line(64), "r"}), none));
  CHECK(has(chart({"a", range("-3", "-2"), "r"}), "[-3, -2]"));
  CHECK(has(chart({"a", number("0"), "r"}), ">0</text>"));
}

TEST_CASE("bars of one line that would meet are drawn in lanes") {
  const auto heights = [](const char* other) {
    return numbers(bars_of(interval_chart_svg("t", "x", {{"a", number("1"), "r"}, {"a", number(other), "r"}})),
                   "cy=\"([0-9.]+)\"");
  };
  CHECK(heights("1.001")[0] < heights("1.001")[1]);
  CHECK(heights("1e9")[0] == heights("1e9")[1]);
}

TEST_CASE("no bars, no trouble") {
  CHECK(trouble_in_xml(interval_chart_svg("t", "x", {})) == "");
}

TEST_CASE("ticks are few") {
  for (const char* most : {"1.5", "30", "1e9", "1e95", "1e4000"}) {
    const std::string svg = interval_chart_svg("t", "x", {{"a", range("1", most), "value"}});
    const std::size_t ticks = numbers(svg.substr(0, svg.find(">x</text>")), "text-anchor=\"middle\">([0-9.]+)<").size();
    CHECK(ticks >= 2);
    CHECK(ticks <= 11);
  }
}

TEST_CASE("where values span hundreds of decades, the part with most of them is enlarged, and the picture says so") {
  std::vector<IntervalBar> bars;
  for (const char* value : {"0.1", "0.2", "0.3", "0.15", "0.25"}) bars.push_back({value, number(value), "near"});
  bars.push_back({"far", number("1e-500"), "far"});
  const std::string svg = interval_chart_svg("t", "x", bars);
  const std::vector<double> shade = numbers(svg, "<rect x=\"([0-9.]+)\"[^>]*fill=\"#EEF3F8\"");
  REQUIRE(shade.size() == 1);
  const std::vector<double> near = numbers(bars_of(svg), "circle cx=\"([0-9.]+)\"");
  REQUIRE(near.size() == 5);
  CHECK(near[1] - near[0] > 40);  // a factor of two can be seen
  CHECK(near[0] > shade[0]);
  CHECK(svg.find("The axis is cut at the double strokes") != std::string::npos);
  CHECK(trouble_in_xml(svg) == "");
  bars.pop_back();
  CHECK(interval_chart_svg("t", "x", bars).find("enlarged") == std::string::npos);
}

TEST_CASE("a picture says what its arrows mean, if it has any") {
  const auto chart = [](const IntervalBar& bar) { return interval_chart_svg("t", "x", {bar}); };
  const auto says = [](const std::string& svg, const char* words) { return svg.find(words) != std::string::npos; };
  CHECK(says(chart({"a", number("5"), "r", true, false}), "Arrow to the right: at least"));
  CHECK(says(chart({"a", number("5"), "r", false, true}), "Arrow to the left: at most"));
  CHECK(says(chart({"a", number("0"), "r"}), "has no place"));
  CHECK(!says(chart({"a", number("5"), "r"}), "Arrow"));
}

/// The smallest font size that stands in a picture, as it is when the picture is so many pixels wide.
double smallest_text(const std::string& svg, double width) {
  const std::vector<double> sizes = numbers(svg, "font-size=\"([0-9.]+)\"");
  return *std::min_element(sizes.begin(), sizes.end()) * width / numbers(svg, "viewBox=\"0 0 ([0-9.]+)").at(0);
}

TEST_CASE("a picture can be read on a small phone and on a dark page") {
  const std::string svg = interval_chart_svg("t", "x", {{"a", range("1e-3", "1e200"), "value"}});
  CHECK(smallest_text(svg, 360) >= 10);
  CHECK(svg.find("prefers-color-scheme:dark") != std::string::npos);
  // Every colour that is drawn has another one there.
  const std::string drawn = svg.substr(svg.find("</style>"));
  const std::regex colour("(fill|stroke)=\"(#[0-9A-F]{6})\"");
  for (std::sregex_iterator k(drawn.begin(), drawn.end(), colour), end; k != end; ++k)
    CHECK(svg.find("[" + (*k)[1].str() + "=\"" + (*k)[2].str() + "\"]{") != std::string::npos);
}

}  // namespace
}  // namespace assay
