#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/bounds_grid.hpp"
#include "app/such_that.hpp"
#include "report/inverse.hpp"

namespace assay::app {

/// --solve VARIABLE --such-that CONDITION --between LO:HI --to T.
struct InverseQuestion {
  Variable variable;
  std::vector<SuchThat> conditions;
  Decimal lo, hi;
  double relative_gap = 1e-12;
};

/// @throws InputError: the variable has no range of its own and none was given, or the range leaves what it may be.
InverseQuestion inverse_question(const std::string& variable, const std::vector<std::string>& conditions,
                                 const std::optional<std::string>& between, double relative_gap,
                                 const ClosedFormInputs& inputs);

/// One answer per point of the grid, as far as the time allows. @throws InputError where lambda comes from rows and depends on the variable.
std::vector<InverseAnswer> inverse_answers(const InverseQuestion& question, const BoundsGrid& grid,
                                           const ClosedFormInputs& others, KernelLambda& lambda,
                                           const Precision& precision);

}  // namespace assay::app
