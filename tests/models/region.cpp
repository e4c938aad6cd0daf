#include "models/region.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "data/csv.hpp"
#include "enclosure/eigenvalue.hpp"
#include "support/drawn.hpp"
#include "support/networks.hpp"

using namespace assay;

namespace {

Interval lambda_min_at(const Instance& instance, const RealMatrix& w, Bits bits) {
  const Forward at = forward_pass(instance.x, w, instance.a, bits);
  return enclose_lambda_min(kernel(at, input_gram(instance.x, bits)), 1e-9, bits);
}

}  // namespace

TEST_CASE("search and certificate never contradict each other") {
  // lambda_min at the points that the search passes, each inside the certified ball, at 256 bits.
  constexpr Bits kBits = 256;
  int refuted = 0;
  for (std::uint64_t seed = 1; seed <= random_cases(25); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.integer(1, 4), d_in = random.integer(1, 4), d = random.integer(1, 3);
    const Instance instance =
        drawn_instance(n, d_in, d, 2 * random.integer(8, 24), random.one_of({0.1, 0.5, 1.0, 3.0}), seed);
    if (certain_degeneracy(instance.x, instance.m(), d)) continue;
    const Setting setting(instance, {}, {}, 1);
    const ConvexRegion region(setting, seed % 2 == 0 ? Level(128) : Level::fast_tier());
    CHECK_NOTHROW(region.true_radius());  // R_cert <= R_fail, or the two bounds contradict each other
    const Interval half = setting.lambda_min(Level(kBits)) / 2;
    if (const RealMatrix* bad = region.failing_weights()) {
      ++refuted;
      CHECK(certainly_less(lambda_min_at(instance, *bad, kBits), half));
    }
    const RealMatrix inside = region.weights_inside();
    CHECK(certainly_less_equal(largest_displacement(inside, instance.w, kBits), region.certified_radius().bound()));
    CHECK(!certainly_less(lambda_min_at(instance, inside, kBits), half));
    const RealMatrix worst = approx_worst_weights(instance, region.certified_radius().bound(), {1, 10, seed});
    CHECK(!certainly_less(lambda_min_at(instance, worst, kBits), half));
  }
  CHECK(refuted > 10);
}

TEST_CASE("the region of the paper lies in ours, every method is below the tensor form, and R_fail within 10 of it") {
  const std::vector<Instance> all{drawn_instance(4, 4, 2, 256, 1, 1), drawn_instance(5, 3, 3, 256, 1.5, 1),
                                  drawn_instance(3, 2, 2, 64, 6, 1)};
  for (const Instance& instance : all) {
    CAPTURE(instance.name);
    const Setting setting(instance, {}, {}, 1);
    for (const Level level : {Level::fast_tier(), Level(64), Level(128)}) {
      const ConvexRegion region(setting, level);
      const Interval certified = region.certified_radius().bound();
      REQUIRE(certainly_positive(certified));
      CHECK(certainly_less(region.paper_radius(), certified));
      CHECK(certainly_less(region.radius_of(ConvexRegion::Bound::entrywise).bound(), certified));
      CHECK(certainly_less(region.radius_of(ConvexRegion::Bound::singular_value).bound(), certified));
      const Interval failing = region.failing_radius().bound();
      CHECK(certainly_less(failing, 10 * certified));
      CHECK(certainly_less_equal(certified, failing));
      CHECK(region.true_radius().sense() == Sense::enclosure);
      CHECK(overlap(region.true_radius().range(), hull(certified, failing)));
      CHECK(certainly_less(region.half(), region.least_eigenvalue_within(certified).range()));
      CHECK(certainly_less(region.half(), region.least_eigenvalue_within(region.paper_radius()).range()));
      const Known beyond = region.least_eigenvalue_within(failing);
      CHECK(beyond.sense() == Sense::enclosure);
      CHECK(!certainly_less_equal(region.half(), beyond.range()));
      const Known center = region.least_eigenvalue_within(Interval::from_integer(0, 64));
      CHECK(center.range().contains(setting.lambda_min(Level(128))));
    }
  }
}

TEST_CASE("an unpaired network, a degenerate one and one that is not kept") {
  Random random(3);
  const Setting unpaired(random_instance(random, {3, 4, 2, 64}, Pairing::unpaired, 1), {}, {}, 1);
  const ConvexRegion deep(unpaired, Level(64));
  // Its tensor form needs the deep tier.
  CHECK(certainly_less(ConvexRegion(unpaired, Level::fast_tier()).certified_radius().bound(),
                       deep.certified_radius().bound()));
  CHECK(deep.certified_radius().bound().lower_double() > 0.05);
  CHECK(certainly_less(deep.certified_radius().bound(), deep.failing_radius().bound()));

  Instance repeated = drawn_instance(3, 2, 2, 16, 1, 1);
  repeated.x.row(2) = repeated.x.row(0);
  const Setting degenerate(repeated, {}, {}, 1);
  CHECK(ConvexRegion(degenerate, Level(64)).failing_weights() == nullptr);
  CHECK(ConvexRegion(degenerate, Level(64)).certified_radius().bound().contains_zero());
  CHECK(!ConvexRegion(degenerate, Level(64)).failing_radius().is_finite());

  InstanceRequest request;
  request.n = request.d_in = request.d = 3;
  Instance wide = drawn_instance(3, 3, 3, 4096, 1, 5);
  const Setting kept(wide, {}, {}, 1);
  wide.streamed_width = wide.m();
  wide.w.resize(0, 0);
  wide.a.resize(0, 0);
  const Setting streamed(wide, {}, {}, 1);
  const AtLeast radius = ConvexRegion(streamed, Level::fast_tier()).certified_radius(),
                of_kept = ConvexRegion(kept, Level(64)).certified_radius();
  REQUIRE(certainly_positive(radius.bound()));
  CHECK(radius.bound().lower_double() == doctest::Approx(of_kept.bound().lower_double()).epsilon(1e-3));
  CHECK(ConvexRegion(streamed, Level::fast_tier()).failing_weights() == nullptr);
}

TEST_CASE("lambda far below the rounding of doubles") {
  // Two inputs 2^-26 apart: lambda is near 2^-52.
  Instance instance = drawn_instance(2, 2, 1, 32, 1, 7);
  instance.x << 0.5, 0.25, 0.5, 0.25 + 0x1p-26;
  const Setting setting(instance, {}, {}, 1);
  CHECK(setting.lambda_min(Level(128)).upper_double() < 1e-15);
  const ConvexRegion region(setting, Level(128));
  CHECK(region.certified_radius().bound().lower_double() > 0.05);
  CHECK(certainly_less(region.failing_radius().bound(), 10 * region.certified_radius().bound()));
  CHECK(region.charts().empty());
}

TEST_CASE("the file of the failing network gives it again, and the curve is what the chart says") {
  const auto folder = std::filesystem::temp_directory_path() / "assay_region_test";
  std::filesystem::create_directories(folder);
  Setting setting(drawn_instance(3, 3, 2, 32, 1, 2), {}, {}, 1);
  CHECK(!ConvexRegion(setting, Level(64)).failing_weights_file());
  Setting writing(drawn_instance(3, 3, 2, 32, 1, 2), {}, {}, 1);
  writing.write_counterexamples_to((folder / "network").string());
  const auto file = ConvexRegion(writing, Level(64)).failing_weights_file();
  REQUIRE(file);
  CHECK(read_csv(*file, false) == *ConvexRegion(writing, Level(64)).failing_weights());
  std::filesystem::remove_all(folder);

  const std::vector<Chart> charts = ConvexRegion(setting, Level::fast_tier()).charts();
  REQUIRE(charts.size() == 1);
  const Series &proved = charts[0].series[0], &reached = charts[0].series[1];
  REQUIRE(proved.y.size() > 5);
  for (std::size_t k = 0; k < proved.y.size(); ++k) CHECK(proved.y[k] <= reached.y[k]);
}

TEST_CASE("a radius counts only where it is proved: few bits do not tell what is within a part in ten thousand") {
  const Setting setting(drawn_instance(3, 3, 2, 32, 1, 2), {}, {}, 1);
  const ConvexRegion proved(setting, Level(64)), open(setting, Level(16));
  CHECK(certainly_positive(proved.radius_of(ConvexRegion::Bound::tensor).bound()));
  CHECK(open.radius_of(ConvexRegion::Bound::tensor).bound().contains_zero());
  CHECK(proved.failing_radius().is_finite());
  CHECK(!open.failing_radius().is_finite());
  CHECK(proved.true_radius().sense() == Sense::enclosure);
  CHECK(open.true_radius().sense() == Sense::at_least);
}

TEST_CASE("curvature and slope at the start") {
  const Setting setting(drawn_instance(3, 3, 2, 32, 1, 2), {}, {}, 1);
  const ConvexRegion region(setting, Level(64));
  CHECK(region.least_curvature().sense() == Sense::enclosure);
  CHECK(certainly_negative(region.least_curvature().range()));
  const ConvexRegion fast(setting, Level::fast_tier());
  CHECK(certainly_negative(fast.least_curvature().range()));
  CHECK(overlap(fast.least_curvature().range(), region.least_curvature().range()));
  const ConvexRegion::Slope slope = region.slope_at(setting.instance().w);
  CHECK(overlap(fast.slope_at(setting.instance().w).squared_gradient, slope.squared_gradient));
  CHECK(overlap(fast.slope_at(setting.instance().w).bound, slope.bound));
  CHECK(certainly_less(slope.bound, slope.squared_gradient));
  // m lambda L with F = 0 and |y_i| = 1: L = n / 2.
  const double expected = 32 * setting.lambda_min(Level(64)).approx_double() * 1.5;
  CHECK(slope.bound.approx_double() == doctest::Approx(expected).epsilon(1e-6));
}
