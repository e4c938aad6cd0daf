#include "app/bounds_elasticity.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::app {
namespace {

constexpr double kElasticityWidth = 1e-15;
constexpr Bits kElasticityStart = 128, kMostPatience = 512;

bool is_exactly_zero(const Interval& a) {
  return a.is_point() && a.contains_zero();
}

}  // namespace

Known elasticity_of(const std::string& bound, const ClosedFormInputs& inputs, const Variable& variable,
                    const Precision& precision, bool& at_kink) {
  const Decimal at = value_of(inputs, variable);
  if (is_exactly_zero(at.at(kElasticityStart))) return Known::undefined(fmt::format("{} is 0", variable.name));
  Known result;
  at_kink = false;
  refine({kElasticityStart, std::max(precision.limit, kElasticityStart), Tier::deep}, [&](Level level) {
    const double before = result.range().relative_width();
    const ElasticBound found =
        elastic_bound(bound, inputs.constants, varied_inputs(inputs, variable, at.at(level.bits), level.bits));
    result = found.bound ? Known(found.bound->elasticity) : Known::undefined(found.because);
    if (!found.bound) return true;
    at_kink = found.bound->at_kink;
    if (is_exactly_zero(found.bound->value)) {
      result = Known::undefined("the bound is 0");
      return true;
    }
    const double width = result.range().relative_width();
    return width <= kElasticityWidth || (level.bits >= kMostPatience && width >= before / 2);
  });
  return result;
}

void add_elasticities(BoundsReport& report, const ClosedFormInputs& inputs, const std::vector<Variable>& variables,
                      const Precision& precision) {
  for (BoundsRow& row : report.rows)
    for (const Variable& variable : variables) {
      BoundsElasticity elasticity{variable.name, {}, false};
      elasticity.value = elasticity_of(row.name, inputs, variable, precision, elasticity.at_kink);
      row.elasticities.push_back(elasticity);
    }
}

std::vector<Variable> elasticity_variables(const std::string& option, const std::string& list) {
  std::vector<Variable> chosen;
  if (list == "all") {
    for (const char* name : {"n", "d", "sigma", "delta", "epsilon", "lambda", "C"})
      chosen.push_back(variable_named(option, name));
    return chosen;
  }
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t to = std::min(list.find(',', from), list.size());
    chosen.push_back(variable_named(option, list.substr(from, to - from)));
    from = to + 1;
  }
  return chosen;
}

}  // namespace assay::app
