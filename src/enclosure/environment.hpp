#pragma once

namespace assay {

/// Checks once that the arithmetic below every proof is what the proofs assume.
///
/// Subnormal doubles are kept (no flush-to-zero, no denormals-are-zero), double operations round to nearest in 53 bits
/// (no extended precision, no other rounding mode), and MPFI rounds outward (the enclosure of 1 + 2^-54 at 53 bits
/// contains 1 and is not a point).
/// @throws std::runtime_error naming what is wrong; nothing may be called proved then.
void require_sound_environment();

}  // namespace assay
