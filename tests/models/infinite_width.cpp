#include "models/infinite_width.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/drawn.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

Instance drawn(Index n, Index d, Index m, double sigma) {
  return drawn_instance(n, 3, d, m, sigma, 5);
}

const NamedQuantity& quantity(const Finding& finding, const std::string& name) {
  return *std::find_if(finding.quantities.begin(), finding.quantities.end(),
                       [&](const NamedQuantity& entry) { return entry.name == name; });
}

TEST_CASE("the distance from the limit is the same in both tiers and for the drawn copy of the network") {
  const Setting setting(drawn(3, 2, 64, 1), {}, {}, 1);
  const Interval fast = distance_to_limit(setting, Level::fast_tier()), deep = distance_to_limit(setting, Level(192));
  CHECK(overlap(fast, deep));
  CHECK(fast.relative_width() < 1e-9);
  CHECK(deep.relative_width() < 1e-40);
  CHECK(overlap(deep, drawn_distance(setting, 64, 5)));
  CHECK(!overlap(deep, drawn_distance(setting, 64, 6)));
}

TEST_CASE("trials within a bound are counted, and what is undecided is not") {
  const Setting setting(drawn(3, 2, 64, 1), {.trials = 8}, {}, 1);
  const Interval huge(1e9, 64), whole = Interval::whole_line(64);
  const auto counted = [&](const Interval& bound, long within, long outside) {
    const Frequency seen = frequency_within(setting, 64, bound);
    CHECK(seen.trials == 8);
    CHECK(seen.within == within);
    CHECK(seen.outside == outside);
    CHECK(seen.undecided() == 8 - within - outside);
  };
  counted(huge, 8, 0);
  counted(Interval::from_integer(0, 64), 0, 8);
  counted(whole, 0, 0);
  // The distance of one trial, as wide as it is enclosed, leaves that trial open.
  const Interval one = drawn_distance(setting, 64, trial_seed(setting, 3));
  REQUIRE(!one.is_point());
  const Frequency seen = frequency_within(setting, 64, one);
  CHECK(seen.within < 8);
  CHECK(seen.outside < 8);
  CHECK(seen.undecided() >= 1);
}

TEST_CASE("a singular limit is said, and the theorem still holds") {
  Instance repeated = drawn(3, 2, 64, 1), zero = repeated, multiple = repeated;
  repeated.x.row(2) = repeated.x.row(0);
  zero.x.row(1).setZero();
  multiple.x.row(1) = 0.5 * multiple.x.row(0);
  for (const Instance& instance : {repeated, zero, multiple}) {
    const Setting setting(instance, {.trials = 4}, {}, 1);
    const Finding finding = check(theorem_of("infinite_width"), setting, setting.constants(), {});
    CHECK(finding.outcome == Outcome::pass);
    CHECK(quantity(finding, "lambda_min_K_relu").value.range().is_point());
    CHECK(finding.notes.size() >= 2);
    const bool smooth_too =
        &instance != &multiple && !certainly_positive(quantity(finding, "lambda_min_K_inf").value.range());
    CHECK(smooth_too == quantity(finding, "lambda_min_K_inf").value.range().is_point());
  }
}

TEST_CASE("the chart has drawn networks under the bound") {
  const Setting setting(drawn(2, 1, 64, 0.5), {}, {}, 1);
  const std::vector<Chart> charts = infinite_width_charts(setting, Level::fast_tier());
  REQUIRE(charts.size() == 1);
  for (const Series& series : charts[0].series) {
    CHECK(series.x.size() == series.y.size());
    CHECK(!series.x.empty());
  }
}

TEST_CASE("the smallest eigenvalue of a limit kernel is never below 0, however nearly singular the kernel is") {
  Instance instance = drawn_instance(3, 2, 1, 8);
  instance.x << 0.5, 0.25, 0.5, 0.25 + 0x1p-52, 0.75, 0;
  const Setting setting(instance, {}, {}, 1);
  for (const Model* model : models())
    for (const Bits bits : {32, 53, 64, 256}) {
      CAPTURE(model->name());
      CAPTURE(bits);
      const Interval least = limit_lambda_min(setting, *model, Level(bits));
      CHECK(certainly_nonnegative(least));
      CHECK(least.upper_double() < 1e-5);
    }
}

}  // namespace
}  // namespace assay
