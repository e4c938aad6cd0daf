#include "theorems/score_estimation/score.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "theorems/score_estimation/score_charts.hpp"
#include "theorems/score_estimation/score_population.hpp"

using namespace assay;

namespace {

Setting on_points(const RealMatrix& points, Index m = 32, long samples = 16) {
  InstanceRequest request;
  request.n = points.rows();
  request.d_in = points.cols();
  request.d = 1;
  request.m = m;
  Instance instance = make_instance(request);
  instance.x = points;
  Hyperparameters hyper;
  hyper.samples = samples;
  hyper.steps = 12;
  return Setting(instance, hyper, {}, 1);
}

RealMatrix on_the_line() {
  RealMatrix points(3, 1);
  points << 0.875, -0.25, -0.75;
  return points;
}

RealMatrix in_the_plane() {
  RealMatrix points(3, 2);
  points << 0.75, 0, -0.5, 0.625, -0.5, -0.625;
  return points;
}

/// What notes and pictures get, on a finding without any claim.
template <class F>
auto on_nothing_checked(const Setting& setting, F f) {
  const Precision precision{.tier = Tier::automatic};
  const Finding finding;
  return f(Checked{setting, precision, finding});
}

/// E |f_W - f_*|^2 over X_t by the midpoint rule in double.
double plain_error(const ScoreStudy& study, double t) {
  constexpr Index kCells = 4000;
  constexpr double kReach = 8;
  const NoisedLaw law(study.problem.law, study.problem.process, Interval(t, 64));
  TrainingPairs pairs{std::vector<double>(kCells, t), RealMatrix(kCells, 1), {}};
  for (Index k = 0; k < kCells; ++k) pairs.noised(k, 0) = kReach * ((2.0 * static_cast<double>(k) + 1) / kCells - 1);
  const RealMatrix f = approx_outputs(embedded(pairs, 2), study.trained);
  double sum = 0;
  for (Index k = 0; k < kCells; ++k) {
    const IntervalVector x = exact_point({&pairs.noised(k, 0), 1}, 64);
    sum += law.density(x).approx_double() * std::pow(f(k, 0) - law.posterior_mean(x)[0].approx_double(), 2);
  }
  return sum * 2 * kReach / kCells;
}

}  // namespace

TEST_CASE("the population error on the line is that of a plain quadrature") {
  const Setting setting = on_points(on_the_line());
  const ScorePopulation& population = score_population(setting, Level::fast_tier());
  REQUIRE(population.at_times.size() == 3);
  for (const ErrorAtTime& at : population.at_times) {
    const double plain = plain_error(*score_study(setting), at.t.approx_double());
    CHECK(at.error.lower_double() <= plain * (1 + 1e-9));
    CHECK(at.error.upper_double() >= plain * (1 - 1e-9));
    CHECK(at.error.upper_double() - at.error.lower_double() < 2e-3);
  }
  CHECK(score_population(on_points(in_the_plane()), Level::fast_tier()).at_times.empty());
}

TEST_CASE("the empirical interval contains the clipped error over many other draws") {
  const Setting setting = on_points(in_the_plane());
  const ScoreStudy& study = *score_study(setting);
  const ScoreData fresh = draw_score_data(study.problem, 4000, Index{5} << 40);
  RealMatrix f = approx_outputs(fresh.inputs, study.trained);
  for (Index l = 0; l < 2; ++l)
    f.col(l) = f.col(l).cwiseMin(in_the_plane().col(l).maxCoeff()).cwiseMax(in_the_plane().col(l).minCoeff());
  const IntervalMatrix target = posterior_means(study.problem, fresh.pairs, 64);
  double sum = 0;
  for (Index j = 0; j < 4000; ++j)
    for (Index l = 0; l < 2; ++l) sum += std::pow(f(j, l) - target(j, l).approx_double(), 2);
  for (const Level level : {Level::fast_tier(), Level(64)})
    CHECK(score_population(setting, level).clipped.contains(sum / 4000));
}

TEST_CASE("one point alone has nothing to learn and no error of clipped outputs") {
  const Setting setting = on_points(RealMatrix::Constant(1, 1, 0.5));
  CHECK(score_population(setting, Level::fast_tier()).clipped.upper_double() == 0);
  CHECK(score_errors(setting, Level::fast_tier()).constant.upper_double() < 1e-30);
}

TEST_CASE("the errors of score estimation on both tiers, and the bound that lambda gives") {
  const Setting setting = on_points(in_the_plane());
  const ScoreErrors &fast = score_errors(setting, Level::fast_tier()), &deep = score_errors(setting, Level(128));
  CHECK(overlap(fast.network.total, deep.network.total));
  CHECK(overlap(fast.constant, deep.constant));
  CHECK(certainly_less(deep.identity_gap, Interval(1e-12, 64)));
  CHECK(certainly_less(Interval(1e-2, 64), deep.wrong_sign_gap));
  CHECK(overlap(score_lambda(setting, Level(64)), score_lambda(setting, Level(256))));
  CHECK(certainly_positive(score_lambda(setting, Level(256))));
  const ScoreBound bound = score_bound(setting, Level(256));
  CHECK(bound.total.is_defined());
  CHECK(overlap(bound.coupling * score_lambda(setting, Level(256)), Interval(0.25, 64)));  // 1 / sqrt(16)
  CHECK(overlap(bound.stopping, deep.network.early_stopping));
}

TEST_CASE(
    "the error of the score, weighted, is the regression error, and the total at most four times its four sources") {
  for (const RealMatrix& points : {on_the_line(), in_the_plane()}) {
    const Setting setting = on_points(points);
    for (const Level level : {Level::fast_tier(), Level(64), Level(128)}) {
      const ScoreErrors& errors = score_errors(setting, level);
      CHECK(errors.identity_gap.contains_zero());
      CHECK(certainly_less(errors.identity_gap, Interval(1e-6, 64)));
      for (const ErrorSplit* split : {&errors.network, &errors.unstopped}) {
        REQUIRE(split->bound().is_finite());
        CHECK(certainly_less_equal(split->total, split->bound()));
      }
      CHECK(errors.unstopped.coupling.contains_zero());
    }
  }
}

TEST_CASE("beyond the range of double score estimation knows nothing and says so") {
  Setting setting = on_points(in_the_plane());
  Instance wild = setting.instance();
  wild.sigma = 60;
  const Setting unknown(wild, setting.hyper(), {}, 1);
  CHECK(score_study(unknown) == nullptr);
  CHECK(!score_errors(unknown, Level::fast_tier()).network.total.is_finite());
  CHECK(!score_bound(unknown, Level(64)).total.range().is_finite());
  CHECK(on_nothing_checked(unknown, score_charts).empty());
  CHECK(on_nothing_checked(unknown, score_notes).size() == 1);
}

TEST_CASE("charts of score estimation have names of their own and series of equal lengths") {
  const std::vector<Chart> charts = on_nothing_checked(on_points(in_the_plane()), score_charts);
  CHECK(charts.size() == 7);
  CHECK(on_nothing_checked(on_points(on_the_line()), score_charts).size() == 5);
  std::set<std::string> names;
  for (const Chart& chart : charts) {
    CAPTURE(chart.name);
    CHECK(names.insert(chart.name).second);
    for (const Series& series : chart.series) {
      CHECK(!series.x.empty());
      CHECK(series.x.size() == series.y.size());
      if (series.style == Series::Style::band) CHECK(series.high.size() == series.x.size());
      if (series.style == Series::Style::arrows) CHECK(series.dx.size() == series.x.size());
    }
  }
}
