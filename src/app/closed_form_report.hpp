#pragma once

#include "app/closed_form_inputs.hpp"
#include "enclosure/refine.hpp"
#include "report/reports.hpp"

namespace assay::app {

/// All closed forms of part E, each with enough bits for a relative width of 1e-15 (within the limit), what drives it,
/// and whether it is vacuous. |F(0) - Y|_F is bounded by sqrt n, as at paired initialization.
BoundsReport closed_form_report(const ClosedFormInputs& inputs, const Precision& precision);

/// One of them, to another relative width. @throws std::invalid_argument for an unknown name.
Known closed_form_value(const std::string& name, const ClosedFormInputs& inputs, const Precision& precision,
                        double relative_width);

}  // namespace assay::app
