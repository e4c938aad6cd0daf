#include "report/chart_axis.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "support/special.hpp"

namespace assay {
namespace {

struct Range {
  bool log;
  double least, most;
};

const std::vector<Range> kRanges{{false, 0, 1},
                                 {false, -3, 700},
                                 {false, 1, 1 + 1e-9},
                                 {false, -1e-300, 1e-300},
                                 {false, 0, 5e-324},
                                 {false, -1.7e308, 1.7e308},
                                 {false, 12345678, 12345999},
                                 {false, 0.00012, 0.00035},
                                 {false, -7, -7},
                                 {false, 0, 0},
                                 {true, 1e-300, 1e300},
                                 {true, 5e-324, 1.7e308},
                                 {true, 3, 40},
                                 {true, 0.9, 1.1},
                                 {true, 2e-7, 9e-7},
                                 {true, 1e9, 1e12},
                                 {true, 1, 1 + 1e-9},
                                 {true, 4, 4}};

/// The number that a tick shows.
double number_of(const Tick& tick) {
  const std::string mantissa = tick.mantissa.empty() ? "1" : tick.mantissa == "-" ? "-1" : tick.mantissa;
  return std::strtod((mantissa + (tick.exponent ? "e" + std::to_string(*tick.exponent) : "")).c_str(), nullptr);
}

TEST_CASE("ticks are few and increasing, and stand where their numbers belong") {
  for (const Range& range : kRanges) {
    CAPTURE(range.least);
    CAPTURE(range.most);
    CAPTURE(range.log);
    const ChartAxis axis(range.log, {range.least, range.most});
    const std::vector<Tick> ticks = axis.ticks();
    CHECK(ticks.size() >= 2);
    CHECK(ticks.size() <= 11);
    double before = -1;
    for (const Tick& tick : ticks) {
      CAPTURE(tick.mantissa);
      CHECK(tick.place > before);
      CHECK(tick.place >= 0);
      CHECK(tick.place <= 1);
      before = tick.place;
      const double number = number_of(tick);
      if (std::isnormal(number)) CHECK(axis.place(number) == doctest::Approx(tick.place).epsilon(1e-4));
    }
  }
}

TEST_CASE("numbers are on the axis, with air around them, in their order") {
  for (const Range& range : kRanges) {
    const ChartAxis axis(range.log, {range.most, kNan, kInf, -kInf, range.least});
    CAPTURE(range.least);
    CAPTURE(range.most);
    const double least = axis.place(range.least), most = axis.place(range.most);
    CHECK((least > 0.02 || (!range.log && range.least >= 0 && least >= 0)));
    CHECK(most < 0.98);
    CHECK((least < most || !(range.least < range.most)));
  }
}

TEST_CASE("what has no place on an axis") {
  const ChartAxis linear(false, {1, 2}), log(true, {-1, 0, 10, 1000});
  for (const double value : {kInf, -kInf, kNan}) {
    CHECK_FALSE(linear.shows(value));
    CHECK_FALSE(log.shows(value));
  }
  CHECK(linear.shows(-5));
  CHECK_FALSE(log.shows(-5));
  CHECK_FALSE(log.shows(0));
  CHECK(log.shows(5e-324));
  CHECK(log.place(100) == doctest::Approx(0.5));
  CHECK(ChartAxis(true, {}).ticks().size() >= 2);  // of nothing
}

TEST_CASE("numbers are written as people write them") {
  const auto texts = [](bool log, double least, double most) {
    std::string all;
    for (const Tick& tick : ChartAxis(log, {least, most}).ticks())
      all += tick.mantissa + (tick.exponent ? "^" + std::to_string(*tick.exponent) : "") + " ";
    return all;
  };
  CHECK(texts(false, 0, 1) == "0 0.2 0.4 0.6 0.8 1 ");
  CHECK(texts(false, -2e7, 1e7) == "-2^7 -1.5^7 -^7 -5^6 0 5^6 ^7 ");
  CHECK(texts(false, 0.0001, 0.0005) == "0.0001 0.0002 0.0003 0.0004 0.0005 ");
  CHECK(texts(false, 100, 900) == "200 400 600 800 ");
  CHECK(texts(true, 3, 40) == "5 10 20 ");
  CHECK(texts(true, 1e-3, 1e3) == "^-3 ^-2 ^-1 ^0 ^1 ^2 ^3 ");
  CHECK(texts(true, 1e-300, 1e300) == "^-300 ^-200 ^-100 ^0 ^100 ^200 ^300 ");
}

TEST_CASE("an axis is made longer on both sides, never shorter") {
  ChartAxis axis(false, {-1, 1});
  const auto range = axis.range();
  axis.widen_to(range / 2);
  CHECK(axis.range() == range);
  axis.widen_to(4 * range);
  CHECK(static_cast<double>(axis.range() / range) == doctest::Approx(4));
  CHECK(axis.place(0) == doctest::Approx(0.5));
}

}  // namespace
}  // namespace assay
