#pragma once

#include <optional>

#include "enclosure/matrix.hpp"

namespace assay {

/// A guess S of the inverse of a Cholesky factor of K, entries exact numbers: S K S' is near the identity.
/// @param k  symmetric. @return nothing if a pivot is not positive at this precision.
/// @cost  N^3 / 3 MPFR operations.
std::optional<IntervalMatrix> approx_whitening(const IntervalMatrix& k, Bits bits);

}  // namespace assay
