#pragma once

#include "network/ball_eigenvalue.hpp"
#include "setting/setting.hpp"
#include "theory/chart.hpp"

namespace assay {

/// Balls around W in which the smallest eigenvalue of the kernel keeps half of its value, lambda / 2: how large a
/// radius is proved, and how small a one is refuted by an explicit network (theory E2, D1, D2).
///
/// A view of a setting, which keeps what it computes. Radii are guessed once, in double, and proved on each rung, so a
/// radius is the same number on every rung that proves it.
class ConvexRegion {
 public:
  ConvexRegion(const Setting& setting, Level level) : setting_(setting), level_(level) {}

  /// Ways to bound lambda_min over a ball.
  enum class Bound {
    entrywise,       ///< lambda - |Delta|_2 with D1's entrywise bound
    singular_value,  ///< (sqrt lambda - nu)^2 with D1's bound nu of the Jacobian's change
    tensor           ///< ball_eigenvalue.hpp
  };
  /// R_true, the largest radius at which the ball keeps lambda / 2, is at least what this method proves on this rung; 0
  /// if it proves nothing.
  AtLeast radius_of(Bound method) const;
  /// The best of the three on this rung.
  AtLeast certified_radius() const;
  /// R_true from certified_radius() to failing_radius().
  Known true_radius() const { return Known::between(certified_radius(), failing_radius()); }
  /// R_* of the paper (E2).
  Interval paper_radius() const;
  /// inf of lambda_min(H(W~)) over the ball of the given radius: above by lambda, below by the best bound at hand.
  Known least_eigenvalue_within(const Interval& radius) const;
  /// lambda / 2.
  Interval half() const { return setting_.lambda_min(level_) / 2; }

  /// An explicit W~ at which lambda_min(H(W~)) seems to be below lambda / 2, as near as a search found it; null if it
  /// found none, or W is not in memory.
  const RealMatrix* failing_weights() const;
  /// lambda_min(H(W~)) there, never negative.
  Interval failing_eigenvalue() const;
  /// R_true is at most the largest |w~_r - w_r| there, if lambda_min(H(W~)) < lambda / 2 is proved on this rung.
  AtMost failing_radius() const;
  /// File with failing_weights(), written when first asked for; nothing if no folder was given.
  std::optional<std::string> failing_weights_file() const;
  /// failing_weights() pulled into the ball of certified_radius(): a point where the Polyak-Lojasiewicz inequality has
  /// to hold.
  RealMatrix weights_inside() const;

  /// |grad L|_F^2 and m lambda L at these weights (of the setting's shape).
  struct Slope {
    Interval squared_gradient, bound;
  };
  Slope slope_at(const RealMatrix& w) const;

  /// The smallest curvature of the loss at W: below by D2, above at an explicit direction.
  Known least_curvature() const;

  /// lambda_min against the radius: proved for the whole ball, and reached on the way to failing_weights(). Empty where
  /// doubles cannot guess.
  std::vector<Chart> charts() const;

  /// Whether lambda_min(H(W~)) >= lambda / 2 over the ball of this radius is proved by this method.
  bool keeps_half(Bound method, const Interval& radius) const;
  /// lambda_min(H(W~)) at one W~, never negative.
  Interval eigenvalue_at(const RealMatrix& w) const;

 private:
  const BallKernel* kernel() const;
  bool is_proved(Bound method) const;
  const Setting& setting_;
  Level level_;
};

}  // namespace assay
