#include <fmt/format.h>

#include "chance/binomial.hpp"
#include "setting/hypotheses.hpp"
#include "setting/training_width.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

Interval infinite(Bits bits) {
  return Interval::whole_line(bits).upper();
}

Interval unknown(Bits bits) {
  return Interval::whole_line(bits);
}

Interval paper_width(const Setting& setting, Level level) {
  return setting.closed_forms(level, true).width();
}

Interval paper_width_at_limit(const Setting& setting, Level level) {
  return limit_closed_forms(setting, level).width();
}

Interval sufficient(const Setting& setting, Level level) {
  const auto& found = least_sufficient_width(setting, level);
  return found ? found->m : unknown(level);
}

/// The conditions of D3 at width m, with the omega of M_0; nothing where there is no M_0 at this precision.
std::optional<SufficientWidth::Conditions> conditions(const Setting& setting, const Interval& m, Level level) {
  const auto& found = least_sufficient_width(setting, level);
  if (!found) return std::nullopt;
  const SufficientWidth::Conditions at = sufficient_width(setting, level).at(m, found->omega);
  return at.hold ? std::optional(at) : std::nullopt;
}

Interval step_at_sufficient(const Setting& setting, Level level) {
  const auto at = conditions(setting, sufficient(setting, level), level);
  return at ? at->largest_step : unknown(level);
}

/// |F - Y|_F^2 after T_hat steps of Theorem 4.2 at its own width and step: at most e0^2 (1 - 0.99 eta m mu)^{2 T_hat}.
Interval error_at_paper_horizon(const Setting& setting, Level level) {
  const ClosedForms forms = limit_closed_forms(setting, level);
  const auto at = conditions(setting, forms.width(), level);
  if (!at) return unknown(level);
  const RealMatrix& y = setting.instance().y;
  const Interval e0 = euclidean_norm(std::span(y.data(), static_cast<std::size_t>(y.size())), level);
  const Interval rate = forms.step_size() * forms.width() * at->mu.lower() * 99 / 100;
  return (sqr(e0) * exp(-2 * rate * forms.time_horizon())).upper();
}

Interval failure_at_own_width(const Setting& setting, Level level) {
  const ClosedForms forms = limit_closed_forms(setting, level);
  return setting.event_failure(forms.logit_bound(), forms.width() / 2, level);
}

Interval failure_of_repaired_event(const Setting& setting, Level level) {
  const ClosedForms forms = limit_closed_forms(setting, level);
  return setting.event_failure(forms.repaired_logit_bound(forms.width()), forms.width() / 2, level);
}

/// From a width that was found, or from the first one that was not tried.
Interval width_or_more(const std::optional<Index>& found, Index widest, Bits bits) {
  if (found) return Interval::from_integer(*found, bits);
  return hull(Interval::from_integer(2 * widest, bits), infinite(bits));
}

Interval certified(const Setting& setting, Level level) {
  return width_or_more(certified_widths(setting).tube, kWidestCertificate, level);
}

Interval certified_ball(const Setting& setting, Level level) {
  return width_or_more(certified_widths(setting).ball, kWidestCertificate, level);
}

Interval empirical(const Setting& setting, Level level) {
  return width_or_more(approx_empirical_width(setting), kWidestRun, level);
}

struct CertificateFrequency {
  Frequency frequency;
  BinomialLimits limits;
};

/// At the width certified for the setting's own seed; no trials where there is none.
const CertificateFrequency& frequency(const Setting& setting) {
  constexpr Bits kBits = 64;
  return setting.once<CertificateFrequency>(kBits, [&] {
    const auto m = certified_widths(setting).tube;
    const Interval alpha = Interval::ratio(1, 1000, kBits);
    if (!m) return CertificateFrequency{{}, {Interval::from_integer(0, kBits), Interval::from_integer(1, kBits)}};
    const Frequency found = certified_frequency(setting, *m, Region::tube);
    return CertificateFrequency{found, clopper_pearson(found.within, found.trials, alpha, kBits)};
  });
}

const Statement rows_distinct{
    .id = "rows_distinct_and_nonzero",
    .text =
        "$\\lambda_{\\min}(K_\\infty)>0$: the rows of $X$ are distinct and not 0 "
        "(1 if they are not)",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      const bool singular = limit_degeneracy(Activation::softmax, setting.instance().x).has_value();
      return Sides{Interval::from_integer(singular ? 1 : 0, level), Interval::from_integer(0, level), {}};
    }};

const Statement trains_from_sufficient_width{
    .id = "trains_from_M_0",
    .scope = Scope::probability,
    .text =
        "for every $m\\ge M_0$, with probability at least $1-\\delta$ the conditions of D3 hold: gradient descent "
        "with every step up to $\\eta_0(m)$ stays in its ball (needed over allowed radius at most 1) and converges "
        "to zero loss",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      const auto at = conditions(setting, sufficient(setting, level), level);
      return Sides{at ? at->needed_over_allowed : unknown(level), Interval::from_integer(1, level), {}};
    }};

const Statement sufficient_below_paper{
    .id = "M_0_at_most_paper_width",
    .scope = Scope::probability,
    .text =
        "$M_0$ is at most the width of Theorem 4.2 at "
        "$\\lambda=\\lambda_{\\min}(K_\\infty)$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{sufficient(setting, level), paper_width_at_limit(setting, level), {}};
    }};

const Statement paper_step_allowed{.id = "paper_step_allowed",
                                   .scope = Scope::probability,
                                   .text = "at the width of Theorem 4.2, its step $\\eta$ is at most $\\eta_0(m)$",
                                   .relation = Relation::less_equal,
                                   .sides = [](const Setting& setting, Level level) {
                                     const ClosedForms forms = limit_closed_forms(setting, level);
                                     const auto at = conditions(setting, forms.width(), level);
                                     return Sides{forms.step_size(), at ? at->largest_step : unknown(level), {}};
                                   }};

const Statement conclusion_proved{
    .id = "conclusion_of_theorem_4_2",
    .scope = Scope::probability,
    .text =
        "the conclusion of Theorem 4.2, proved by another way: at its own width and step, with probability at least "
        "$1-\\delta$, $\\lVert F(\\hat T)-Y\\rVert_F^2\\le\\epsilon$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{error_at_paper_horizon(setting, level), setting.hyper().epsilon.at(level), {}};
    }};

const Statement repaired_event{
    .id = "repaired_event_at_own_width",
    .scope = Scope::probability,
    .text =
        "with $B'$, which counts the neurons ($\\log(mnd/\\delta)$), the event of E0 fails with probability at most "
        "$\\delta$ at the width of Theorem 4.2",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{failure_of_repaired_event(setting, level), setting.delta(level), {}};
    }};

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
      inputs.lambda = limit_lambda_min(setting, Activation::softmax, level) / 10;
      return Sides{ClosedForms(setting.constants(), inputs, level).width(), paper_width_at_limit(setting, level), {}};
    }};

const Remark event_at_own_width{
    {.id = "event_fails_at_own_width",
     .scope = Scope::probability,
     .text = "at the width of Theorem 4.2 the event that its proof starts from fails with probability above $\\delta$",
     .relation = Relation::greater,
     .sides =
         [](const Setting& setting, Level level) {
           return Sides{failure_at_own_width(setting, level), setting.delta(level), {}};
         }},
    "Proved: at the width that Theorem 4.2 asks for, the event E0 that its proof starts from fails with probability "
    "greater than $\\delta$. Its conclusion is true there all the same (conclusion_of_theorem_4_2), with a proof that "
    "does not use that event.",
    "Proved: at the width that Theorem 4.2 asks for, the event E0 holds with probability at least $1-\\delta$."};

const Remark ladder{{.id = "certified_width_at_most_M_0",
                     .scope = Scope::forever,
                     .text = "the network of this seed is certified at a width of at most $M_0$",
                     .relation = Relation::less_equal,
                     .sides =
                         [](const Setting& setting, Level level) {
                           return Sides{certified(setting, level), sufficient(setting, level), {}};
                         }},
                    "Proved: the widths are in the order certified_width $\\le M_0$.",
                    "The network of this seed is certified only at a width larger than $M_0$."};

std::vector<std::string> notes(const Setting& setting) {
  std::vector<std::string> notes;
  const WidthSearch& search = certified_widths(setting);
  if (!search.tube)
    notes.push_back(fmt::format("No width up to {} is certified for this seed.", kWidestCertificate));
  else
    notes.push_back(fmt::format("At width {}, {} of {} other seeds are certified.", *search.tube,
                                frequency(setting).frequency.within, frequency(setting).frequency.trials));
  if (!approx_empirical_width(setting))
    notes.push_back(
        fmt::format("Plain gradient descent did not reach the target within its budget at any width up to "
                    "{}.",
                    kWidestRun));
  return notes;
}

const Theorem width{
    .title = "Widths at which gradient descent trains the network",
    .source = {"2405.03251", "Theorem 4.2, width (E3)", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball(), rows_distinct},
    .claims = {trains_from_sufficient_width, sufficient_below_paper, paper_step_allowed, conclusion_proved,
               repaired_event},
    .falsehoods = {paper_width_is_needed, no_loss_at_tenth},
    .quantities =
        {{"paper_width", "width of Theorem 4.2 at this network's $\\lambda$", paper_width},
         {"paper_width_at_limit", "the same at $\\lambda_{\\min}(K_\\infty)$", paper_width_at_limit},
         {"M_0",
          "width from which on training is proved with probability at least $1-\\delta$, before any network is drawn",
          sufficient, true},
         {"certified_width",
          "smallest power of two at which the network of this seed is proved to train (tube around its path)",
          certified, true},
         {"certified_width_ball", "the same with the kernel bounded all over a ball", certified_ball, true},
         {"empirical_width",
          "smallest power of two at which plain gradient descent reaches the target; seen, not proved", empirical,
          true},
         {"certificate_probability",
          "exact binomial limits (99.9%) of the probability, over seeds, that the network of width certified_width is "
          "certified",
          [](const Setting& setting, Level) {
            const BinomialLimits& limits = frequency(setting).limits;
            return hull(limits.lower.lower(), limits.upper.upper());
          },
          true},
         {"step_at_M_0", "$\\eta_0(M_0)$: up to this step the proof at $M_0$ holds", step_at_sufficient},
         {"failure_probability_at_own_width",
          "probability that some logit exceeds $B$ at the width of Theorem 4.2 (at $\\lambda_{\\min}(K_\\infty)$)",
          failure_at_own_width, true}},
    .comparisons = {{"Width that is enough",
                     "width m",
                     {"empirical_width", "certified_width", "M_0", "paper_width_at_limit"}}},
    .remarks = {event_at_own_width, ladder},
    .notes = notes,
    .charts = width_charts,
    .proved =
        "From the width $M_0$ on, with probability at least $1-\\delta$, gradient descent trains the network to zero "
        "loss; and the conclusion of Theorem 4.2 is true at its own width, step and horizon.",
    .constants = {"e0.C", "e0.floor", "e3.multiplier", "e3.exponent"}};

const Registered registered{width};

}  // namespace
}  // namespace assay
