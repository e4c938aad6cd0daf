// Every quantity on both tiers: the enclosures of one number overlap, and bounds over the ball bound what lies in it.

#include <doctest/doctest.h>

#include "network/ball.hpp"
#include "setting/setting.hpp"
#include "support/networks.hpp"

namespace assay {
namespace {

Instance instance_for(Random& random) {
  const Shape shape{random.integer(1, 4), random.integer(1, 3), random.integer(1, 3), 2 * random.integer(1, 6)};
  const Pairing pairing = random.one_of({Pairing::paired, Pairing::unpaired, Pairing::mixed});
  Instance instance = random_instance(random, shape, pairing, random.one_of({0.01, 1.0, 5.0, 50.0, 500.0}));
  if (random.one_in(6)) instance.x.row(random.integer(0, shape.n - 1)).setZero();
  if (random.one_in(6)) instance.x *= 1e-160;
  return instance;
}

TEST_CASE("the tiers agree on every quantity of the center and of the bad weights") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Instance instance = instance_for(random);
    const Hyperparameters hyper{Decimal("0.1"), Decimal("0.1"), Decimal(random.one_in(2) ? "0.001" : "0.5")};
    const Setting setting(instance, hyper, Constants(), 2);
    const Level fast = Level::fast_tier(), deep(192);
    const auto agree = [&](Interval (Setting::*quantity)(Level) const) {
      REQUIRE(overlap((setting.*quantity)(fast), (setting.*quantity)(deep)));
      REQUIRE(overlap((setting.*quantity)(Level(32)), (setting.*quantity)(deep)));
    };
    agree(&Setting::largest_logit);
    agree(&Setting::largest_q);
    agree(&Setting::smallest_q);
    agree(&Setting::residual_norm);
    agree(&Setting::kernel_norm);
    agree(&Setting::lambda_min);
    agree(&Setting::lambda_max);
    agree(&Setting::worst_change_f);
    agree(&Setting::worst_change_2);
    agree(&Setting::worst_lambda_min);
    agree(&Setting::worst_residual_norm);
  }
}

TEST_CASE("on both tiers the bounds over the ball exceed the change at weights in it") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed + 500);
    const Instance instance = instance_for(random);
    const char* radius = random.one_of({"1e-9", "0.001", "0.3", "2"});
    const Setting setting(instance, {Decimal("0.1"), Decimal("0.1"), Decimal(radius)}, Constants(), 1);
    const Interval limit = Decimal(radius).at(256) * 2,
                   slope = setting.worst_change_f(Level(256)) / Decimal(radius).at(256);
    for (const Level level : {Level::fast_tier(), Level(64), Level(192)}) {
      REQUIRE_FALSE(certainly_less(setting.ball_change_f(level).bound(), setting.worst_change_f(Level(256))));
      REQUIRE_FALSE(certainly_less(setting.ball_change_2(level).bound(), setting.worst_change_2(Level(256))));
      REQUIRE_FALSE(certainly_less(setting.ball_slope_f(limit, level).bound(), slope));
      REQUIRE_FALSE(certainly_less(setting.ball_slope_f(Decimal(radius).at(64), level).bound(), slope));
    }
  }
}

TEST_CASE("the deep bounds over the ball are those of D1, the better of two forms for the spectral norm") {
  bool first_is_better = false, second_is_better = false;
  for (const char* radius : {"0.001", "0.2"}) {
    Random random(4);
    const Instance instance = random_instance(random, {3, 2, 2, 8}, Pairing::mixed, 1);
    const Setting setting(instance, {Decimal("0.1"), Decimal("0.1"), Decimal(radius)}, Constants(), 1);
    const KernelChange& d1 = setting.kernel_change(128);
    const Interval nu_squared = upper_spectral_norm(d1.theta).upper(), nu = sqrt(nu_squared);
    const Interval entrywise = upper_spectral_norm(d1.entrywise).upper();
    const Interval singular = 2 * sqrt(setting.lambda_max(Level(128))) * nu + nu_squared;
    const auto near = [](const Interval& a, const Interval& b) {
      return certainly_less(abs(a - b), Interval(1e-20, 64) * b);
    };
    CHECK(near(setting.ball_change_f(Level(128)).bound(), frobenius_norm(d1.entrywise)));
    CHECK(near(setting.ball_change_2(Level(128)).bound(), min(entrywise, singular)));
    first_is_better = first_is_better || certainly_less(entrywise, singular);
    second_is_better = second_is_better || certainly_less(singular, entrywise);
  }
  CHECK((first_is_better || second_is_better));
}

TEST_CASE("the deep tier gets sharper with its bits, in every quantity") {
  Random random(3);
  Instance instance = random_instance(random, {3, 3, 2, 12}, Pairing::paired, 1);
  const Setting setting(instance, {}, Constants(), 2);
  const auto sharpens = [&](Interval (Setting::*quantity)(Level) const) {
    CHECK((setting.*quantity)(Level(128)).relative_width() < 1e-25);
    CHECK((setting.*quantity)(Level(512)).relative_width() < 1e-135);
    CHECK((setting.*quantity)(Level::fast_tier()).relative_width() < 1e-6);
  };
  sharpens(&Setting::largest_logit);
  sharpens(&Setting::largest_q);
  sharpens(&Setting::smallest_q);
  sharpens(&Setting::residual_norm);
  sharpens(&Setting::kernel_norm);
  sharpens(&Setting::lambda_min);
  sharpens(&Setting::lambda_max);
  sharpens(&Setting::worst_lambda_min);
}

}  // namespace
}  // namespace assay
