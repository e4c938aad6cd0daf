#pragma once

#include "theory/theorem.hpp"

// Hypotheses that several theorems share.

namespace assay {

/// |x_i|_2 <= 1 for all i.
Statement inputs_in_unit_ball();

/// The event of basic_event on the instance: |<w_r, x_i>| <= B for all i, r.
Statement logits_at_most_b();

}  // namespace assay
