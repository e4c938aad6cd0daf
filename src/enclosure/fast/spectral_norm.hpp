#pragma once

#include "enclosure/fast/eigenvalue.hpp"

namespace assay::fast {

/// Upper bound of |A|_2 for every symmetric A in the ball, without an eigenvector:
///
///   |B|_2 = |B B'|_2^(1/2),  three times over, and at last |B|_2 <= |B|_F;   |fl(B B') - B B'|_F <= gamma_N |B|_F^2
///
/// It exceeds |A|_2 by at most a factor N^(1/16), whatever the spectrum. Infinite if an entry is not finite.
/// @cost  3 products of N x N matrices.
[[nodiscard]] double upper_spectral_norm(const SymmetricBall& a);

}  // namespace assay::fast
