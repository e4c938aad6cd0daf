#include "enclosure/ball_matrix.hpp"

namespace assay {

namespace {

BallMatrix with_entries(Index rows, Index cols, const auto& entry) {
  BallMatrix result{RowMajorMatrix(rows, cols), RowMajorMatrix(rows, cols)};
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) result.set(i, j, entry(i, j));
  return result;
}

}  // namespace

double upper_norm(const BallMatrix& a) {
  return inflated(upper_norm(a.middle) + upper_norm(a.radii));
}

BallMatrix operator-(const BallMatrix& a, const BallMatrix& b) {
  return with_entries(a.rows(), a.cols(), [&](Index i, Index j) { return a(i, j) - b(i, j); });
}

BallMatrix ball_around(const IntervalMatrix& a) {
  return with_entries(a.rows(), a.cols(), [&](Index i, Index j) { return ball_around(a(i, j)); });
}

IntervalMatrix enclosure_of(const BallMatrix& a, Bits bits) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = enclosure_of(a(i, j), bits);
  return result;
}

}  // namespace assay
