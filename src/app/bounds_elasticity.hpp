#pragma once

#include <vector>

#include "app/variable.hpp"
#include "enclosure/refine.hpp"
#include "report/reports.hpp"

namespace assay::app {

/// d log(bound) / d log(variable) at the inputs, everything else as it is, lambda too where it was computed. Not defined
/// where the bound or the variable is 0, and for what is only known as a gap.
Known elasticity_of(const std::string& bound, const ClosedFormInputs& inputs, const Variable& variable,
                    const Precision& precision, bool& at_kink);

/// Adds those of every bound of the report in every one of these variables.
void add_elasticities(BoundsReport& report, const ClosedFormInputs& inputs, const std::vector<Variable>& variables,
                      const Precision& precision);

/// "n,sigma", or "all" for every hyperparameter that a bound depends on. @throws InputError
std::vector<Variable> elasticity_variables(const std::string& option, const std::string& list);

}  // namespace assay::app
