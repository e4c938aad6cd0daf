#pragma once

#include <cstdint>

#include "enclosure/interval.hpp"

namespace assay {

/// For tests. While one lives, everything that is known is known less well: every interval that an operation returns is
/// widened at both ends, and every bound from one side (AtMost, AtLeast) and every ball is moved away from what it
/// bounds by up to a third, at random. No verdict may turn into its opposite by that: one that does rests on the wrong
/// side of a bound.
class Loosening {
 public:
  explicit Loosening(std::uint64_t seed);
  ~Loosening();
  Loosening(const Loosening&) = delete;
  Loosening& operator=(const Loosening&) = delete;
};

namespace loosening {

bool active();
/// Moves both ends outward by a random part of their magnitude, up to `most`; an end that is 0 stays.
void widen(mpfi_ptr interval, double most);
inline constexpr double kOfOperation = 0x1p-40, kOfBound = 1.0 / 3;

}  // namespace loosening

}  // namespace assay
