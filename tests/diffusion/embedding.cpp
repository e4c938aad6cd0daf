#include "diffusion/embedding.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "diffusion/population_error.hpp"
#include "laws.hpp"

namespace assay {
namespace {

DataLaw two_gaussians(Index d) {
  RealMatrix centers = RealMatrix::Constant(2, d, 0.25), deviations = RealMatrix::Constant(2, d, 0.125);
  centers.row(1) *= -2;
  deviations.row(1) *= 3;
  deviations(0, 0) = 0.5;
  return gaussian_mixture(centers, deviations, {Decimal("1"), Decimal("2")});
}

TEST_CASE("an embedding is exact and inside the unit ball exactly where the norm allows") {
  const Process process = Process::constant(Decimal("2"));
  const TrainingPairs pairs = draw_training_pairs(process, two_gaussians(3), Decimal("0.01"), Decimal("1"), 200, 5);
  const Embedding embedding{.radius = 2, .constant = 1};
  const RealMatrix z = embed(embedding, pairs);
  REQUIRE(z.cols() == 5);
  const std::vector<Index> outside = outside_unit_ball(embedding, pairs);
  CHECK(outside.size() > 5);
  CHECK(outside.size() < 100);
  for (Index i = 0; i < z.rows(); ++i) {
    REQUIRE(z(i, 0) * 2 == pairs.times[static_cast<std::size_t>(i)]);
    REQUIRE(z(i, 2) * 2 == pairs.noised(i, 1));
    REQUIRE(z(i, 4) == 0.5);
    const bool is_outside = std::find(outside.begin(), outside.end(), i) != outside.end();
    REQUIRE(is_outside == (z.row(i).squaredNorm() > 1));
    const std::span<const double> x(pairs.noised.row(i).data(), 3);
    const IntervalVector enclosed =
        embed(embedding, Interval(pairs.times[static_cast<std::size_t>(i)], 64), exact_point(x, 64));
    for (Index j = 0; j < 5; ++j) REQUIRE(enclosed[static_cast<std::size_t>(j)].contains(z(i, j)));
  }
  const TrainingPairs kept = truncated(pairs, outside);
  CHECK(kept.size() == pairs.size() - std::ssize(outside));
  CHECK(outside_unit_ball(embedding, kept).empty());
  CHECK(embed({.radius = 2, .constant = 0}, pairs).cols() == 4);
}

TEST_CASE("the smallest radius is the smallest power of two, also at the border") {
  RealMatrix x(1, 2);
  x << 3.0 / 8, 1.0 / 2;
  TrainingPairs pairs{.times = {0.0}, .noised = x, .clean = x};
  CHECK(smallest_embedding(pairs, 0).radius == 1);  // norm 5/8
  pairs.noised *= 1.6;                              // nearly, not exactly, norm 1
  CHECK(smallest_embedding(pairs, 0).radius == (pairs.noised(0, 0) > 0.6 || pairs.noised(0, 1) > 0.8 ? 2 : 1));
  pairs.noised << 0.625 * 6 / 10, 0.5;
  pairs.noised << 0.0, 0.5;
  CHECK(smallest_embedding(pairs, 0).radius == 0.5);
  pairs.noised << 0x1p-80, 0.5;
  CHECK(smallest_embedding(pairs, 0).radius == 1);
  pairs.noised << 0x1p-1074, 0.5;
  CHECK(smallest_embedding(pairs, 0).radius == 1);
  CHECK_THROWS_AS(embed({.radius = 2, .constant = 0}, pairs), std::invalid_argument);
}

TEST_CASE("the failure probability on the line is the tail of the mixture") {
  const DataLaw law = two_gaussians(1);
  const Embedding embedding{.radius = 2, .constant = 1};
  for (const Process& process : all_processes()) {
    const Interval t(0.5, 64), room = sqrt(Interval(2.75, 64));
    const Interval failure = failure_probability(embedding, process, law, t);
    CHECK(overlap(failure, tail_probability(process, law, t, room)));
    CHECK(failure.relative_width() < 1e-15);
    CHECK(certainly_positive(failure));
  }
}

TEST_CASE("both sides of the failure probability agree with draws, and no radius makes it zero") {
  const Process process = Process::constant(Decimal("2"));
  for (const Index d : {1, 2, 5}) {
    CAPTURE(d);
    const DataLaw law = two_gaussians(d);
    const Index n = 4000;
    const TrainingPairs pairs = draw_training_pairs(process, law, Decimal("0.1"), Decimal("1"), n, 17);
    for (const double radius : {1.0, 2.0, 4.0}) {
      const Embedding embedding{.radius = radius, .constant = 0.5};
      const Interval failure =
          failure_probability(embedding, process, law, Decimal("0.1").at(64), Interval(1.0, 64), 40);
      const double frequency = static_cast<double>(outside_unit_ball(embedding, pairs).size()) / static_cast<double>(n);
      const auto slack = [&](double p) { return 5 * std::sqrt(p * (1 - p) / static_cast<double>(n)) + 1e-3; };
      CHECK(frequency >= failure.lower_double() - slack(failure.lower_double()));
      CHECK(frequency <= failure.upper_double() + slack(failure.upper_double()));
      CHECK(certainly_positive(failure));
      CHECK(failure.upper_double() <= 1);
    }
  }
  const Interval far =
      failure_probability({.radius = 1024, .constant = 0}, process, two_gaussians(4), Interval(1.0, 64));
  CHECK(certainly_positive(far));
  CHECK(far.upper_double() < 1e-300);
}

TEST_CASE("points in the plane: both sides agree, and with a quadrature over the plane") {
  RealMatrix centers(1, 2);
  centers << 0.5, -0.25;
  const DataLaw law = uniform_on_rows(centers);
  const Process process = Process::constant(Decimal("2"));
  const Interval t(0.25, 64), alpha = process.alpha(t), h = process.h(t);
  const Interval failure = failure_probability({.radius = 1, .constant = 0}, process, law, t);
  CHECK(failure.relative_width() < 1e-12);
  // 1 - int over the disc: for each first entry x, the second is between +- sqrt(r^2 - x^2).
  const double r = std::sqrt(0.9375), step = r / 400, a = alpha.approx_double(), s = h.approx_double();
  double inside = 0;
  for (int k = -400; k < 400; ++k) {
    const double x = (k + 0.5) * step, y = std::sqrt(0.9375 - x * x), root = std::sqrt(2 * s);
    const double second = (std::erf((y + 0.25 * a) / root) + std::erf((y - 0.25 * a) / root)) / 2;
    inside += step * std::exp(-(x - 0.5 * a) * (x - 0.5 * a) / (2 * s)) / std::sqrt(2 * M_PI * s) * second;
  }
  CHECK(std::fabs(1 - inside - failure.approx_double()) < 1e-4);
}

TEST_CASE("one centred component: both sides are the chi tail and more cells only tighten") {
  const DataLaw law = gaussian_mixture(RealMatrix::Zero(1, 3), RealMatrix::Constant(1, 3, 0.5), {Decimal("1")});
  const Process process = Process::constant(Decimal("2"));
  const Interval t(0.5, 64), s = exp(Interval(-1.0, 64)) / 4 - expm1(Interval(-1.0, 64));
  const Interval failure = failure_probability({.radius = 2, .constant = 0}, process, law, t);
  CHECK(failure.relative_width() < 1e-15);
  // P(chi_3 > a) = erfc(a / sqrt 2) + sqrt(2/pi) a exp(-a^2/2).
  const Interval y = Interval(3.75, 64) / s;
  CHECK(overlap(failure, erfc(sqrt(y / 2)) + sqrt(y * 2 / Interval::pi(64)) * exp(-y / 2)));
  const auto mean = [&](Index cells) {
    return failure_probability({.radius = 2, .constant = 0}, process, law, Interval(0.25, 64), Interval(1.0, 64),
                               cells);
  };
  CHECK(mean(8).contains(mean(64)));
  CHECK(mean(64).relative_width() < 0.1);
  CHECK(failure_probability({.radius = 0.25, .constant = 0}, process, law, t).lower_double() == 1);
}

TEST_CASE("embeddings without a meaning are refused") {
  CHECK_THROWS_AS(check_embedding({.radius = 3, .constant = 0}), std::invalid_argument);
  CHECK_THROWS_AS(check_embedding({.radius = 0, .constant = 0}), std::invalid_argument);
  CHECK_THROWS_AS(check_embedding({.radius = -2, .constant = 0}), std::invalid_argument);
  CHECK_THROWS_AS(check_embedding({.radius = 2, .constant = -1}), std::invalid_argument);
  CHECK_THROWS_AS(check_embedding({.radius = NAN, .constant = 0}), std::invalid_argument);
  CHECK_NOTHROW(check_embedding({.radius = 0x1p-100, .constant = 0}));
}

}  // namespace
}  // namespace assay
