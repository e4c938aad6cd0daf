#pragma once

#include <algorithm>
#include <stdexcept>

#include "enclosure/interval.hpp"

namespace assay {

/// The precisions that are tried for one question: start, twice that, and so on up to the limit.
struct Precision {
  Bits start = 64;
  Bits limit = 2048;
};

/// Calls attempt(bits) with doubled precision until it returns true or the limit has been tried.
/// @return the last precision that was tried.
/// @throws std::invalid_argument unless both ends of the ladder are positive.
template <class Attempt>
Bits refine(const Precision& precision, Attempt attempt) {
  Bits bits = std::min(precision.start, precision.limit);
  if (bits < 1) throw std::invalid_argument("refine: expected a precision of at least 1 bit");
  while (!attempt(bits) && bits < precision.limit) bits = std::min(2 * bits, precision.limit);
  return bits;
}

}  // namespace assay
