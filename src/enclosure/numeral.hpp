#pragma once

#include <cstdint>
#include <optional>

#include "enclosure/decimal.hpp"

// What a number as written is, where something else than an enclosure of it is needed.

namespace assay {

/// Whether every enclosure is finite, and none of a number that is not 0 has 0 as an end: the range of MPFR ends at
/// about 10^(+-323228496).
[[nodiscard]] bool is_in_range(const Decimal& number);

/// The double nearest to the number, ties to even; 0 or infinite beyond the range of double.
double nearest_double(const Decimal& number);

/// Whether the number is exactly x.
[[nodiscard]] bool is_exactly(const Decimal& number, double x);

/// The number, if it is an integer that fits.
std::optional<std::int64_t> integer_of(const Decimal& number);
std::optional<std::uint64_t> natural_of(const Decimal& number);

}  // namespace assay
