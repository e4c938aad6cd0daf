#include "enclosure/fast/eigenvalue.hpp"

#include <algorithm>
#include <functional>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/ball.hpp"
#include "enclosure/environment.hpp"
#include "enclosure/norm.hpp"
#include "enclosure/stop.hpp"

namespace assay::fast {

namespace {

using Vector = Eigen::VectorXd;
using Index = Eigen::Index;

/// Relative distance of the last shift from the eigenvalue.
constexpr double kWantedGap = 1e-8;

Vector any_vector(Index n) {
  Vector v(n);
  for (Index i = 0; i < n; ++i) v(i) = 1 + 0.5 * std::sin(static_cast<double>(3 * i + 1));
  return v;
}

Vector solved(const RowMajorMatrix& l, const Vector& v) {
  const auto lower = l.triangularView<Eigen::Lower>();
  return lower.transpose().solve(lower.solve(v));
}

double approx_quotient(const RowMajorMatrix& a, const Vector& v) {
  return v.dot(a * v) / v.dot(v);
}

/// Upper bound of lambda_min(middle), from any vector.
double upper_quotient(const RowMajorMatrix& a, const Vector& v) {
  // Near unit length, so that what underflows is below what `inflated` allows for.
  if (!(v.squaredNorm() > 0.25 && v.squaredNorm() < 4)) return kInfinity;
  const double gamma = upper_gamma(static_cast<double>(2 * a.rows() + 4));
  const double norm = upper_norm(a), quotient = approx_quotient(a, v);
  // |v|' |A| |v| <= |A|_F |v|^2; the division and the norm of v are in gamma.
  const double bound = quotient + inflated(gamma * inflated(norm + std::fabs(quotient)));
  return std::isfinite(bound) ? bound + std::fabs(bound) * (4 * kUnitRoundoff) : kInfinity;
}

struct Factored {
  RowMajorMatrix l;
  double shift = 0;
  bool done = false;
};

/// Factors a - s I for s = from - gap, gap growing until it succeeds.
Factored factor_below(const RowMajorMatrix& a, double from, double gap) {
  Factored result;
  for (int attempt = 0; attempt < 40 && !result.done; ++attempt, gap *= 64) {
    result.shift = from - gap;
    result.done = std::isfinite(result.shift) && approx_cholesky(a, result.shift, result.l);
  }
  return result;
}

/// Factors at some shift certainly or probably below the spectrum: 0 for a positive definite matrix.
Factored first_factor(const RowMajorMatrix& a, double floor) {
  Factored at_zero;
  at_zero.done = approx_cholesky(a, 0, at_zero.l);
  if (at_zero.done) return at_zero;
  const Vector v =
      approx_top_eigenvector(any_vector(a.rows()), 24, [&](const Vector& x) -> Vector { return -(a * x); });
  const double estimate = approx_quotient(a, v);
  return factor_below(a, estimate, 0.05 * std::fabs(estimate) + floor);
}

/// A factor at a shift closely below the least eigenvalue, and a vector near its eigenvector.
struct Lowest {
  Factored factor;
  Vector v;
};

/// Restarted Krylov steps with the inverse of the factored matrix, until the quotient hardly falls any more: near a
/// cluster of eigenvalues a few steps alone are far from the least one. A step costs N^2, a factor N^3 / 3.
Vector approx_lowest_by_inverse(const RowMajorMatrix& a, const Factored& factor, double floor) {
  constexpr int kSteps = 16, kRestarts = 30;
  Vector v = any_vector(a.rows());
  double quotient = kInfinity;
  for (int restart = 0; restart < kRestarts; ++restart) {
    v = approx_top_eigenvector(v, kSteps, [&](const Vector& x) { return solved(factor.l, x); });
    const double now = approx_quotient(a, v), hardly = std::max(0.1 * kWantedGap * std::fabs(now), 0.1 * floor);
    if (!(quotient - now > hardly)) break;
    quotient = now;
  }
  return v;
}

Lowest approx_lowest(const RowMajorMatrix& a) {
  const double floor = 4 * static_cast<double>(a.rows()) * kUnitRoundoff * a.norm();
  Lowest lowest{first_factor(a, floor), {}};
  if (!lowest.factor.done) return lowest;
  // The nearer the shift, the better the next vector, and the nearer the next shift. Some eigenvalue lies within the
  // norm of the vector's residual, most likely the least one.
  Vector& v = lowest.v;
  for (int round = 0; round < 4; ++round) {
    v = approx_lowest_by_inverse(a, lowest.factor, floor);
    const double quotient = approx_quotient(a, v), wanted = std::max(kWantedGap * std::fabs(quotient), floor);
    const double distance = quotient - lowest.factor.shift;
    if (distance <= 32 * wanted) break;
    const double off = (a * v - quotient * v).norm() / v.norm();
    Factored next = factor_below(a, quotient, std::max(wanted, std::min(2 * off, 0.5 * distance)));
    if (!next.done || !(next.shift > lowest.factor.shift)) break;
    lowest.factor = std::move(next);
  }
  return lowest;
}

Ball between(double lower, double upper) {
  if (!std::isfinite(lower) || !std::isfinite(upper)) return {0, kInfinity};
  const double middle = lower / 2 + upper / 2;
  return {middle, inflated(std::max(upper - middle, middle - lower)) + std::fabs(middle) * (4 * kUnitRoundoff)};
}

}  // namespace

Vector approx_top_eigenvector(const Vector& start, int steps, const std::function<Vector(const Vector&)>& apply) {
  const Index n = start.size(), size = std::min<Index>(steps, n);
  Eigen::MatrixXd basis = Eigen::MatrixXd::Zero(n, size);
  Eigen::MatrixXd projected = Eigen::MatrixXd::Zero(size, size);
  Vector v = start;
  Index used = 0;
  for (; used < size; ++used) {
    leave_if_stopped();
    for (int pass = 0; pass < 2; ++pass) v -= basis.leftCols(used) * (basis.leftCols(used).transpose() * v);
    const double norm = v.norm();
    if (!(norm > 1e-14) || !std::isfinite(norm)) break;
    basis.col(used) = v / norm;
    const Vector image = apply(basis.col(used));
    projected.col(used).head(used + 1) = basis.leftCols(used + 1).transpose() * image;
    projected.row(used).head(used + 1) = projected.col(used).head(used + 1).transpose();
    v = image;
  }
  if (used == 0) return Vector::Unit(n, 0);
  const ApproxEigenpairs pairs = approx_eigenpairs(projected.topLeftCorner(used, used));
  const Vector top = basis.leftCols(used) * pairs.vectors.col(used - 1);
  return top.allFinite() ? top.normalized() : Vector::Unit(n, 0);
}

namespace {

Ball lambda_min_of_common_size(const SymmetricBall& ball) {
  const RowMajorMatrix& a = ball.middle;
  const Lowest lowest = approx_lowest(a);
  const Factored& best = lowest.factor;
  if (!best.done) return {0, kInfinity};
  const double residual = upper_residual_norm(a, best.shift, best.l);
  const double lower = best.shift - inflated(residual + ball.radius + 4 * kUnitRoundoff * std::fabs(best.shift));
  return between(lower, upper_quotient(a, lowest.v) + inflated(ball.radius + kUnitRoundoff * upper_norm(a)));
}

}  // namespace

SymmetricBall symmetric_ball_around(const IntervalMatrix& a) {
  RowMajorMatrix middle(a.rows(), a.rows()), radii(a.rows(), a.rows());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j <= i; ++j) {
      const Ball entry = ball_around(a(i, j));
      middle(i, j) = middle(j, i) = entry.middle;
      radii(i, j) = radii(j, i) = entry.radius;
    }
  return {middle, upper_norm_of_radii(radii)};
}

Ball lambda_min(const SymmetricBall& ball) {
  require_sound_environment();
  const RowMajorMatrix& a = ball.middle;
  if (a.rows() == 0 || !a.allFinite() || !std::isfinite(ball.radius)) return {0, kInfinity};
  const double middle = a.cwiseAbs().maxCoeff(), largest = std::max(middle, ball.radius);
  if (middle == 0) return {0, ball.radius};
  if (largest > 0x1p-16 && largest < 0x1p16) return lambda_min_of_common_size(ball);
  // Far from 1, guesses go by thresholds of the wrong size and squares of entries leave the range of double. Of the
  // scaled entries some may underflow, which `inflated` allows for.
  const int exponent = std::clamp(std::ilogb(largest), -1000, 1000);
  const double scale = std::ldexp(1.0, -exponent);
  return lambda_min_of_common_size({a * scale, inflated(ball.radius * scale)}) * Ball{std::ldexp(1.0, exponent), 0};
}

Eigen::VectorXd approx_lowest_eigenvector(const RowMajorMatrix& a) {
  const Lowest lowest = approx_lowest(a);
  return lowest.factor.done && lowest.v.allFinite() ? lowest.v : Vector::Ones(a.rows());
}

Ball lambda_max(const SymmetricBall& a) {
  return -lambda_min({-a.middle, a.radius});
}

double upper_norm_of_radii(const RowMajorMatrix& r) {
  require_sound_environment();
  if (!r.allFinite()) return kInfinity;
  Vector v = Vector::Ones(r.rows());
  for (int step = 0; step < 4; ++step) {
    v = r * v;
    const double largest = v.maxCoeff();
    if (!(largest > 0)) return r.size() == 0 || r.maxCoeff() == 0 ? 0 : kInfinity;
    v = (v / largest).cwiseMax(1e-6);
  }
  const Vector image = r * v;
  const double gamma = 1 + upper_gamma(static_cast<double>(r.rows() + 1));
  double bound = 0;
  for (Index i = 0; i < r.rows(); ++i) bound = std::max(bound, inflated(image(i) / v(i)));
  return inflated(bound * gamma);
}

}  // namespace assay::fast
