#include "app/variable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay::app {

const std::vector<Variable>& variables() {
  static const std::vector<Variable> all{
      {"n", "", "n, number of samples", true, "1", "1e12"},
      {"d", "", "d, dimension of the labels", true, "1", "1e12"},
      {"d_in", "", "d_in, dimension of the inputs", true, "1", "1e12"},
      {"sigma", "", "sigma, scale of the initialization", false, "1e-6", "1e6"},
      {"delta", "", "delta, allowed probability of failure", false, "1e-12", "0.999999999999"},
      {"epsilon", "", "epsilon, target of the squared error", false, "1e-12", "1e12"},
      {"lambda", "", "lambda, smallest eigenvalue of the kernel", false, "1e-12", "1e6"},
      {"C", "e0.C", "C, factor of the bound of the logits", false, "1e-3", "1e3"},
      {"radius", "", "R, radius of the perturbation", false, "1e-12", "1"},
      {"rkhs_radius", "", "R_H, squared norm of the approximating function", false, "", ""},
      {"early_stopping", "", "early stopping error", false, "0", "1e6"}};
  return all;
}

Variable variable_named(std::string_view option, const std::string& name) {
  std::string wanted = name, listed;
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  for (const Variable& variable : variables()) {
    if (variable.name == wanted || (!variable.constant.empty() && variable.constant == name)) return variable;
    listed += (listed.empty() ? "" : ", ") + variable.name;
  }
  const Constants constants;
  if (constants.all().contains(name))
    return {name, name, fmt::format("{}, a constant of the statements", name), false, "", ""};
  throw InputError(fmt::format("{}: unknown variable {}; expected one of {}, or a constant (assay list --constants)",
                               option, shown(name), listed));
}

namespace {

/// The hyperparameter of that name; nullptr for those that may be left out.
template <class Inputs>
auto* required_input(Inputs& inputs, const std::string& name) {
  return name == "n"                ? &inputs.n
         : name == "d"              ? &inputs.d
         : name == "sigma"          ? &inputs.sigma
         : name == "delta"          ? &inputs.delta
         : name == "epsilon"        ? &inputs.epsilon
         : name == "lambda"         ? &inputs.lambda
         : name == "early_stopping" ? &inputs.early_stopping
                                    : nullptr;
}

}  // namespace

void set(ClosedFormInputs& inputs, const Variable& variable, const Decimal& value) {
  if (!variable.constant.empty()) return inputs.constants.set(variable.constant, value.text());
  if (Decimal* input = required_input(inputs, variable.name)) {
    *input = value;
    return;
  }
  if (variable.name == "d_in") inputs.d_in = value;
  if (variable.name == "radius") inputs.radius = value;
  if (variable.name == "rkhs_radius") inputs.rkhs_radius = value;
}

Decimal value_of(const ClosedFormInputs& inputs, const Variable& variable) {
  if (!variable.constant.empty()) return inputs.constants[variable.constant].value;
  if (const Decimal* input = required_input(inputs, variable.name)) return *input;
  if (variable.name == "d_in") return inputs.d_in.value_or(inputs.d);
  if (variable.name == "radius") return inputs.radius.value_or(inputs.constants["e1.radius_max"].value);
  if (inputs.rkhs_radius) return *inputs.rkhs_radius;
  throw InputError(
      fmt::format("{0}: expected --{1} to be given, as its default depends on others", variable.name, "rkhs-radius"));
}

VariedInputs varied_inputs(const ClosedFormInputs& inputs, const Variable& variable, const Interval& values,
                           Bits bits) {
  const auto constant = [&](const char* key) {
    return variable.constant == key ? Elastic::variable(values) : Elastic::constant(inputs.constants.at(key, bits));
  };
  const auto input = [&](const char* name, const Interval& value) {
    return variable.name == name ? Elastic::variable(values) : Elastic::constant(value);
  };
  const BoundInputs at = inputs.bound_inputs(bits);
  const ScoreInputs score = inputs.score_inputs(bits);
  const Elastic n = input("n", at.n), d = input("d", at.d);
  const bool has_radius = inputs.radius || variable.name == "radius";
  const bool has_rkhs_radius = inputs.rkhs_radius || variable.name == "rkhs_radius";
  const Elastic radius = has_radius ? input("radius", at.radius) : constant("e1.radius_max");
  const Elastic rkhs =
      has_rkhs_radius ? input("rkhs_radius", score.rkhs_radius) : 100 * d * sqr(constant("e6.c_Lambda"));
  const Elastic lambda = input("lambda", at.lambda), delta = input("delta", at.delta);
  return {{n, d, input("sigma", at.sigma), delta, input("epsilon", at.epsilon), lambda, radius, sqrt(n), bits},
          {n, d, lambda, delta, rkhs, input("early_stopping", score.early_stopping)},
          variable.constant,
          values};
}

}  // namespace assay::app
