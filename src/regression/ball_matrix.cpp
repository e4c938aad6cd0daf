#include "regression/ball_matrix.hpp"

namespace assay {

double upper_norm(const BallMatrix& a) {
  return inflated(upper_norm(a.middle) + upper_norm(a.radii));
}

BallMatrix ball_around(const IntervalMatrix& a) {
  BallMatrix result{RowMajorMatrix(a.rows(), a.cols()), RowMajorMatrix(a.rows(), a.cols())};
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) {
      const Ball entry = ball_around(a(i, j));
      result.middle(i, j) = entry.middle;
      result.radii(i, j) = entry.radius;
    }
  return result;
}

IntervalMatrix enclosure_of(const BallMatrix& a, Bits bits) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = enclosure_of(Ball{a.middle(i, j), a.radii(i, j)}, bits);
  return result;
}

}  // namespace assay
