#include "diffusion/lipschitz.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "laws.hpp"

namespace assay {
namespace {

TEST_CASE("two points: the Lipschitz constant is closed-form from both sides") {
  RealMatrix points(2, 2);
  points << 0.5, 0.25, -0.25, 0.125;
  const DataLaw law = finite_support(points, {Decimal("1"), Decimal("5")});
  for (const Process& process : all_processes()) {
    const PosteriorLipschitz lipschitz(law, process, 128);
    for (const double t : {0x1p-30, 0x1p-5, 0.5}) {
      const Interval time(t, 128), beta = lipschitz.at(time);
      const Interval squared = Interval(0.5625, 64) + Interval(0.015625, 64);
      const Interval expected = process.alpha(time) / process.h(time) * squared / 4;
      CHECK(overlap(beta, expected));
      CHECK(beta.relative_width() < 1e-5);
    }
  }
}

TEST_CASE("the upper bound is one: slopes between points stay below it and the lower one is attained nearly") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index d = random.integer(1, 3), count = random.integer(1, 6);
    const DataLaw law = random_law(random, count, d);
    const std::vector<Process> processes = all_processes();
    const Process& process = processes[seed % processes.size()];
    const Interval t(random.between(0.02, 0.9), 128);
    const Interval beta = PosteriorLipschitz(law, process, 128).at(t);
    REQUIRE(beta.lower_double() >= 0);
    const bool one_deviation = (law.deviations.rowwise() - law.deviations.row(0)).isZero(0);
    REQUIRE(std::isfinite(beta.upper_double()) == one_deviation);
    const NoisedLaw noised(law, process, t);
    double steepest = 0;
    for (int trial = 0; trial < 20; ++trial) {
      IntervalVector x, y, gap, change;
      for (Index j = 0; j < d; ++j) {
        x.emplace_back(random.between(-1, 1), 128);
        y.push_back(x.back() + Interval(random.between(-1, 1) * random.one_of<double>({1e-3, 1}), 128));
      }
      const IntervalVector at_x = noised.posterior_mean(x), at_y = noised.posterior_mean(y);
      for (std::size_t j = 0; j < x.size(); ++j) gap.push_back(x[j] - y[j]), change.push_back(at_x[j] - at_y[j]);
      const Interval slope = euclidean_norm(change) / euclidean_norm(gap);
      REQUIRE(!certainly_less(beta, slope));
      steepest = std::max(steepest, slope.lower_double());
    }
    // The search need not find the steepest place, but it should not lose to 20 random slopes.
    REQUIRE(beta.lower_double() >= 0.999 * steepest);
  }
}

TEST_CASE("the constant blows up like c / t, for every time below t1, with multiplicities and uneven weights") {
  RealMatrix points(5, 2);
  points << 0.5, 0, -0.5, 0, 0.5, 0, 0, 0.75, 0, 0.875;
  const DataLaw law = finite_support(points, {Decimal("1"), Decimal("2"), Decimal("3"), Decimal("1"), Decimal("0.5")});
  for (const Process& process : all_processes()) {
    CAPTURE(process.description());
    const PosteriorLipschitz lipschitz(law, process, 128);
    for (const double t1 : {0.5, 0.01}) {
      const std::optional<Interval> c = lipschitz.blow_up(Interval(t1, 128));
      REQUIRE(c.has_value());
      REQUIRE(certainly_positive(*c));
      double before = 0;
      for (double t = t1; t > 1e-12; t /= 16) {
        const Interval beta = lipschitz.at(Interval(t, 128));
        CHECK(!certainly_less(beta, *c / Interval(t, 128)));
        CHECK(beta.lower_double() >= c->lower_double() / t * 0.9999);
        CHECK(beta.lower_double() > before);
        before = beta.lower_double();
      }
    }
  }
}

TEST_CASE("c is the closed form for two points and constant g") {
  RealMatrix points(2, 1);
  points << 0.5, -0.25;
  const PosteriorLipschitz lipschitz(uniform_on_rows(points), Process::constant(Decimal("2")), 128);
  const Interval c = lipschitz.blow_up(Interval(0.5, 128)).value();
  CHECK(overlap(c, (exp(Interval(-0.5, 128)) / 2 * Interval(0.5625, 64) / 4).lower()));
  CHECK(c.is_point());
}

TEST_CASE("laws that do not blow up have no c") {
  const Process process = Process::constant(Decimal("2"));
  const RealMatrix one = RealMatrix::Ones(3, 2);
  CHECK(!PosteriorLipschitz(uniform_on_rows(one), process, 64).blow_up(Interval(0.5, 64)));
  CHECK(PosteriorLipschitz(uniform_on_rows(one), process, 64).at(Interval(0.5, 64)).upper_double() < 1e-15);
  RealMatrix centers(2, 1);
  centers << 1, -1;
  const DataLaw smooth = gaussian_mixture(centers, RealMatrix::Ones(2, 1), {Decimal("1"), Decimal("1")});
  CHECK(!PosteriorLipschitz(smooth, process, 64).blow_up(Interval(0.5, 64)));
  CHECK_THROWS_AS(PosteriorLipschitz(smooth, process, 64).at(Interval(0.0, 64)), std::invalid_argument);
}

}  // namespace
}  // namespace assay
