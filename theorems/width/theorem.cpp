#include <fmt/format.h>

#include "chance/binomial.hpp"
#include "setting/hypotheses.hpp"
#include "theorems/width/training_width.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

Interval paper_width(const Setting& setting, Level level) {
  return setting.closed_forms(level, true).width();
}

Interval paper_width_at_limit(const Setting& setting, Level level) {
  return limit_closed_forms(setting, level).width();
}

/// The least width from which on training is proved with probability 1 - delta is at most this.
AtMost sufficient(const Setting& setting, Level level) {
  const auto& found = least_sufficient_width(setting, level);
  return found ? AtMost(found->m) : AtMost::unknown();
}

/// The conditions of ConvergenceCertificate at width m, with the omega of M_0; nothing where there is no M_0 at this precision.
std::optional<SufficientWidth::Conditions> conditions(const Setting& setting, const Interval& m, Level level) {
  const auto& found = least_sufficient_width(setting, level);
  if (!found) return std::nullopt;
  const SufficientWidth::Conditions at = sufficient_width(setting, level).at(m, found->omega);
  return at.hold ? std::optional(at) : std::nullopt;
}

/// Up to this step the conditions at width m prove convergence, at least.
AtLeast largest_step(const Setting& setting, const Interval& m, Level level) {
  const auto at = conditions(setting, m, level);
  return at ? at->largest_step : AtLeast::unknown();
}

AtLeast step_at_sufficient(const Setting& setting, Level level) {
  return largest_step(setting, sufficient(setting, level).bound(), level);
}

/// |F - Y|_F^2 after T_hat steps of Theorem 4.2 at its own width and step: at most e0^2 (1 - 0.99 eta m mu)^{2 T_hat},
/// if the step is one of those that the proof allows; e0^2 if no step is asked for.
Known error_at_paper_horizon(const Setting& setting, Level level) {
  const RealMatrix& y = setting.instance().y;
  const Interval e0 = euclidean_norm(std::span(y.data(), static_cast<std::size_t>(y.size())), level.bits);
  const ClosedForms forms = limit_closed_forms(setting, level);
  const Interval horizon = forms.time_horizon();
  if (horizon.is_point() && horizon.contains_zero()) return sqr(e0);
  const auto at = conditions(setting, forms.width(), level);
  if (!at || !certainly_less_equal(forms.step_size(), at->largest_step.bound())) return AtMost::unknown();
  const AtLeast rate = forms.step_size() * forms.width() * Interval::ratio(99, 100, level.bits) * at->mu;
  const AtMost left = decreasing(rate, [&](const Interval& r) { return sqr(e0) * exp(-2 * r * horizon); });
  return Known(left).within(nonnegative_line(level.bits));
}

Interval failure_at_own_width(const Setting& setting, Level level) {
  const ClosedForms forms = limit_closed_forms(setting, level);
  return setting.event_failure(forms.logit_bound(), pairs_at_least(forms.width()), level.bits);
}

Interval failure_of_repaired_event(const Setting& setting, Level level) {
  const ClosedForms forms = limit_closed_forms(setting, level);
  const Interval pairs = pairs_at_least(forms.width());
  return setting.event_failure(forms.repaired_logit_bound(2 * pairs), pairs, level.bits);
}

/// Of the least width that certifies, what a search over powers of two says.
Known width_at_most(const std::optional<Index>& found, Bits bits) {
  const AtMost bound = found ? AtMost(Interval::from_integer(*found, bits)) : AtMost::unknown();
  return Known(bound).within(nonnegative_line(bits) + 2);
}

Known certified(const Setting& setting, Level level) {
  return width_at_most(certified_widths(setting).tube, level.bits);
}

Known certified_ball(const Setting& setting, Level level) {
  return width_at_most(certified_widths(setting).ball, level.bits);
}

/// The width at which plain gradient descent was seen to train, or more than all that were tried.
Known empirical(const Setting& setting, Level level) {
  if (const auto found = approx_empirical_width(setting)) return Interval::from_integer(*found, level.bits);
  return AtLeast(Interval::from_integer(2 * kWidestRun, level.bits));
}

struct CertificateFrequency {
  Frequency frequency;
  BinomialLimits limits;
};

/// At the width certified for the setting's own seed; no trials where there is none.
CertificateFrequency make_frequency(const Setting& setting) {
  constexpr Bits kBits = 64;
  const auto m = certified_widths(setting).tube;
  const Frequency found = m ? certified_frequency(setting, *m, Region::tube) : Frequency{};
  return {found, clopper_pearson(found, Interval::ratio(1, 1000, kBits), kBits)};
}

const CertificateFrequency& frequency(const Setting& setting) {
  return setting.once<&make_frequency>();
}

const Statement rows_distinct{.id = "rows_distinct_and_nonzero",
                              .text = "$\\lambda_{\\min}(K_\\infty)>0$: the rows of $X$ are distinct and not 0",
                              .relation = Relation::less_equal,
                              .sides = [](const Setting& setting, Level level) {
                                const bool singular = softmax().limit_degeneracy(setting.instance().x).has_value();
                                return Sides{Interval::from_integer(singular ? 1 : 0, level.bits),
                                             Interval::from_integer(0, level.bits),
                                             {},
                                             singular ? "one is 0 or repeated" : "distinct, none is 0"};
                              }};

const Statement trains_from_sufficient_width{
    .id = "trains_from_M_0",
    .scope = Scope::probability,
    .text =
        "for every $m\\ge M_0$, with probability at least $1-\\delta$ the conditions of the certificate hold: gradient descent "
        "with every step up to $\\eta_0(m)$ stays in its ball (needed over allowed radius at most 1) and converges "
        "to zero loss",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const auto at = conditions(setting, sufficient(setting, level).bound(), level);
          return Sides{at ? at->needed_over_allowed : AtMost::unknown(), Interval::from_integer(1, level.bits)};
        },
    .brief = "at every width $m\\ge M_0$, with probability at least $1-\\delta$, gradient descent reaches zero loss"};

const Statement sufficient_below_paper{
    .id = "M_0_at_most_paper_width",
    .scope = Scope::probability,
    .text =
        "a width from which on training is proved with probability $1-\\delta$ is at most the width of Theorem 4.2 at "
        "$\\lambda=\\lambda_{\\min}(K_\\infty)$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{sufficient(setting, level), paper_width_at_limit(setting, level), {}};
        },
    .brief = "a width proved to be enough (`M_0`) is at most that of Theorem 4.2",
    .question = "Which width do I need?"};

/// Table 1: lambda^-2 n^2 e^{18B} log^2 n, the multiplier 1, lambda = lambda_min(K_inf).
Known table_width(const Setting& setting, Level level) {
  if (setting.instance().n() < 2) return Known::undefined("$\\log n=0$ at $n=1$");
  const Interval n = Interval::from_integer(setting.instance().n(), level.bits);
  const Interval b = limit_closed_forms(setting, level).logit_bound();
  return sqr(n * log(n) / limit_lambda_min(setting, softmax(), level)) *
         exp(setting.constants().at("e3.exponent", level.bits) * b);
}

const Statement sufficient_below_table{
    .id = "M_0_at_most_table_1_width",
    .scope = Scope::probability,
    .text =
        "the width of Table 1 with the multiplier 1, $\\lambda^{-2}n^2e^{18B}\\log^2n$ at "
        "$\\lambda=\\lambda_{\\min}(K_\\infty)$ ($e^{18B}$ for $n^{o(1)}$), is enough: $M_0$ is at most that",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{sufficient(setting, level), table_width(setting, level)};
        },
    .paper = "Table 1, softmax, width",
    .brief =
        "the width of Table 1, the multiplier 1, is enough: `M_0`, from which on training is proved, is at most that"};

const Statement table_steps{
    .id = "table_1_steps",
    .scope = Scope::asymptotic,
    .text = "softmax: $\\lambda^{-2}n^{2+o(1)}\\log(n/\\epsilon)$ steps are enough",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting&, Level) {
          return Sides{Known::undefined("an $O$ without a constant, which no instance can refute; the number of steps "
                                        "that has one is $\\hat T$ of Theorem 4.2"),
                       Known()};
        },
    .paper = "Table 1, softmax, steps"};

const Statement table_width_is_needed{
    .id = "table_1_width_is_needed",
    .scope = Scope::probability,
    .text = "no width below that of Table 1 (the multiplier 1) is proved to be enough: $M_0\\ge m$",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{sufficient(setting, level), table_width(setting, level)};
    }};

const Statement paper_step_allowed{
    .id = "paper_step_allowed",
    .scope = Scope::probability,
    .text = "at the width of Theorem 4.2, its step $\\eta$ is at most $\\eta_0(m)$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const ClosedForms forms = limit_closed_forms(setting, level);
          return Sides{forms.step_size(), largest_step(setting, forms.width(), level)};
        },
    .brief = "at the width of Theorem 4.2, its step is one with which training is proved"};

const Statement conclusion_proved{
    .id = "conclusion_of_theorem_4_2",
    .scope = Scope::probability,
    .text =
        "the conclusion of Theorem 4.2 with $\\lambda_{\\min}(K_\\infty)$ in place of the random $\\lambda$: at its "
        "width and at every larger one, with its step, with probability at least $1-\\delta$, $\\lVert F(\\lceil\\hat "
        "T\\rceil)-Y\\rVert_F^2\\le\\epsilon$ (no step where $\\epsilon\\ge nd$)",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{error_at_paper_horizon(setting, level), setting.hyper().epsilon.at(level.bits), {}};
        },
    .paper = "Theorem 4.2, conclusion",
    .brief =
        "at its width, with its step, after $\\hat T$ steps, with probability at least $1-\\delta$: "
        "$\\lVert F-Y\\rVert_F^2\\le\\epsilon$, with $\\lambda_{\\min}(K_\\infty)$ for $\\lambda$"};

const Statement repaired_event{
    .id = "repaired_event_at_own_width",
    .scope = Scope::probability,
    .text =
        "with $B'$, which counts the neurons ($\\log(mnd/\\delta)$), the event of bounded logits fails with probability at most "
        "$\\delta$ at the width of Theorem 4.2",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{failure_of_repaired_event(setting, level), setting.delta(level.bits), {}};
        },
    .brief = "with $B'$, which counts the neurons, the event of bounded logits holds at the width of Theorem 4.2"};

const Statement paper_width_is_needed{
    .id = "paper_width_is_needed",
    .scope = Scope::probability,
    .text = "no width below that of Theorem 4.2 is proved to be enough: $M_0\\ge m$",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{sufficient(setting, level), paper_width_at_limit(setting, level), {}};
    }};

const Statement no_loss_at_tenth{
    .id = "paper_width_without_lambda",
    .scope = Scope::probability,
    .text = "the width of Theorem 4.2 does not depend on $\\lambda$: at $\\lambda/10$ it is no larger",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      BoundInputs inputs = setting.bound_inputs(level);
      inputs.lambda = limit_lambda_min(setting, softmax(), level) / 10;
      return Sides{
          ClosedForms(setting.constants(), inputs, level.bits).width(), paper_width_at_limit(setting, level), {}};
    }};

const Remark event_at_own_width{
    {.id = "event_fails_at_own_width",
     .scope = Scope::probability,
     .text = "at the width of Theorem 4.2 the event that its proof starts from fails with probability above $\\delta$",
     .relation = Relation::greater,
     .sides =
         [](const Setting& setting, Level level) {
           return Sides{failure_at_own_width(setting, level), setting.delta(level.bits), {}};
         }},
    "Proved: at the width that Theorem 4.2 asks for (at $\\lambda_{\\min}(K_\\infty)$), the event that its proof "
    "starts from fails with probability greater than $\\delta$.",
    "Proved: at the width that Theorem 4.2 asks for (at $\\lambda_{\\min}(K_\\infty)$), the event that its proof "
    "starts from holds with probability at least $1-\\delta$."};

std::vector<Sentence> notes(const Checked& checked) {
  const Setting& setting = checked.setting;
  std::vector<Sentence> notes;
  const WidthSearch& search = certified_widths(setting);
  if (!search.tube)
    notes.push_back(
        Sentence::plain(fmt::format("For this seed no width up to {} was found to do.", kWidestCertificate)));
  else
    notes.push_back(
        Sentence::plain(fmt::format("At width {} the same is found for {} of {} other seeds.", *search.tube,
                                    frequency(setting).frequency.within, frequency(setting).frequency.trials)));
  if (!approx_empirical_width(setting))
    notes.push_back(Sentence::plain(fmt::format(
        "Plain gradient descent did not reach the target within its budget at any width up to {}.", kWidestRun)));
  const Claim& conclusion = checked.claim("conclusion_of_theorem_4_2");
  if (checked.claim("event_fails_at_own_width").verdict == Verdict::holds)
    append(notes,
           Sentence::if_decided(conclusion, Verdict::holds,
                                "Although that event fails at the width of Theorem 4.2, its conclusion is proved "
                                "there (conclusion_of_theorem_4_2), by a way that does not use the event."));
  return notes;
}

const Theorem width{
    .title = "Widths at which gradient descent trains the network",
    .source = {"2405.03251", "Theorem 4.2, width", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball(), rows_distinct},
    .claims = {trains_from_sufficient_width, sufficient_below_paper, paper_step_allowed, conclusion_proved,
               repaired_event, sufficient_below_table, table_steps},
    .falsehoods = {paper_width_is_needed, no_loss_at_tenth, table_width_is_needed},
    .quantities =
        {{"paper_width", "width of Theorem 4.2 at this network's $\\lambda$", paper_width},
         {"paper_width_at_limit", "the same at $\\lambda_{\\min}(K_\\infty)$", paper_width_at_limit},
         {"M_0",
          "least width from which on training with probability $1-\\delta$ follows from closed moments, before any "
          "network is drawn",
          sufficient},
         {"certified_width",
          "least power of two at which the network of this seed trains by the bound over the tube around its path",
          certified},
         {"certified_width_ball", "the same with the kernel bounded all over a ball", certified_ball},
         {"empirical_width",
          "smallest power of two at which gradient descent in plain double was seen to reach the target: evidence",
          empirical},
         {"certificate_probability",
          "exact binomial limits (99.9%) of the probability, over seeds, that the same is found at that width",
          [](const Setting& setting, Level) {
            const BinomialLimits& limits = frequency(setting).limits;
            return Known::between(AtLeast(limits.lower), AtMost(limits.upper));
          },
          true},
         {"step_at_M_0", "$\\eta_0(M_0)$: the largest step that the argument at $M_0$ allows", step_at_sufficient},
         {"failure_probability_at_own_width",
          "probability that some logit exceeds $B$ at the width of Theorem 4.2 (at $\\lambda_{\\min}(K_\\infty)$)",
          failure_at_own_width, true}},
    .comparisons = {{"Width that is enough",
                     "width m",
                     {{"empirical_width", "seen to be enough, without a proof"},
                      {"certified_width", "proved for the network of this seed"},
                      {"M_0", "proved with probability 1 − δ"},
                      {"paper_width_at_limit", "width of Theorem 4.2"}}}},
    .remarks = {event_at_own_width},
    .notes = notes,
    .charts = [](const Checked& checked) { return width_charts(checked.setting, checked.level()); },
    .proved =
        "From the width $M_0$ on, with probability at least $1-\\delta$, gradient descent trains the network to zero "
        "loss; and the conclusion of Theorem 4.2 is true at its own width, step and horizon.",
    .constants = {"e0.C", "e0.floor", "e3.multiplier", "e3.exponent"}};

const Registered registered{width};

}  // namespace
}  // namespace assay
