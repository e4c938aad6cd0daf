#pragma once

#include "data/instance.hpp"

namespace assay {

/// Whether a request makes sense before any file is read.
/// @throws InputError for incomplete or contradictory options, and for values out of their range.
void require_consistent(const InstanceRequest& request);

}  // namespace assay
