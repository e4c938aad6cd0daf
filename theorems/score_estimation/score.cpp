#include "theorems/score_estimation/score.hpp"

#include "data/input_error.hpp"
#include "data/unit_ball.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "enclosure/row.hpp"
#include "network/kernel.hpp"

namespace assay {

namespace {

/// Pairs of the test measure, and of the validation measure.
constexpr Index kHeldOut = 64;
ErrorSplit unknown_split() {
  const Interval unknown = Interval::whole_line(64);
  return {unknown, unknown, unknown, unknown, unknown};
}

/// Mean over the test points of w |s - grad log p_t|^2 - |f - f_*|^2, s = (alpha f - sign x) / h.
Interval mean_identity_gap(const ScoreStudy& study, const ScoreValues& values, int sign, Bits bits) {
  const TrainingPairs& pairs = study.test.pairs;
  Interval sum;
  for (Index j = 0; j < pairs.size(); ++j) {
    const Interval t(pairs.times[static_cast<std::size_t>(j)], std::max<Bits>(bits, 53));
    const NoisedLaw law(study.problem.law, study.problem.process, t);
    const IntervalVector x = exact_point(row_of(pairs.noised, j), bits), score = law.score(x);
    for (Index l = 0; l < values.target.cols(); ++l) {
      const auto k = static_cast<std::size_t>(l);
      const Interval learned = (law.alpha() * values.network(j, l) - x[k] * sign) / law.h();
      sum += sqr(law.h() / law.alpha() * (learned - score[k])) - sqr(values.network(j, l) - values.target(j, l));
    }
  }
  return sum / pairs.size();
}

Interval error_of_mean(const ScoreStudy& study, const ScoreValues& values, Bits bits) {
  const RealMatrix& support = study.problem.law.centers;
  IntervalMatrix mean(values.target.rows(), values.target.cols());
  for (Index l = 0; l < mean.cols(); ++l) {
    Interval sum;
    for (Index k = 0; k < support.rows(); ++k) sum += Interval(support(k, l), std::max<Bits>(bits, 53));
    for (Index j = 0; j < mean.rows(); ++j) mean(j, l) = sum / support.rows();
  }
  return mean_squared_distance(values.target, mean);
}

ScoreErrors measure(const ScoreStudy& study, Level level, int threads) {
  const ScoreValues v = score_values(study, level, threads);
  return {.network = error_split(v.target, v.network, v.noisy, v.clean, v.fit),
          .unstopped = error_split(v.target, v.unstopped_noisy, v.unstopped_noisy, v.unstopped_clean, v.limit_fit),
          .limit_total = mean_squared_distance(v.limit_noisy, v.target),
          .constant = error_of_mean(study, v, level.bits),
          .identity_gap = abs(mean_identity_gap(study, v, 1, level.bits)),
          .wrong_sign_gap = abs(mean_identity_gap(study, v, -1, level.bits))};
}

/// Relative width asked of lambda.
constexpr double kLambdaWidth = 1e-3;

}  // namespace

ScoreProblem score_problem(const Setting& setting) {
  const Constants& constants = setting.constants();
  const Decimal &first = constants["e6.t0"].value, &last = constants["e6.T"].value;
  return {uniform_on_rows(setting.instance().x), Process::constant(constants["e6.g"].value), first, last,
          setting.instance().seed.value_or(1)};
}

StudyOptions score_options(const Setting& setting) {
  StudyOptions options;
  options.samples = setting.hyper().samples;
  options.held_out = kHeldOut;
  options.width = setting.instance().m() / 2 * 2;
  if (options.width < 2) throw InputError(field::m, " 1: score_estimation draws pairs of neurons, expected at least 2");
  options.sigma = setting.instance().sigma.value_or(1);
  options.steps = setting.hyper().steps;
  if (setting.hyper().eta) options.eta = setting.hyper().eta->at(64).approx_double();
  options.threads = setting.threads();
  return options;
}

namespace {

std::optional<ScoreStudy> make_study(const Setting& setting) {
  setting.require_stored();
  return run_score_study(score_problem(setting), score_options(setting));
}

ScoreErrors make_errors(const Setting& setting, Level level) {
  if (const ScoreStudy* study = score_study(setting)) return measure(*study, level, setting.threads());
  const Interval unknown = Interval::whole_line(level.bits);
  return {unknown_split(), unknown_split(), unknown, unknown, unknown, unknown};
}

/// lambda_min of K_inf at the training inputs.
Interval make_lambda(const Setting& setting, Level level) {
  const ScoreStudy* study = score_study(setting);
  if (study == nullptr) return nonnegative_line(level.bits);
  if (!level.fast) {
    const Interval sigma(score_options(setting).sigma, std::max<Bits>(level.bits, 53));
    return enclose_lambda_min(limit_kernel(input_gram(study->training.inputs, level.bits), sigma), kLambdaWidth,
                              level.bits);
  }
  const BallMatrix& kernel = study->limit_kernel.blocks.training;
  return enclosure_of(fast::lambda_min({kernel.middle, upper_norm(kernel.radii)}));
}

}  // namespace

const ScoreStudy* score_study(const Setting& setting) {
  const auto& study = setting.once<&make_study>();
  return study ? &*study : nullptr;
}

const ScoreErrors& score_errors(const Setting& setting, Level level) {
  return setting.once<&make_errors>(level);
}

Interval score_lambda(const Setting& setting, Level level) {
  return setting.once<&make_lambda>(level);
}

Interval score_width(const Setting& setting, Level level) {
  const ScoreStudy* study = score_study(setting);
  if (study == nullptr) return nonnegative_line(level.bits);
  BoundInputs inputs = setting.bound_inputs(level);
  inputs.n = Interval::from_integer(study->training.pairs.size(), level.bits);
  inputs.d = Interval::from_integer(study->problem.law.dimension(), level.bits);
  const ClosedForms forms(setting.constants(), inputs, level.bits);
  const Constants& constants = setting.constants();
  return constants.at("e6.width_multiplier", level.bits) * power(inputs.n * inputs.d, 3) *
         sqr(forms.log_term() / nonnegative_part(score_lambda(setting, level))) *
         exp(constants.at("e6.width_exponent", level.bits) * forms.logit_bound());
}

Interval rkhs_radius(const Constants& constants, const ScoreStudy& study, Bits bits) {
  const Interval d = Interval::from_integer(study.problem.law.dimension(), bits);
  const Interval measured = enclosure_of(study.network_kernel.squared_norm, bits) / d;
  return max(measured, sqr(exp(Interval(1, bits)) * constants.at("e6.c_Lambda", bits)) * d);
}

ScoreBound score_bound_of(const Constants& constants, const ScoreStudy& study, const Interval& lambda,
                          const Interval& delta, const Interval& early_stopping, Bits bits) {
  const Interval one(1, bits);
  const ScoreInputs inputs{one * study.training.pairs.size(),
                           one * study.problem.law.dimension(),
                           nonnegative_part(lambda),
                           delta,
                           rkhs_radius(constants, study, bits),
                           early_stopping};
  return score_bound(constants, inputs, bits);
}

ScoreBound score_bound(const Setting& setting, Level level) {
  const ScoreStudy* study = score_study(setting);
  if (study == nullptr) {
    const Interval unknown = Interval::whole_line(level.bits);
    return {unknown, unknown, Known(), unknown, unknown, unknown, unknown, Known(), Known()};
  }
  return score_bound_of(setting.constants(), *study, score_lambda(setting, level), setting.delta(level.bits),
                        score_errors(setting, level).network.early_stopping, level.bits);
}

}  // namespace assay
