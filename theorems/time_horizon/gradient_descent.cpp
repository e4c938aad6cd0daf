#include "theorems/time_horizon/gradient_descent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/input_error.hpp"
#include "descent/proof_on_setting.hpp"

namespace assay {

namespace {

/// Samples times neurons times steps that the deep tier takes on.
constexpr double kMostDeepWork = 4e6;
constexpr Bits kLeastBits = 128;
/// All weights are kept in memory.
constexpr Index kLargestFollowed = Index{1} << 24;

double approx_stable_step(const Setting& setting) {
  const auto m = static_cast<double>(setting.instance().m());
  for (const Level level : {Level::fast_tier(), Level(128)}) {
    const double largest = setting.lambda_max(level).approx_double();
    if (std::isfinite(largest) && largest >= 0)  // any step fits H = 0
      return std::min(1 / (m * (largest > 0 ? largest : 1)), std::numeric_limits<double>::max());
  }
  throw InputError("--eta: no step was given, and none could be chosen: the largest eigenvalue of H is not known");
}

RunOptions options_of(const Setting& setting, Level level) {
  RunOptions options;
  options.eta = step_of(setting);
  options.steps = setting.hyper().steps;
  options.epsilon = setting.hyper().epsilon.at(level.bits);
  options.threads = setting.threads();
  options.progress = [&setting](double fraction) { setting.progress(fraction); };
  options.checkpoint = setting.descent_file();
  return options;
}

DescentRun run_of(const Setting& setting, Level level, const RunOptions& options) {
  const Instance& instance = setting.instance();
  DescentRun none;
  none.eta = options.eta;
  if (level.fast && instance.m() <= kLargestFollowed)
    return fast_descent(instance.x, instance.y, *setting.neurons(), options);
  if (level.fast) {
    none.reason = "a network of this width is not followed step by step";
    return none;
  }
  setting.require_stored();
  const double work = static_cast<double>(instance.n() * instance.m()) * static_cast<double>(options.steps);
  if (work <= kMostDeepWork) return deep_descent(instance, options, level.bits);
  none.reason = "the network and the number of steps are too large for the deep tier";
  return none;
}

double make_step(const Setting& setting) {
  if (const auto& given = setting.hyper().eta) return given->at(64).approx_double();
  const double of_certificate = descent_step(setting);
  return of_certificate > 0 ? of_certificate : approx_stable_step(setting);
}

DescentRun make_run(const Setting& setting, Level level) {
  return run_of(setting, level, options_of(setting, level));
}

DescentRun make_first_step(const Setting& setting, Level level) {
  RunOptions options = options_of(setting, level);
  options.steps = 1;
  options.epsilon = Interval(-1, 53);
  options.checkpoint.clear();
  return run_of(setting, level, options);
}

}  // namespace

double step_of(const Setting& setting) {
  return setting.once<&make_step>();
}

const DescentRun& gradient_descent(const Setting& setting, Level level) {
  // One deep run serves all the lower rungs.
  return setting.once<&make_run>(level.fast ? level : Level(std::max<Bits>(level.bits, kLeastBits)));
}

const DescentRun& first_step_of_descent(const Setting& setting, Level level) {
  return setting.once<&make_first_step>(level);
}

}  // namespace assay
