#pragma once

#include <span>

#include "data/instance.hpp"

namespace assay {

/// Whether the Euclidean norm of a row of doubles, taken as exact numbers, is at most 1. Decided in integers: no
/// rounding.
/// @throws std::invalid_argument if an entry is not finite.
/// @cost   one square of a 1074-bit integer per entry, about a microsecond.
[[nodiscard]] bool in_unit_ball(std::span<const double> row);

/// Multiplies `row` by 1 - 2^-52, with rounding, until in_unit_ball(row).
///
/// For rows that were meant to have norm 1 and miss it by rounding: each step takes at least one ulp from every normal
/// entry.
/// @throws std::invalid_argument if the squared norm exceeds 1 + 1e-9 or is not finite.
void shrink_into_unit_ball(std::span<double> row);

/// The same for several rows with one common number of steps, the least that brings each of them into the unit ball.
/// @throws std::invalid_argument as shrink_into_unit_ball.
void shrink_rows_into_unit_ball(RealMatrix& rows);

}  // namespace assay
