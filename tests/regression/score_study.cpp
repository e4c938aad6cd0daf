#include "regression/score_study.hpp"
#include "enclosure/row.hpp"

#include <doctest/doctest.h>

#include "data/unit_ball.hpp"
#include "regression/network_jet.hpp"

using namespace assay;

namespace {

ScoreProblem three_points(Index d = 2) {
  RealMatrix points(3, 2);
  points << 0.75, 0, -0.5, 0.625, -0.5, -0.625;
  return {uniform_on_rows(points.leftCols(d)), Process::constant(Decimal("1")), Decimal("0.1"), Decimal("2"), 5};
}

StudyOptions small() {
  StudyOptions options;
  options.samples = 12;
  options.held_out = 10;
  options.width = 32;
  options.steps = 12;
  return options;
}

double mean_square(const RealMatrix& a, const IntervalMatrix& b) {
  double sum = 0;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index l = 0; l < a.cols(); ++l) sum += std::pow(a(i, l) - b(i, l).approx_double(), 2);
  return sum / static_cast<double>(a.rows());
}

}  // namespace

TEST_CASE("embedded pairs lie in the unit ball and follow the projection") {
  const ScoreData data = draw_score_data(three_points(), 20, 7);
  for (Index i = 0; i < 20; ++i) {
    CHECK(in_unit_ball(row_of(data.inputs, i)));
    // The projection from the pole (0, -1) leads back: y = u_head / (1 + u_last) up to the factor 1 - 2^-20.
    const double scale = 1 - 0x1p-20, last = data.inputs(i, 3) / scale;
    CHECK(data.inputs(i, 0) / scale / (1 + last) ==
          doctest::Approx(data.pairs.times[static_cast<std::size_t>(i)] / 4).epsilon(1e-12));
    for (Index l = 0; l < 2; ++l)
      CHECK(data.inputs(i, 1 + l) / scale / (1 + last) == doctest::Approx(data.pairs.noised(i, l) / 2).epsilon(1e-12));
  }
}

TEST_CASE("a study's functions are the ones it names, on either tier") {
  const auto study = run_score_study(three_points(), small());
  REQUIRE(study.has_value());
  const ScoreValues fast = score_values(*study, Level::fast_tier(), 1), deep = score_values(*study, Level(128), 1);
  for (Index j = 0; j < 10; ++j)
    for (Index l = 0; l < 2; ++l) {
      CHECK(overlap(fast.network(j, l), deep.network(j, l)));
      CHECK(overlap(fast.target(j, l), deep.target(j, l)));
      CHECK(fast.network(j, l).approx_double() ==
            doctest::Approx(approx_outputs(study->test.inputs, study->trained)(j, l)).epsilon(1e-9));
    }
  // Kernel gradient descent with H(0) follows the network, and its labels are what the names say.
  const ErrorSplit split = error_split(deep.target, deep.network, deep.noisy, deep.clean, deep.fit);
  CHECK(certainly_less(split.coupling, split.total / 100));
  CHECK(certainly_positive(split.label_mismatch));
  CHECK(certainly_less_equal(split.total, split.bound()));
  CHECK(split.total.approx_double() ==
        doctest::Approx(mean_square(approx_outputs(study->test.inputs, study->trained), deep.target)).epsilon(1e-9));
  CHECK(study->network_kernel.noisy.distance > 0);
  CHECK(study->network_kernel.noisy.distance < 1e-9);
}

TEST_CASE("without noise in the labels, noisy and clean regression agree") {
  ScoreProblem problem = three_points();
  problem.law = uniform_on_rows(problem.law.centers.topRows(1));
  const auto study = run_score_study(problem, small());
  REQUIRE(study.has_value());
  const ScoreValues v = score_values(*study, Level::fast_tier(), 1);
  CHECK(mean_squared_distance(v.noisy, v.clean).upper_double() < 1e-20);
  CHECK(mean_squared_distance(v.limit_noisy, v.limit_clean).upper_double() < 1e-20);
}

TEST_CASE("interpolants reach their labels and cost the noise where early stopping does not") {
  const auto study = run_score_study(three_points(), small());
  REQUIRE(study.has_value());
  const BallMatrix& kernel = study->limit_kernel.blocks.training;
  CHECK((kernel.middle * study->unstopped_noisy.coefficients - study->training.pairs.clean).norm() < 1e-6);
  const ScoreValues v = score_values(*study, Level::fast_tier(), 1);
  CHECK(certainly_less(10 * mean_squared_distance(v.limit_noisy, v.target),
                       mean_squared_distance(v.unstopped_noisy, v.target)));
}

TEST_CASE("a study stops where asked, and a later checkpoint is not a worse choice for it") {
  StudyOptions options = small();
  options.stop_early = false;
  const auto whole = run_score_study(three_points(), options);
  CHECK(whole->best_step == options.steps);
  CHECK(whole->times.back() == options.steps);
  options.stop_early = true;
  const auto stopped = run_score_study(three_points(), options);
  CHECK(stopped->best_step <= options.steps);
  const auto validation = [&](const ScoreStudy& study) {
    return (approx_outputs(study.validation.inputs, study.trained) - study.validation.pairs.clean).squaredNorm();
  };
  CHECK(validation(*stopped) <= validation(*whole));
}

TEST_CASE("training, validation and test pairs are different draws, and n is a prefix") {
  StudyOptions options = small();
  const auto few = run_score_study(three_points(), options);
  options.samples = 16;
  const auto more = run_score_study(three_points(), options);
  CHECK(more->training.pairs.noised.topRows(12) == few->training.pairs.noised);
  CHECK(few->training.pairs.times[0] != few->test.pairs.times[0]);
  CHECK(few->validation.pairs.times[0] != few->test.pairs.times[0]);
}

TEST_CASE("a study refuses what it cannot do") {
  StudyOptions options = small();
  options.eta = 1e3;
  CHECK_THROWS_AS(run_score_study(three_points(), options), std::invalid_argument);
  options = small();
  options.width = 3;
  CHECK_THROWS_AS(run_score_study(three_points(), options), std::invalid_argument);
  options = small();
  options.samples = 0;
  CHECK_THROWS_AS(run_score_study(three_points(), options), std::invalid_argument);
  options = small();
  options.sigma = 40;  // e^{sigma^2} leaves the range of double
  CHECK(!run_score_study(three_points(), options).has_value());
}

TEST_CASE("the network as an expansion contains the network and its derivative") {
  const auto study = run_score_study(three_points(1), small());
  REQUIRE(study.has_value());
  constexpr Bits kBits = 128;
  const Interval t1(2, kBits), bound = bound_of_pairs(study->trained, 0, kBits);
  for (const double x : {-1.5, 0.0, 0.25, 3.0}) {
    const double step = 0x1p-20;
    TrainingPairs pairs{{0.5, 0.5, 0.5}, RealMatrix(3, 1), {}};
    pairs.noised << x, x - step, x + step;
    const RealMatrix f = approx_outputs(embedded(pairs, 2), study->trained);
    const Jet jet = network_jet(study->trained, 0, t1, Jet::t(Interval(0.5, kBits), 2), Jet::x(Interval(x, kBits), 2));
    CHECK(jet.value().approx_double() == doctest::Approx(f(0, 0)).epsilon(1e-9));
    CHECK(jet.coefficient(0, 1).approx_double() == doctest::Approx((f(2, 0) - f(1, 0)) / (2 * step)).epsilon(1e-6));
    CHECK(certainly_less_equal(abs(jet.value()), bound));
  }
  CHECK(bound.upper_double() < 32);
  CHECK_THROWS_AS(network_jet(study->trained, 0, Interval(0, kBits), Jet(1), Jet(1)), std::invalid_argument);
  const auto plane = run_score_study(three_points(2), small());
  CHECK_THROWS_AS(bound_of_pairs(plane->trained, 0, kBits), std::invalid_argument);
}
