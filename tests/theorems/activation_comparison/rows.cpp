#include "theorems/activation_comparison/rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/drawn.hpp"
#include "support/random_cases.hpp"
#include "theorems/activation_comparison/activation_report.hpp"

using namespace assay;

namespace {

const Level kFast = Level::fast_tier(), kDeep(128);

}  // namespace

TEST_CASE("the slopes of the three rows") {
  const Setting setting = setting_with_radius(drawn_instance(4, 3, 2, 16, 0.5, 1));
  CHECK(row_slope(setting, relu(), kDeep).approx_double() == doctest::Approx(8));
  const double b = 10 * 0.5 * std::sqrt(std::log(4 * 2 / 0.1)), b1 = 10 * 0.5 * std::sqrt(std::log(4 / 0.1));
  CHECK(log(row_slope(setting, softmax(), kDeep)).approx_double() == doctest::Approx(std::log(8.0) + 10 * b));
  CHECK(log(row_slope(setting, exponential(), kDeep)).approx_double() == doctest::Approx(std::log(12.0) + 10 * b1));
  for (const Model* model : models()) {
    if (no_row(*model)) continue;
    for (const auto quantity : {row_slope, row_radius})
      CHECK(overlap(quantity(setting, *model, Level::fast_tier()), quantity(setting, *model, kDeep)));
    const Interval back = row_radius(setting, *model, kDeep) * row_slope(setting, *model, kDeep) * 2;
    CHECK(overlap(back, kernel_lambda_min(setting, *model, kDeep)));
  }
}

TEST_CASE("at a small scale the report says that ReLU's row as printed fails, and at scale 1 that it holds") {
  const auto says = [](double sigma, const char* text) {
    const Setting setting = setting_with_radius(drawn_instance(4, 6, 1, 256, sigma, 1));
    const Finding finding = check(theorem_of("activation_comparison"), setting, setting.constants(), {});
    CHECK(finding.charts.size() == 2);
    for (const Chart& chart : finding.charts) CHECK(chart.series.size() == models().size());
    return std::any_of(finding.notes.begin(), finding.notes.end(),
                       [&](const std::string& note) { return note.find(text) != std::string::npos; });
  };
  CHECK(says(0.04, "fails with probability tending to 1"));
  CHECK(says(0.04, "is violated"));
  CHECK(says(1, "holds with probability tending to 1"));
  CHECK(says(1, "holds on this network"));
}

TEST_CASE("the probability with which ReLU's row may fail, and the one with which it does") {
  const Setting setting = setting_with_radius(drawn_instance(4, 6, 1, 40000, 0.04, 1));
  const Interval one(1, 64);
  // As printed: more than it says. With the scale: less.
  CHECK(certainly_less(relu_row_allowed_failure(setting, one, Level(64)), relu_row_failure(setting, one, Level(64))));
  const Interval sigma = setting.sigma(64);
  CHECK(
      certainly_less(relu_row_failure(setting, sigma, Level(64)), relu_row_allowed_failure(setting, sigma, Level(64))));
  CHECK(log(relu_row_allowed_failure(setting, one, Level(64))).approx_double() == doctest::Approx(std::log(16.0) - 20));
}
