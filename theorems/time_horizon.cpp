#include "setting/gradient_descent.hpp"
#include "setting/hypotheses.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

Interval integer(long x, Level level) {
  return Interval::from_integer(x, level.bits);
}

/// 1 - m eta lambda / 2.
Interval allowed_contraction(const Setting& setting, Level level) {
  return 1 - rate(setting, level) / 2;
}

Interval contraction(const DescentRun& run, std::size_t tau) {
  return run.steps[tau + 1].squared_residual / run.steps[tau].squared_residual;
}

Interval largest_contraction(const Setting& setting, Level level) {
  return largest_over_steps(setting, level, contraction);
}

/// One of the terms, over m eta lambda |e|^2.
using Term = Interval FourTerms<Interval>::*;
StepValue ratio_of(const Setting& setting, Level level, Term term) {
  return [term, scale = rate(setting, level)](const DescentRun& run, std::size_t tau) {
    return run.terms[tau].*term / (scale * run.terms[tau].squared_residual);
  };
}

Interval largest_ratio(const Setting& setting, Level level, Term term) {
  return largest_over_steps(setting, level, ratio_of(setting, level, term));
}

/// The same for the magnitude of the term.
Interval largest_magnitude_ratio(const Setting& setting, Level level, Term term) {
  const StepValue ratio = ratio_of(setting, level, term);
  return largest_over_steps(setting, level,
                            [&](const DescentRun& run, std::size_t tau) { return abs(ratio(run, tau)); });
}

Interval largest_move(const Setting& setting, Level level) {
  return largest_over_steps(setting, level,
                            [](const DescentRun& run, std::size_t tau) { return run.steps[tau + 1].largest_move; });
}

/// D of E4 (i), with the instance's own width and |F(0) - Y|.
Interval allowed_move(const Setting& setting, Level level) {
  const Instance& instance = setting.instance();
  const ClosedForms forms = setting.closed_forms(level);
  return setting.constants().at("e4.D_multiplier", level) *
         exp(setting.constants().at("e4.D_exponent", level) * forms.logit_bound()) *
         sqrt(integer(instance.n() * instance.d(), level)) * setting.residual_norm(level) /
         (setting.lambda_min(level) * instance.m());
}

/// |grad_r| <= sum |e| |a - p| q |x| <= 2 m sqrt(nd) |e| at every W, in every step.
Interval trivial_move(const Setting& setting, Level level) {
  const Instance& instance = setting.instance();
  const Interval residual = largest_over_steps(
      setting, level, [](const DescentRun& run, std::size_t tau) { return sqrt(run.steps[tau].squared_residual); });
  return residual * Interval(step_of(setting), 53) * sqrt(integer(instance.n() * instance.d(), level)) *
         (2 * instance.m() * setting.hyper().steps);
}

/// |F(tau) - Y|^2 over (1 - m eta lambda / 2)^tau |F(0) - Y|^2.
Interval largest_share_of_envelope(const Setting& setting, Level level) {
  const Interval base = allowed_contraction(setting, level);
  return largest_over_steps(setting, level, [&](const DescentRun& run, std::size_t tau) {
    return run.steps[tau + 1].squared_residual /
           (power(base, static_cast<long>(tau) + 1) * run.steps[0].squared_residual);
  });
}

/// Ends of the ladder that no precision closes are of no use to a quantity: the fast tier's run, if it is whole.
Level level_of_run(const Setting& setting, Level level) {
  return gradient_descent(setting, Level::fast_tier()).reason.empty() ? Level::fast_tier() : level;
}

Interval observed_steps(const Setting& setting, Level level) {
  return first_step_below_epsilon(setting, level_of_run(setting, level));
}

Interval log_of_loss_ratio(const Setting& setting, Level level) {
  return log(sqr(setting.residual_norm(level)) / setting.hyper().epsilon.at(level));
}

/// -log(1 - m eta lambda / 2) per step, with the statement's own width and step.
Interval paper_log_contraction(const Setting& setting, Level level) {
  const ClosedForms forms = setting.closed_forms(level, true);
  return -log1p(-(forms.width() * forms.step_size() * setting.lambda_min(level) / 2));
}

Interval least_multiplier(const Setting& setting, Level level) {
  return setting.constants().at("e4.multiplier", level) * log_of_loss_ratio(setting, level) /
         (paper_log_contraction(setting, level) * setting.closed_forms(level, true).time_horizon());
}

const Statement lambda_positive{.id = "lambda_positive",
                                .text = "$\\lambda=\\lambda_{\\min}(H(W(0)))>0$",
                                .relation = Relation::greater,
                                .sides = [](const Setting& setting, Level level) {
                                  return Sides{setting.lambda_min(level), integer(0, level), {}};
                                }};

const Statement linear_part_dominates{
    .id = "linear_part_dominates",
    .text =
        "at every step run, $\\lVert(I-\\eta mH)e\\rVert+\\lVert F(\\tau{+}1)-F(\\tau)+\\eta mHe\\rVert\\le"
        "\\sqrt{1-m\\eta\\lambda/2}\\;\\lVert e\\rVert$: what the width is needed for",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      const auto share = [](const DescentRun& run, std::size_t tau) {
        const FourTerms<Interval>& terms = run.terms[tau];
        return (sqrt(terms.squared_linear) + sqrt(terms.squared_remainder)) / sqrt(terms.squared_residual);
      };
      return Sides{largest_over_steps(setting, level, share), sqrt(allowed_contraction(setting, level)), {}};
    }};

const Statement loss_contracts{
    .id = "loss_contracts",
    .text =
        "at every step run, $\\lVert F(\\tau{+}1)-Y\\rVert_F^2\\le(1-m\\eta\\lambda/2)\\lVert F(\\tau)-Y\\rVert_F^2$ "
        "(ii)",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{largest_contraction(setting, level), allowed_contraction(setting, level), {}};
        },
    .trivial_bound = [](const Setting&, Bits bits) { return Interval::from_integer(1, bits); }};

const Statement loss_below_envelope{
    .id = "loss_below_envelope",
    .text = "at every step run, $\\lVert F(\\tau)-Y\\rVert_F^2\\le(1-m\\eta\\lambda/2)^\\tau\\lVert F(0)-Y\\rVert_F^2$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{largest_share_of_envelope(setting, level), integer(1, level), {}};
    }};

const Statement weights_stay{
    .id = "weights_stay",
    .text =
        "at every step run, $\\lVert w_r(\\tau)-w_r(0)\\rVert_2\\le D=8e^{2B}\\sqrt{nd}\\,\\lVert F(0)-Y\\rVert_F/"
        "(m\\lambda)$ for all $r$ (i)",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{largest_move(setting, level), allowed_move(setting, level), {}};
        },
    .trivial_bound = trivial_move};

const Statement faster_than_lambda_max{
    .id = "twice_as_fast_as_lambda_max_allows",
    .text = "$\\lVert F(\\tau{+}1)-Y\\rVert_F^2\\le(1-4m\\eta\\lambda_{\\max}(H))\\lVert F(\\tau)-Y\\rVert_F^2$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      const Interval fastest = setting.lambda_max(level) * setting.instance().m() * Interval(step_of(setting), 53) * 4;
      return Sides{largest_contraction(setting, level), 1 - fastest, {}};
    }};

const Statement loss_never_falls{
    .id = "loss_never_falls",
    .text = "$\\lVert F(\\tau{+}1)-Y\\rVert_F\\ge\\lVert F(\\tau)-Y\\rVert_F$",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{smallest_over_steps(setting, level, contraction), integer(1, level), {}};
    }};

const Statement first_order_raises_the_loss{
    .id = "first_order_raises_the_loss",
    .text = "$C_1\\ge0$: the sign of the gradient",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      const StepValue ratio = ratio_of(setting, level, &FourTerms<Interval>::clean_c1);
      return Sides{smallest_over_steps(setting, level, ratio), integer(0, level), {}};
    }};

/// A step of the proof, held against its claimed bound on the steps run.
Remark about_term(std::string name, Term term) {
  return {{.id = name + "_bound",
           .text = "$|" + name + "|\\le0.1\\,m\\eta\\lambda\\lVert e\\rVert^2$",
           .relation = Relation::less_equal,
           .sides =
               [term](const Setting& setting, Level level) {
                 return Sides{
                     largest_magnitude_ratio(setting, level, term), setting.constants().at("e4.C_other", level), {}};
               }},
          "Proof step: $|" + name + "|\\le0.1\\,m\\eta\\lambda\\lVert e\\rVert^2$ holds at every step run.",
          "Proof step: $|" + name +
              "|\\le0.1\\,m\\eta\\lambda\\lVert e\\rVert^2$ is certainly false at some step run (at this width and "
              "step size, which are not the statement's; how far off is in the quantities)."};
}

const Remark about_c1{
    {.id = "C_1_bound",
     .text = "$C_1\\le-1.6\\,m\\eta\\lambda\\lVert e\\rVert^2$",
     .relation = Relation::less_equal,
     .sides =
         [](const Setting& setting, Level level) {
           return Sides{
               largest_ratio(setting, level, &FourTerms<Interval>::c1), -setting.constants().at("e4.C1", level), {}};
         }},
    "Proof step: $C_1\\le-1.6\\,m\\eta\\lambda\\lVert e\\rVert^2$ holds at every step run: the kernel stays so near to "
    "$H(W(0))$ that $e^\\top He\\ge0.8\\lambda\\lVert e\\rVert^2$, more than the $\\lambda/2$ that the proof keeps.",
    "Proof step: $C_1\\le-1.6\\,m\\eta\\lambda\\lVert e\\rVert^2$ is certainly false at some step run."};

const Remark about_contraction{loss_contracts, "The contraction (ii) holds at every step run.",
                               "The contraction (ii) certainly fails at some step run, at this width and step size."};

const Remark about_horizon{
    {.id = "horizon_follows",
     .text =
         "$(1-m\\eta\\lambda/2)^{\\hat T}\\lVert F(0)-Y\\rVert_F^2\\le\\epsilon$ at the statement's $m$ and $\\eta$",
     .relation = Relation::less_equal,
     .sides =
         [](const Setting& setting, Level level) {
           const Interval reached =
               paper_log_contraction(setting, level) * setting.closed_forms(level, true).time_horizon();
           return Sides{log_of_loss_ratio(setting, level), reached, {}};
         }},
    "At the statement's own $m$ and $\\eta$, $\\hat T$ steps of the contraction (ii) do bring the loss below "
    "$\\epsilon$.",
    "At the statement's own $m$ and $\\eta$, $\\hat T$ steps of the contraction (ii) certainly do not bring the loss "
    "below "
    "$\\epsilon$: $\\hat T$ needs a multiplier of at least `c_T_least` (`--set e4.multiplier=...`)."};

Quantity ratio_quantity(std::string name, std::string meaning, Interval (*value)(const Setting&, Level, Term),
                        Term term) {
  return {std::move(name), std::move(meaning),
          [value, term](const Setting& setting, Level level) { return value(setting, level, term); }, true};
}

std::vector<Chart> loss_curve(const Setting& setting) {
  const DescentRun& run = gradient_descent(setting, Level::fast_tier());
  const double contraction = allowed_contraction(setting, Level::fast_tier()).approx_double();
  const double target = setting.hyper().epsilon.at(64).approx_double();
  Series loss{.label = "certified loss", .style = Series::Style::band};
  Series envelope{.label = "(1 - m eta lambda / 2)^tau"}, kernel{.label = "(1 - m eta lambda)^(2 tau)"};
  Series epsilon{.label = "epsilon"};
  const double linear = 2 * contraction - 1;
  for (std::size_t tau = 0; tau < run.steps.size(); ++tau) {
    const auto x = static_cast<double>(tau);
    const double start = run.steps[0].squared_residual.approx_double();
    for (Series* series : {&loss, &envelope, &kernel, &epsilon}) series->x.push_back(x);
    loss.y.push_back(run.steps[tau].squared_residual.lower_double());
    loss.high.push_back(run.steps[tau].squared_residual.upper_double());
    envelope.y.push_back(start * std::pow(contraction, x));
    kernel.y.push_back(start * std::pow(linear, 2 * x));
    epsilon.y.push_back(target);
  }
  return {{.name = "loss",
           .title = "Loss of gradient descent, certified, under the envelope of E4",
           .x_axis = "step",
           .y_axis = "|F - Y|^2",
           .log_y = true,
           .series = {envelope, kernel, epsilon, loss}}};
}

std::vector<std::string> notes(const Setting& setting) {
  const DescentRun& run = gradient_descent(setting, Level::fast_tier());
  std::vector<std::string> notes{
      "Gradient descent was run for " + std::to_string(run.terms.size()) +
      " steps with $\\eta$ = " + Decimal::exactly(step_of(setting)).text() +
      (run.reached ? ", until the loss was certainly at most $\\epsilon$." : "; the loss is still above $\\epsilon$.")};
  notes.push_back(
      "No network that can be run has the statement's width; instead of the width, what the width is needed for is "
      "decided on the run itself (`linear_part_dominates`). Where that certainly fails the claims do not apply.");
  if (!run.reason.empty()) notes.push_back("The fast tier's run ended early: " + run.reason + ".");
  return notes;
}

const Theorem time_horizon{
    .title = "Gradient descent contracts the loss at every step",
    .source = {"2405.03251", "Theorem 4.2 and its induction (E4)", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball(), lambda_positive, logits_at_most_b(), linear_part_dominates},
    .claims = {loss_contracts, loss_below_envelope, weights_stay},
    .falsehoods = {faster_than_lambda_max, loss_never_falls, first_order_raises_the_loss},
    .quantities =
        {{"T_paper", "$\\hat T=c_T(m\\eta\\lambda)^{-1}\\log(nd/\\epsilon)$ at the statement's $m$ and $\\eta$",
          [](const Setting& setting, Level level) { return setting.closed_forms(level, true).time_horizon(); }},
         {"T_cert", "steps after which $\\lVert F-Y\\rVert_F^2\\le\\epsilon$ is certain, from the run", observed_steps,
          true},
         {"T_observed", "first step with $\\lVert F-Y\\rVert_F^2\\le\\epsilon$", observed_steps, true},
         {"eta", "step of the run",
          [](const Setting& setting, Level level) { return Interval(step_of(setting), std::max<Bits>(level, 53)); }},
         {"eta_paper", "$\\eta$ of the statement",
          [](const Setting& setting, Level level) { return setting.closed_forms(level, true).step_size(); }},
         {"c_T_least", "the least multiplier $c_T$ for which $\\hat T$ follows from the contraction (ii)",
          least_multiplier},
         {"allowed_contraction", "$1-m\\eta\\lambda/2$", allowed_contraction},
         {"largest_contraction", "largest $\\lVert F(\\tau{+}1)-Y\\rVert_F^2/\\lVert F(\\tau)-Y\\rVert_F^2$",
          largest_contraction, true},
         {"largest_move", "$\\max_{\\tau,r}\\lVert w_r(\\tau)-w_r(0)\\rVert_2$", largest_move, true},
         {"allowed_move", "$D$", allowed_move},
         ratio_quantity("C0_ratio", "largest $|C_0|/(m\\eta\\lambda\\lVert e\\rVert^2)$; claimed $\\le0.1$",
                        largest_magnitude_ratio, &FourTerms<Interval>::c0),
         ratio_quantity("C1_ratio", "largest $C_1/(m\\eta\\lambda\\lVert e\\rVert^2)$; claimed $\\le-1.6$",
                        largest_ratio, &FourTerms<Interval>::c1),
         ratio_quantity("C2_ratio", "largest $|C_2|/(m\\eta\\lambda\\lVert e\\rVert^2)$; claimed $\\le0.1$",
                        largest_magnitude_ratio, &FourTerms<Interval>::c2),
         ratio_quantity("C3_ratio", "largest $C_3/(m\\eta\\lambda\\lVert e\\rVert^2)$; claimed $\\le0.1$",
                        largest_ratio, &FourTerms<Interval>::c3),
         ratio_quantity("clean_C1_ratio", "the same for $C_1$ of the clean split, $-2\\eta m\\,e^\\top He$",
                        largest_ratio, &FourTerms<Interval>::clean_c1),
         ratio_quantity("clean_C2_ratio", "the same for $|C_2|$ of the clean split", largest_magnitude_ratio,
                        &FourTerms<Interval>::clean_c2)},
    .remarks = {about_contraction, about_horizon, about_term("C_0", &FourTerms<Interval>::c0), about_c1,
                about_term("C_2", &FourTerms<Interval>::c2), about_term("C_3", &FourTerms<Interval>::c3)},
    .notes = notes,
    .charts = loss_curve,
    .proved =
        "At every step that was run the loss fell at least as fast as the statement says, and no weight moved farther "
        "than it allows.",
    .constants = {"e0.C", "e0.floor", "e3.multiplier", "e3.exponent", "e3.eta_multiplier", "e3.eta_exponent",
                  "e4.multiplier", "e4.D_multiplier", "e4.D_exponent", "e4.C1", "e4.C_other"}};

const Registered registered{time_horizon};

}  // namespace
}  // namespace assay
