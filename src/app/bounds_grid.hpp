#pragma once

#include <functional>
#include <vector>

#include "app/kernel_lambda.hpp"
#include "app/range.hpp"
#include "app/variable.hpp"
#include "enclosure/stop.hpp"
#include "report/bounds_table.hpp"

namespace assay::app {

/// Hyperparameters of which some take several values: every combination is a point.
class BoundsGrid {
 public:
  /// @param varied  as typed after --vary. @throws InputError for an unknown variable, one that is given twice, or more
  ///                than kMostValues points.
  explicit BoundsGrid(const std::vector<VariedValues>& varied);

  const std::vector<Variable>& variables() const { return variables_; }
  bool varies(std::string_view name) const;
  /// Points; 1 where nothing varies.
  std::size_t size() const;
  /// The values at point k; the last variable changes fastest.
  std::vector<Decimal> values_at(std::size_t k) const;
  /// The inputs there. @throws InputError that names --vary for a value outside its range.
  ClosedFormInputs inputs_at(std::size_t k, const ClosedFormInputs& others) const;

 private:
  std::vector<Variable> variables_;
  std::vector<std::vector<Decimal>> values_;
};

/// All bounds at all points of a grid; where the time ended, at the first ones. @throws Stopped if that is none.
/// @param lambda  sets lambda of each point where it comes from rows.
BoundsTable bounds_table(const BoundsGrid& grid, const ClosedFormInputs& others, KernelLambda& lambda,
                         const std::vector<Variable>& elasticities, const Precision& precision);

/// "Only the first 3 of 15 points: the time limit was reached."
std::string stopped_note(const Stopped& stopped, std::size_t done, std::size_t of);

/// Name and value of those inputs that do not vary.
std::vector<std::pair<std::string, std::string>> fixed_inputs(const ClosedFormInputs& inputs,
                                                              const std::vector<Variable>& varying);

}  // namespace assay::app
