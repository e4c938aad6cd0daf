#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "theory/bounds.hpp"

namespace assay::app {

/// Hyperparameters of the closed forms as given, with what `bounds` takes where nothing is given.
struct ClosedFormInputs {
  Decimal n{"10"}, d{"4"};
  std::optional<Decimal> d_in;  ///< in no closed form; d where not given
  Decimal sigma{"1"}, delta{"0.1"}, epsilon{"0.01"}, lambda{"0.1"};
  std::optional<Decimal> radius;       ///< e1.radius_max where not given
  std::optional<Decimal> rkhs_radius;  ///< R_H; 100 d c_Lambda^2 where not given, so that sqrt(R_H) = 10 Lambda
  Decimal early_stopping{"0"};
  Constants constants;
  /// lambda where it was computed, in place of the number above, and from what.
  std::optional<Interval> computed_lambda = {};
  /// Where lambda comes from, a sentence in Markdown.
  std::string lambda_source = {};

  Interval lambda_at(Bits bits) const { return computed_lambda ? *computed_lambda : lambda.at(bits); }
  BoundInputs bound_inputs(Bits bits) const;
  ScoreInputs score_inputs(Bits bits) const;
};

/// @throws InputError that names the option, unless n, d >= 1 are integers, sigma, epsilon, lambda > 0,
///         delta is in (0, 1), radius, early_stopping >= 0 and sqrt(R_H) > Lambda.
void require_valid(const ClosedFormInputs& inputs);

/// Name and value of each, defaults included, as a report shows them.
std::vector<std::pair<std::string, std::string>> input_texts(const ClosedFormInputs& inputs);

}  // namespace assay::app
