#include "network/ball_eigenvalue.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/eigenvalue.hpp"

namespace assay {

namespace {

using Dense = Eigen::MatrixXd;

/// a with a further output that is 1 at every neuron.
SignMatrix with_constant_output(const SignMatrix& a) {
  SignMatrix extended(a.rows(), a.cols() + 1);
  extended << a, SignMatrix::Ones(a.rows(), 1);
  return extended;
}

void require_usable(const Interval& radius, const BallMultipliers& multipliers) {
  if (!certainly_nonnegative(radius) || !radius.is_finite())
    throw std::invalid_argument("ball_matrix: expected a finite radius >= 0");
  if (!(multipliers.tau > 0 && multipliers.tau < 1)) throw std::invalid_argument("ball_matrix: expected tau in (0, 1)");
  if (!(multipliers.mu >= 0 && std::isfinite(multipliers.mu)))
    throw std::invalid_argument("ball_matrix: expected a finite mu >= 0");
}

/// Any positive number is sound for kappa; near the largest |x_i| is good.
double scale_of_inputs(const BallKernel& kernel) {
  double largest = 0;
  for (Index i = 0; i < kernel.n(); ++i) largest = std::max(largest, std::sqrt(kernel.gram(i, i).approx_double()));
  return largest > 0 && std::isfinite(largest) ? largest : 1;
}

/// (1 - tau) - (1/tau - 1) (e^{kappa R} - 1) (e^{R gram / kappa} - 1), n x n.
IntervalMatrix factors(const BallKernel& kernel, const Interval& radius, double tau, Bits bits) {
  const Interval kappa(scale_of_inputs(kernel), std::max<Bits>(bits, 53)), weight(tau, std::max<Bits>(bits, 53));
  const Interval kept = 1 - weight, lost = kept / weight * expm1(kappa * radius), step = radius / kappa;
  IntervalMatrix result(kernel.n(), kernel.n());
  for (Index i = 0; i < kernel.n(); ++i)
    for (Index j = 0; j <= i; ++j) result(i, j) = result(j, i) = kept - lost * expm1(step * kernel.gram(i, j));
  return result;
}

}  // namespace

BallKernel ball_kernel(const Instance& instance, const IntervalMatrix& gram, Bits bits, int threads) {
  Forward at = forward_pass(instance.x, instance.w, instance.a, bits, threads);
  if (at.neurons.paired) return {kernel(at, gram, threads), gram, instance.d()};
  at = forward_pass(instance.x, instance.w, with_constant_output(instance.a), bits, threads);
  // The mean of the further output stays in it: G = q there.
  for (Index i = 0; i < instance.n(); ++i) at.p(instance.d(), i) = Interval::from_integer(0, bits);
  return {kernel(at, gram, threads), gram, instance.d()};
}

IntervalMatrix ball_matrix(const BallKernel& kernel, const Interval& s, const Interval& radius,
                           const BallMultipliers& multipliers, Bits bits) {
  require_usable(radius, multipliers);
  const Index n = kernel.n(), outputs = kernel.h.rows() / n;
  const IntervalMatrix factor = factors(kernel, radius, multipliers.tau, bits);
  const Interval mu(multipliers.mu, std::max<Bits>(bits, 53));
  IntervalMatrix result(kernel.h.rows(), kernel.h.cols());
  for (Index row = 0; row < result.rows(); ++row)
    for (Index column = 0; column <= row; ++column)
      result(row, column) = result(column, row) = factor(row % n, column % n) * kernel.h(row, column);
  for (Index i = 0; i < n; ++i) {
    const Interval rho = radius * sqrt(nonnegative_part(kernel.gram(i, i)));
    Interval taken = s * exp(rho * 2);
    if (kernel.extended()) taken += mu * sqr(rho) * kernel.d;
    for (Index l = 0; l < outputs; ++l) {
      Interval& entry = result(l * n + i, l * n + i);
      entry = l < kernel.d ? entry - taken : entry + mu;
    }
  }
  return result;
}

bool certainly_keeps(const BallKernel& kernel, const Interval& s, const Interval& radius,
                     const BallMultipliers& multipliers, Bits bits) {
  const IntervalMatrix m = ball_matrix(kernel, s, radius, multipliers, bits);
  for (const Interval& entry : m.entries())
    if (!entry.is_finite()) return false;
  // Doubles tell most matrices that are definite, or plainly not.
  const Ball least = fast::lambda_min(fast::symmetric_ball_around(m));
  if (least.lower() >= 0) return true;
  if (least.upper() < 0) return false;
  constexpr double kSignOnly = 0.5;
  return certainly_nonnegative(enclose_lambda_min(m, kSignOnly, bits));
}

namespace {

/// The bound in double.
class ApproxBall {
 public:
  explicit ApproxBall(const BallKernel& kernel)
      : n_(kernel.n()),
        d_(kernel.d),
        extended_(kernel.extended()),
        kappa_(scale_of_inputs(kernel)),
        h_(approximate(kernel.h)),
        gram_(approximate(kernel.gram)),
        norms_(gram_.diagonal().cwiseMax(0).cwiseSqrt()) {}

  /// The largest s for which M is positive semidefinite.
  double bound(double radius, const BallMultipliers& multipliers) const;
  ApproxBallBound best(double radius) const;
  double longest_radius() const { return 1 / kappa_; }
  /// A size for mu at this radius, in units of which a few values are tried.
  double unit_of_mu(double radius) const;

 private:
  static Dense approximate(const IntervalMatrix& a) {
    Dense result(a.rows(), a.cols());
    for (Index i = 0; i < a.rows(); ++i)
      for (Index j = 0; j < a.cols(); ++j) result(i, j) = a(i, j).approx_double();
    return result;
  }
  ApproxBallBound best_tau(double radius, double mu) const;

  Index n_, d_;
  bool extended_;
  double kappa_;
  Dense h_, gram_;
  Eigen::VectorXd norms_;
};

double ApproxBall::bound(double radius, const BallMultipliers& multipliers) const {
  const double kept = 1 - multipliers.tau, lost = kept / multipliers.tau * std::expm1(kappa_ * radius);
  const Dense factor = (kept - lost * (gram_.array() * (radius / kappa_)).expm1()).matrix();
  const Index outputs = h_.rows() / n_, own = d_ * n_;
  const Dense m = factor.replicate(outputs, outputs).cwiseProduct(h_);
  Dense kept_block = m.topLeftCorner(own, own);
  if (extended_) {
    const Dense further = m.bottomRightCorner(n_, n_) + multipliers.mu * Dense::Identity(n_, n_);
    const Dense mixed = m.bottomLeftCorner(n_, own);
    const std::optional<Dense> solved = approx_solve_positive(further, mixed);
    if (!solved) return -std::numeric_limits<double>::infinity();
    kept_block -= mixed.transpose() * *solved;
    const Eigen::VectorXd moved = static_cast<double>(d_) * multipliers.mu * (radius * norms_).array().square();
    kept_block.diagonal() -= moved.replicate(d_, 1);
  }
  const Eigen::VectorXd scale = (-radius * norms_).array().exp().matrix().replicate(d_, 1);
  kept_block = scale.asDiagonal() * kept_block * scale.asDiagonal();
  return approx_eigenvalues(kept_block)(0);
}

/// Golden section: the bound is concave in tau.
ApproxBallBound ApproxBall::best_tau(double radius, double mu) const {
  constexpr double kGolden = 0.6180339887498949;
  constexpr int kSteps = 12;
  double low = 0, high = 1;
  const auto at = [&](double tau) { return ApproxBallBound{{tau, mu}, bound(radius, {tau, mu})}; };
  ApproxBallBound left = at(high - kGolden * (high - low)), right = at(low + kGolden * (high - low));
  for (int step = 0; step < kSteps; ++step) {
    if (left.s >= right.s) {
      high = right.multipliers.tau;
      right = left;
      left = at(high - kGolden * (high - low));
    } else {
      low = left.multipliers.tau;
      left = right;
      right = at(low + kGolden * (high - low));
    }
  }
  return left.s >= right.s ? left : right;
}

double ApproxBall::unit_of_mu(double radius) const {
  const double smallest = approx_eigenvalues(h_.topLeftCorner(d_ * n_, d_ * n_))(0);
  const double moved = static_cast<double>(d_) * std::pow(radius * kappa_, 2);
  const double unit = std::max(smallest, 0.0) / moved;
  return std::isfinite(unit) ? unit : 0;
}

ApproxBallBound ApproxBall::best(double radius) const {
  ApproxBallBound best = best_tau(radius, 0);
  if (!extended_ || !(radius > 0)) return best;
  const double unit = unit_of_mu(radius);
  for (const double share : {0.01, 0.03, 0.1, 0.3}) {
    const ApproxBallBound other = best_tau(radius, unit * share);
    if (other.s > best.s) best = other;
  }
  return best;
}

}  // namespace

ApproxBallBound approx_ball_bound(const BallKernel& kernel, double radius) {
  return ApproxBall(kernel).best(radius);
}

namespace {

/// About the largest radius below `longest` that try_at accepts: halvings until one is accepted, then bisection.
/// @param known  a radius that is accepted, or 0.
template <class Try>
ApproxBallRadius search_radius(double longest, ApproxBallRadius known, int steps, Try try_at) {
  constexpr int kMostHalvings = 40;
  double high = longest;
  for (int halving = 0; halving < kMostHalvings && !(known.radius > 0); ++halving) {
    if (const auto multipliers = try_at(high / 2))
      known = {high / 2, *multipliers};
    else
      high /= 2;
  }
  for (int step = 0; step < steps && known.radius > 0; ++step) {
    const double radius = (known.radius + high) / 2;
    if (const auto multipliers = try_at(radius))
      known = {radius, *multipliers};
    else
      high = radius;
  }
  return known;
}

}  // namespace

ApproxBallRadius approx_ball_radius(const BallKernel& kernel, const Interval& s) {
  constexpr int kSteps = 12;
  constexpr double kMargin = 1 + 0x1p-14;
  const ApproxBall ball(kernel);
  const double wanted = s.upper_double() * kMargin;
  return search_radius(ball.longest_radius(), {}, kSteps, [&](double radius) -> std::optional<BallMultipliers> {
    const ApproxBallBound bound = ball.best(radius);
    if (bound.s >= wanted) return bound.multipliers;
    return std::nullopt;
  });
}

ApproxBallRadius approx_ball_radius_from_certificates(const BallKernel& kernel, const Interval& s, Bits bits) {
  constexpr int kSteps = 5;
  ApproxBallRadius found;
  for (const double tau : {0.5, 0.35, 0.7})
    found = search_radius(1 / scale_of_inputs(kernel), found, kSteps, [&](double radius) {
      const BallMultipliers multipliers{tau, 0};
      const bool kept = certainly_keeps(kernel, s, Interval(radius, bits), multipliers, bits);
      return kept ? std::optional(multipliers) : std::nullopt;
    });
  return found;
}

}  // namespace assay
