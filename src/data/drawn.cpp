#include "data/drawn.hpp"

#include <cmath>

#include "data/unit_ball.hpp"

namespace assay {

void draw_pair_weights(std::uint64_t seed, double sigma, std::uint64_t pair, std::span<double> w) {
  fill_normals(seed, Stream::weights, pair, w);
  for (double& entry : w) entry *= sigma;
}

void draw_pair_signs(std::uint64_t seed, std::uint64_t pair, std::span<std::int8_t> a) {
  fill_signs(seed, pair, a);
}

void draw_sphere_point(std::uint64_t seed, Stream stream, std::uint64_t row, std::span<double> point) {
  fill_normals(seed, stream, row, point);
  double sum = 0;  // in this order: a library's vectorized sum would round differently from machine to machine
  for (const double entry : point) sum += entry * entry;
  const double norm = std::sqrt(sum);  // positive, as a drawn normal is never 0
  for (double& entry : point) entry /= norm;
  shrink_into_unit_ball(point);
}

}  // namespace assay
