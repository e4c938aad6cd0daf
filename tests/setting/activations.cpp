#include "setting/activations.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "../support/drawn.hpp"
#include "../support/random_cases.hpp"
#include "network/activation_adversary.hpp"
#include "setting/activation_report.hpp"

using namespace assay;

namespace {

constexpr Activation kSoftmax = Activation::softmax, kExp = Activation::exponential, kRelu = Activation::relu;

Setting setting_of(const Instance& instance, const char* radius = "0.005") {
  Hyperparameters hyper;
  hyper.radius = Decimal(radius);
  return Setting(instance, hyper, {}, 1);
}

const Level kFast = Level::fast_tier(), kDeep(128);

}  // namespace

TEST_CASE("both tiers enclose the same numbers, and a certified radius is the same number on every rung") {
  for (std::uint64_t seed = 1; seed <= random_cases(12); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Setting setting = setting_of(drawn_instance(random.integer(1, 4), random.integer(2, 4), random.integer(1, 2),
                                                      64, random.one_of({0.1, 1.0, 3.0}), seed),
                                       random.one_of({"0.001", "0.05", "0.4"}));
    for (const Activation activation : {kSoftmax, kExp, kRelu}) {
      CAPTURE(name_of(activation));
      for (const auto quantity : {kernel_norm, kernel_lambda_min, row_slope, row_radius})
        CHECK(overlap(quantity(setting, activation, kFast), quantity(setting, activation, kDeep)));
      for (const Level level : {kFast, kDeep})
        CHECK(supremum_of_change(setting, activation, level).sense() == Sense::enclosure);
      CHECK(overlap(supremum_of_change(setting, activation, kFast).range(),
                    supremum_of_change(setting, activation, kDeep).range()));
      const AtLeast radius = certified_radius(setting, activation, kFast);
      CHECK(radius.is_finite());
      CHECK(certainly_less_equal(radius.bound(), certified_radius(setting, activation, kDeep).bound()));
      // Of one number: those of either rung do not contradict those of the other.
      for (const Level low : {kFast, kDeep})
        for (const Level high : {kFast, kDeep})
          CHECK_NOTHROW(
              Known::between(certified_radius(setting, activation, low), failing_radius(setting, activation, high)));
    }
  }
}

TEST_CASE("the search for a bad network and the certificate never contradict each other") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Setting setting = setting_of(
        drawn_instance(random.integer(1, 4), random.integer(1, 4), 1, 32, random.one_of({0.1, 0.5, 1.0, 3.0}), seed));
    for (const Activation activation : {kExp, kRelu}) {
      CAPTURE(name_of(activation));
      const Interval certified = certified_radius(setting, activation, kFast).bound();
      CHECK_NOTHROW(Known::between(AtLeast(certified), failing_radius(setting, activation, kFast)));
      const Interval supremum = supremum_of_change(setting, activation, kFast).range();
      CHECK(supremum.lower_double() <= supremum.upper_double());
      // At the certified radius the lowest network that the search finds keeps half.
      if (!certified.is_finite()) continue;
      const RealMatrix low = approx_lowering_weights(activation, setting.instance(), certified);
      CHECK(approx_lambda_min(activation, setting.instance(), low) >=
            0.499 * kernel_lambda_min(setting, activation, kFast).lower_double() - 1e-9);
    }
  }
}

TEST_CASE("the slopes of the three rows") {
  const Setting setting = setting_of(drawn_instance(4, 3, 2, 16, 0.5, 1));
  CHECK(row_slope(setting, kRelu, kDeep).approx_double() == doctest::Approx(8));
  const double b = 10 * 0.5 * std::sqrt(std::log(4 * 2 / 0.1)), b1 = 10 * 0.5 * std::sqrt(std::log(4 / 0.1));
  CHECK(log(row_slope(setting, kSoftmax, kDeep)).approx_double() == doctest::Approx(std::log(8.0) + 10 * b));
  CHECK(log(row_slope(setting, kExp, kDeep)).approx_double() == doctest::Approx(std::log(12.0) + 10 * b1));
  for (const Activation activation : {kSoftmax, kExp, kRelu}) {
    const Interval back = row_radius(setting, activation, kDeep) * row_slope(setting, activation, kDeep) * 2;
    CHECK(overlap(back, kernel_lambda_min(setting, activation, kDeep)));
  }
}

TEST_CASE("a common shift moves the exp kernel as the closed form says, and the softmax kernel not at all") {
  Instance instance = drawn_instance(3, 2, 2, 16, 1, 3);
  instance.x.row(1) *= 0.5;
  const Setting setting = setting_of(instance);
  const Interval closed = exponential_change_at_common_shift(setting, Interval(0.5, 64), kDeep);
  Instance shifted = instance;
  shifted.w.rowwise() += Eigen::RowVectorXd(0.5 * instance.x.row(0).normalized());
  const Setting other = setting_of(shifted);
  const Interval before = kernel_norm(setting, kExp, kDeep), after = kernel_norm(other, kExp, kDeep);
  CHECK(closed.lower_double() >= (after - before).lower_double() - 1e-9);
  CHECK(closed.approx_double() > 0.1 * before.approx_double());
  CHECK(kernel_norm(other, kSoftmax, kDeep).approx_double() ==
        doctest::Approx(kernel_norm(setting, kSoftmax, kDeep).approx_double()).epsilon(1e-12));
}

TEST_CASE("equal rows, parallel rows and samples without an active neuron give lambda = 0, at once") {
  Instance repeated = drawn_instance(3, 2, 1, 16, 1, 1), parallel = repeated, dead = repeated;
  repeated.x.row(2) = repeated.x.row(0);
  parallel.x.row(2) = parallel.x.row(0) * 0.5;
  dead.w = RealMatrix(dead.w.cwiseAbs());
  dead.x.row(1) = RealMatrix(-dead.x.row(1).cwiseAbs());
  const auto is_zero = [](const Instance& instance, Activation activation) {
    const Setting setting = setting_of(instance);
    const Interval lambda = kernel_lambda_min(setting, activation, kFast);
    return lambda.is_point() && lambda.contains_zero() &&
           certified_radius(setting, activation, kFast).bound().contains_zero();
  };
  CHECK(is_zero(repeated, kExp));
  CHECK(is_zero(repeated, kRelu));
  CHECK_FALSE(is_zero(parallel, kExp));
  CHECK(is_zero(parallel, kRelu));
  CHECK(is_zero(dead, kRelu));
  CHECK(check(theorem_of("activation_comparison"), setting_of(repeated), {}, {}).outcome == Outcome::pass);
}

TEST_CASE("at a small scale the report says that ReLU's row as printed fails, and at scale 1 that it holds") {
  const auto says = [](double sigma, const char* text) {
    const Setting setting = setting_of(drawn_instance(4, 6, 1, 256, sigma, 1));
    const Finding finding = check(theorem_of("activation_comparison"), setting, setting.constants(), {});
    CHECK(finding.charts.size() == 2);
    for (const Chart& chart : finding.charts) CHECK(chart.series.size() == 3);
    return std::any_of(finding.notes.begin(), finding.notes.end(),
                       [&](const std::string& note) { return note.find(text) != std::string::npos; });
  };
  CHECK(says(0.04, "fails with probability tending to 1"));
  CHECK(says(0.04, "is violated"));
  CHECK(says(1, "holds with probability tending to 1"));
  CHECK(says(1, "holds on this network"));
}

TEST_CASE("the probability with which ReLU's row may fail, and the one with which it does") {
  const Setting setting = setting_of(drawn_instance(4, 6, 1, 40000, 0.04, 1));
  const Interval one(1, 64);
  // As printed: more than it says. With the scale: less.
  CHECK(certainly_less(relu_row_allowed_failure(setting, one, Level(64)), relu_row_failure(setting, one, Level(64))));
  const Interval sigma = setting.sigma(64);
  CHECK(
      certainly_less(relu_row_failure(setting, sigma, Level(64)), relu_row_allowed_failure(setting, sigma, Level(64))));
  CHECK(log(relu_row_allowed_failure(setting, one, Level(64))).approx_double() == doctest::Approx(std::log(16.0) - 20));
}
