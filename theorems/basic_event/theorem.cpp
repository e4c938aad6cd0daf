#include "theory/theorem.hpp"

#include <algorithm>

#include "chance/gaussian_event.hpp"
#include "setting/hypotheses.hpp"
#include "setting/setting.hpp"
#include "theorems/basic_event/event_chart.hpp"

namespace assay {
namespace {

Interval logit_bound(const Setting& setting, Level level) {
  return setting.closed_forms(level).logit_bound();
}

Interval repaired_bound(const Setting& setting, Level level) {
  return setting.closed_forms(level).repaired_logit_bound(Interval::from_integer(setting.instance().m(), level.bits));
}

Interval failure_probability(const Setting& setting, Level level) {
  return setting.event_failure(logit_bound(setting, level), setting.pairs(level.bits), level.bits);
}

Interval break_width(const Setting& setting, Level level) {
  return 2 * trials_until(setting.event_failure_of_pair(logit_bound(setting, level), level.bits),
                          setting.delta(level.bits));
}

/// `value` of the closed forms at this network's lambda; there is no width of the statement where lambda is 0.
template <class Value>
Known at_own_lambda(const Setting& setting, Level level, Value value) {
  const BoundInputs inputs = setting.bound_inputs(level, true);
  if (inputs.lambda.is_point() && inputs.lambda.contains_zero())
    return Known::undefined("$\\lambda=0$, so the statement asks for no width");
  return value(ClosedForms(setting.constants(), inputs, level.bits));
}

Known own_width(const Setting& setting, Level level) {
  return at_own_lambda(setting, level, [](const ClosedForms& forms) { return forms.width(); });
}

Known consistent_c(const Setting& setting, Level level) {
  return at_own_lambda(setting, level, [&](const ClosedForms& forms) {
    // Two bounds of a probability that differ by far more than this rounds: more bits are for lambda alone.
    const Bits bits = std::min<Bits>(level.bits, 128);
    return forms.consistent_c(
        [&](const Interval& bound) { return setting.event_failure_of_pair(bound.rounded_to(bits), bits); });
  });
}

Known failure_at_own_width(const Setting& setting, Level level) {
  return at_own_lambda(setting, level, [&](const ClosedForms& forms) {
    return setting.event_failure(forms.logit_bound(), pairs_at_least(forms.width()), level.bits);
  });
}

const Statement all_logits_bounded = [] {
  Statement statement = logits_at_most_b();
  statement.text = "every logit of this network is at most $B$ in magnitude: " + statement.text;
  statement.paper = "appendix, basic bounds, on this network";
  return statement;
}();

const Statement failure_at_most_delta{
    .id = "failure_probability_at_most_delta",
    .scope = Scope::probability,
    .text =
        "over the initialization at this width, "
        "$P(\\exists i,r:\\lvert\\langle w_r,x_i\\rangle\\rvert>B)\\le\\delta$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{failure_probability(setting, level), setting.delta(level.bits), {}};
        },
    .paper = "appendix, basic bounds, event"};

const Statement softmax_weights_above{
    .id = "q_at_most_exp_2B",
    .scope = Scope::instance,
    .text = "$\\max_{i,r}q_{i,r}\\le e^{2B}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{setting.largest_q(level), exp(2 * logit_bound(setting, level)), {}};
        },
    .trivial_bound =
        [](const Setting& setting, Level level) {
          return Interval::from_integer(setting.instance().m(), level.bits);  // q <= m always
        },
    .paper = "appendix, basic bounds, upper"};

const Statement softmax_weights_below{
    .id = "q_at_least_exp_minus_2B",
    .scope = Scope::instance,
    .text = "$\\min_{i,r}q_{i,r}\\ge e^{-2B}$",
    .relation = Relation::greater_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{setting.smallest_q(level), exp(-2 * logit_bound(setting, level)), {}};
        },
    .paper = "appendix, basic bounds, lower"};

const Statement repaired_event{
    .id = "repaired_event",
    .scope = Scope::probability,
    .text =
        "with $B'=\\max\\{C\\sigma\\sqrt{\\log(mnd/\\delta)},1\\}$, which counts the neurons too, "
        "$P(\\exists i,r:\\lvert\\langle w_r,x_i\\rangle\\rvert>B')\\le\\delta$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{setting.event_failure(repaired_bound(setting, level), setting.pairs(level.bits), level.bits),
                   setting.delta(level.bits),
                   {}};
    }};

const Statement logits_below_half_of_their_maximum{.id = "logits_below_half_of_their_maximum",
                                                   .text = "every logit is at most half of the largest one",
                                                   .sides = [](const Setting& setting, Level level) {
                                                     const Interval largest = setting.largest_logit(level);
                                                     return Sides{largest, largest / 2, {}};
                                                   }};

const Statement no_weight_above_the_mean{
    .id = "no_softmax_weight_above_the_mean",
    .text = "every $q_{i,r}$ is at most its mean over $r$, which is 1",
    .sides = [](const Setting& setting, Level level) {
      return Sides{setting.largest_q(level), Interval::from_integer(1, level.bits), {}};
    }};

const Statement event_past_the_break{
    .id = "event_at_twice_the_break_width",
    .scope = Scope::probability,
    .text = "at twice the break width the event still fails with probability at most $\\delta$",
    .sides = [](const Setting& setting, Level level) {
      const Interval pairs = break_width(setting, level).upper();
      return Sides{
          setting.event_failure(logit_bound(setting, level), pairs, level.bits), setting.delta(level.bits), {}};
    }};

const Statement event_at_paper_width{
    .id = "event_at_paper_width",
    .scope = Scope::probability,
    .text =
        "at the width that Theorem 4.2 asks for at this network's $\\lambda$, the event that its proof starts from "
        "holds: it fails with probability at most $\\delta$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{failure_at_own_width(setting, level), setting.delta(level.bits), {}};
        },
    .paper = "Theorem 4.2, its event",
    .brief =
        "at the width that Theorem 4.2 asks for, the event that its proof starts from fails with probability at most "
        "$\\delta$",
    .question = "Does the event of the proof hold at the theorem's own width?",
    .if_holds =
        "Proved: at the width that Theorem 4.2 asks for, the event holds with probability at least $1-\\delta$.",
    .if_fails =
        "Proved: at the width that Theorem 4.2 asks for, the event fails with probability greater than $\\delta$, because "
        "$B$ does not count the $m$ neurons. The statement contradicts itself there; it is consistent from "
        "`C_consistent_min` on."};

const Theorem basic_event{
    .title = "All logits are bounded at initialization",
    .source = {"2405.03251", "appendix, basic bounds", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball()},
    .claims = {all_logits_bounded, failure_at_most_delta, softmax_weights_above, softmax_weights_below,
               event_at_paper_width, repaired_event},
    .falsehoods = {logits_below_half_of_their_maximum, no_weight_above_the_mean, event_past_the_break},
    .quantities =
        {{"B", "$B=\\max\\{C\\sigma\\sqrt{\\log(nd/\\delta)},1\\}$", logit_bound},
         {"largest_logit", "$\\max_{i,r}\\lvert\\langle w_r,x_i\\rangle\\rvert$ of this network",
          [](const Setting& setting, Level level) { return setting.largest_logit(level); }},
         {"failure_probability", "probability that some logit exceeds $B$ at this width, from both sides",
          failure_probability, true},
         {"m_break", "width past which the event fails with probability above $\\delta$ on these inputs", break_width,
          true},
         {"C_consistent_min",
          "smallest $C$ from which on the event holds with probability $1-\\delta$ at the width of Theorem 4.2 on "
          "these inputs and at this network's $\\lambda$: a contradiction at the lower end, none from the upper end on",
          consistent_c, true},
         {"paper_width", "width of Theorem 4.2 at this instance's $\\lambda$", own_width},
         {"failure_probability_at_paper_width",
          "probability that some logit exceeds $B$ at the least even width that is at least that", failure_at_own_width,
          true},
         {"B_repaired", "$B'=\\max\\{C\\sigma\\sqrt{\\log(mnd/\\delta)},1\\}$", repaired_bound}},
    .comparisons = {{"Width that Theorem 4.2 asks for, and width past which its event breaks",
                     "width m",
                     {{"paper_width", "width that Theorem 4.2 asks for"},
                      {"m_break", "width past which its event fails too often"}}}},
    .charts =
        [](const Checked& checked) {
          const Setting& setting = checked.setting;
          const Level level = checked.level();
          return event_charts(setting, logit_bound(setting, level), break_width(setting, level),
                              setting.closed_forms(level, true).width());
        },
    .proved =
        "Every logit of this network is at most $B$, and at this width the random initialization violates the "
        "bound with probability at most $\\delta$.",
    .constants = {"e0.C", "e0.floor", "e3.multiplier", "e3.exponent"}};

const Registered registered{basic_event};

}  // namespace
}  // namespace assay
