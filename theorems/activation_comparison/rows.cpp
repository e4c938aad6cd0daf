#include "theorems/activation_comparison/rows.hpp"

#include <stdexcept>

namespace assay {

namespace {

void require_row(const Model& model) {
  if (const auto why = no_row(model)) throw std::invalid_argument(*why);
}

}  // namespace

Interval constant(const Setting& setting, const char* key, Level level) {
  return setting.constants().at(key, level.bits);
}

std::optional<std::string> no_row(const Model& model) {
  if (&model == &softmax() || &model == &exponential() || &model == &relu()) return std::nullopt;
  return "the paper has no row for " + model.name();
}

Interval comparison_logit_bound(const Setting& setting, Level level) {
  BoundInputs inputs = setting.bound_inputs(level);
  inputs.d = Interval::from_integer(1, level.bits);
  return ClosedForms(setting.constants(), inputs, level.bits).logit_bound();
}

Interval logit_bound(const Setting& setting, const Model& model, Level level) {
  return &model == &softmax() ? setting.closed_forms(level).logit_bound() : comparison_logit_bound(setting, level);
}

Interval row_slope(const Setting& setting, const Model& model, Level level) {
  require_row(model);
  if (&model == &relu()) return constant(setting, "e1.relu_multiplier", level) * setting.instance().n();
  BoundInputs inputs = setting.bound_inputs(level);
  inputs.radius = Interval::from_integer(1, level.bits);
  if (&model == &softmax()) return ClosedForms(setting.constants(), inputs, level.bits).change_bound();
  return constant(setting, "e1.exp_multiplier", level) * setting.instance().n() *
         exp(constant(setting, "e1.exponent", level) * comparison_logit_bound(setting, level));
}

Interval row_bound(const Setting& setting, const Model& model, Level level) {
  return row_slope(setting, model, level) * setting.radius(level.bits);
}

Interval row_radius(const Setting& setting, const Model& model, Level level) {
  if (&model == &softmax()) return setting.closed_forms(level, true).convex_radius();
  return kernel_lambda_min(setting, model, level) /
         (constant(setting, "e2.divisor", level) * row_slope(setting, model, level));
}

Known hidden_exponent(const Setting& setting, int power, Level level) {
  if (setting.instance().n() < 2) return Known::undefined("$n=1$ has no powers");
  BoundInputs inputs = setting.bound_inputs(level);
  inputs.n = assay::power(inputs.n, power);
  return constant(setting, "e3.exponent", level) * ClosedForms(setting.constants(), inputs, level.bits).logit_bound() /
         log(inputs.n);
}

Interval hidden_factor(const Setting& setting, const Model& model, const char* exponent, Level level) {
  require_row(model);
  if (&model == &relu()) return Interval::from_integer(1, level.bits);
  return exp(constant(setting, exponent, level) * logit_bound(setting, model, level));
}

}  // namespace assay
