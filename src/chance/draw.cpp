#include "chance/draw.hpp"

#include <array>
#include <cassert>

#include "chance/normal.hpp"
#include "chance/philox.hpp"

namespace assay {
namespace {

constexpr std::uint64_t words_per_block = 2, signs_per_block = 128;

/// 128 random bits as two words.
std::array<std::uint64_t, 2> bits_of(std::uint64_t seed, Stream stream, std::uint64_t row, std::uint64_t block) {
  assert(block < std::uint64_t{1} << 56);  // the stream takes the top 8 bits of the counter
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const auto high = [](std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); };
  const auto words = philox4x32({low(seed), high(seed)}, {low(row), high(row), low(block),
                                                          high(block) | static_cast<std::uint32_t>(stream) << 24});
  return {words[0] | std::uint64_t{words[1]} << 32, words[2] | std::uint64_t{words[3]} << 32};
}

int sign_of(const std::array<std::uint64_t, 2>& bits, std::uint64_t column) {
  const std::uint64_t place = column % signs_per_block;
  return (bits[place / 64] >> (place % 64) & 1) == 0 ? 1 : -1;
}

}  // namespace

double normal_entry(std::uint64_t seed, Stream stream, std::uint64_t row, std::uint64_t column) {
  return standard_normal(bits_of(seed, stream, row, column / words_per_block)[column % words_per_block]);
}

double uniform_entry(std::uint64_t seed, Stream stream, std::uint64_t row, std::uint64_t column) {
  return uniform_open(bits_of(seed, stream, row, column / words_per_block)[column % words_per_block]);
}

int sign_entry(std::uint64_t seed, std::uint64_t row, std::uint64_t column) {
  return sign_of(bits_of(seed, Stream::signs, row, column / signs_per_block), column);
}

void fill_normals(std::uint64_t seed, Stream stream, std::uint64_t row, std::span<double> entries) {
  for (std::size_t column = 0; column < entries.size(); column += words_per_block) {
    const auto bits = bits_of(seed, stream, row, column / words_per_block);
    entries[column] = standard_normal(bits[0]);
    if (column + 1 < entries.size()) entries[column + 1] = standard_normal(bits[1]);
  }
}

void fill_signs(std::uint64_t seed, std::uint64_t row, std::span<std::int8_t> entries) {
  std::array<std::uint64_t, 2> bits{};
  for (std::size_t column = 0; column < entries.size(); ++column) {
    if (column % signs_per_block == 0) bits = bits_of(seed, Stream::signs, row, column / signs_per_block);
    entries[column] = static_cast<std::int8_t>(sign_of(bits, column));
  }
}

}  // namespace assay
