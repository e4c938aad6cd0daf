#include "diffusion/sampling.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "diffusion/approx_posterior.hpp"
#include "laws.hpp"

namespace assay {
namespace {

DataLaw three_points() {
  RealMatrix points(3, 2);
  points << 0.75, 0, -0.375, 0.625, -0.375, -0.625;
  return finite_support(points, {Decimal("1"), Decimal("2"), Decimal("1")});
}

TEST_CASE("a pair depends on its number alone") {
  const Process process = Process::linear(Decimal("0.1"), Decimal("20"));
  const DataLaw law = three_points();
  const TrainingPairs all = draw_training_pairs(process, law, Decimal("0.01"), Decimal("1"), 50, 7);
  const TrainingPairs last = draw_training_pairs(process, law, Decimal("0.01"), Decimal("1"), 10, 7, 40);
  for (Index i = 0; i < 10; ++i) {
    CHECK(last.times[static_cast<std::size_t>(i)] == all.times[static_cast<std::size_t>(40 + i)]);
    CHECK(last.noised.row(i) == all.noised.row(40 + i));
    CHECK(last.clean.row(i) == all.clean.row(40 + i));
  }
  CHECK(draw_data(law, 50, 7) == all.clean);
  CHECK(draw_data(law, 50, 8) != all.clean);
}

TEST_CASE("times stay in their range and points of the support are exact") {
  const DataLaw law = three_points();
  const TrainingPairs pairs =
      draw_training_pairs(Process::cosine(Decimal("0.008")), law, Decimal("0.1"), Decimal("0.3"), 400, 3);
  int counts[3] = {};
  for (Index i = 0; i < pairs.size(); ++i) {
    const Interval t(pairs.times[static_cast<std::size_t>(i)], 64);
    REQUIRE(certainly_less_equal(Decimal("0.1").at(64).lower(), t));
    REQUIRE(certainly_less_equal(t, Decimal("0.3").at(64).upper()));
    int matches = 0;
    for (int k = 0; k < 3; ++k) {
      if (pairs.clean.row(i) != law.centers.row(k)) continue;
      ++matches;
      ++counts[k];
    }
    REQUIRE(matches == 1);
  }
  CHECK(std::abs(counts[0] - 100) < 40);  // nearly five standard deviations
  CHECK(std::abs(counts[1] - 200) < 50);
}

TEST_CASE("mean and variance of what is drawn are those of the law, within five standard errors") {
  RealMatrix centers(2, 1), deviations(2, 1);
  centers << -0.5, 0.75;
  deviations << 0.25, 0.5;
  const DataLaw law = gaussian_mixture(centers, deviations, {Decimal("3"), Decimal("1")});
  const Process process = Process::constant(Decimal("2"));
  const Index n = 20000;
  const TrainingPairs pairs = draw_training_pairs(process, law, Decimal("0.5"), Decimal("0.5000001"), n, 11);
  const double mean = -0.5 * 0.75 + 0.75 * 0.25;
  const double second = 0.75 * (0.25 + 0.0625) + 0.25 * (0.5625 + 0.25);
  const double variance = second - mean * mean, alpha = std::exp(-0.5), h = -std::expm1(-1.0);
  const auto check = [&](const RealMatrix& drawn, double expected_mean, double expected_variance) {
    const double average = drawn.mean(), spread = (drawn.array() - average).square().mean();
    CHECK(std::fabs(average - expected_mean) < 5 * std::sqrt(expected_variance / n));
    CHECK(std::fabs(spread / expected_variance - 1) < 10 * std::sqrt(1.0 / n));
  };
  check(pairs.clean, mean, variance);
  check(pairs.noised, alpha * mean, alpha * alpha * variance + h);
  const RealMatrix noise = pairs.noised - alpha * pairs.clean;
  check(noise, 0, h);
  CHECK(std::fabs((noise.array() * (pairs.clean.array() - mean)).mean()) < 5 * std::sqrt(h * variance / n));
}

// Drawn numbers are part of every published result: these may never change, on any machine.
TEST_CASE("the frozen pairs") {
  const TrainingPairs pairs = draw_training_pairs(Process::linear(Decimal("0.1"), Decimal("20")), three_points(),
                                                  Decimal("0.01"), Decimal("1"), 2, 1);
  CHECK(pairs.times[0] == 0x1.ef191a999779bp-2);
  CHECK(pairs.times[1] == 0x1.f273944e651eep-2);
  CHECK(pairs.noised(0, 0) == 0x1.826dc989cd5a8p-2);
  CHECK(pairs.noised(1, 1) == 0x1.f8f6018b9accap-3);
}

TEST_CASE("requests without a meaning are refused") {
  const Process process = Process::constant(Decimal("2"));
  const DataLaw law = three_points();
  CHECK_THROWS_AS(draw_training_pairs(process, law, Decimal("0"), Decimal("1"), 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(draw_training_pairs(process, law, Decimal("1"), Decimal("1"), 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(draw_training_pairs(process, law, Decimal("0.1"), Decimal("1"), -2, 1), std::invalid_argument);
  CHECK_THROWS_AS(draw_data(law, 1, 1, -1), std::invalid_argument);
}

TEST_CASE("the reverse process with the true score gives the data back") {
  const DataLaw law = three_points();
  const Process process = Process::linear(Decimal("0.1"), Decimal("20"));
  for (const ReverseDynamics dynamics : {ReverseDynamics::stochastic, ReverseDynamics::probability_flow}) {
    const Index count = 200;
    const RealMatrix samples =
        approx_reverse_samples(process, approx_score(law, process), 2, 1e-3, 1, count, 60, 5, dynamics);
    int near[3] = {};
    for (Index i = 0; i < count; ++i)
      for (int k = 0; k < 3; ++k) near[k] += (samples.row(i) - law.centers.row(k)).norm() < 0.15;
    CHECK(near[0] + near[1] + near[2] > 190);
    CHECK(std::abs(near[0] - 50) < 35);
    CHECK(std::abs(near[1] - 100) < 35);
    // A sample depends on its number alone.
    const RealMatrix few = approx_reverse_samples(process, approx_score(law, process), 2, 1e-3, 1, 3, 60, 5, dynamics);
    CHECK(few == samples.topRows(3));
  }
}

TEST_CASE("the approximate posterior is near the enclosed one") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Random random(seed);
    const Index d = random.integer(1, 3);
    const DataLaw law = random_law(random, 3, d);
    const Process process = Process::constant(Decimal("2"));
    const NoisedLaw at(law, process, Interval(0.25, 64));
    const RealMatrix x = random_matrix(random, 1, d, -1, 1);
    const IntervalVector point = exact_point({x.data(), static_cast<std::size_t>(d)}, 64);
    const ApproxPosterior guess =
        approx_posterior(law, at.alpha().approx_double(), at.h().approx_double(), x.row(0).transpose());
    const IntervalVector mean = at.posterior_mean(point), score = at.score(point);
    const IntervalMatrix covariance = at.posterior_covariance(point);
    const Eigen::VectorXd guessed_score = approx_score(law, process)(0.25, x.row(0).transpose());
    for (Index i = 0; i < d; ++i) {
      CHECK(std::fabs(guess.mean(i) - mean[static_cast<std::size_t>(i)].approx_double()) < 1e-12);
      CHECK(std::fabs(guessed_score(i) - score[static_cast<std::size_t>(i)].approx_double()) < 1e-11);
      for (Index j = 0; j < d; ++j) CHECK(std::fabs(guess.covariance(i, j) - covariance(i, j).approx_double()) < 1e-12);
    }
  }
}

}  // namespace
}  // namespace assay
