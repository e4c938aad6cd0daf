#include "report/display.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "sample.hpp"

namespace assay {
namespace {

using sample::number;
using sample::range;

/// The set that a displayed text stands for, with ends tight at 4096 bits.
Interval set_of(const std::string& text) {
  constexpr Bits kBits = 4096;
  if (text == "unknown") return Interval::whole_line(kBits);
  const auto pm = text.find(" ± ");
  if (pm != std::string::npos) {
    const Interval centre = Decimal(text.substr(0, pm)).at(kBits), radius = Decimal(text.substr(pm + 4)).at(kBits);
    return hull(centre - radius, centre + radius);
  }
  if (!text.starts_with('[')) return Decimal(text).at(kBits);
  const auto comma = text.find(", ");
  return from_decimal_ends(text.substr(1, comma - 1), text.substr(comma + 2, text.size() - comma - 3), kBits);
}

TEST_CASE("numbers display as people write them") {
  CHECK(display(number("4")) == "4");
  CHECK(display(number("0")) == "0");
  CHECK(display(number("-0.25")) == "-0.25");
  CHECK(display(number("4194304")) == "4194304");
  CHECK(display(Interval(0x1p-20, 53)) == "[9.53674e-07, 9.53675e-07]");
  CHECK(display(range("0.08822704", "0.08822705")) == "[0.0882270, 0.0882271]");
  CHECK(display(range("2.687341e-7", "2.687344e-7")) == "[2.68734e-07, 2.68735e-07]");
  CHECK(display(range("123456.1", "123456.2")) == "[123456, 123457]");
  CHECK(display(range("0", "0.5")) == "[0, 0.5]");
  CHECK(display(range("-3", "inf")) == "[-3, inf]");
  CHECK(display(range("1e-20", "3.25")) == "[9.99999e-21, 3.25e+00]");
  CHECK(display(range("3.1e357", "3.2e357"), 2) == "[3.0e+357, 3.3e+357]");
  CHECK(display(Interval::whole_line(64)) == "unknown");
}

TEST_CASE("a short decimal that is no binary number displays with a radius, never as if it were exact") {
  const std::string text = display(number("0.005"));
  CHECK(text.starts_with("0.005 ± "));
  CHECK(set_of(text).contains(number("0.005")));
  CHECK(display(number("1e-7")).starts_with("1e-07 ± "));
  CHECK(display(range("0.0499999999999", "0.0500000000001")).starts_with("0.05 ± "));
  CHECK(display(range("0.04999", "0.05001")) == "[0.0499899, 0.0500101]");
}

TEST_CASE("what is displayed contains the enclosure") {
  std::mt19937_64 engine(1);
  std::uniform_real_distribution<double> uniform(-1, 1);
  const Interval ten = Interval::from_integer(10, 128);
  for (int k = 0; k < 4000; ++k) {
    const Interval scale = power(ten, Interval(std::round((k % 3 == 0 ? 400 : 8) * uniform(engine)), 128));
    const Interval width = power(ten, Interval(std::round(-20 + 20 * uniform(engine)), 128));
    // Every other one is close to a short decimal.
    const double middle = k % 2 == 0 ? uniform(engine) : std::round(1000 * uniform(engine));
    const Interval centre = Interval(middle, 128) * scale;
    const Interval a = hull(centre, centre + centre * width * Interval(uniform(engine), 128));
    for (const int digits : {1, 3, 6, 17}) {
      const std::string text = display(a, digits);
      CAPTURE(text);
      CAPTURE(digits);
      CHECK(set_of(text).contains(a));
    }
  }
}

TEST_CASE("six digits are not wasted: the displayed set is at most a few units wider") {
  const Interval a = range("2.687341e-7", "2.687344e-7");
  CHECK(set_of(display(a)).relative_width() < 1e-5);
}

TEST_CASE("powers of ten") {
  CHECK(display_power_of_ten(number("100")) == "10^2.00");
  CHECK(display_power_of_ten(number("1")) == "10^0.00");
  CHECK(display_power_of_ten(number("4e95")) == "10^95.60");
  CHECK(display_power_of_ten(number("4e-95")) == "10^-94.40");
  CHECK(display_power_of_ten(range("1", "1e5")) == "10^0.00 to 10^5.00");
  CHECK(display_power_of_ten(range("2", "3")) == "10^0.30 to 10^0.48");
  CHECK(display_power_of_ten(range("0", "0.001")) == "at most 10^-2.99");
  CHECK(display_power_of_ten(range("100", "inf")) == "at least 10^2.00");
  CHECK(display_power_of_ten(range("-1", "5")) == "—");
  CHECK(display_power_of_ten(Interval::whole_line(64)) == "—");
  CHECK(display_power_of_ten(exp(exp(number("20")))) == "10^210704567.18");
}

TEST_CASE("slack is rounded towards failing") {
  CHECK(display_slack(220.19) == "10^+220.1");
  CHECK(display_slack(-0.26) == "10^-0.3");
  CHECK(display_slack(0.004) == "10^+0.004");
  CHECK(display_slack(1e-9) == "10^+0.000");
  CHECK(display_slack(-1e-9) == "10^-0.001");
  CHECK(display_slack(0) == "—");
  CHECK(display_slack(NAN) == "—");
  CHECK(display_slack(kUnboundedSlack) == "unbounded");
  CHECK(display_slack(-INFINITY) == "-unbounded");
}

}  // namespace
}  // namespace assay
