#pragma once

#include "enclosure/ball.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "enclosure/matrix.hpp"
#include "enclosure/norm.hpp"

namespace assay {

using fast::RowMajorMatrix;

/// A real matrix known to lie within `radii` of `middle`, entry by entry; nothing is known where a radius is infinite.
struct [[nodiscard]] BallMatrix {
  RowMajorMatrix middle, radii;

  Index rows() const { return middle.rows(); }
  Index cols() const { return middle.cols(); }
  Ball operator()(Index i, Index j) const { return {middle(i, j), radii(i, j)}; }
  void set(Index i, Index j, const Ball& entry) {
    middle(i, j) = entry.middle;
    radii(i, j) = entry.radius;
  }
  /// For a matrix that is symmetric, its middle exactly: all symmetric matrices in it.
  fast::SymmetricBall symmetric() const { return {middle, fast::upper_norm_of_radii(radii)}; }
};

/// Upper bound of |B|_F for every B in the ball.
[[nodiscard]] double upper_norm(const BallMatrix& a);

/// a - b, entry by entry.
BallMatrix operator-(const BallMatrix& a, const BallMatrix& b);

/// A ball around every matrix of enclosures; radii are infinite where an enclosure is unbounded.
BallMatrix ball_around(const IntervalMatrix& a);
IntervalMatrix enclosure_of(const BallMatrix& a, Bits bits = 64);

}  // namespace assay
