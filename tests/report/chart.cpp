#include "report/chart.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <sstream>

#include "support/special.hpp"
#include "svg_reading.hpp"

namespace assay {
namespace {

Chart chart(std::vector<Series> series) {
  Chart result;
  result.name = "name";
  result.title = "title";
  result.x_axis = "time";
  result.y_axis = "error";
  result.series = std::move(series);
  return result;
}

Chart log_chart(std::vector<Series> series) {
  Chart result = chart(std::move(series));
  result.log_y = true;
  return result;
}

struct Place {
  double x, y;
};

/// Corners of the first path with the given colour as stroke or fill. Paths are too long for regular expressions.
std::vector<Place> corners(const std::string& svg, const std::string& colour = "#0072B2") {
  const std::string start = "<path d=\"";
  for (auto from = svg.find(start); from != std::string::npos; from = svg.find(start, from + 1)) {
    const auto data = from + start.size(), end = svg.find('"', data), close = svg.find("/>", end);
    if (svg.substr(end, close - end).find(colour) == std::string::npos) continue;
    std::vector<Place> places;
    for (auto k = svg.find_first_of("ML", data); k < end; k = svg.find_first_of("ML", k + 1)) {
      char* rest = nullptr;
      const double x = std::strtod(svg.c_str() + k + 1, &rest);
      places.push_back({x, std::strtod(rest, nullptr)});
    }
    return places;
  }
  return {};
}

/// Left, top, right and bottom of the frame.
std::vector<double> frame(const std::string& svg) {
  const std::string box = "<clipPath id=\"frame\"><rect ";
  const double left = numbers(svg, box + "x=\"([0-9.]+)").at(0), top = numbers(svg, box + "[^>]* y=\"([0-9.]+)").at(0);
  return {left, top, left + numbers(svg, box + "[^>]* width=\"([0-9.]+)").at(0),
          top + numbers(svg, box + "[^>]* height=\"([0-9.]+)").at(0)};
}

std::vector<double> up_to(std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t k = 0; k < n; ++k) values[k] = static_cast<double>(k);
  return values;
}

TEST_CASE("a chart is well-formed XML with a title and a description, whatever is in it") {
  const std::string nasty = "a < b & \"c\" > d\x01 ünï";
  for (const bool log : {false, true}) {
    Chart all = chart({{nasty, Series::Style::line, {1, 2, 3}, {1, kNan, 2}},
                       {nasty, Series::Style::band, {1, 2, 3}, {0, 1, kNan}, {kInf, 2, 3}},
                       {"points", Series::Style::points, {1, -2, kInf}, {1, 1, 1}},
                       {"", Series::Style::arrows, {1, 2}, {1, 2}, {}, {1, kInf}, {-0.5, 1}},
                       {"empty", Series::Style::line}});
    all.title = nasty + std::string(300, 'x') + " $\\lVert F\\rVert_F$";
    all.x_axis = all.y_axis = std::string(300, 'y') + nasty;
    all.log_x = all.log_y = log;
    const std::string svg = chart_svg(all);
    CHECK(trouble_in_xml(svg) == "");
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
    CHECK(svg.find("<title>a &lt; b &amp; &quot;c&quot;") != std::string::npos);
    CHECK(svg.find("<desc>") != std::string::npos);
    CHECK(svg.find("fill=\"#FFFFFF\"") != std::string::npos);
    CHECK(svg == chart_svg(all));
  }
  CHECK(chart_svg(chart({})).find("nothing to draw") != std::string::npos);
  CHECK(trouble_in_xml(chart_svg(chart({}))) == "");
}

TEST_CASE("a line on a log axis over 600 decades is straight where its logarithms are") {
  Series line{.label = "line", .x = up_to(7), .y = {1e-300, 1e-200, 1e-100, 1, 1e100, 1e200, 1e300}};
  const std::string svg = chart_svg(log_chart({line}));
  const std::vector<Place> at = corners(svg);
  const std::vector<double> box = frame(svg);
  REQUIRE(at.size() == 7);
  for (std::size_t k = 1; k < at.size(); ++k) {
    CHECK(at[k].x - at[k - 1].x == doctest::Approx((at[6].x - at[0].x) / 6).epsilon(1e-2));
    CHECK(at[k].y - at[k - 1].y == doctest::Approx((at[6].y - at[0].y) / 6).epsilon(1e-2));
  }
  CHECK(at[6].y < at[0].y);  // upwards
  CHECK(at[6].y > box[1]);
  CHECK(at[0].y < box[3]);
}

TEST_CASE("what cannot be drawn is left out, breaks the line and is counted") {
  const Series line{.label = "line", .x = up_to(7), .y = {1, 2, kNan, 4, 0, 6, -kInf}};
  const std::string linear = chart_svg(chart({line})), log = chart_svg(log_chart({line}));
  CHECK(corners(linear).size() == 5);
  CHECK(linear.find("2 of 7 points left out: not finite.") != std::string::npos);
  CHECK(corners(log).size() == 4);
  CHECK(log.find("3 of 7 points left out: not finite, or") != std::string::npos);
  CHECK(numbers(log, "M([0-9.]+) [0-9.]+").size() == 4);    // three pieces, and the legend
  CHECK(numbers(log, "M([0-9.]+) [0-9.]+h0").size() == 2);  // points alone are dots
  CHECK(chart_svg(chart({{.label = "whole", .x = {1, 2}, .y = {1, 2}}})).find("left out") == std::string::npos);
}

TEST_CASE("long series are thinned without losing their extremes") {
  const std::size_t n = 100'000;
  Series line{.label = "line", .x = up_to(n), .y = std::vector<double>(n, 1.0)};
  for (std::size_t k = 0; k < n; ++k) line.y[k] += 0.01 * std::sin(static_cast<double>(k));
  line.y[31'415] = 5;
  line.y[92'653] = -3;
  Series band = line;
  band.style = Series::Style::band;
  band.high = band.y;
  for (const Series& series : {line, band}) {
    const std::string svg = chart_svg(chart({series}));
    const std::vector<Place> at = corners(svg);
    const auto [highest, lowest] =
        std::minmax_element(at.begin(), at.end(), [](const Place& a, const Place& b) { return a.y < b.y; });
    const std::vector<double> box = frame(svg);
    CHECK(at.size() >= 300);
    CHECK(at.size() <= 1300);
    CHECK(svg.size() < 40'000);
    const double unit = (box[3] - box[1]) / (8 * 1.08);
    CHECK(lowest->y - highest->y == doctest::Approx(8 * unit).epsilon(1e-2));
    CHECK(highest->x - at.front().x == doctest::Approx(0.31415 * (box[2] - box[0]) / 1.04).epsilon(1e-2));
  }
  Series cloud{.label = "cloud", .style = Series::Style::points, .x = line.y, .y = line.y};
  CHECK(chart_svg(chart({cloud})).size() < 60'000);
}

TEST_CASE("a band lies around its line, below it, in its colour and with its entry of the legend") {
  const Series line{.label = "value", .x = up_to(3), .y = {1, 2, 3}};
  const Series band{.label = "value", .style = Series::Style::band, .x = up_to(3), .y = {0.5, 1, 2}, .high = {2, 3, 5}};
  const Series other{.label = "another", .x = up_to(3), .y = {1, 1, 1}};
  const std::string svg = chart_svg(chart({line, band, other}));
  CHECK(svg.find("fill-opacity=\"0.22\"") < svg.find("stroke-width=\"2\""));
  CHECK(numbers(svg, "(0).{0,40}>value</text>").size() == 1);
  const std::vector<Place> around = corners(svg), along = corners(svg.substr(svg.find("stroke-width=\"2\"") - 200));
  REQUIRE(around.size() == 6);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(around[k].x == around[5 - k].x);
    CHECK(around[k].y < around[5 - k].y);
  }
  CHECK(along.size() == 3);
}

TEST_CASE("an end of a band that is unknown or has no place is drawn as open") {
  const Series band{.label = "value",
                    .style = Series::Style::band,
                    .x = up_to(6),
                    .y = {1, -1, 1, kNan, -2, kInf},
                    .high = {10, 10, kInf, 10, -1, kInf}};
  const std::string svg = chart_svg(log_chart({band}));
  const std::vector<Place> at = corners(svg);
  const std::vector<double> box = frame(svg);
  REQUIRE(at.size() == 6);
  CHECK(at[2].y == doctest::Approx(box[1]));
  CHECK(at[4].y == doctest::Approx(box[3]));
  CHECK(at[0].y > box[1] + 5);
  CHECK(at[5].y < box[3] - 5);
  CHECK(svg.find("3 of 6 points left out") != std::string::npos);
}

TEST_CASE("the legend is below the axes, every entry inside the page") {
  std::vector<Series> many;
  for (int k = 0; k < 9; ++k)
    many.push_back(
        {.label = "series " + std::to_string(k) + std::string(k == 5 ? 200 : 3, '.'), .x = {1, 2}, .y = {1, 2.0 + k}});
  const std::string svg = chart_svg(chart(many));
  const double bottom = frame(svg).at(3);
  const std::vector<double> y = numbers(svg, "y=\"([0-9.]+)\" text-anchor=\"start\">series"),
                            x = numbers(svg, "<text x=\"([0-9.]+)\" y=\"[0-9.]+\" text-anchor=\"start\">series");
  REQUIRE(y.size() == 9);
  CHECK(*std::min_element(y.begin(), y.end()) > bottom + 40);
  CHECK(*std::max_element(x.begin(), x.end()) < 430);
  CHECK(*std::max_element(y.begin(), y.end()) < numbers(svg, "height=\"([0-9.]+)\"").at(0));
  CHECK(svg.find("…") != std::string::npos);
}

TEST_CASE("with equal axes a circle is round") {
  for (const double height : {1.0, 0.1, 20.0}) {
    Series circle{.label = "circle"};
    for (int k = 0; k <= 400; ++k) {
      circle.x.push_back(std::cos(k * 0.0157079632679));
      circle.y.push_back(std::sin(k * 0.0157079632679));
    }
    Chart round = chart({circle, {.label = "far", .x = {0, 0}, .y = {-height, height}}});
    round.equal_axes = true;
    const std::vector<Place> at = corners(chart_svg(round));
    const double across = std::abs(at.at(0).x - at.at(200).x), up = std::abs(at.at(100).y - at.at(300).y);
    CHECK(across == doctest::Approx(up).epsilon(5e-2));
  }
}

TEST_CASE("arrows point from tail to tip, and are scaled by one factor that the picture tells") {
  Series field{.label = "field", .style = Series::Style::arrows};
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) {
      field.x.push_back(i);
      field.y.push_back(j);
      field.dx.push_back(0.5);
      field.dy.push_back(-0.25);
    }
  Chart plain = chart({field});
  plain.equal_axes = true;
  const auto first = [](const std::string& svg) { return corners(svg); };
  const std::vector<Place> at = first(chart_svg(plain));
  CHECK(chart_svg(plain).find("times as long") == std::string::npos);
  REQUIRE(at.size() >= 5);
  CHECK(at[1].x > at[0].x);
  CHECK(at[1].y > at[0].y);  // dy < 0: downwards
  CHECK(at[1].x - at[0].x == doctest::Approx(2 * (at[1].y - at[0].y)).epsilon(0.1));

  for (const double size : {1e-6, 1e3, 1e200}) {
    Chart scaled = plain;
    for (double& length : scaled.series[0].dx) length *= size;
    for (double& length : scaled.series[0].dy) length *= size;
    const std::string svg = chart_svg(scaled);
    CAPTURE(size);
    CHECK(svg.find("times as long as they are") != std::string::npos);
    CHECK(trouble_in_xml(svg) == "");
    const std::vector<Place> tips = first(svg);
    REQUIRE(tips.size() >= 5);
    CHECK(tips[1].x - tips[0].x == doctest::Approx(2 * (tips[1].y - tips[0].y)).epsilon(0.1));
    const double length = std::hypot(tips[1].x - tips[0].x, tips[1].y - tips[0].y);
    CHECK(length > 20);
    CHECK(length < 150);
  }
  Chart still = plain;
  for (double& length : still.series[0].dx) length = 0;
  for (double& length : still.series[0].dy) length = 0;
  CHECK(first(chart_svg(still)).size() == 25);  // dots
}

TEST_CASE("the data of a chart can be read back, with nothing left out") {
  const Chart some = chart({{"a, \"b\"", Series::Style::line, {0.1, kNan}, {1e-300, kInf}},
                            {"a \"band\"", Series::Style::band, {1}, {1.0 / 3}, {-kInf}},
                            {"field", Series::Style::arrows, {1}, {2}, {}, {3}, {-4}}});
  CHECK(chart_csv(some) ==
        "series,x,y,high,dx,dy\n"
        "\"a, \"\"b\"\"\",0.10000000000000001,1e-300,,,\n"
        "\"a, \"\"b\"\"\",nan,inf,,,\n"
        "\"a \"\"band\"\"\",1,0.33333333333333331,-inf,,\n"
        "field,1,2,,3,-4\n");
  CHECK(chart_csv(chart({})) == "series,x,y,high,dx,dy\n");
}

TEST_CASE("a series with vectors of different lengths is refused") {
  for (const Series& bad : {Series{"s", Series::Style::line, {1, 2}, {1}}, Series{"s", Series::Style::band, {1}, {1}},
                            Series{"s", Series::Style::arrows, {1}, {1}, {}, {1}, {}}}) {
    CHECK_THROWS_AS(chart_svg(chart({bad})), std::invalid_argument);
    CHECK_THROWS_AS(chart_csv(chart({bad})), std::invalid_argument);
  }
}

}  // namespace
}  // namespace assay
