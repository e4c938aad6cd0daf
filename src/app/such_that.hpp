#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/variable.hpp"
#include "theory/claim.hpp"
#include "theory/inverse.hpp"

namespace assay::app {

/// A condition on the bounds, as typed after --such-that: "m<=1e9", "R_convex >= 1e-6", "m<=m_break", "event".
struct SuchThat {
  std::string bound;
  Relation relation = Relation::less_equal;
  std::string other_bound;  ///< what it is compared with; empty: `number`
  Decimal number;
  std::string words;  ///< what was typed, or what it stands for, for sentences
};

/// The name of a bound: in full, or short as in "T" for T_hat and "R" for R_convex.
/// @throws InputError that lists what there is.
std::string bound_named(std::string_view option, const std::string& name);

/// @throws InputError that shows the forms, or lists the bounds.
SuchThat such_that(std::string_view option, const std::string& text);

/// The condition on one variable, everything else as given, decided with enclosures of up to `limit` bits.
///
/// Over an interval: all bounds are continuous where they are defined. Where both sides are certainly defined, the left
/// one not negative and the right one positive, a sign of the elasticity of their quotient makes it monotone.
Condition condition_on(const ClosedFormInputs& inputs, const Variable& variable, const SuchThat& such_that, Bits limit);

}  // namespace assay::app
