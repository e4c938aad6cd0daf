#include "theory/whitened_moment.hpp"

#include <algorithm>
#include <cmath>

#include "enclosure/ball_matrix.hpp"
#include "enclosure/stop.hpp"

namespace assay {

namespace {

/// Entries of K, of pairs and of S are smaller. A product that underflows loses 2^-1075, and what multiplies it in a sum
/// of products (two entries of K or pairs, a weight below n 2^150, d and n^2) is below 2^400.
constexpr double kLargest = 0x1p50, kUnderflow = 0x1p-600;

/// Entries, and bounds of their magnitudes that are large enough for the radii to be at most `relative` times them.
struct Sized {
  RowMajorMatrix middle, magnitude;
  double relative = 0;
};

/// @param floor  what magnitudes are raised to.
Sized sized(const BallMatrix& a, const RowMajorMatrix& floor) {
  Sized result{a.middle, RowMajorMatrix(a.rows(), a.cols())};
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) {
      const double magnitude = std::max(a(i, j).magnitude(), floor(i, j));
      result.magnitude(i, j) = magnitude;
      if (a.radii(i, j) > 0) result.relative = std::max(result.relative, inflated(a.radii(i, j) / magnitude));
    }
  return result;
}

/// The inverse of a Cholesky factor as computed: a guess that proves nothing.
bool approx_inverse_factor(const RowMajorMatrix& a, RowMajorMatrix& s) {
  RowMajorMatrix l;
  if (!a.allFinite() || !fast::approx_cholesky(a, 0, l)) return false;
  s = RowMajorMatrix::Identity(a.rows(), a.rows());
  l.triangularView<Eigen::Lower>().solveInPlace(s);
  return s.allFinite();
}

/// Upper bound of a product of matrices with entries >= 0, entry by entry.
RowMajorMatrix upper_product_of(const RowMajorMatrix& a, const RowMajorMatrix& b) {
  return (a * b).unaryExpr([&](double x) { return upper_sum(x, a.cols()); });
}

/// S A S' for exact S and symmetric A.
fast::SymmetricBall congruence(const RowMajorMatrix& s, const BallMatrix& a) {
  const RowMajorMatrix size = s.cwiseAbs(), transposed = size.transpose();
  const double gamma = upper_gamma(static_cast<double>(2 * s.rows() + 4));
  // The error of both products is gamma_{2n} |S| |A| |S'|; the lower half stands for both.
  const RowMajorMatrix half = s * a.middle, product = half * s.transpose();
  const RowMajorMatrix spread = a.middle.cwiseAbs() * gamma + a.radii * (1 + 0x1p-40);
  BallMatrix result{product, upper_product_of(upper_product_of(size, spread), transposed)};
  result.radii.array() += kUnderflow;
  for (Index i = 0; i < s.rows(); ++i)
    for (Index j = 0; j < i; ++j) result.set(j, i, result(i, j));
  return result.symmetric();
}

/// M and the bound of its error.
BallMatrix second_moment(const Sized& k, const Sized& pair, const Sized& weight, double d) {
  const Index n = k.middle.rows();
  const double relative = inflated(
      1.1 * (2 * k.relative + 3 * pair.relative + weight.relative + upper_gamma(static_cast<double>(2 * n + 16))));
  if (!(relative < 0.01)) return {k.middle, RowMajorMatrix::Constant(n, n, kInfinity)};
  BallMatrix result{RowMajorMatrix(n, n), RowMajorMatrix(n, n)};
  for (Index i = 0; i < n; ++i) {
    leave_if_stopped();
    const auto sum = [&](const RowMajorMatrix& limit, const RowMajorMatrix& pairs, const RowMajorMatrix& weights) {
      const RowMajorMatrix left = pairs * limit.row(i).asDiagonal();   // (j, p)
      const RowMajorMatrix right = limit * pairs.row(i).asDiagonal();  // (j, q)
      const Eigen::VectorXd sums = (left * weights).cwiseProduct(right).rowwise().sum();
      return Eigen::VectorXd(d * pairs.row(i).transpose().cwiseProduct(sums));
    };
    result.middle.row(i) = sum(k.middle, pair.middle, weight.middle).transpose();
    const Eigen::VectorXd magnitudes = sum(k.magnitude, pair.magnitude, weight.magnitude);
    for (Index j = 0; j < n; ++j)
      result.radii(i, j) = upper_product(relative, upper_sum(magnitudes(j), 2 * n + 16)) + kUnderflow;
  }
  return result;
}

}  // namespace

double upper_whitened_moment(const IntervalMatrix& limit, const IntervalMatrix& pair, Index d) {
  constexpr double kFloor = 0x1p-10;  // of the largest entries in row and column
  const Index n = limit.rows();
  const BallMatrix k = ball_around(limit), pairs = ball_around(pair);
  const auto is_small = [](const RowMajorMatrix& a) { return a.cwiseAbs().maxCoeff() < kLargest; };
  RowMajorMatrix s;
  if (!approx_inverse_factor(k.middle, s)) return kInfinity;
  if (!is_small(s) || !is_small(k.middle) || !is_small(k.radii) || !is_small(pairs.middle) || !is_small(pairs.radii))
    return kInfinity;
  const Ball least = fast::lambda_min(congruence(s, k));
  if (!(least.lower() > 0.5)) return kInfinity;

  const RowMajorMatrix size = s.cwiseAbs(), sizes = upper_product_of(size.transpose(), size);
  BallMatrix weight{(s.transpose() * s).cwiseProduct(pairs.middle), RowMajorMatrix(n, n)};
  RowMajorMatrix weight_size(n, n), limit_size(n, n);
  const double gamma = upper_gamma(static_cast<double>(n + 4));
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) {
      weight_size(i, j) = upper_product(sizes(i, j), pairs(i, j).magnitude());
      weight.radii(i, j) = inflated(gamma * weight_size(i, j) + upper_product(sizes(i, j), pairs.radii(i, j)));
      limit_size(i, j) = kFloor * std::sqrt(std::fabs(k.middle(i, i) * k.middle(j, j)));
    }
  const BallMatrix second = second_moment(sized(k, limit_size), sized(pairs, RowMajorMatrix::Zero(n, n)),
                                          sized(weight, weight_size), static_cast<double>(d));
  const double largest = fast::lambda_max(congruence(s, second)).upper();
  const double lower = least.lower();
  return inflated(inflated(largest / lower) / lower);
}

}  // namespace assay
