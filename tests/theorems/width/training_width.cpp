#include "theorems/width/training_width.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "descent/approx_training.hpp"
#include "support/drawn.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

Instance drawn(Index n, Index d, double sigma) {
  return drawn_instance(n, 4, d, 32, sigma, 3);
}

TEST_CASE("widths come in the order of the ladder, and the search finds what the certificate says") {
  const Setting setting(drawn(3, 2, 0.5), {.trials = 3}, {}, 1);
  const WidthSearch& search = certified_widths(setting);
  REQUIRE(search.tube);
  REQUIRE(search.ball);
  CHECK(*search.tube <= *search.ball);
  CHECK(certificate_at(setting, *search.ball, 3, Region::ball).certified);
  CHECK(!certificate_at(setting, *search.ball / 2, 3, Region::ball).certified);
  CHECK(certificate_at(setting, *search.tube, 3, Region::tube).certified);
  for (const Region region : {Region::ball, Region::tube})
    for (Index m = 16; m <= 1 << 11; m *= 2) {
      CAPTURE(m);
      long one_by_one = 0;
      for (long k = 0; k < 3; ++k) one_by_one += certificate_at(setting, m, trial_seed(setting, k), region).certified;
      CHECK(certified_frequency(setting, m, region).within == one_by_one);
      CHECK(certified_frequency(setting, m, region).outside == 3 - one_by_one);
    }
  const auto empirical = approx_empirical_width(setting);
  REQUIRE(empirical);
  CHECK(*empirical <= *search.tube);
  const auto& found = least_sufficient_width(setting, Level(64));
  REQUIRE(found);
  CHECK(certainly_less_equal(Interval(static_cast<double>(*search.ball), 64), found->m));
  CHECK(certainly_less(found->m, limit_closed_forms(setting, Level(64)).width()));
  CHECK(certified_frequency(setting, 1 << 14, Region::tube).within == 3);
  const std::vector<Chart> charts = width_charts(setting, Level(64));
  REQUIRE(charts.size() == 1);
  for (const Series& series : charts[0].series) {
    REQUIRE(!series.x.empty());
    for (const double y : series.y) CHECK((0 < y && y < 1.5));
  }
  CHECK(certified_frequency(setting, 8, Region::tube).within == 0);
}

TEST_CASE("training in plain double reaches the target where it can, and says so where it cannot") {
  const Instance instance = drawn(3, 2, 0.5);
  const auto steps = approx_steps_to_target(instance.x, instance.y, DrawnNeurons(256, 4, 2, 0.5, 1), {});
  REQUIRE(steps);
  CHECK(*steps > 1);
  const auto closer =
      approx_steps_to_target(instance.x, instance.y, DrawnNeurons(256, 4, 2, 0.5, 1), {.epsilon = 1e-6});
  REQUIRE(closer);
  CHECK(*closer > *steps);
  // Nothing to do where the target is |Y|_F^2: F(0) = 0.
  const double start = instance.y.squaredNorm() * (1 + 1e-12);
  CHECK(approx_steps_to_target(instance.x, instance.y, DrawnNeurons(256, 4, 2, 0.5, 1), {.epsilon = start}) == 0);
  RealMatrix twice = instance.x;
  twice.row(1) = twice.row(0);  // one input, two labels
  CHECK(!approx_steps_to_target(twice, instance.y, DrawnNeurons(256, 4, 2, 0.5, 1), {.largest_work = 1e6}));
}

TEST_CASE("equal rows make the theorem not applicable") {
  Instance instance = drawn(3, 2, 0.5);
  instance.x.row(1) = instance.x.row(0);
  const Setting setting(instance, {.trials = 1}, {}, 1);
  const Finding finding = check(theorem_of("width"), setting, setting.constants(), {});
  CHECK(finding.outcome == Outcome::not_applicable);
  CHECK(!certified_widths(setting).tube);
}

}  // namespace
}  // namespace assay
