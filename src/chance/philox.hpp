#pragma once

#include <array>
#include <cstdint>

namespace assay {

/// One block of the counter-based generator Philox4x32-10: 128 random bits as a pure function of a 64-bit key and a
/// 128-bit counter, without state, so any entry can be had in any order and by any thread.
///
/// @param key      two words, the low one first.
/// @param counter  four words, the lowest one first. For a fixed key, distinct counters give distinct blocks.
/// @return         four words; the first two and the last two are commonly joined to 64 bits, the low word first.
/// @cost    20 products of 32 x 32 bits.
/// @source  Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 2> key, std::array<std::uint32_t, 4> counter);

}  // namespace assay
