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
  CHECK(at.back() < 760);

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
  const std::string arrow = "l7.0 -4l0 8z", back = "l-7.0 -4l0 8z", none = "no positive end is known";
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
  for (const IntervalBar& bar : {IntervalBar{"a", range("-3", "-2"), "r"}, {"a", Interval::whole_line(64), "r"}})
    CHECK(has(chart(bar), none));
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
    const std::size_t ticks = numbers(svg, "font-size=\"9\">(-?[0-9]+)<").size();
    CHECK(ticks >= 2);
    CHECK(ticks <= 11);
  }
}

}  // namespace
}  // namespace assay
