#include "models/over_balls.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "models/exponential.hpp"
#include "support/drawn.hpp"
#include "support/random_cases.hpp"
#include "theory/theorem.hpp"

using namespace assay;

namespace {

const Level kFast = Level::fast_tier(), kDeep(128);

}  // namespace

TEST_CASE("both tiers enclose the same numbers, and a certified radius is the same number on every rung") {
  for (std::uint64_t seed = 1; seed <= random_cases(12); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Setting setting =
        setting_with_radius(drawn_instance(random.integer(1, 4), random.integer(2, 4), random.integer(1, 2), 64,
                                           random.one_of({0.1, 1.0, 3.0}), seed),
                            random.one_of({"0.001", "0.05", "0.4"}));
    for (const Model* model : models()) {
      CAPTURE(model->name());
      for (const auto quantity : {kernel_norm, kernel_lambda_min})
        CHECK(overlap(quantity(setting, *model, kFast), quantity(setting, *model, kDeep)));
      for (const Level level : {kFast, kDeep})
        CHECK(supremum_of_change(setting, *model, level).sense() == Sense::enclosure);
      CHECK(overlap(supremum_of_change(setting, *model, kFast).range(),
                    supremum_of_change(setting, *model, kDeep).range()));
      const AtLeast radius = model->certified_radius(setting, kFast);
      CHECK(radius.is_finite());
      CHECK(certainly_less_equal(radius.bound(), model->certified_radius(setting, kDeep).bound()));
      // Of one number: those of either rung do not contradict those of the other.
      for (const Level low : {kFast, kDeep})
        for (const Level high : {kFast, kDeep})
          CHECK_NOTHROW(Known::between(model->certified_radius(setting, low), model->lowering_radius(setting, high)));
    }
  }
}

TEST_CASE("the search for a bad network and the certificate never contradict each other") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Setting setting = setting_with_radius(
        drawn_instance(random.integer(1, 4), random.integer(1, 4), 1, 32, random.one_of({0.1, 0.5, 1.0, 3.0}), seed));
    for (const ScalarModel* model : {&exponential(), &relu()}) {
      CAPTURE(model->name());
      const Interval certified = model->certified_radius(setting, kFast).bound();
      CHECK_NOTHROW(Known::between(AtLeast(certified), model->lowering_radius(setting, kFast)));
      const Interval supremum = supremum_of_change(setting, *model, kFast).range();
      CHECK(supremum.lower_double() <= supremum.upper_double());
      // At the certified radius the lowest network that the search finds keeps half.
      if (!certified.is_finite()) continue;
      const RealMatrix low = model->approx_lowering_weights(setting.instance(), certified);
      CHECK(model->approx_lambda_min(setting.instance(), low) >=
            0.499 * kernel_lambda_min(setting, *model, kFast).lower_double() - 1e-9);
    }
  }
}

TEST_CASE("bounds over a ball hold at explicit networks in it: change and smallest eigenvalue") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Setting setting = setting_with_radius(drawn_instance(3, 3, 2, 64, 0.5, seed));
    for (const Model* model : models())
      for (const Level level : {kFast, kDeep}) {
        CAPTURE(seed);
        CAPTURE(model->name());
        CAPTURE(level.bits);
        CHECK(model->change_over_ball(setting, setting.radius(level.bits), level).bound().upper_double() >=
              model->change_at_worst_weights(setting, level).lower_double());
        if (model == &softmax())  // by the same bound
          CHECK(model->change_over_ball(setting, setting.radius(level.bits), level).bound().upper_double() >=
                model->change_over_own_ball(setting, level).bound().upper_double() * (1 - 1e-12));
        const AtMost falls = model->lowering_radius(setting, level);
        if (!falls.is_finite()) continue;
        CHECK(model->lambda_min_over_ball(setting, falls.bound(), level).bound().lower_double() <=
              kernel_lambda_min(setting, *model, level).upper_double() / 2);
      }
  }
}

TEST_CASE("a common shift moves the exp kernel as the closed form says, and the softmax kernel not at all") {
  Instance instance = drawn_instance(3, 2, 2, 16, 1, 3);
  instance.x.row(1) *= 0.5;
  const Setting setting = setting_with_radius(instance);
  const Interval closed = exponential_change_at_common_shift(setting, Interval(0.5, 64), kDeep);
  Instance shifted = instance;
  shifted.w.rowwise() += Eigen::RowVectorXd(0.5 * instance.x.row(0).normalized());
  const Setting other = setting_with_radius(shifted);
  const Interval before = kernel_norm(setting, exponential(), kDeep), after = kernel_norm(other, exponential(), kDeep);
  CHECK(closed.lower_double() >= (after - before).lower_double() - 1e-9);
  CHECK(closed.approx_double() > 0.1 * before.approx_double());
  CHECK(kernel_norm(other, softmax(), kDeep).approx_double() ==
        doctest::Approx(kernel_norm(setting, softmax(), kDeep).approx_double()).epsilon(1e-12));
}

TEST_CASE("equal rows, parallel rows and samples without an active neuron give lambda = 0, at once") {
  Instance repeated = drawn_instance(3, 2, 1, 16, 1, 1), parallel = repeated, dead = repeated;
  repeated.x.row(2) = repeated.x.row(0);
  parallel.x.row(2) = parallel.x.row(0) * 0.5;
  dead.w = RealMatrix(dead.w.cwiseAbs());
  dead.x.row(1) = RealMatrix(-dead.x.row(1).cwiseAbs());
  const auto is_zero = [](const Instance& instance, const Model& model) {
    const Setting setting = setting_with_radius(instance);
    const Interval lambda = kernel_lambda_min(setting, model, kFast);
    return lambda.is_point() && lambda.contains_zero() &&
           model.certified_radius(setting, kFast).bound().contains_zero();
  };
  CHECK(is_zero(repeated, exponential()));
  CHECK(is_zero(repeated, relu()));
  CHECK_FALSE(is_zero(parallel, exponential()));
  CHECK(is_zero(parallel, relu()));
  CHECK(is_zero(dead, relu()));
  CHECK(check(theorem_of("activation_comparison"), setting_with_radius(repeated), {}, {}).outcome == Outcome::pass);
}

TEST_CASE("a network of the user's outside of the ball is no lower bound of the supremum over it") {
  const Instance instance = drawn_instance(3, 3, 2, 64, 1.0, 1);
  RealMatrix far = instance.w;
  far(0, 0) += 1;  // the ball has radius 0.001
  Setting setting = setting_with_radius(instance, "0.001");
  setting.use_w_tilde(far, "far.csv");
  for (const Level level : {kFast, kDeep}) {
    const Known supremum = supremum_of_change(setting, softmax(), level);
    CHECK(supremum.range().lower_double() == 0);
    CHECK(certainly_less(supremum.range().upper(), softmax().change_at_worst_weights(setting, level)));
  }
}
