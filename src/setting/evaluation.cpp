#include "setting/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/eigenvalue.hpp"

namespace assay {

namespace {

constexpr Bits kBitsOfDouble = 53;

/// K_inf is singular exactly where two rows of X are equal or one is zero, whatever the network.
bool limit_is_singular(const std::optional<Degeneracy>& degeneracy) {
  using Kind = Degeneracy::Kind;
  return degeneracy && (degeneracy->kind == Kind::zero_row || degeneracy->kind == Kind::repeated_row);
}

/// Smallest eigenvalue of a positive semidefinite matrix.
Interval lambda_min_of(const IntervalMatrix& a, bool singular, double rtol, Level level) {
  if (singular) return Interval::from_integer(0, level.bits);
  if (level.fast) return nonnegative_part(enclosure_of(fast::lambda_min(fast::symmetric_ball_around(a))));
  return nonnegative_part(enclose_lambda_min(a, rtol, level.bits));
}

/// A number with its name, on any rung.
struct Question {
  std::string name;
  std::function<Interval(Level)> value;
};

std::vector<Question> questions_about(const Setting& setting, double rtol) {
  std::vector<Question> all;
  const auto ask = [&](const char* name, Interval (Setting::*value)(Level) const) {
    all.push_back({name, [&setting, value](Level level) { return (setting.*value)(level); }});
  };
  ask("lambda_min_H", &Setting::lambda_min);
  ask("lambda_max_H", &Setting::lambda_max);
  ask("frobenius_H", &Setting::kernel_norm);
  ask("max_abs_logit", &Setting::largest_logit);
  ask("max_mS", &Setting::largest_q);
  ask("residual_F", &Setting::residual_norm);
  if (setting.instance().sigma)
    all.push_back({"lambda_min_K_inf", [&setting, rtol](Level level) {
                     const IntervalMatrix limit = limit_kernel(setting.gram(level.bits), setting.sigma(level.bits));
                     return lambda_min_of(limit, limit_is_singular(setting.degeneracy()), rtol, level);
                   }});
  if (!setting.has_user_w_tilde()) return all;
  // The setting's worst weights are the user's W~.
  ask("perturbation_F", &Setting::worst_change_f);
  ask("perturbation_2", &Setting::worst_change_2);
  ask("lambda_min_H_tilde", &Setting::worst_lambda_min);
  ask("residual_F_tilde", &Setting::worst_residual_norm);
  return all;
}

/// As far as the ladder and the time go; the whole line if not even the first rung was finished.
std::pair<Interval, Climb> answer_to(const Question& question, double rtol, const Precision& rungs,
                                     const std::function<void(const std::string&)>& progress) {
  Interval value;
  try {
    const Climb reached = climb(rungs, [&](Level level) {
      progress(question.name + (level.fast ? ": fast tier" : fmt::format(": {} bits", level.bits)));
      value = question.value(level);
      return value.relative_width() <= rtol;
    });
    return {value, reached};
  } catch (const Stopped& stopped) {
    return {Interval::whole_line(kBitsOfDouble), {Level::fast_tier(), stopped.what()}};
  }
}

/// @param stopped  names of what is wide for want of time.
void add_width_notes(Evaluation& evaluation, double rtol, const std::vector<std::string>& stopped,
                     const FieldText& advice) {
  const std::string rung = evaluation.fast ? "in the fast tier" : fmt::format("at {} bits", evaluation.bits);
  for (const auto& [name, value] : evaluation.quantities) {
    const double width = value.relative_width();
    if (width <= rtol || std::find(stopped.begin(), stopped.end(), name) != stopped.end()) continue;
    const std::string reached =
        std::isfinite(width) ? fmt::format("relative width {:.1e}", width) : "not separated from 0";
    evaluation.notes.emplace_back(fmt::format("{}: {} {}, asked {:.1e}: ", name, reached, rung, rtol), advice);
  }
}

}  // namespace

Evaluation evaluate(const Setting& setting, double rtol, const Precision& precision,
                    const std::function<void(const std::string&)>& progress) {
  const auto& degeneracy = setting.degeneracy();
  Precision rungs = precision;
  if (precision.tier == Tier::deep) setting.require_stored();
  if (!setting.is_stored()) rungs.tier = Tier::fast;
  Evaluation evaluation;
  evaluation.reached = evaluation.fast = true;
  evaluation.bits = kBitsOfDouble;
  // Each number climbs alone, so that one that needs many bits does not hold back the others.
  const std::vector<Question> questions = questions_about(setting, rtol);
  TimeShares time(questions.size());
  std::vector<std::string> stopped;
  for (const Question& question : questions) {
    const TimeLimit share = time.next();
    const auto [value, reached] = answer_to(question, rtol, rungs, progress);
    evaluation.reached = evaluation.reached && value.relative_width() <= rtol;
    evaluation.fast = evaluation.fast && reached.last.fast;
    if (!reached.last.fast) evaluation.bits = std::max(evaluation.bits, reached.last.bits);
    if (reached.stopped) {
      stopped.push_back(question.name);
      evaluation.notes.emplace_back(fmt::format("{}: known no better, because {}", question.name, *reached.stopped));
    }
    evaluation.quantities.emplace_back(question.name, value);
  }
  if (degeneracy) evaluation.notes.emplace_back(describe(*degeneracy));
  if (!evaluation.reached)
    add_width_notes(evaluation, rtol, stopped,
                    !setting.is_stored()       ? FieldText("networks of this width have the fast tier only")
                    : rungs.tier == Tier::fast ? FieldText("allow the deep tier (", field::tier, " auto)")
                                               : FieldText("raise ", field::bits, " or ", field::rtol));
  return evaluation;
}

}  // namespace assay
