#include "theorems/score_estimation/score_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "diffusion/approx_posterior.hpp"
#include "diffusion/lipschitz.hpp"
#include "enclosure/decimal.hpp"
#include "theorems/score_estimation/score.hpp"
#include "theorems/score_estimation/score_population.hpp"

namespace assay {

namespace {

/// Enough for the smallest lambda that notes speak of.
constexpr Bits kNoteBits = 128;

double approx_mean_square(const RowMajorMatrix& a, const RowMajorMatrix& b) {
  return (a - b).squaredNorm() / static_cast<double>(a.rows());
}

Series series_of(std::string label, Series::Style style = Series::Style::line, std::vector<double> x = {},
                 std::vector<double> y = {}) {
  Series series;
  series.label = std::move(label);
  series.style = style;
  series.x = std::move(x);
  series.y = std::move(y);
  return series;
}

std::vector<double> doubles(const std::vector<long>& integers) {
  return {integers.begin(), integers.end()};
}

/// Error against training time: kernel descent by its spectral form, far beyond the steps that are run.
Chart error_against_time(const Setting& setting, const ScoreStudy& study, Level level) {
  const KernelStudy& limit = study.limit_kernel;
  const RowMajorMatrix target = ball_around(posterior_means(study.problem, study.test.pairs, 64)).middle;
  const RowMajorMatrix clean_labels = ball_around(posterior_means(study.problem, study.training.pairs, 64)).middle;
  const ApproxSpectralDescent spectral(limit.blocks.training, limit.eta);
  Series noisy = series_of("kernel regression, noisy labels"), clean = series_of("kernel regression, clean labels");
  for (double power = 0; power <= 12; power += 0.25) {
    const double tau = std::pow(10, power);
    const auto error = [&](const RowMajorMatrix& labels) {
      return approx_mean_square(limit.blocks.test.middle * spectral.coefficients(labels, tau), target);
    };
    for (Series* series : {&noisy, &clean}) series->x.push_back(tau);
    noisy.y.push_back(error(study.training.pairs.clean));
    clean.y.push_back(error(clean_labels));
  }
  const double variance = score_errors(setting, level).constant.approx_double();
  return {.name = "error-against-time",
          .title = "Error against training time: noisy labels have to be stopped early",
          .x_axis = "steps of gradient descent",
          .y_axis = "mean squared error against the posterior mean",
          .log_x = true,
          .log_y = true,
          .series = {noisy, clean,
                     series_of("network", Series::Style::points, doubles(study.times), study.approx_test_error),
                     series_of("constant predictor", Series::Style::line, {1, 1e12}, {variance, variance})}};
}

/// What is shown of one study of a grid.
struct GridPoint {
  double size = 0;
  ErrorSplit split;
  double approx_multiplier = 0;  ///< the c for which Theorem 6.6's bound would equal the total
};

double approx_multiplier(const Setting& setting, const ScoreStudy& study, const ErrorSplit& split) {
  constexpr Bits kBits = 64;
  const Constants& constants = setting.constants();
  const ApproxSpectralDescent spectral(study.limit_kernel.blocks.training, study.limit_kernel.eta);
  const ScoreBound bound = score_bound_of(constants, study, Interval(spectral.least_eigenvalue(), kBits),
                                          setting.delta(kBits), split.early_stopping, kBits);
  return (constants.at("e6.multiplier", kBits) * split.total / bound.total.range()).approx_double();
}

/// The setting's own study.
GridPoint whole(const Setting& setting, const ScoreStudy& study, Index size, Level level) {
  const ErrorSplit& split = score_errors(setting, level).network;
  return {static_cast<double>(size), split, approx_multiplier(setting, study, split)};
}

/// A study of the same setting with something changed.
std::optional<GridPoint> changed(const Setting& setting, const ScoreProblem& problem, const StudyOptions& options,
                                 Index size, Level level) {
  const auto study = run_score_study(problem, options);
  if (!study) return std::nullopt;
  const ScoreValues v = score_values(*study, level, options.threads);
  const ErrorSplit split = error_split(v.target, v.network, v.noisy, v.clean, v.fit);
  return GridPoint{static_cast<double>(size), split, approx_multiplier(setting, *study, split)};
}

/// An eighth, a quarter and a half of a size, as far as they are at least `least`.
std::vector<Index> fractions(Index whole, Index least) {
  std::vector<Index> sizes;
  for (const Index part : {8, 4, 2})
    if (whole / part >= least) sizes.push_back(whole / part);
  return sizes;
}

/// Studies with fewer training pairs, with narrower networks stopped at the same step, and with the first coordinates
/// of the data alone; each ends with the setting's own.
struct Grids {
  std::vector<GridPoint> samples, widths, dimensions;
};

std::vector<GridPoint> grid(const Setting& setting, const ScoreStudy& study, Level level, Index whole_size, Index least,
                            const std::function<void(Index, ScoreProblem&, StudyOptions&)>& change) {
  std::vector<GridPoint> points;
  for (const Index size : fractions(whole_size, least)) {
    ScoreProblem problem = score_problem(setting);
    StudyOptions options = score_options(setting);
    options.eta.reset();
    change(size, problem, options);
    if (const auto point = changed(setting, problem, options, size, level)) points.push_back(*point);
  }
  points.push_back(whole(setting, study, whole_size, level));
  return points;
}

Grids make_grids(const Setting& setting, Level level) {
  const StudyOptions own = score_options(setting);
  const ScoreStudy& study = *score_study(setting);
  return {
      grid(setting, study, level, own.samples, 4,
           [](Index n, ScoreProblem&, StudyOptions& options) { options.samples = n; }),
      grid(setting, study, level, own.width, 4,
           [&](Index m, ScoreProblem&, StudyOptions& options) {
             options.width = m / 2 * 2;
             options.steps = study.best_step;
             options.stop_early = false;
           }),
      grid(setting, study, level, study.problem.law.dimension(), 1, [&](Index d, ScoreProblem& problem, StudyOptions&) {
        problem.law = uniform_on_rows(study.problem.law.centers.leftCols(d));
      })};
}

/// Where there is a study.
const Grids& grids(const Setting& setting, Level level) {
  return setting.once<&make_grids>(level);
}

Series series_over(const std::vector<GridPoint>& points, const char* label, double (*value)(const GridPoint&)) {
  Series series = series_of(label);
  for (const GridPoint& point : points) {
    series.x.push_back(point.size);
    series.y.push_back(value(point));
  }
  return series;
}

Chart sources_as_n_grows(const std::vector<GridPoint>& points) {
  const auto series = [&](const char* label, double (*value)(const GridPoint&)) {
    return series_over(points, label, value);
  };
  return {
      .name = "four-sources",
      .title = "The four sources of error as the number of training pairs grows",
      .x_axis = "training pairs n",
      .y_axis = "mean squared error",
      .log_x = true,
      .log_y = true,
      .series = {series("total", [](const GridPoint& p) { return p.split.total.approx_double(); }),
                 series("coupling", [](const GridPoint& p) { return p.split.coupling.approx_double(); }),
                 series("label mismatch", [](const GridPoint& p) { return p.split.label_mismatch.approx_double(); }),
                 series("early stopping", [](const GridPoint& p) { return p.split.early_stopping.approx_double(); }),
                 series("approximation", [](const GridPoint& p) { return p.split.approximation.approx_double(); })}};
}

Chart multiplier_as_sizes_grow(const Grids& all) {
  const auto multiplier = [](const GridPoint& p) { return p.approx_multiplier; };
  return {.name = "multiplier",
          .title = "The constant c for which Theorem 6.6's bound would equal the total",
          .x_axis = "n, m or d, the others as they are",
          .y_axis = "constant c",
          .log_x = true,
          .log_y = true,
          .series = {series_over(all.samples, "n", multiplier), series_over(all.widths, "m", multiplier),
                     series_over(all.dimensions, "d", multiplier)}};
}

/// Slope and intercept of log y over log x by least squares.
struct PowerLaw {
  double exponent = 0, factor = 0;
};
PowerLaw approx_power_law(const Series& series) {
  const auto count = static_cast<double>(series.x.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t k = 0; k < series.x.size(); ++k) {
    const double u = std::log(series.x[k]), v = std::log(series.y[k]);
    x += u, y += v, xx += u * u, xy += u * v;
  }
  const double exponent = (count * xy - x * y) / (count * xx - x * x);
  return {exponent, std::exp((y - exponent * x) / count)};
}

Series coupling_by_width(const Grids& all) {
  Series series = series_over(all.widths, "coupling, measured",
                              [](const GridPoint& p) { return p.split.coupling.approx_double(); });
  series.style = Series::Style::points;
  return series;
}

Chart coupling_as_m_grows(const Series& coupling) {
  const PowerLaw law = approx_power_law(coupling);
  Series fit = series_of(fmt::format("least squares: m^{:.2f}", law.exponent), Series::Style::line, coupling.x);
  for (const double m : fit.x) fit.y.push_back(law.factor * std::pow(m, law.exponent));
  return {.name = "coupling",
          .title = "Distance of network and kernel regression as the width grows",
          .x_axis = "width m",
          .y_axis = "coupling error",
          .log_x = true,
          .log_y = true,
          .series = {coupling, fit}};
}

/// Arrows (alpha f - x) / h on a grid at an early time.
Chart score_fields(const ScoreStudy& study) {
  constexpr int kSide = 13;
  constexpr double kReach = 1.8;
  const double t1 = study.problem.t1.at(64).approx_double();
  const double t = std::max(study.problem.t0.at(64).approx_double(), t1 / 10);
  const double alpha = study.problem.process.alpha(Interval(t, 64)).approx_double();
  const double h = study.problem.process.h(Interval(t, 64)).approx_double();
  TrainingPairs grid{std::vector<double>(kSide * kSide, t), RealMatrix(kSide * kSide, 2), {}};
  const auto place = [](Index step) { return kReach * (2.0 * static_cast<double>(step) / (kSide - 1) - 1); };
  for (Index k = 0; k < grid.noised.rows(); ++k) {
    const Index column = k % kSide, row = k / kSide;
    grid.noised.row(k) << place(column), place(row);
  }
  const auto arrows = [&](const char* label, const RealMatrix& f) {
    const RealMatrix score = (alpha * f - grid.noised) / h;
    Series series = series_of(label, Series::Style::arrows);
    for (Index k = 0; k < score.rows(); ++k) {
      series.x.push_back(grid.noised(k, 0));
      series.y.push_back(grid.noised(k, 1));
      series.dx.push_back(score(k, 0));
      series.dy.push_back(score(k, 1));
    }
    return series;
  };
  Series support = series_of("data", Series::Style::points);
  for (Index k = 0; k < study.problem.law.components(); ++k) {
    support.x.push_back(study.problem.law.centers(k, 0));
    support.y.push_back(study.problem.law.centers(k, 1));
  }
  return {.name = "score-field",
          .title = fmt::format("True and learned score at t = {:.3g}", t),
          .x_axis = "first coordinate",
          .y_axis = "second coordinate",
          .equal_axes = true,
          .series = {arrows("true score", ball_around(posterior_means(study.problem, grid, 64)).middle),
                     arrows("learned score", approx_outputs(embedded(grid, t1), study.trained)), support}};
}

/// What the reverse process makes of the true and of the learned score, beside the data.
Chart reverse_samples(const ScoreStudy& study) {
  constexpr Index kCount = 150, kSteps = 40;
  const ScoreProblem& problem = study.problem;
  const double t0 = problem.t0.at(64).upper_double(), t1 = problem.t1.at(64).lower_double();
  const ApproxScore learned = [&](double t, const Eigen::VectorXd& x) -> Eigen::VectorXd {
    const Interval time(t, 64);
    const TrainingPairs here{{t}, RealMatrix(x.transpose()), {}};
    const RealMatrix f = approx_outputs(embedded(here, t1), study.trained);
    return (problem.process.alpha(time).approx_double() * f.row(0).transpose() - x) /
           problem.process.h(time).approx_double();
  };
  const auto points = [](const char* label, const RealMatrix& rows) {
    Series series = series_of(label, Series::Style::points);
    for (Index k = 0; k < rows.rows(); ++k) {
      series.x.push_back(rows(k, 0));
      series.y.push_back(rows(k, 1));
    }
    return series;
  };
  const auto samples = [&](const ApproxScore& score) {
    return approx_reverse_samples(problem.process, score, 2, t0, t1, kCount, kSteps, problem.seed,
                                  ReverseDynamics::stochastic);
  };
  return {.name = "samples",
          .title = fmt::format("Samples of the reverse process, run back to t = {:.3g}", t0),
          .x_axis = "first coordinate",
          .y_axis = "second coordinate",
          .equal_axes = true,
          .series = {points("true score", samples(approx_score(problem.law, problem.process))),
                     points("learned score", samples(learned)), points("data", problem.law.centers)}};
}

/// beta_x(t) from both sides, below t0 as well.
Chart lipschitz_against_time(const ScoreStudy& study) {
  const PosteriorLipschitz lipschitz(study.problem.law, study.problem.process, 64);
  Series band = series_of("between its bounds", Series::Style::band);
  for (double t = 1e-4; t < 3; t *= 2) {
    const Interval beta = lipschitz.at(Interval(t, 64));
    band.x.push_back(t);
    band.y.push_back(beta.lower_double());
    band.high.push_back(beta.upper_double());
  }
  return {.name = "lipschitz",
          .title = "Lipschitz constant of the posterior mean (Assumption 6.4) blows up as t falls",
          .x_axis = "t",
          .y_axis = "Lipschitz constant",
          .log_x = true,
          .log_y = true,
          .series = {band}};
}

std::string power_of_ten(const Interval& value) {
  return fmt::format("10^{{{:.1f}}}", log10(value).approx_double());
}

std::string dominating_term(const ScoreBound& bound) {
  const std::pair<Known, const char*> terms[] = {
      {bound.coupling, "$1/(\\lambda\\sqrt n)$"},      {bound.stopping, "$\\varepsilon$"},
      {bound.approximation_squared, "$dA^2$"},         {bound.approximation, "$dA$"},
      {bound.mixed, "$\\sqrt{dA\\,\\Gamma_\\delta}$"}, {bound.gamma, "$\\Gamma_\\delta$"}};
  if (!bound.total.is_defined()) return "The bound is not defined here: " + bound.total.because() + ".";
  const auto* largest = std::max_element(std::begin(terms), std::end(terms), [](const auto& a, const auto& b) {
    return a.first.range().approx_double() < b.first.range().approx_double();
  });
  return fmt::format("In the bound {} dominates, about ${}$ of ${}$.", largest->second,
                     power_of_ten(largest->first.range()), power_of_ten(bound.total.range()));
}

}  // namespace

std::vector<Chart> score_charts(const Checked& checked) {
  const Setting& setting = checked.setting;
  const Level level = checked.level();
  const ScoreStudy* study = score_study(setting);
  if (study == nullptr) return {};
  const Grids& all = grids(setting, level);
  std::vector<Chart> charts{error_against_time(setting, *study, level), sources_as_n_grows(all.samples),
                            coupling_as_m_grows(coupling_by_width(all)), multiplier_as_sizes_grow(all)};
  charts.push_back(lipschitz_against_time(*study));
  if (study->problem.law.dimension() == 2) {
    charts.push_back(score_fields(*study));
    charts.push_back(reverse_samples(*study));
  }
  return charts;
}

namespace {

std::string measured_coupling(const Grids& all, const ScoreStudy& study) {
  const Series coupling = coupling_by_width(all);
  return fmt::format("From $m={}$ to ${}$ the coupling error after {} steps goes like $m^{{{:.2f}}}$ (least squares).",
                     coupling.x.front(), coupling.x.back(), study.best_step, approx_power_law(coupling).exponent);
}

std::string measured_multipliers(const Grids& all) {
  double least = HUGE_VAL, most = 0;
  for (const auto* points : {&all.samples, &all.widths, &all.dimensions})
    for (const GridPoint& point : *points) {
      least = std::min(least, point.approx_multiplier);
      most = std::max(most, point.approx_multiplier);
    }
  return fmt::format(
      "Over fewer training pairs, narrower networks and fewer dimensions the multiplier, in plain double, lies between "
      "{:.1e} and {:.1e}: a measurement (see the chart).",
      least, most);
}

std::string stopping_in_words(const ScoreStudy& study, const ScoreErrors& errors) {
  return fmt::format(
      "Training stops after {} steps by the noisy validation error; kernel regression with $K_\\infty$ after {}. "
      "Stopped early, the error with $K_\\infty$ is about {:.3g} of the variance of $f_*$; run on until only "
      "eigenvalues below $10^{{-15}}$ of the largest are left, about {:.3g} of it.",
      study.best_step, study.limit_kernel.steps, (errors.limit_total / errors.constant).approx_double(),
      (errors.unstopped.total / errors.constant).approx_double());
}

}  // namespace

std::vector<Sentence> score_notes(const Checked& checked) {
  const Setting& setting = checked.setting;
  const Level level = checked.level();
  const ScoreStudy* study = score_study(setting);
  if (study == nullptr) return {Sentence::plain("The kernels cannot be bounded in double: nothing was measured.")};
  std::vector<Sentence> notes{Sentence::plain(stopping_in_words(*study, score_errors(setting, level)))};
  const Grids& all = grids(setting, level);
  if (coupling_by_width(all).x.size() > 1) notes.push_back(Sentence::plain(measured_coupling(all, *study)));
  notes.push_back(Sentence::plain(measured_multipliers(all)));
  if (const Interval lambda = score_lambda(setting, Level(kNoteBits)); certainly_positive(lambda)) {
    notes.push_back(Sentence::plain(dominating_term(score_bound(setting, Level(kNoteBits)))));
    notes.push_back(
        Sentence::plain(fmt::format("Theorem 6.6 asks for a width of about ${}$; this network has {}.",
                                    power_of_ten(score_width(setting, Level(kNoteBits))), study->initial.w.rows())));
  }
  for (const ErrorAtTime& at : score_population(setting, level).at_times)
    notes.push_back(Sentence::plain(fmt::format(
        "At $t={}$, $E\\lVert f_W-f_*\\rVert^2$ over $X_t$ is in [{}, {}] by verified quadrature, tail included: no "
        "sampling, no clipping.",
        lower_decimal(at.t, 4), lower_decimal(at.error, 6), upper_decimal(at.error, 6))));
  return notes;
}

}  // namespace assay
