#pragma once

#include "enclosure/ball.hpp"
#include "enclosure/fast/cholesky.hpp"
#include "enclosure/matrix.hpp"
#include "enclosure/norm.hpp"

namespace assay {

using fast::RowMajorMatrix;

/// A real matrix known to lie within `radii` of `middle`, entry by entry; nothing is known where a radius is infinite.
struct BallMatrix {
  RowMajorMatrix middle, radii;

  Index rows() const { return middle.rows(); }
  Index cols() const { return middle.cols(); }
};

/// Upper bound of |B|_F for every B in the ball.
double upper_norm(const BallMatrix& a);

/// A ball around every matrix of enclosures; radii are infinite where an enclosure is unbounded.
BallMatrix ball_around(const IntervalMatrix& a);
IntervalMatrix enclosure_of(const BallMatrix& a, Bits bits = 64);

}  // namespace assay
