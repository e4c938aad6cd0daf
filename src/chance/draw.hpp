#pragma once

#include <cstdint>
#include <span>

namespace assay {

/// What a random number is for. The values are part of every drawn number: never renumber, only append.
enum class Stream : std::uint32_t {
  weights = 0,
  signs = 1,
  inputs = 2,
  labels = 3,
  search = 4,
  diffusion_choice = 16,  ///< times and components of the data law
  diffusion_data = 17,    ///< within a component
  diffusion_noise = 18,   ///< of the forward process
  reverse_noise = 19      ///< of the reverse process
};

// Every entry is a pure function of its arguments: no state, no order, no number of threads and no size of the matrix
// enters. Philox is keyed by the seed; its counter holds the row (64 bits), the block of columns and the stream.

/// A standard normal entry of the matrix (seed, stream); see standard_normal for what "normal" means.
/// @param column  below 2^57.
double normal_entry(std::uint64_t seed, Stream stream, std::uint64_t row, std::uint64_t column);

/// A uniform entry of (0, 1) of the matrix (seed, stream); see uniform_open. @param column  below 2^57.
double uniform_entry(std::uint64_t seed, Stream stream, std::uint64_t row, std::uint64_t column);

/// A fair sign, +1 or -1, of the matrix (seed, Stream::signs). @param column  below 2^63.
int sign_entry(std::uint64_t seed, std::uint64_t row, std::uint64_t column);

/// entries[column] = normal_entry(seed, stream, row, column) for every column of `entries`.
/// @cost  one Philox block per two entries.
void fill_normals(std::uint64_t seed, Stream stream, std::uint64_t row, std::span<double> entries);

/// entries[column] = sign_entry(seed, row, column) for every column of `entries`.
/// @cost  one Philox block per 128 entries.
void fill_signs(std::uint64_t seed, std::uint64_t row, std::span<std::int8_t> entries);

}  // namespace assay
