#include "setting/score.hpp"

#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "network/input_error.hpp"
#include "network/kernel.hpp"
#include "network/unit_ball.hpp"

namespace assay {

namespace {

/// Pairs of the test measure, and of the validation measure.
constexpr Index kHeldOut = 64;
/// The study does not depend on the rung.
const Level kOnce{64};

StudyOptions options_of(const Setting& setting) {
  StudyOptions options;
  options.samples = setting.hyper().samples;
  options.held_out = kHeldOut;
  options.width = setting.instance().m() / 2 * 2;
  options.sigma = setting.instance().sigma.value_or(1);
  options.steps = setting.hyper().steps;
  if (setting.hyper().eta) options.eta = setting.hyper().eta->at(64).approx_double();
  options.threads = setting.threads();
  return options;
}

struct Study {
  std::optional<ScoreStudy> found;
};

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
  return {
      .network = error_split(v.target, v.network, v.noisy, v.clean, v.fit),
      .interpolant = error_split(v.target, v.interpolant_noisy, v.interpolant_noisy, v.interpolant_clean, v.limit_fit),
      .limit_total = mean_squared_distance(v.limit_noisy, v.target),
      .constant = error_of_mean(study, v, level.bits),
      .identity_gap = abs(mean_identity_gap(study, v, 1, level.bits)),
      .wrong_sign_gap = abs(mean_identity_gap(study, v, -1, level.bits))};
}

/// lambda_min of K_inf at the training inputs, on one rung.
struct Lambda {
  Interval value;
};

}  // namespace

ScoreProblem score_problem(const Setting& setting) {
  const Constants& constants = setting.constants();
  return {uniform_on_rows(setting.instance().x), Process::constant(constants["e6.g"].value), constants["e6.t0"].value,
          constants["e6.T"].value, setting.instance().seed.value_or(1)};
}

const ScoreStudy* score_study(const Setting& setting) {
  const auto make = [&] {
    setting.require_stored();
    return Study{run_score_study(score_problem(setting), options_of(setting))};
  };
  const Study& study = setting.once<Study>(kOnce, make);
  return study.found ? &*study.found : nullptr;
}

const ScoreErrors& score_errors(const Setting& setting, Level level) {
  return setting.once<ScoreErrors>(level, [&]() -> ScoreErrors {
    if (const ScoreStudy* study = score_study(setting)) return measure(*study, level, setting.threads());
    const Interval unknown = Interval::whole_line(level.bits);
    return {unknown_split(), unknown_split(), unknown, unknown, unknown, unknown};
  });
}

Interval score_lambda(const Setting& setting, Level level) {
  const ScoreStudy* study = score_study(setting);
  if (study == nullptr) return max(Interval::whole_line(level.bits), Interval());
  return setting
      .once<Lambda>(level,
                    [&] {
                      if (level.fast) {
                        const BallMatrix& k = study->limit_kernel.blocks.training;
                        return Lambda{enclosure_of(fast::lambda_min({k.middle, upper_norm(k.radii)}))};
                      }
                      const IntervalMatrix k = limit_kernel(input_gram(study->training.inputs, level.bits),
                                                            Interval(setting.instance().sigma.value_or(1), level.bits));
                      return Lambda{enclose_lambda_min(k, 1e-3, level.bits)};
                    })
      .value;
}

Interval score_rkhs_radius(const Setting& setting, Level level) {
  const ScoreStudy* study = score_study(setting);
  if (study == nullptr) return Interval::whole_line(level.bits);
  const Interval d = Interval::from_integer(setting.instance().d_in(), level.bits);
  const Interval measured = enclosure_of(study->network_kernel.squared_norm, level.bits) / d;
  return max(measured, sqr(exp(Interval(1, level.bits)) * setting.constants().at("e6.c_Lambda", level.bits)) * d);
}

ScoreBound score_bound(const Setting& setting, Level level) {
  const Interval one(1, level.bits);
  const ScoreInputs inputs{one * setting.hyper().samples,
                           one * setting.instance().d_in(),
                           nonnegative_part(score_lambda(setting, level)),
                           setting.delta(level.bits),
                           score_rkhs_radius(setting, level),
                           score_errors(setting, level).network.early_stopping};
  return score_bound(setting.constants(), inputs, level.bits);
}

}  // namespace assay
