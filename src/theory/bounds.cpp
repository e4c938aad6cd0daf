#include "theory/bounds.hpp"

namespace assay {

ClosedForms::ClosedForms(const Constants& constants, const BoundInputs& inputs, Bits bits)
    : constants_(constants), in_(inputs), bits_(bits) {}

Interval ClosedForms::log_term() const {
  return log(samples() / in_.delta);
}

Interval ClosedForms::logit_bound(const Interval& c) const {
  return max(c * in_.sigma * sqrt(log_term()), constant("e0.floor"));
}

Interval ClosedForms::logit_bound() const {
  return logit_bound(constant("e0.C"));
}

Interval ClosedForms::repaired_logit_bound(const Interval& m) const {
  return max(constant("e0.C") * in_.sigma * sqrt(log(m * samples() / in_.delta)), constant("e0.floor"));
}

Interval ClosedForms::exp_of_b(const char* exponent_key, const Interval& b) const {
  return exp(constant(exponent_key) * b);
}

Interval ClosedForms::change_bound() const {
  return constant("e1.multiplier") * in_.radius * samples() * exp_of_b("e1.exponent", logit_bound());
}

Interval ClosedForms::convex_radius() const {
  return in_.lambda / (constant("e2.divisor") * samples() * exp_of_b("e2.exponent", logit_bound()));
}

namespace {

/// a / b for a, b >= 0, where b may reach down to 0.
Interval ratio_of_nonnegative(const Interval& a, const Interval& b) {
  const bool reaches_zero = b.contains_zero() && certainly_nonnegative(b) && certainly_positive(b.upper());
  if (!reaches_zero) return a / b;
  return hull((a / b.upper()).lower(), infinite(b.bits()));
}

}  // namespace

Interval ClosedForms::width(const Interval& c) const {
  return constant("e3.multiplier") * sqr(ratio_of_nonnegative(samples() * log_term(), in_.lambda)) *
         exp_of_b("e3.exponent", logit_bound(c));
}

Interval ClosedForms::width() const {
  return width(constant("e0.C"));
}

Interval ClosedForms::step_size() const {
  return constant("e3.eta_multiplier") * in_.lambda /
         (width() * sqr(samples()) * exp_of_b("e3.eta_exponent", logit_bound()));
}

Interval ClosedForms::time_horizon() const {
  const Interval logarithm = max(log(samples() / in_.epsilon), Interval::from_integer(0, bits_));
  return constant("e4.multiplier") * logarithm / (width() * step_size() * in_.lambda);
}

Interval ClosedForms::movement() const {
  return constant("e4.D_multiplier") * exp_of_b("e4.D_exponent", logit_bound()) * sqrt(samples()) * in_.initial_error /
         (width() * in_.lambda);
}

Interval ClosedForms::tail(const Interval& b) const {
  return erfc(b / (in_.sigma * sqrt(Interval(2, bits_))));
}

Interval ClosedForms::break_width() const {
  return 2 * (log1p(-in_.delta) / log1p(-tail(logit_bound())));
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
  const auto expected = [&](const Interval& c) { return width(c) / 2 * -log1p(-failure_of_pair(logit_bound(c))); };
  const auto consistent = [&](const Interval& c) { return certainly_less_equal(expected(c), allowed); };
  const auto contradictory = [&](const Interval& c) { return certainly_less(allowed, expected(c)); };

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

namespace {

/// Gamma_delta with log^{3/2} and log log n, where they are defined.
Known gamma_delta(const ScoreInputs& in, const Interval& a, Bits bits) {
  const Interval one = Interval::from_integer(1, bits);
  if (certainly_less_equal(in.n, one)) return Known::undefined("$\\log\\log n$ is not defined at $n=1$");
  const Interval outputs = in.d * in.n, scaled = in.d * a / in.lambda;
  const Interval logarithm = 1 + log(outputs * sqrt(outputs) * a / in.lambda);
  if (certainly_negative(logarithm))
    return Known::undefined(
        "$\\Gamma_\\delta$ has the power $3/2$ of a negative logarithm, since $\\lambda>e(dn)^{3/2}A$");
  return sqr(2 * in.d * scaled * logarithm * sqrt(logarithm) + 1 / sqrt(in.n)) +
         sqr(scaled) * (log(1 / in.delta) + log(log(in.n)));
}

}  // namespace

ScoreBound score_bound(const Constants& constants, const ScoreInputs& in, Bits bits) {
  const auto constant = [&](const char* key) { return constants.at(key, bits); };
  ScoreBound bound;
  bound.lambda_term = constant("e6.c_Lambda") * sqrt(in.d);
  const Interval ratio = sqrt(in.rkhs_radius) / bound.lambda_term;
  bound.a = constant("e6.c_1") * bound.lambda_term * power(ratio, -2 / in.d) * log(ratio);
  bound.gamma = gamma_delta(in, bound.a, bits);
  bound.coupling = 1 / (in.lambda * sqrt(in.n));
  bound.stopping = in.early_stopping;
  bound.approximation_squared = in.d * sqr(bound.a);
  bound.approximation = in.d * bound.a;
  bound.mixed = bound.total = bound.gamma;
  if (!bound.gamma.is_defined()) return bound;
  const Interval gamma = bound.gamma.range(), mixed = sqrt(in.d * bound.a * gamma);
  bound.mixed = mixed;
  bound.total = constant("e6.multiplier") *
                (bound.coupling + bound.stopping + bound.approximation_squared + bound.approximation + mixed + gamma);
  return bound;
}

}  // namespace assay
