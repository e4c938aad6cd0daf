// GELU against other routes: its limit kernel by a certified two-dimensional quadrature, its bounds by points of the ball.

#include <doctest/doctest.h>

#include <cmath>

#include "enclosure/eigenvalue.hpp"
#include "models/over_balls.hpp"
#include "network/kernel.hpp"
#include "network/search/adversary.hpp"
#include "support/drawn.hpp"
#include "support/networks.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 192;

const ScalarModel& gelu() {
  return dynamic_cast<const ScalarModel&>(model_of("gelu"));
}

Interval number(double x) {
  return Interval(x, kBits);
}

Interval density(const Interval& u) {
  return exp(-sqr(u) / 2) / sqrt(2 * Interval::pi(kBits));
}

/// d/du u Phi(u).
Interval slope(const Interval& u) {
  return erfc(-u / sqrt(number(2))) / 2 + u * density(u);
}

/// |slope(x + i y)| <= 1 + (2 |y| + e^{-1/2}) e^{y^2 / 2} / sqrt(2 pi) for every x: Phi(x + i y) is Phi(x) and an
/// integral of the density along a segment, and |x| e^{-x^2/2} <= e^{-1/2}.
Interval largest_slope(const Interval& y) {
  return 1 + (2 * abs(y) + exp(number(-0.5))) * exp(sqr(y) / 2) / sqrt(2 * Interval::pi(kBits));
}

/// E[slope(s Z) slope(t (rho Z + tau Z'))], tau^2 = 1 - rho^2, by the trapezoidal rule with step h in Z and Z'. The rule
/// is off by at most 2 M / (e^{2 pi y / h} - 1) for what is analytic in |Im| <= y with integral of magnitudes <= M on
/// both edges; beyond `reach` at most (largest slope)^2 times the tail of the normal law is left out.
Interval expectation_by_quadrature(double s, double t, double rho) {
  const Interval h = number(0.375), y = number(3), tau = sqrt(1 - sqr(number(rho)));
  constexpr int kReach = 28;  // 10.5 deviations
  Interval sum = number(0);
  for (int k = -kReach; k <= kReach; ++k) {
    const Interval a = k * h;
    Interval of_row = number(0);
    for (int l = -kReach; l <= kReach; ++l)
      of_row += slope(number(t) * (number(rho) * a + tau * (l * h))) * density(l * h);
    sum += slope(number(s) * a) * density(a) * of_row;
  }
  const Interval growth = exp(sqr(y) / 2), decay = 2 / (exp(2 * Interval::pi(kBits) * y / h) - 1);
  const Interval most = largest_slope(number(0));
  const Interval of_first = decay * growth * largest_slope(number(s) * y) * largest_slope(number(t) * number(rho) * y);
  const Interval of_second = decay * growth * most * largest_slope(number(t) * tau * y) * 2;
  const Interval tail = sqr(most) * 4 * erfc(number(10.5) / sqrt(number(2))) * 2;
  const Interval error = (of_first + of_second + tail).upper();
  return sum * sqr(h) + hull(-error, error);
}

TEST_CASE("the limit kernel is the expectation of a product of slopes, by a certified quadrature") {
  struct Case {
    double s, t, rho;
  };
  for (const Case& each : {Case{1, 1, 1}, {1, 1, 0}, {1, 1, -1}, {0.5, 1, 0.25}, {2, 0.75, -0.5}, {1.5, 1.5, 0.875}}) {
    const double s = each.s, t = each.t, rho = each.rho;
    CAPTURE(s);
    CAPTURE(t);
    CAPTURE(rho);
    IntervalMatrix gram(2, 2);
    gram(0, 0) = sqr(number(s));
    gram(1, 1) = sqr(number(t));
    gram(0, 1) = gram(1, 0) = number(s) * number(t) * number(rho);
    const Interval found = gelu().limit_kernel(gram, number(1))(0, 1);
    const Interval expected = gram(0, 1) * expectation_by_quadrature(s, t, rho);
    CHECK(overlap(found, expected));
    CHECK((expected.upper() - expected.lower()).upper_double() < 1e-9);
    // The scale of the weights is that of the inputs.
    IntervalMatrix halved = gram;
    for (Index k = 0; k < 4; ++k) halved(k / 2, k % 2) = gram(k / 2, k % 2) / 4;
    CHECK(overlap(4 * gelu().limit_kernel(halved, number(2))(0, 1), found));
  }
}

IntervalMatrix direct_kernel(const Instance& instance, const RealMatrix& w) {
  IntervalMatrix h = input_gram(instance.x, kBits);
  const auto logit = [&](Index r, Index i) {
    Interval z = number(0);
    for (Index k = 0; k < w.cols(); ++k) z += number(w(r, k)) * number(instance.x(i, k));
    return z;
  };
  for (Index i = 0; i < h.rows(); ++i)
    for (Index j = 0; j < h.rows(); ++j) {
      Interval sum = number(0);
      for (Index r = 0; r < w.rows(); ++r) sum += slope(logit(r, i)) * slope(logit(r, j));
      h(i, j) = h(i, j) * sum / w.rows();
    }
  return h;
}

TEST_CASE("the kernel is its definition, in both tiers, whatever weights are shared") {
  for (std::uint64_t seed = 1; seed <= random_cases(10); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Instance instance = random_instance(random, {3, 2, 1, 8}, random.one_of({Pairing::paired, Pairing::mixed}), 2);
    instance.sigma = 1;
    const Setting setting(instance, {}, {}, 1);
    const IntervalMatrix expected = direct_kernel(instance, instance.w);
    for (const Level level : {Level::fast_tier(), Level(128)}) {
      const auto h = gelu().kernel_at(setting, instance.w, level);
      REQUIRE(h);
      for (Index k = 0; k < 9; ++k) {
        CHECK(overlap((*h)(k / 3, k % 3), expected(k / 3, k % 3)));
        CHECK((*h)(k / 3, k % 3).relative_width() < 1e-12);
      }
    }
  }
}

TEST_CASE("no kernel of the ball leaves the bounds of its change and of its smallest eigenvalue") {
  for (std::uint64_t seed = 1; seed <= random_cases(15); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const char* text = random.one_of({"0.01", "0.3", "3", "40"});
    const Setting setting =
        setting_with_radius(drawn_instance(3, 3, 1, 16, random.one_of({0.2, 1.0, 3.0}), seed), text);
    const Instance& instance = setting.instance();
    const Interval radius = setting.radius(kBits);
    const IntervalVector radii(16, radius);
    const IntervalMatrix center = direct_kernel(instance, instance.w);
    for (int k = 0; k < 6; ++k) {
      RealMatrix w = k == 0   ? gelu().approx_worst_weights(instance, radius)
                     : k == 1 ? gelu().approx_lowering_weights(instance, radius)
                              : moved(instance.w, random_directions(random, 16, 3), radii);
      if (k == 2) w = moved(instance.w, RealMatrix(instance.x.row(0).normalized().replicate(16, 1)), radii);
      CHECK(certainly_less_equal(largest_displacement(w, instance.w, kBits), radius));
      const IntervalMatrix h = direct_kernel(instance, w);
      for (const Level level : {Level::fast_tier(), Level(kBits)}) {
        const AtMost change = gelu().change_over_ball(setting, radius, level);
        CHECK_FALSE(certainly_less(change.bound(), frobenius_norm(h - center)));
        const AtLeast least = gelu().lambda_min_over_ball(setting, radius, level);
        CHECK_FALSE(certainly_less(enclose_lambda_min(h, 0, kBits), least.bound()));
      }
    }
  }
}

TEST_CASE("in a small ball the bound of the change is within a factor of 4 of what a search finds") {
  const Setting setting = setting_with_radius(drawn_instance(4, 3, 1, 256), "0.001");
  const Level level(128);
  const Interval found = gelu().change_at_worst_weights(setting, level);
  CHECK(certainly_less(gelu().change_over_own_ball(setting, level).bound(), 4 * found));
}

TEST_CASE("at a huge scale the limit kernel keeps its digits: slopes are 0 or 1") {
  RealMatrix x{{0.5, 0.25}, {-0.5, -0.25}, {0.5, 0.75}};
  const IntervalMatrix k = gelu().limit_kernel(input_gram(x, kBits), number(1e20));
  const IntervalMatrix step = model_of("relu").limit_kernel(input_gram(x, kBits), number(1));
  for (Index i = 0; i < 9; ++i) {
    CHECK(k(i / 3, i % 3).relative_width() < 1e-20);
    CHECK(k(i / 3, i % 3).approx_double() == doctest::Approx(step(i / 3, i % 3).approx_double()).epsilon(1e-15));
  }
}

TEST_CASE("rows with opposites make every kernel singular where they are dependent") {
  Instance instance = drawn_instance(4, 2, 1, 64);
  instance.x << 0.5, 0.25, -0.5, -0.25, 0.125, 0.75, -0.125, -0.75;
  const auto least = [&] { return kernel_lambda_min(Setting(instance, {}, {}, 1), gelu(), Level(128)); };
  CHECK(certainly_positive(least()));
  CHECK_FALSE(gelu().limit_degeneracy(instance.x));
  instance.x.row(2) = 0.5 * instance.x.row(0);
  instance.x.row(3) = -0.5 * instance.x.row(0);
  REQUIRE(gelu().limit_degeneracy(instance.x));
  CHECK(least().is_point());
  CHECK(enclose_lambda_min(direct_kernel(instance, instance.w), 0, kBits).upper_double() < 1e-40);
}

}  // namespace
}  // namespace assay
