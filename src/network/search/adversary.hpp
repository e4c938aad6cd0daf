#pragma once

#include "data/instance.hpp"
#include "enclosure/interval.hpp"

namespace assay {

/// Which norm of H(W~) - H(W) an adversary enlarges.
enum class KernelNorm { frobenius, spectral };

struct AdversaryOptions {
  int starts = 3;  ///< independent starting points
  int steps = 60;  ///< at most, for each start
  std::uint64_t seed = 1;
  KernelNorm norm = KernelNorm::frobenius;
};

/// A guess, in double, of the worst weights in the ball |w~_r - w_r| <= radius: large |H(W~) - H(W)|.
///
/// The map W~ -> |H(W~) - H(W)|^2 is close to a convex quadratic for small radii, so each step goes to the point of the
/// ball that is extreme in the direction of the gradient (conditional gradient with step 1), from random starts.
/// Nothing is proved here: enclose the norm at the returned weights. They are shrunk towards W until every
/// |w~_r - w_r| <= radius is certain, exactly as doubles.
/// @param radius  its lower end is used; >= 0.
/// @cost   starts * steps of ApproxNetworks::at and gradient.
RealMatrix approx_worst_weights(const Instance& instance, const Interval& radius, const AdversaryOptions& options);

/// Shrinks each row of w~ towards w until |w~_r - w_r| <= radius is certain, exactly as doubles.
void pull_inside(RealMatrix& w_tilde, const RealMatrix& w, const Interval& radius);

/// Largest |w~_r - w_r|_2 over the neurons. @throws std::invalid_argument for unequal shapes.
Interval largest_displacement(const RealMatrix& w_tilde, const RealMatrix& w, Bits bits);

}  // namespace assay
