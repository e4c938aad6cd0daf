#pragma once

#include <string>

#include "enclosure/interval.hpp"

namespace assay {

/// An interval as text that `from_exact_text` reads back as the same interval: the same precision, the same ends.
/// "64 0x1.8p+0 0x1.9p+0"
std::string exact_text(const Interval& a);

/// @param most_bits  beyond that a precision is absurd.
/// @throws std::invalid_argument for any other text, or more bits.
Interval from_exact_text(const std::string& text, Bits most_bits);

}  // namespace assay
