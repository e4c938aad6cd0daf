#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/closed_form_inputs.hpp"
#include "theory/elasticity.hpp"

namespace assay::app {

/// A number that the closed forms depend on, as --vary, --solve and --elasticity name it.
struct Variable {
  std::string name;      ///< as typed: "n", "C", "e1.exponent"
  std::string constant;  ///< its key in the table of constants; empty if it is a hyperparameter
  std::string words;     ///< what it is, for an axis or a sentence
  bool is_count = false;
  std::string lo, hi;  ///< where it is searched if nothing else is said; empty for constants other than C
};

/// The hyperparameters and C; any other constant of the table is a variable too.
const std::vector<Variable>& variables();
/// @throws InputError that lists what there is, and the nearest constant.
Variable variable_named(std::string_view option, const std::string& name);

/// Gives it a value in the inputs. Does not look whether that is in its range.
void set(ClosedFormInputs& inputs, const Variable& variable, const Decimal& value);
/// Its value there.
Decimal value_of(const ClosedFormInputs& inputs, const Variable& variable);

/// The inputs as the closed forms take them for an elasticity, with one variable anywhere in `values`.
VariedInputs varied_inputs(const ClosedFormInputs& inputs, const Variable& variable, const Interval& values, Bits bits);

}  // namespace assay::app
