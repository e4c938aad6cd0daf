#include "theory/theorem.hpp"

#include <fmt/format.h>

#include "setting/hypotheses.hpp"
#include "theorems/time_horizon/time_horizon.hpp"

namespace assay {
namespace {

Interval integer(long x, Level level) {
  return Interval::from_integer(x, level.bits);
}

using Terms = FourTerms<Interval>;

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
      const Known allowed = allowed_contraction(setting, level);
      return Sides{largest_linear_share(setting, level), allowed.is_defined() ? Known(sqrt(allowed.range())) : allowed};
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
    .trivial_bound = [](const Setting&, Level level) { return integer(1, level); },
    .paper = "Theorem 4.2, induction (ii)"};

const Statement loss_below_envelope{
    .id = "loss_below_envelope",
    .text = "at every step run, $\\lVert F(\\tau)-Y\\rVert_F^2\\le(1-m\\eta\\lambda/2)^\\tau\\lVert F(0)-Y\\rVert_F^2$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{largest_share_of_envelope(setting, level), integer(1, level), {}};
        },
    .paper = "Theorem 4.2, induction, all steps"};

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
    .trivial_bound = trivial_move,
    .paper = "Theorem 4.2, induction (i)"};

const Statement faster_than_lambda_max{
    .id = "twice_as_fast_as_lambda_max_allows",
    .text = "$\\lVert F(1)-Y\\rVert_F^2\\le(1-4m\\eta\\lambda_{\\max}(H))\\lVert F(0)-Y\\rVert_F^2$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      const Interval fastest = setting.lambda_max(level) * setting.instance().m() * Interval(step_of(setting), 53) * 4;
      return Sides{first_contraction(setting, level), 1 - fastest, {}};
    }};

const Statement loss_does_not_fall{.id = "loss_does_not_fall",
                                   .text = "$\\lVert F(1)-Y\\rVert_F\\ge\\lVert F(0)-Y\\rVert_F$",
                                   .relation = Relation::greater_equal,
                                   .sides = [](const Setting& setting, Level level) {
                                     return Sides{first_contraction(setting, level), integer(1, level), {}};
                                   }};

const Statement first_order_raises_the_loss{
    .id = "first_order_raises_the_loss",
    .text = "$C_1\\ge0$ at the first step: the sign of the gradient",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{first_term(setting, level, &Terms::clean_c1), integer(0, level), {}};
    }};

/// A step of the proof, held against its claimed bound on the steps run.
Statement bound_of_term(const std::string& name, Term term) {
  return {.id = name + "_bound",
          .text = "$|" + name + "|\\le0.1\\,m\\eta\\lambda\\lVert e\\rVert^2$ at every step run",
          .relation = Relation::less_equal,
          .sides =
              [term](const Setting& setting, Level level) {
                return Sides{largest_magnitude_ratio(setting, level, term),
                             setting.constants().at("e4.C_other", level.bits),
                             {}};
              },
          .paper = "Theorem 4.2, induction, $" + name + "$",
          .if_fails = "Proof step: $|" + name +
                      "|\\le0.1\\,m\\eta\\lambda\\lVert e\\rVert^2$ is certainly false at some step run (at this width "
                      "and step size, which are not the statement's; how far off is in the quantities)."};
}

const Statement bound_of_c1{
    .id = "C_1_bound",
    .text = "$C_1\\le-1.6\\,m\\eta\\lambda\\lVert e\\rVert^2$ at every step run",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{largest_ratio(setting, level, &Terms::c1), -setting.constants().at("e4.C1", level.bits), {}};
        },
    .paper = "Theorem 4.2, induction, $C_1$",
    .if_holds =
        "Proof step: $C_1\\le-1.6\\,m\\eta\\lambda\\lVert e\\rVert^2$ holds at every step run: the kernel stays so "
        "near to $H(W(0))$ that $e^\\top He\\ge0.8\\lambda\\lVert e\\rVert^2$, more than the $\\lambda/2$ that the "
        "proof keeps.",
    .if_fails = "Proof step: $C_1\\le-1.6\\,m\\eta\\lambda\\lVert e\\rVert^2$ is certainly false at some step run."};

const Statement horizon_follows{
    .id = "horizon_follows",
    .text =
        "$(1-m\\eta\\lambda/2)^{\\hat T}\\lVert F(0)-Y\\rVert_F^2\\le\\epsilon$ at the statement's $m$ and $\\eta$: "
        "$\\hat T$ steps of the contraction (ii) are enough (logarithms of both sides)",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{log_of_loss_ratio(setting, level), log_of_paper_contraction(setting, level)};
        },
    .paper = "Theorem 4.2, horizon",
    .brief = "$\\hat T$ steps of the contraction (ii) bring the loss below $\\epsilon$",
    .question = "Does the horizon suffice?",
    .if_holds =
        "At the statement's own $m$ and $\\eta$, $\\hat T$ steps of the contraction (ii) do bring the loss below "
        "$\\epsilon$.",
    .if_fails =
        "At the statement's own $m$ and $\\eta$, $\\hat T$ steps of the contraction (ii) certainly do not bring the "
        "loss below $\\epsilon$: $\\hat T$ needs a multiplier of at least `c_T_least` (`--set e4.multiplier=...`)."};

Quantity ratio_quantity(std::string name, std::string meaning, Known (*value)(const Setting&, Level, Term), Term term) {
  return {std::move(name), std::move(meaning),
          [value, term](const Setting& setting, Level level) { return value(setting, level, term); }, true};
}

/// The first rung on which the run did not end early: its steps are those that claims and quantities speak of.
Level rung_of_run(const Checked& checked) {
  return refine(checked.precision,
                [&](Level level) { return gradient_descent(checked.setting, level).reason.empty(); });
}

std::vector<Sentence> notes(const Checked& checked) {
  const Level rung = rung_of_run(checked);
  const DescentRun& run = gradient_descent(checked.setting, rung);
  std::vector<Sentence> notes{
      Sentence::plain("Gradient descent was run for " + std::to_string(run.terms.size()) +
                      " steps with $\\eta$ = " + Decimal::exactly(step_of(checked.setting)).text() +
                      (run.reached ? ", until the loss was at most $\\epsilon$."
                                   : "; that the loss is at most $\\epsilon$ was not seen."))};
  const Interval first = observed_steps(checked.setting, rung).range();
  if (run.reached && !first.is_point())
    notes.push_back(Sentence::plain(fmt::format(
        "The first step with a loss of at most $\\epsilon$ is between {:.0f} and {:.0f}; what is said of the run is of its "
        "steps before that one.",
        first.lower_double(), first.upper_double())));
  notes.push_back(Sentence::plain(
      "No network that can be run has the statement's width; instead of the width, what the width is needed for is "
      "decided on the run itself (`linear_part_dominates`). Where that fails the claims do not apply."));
  if (!run.reason.empty()) notes.push_back(Sentence::plain("The run ended early: " + run.reason + "."));
  const Claim& contraction = checked.claim("loss_contracts");
  append(notes, Sentence::if_decided(contraction, Verdict::holds, "The contraction (ii) holds at every step run."));
  append(notes,
         Sentence::if_decided(contraction, Verdict::fails,
                              "The contraction (ii) certainly fails at some step run, at this width and step size."));
  return notes;
}

const Statement movement_within_region{
    .id = "movement_within_region",
    .text =
        "at the statement's $m$, $D<R_\\star=\\lambda/(2nd\\,e^{10B})$: the ball of (i) lies in the region that keeps "
        "half of $\\lambda$",
    .relation = Relation::less,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{allowed_move_at_paper_width(setting, level), setting.closed_forms(level, true).convex_radius()};
        },
    .paper = "Theorem 4.2, induction (i), region"};

const Statement movement_within_region_at_own_width{
    .id = "movement_within_region_at_own_width",
    .text = "$D<R_\\star$ at this network's own width",
    .relation = Relation::less,
    .sides = [](const Setting& setting, Level level) {
      return Sides{allowed_move(setting, level), setting.closed_forms(level, true).convex_radius()};
    }};

const Theorem time_horizon{
    .title = "Gradient descent contracts the loss at every step",
    .source = {"2405.03251", "Theorem 4.2 and its induction", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball(), lambda_positive, logits_at_most_b(), linear_part_dominates},
    .claims = {loss_contracts, loss_below_envelope, weights_stay, movement_within_region, horizon_follows,
               bound_of_term("C_0", &Terms::c0), bound_of_c1, bound_of_term("C_2", &Terms::c2),
               bound_of_term("C_3", &Terms::c3)},
    .falsehoods = {faster_than_lambda_max, loss_does_not_fall, first_order_raises_the_loss,
                   movement_within_region_at_own_width},
    .quantities =
        {{"T_paper", "$\\hat T=c_T(m\\eta\\lambda)^{-1}\\log(nd/\\epsilon)$ at the statement's $m$ and $\\eta$",
          [](const Setting& setting, Level level) { return setting.closed_forms(level, true).time_horizon(); }},
         {"T_cert",
          "first step with $\\lVert F-Y\\rVert_F^2\\le\\epsilon$, from above: by what holds for all time, or by the "
          "run",
          certified_steps},
         {"T_observed", "first step with $\\lVert F-Y\\rVert_F^2\\le\\epsilon$", observed_steps, true},
         {"eta", "step of the run",
          [](const Setting& setting, Level level) {
            return Interval(step_of(setting), std::max<Bits>(level.bits, 53));
          }},
         {"eta_paper", "$\\eta$ of the statement",
          [](const Setting& setting, Level level) { return setting.closed_forms(level, true).step_size(); }},
         {"c_T_least", "the least multiplier $c_T$ for which $\\hat T$ follows from the contraction (ii)",
          least_horizon_multiplier},
         {"allowed_contraction", "$1-m\\eta\\lambda/2$", allowed_contraction},
         {"largest_contraction", "largest $\\lVert F(\\tau{+}1)-Y\\rVert_F^2/\\lVert F(\\tau)-Y\\rVert_F^2$",
          largest_contraction, true},
         {"largest_move", "$\\max_{\\tau,r}\\lVert w_r(\\tau)-w_r(0)\\rVert_2$", largest_move, true},
         {"allowed_move", "$D$", allowed_move},
         ratio_quantity("C0_ratio", "largest $|C_0|/(m\\eta\\lambda\\lVert e\\rVert^2)$; claimed $\\le0.1$",
                        largest_magnitude_ratio, &Terms::c0),
         ratio_quantity("C1_ratio", "largest $C_1/(m\\eta\\lambda\\lVert e\\rVert^2)$; claimed $\\le-1.6$",
                        largest_ratio, &Terms::c1),
         ratio_quantity("C2_ratio", "largest $|C_2|/(m\\eta\\lambda\\lVert e\\rVert^2)$; claimed $\\le0.1$",
                        largest_magnitude_ratio, &Terms::c2),
         ratio_quantity("C3_ratio", "largest $C_3/(m\\eta\\lambda\\lVert e\\rVert^2)$; claimed $\\le0.1$",
                        largest_ratio, &Terms::c3),
         ratio_quantity("clean_C1_ratio", "the same for $C_1$ of the clean split, $-2\\eta m\\,e^\\top He$",
                        largest_ratio, &Terms::clean_c1),
         ratio_quantity("clean_C2_ratio", "the same for $|C_2|$ of the clean split", largest_magnitude_ratio,
                        &Terms::clean_c2)},
    .notes = notes,
    .charts = [](const Checked& checked) { return std::vector{loss_chart(checked.setting, rung_of_run(checked))}; },
    .proved =
        "At every step that was run the loss fell at least as fast as the statement says, and no weight moved farther "
        "than it allows.",
    .constants = {"e0.C", "e0.floor", "e2.divisor", "e2.exponent", "e3.multiplier", "e3.exponent", "e3.eta_multiplier",
                  "e3.eta_exponent", "e4.multiplier", "e4.D_multiplier", "e4.D_exponent", "e4.C1", "e4.C_other"}};

const Registered registered{time_horizon};

}  // namespace
}  // namespace assay
