#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "theory/closed_formulas.hpp"
#include "theory/constants.hpp"

namespace assay {

/// Hyperparameters of the closed forms of which one varies, at one value or anywhere in an interval: that one is
/// Elastic::variable, all others are constants. It may be a constant of the table.
struct VariedInputs {
  FormulaInputs<Elastic> forms;
  ScoreFormulaInputs<Elastic> score;
  std::string constant_key = {};  ///< of the constant that varies; empty if it is none
  Interval constant_value = {};   ///< where it varies
};

/// A bound with its elasticity, or why there is none.
struct [[nodiscard]] ElasticBound {
  std::optional<Elastic> bound;  ///< only where it is defined at every one of the values
  std::string because = {};      ///< Markdown
  bool is_undefined = false;     ///< certainly not defined at any of the values
};

/// One bound by its name. There is none of C_consistent_min, which is the end of a search.
/// @throws std::invalid_argument for a name that is not among names_of_elastic_bounds().
ElasticBound elastic_bound(std::string_view name, const Constants& constants, const VariedInputs& inputs);

const std::vector<std::string>& names_of_elastic_bounds();

}  // namespace assay
