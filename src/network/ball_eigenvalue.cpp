#include "network/ball_eigenvalue.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/approx/point_matrix.hpp"
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

/// (1 - tau) a - (1/tau - 1) b + mu c, the value of z' M z + s for one z in units of its first part: as a function of
/// the multipliers an upper bound of the largest s, since that is the least of such values.
struct Cut {
  double a = 0, b = 0, c = 0;

  double at(const BallMultipliers& multipliers) const {
    const double kept = 1 - multipliers.tau;
    return kept * a - kept / multipliers.tau * b + multipliers.mu * c;
  }
};

double least_of(const std::vector<Cut>& cuts, const BallMultipliers& multipliers) {
  double least = std::numeric_limits<double>::infinity();
  for (const Cut& cut : cuts) least = std::min(least, cut.at(multipliers));
  return least;
}

/// The tau at which the least of the cuts, a concave function, is largest: golden section.
double approx_best_tau(const std::vector<Cut>& cuts, double mu) {
  constexpr double kGolden = 0.6180339887498949;
  constexpr int kSteps = 40;
  double low = 0, high = 1;
  for (int step = 0; step < kSteps; ++step) {
    const double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
    if (least_of(cuts, {left, mu}) >= least_of(cuts, {right, mu}))
      high = right;
    else
      low = left;
  }
  return (low + high) / 2;
}

/// The bound in double. A vector that was lowest once is kept: it bounds the largest s at every radius and tau, so that
/// few eigenvectors have to be found.
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

  /// The best multipliers at this radius, as far as it takes to tell whether they give an s >= wanted.
  ApproxBallBound best(double radius, double wanted = std::numeric_limits<double>::infinity());
  double longest_radius() const { return 1 / kappa_; }

 private:
  static Dense approximate(const IntervalMatrix& a) {
    Dense result(a.rows(), a.cols());
    for (Index i = 0; i < a.rows(); ++i)
      for (Index j = 0; j < a.cols(); ++j) result(i, j) = a(i, j).approx_double();
    return result;
  }
  /// (e^{kappa R} - 1) (e^{R gram / kappa} - 1) o h.
  Dense lost(double radius) const {
    const Dense factor = (std::expm1(kappa_ * radius) * (gram_.array() * (radius / kappa_)).expm1()).matrix();
    return factor.replicate(h_.rows() / n_, h_.rows() / n_).cwiseProduct(h_);
  }
  Cut cut_of(const Eigen::VectorXd& z, const Dense& lost, double radius) const;
  std::optional<Eigen::VectorXd> lowest(double radius, const Dense& lost, const BallMultipliers& multipliers) const;
  ApproxBallBound best_tau(double radius, double mu, double wanted);
  double unit_of_mu(double radius);

  Index n_, d_;
  bool extended_;
  double kappa_;
  Dense h_, gram_;
  Eigen::VectorXd norms_;
  std::optional<double> smallest_;        // eigenvalue of h
  std::vector<Eigen::VectorXd> vectors_;  // the last few; z without the scale e^{-R |x|}
};

/// For z = (v, w) with |v| = 1: M's v is scaled by e^{-R |x|}.
Cut ApproxBall::cut_of(const Eigen::VectorXd& z, const Dense& lost, double radius) const {
  const Index own = d_ * n_;
  const Eigen::VectorXd scale = (-radius * norms_).array().exp().matrix().replicate(d_, 1);
  Eigen::VectorXd scaled = z;
  scaled.head(own) = scaled.head(own).cwiseProduct(scale);
  Cut cut{scaled.dot(h_ * scaled), scaled.dot(lost * scaled), 0};
  if (extended_) {
    const Eigen::VectorXd reach = (radius * norms_).replicate(d_, 1);
    cut.c =
        scaled.tail(n_).squaredNorm() - static_cast<double>(d_) * scaled.head(own).cwiseProduct(reach).squaredNorm();
  }
  return cut;
}

/// The z for which s is least; nothing where the further output's block is not positive definite.
std::optional<Eigen::VectorXd> ApproxBall::lowest(double radius, const Dense& lost,
                                                  const BallMultipliers& multipliers) const {
  const double kept = 1 - multipliers.tau;
  const Index own = d_ * n_;
  const Dense m = kept * h_ - kept / multipliers.tau * lost;
  Dense kept_block = m.topLeftCorner(own, own);
  std::optional<Dense> solved;
  if (extended_) {
    const Dense further = m.bottomRightCorner(n_, n_) + multipliers.mu * Dense::Identity(n_, n_);
    const Dense mixed = m.bottomLeftCorner(n_, own);
    solved = approx_solve_positive(further, mixed);
    if (!solved) return std::nullopt;
    kept_block -= mixed.transpose() * *solved;
    const Eigen::VectorXd moved = static_cast<double>(d_) * multipliers.mu * (radius * norms_).array().square();
    kept_block.diagonal() -= moved.replicate(d_, 1);
  }
  const Eigen::VectorXd scale = (-radius * norms_).array().exp().matrix().replicate(d_, 1);
  kept_block = scale.asDiagonal() * kept_block * scale.asDiagonal();
  if (!kept_block.allFinite()) return std::nullopt;
  Eigen::VectorXd z(h_.rows());
  z.head(own) = approx_lowest_eigenvector(kept_block).normalized();
  if (extended_) z.tail(n_) = -*solved * z.head(own).cwiseProduct(scale);
  return z;
}

/// Cutting planes: the maximum of the least of the cuts is where the next vector is found.
ApproxBallBound ApproxBall::best_tau(double radius, double mu, double wanted) {
  constexpr int kSteps = 14;
  constexpr double kNear = 1e-5, kFirstTau = 0.3;
  constexpr std::size_t kKept = 8;
  const Dense lost = this->lost(radius);
  std::vector<Cut> cuts;
  for (const Eigen::VectorXd& z : vectors_) cuts.push_back(cut_of(z, lost, radius));
  ApproxBallBound best{{kFirstTau, mu}, -std::numeric_limits<double>::infinity()};
  for (int step = 0; step < kSteps; ++step) {
    const double tau = cuts.empty() ? kFirstTau : approx_best_tau(cuts, mu), limit = least_of(cuts, {tau, mu});
    if (!cuts.empty() && !(limit - best.s > kNear * std::fabs(limit))) break;
    if (limit < wanted && std::isfinite(wanted)) return {{tau, mu}, std::max(best.s, limit)};
    const auto z = lowest(radius, lost, {tau, mu});
    if (!z || !z->allFinite()) break;
    cuts.push_back(cut_of(*z, lost, radius));
    vectors_.push_back(*z);
    if (vectors_.size() > kKept) vectors_.erase(vectors_.begin());
    const double s = cuts.back().at({tau, mu});
    if (s > best.s) best = {{tau, mu}, s};
    if (best.s >= wanted) break;
  }
  return best;
}

/// A size for mu at this radius, in units of which a few values are tried.
double ApproxBall::unit_of_mu(double radius) {
  if (!smallest_) {
    const Dense own = h_.topLeftCorner(d_ * n_, d_ * n_);
    const Eigen::VectorXd v = approx_lowest_eigenvector(own).normalized();
    smallest_ = v.dot(own * v);
  }
  const double moved = static_cast<double>(d_) * std::pow(radius * kappa_, 2);
  const double unit = std::max(*smallest_, 0.0) / moved;
  return std::isfinite(unit) ? unit : 0;
}

ApproxBallBound ApproxBall::best(double radius, double wanted) {
  ApproxBallBound best = best_tau(radius, 0, wanted);
  if (!extended_ || !(radius > 0)) return best;
  const double unit = unit_of_mu(radius);
  for (const double share : {0.01, 0.03, 0.1, 0.3}) {
    if (best.s >= wanted) break;
    const ApproxBallBound other = best_tau(radius, unit * share, wanted);
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
  ApproxBall ball(kernel);
  const double wanted = s.upper_double() * kMargin;
  return search_radius(ball.longest_radius(), {}, kSteps, [&](double radius) -> std::optional<BallMultipliers> {
    const ApproxBallBound bound = ball.best(radius, wanted);
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
