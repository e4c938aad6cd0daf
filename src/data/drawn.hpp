#pragma once

#include <cstdint>
#include <span>

#include "chance/draw.hpp"

namespace assay {

/// The weight vector that both neurons of a pair share: sigma times a standard normal vector, one rounded product each.
/// A pure function of its arguments, so a network of any width can be streamed and a wider one contains the narrower.
/// @param pair  counts from 0; the pair consists of neurons 2 pair and 2 pair + 1, counted from 0.
/// @param w     d_in entries.
void draw_pair_weights(std::uint64_t seed, double sigma, std::uint64_t pair, std::span<double> w);

/// The output signs of the first neuron of a pair; those of the second are their negatives.
/// @param a  d entries, +1 or -1.
void draw_pair_signs(std::uint64_t seed, std::uint64_t pair, std::span<std::int8_t> a);

/// A point on the unit sphere, uniform up to rounding, and never outside the unit ball (in_unit_ball).
/// @param stream  Stream::inputs or Stream::labels.
void draw_sphere_point(std::uint64_t seed, Stream stream, std::uint64_t row, std::span<double> point);

}  // namespace assay
