#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "theory/elastic.hpp"

// The closed forms, written once for every kind of number: Interval gives their values, Elastic values and elasticities.

namespace assay {

/// What the closed forms E0 to E4 depend on, constants of the table aside.
template <class Number>
struct FormulaInputs {
  Number n, d, sigma, delta, epsilon, lambda;
  Number radius;         ///< R of the bound of the change
  Number initial_error;  ///< |F(0) - Y|_F
  Bits bits = 64;
};

inline const Interval& value_of(const Interval& a) {
  return a;
}
inline const Interval& value_of(const Elastic& a) {
  return a.value;
}
/// A number that does not vary.
template <class Number>
Number fixed(const Interval& value) {
  if constexpr (std::is_same_v<Number, Interval>)
    return value;
  else
    return Number::constant(value);
}

/// a / b for a, b >= 0, where b may reach down to 0.
Interval ratio_of_nonnegative(const Interval& a, const Interval& b);
inline Elastic ratio_of_nonnegative(const Elastic& a, const Elastic& b) {
  return a / b;
}

/// E0 to E4. @tparam ConstantOf  gives the constant of a key as a Number.
template <class Number, class ConstantOf>
class ClosedFormulas {
 public:
  ClosedFormulas(FormulaInputs<Number> inputs, ConstantOf constant) : in_(std::move(inputs)), constant_(constant) {}

  Number samples() const { return in_.n * in_.d; }
  Number log_term() const { return log(samples() / in_.delta); }
  Number logit_bound(const Number& c) const { return max(c * in_.sigma * sqrt(log_term()), constant_("e0.floor")); }
  Number logit_bound() const { return logit_bound(constant_("e0.C")); }

  Number change_bound() const {
    return constant_("e1.multiplier") * in_.radius * samples() * exp_of("e1.exponent", logit_bound());
  }
  Number convex_radius() const {
    return in_.lambda / (constant_("e2.divisor") * samples() * exp_of("e2.exponent", logit_bound()));
  }
  Number width(const Number& c) const {
    return constant_("e3.multiplier") * sqr(ratio_of_nonnegative(samples() * log_term(), in_.lambda)) *
           exp_of("e3.exponent", logit_bound(c));
  }
  Number width() const { return width(constant_("e0.C")); }
  Number step_size() const {
    return constant_("e3.eta_multiplier") * in_.lambda /
           (width() * sqr(samples()) * exp_of("e3.eta_exponent", logit_bound()));
  }
  Number time_horizon() const {
    return constant_("e4.multiplier") * positive_part(log(samples() / in_.epsilon)) /
           (width() * step_size() * in_.lambda);
  }
  Number movement() const {
    return constant_("e4.D_multiplier") * exp_of("e4.D_exponent", logit_bound()) * sqrt(samples()) * in_.initial_error /
           (width() * in_.lambda);
  }
  /// P(|<w, x>| > b) for a row x of norm 1.
  Number tail(const Number& b) const { return erfc(b / (in_.sigma * fixed<Number>(sqrt(Interval(2, in_.bits))))); }
  Number break_width() const { return 2 * (failures(in_.delta) / failures(tail(logit_bound()))); }

 private:
  Number exp_of(const char* exponent, const Number& b) const { return exp(constant_(exponent) * b); }

  FormulaInputs<Number> in_;
  ConstantOf constant_;
};

/// What the score bound depends on; see ScoreInputs.
template <class Number>
struct ScoreFormulaInputs {
  Number n, d, lambda, delta, rkhs_radius, early_stopping;
};

/// Terms of the score bound; see ScoreBound. `gamma`, `mixed` and `total` are empty where Gamma_delta is certainly not
/// defined, with the reason in `undefined`.
template <class Number>
struct ScoreTerms {
  Number lambda_term, a, coupling, stopping, approximation_squared, approximation;
  std::optional<Number> gamma = {}, mixed = {}, total = {};
  std::string undefined = {};
  bool is_certainly_defined = false;  ///< at every number that the inputs may be
};

/// Why Gamma_delta is certainly not defined; empty where that is not certain.
template <class Number>
std::string why_gamma_is_undefined(const Number& n, const Number& logarithm) {
  if (certainly_less_equal(value_of(n), Interval(1.0, 2))) return "$\\log\\log n$ is not defined at $n=1$";
  if (certainly_negative(value_of(logarithm)))
    return "$\\Gamma_\\delta$ has the power $3/2$ of a negative logarithm, since $\\lambda>e(dn)^{3/2}A$";
  return {};
}

template <class Number, class ConstantOf>
ScoreTerms<Number> score_terms(const ScoreFormulaInputs<Number>& in, ConstantOf constant) {
  const Number lambda_term = constant("e6.c_Lambda") * sqrt(in.d), ratio = sqrt(in.rkhs_radius) / lambda_term;
  const Number a = constant("e6.c_1") * lambda_term * power(ratio, -2 / in.d) * log(ratio);
  ScoreTerms<Number> terms{lambda_term, a, 1 / (in.lambda * sqrt(in.n)), in.early_stopping, in.d * sqr(a), in.d * a};
  const Number outputs = in.d * in.n, scaled = in.d * a / in.lambda;
  const Number logarithm = 1 + log(outputs * sqrt(outputs) * a / in.lambda);
  terms.undefined = why_gamma_is_undefined(in.n, logarithm);
  terms.is_certainly_defined =
      certainly_less(Interval(1.0, 2), value_of(in.n)) && certainly_nonnegative(value_of(logarithm));
  if (!terms.undefined.empty()) return terms;
  terms.gamma = sqr(2 * in.d * scaled * logarithm * sqrt(logarithm) + 1 / sqrt(in.n)) +
                sqr(scaled) * (log(1 / in.delta) + log(log(in.n)));
  terms.mixed = sqrt(in.d * a * *terms.gamma);
  terms.total = constant("e6.multiplier") * (terms.coupling + terms.stopping + terms.approximation_squared +
                                             terms.approximation + *terms.mixed + *terms.gamma);
  return terms;
}

}  // namespace assay
