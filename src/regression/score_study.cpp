#include "regression/score_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "data/unit_ball.hpp"
#include "enclosure/row.hpp"
#include "network/fast/network.hpp"
#include "network/forward.hpp"

namespace assay {

namespace {

constexpr Bits kLabelBits = 64;
/// Sections of one endless sequence of pairs: they never meet.
constexpr Index kValidationFrom = Index{1} << 40, kTestFrom = Index{2} << 40;

BallMatrix exact_labels(const RealMatrix& labels) {
  return {labels, RowMajorMatrix::Zero(labels.rows(), labels.cols())};
}

RealMatrix joined(const RealMatrix& a, const RealMatrix& b) {
  RealMatrix all(a.rows() + b.rows(), a.cols());
  all << a, b;
  return all;
}

double approx_mean_square(const RealMatrix& a, const RealMatrix& b) {
  return (a - b).squaredNorm() / static_cast<double>(a.rows());
}

/// The ridge that f_H is fitted with, as a part of the largest eigenvalue: flat around the best one on smooth targets.
constexpr double kRidge = 1e-4;

/// Descents with one kernel up to `steps`, and the fit; labels in the kernel's own layout.
void regress(KernelStudy& study, const BallMatrix& noisy, const BallMatrix& clean, long steps) {
  study.steps = steps;
  study.noisy = descend(study.blocks.training, noisy, study.eta, {steps}).front();
  study.clean = descend(study.blocks.training, clean, study.eta, {steps}).front();
  study.fit = {approx_ridge_coefficients(study.blocks.training, clean, kRidge / study.eta), 0};
  study.squared_norm = squared_rkhs_norm(study.blocks.training, study.fit.coefficients);
}

/// Trains until the validation error has not improved for long, and keeps the best network.
void train(ScoreStudy& study, const StudyOptions& options) {
  ApproxSoftmaxDescent descent(study.training.inputs, study.training.pairs.clean, study.initial, study.eta);
  double best = std::numeric_limits<double>::infinity();
  RealMatrix targets(study.test.pairs.size(), study.test.pairs.noised.cols());
  const BallMatrix means = ball_around(posterior_means(study.problem, study.test.pairs, kLabelBits));
  for (const long time : checkpoints(options.steps)) {
    while (descent.steps() < time) descent.step();
    const Weights now{descent.weights(), study.initial.a};
    const double error = approx_mean_square(approx_outputs(study.validation.inputs, now), study.validation.pairs.clean);
    study.times.push_back(time);
    study.approx_test_error.push_back(approx_mean_square(approx_outputs(study.test.inputs, now), means.middle));
    if (error < best || !options.stop_early) {
      best = error;
      study.best_step = time;
      study.trained = now;
    }
    if (time > 3 * study.best_step + 20) return;
  }
}

/// The checkpoint of kernel regression with the least error on the noisy labels of the validation measure.
long approx_best_step(const BallMatrix& kernel, const BallMatrix& to_validation, const BallMatrix& labels, double eta,
                      const RealMatrix& validation_labels, long steps) {
  const std::vector<long> times = checkpoints(steps);
  const std::vector<Expansion> orbit = descend(kernel, labels, eta, times);
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < orbit.size(); ++k) {
    const double error = approx_mean_square(to_validation.middle * orbit[k].coefficients, validation_labels);
    if (error < least) {
      least = error;
      best = k;
    }
  }
  return times[best];
}

/// @return false if K_inf cannot be bounded in double.
bool study_limit(ScoreStudy& study, const BallMatrix& clean, const StudyOptions& options) {
  KernelStudy& limit = study.limit_kernel;
  const RealMatrix& inputs = study.training.inputs;
  limit.blocks = {limit_kernel_ball(inputs, inputs, options.sigma),
                  limit_kernel_ball(study.test.inputs, inputs, options.sigma)};
  if (!limit.blocks.training.radii.allFinite()) return false;
  limit.eta = safe_step(limit.blocks.training);
  const BallMatrix to_validation = limit_kernel_ball(study.validation.inputs, inputs, options.sigma);
  const BallMatrix noisy = exact_labels(study.training.pairs.clean);
  regress(limit, noisy, clean,
          approx_best_step(limit.blocks.training, to_validation, noisy, limit.eta, study.validation.pairs.clean,
                           options.steps));
  const ApproxSpectralDescent spectral(limit.blocks.training, limit.eta);
  const double forever = std::numeric_limits<double>::infinity();
  study.unstopped_noisy = {spectral.coefficients(noisy.middle, forever), 0};
  study.unstopped_clean = {spectral.coefficients(clean.middle, forever), 0};
  return true;
}

}  // namespace

RealMatrix embedded(const TrainingPairs& pairs, double t1) {
  const Index d = pairs.noised.cols();
  RealMatrix inputs(pairs.size(), d + 2);
  for (Index i = 0; i < inputs.rows(); ++i) {
    auto row = inputs.row(i);
    row(0) = pairs.times[static_cast<std::size_t>(i)] / t1 / 2;
    row.segment(1, d) = pairs.noised.row(i) / 2;
    const double square = row.head(d + 1).squaredNorm(), scale = (1 - 0x1p-20) / (1 + square);
    row.head(d + 1) *= 2 * scale;
    row(d + 1) = (1 - square) * scale;
  }
  return inputs;
}

ScoreData draw_score_data(const ScoreProblem& problem, Index count, Index first) {
  ScoreData data;
  data.pairs = draw_training_pairs(problem.process, problem.law, problem.t0, problem.t1, count, problem.seed, first);
  data.inputs = embedded(data.pairs, problem.t1.at(kLabelBits).approx_double());
  return data;
}

std::optional<ScoreStudy> run_score_study(const ScoreProblem& problem, const StudyOptions& options) {
  if (options.samples < 1 || options.held_out < 1 || options.steps < 1)
    throw std::invalid_argument("run_score_study: expected at least one sample, one held-out pair and one step");
  ScoreStudy study{.problem = problem,
                   .training = draw_score_data(problem, options.samples, 0),
                   .validation = draw_score_data(problem, options.held_out, kValidationFrom),
                   .test = draw_score_data(problem, options.held_out, kTestFrom)};
  const Index d = problem.law.dimension();
  study.initial = draw_paired_weights(options.width, d + 2, d, options.sigma, problem.seed);
  auto blocks = network_blocks(joined(study.training.inputs, study.test.inputs), options.samples, study.initial.w,
                               study.initial.a, options.threads);
  if (!blocks) return std::nullopt;
  const double safe = safe_step(blocks->training), m = static_cast<double>(options.width);
  study.eta = options.eta.value_or(safe / m);
  study.network_kernel.blocks = std::move(*blocks);
  study.network_kernel.eta = std::min(safe, study.eta * m);
  if (study.eta * m > safe * (1 + 0x1p-40))
    throw std::invalid_argument(
        fmt::format("the step of gradient descent: expected at most {:.4g}, which is safe for H, found {:.4g}",
                    safe / m, study.eta));
  train(study, options);
  const BallMatrix noisy = exact_labels(study.training.pairs.clean);
  const BallMatrix clean = ball_around(posterior_means(problem, study.training.pairs, kLabelBits));
  regress(study.network_kernel, stacked(noisy), stacked(clean), study.best_step);
  if (!study_limit(study, clean, options)) return std::nullopt;
  return study;
}

IntervalMatrix posterior_means(const ScoreProblem& problem, const TrainingPairs& pairs, Bits bits) {
  IntervalMatrix means(pairs.size(), pairs.noised.cols());
  for (Index i = 0; i < means.rows(); ++i) {
    const Interval t(pairs.times[static_cast<std::size_t>(i)], std::max<Bits>(bits, 53));
    const NoisedLaw law(problem.law, problem.process, t);
    const IntervalVector mean = law.posterior_mean(exact_point(row_of(pairs.noised, i), bits));
    for (Index l = 0; l < means.cols(); ++l) means(i, l) = mean[static_cast<std::size_t>(l)];
  }
  return means;
}

IntervalMatrix network_values(const Weights& network, const RealMatrix& inputs, Level level, int threads) {
  const Index m = network.w.rows(), d = network.a.cols();
  IntervalMatrix values(inputs.rows(), d);
  if (!level.fast) {
    const Forward at = forward_pass(inputs, network.w, network.a, level.bits, threads);
    for (Index i = 0; i < values.rows(); ++i)
      for (Index l = 0; l < d; ++l) values(i, l) = at.p(l, i) * m;
    return values;
  }
  const auto sums = fast::network_sums(inputs, StoredNeurons(network.w, network.a), {threads});
  const auto p = sums ? fast::outputs(*sums) : std::vector<Ball>();
  for (Index i = 0; i < values.rows(); ++i)
    for (Index l = 0; l < d; ++l)
      values(i, l) = p.empty() ? Interval::whole_line(level.bits)
                               : enclosure_of(p[static_cast<std::size_t>(l * inputs.rows() + i)]) * m;
  return values;
}

ScoreValues score_values(const ScoreStudy& study, Level level, int threads) {
  const Index d = study.problem.law.dimension();
  const KernelStudy &finite = study.network_kernel, &limit = study.limit_kernel;
  const auto with_h = [&](const Expansion& f) {
    return enclosure_of(unstacked(expansion(finite.blocks.test, f.coefficients, f.distance), d), level.bits);
  };
  const auto with_limit = [&](const Expansion& f) {
    return enclosure_of(expansion(limit.blocks.test, f.coefficients, f.distance), level.bits);
  };
  return {.target = posterior_means(study.problem, study.test.pairs, level.bits),
          .network = network_values(study.trained, study.test.inputs, level, threads),
          .noisy = with_h(finite.noisy),
          .clean = with_h(finite.clean),
          .fit = with_h(finite.fit),
          .limit_noisy = with_limit(limit.noisy),
          .limit_clean = with_limit(limit.clean),
          .limit_fit = with_limit(limit.fit),
          .unstopped_noisy = with_limit(study.unstopped_noisy),
          .unstopped_clean = with_limit(study.unstopped_clean)};
}

Interval mean_squared_distance(const IntervalMatrix& a, const IntervalMatrix& b) {
  Interval sum;
  const IntervalMatrix difference = a - b;
  for (const Interval& entry : difference.entries()) sum += sqr(entry);
  return sum / a.rows();
}

ErrorSplit error_split(const IntervalMatrix& target, const IntervalMatrix& network, const IntervalMatrix& noisy,
                       const IntervalMatrix& clean, const IntervalMatrix& fit) {
  return {mean_squared_distance(network, target), mean_squared_distance(network, noisy),
          mean_squared_distance(noisy, clean), mean_squared_distance(clean, fit), mean_squared_distance(fit, target)};
}

}  // namespace assay
