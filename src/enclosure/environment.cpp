#include "enclosure/environment.hpp"

#include <limits>

#include "enclosure/interval.hpp"

namespace assay {

namespace {

bool mpfi_rounds_outward() {
  const Interval canary = Interval(1, 53) + Interval(0x1p-54, 53);
  return canary.contains(1.0) && !canary.is_point() && canary.upper_double() > 1;
}

}  // namespace

void require_sound_environment() {
  // volatile: the machine must do these, not the compiler.
  volatile double smallest_normal = std::numeric_limits<double>::min(), half = 0.5;
  volatile double subnormal = smallest_normal * half;
  if (!(subnormal > 0) || !(subnormal * 2 > 0))
    throw UnsoundEnvironment("this process flushes subnormal doubles to zero (FTZ or DAZ is on)");

  volatile double one = 1, third = one / 3, tiny = std::numeric_limits<double>::epsilon() / 2;
  volatile double tie_down = one + tiny, above_tie = one + tiny * 1.25;
  if (tie_down != 1 || above_tie == 1 || third * 3 != 1)
    throw UnsoundEnvironment("double arithmetic does not round to nearest in 53 bits");

  static const bool outward = mpfi_rounds_outward();
  if (!outward) throw UnsoundEnvironment("MPFI does not round outward: the enclosure of 1 + 2^-54 is wrong");
}

}  // namespace assay
