#include "theorems/time_horizon/time_horizon.hpp"

#include <cmath>

#include "descent/proof_on_setting.hpp"

namespace assay {

namespace {

using Terms = FourTerms<Interval>;
using StepValue = std::function<Interval(const DescentRun& run, std::size_t tau)>;

/// So many first steps are certainly above epsilon: the run ends at none of them.
std::size_t certainly_above(const DescentRun& run, const Interval& epsilon) {
  std::size_t above = 0;
  while (above < run.steps.size() && certainly_less(epsilon, run.steps[above].squared_residual)) ++above;
  return above;
}

/// Largest of value(tau) over the run, which takes its first `certain` steps in any case and all of its terms at most:
/// where one rung of the ladder sees the loss at most epsilon later than another does, both enclose the same number.
Known largest(const DescentRun& run, std::size_t certain, const StepValue& value) {
  if (!run.reason.empty()) return {};
  if (run.terms.empty()) return Known::undefined("no step was run: $\\lVert F-Y\\rVert_F^2\\le\\epsilon$ at the start");
  Interval attained = value(run, 0), most = attained;
  for (std::size_t tau = 1; tau < run.terms.size(); ++tau) {
    most = max(most, value(run, tau));
    if (tau < certain) attained = most;
  }
  if (certain == 0) return {};  // whether there was a step is not known
  return hull(attained.lower(), most.upper());
}

Known largest(const Setting& setting, Level level, const StepValue& value) {
  const DescentRun& run = gradient_descent(setting, level);
  return largest(run, certainly_above(run, setting.hyper().epsilon.at(level.bits)), value);
}

Interval contraction(const DescentRun& run, std::size_t tau) {
  return run.steps[tau + 1].squared_residual / run.steps[tau].squared_residual;
}

/// Largest of shape(term / (m eta lambda |e|^2)); no run is needed where lambda may be 0.
Known largest_ratio_of(const Setting& setting, Level level, Term term, Interval (*shape)(const Interval&)) {
  const Interval scale = rate(setting, level);
  if (!certainly_positive(scale)) return {};
  return largest(setting, level, [&](const DescentRun& run, std::size_t tau) {
    return shape(run.terms[tau].*term / (scale * run.terms[tau].squared_residual));
  });
}

/// sqrt(nd).
Interval root_of_outputs(const Setting& setting, Level level) {
  return sqrt(Interval::from_integer(setting.instance().n() * setting.instance().d(), level.bits));
}

}  // namespace

Interval rate(const Setting& setting, Level level) {
  return setting.lambda_min(level) * setting.instance().m() * Interval(step_of(setting), 53);
}

Known allowed_contraction(const Setting& setting, Level level) {
  const Interval factor = 1 - rate(setting, level) / 2;
  if (certainly_negative(factor))
    return Known::undefined("$1-m\\eta\\lambda/2<0$: the step is too large for the contraction to be one");
  return factor;
}

Known largest_contraction(const Setting& setting, Level level) {
  return largest(setting, level, contraction);
}

Known first_contraction(const Setting& setting, Level level) {
  return largest(first_step_of_descent(setting, level), 1, contraction);
}

Known largest_share_of_envelope(const Setting& setting, Level level) {
  const Known base = allowed_contraction(setting, level);
  if (!base.is_defined()) return base;
  if (base.range().is_point() && base.range().contains_zero())
    return Known::undefined("$1-m\\eta\\lambda/2=0$: the envelope is 0 from the first step on");
  return largest(setting, level, [&](const DescentRun& run, std::size_t tau) {
    return run.steps[tau + 1].squared_residual /
           (power(base.range(), static_cast<long>(tau) + 1) * run.steps[0].squared_residual);
  });
}

Known largest_linear_share(const Setting& setting, Level level) {
  return largest(setting, level, [](const DescentRun& run, std::size_t tau) {
    const Terms& terms = run.terms[tau];
    return (sqrt(terms.squared_linear) + sqrt(terms.squared_remainder)) / sqrt(terms.squared_residual);
  });
}

Known largest_ratio(const Setting& setting, Level level, Term term) {
  return largest_ratio_of(setting, level, term, [](const Interval& ratio) { return ratio; });
}

Known largest_magnitude_ratio(const Setting& setting, Level level, Term term) {
  return largest_ratio_of(setting, level, term, abs);
}

Known first_term(const Setting& setting, Level level, Term term) {
  return largest(first_step_of_descent(setting, level), 1, [term](const DescentRun& run, std::size_t tau) {
    return run.terms[tau].*term / run.terms[tau].squared_residual;
  });
}

Known largest_move(const Setting& setting, Level level) {
  return largest(setting, level,
                 [](const DescentRun& run, std::size_t tau) { return run.steps[tau + 1].largest_move; });
}

Known allowed_move(const Setting& setting, Level level) {
  const Constants& constants = setting.constants();
  const Interval lambda = setting.lambda_min(level);
  if (lambda.is_point() && lambda.contains_zero()) return Known::undefined("$\\lambda=0$");
  return constants.at("e4.D_multiplier", level.bits) *
         exp(constants.at("e4.D_exponent", level.bits) * setting.closed_forms(level).logit_bound()) *
         root_of_outputs(setting, level) * setting.residual_norm(level) / (lambda * setting.instance().m());
}

Known allowed_move_at_paper_width(const Setting& setting, Level level) {
  const Known own = allowed_move(setting, level);
  if (!own.is_defined()) return own;
  return own.range() * setting.instance().m() / setting.closed_forms(level, true).width();
}

Interval trivial_move(const Setting& setting, Level level) {
  const Known residual = largest(
      setting, level, [](const DescentRun& run, std::size_t tau) { return sqrt(run.steps[tau].squared_residual); });
  return residual.range() * Interval(step_of(setting), 53) * root_of_outputs(setting, level) *
         (2 * setting.instance().m() * setting.hyper().steps);
}

Known observed_steps(const Setting& setting, Level level) {
  // Where the fast tier's run is whole, no precision tells more.
  const bool fast = gradient_descent(setting, Level::fast_tier()).reason.empty();
  const DescentRun& run = gradient_descent(setting, fast ? Level::fast_tier() : level);
  const std::size_t above = certainly_above(run, setting.hyper().epsilon.at(level.bits));
  const AtLeast first(Interval::from_integer(static_cast<long>(above), level.bits));
  if (!run.reached) return first;
  return Known::between(first, AtMost(Interval::from_integer(static_cast<long>(run.steps.size()) - 1, level.bits)));
}

AtMost certified_steps(const Setting& setting, Level level) {
  const ConvergenceProof& proof = convergence(setting, Method::two_phase);
  if (proof.certified() && proof.certificate.eta == step_of(setting))
    return certified_horizon(proof, setting.hyper().epsilon.at(level.bits));
  return AtMost(observed_steps(setting, level).range());
}

Interval log_of_loss_ratio(const Setting& setting, Level level) {
  return log(sqr(setting.residual_norm(level)) / setting.hyper().epsilon.at(level.bits));
}

Interval log_of_paper_contraction(const Setting& setting, Level level) {
  const ClosedForms forms = setting.closed_forms(level, true);
  const Interval rate = forms.width() * forms.step_size() * setting.lambda_min(level);
  return forms.time_horizon() * -log1p(-(rate / 2));
}

Known least_horizon_multiplier(const Setting& setting, Level level) {
  const Interval wanted = log_of_loss_ratio(setting, level), zero = Interval::from_integer(0, level.bits);
  if (certainly_less_equal(wanted, zero)) return zero;
  const Interval made = log_of_paper_contraction(setting, level);
  if (made.is_point() && made.contains_zero())
    return Known::undefined("$\\hat T=0$ for every $c_T$, since $\\epsilon\\ge nd$");
  return setting.constants().at("e4.multiplier", level.bits) * wanted / made;
}

namespace {

/// y = start * factor^(tau - first) over tau = first, ..., last.
Series geometric(std::string label, double start, double factor, std::size_t first, std::size_t last) {
  Series series{.label = std::move(label)};
  for (std::size_t tau = first; tau <= last; ++tau) {
    series.x.push_back(static_cast<double>(tau));
    series.y.push_back(start * std::pow(factor, static_cast<double>(tau - first)));
  }
  return series;
}

}  // namespace

Chart loss_chart(const Setting& setting, Level level) {
  const DescentRun& run = gradient_descent(setting, level);
  Chart chart{.name = "loss",
              .title = "Loss of gradient descent, enclosed, under the envelope of Theorem 4.2",
              .x_axis = "step",
              .y_axis = "squared residual $\\lVert F-Y\\rVert_F^2$",
              .log_y = true,
              .series = {}};
  if (run.steps.empty()) return chart;
  const std::size_t last = run.steps.size() - 1;
  const double start = run.steps[0].squared_residual.approx_double();
  const double allowed = allowed_contraction(setting, level).range().approx_double();
  chart.series.push_back(geometric("as Theorem 4.2 allows: $(1-m\\eta\\lambda/2)^\\tau$", start, allowed, 0, last));
  chart.series.push_back(
      geometric("with a constant kernel: $(1-m\\eta\\lambda)^{2\\tau}$", start, std::pow(2 * allowed - 1, 2), 0, last));
  const ConvergenceProof& proof = convergence(setting, Method::two_phase);
  const auto followed = static_cast<std::size_t>(proof.followed);
  if (proof.certified() && proof.certificate.eta == step_of(setting) && followed <= last)
    chart.series.push_back(geometric("bound for all time: $\\theta^{2\\tau}$",
                                     std::pow(proof.certificate.e0.bound().upper_double(), 2),
                                     std::pow(proof.certificate.theta.bound().upper_double(), 2), followed, last));
  chart.series.push_back(geometric("target $\\epsilon$", setting.hyper().epsilon.at(64).approx_double(), 1, 0, last));
  Series loss{.label = "loss, enclosed", .style = Series::Style::band};
  for (std::size_t tau = 0; tau <= last; ++tau) {
    loss.x.push_back(static_cast<double>(tau));
    loss.y.push_back(run.steps[tau].squared_residual.lower_double());
    loss.high.push_back(run.steps[tau].squared_residual.upper_double());
  }
  chart.series.push_back(loss);
  return chart;
}

}  // namespace assay
