#pragma once

#include <stdexcept>

namespace assay {

/// The arithmetic of the calling thread is not what the proofs assume: nothing may be called proved.
class UnsoundEnvironment : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Checks that the arithmetic below every proof is what the proofs assume, on the calling thread.
///
/// Subnormal doubles are kept (no flush-to-zero, no denormals-are-zero), double operations round to nearest in 53 bits
/// (no extended precision, no other rounding mode), and MPFI rounds outward (the enclosure of 1 + 2^-54 at 53 bits
/// contains 1 and is not a point).
///
/// The library asks for itself wherever it enters rigorous arithmetic in double: on every thread of a pass over the
/// neurons and of parallel_for, before eigenvalues and norms are bounded, and where a subnormal number becomes an
/// interval or comes out of one.
/// @throws UnsoundEnvironment naming what is wrong.
/// @cost   a few operations in double; MPFI is asked once.
void require_sound_environment();

}  // namespace assay
