#pragma once

// Random small networks, and points of a ball around their weights.

#include <cmath>
#include <vector>

#include "data/instance.hpp"
#include "enclosure/matrix.hpp"
#include "support/random_cases.hpp"

namespace assay {

/// paired: every pair r, r + 1 (r even) shares its weights and has opposite signs. mixed: some pairs do, some share
/// the weights only, some neurons are equal without being neighbours.
enum class Pairing { paired, unpaired, mixed };

struct Shape {
  Index n, d_in, d, m;
};

inline RealMatrix random_matrix(Random& random, Index rows, Index columns, double largest) {
  RealMatrix result(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) result(i, j) = random.between(-largest, largest);
  return result;
}

inline SignMatrix random_signs(Random& random, Index rows, Index columns) {
  SignMatrix result(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) result(i, j) = random.one_in(2) ? 1 : -1;
  return result;
}

inline void pair_up(Instance& instance) {
  for (Index r = 0; r + 1 < instance.m(); r += 2) {
    instance.w.row(r + 1) = instance.w.row(r);
    instance.a.row(r + 1) = -instance.a.row(r);
  }
}

inline void repeat_some(Instance& instance, Random& random) {
  for (Index r = 1; r < instance.m(); ++r) {
    const Index earlier = random.integer(0, r - 1);
    if (random.one_in(3)) instance.w.row(r) = instance.w.row(earlier);
    if (random.one_in(3)) instance.w.row(r) = instance.w.row(r - 1);
    if (random.one_in(3)) instance.a.row(r) = instance.a.row(earlier);
    if (random.one_in(4)) instance.a.row(r) = -instance.a.row(r - 1);
  }
}

/// Inputs and labels in the unit ball, weights with entries up to `scale`.
inline Instance random_instance(Random& random, const Shape& shape, Pairing pairing, double scale) {
  Instance instance;
  instance.x = random_matrix(random, shape.n, shape.d_in, 1 / std::sqrt(static_cast<double>(shape.d_in)));
  instance.y = random_matrix(random, shape.n, shape.d, 1 / std::sqrt(static_cast<double>(shape.d)));
  instance.w = random_matrix(random, shape.m, shape.d_in, scale);
  instance.a = random_signs(random, shape.m, shape.d);
  if (pairing == Pairing::paired) pair_up(instance);
  if (pairing == Pairing::mixed) repeat_some(instance, random);
  return instance;
}

/// sum_k (w~_{r,k} - w_{r,k})^2 <= radius^2 for certain.
inline bool certainly_inside(const RealMatrix& w_tilde, const RealMatrix& w, Index r, const Interval& radius) {
  constexpr Bits kExact = 2500;  // differences of the doubles used here, and their squares, without rounding
  Interval sum = Interval::from_integer(0, kExact);
  for (Index k = 0; k < w.cols(); ++k) sum += sqr(Interval(w_tilde(r, k), kExact) - Interval(w(r, k), kExact));
  return certainly_less_equal(sum, sqr(radius.rounded_to(kExact)));
}

/// w_r + radii[r] direction_r in double, pulled back until it certainly lies in the ball. Directions have norm <= 1.
inline RealMatrix moved(const RealMatrix& w, const RealMatrix& direction, const IntervalVector& radii) {
  RealMatrix result = w;
  for (Index r = 0; r < w.rows(); ++r) {
    const Interval& radius = radii[static_cast<std::size_t>(r)];
    double length = radius.lower_double();
    for (double cut = 0x1p-53; cut < 1; cut *= 2, length *= 1 - cut) {
      result.row(r) = w.row(r) + length * direction.row(r);
      if (certainly_inside(result, w, r, radius)) break;
      result.row(r) = w.row(r);
    }
  }
  return result;
}

/// One unit vector a row.
inline RealMatrix random_directions(Random& random, Index rows, Index columns) {
  RealMatrix result = random_matrix(random, rows, columns, 1);
  for (Index r = 0; r < rows; ++r) result.row(r) /= std::max(result.row(r).norm(), 1e-9);
  return result;
}

}  // namespace assay
