#include "descent/certificate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace assay {

namespace {

using fast::JacobianMoments;
using fast::SpectrumOverBall;

constexpr Bits kBits = 64;

Interval exactly(double x) {
  return Interval(x, kBits);
}

std::optional<SpectrumOverBall> spectrum(const JacobianMoments& moments, const CertificateRequest& request,
                                         const Interval& s) {
  return request.region == Region::tube ? fast::spectrum_over_tube(moments, s) : fast::spectrum_over_ball(moments, s);
}

/// The conditions at one size of the ball.
class Trial {
 public:
  Trial(const JacobianMoments& moments, const CertificateRequest& request, double s)
      : moments_(moments), request_(request), s_(s), over_(spectrum(moments, request, exactly(s))) {}

  /// s minus what the drift takes away, relative to b: lower bound.
  Interval room() const { return exactly(s_) - exactly(request_.drift) / exactly(moments_.least_b); }

  /// m mu - growth e0 / room: what eta gamma e0 may be, lower end; the whole line if there is no ball.
  Interval margin() const {
    if (!over_ || !certainly_positive(room())) return Interval::whole_line(kBits);
    return over_->lambda_min * moments_.m - over_->growth * request_.e0.upper() / room();
  }

  /// How many times too small the ball is for the residual, with an infinitesimal step; infinite if mu may be 0.
  double approx_shortfall() const {
    if (!over_ || !certainly_positive(room()) || !certainly_positive(over_->lambda_min))
      return std::numeric_limits<double>::infinity();
    return (over_->growth * request_.e0.upper() / (room() * over_->lambda_min * moments_.m)).upper_double();
  }

  /// The step with which the loss falls fastest, of those that the conditions allow; 0 if there is none.
  double approx_best_step() const {
    const double allowed = margin().lower_double();
    if (!(allowed > 0)) return 0;
    const double m = static_cast<double>(moments_.m), curving = (over_->curvature * request_.e0.upper()).upper_double();
    const double most = over_->lambda_max.upper_double(), mu = over_->lambda_min.lower_double();
    if (!(curving >= 0) || !(most > 0)) return 0;
    const double unit = 1 / (m * most);
    return 0.999 * std::min({unit, 0.99 * allowed / curving, 0.5 * m * mu / curving});
  }

  double approx_rate(double eta) const {
    const double m = static_cast<double>(moments_.m), curving = (over_->curvature * request_.e0.upper()).upper_double();
    return eta * (m * over_->lambda_min.lower_double() - eta * curving);
  }

  ConvergenceCertificate judged(const Interval& eta) const {
    ConvergenceCertificate result;
    result.s = s_;
    result.e0 = AtMost(request_.e0);
    result.eta = eta.approx_double();
    if (!over_) {
      result.why_not = "the softmax denominators cannot be bounded away from 0 over the ball";
      return result;
    }
    result.mu = AtLeast(over_->lambda_min);
    result.most = AtMost(over_->lambda_max);
    result.gamma = AtMost(over_->curvature);
    result.radius_max = AtMost(over_->largest_radius);
    result.step_times_most = AtMost(eta * moments_.m * over_->lambda_max);
    const Interval curving = eta * over_->curvature * request_.e0.upper();
    result.theta = AtMost(1 - eta * (over_->lambda_min * moments_.m - curving));
    const Interval pull = (over_->lambda_min * moments_.m - curving).lower();
    if (certainly_positive(pull))
      result.needed_over_allowed =
          AtMost((exactly(request_.drift) / exactly(moments_.least_b) + over_->growth * request_.e0.upper() / pull) /
                 exactly(s_));
    conclude(result);
    return result;
  }

 private:
  static void conclude(ConvergenceCertificate& result) {
    const Interval one = exactly(1);
    if (!certainly_positive(result.mu.bound()))
      result.why_not = "the smallest eigenvalue may vanish within the ball";
    else if (!certainly_less_equal(result.step_times_most.bound(), one))
      result.why_not = "the step is too large: eta m M <= 1 does not follow";
    else if (!certainly_less(result.theta.bound(), one))
      result.why_not = "the second order of a step may outweigh the first: theta < 1 does not follow";
    else if (!certainly_less_equal(result.needed_over_allowed.bound(), one))
      result.why_not = "gradient descent may leave every ball in which the smallest eigenvalue is bounded";
    result.certified = result.why_not.empty();
  }

  const JacobianMoments& moments_;
  const CertificateRequest& request_;
  double s_;
  std::optional<SpectrumOverBall> over_;
};

/// The best of many sizes of the ball: on a geometric grid, then by golden section between the neighbours of its best.
template <class Score>
double approx_best_size(const JacobianMoments& moments, Score score) {
  constexpr int kPoints = 16, kSections = 19;
  constexpr double kReach = 20, kSpacing = kReach / kPoints, kGolden = 0.6180339887498949;
  const double center = std::log(1 / std::max(moments.largest_b, 1e-300));
  double best = center, best_score = -std::numeric_limits<double>::infinity();
  const auto scored = [&](double at) {
    const double value = score(std::exp(at));
    if (value > best_score) {
      best_score = value;
      best = at;
    }
    return value;
  };
  for (int k = -kPoints; k <= kPoints; ++k) scored(center + kSpacing * k);
  double lo = best - kSpacing, hi = best + kSpacing;
  double left = hi - kGolden * (hi - lo), right = lo + kGolden * (hi - lo);
  double at_left = scored(left), at_right = scored(right);
  for (int section = 0; section < kSections; ++section) {
    if (at_left < at_right) {
      lo = std::exchange(left, right);
      at_left = at_right;
      right = lo + kGolden * (hi - lo);
      at_right = scored(right);
    } else {
      hi = std::exchange(right, left);
      at_right = at_left;
      left = hi - kGolden * (hi - lo);
      at_left = scored(left);
    }
  }
  return std::exp(best);
}

}  // namespace

double short_double_below(double x) {
  int exponent = 0;
  const double fraction = std::frexp(std::min(x, std::numeric_limits<double>::max()), &exponent);
  return std::ldexp(std::floor(fraction * 1024), exponent - 10);
}

ConvergenceCertificate certify_convergence(const JacobianMoments& moments, const CertificateRequest& request) {
  // Where no step is allowed, the size that comes nearest to allowing one.
  const auto score = [&](double s) {
    const Trial trial(moments, request, s);
    const double margin = trial.margin().lower_double();
    if (!(margin > 0)) return -trial.approx_shortfall();
    return request.eta ? margin : trial.approx_rate(trial.approx_best_step());
  };
  const Trial trial(moments, request, approx_best_size(moments, score));
  if (request.eta) return trial.judged(*request.eta);
  const double eta = short_double_below(trial.approx_best_step());
  // Without any allowed step the conditions are shown for a small one.
  const double fallback = short_double_below(1e-3 / (static_cast<double>(moments.m) * moments.lambda_max.magnitude()));
  return trial.judged(exactly(eta > 0 ? eta : fallback));
}

AtMost certified_horizon(const ConvergenceCertificate& certificate, const Interval& epsilon) {
  if (!certificate.certified) return AtMost::unknown();
  const Interval e0 = certificate.e0.bound();
  if (certainly_less_equal(sqr(e0), epsilon)) return AtMost(Interval(0, kBits));
  const Interval steps = log(sqr(e0) / epsilon) / (log(certificate.theta.bound()) * -2);
  const double ceiling = std::ceil(std::max(steps.upper_double(), 0.0));
  return ceiling < 0x1p62 ? AtMost(Interval(ceiling, kBits)) : AtMost::unknown();
}

}  // namespace assay
