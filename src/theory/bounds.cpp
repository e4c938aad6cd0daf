#include "theory/bounds.hpp"

namespace assay {

ClosedForms::ClosedForms(const Constants& constants, const BoundInputs& inputs, Bits bits)
    : constants_(constants), in_(inputs), bits_(bits) {}

Interval ClosedForms::log_term() const { return log(samples() / in_.delta); }

Interval ClosedForms::logit_bound(const Interval& c) const {
  return max(c * in_.sigma * sqrt(log_term()), constant("e0.floor"));
}

Interval ClosedForms::logit_bound() const { return logit_bound(constant("e0.C")); }

Interval ClosedForms::repaired_logit_bound(const Interval& m) const {
  return max(constant("e0.C") * in_.sigma * sqrt(log(m * samples() / in_.delta)), constant("e0.floor"));
}

Interval ClosedForms::exp_of_b(const char* exponent_key, const Interval& b) const {
  return exp(constant(exponent_key) * b);
}

Interval ClosedForms::perturbation_bound() const {
  return constant("e1.multiplier") * in_.radius * samples() * exp_of_b("e1.exponent", logit_bound());
}

Interval ClosedForms::convex_radius() const {
  return in_.lambda / (constant("e2.divisor") * samples() * exp_of_b("e2.exponent", logit_bound()));
}

Interval ClosedForms::width(const Interval& c) const {
  return constant("e3.multiplier") * sqr(samples() * log_term() / in_.lambda) *
         exp_of_b("e3.exponent", logit_bound(c));
}

Interval ClosedForms::width() const { return width(constant("e0.C")); }

Interval ClosedForms::step_size() const {
  return constant("e3.eta_multiplier") * in_.lambda /
         (width() * sqr(samples()) * exp_of_b("e3.eta_exponent", logit_bound()));
}

Interval ClosedForms::time_horizon() const {
  return constant("e4.multiplier") * log(samples() / in_.epsilon) / (width() * step_size() * in_.lambda);
}

Interval ClosedForms::movement() const {
  return constant("e4.D_multiplier") * exp_of_b("e4.D_exponent", logit_bound()) * sqrt(samples()) * in_.initial_error /
         (width() * in_.lambda);
}

Interval ClosedForms::break_width() const {
  const Interval tail = erfc(logit_bound() / (in_.sigma * sqrt(Interval(2, bits_))));
  return 2 * (log1p(-in_.delta) / log1p(-tail));
}

/// m(C)/2 times -log(1 - pi): the event fails with probability > delta iff this exceeds -log(1 - delta).
Interval ClosedForms::expected_failures(const Interval& c) const {
  const Interval tail = erfc(logit_bound(c) / (in_.sigma * sqrt(Interval(2, bits_))));
  return width(c) / 2 * -log1p(-tail);
}

bool ClosedForms::contradictory_at(const Interval& c) const {
  return certainly_less(-log1p(-in_.delta), expected_failures(c));
}

bool ClosedForms::consistent_at(const Interval& c) const {
  return certainly_less_equal(in_.n * expected_failures(c), -log1p(-in_.delta));
}

Interval ClosedForms::consistent_c() const {
  const Interval zero = Interval::from_integer(0, bits_);
  if (!certainly_positive(in_.sigma)) return zero;
  const Interval per_c = in_.sigma * sqrt(log_term());  // B = C * per_c above the floor
  const Interval peak = (max(constant("e3.exponent") * sqr(in_.sigma), constant("e0.floor")) / per_c).upper();
  // With the peak at the floor of B, every smaller C has the same B and the same width.
  const bool peak_at_floor =
      certainly_less_equal(constant("e3.exponent") * sqr(in_.sigma), constant("e0.floor"));
  if (consistent_at(peak)) return peak_at_floor ? zero : hull(zero, peak);

  const auto doubled_until = [&](auto decided) {
    Interval c = peak;
    for (int step = 0; step < 200 && !decided(c); ++step) c = (c * 2).upper();
    return c;
  };
  const auto bisected = [&](Interval lo, Interval hi, auto above) {
    for (Bits step = 0; step < bits_; ++step) {
      const Interval middle = ((lo + hi) / 2).lower();
      if (above(middle))
        hi = middle;
      else
        lo = middle;
    }
    return std::pair(lo, hi);
  };
  const auto consistent = [&](const Interval& c) { return consistent_at(c); };
  const auto not_contradictory = [&](const Interval& c) { return !contradictory_at(c); };
  const Interval upper = bisected(peak, doubled_until(consistent), consistent).second;
  const Interval lower = contradictory_at(peak) ? bisected(peak, upper, not_contradictory).first : zero;
  return hull(lower, upper);
}

ScoreBound score_bound(const Constants& constants, const ScoreInputs& in, Bits bits) {
  const auto constant = [&](const char* key) { return constants.at(key, bits); };
  ScoreBound bound;
  bound.lambda_term = constant("e6.c_Lambda") * sqrt(in.d);
  const Interval ratio = sqrt(in.rkhs_radius) / bound.lambda_term;
  bound.a = constant("e6.c_1") * bound.lambda_term * power(ratio, -2 / in.d) * log(ratio);
  const Interval scaled = in.d * bound.a / in.lambda;
  const Interval outputs = in.d * in.n;
  const Interval log_factor = 1 + log(outputs * sqrt(outputs) * bound.a / in.lambda);
  const Interval log_power = log_factor * sqrt(log_factor);
  bound.gamma = sqr(2 * in.d * scaled * log_power + 1 / sqrt(in.n)) +
                sqr(scaled) * (log(1 / in.delta) + log(log(in.n)));
  bound.coupling = 1 / (in.lambda * sqrt(in.n));
  bound.stopping = in.early_stopping;
  bound.approximation_squared = in.d * sqr(bound.a);
  bound.approximation = in.d * bound.a;
  bound.mixed = sqrt(in.d * bound.a * bound.gamma);
  bound.total = constant("e6.multiplier") * (bound.coupling + bound.stopping + bound.approximation_squared +
                                             bound.approximation + bound.mixed + bound.gamma);
  return bound;
}

}  // namespace assay
