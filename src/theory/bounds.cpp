#include "theory/bounds.hpp"

#include "theory/closed_formulas.hpp"

namespace assay {

ClosedForms::ClosedForms(const Constants& constants, const BoundInputs& inputs, Bits bits)
    : constants_(constants), in_(inputs), bits_(bits) {}

namespace {

FormulaInputs<Interval> formula_inputs(const BoundInputs& in, Bits bits) {
  return {in.n, in.d, in.sigma, in.delta, in.epsilon, in.lambda, in.radius, in.initial_error, bits};
}

auto constants_at(const Constants& constants, Bits bits) {
  return [&constants, bits](const char* key) { return constants.at(key, bits); };
}

auto formulas(const Constants& constants, const BoundInputs& in, Bits bits) {
  return ClosedFormulas(formula_inputs(in, bits), constants_at(constants, bits));
}

}  // namespace

Interval ratio_of_nonnegative(const Interval& a, const Interval& b) {
  const bool reaches_zero = b.contains_zero() && certainly_nonnegative(b) && certainly_positive(b.upper());
  if (!reaches_zero) return a / b;
  return hull((a / b.upper()).lower(), infinite(b.bits()));
}

Interval ClosedForms::log_term() const {
  return formulas(constants_, in_, bits_).log_term();
}
Interval ClosedForms::logit_bound(const Interval& c) const {
  return formulas(constants_, in_, bits_).logit_bound(c);
}
Interval ClosedForms::logit_bound() const {
  return formulas(constants_, in_, bits_).logit_bound();
}
Interval ClosedForms::change_bound() const {
  return formulas(constants_, in_, bits_).change_bound();
}
Interval ClosedForms::convex_radius() const {
  return formulas(constants_, in_, bits_).convex_radius();
}
Interval ClosedForms::width(const Interval& c) const {
  return formulas(constants_, in_, bits_).width(c);
}
Interval ClosedForms::width() const {
  return formulas(constants_, in_, bits_).width();
}
Interval ClosedForms::step_size() const {
  return formulas(constants_, in_, bits_).step_size();
}
Interval ClosedForms::time_horizon() const {
  return formulas(constants_, in_, bits_).time_horizon();
}
Interval ClosedForms::movement() const {
  return formulas(constants_, in_, bits_).movement();
}
Interval ClosedForms::tail(const Interval& b) const {
  return formulas(constants_, in_, bits_).tail(b);
}
Interval ClosedForms::break_width() const {
  return formulas(constants_, in_, bits_).break_width();
}

Interval ClosedForms::repaired_logit_bound(const Interval& m) const {
  return max(constant("e0.C") * in_.sigma * sqrt(log(m * samples() / in_.delta)), constant("e0.floor"));
}

Interval ClosedForms::consistent_c() const {
  return consistent_c([this](const Interval& b) {
    const Interval one_row = tail(b);
    return hull(one_row, -expm1(in_.n * log1p(-one_row)));
  });
}

Interval ClosedForms::consistent_c(const std::function<Interval(const Interval&)>& failure_of_pair) const {
  const Interval zero = Interval::from_integer(0, bits_);
  if (!certainly_positive(in_.sigma)) return zero;
  if (!certainly_positive(in_.lambda)) return hull(zero, infinite(bits_));

  // The event fails with probability > delta iff m(C)/2 times -log(1 - pi) exceeds -log(1 - delta).
  const Interval allowed = -log1p(-in_.delta);
  const auto expected = [&](const Interval& pairs, const Interval& c) {
    return pairs * -log1p(-failure_of_pair(logit_bound(c)));
  };
  // A network has the least even number of neurons that is at least m: between m/2 and m/2 + 1 pairs.
  const auto consistent = [&](const Interval& c) {
    return certainly_less_equal(expected(width(c) / 2 + 1, c), allowed);
  };
  const auto contradictory = [&](const Interval& c) { return certainly_less(allowed, expected(width(c) / 2, c)); };

  const Interval steepest = constant("e3.exponent") * sqr(in_.sigma), floor = constant("e0.floor");
  const Interval peak = (max(steepest, floor) / (in_.sigma * sqrt(log_term()))).upper();
  // With the peak at the floor of B, every smaller C has the same B and the same width as C = 0.
  if (certainly_less_equal(steepest, floor) && consistent(zero)) return zero;
  if (consistent(peak)) return hull(zero, peak);

  Interval most = peak;
  for (int step = 0; step < 200 && !consistent(most); ++step) most = (most * 2).upper();
  // Each end is certified by itself, so the bisection may stop anywhere: the ends are bounds that differ by far more.
  constexpr Bits kSteps = 80;
  const auto bisected = [&](Interval lo, Interval hi, const auto& above) {
    for (Bits step = 0; step < std::min(bits_, kSteps); ++step) {
      const Interval middle = ((lo + hi) / 2).lower();
      (above(middle) ? hi : lo) = middle;
    }
    return std::pair(lo, hi);
  };
  const Interval upper = consistent(most) ? bisected(peak, most, consistent).second : infinite(bits_);
  if (!contradictory(peak)) return hull(zero, upper);
  return hull(bisected(peak, most, [&](const Interval& c) { return !contradictory(c); }).first, upper);
}

ScoreBound score_bound(const Constants& constants, const ScoreInputs& in, Bits bits) {
  const ScoreTerms<Interval> terms =
      score_terms(ScoreFormulaInputs<Interval>{in.n, in.d, in.lambda, in.delta, in.rkhs_radius, in.early_stopping},
                  constants_at(constants, bits));
  const auto known = [&](const std::optional<Interval>& term) {
    return term ? Known(*term) : Known::undefined(terms.undefined);
  };
  return {terms.lambda_term,   terms.a,
          known(terms.gamma),  terms.coupling,
          terms.stopping,      terms.approximation_squared,
          terms.approximation, known(terms.mixed),
          known(terms.total)};
}

}  // namespace assay
