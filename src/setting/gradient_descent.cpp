#include "setting/gradient_descent.hpp"

#include <cmath>

#include "network/input_error.hpp"

namespace assay {

namespace {

struct Step {
  double eta = 0;
};

/// Samples times neurons times steps that the deep tier takes on.
constexpr double kMostDeepWork = 4e6;

double approx_stable_step(const Setting& setting) {
  const auto m = static_cast<double>(setting.instance().m());
  for (const Level level : {Level::fast_tier(), Level(128)}) {
    const double largest = setting.lambda_max(level).approx_double();
    if (std::isfinite(largest) && largest > 0) return 1 / (m * largest);
  }
  throw InputError("--eta: no step was given, and none could be chosen: the largest eigenvalue of H is not known");
}

RunOptions options_of(const Setting& setting, Level level) {
  RunOptions options;
  options.eta = step_of(setting);
  options.steps = setting.hyper().steps;
  options.epsilon = setting.hyper().epsilon.at(level);
  options.threads = setting.threads();
  options.progress = [&setting](double fraction) { setting.progress(fraction); };
  if (!setting.counterexamples().empty()) options.checkpoint = setting.counterexamples() + "_descent.part";
  return options;
}

DescentRun run_of(const Setting& setting, Level level) {
  const RunOptions options = options_of(setting, level);
  const Instance& instance = setting.instance();
  if (level.fast) return fast_descent(instance.x, instance.y, *setting.neurons(), options);
  setting.require_stored();
  const double work = static_cast<double>(instance.n() * instance.m()) * static_cast<double>(options.steps);
  if (work <= kMostDeepWork) return deep_descent(instance, options, level);
  DescentRun none;
  none.eta = options.eta;
  none.reason = "the network and the number of steps are too large for the deep tier";
  return none;
}

}  // namespace

double step_of(const Setting& setting) {
  const Step& step = setting.once<Step>(Level::fast_tier(), [&] {
    const auto& given = setting.hyper().eta;
    return Step{given ? given->at(128).approx_double() : approx_stable_step(setting)};
  });
  return step.eta;
}

const DescentRun& gradient_descent(const Setting& setting, Level level) {
  return setting.once<DescentRun>(level, [&] { return run_of(setting, level); });
}

Interval rate(const Setting& setting, Level level) {
  return setting.lambda_min(level) * setting.instance().m() * Interval(step_of(setting), 53);
}

namespace {

Interval over_steps(const Setting& setting, Level level, const StepValue& value,
                    Interval (*extreme)(const Interval&, const Interval&)) {
  const DescentRun& run = gradient_descent(setting, level);
  if (!run.reason.empty()) return Interval::whole_line(level.bits);
  Interval result = Interval::from_integer(0, level.bits);
  for (std::size_t tau = 0; tau < run.terms.size(); ++tau)
    result = tau == 0 ? value(run, tau) : extreme(result, value(run, tau));
  return result;
}

}  // namespace

Interval largest_over_steps(const Setting& setting, Level level, const StepValue& value) {
  return over_steps(setting, level, value, max);
}

Interval smallest_over_steps(const Setting& setting, Level level, const StepValue& value) {
  return over_steps(setting, level, value, min);
}

Interval first_step_below_epsilon(const Setting& setting, Level level) {
  const DescentRun& run = gradient_descent(setting, level);
  const Interval epsilon = setting.hyper().epsilon.at(level);
  std::size_t above = 0;  // so many first steps are certainly above
  while (above < run.steps.size() && certainly_less(epsilon, run.steps[above].squared_residual)) ++above;
  const Interval first = Interval::from_integer(static_cast<long>(above), level.bits);
  if (!run.reached) return hull(first, Interval::whole_line(level.bits).upper());
  return hull(first, Interval::from_integer(static_cast<long>(run.steps.size()) - 1, level.bits));
}

}  // namespace assay
