#include "network/fast/jacobian.hpp"

// From the moments of the Jacobian to the spectrum of the kernel over a ball: O(n) work in intervals.

namespace assay::fast {

namespace {

static_assert(kJacobianOrder == 4, "the series of Z and of (e^rho - 1)^2 are written out for four moments");

Interval exactly(double x) {
  return Interval(x, 64);
}

/// Bounds at one sample of the ball of size s.
struct SampleOverBall {
  Interval norm;                              // >= |x_i|
  std::array<Interval, kJacobianOrder> mean;  // sum_r S b^k, k = 1, 2, ...
  std::array<Interval, kJacobianOrder> term;  // (s |x_i|)^k times that
  Interval least_z, most_z;                   // of Z_i
  Interval spread;                            // >= lambda_max(C_i)^{1/2}
  Interval shift;                             // >= |(p~ - p)_i|_2
  Interval gap;                               // <= |a_r - p_i|_2
};

/// 1 - s M_1 + s^2 M_2 / 2 - s^3 M_3 / 6 <= Z_i <= 1 + s M_1 + ... + s^4 M_4 e^{rho} / 24, with s |x_i| for s.
/// @param reach  e^{rho_max}.
SampleOverBall sample_over_ball(const JacobianMoments::Sample& sample, const Interval& s, const Interval& reach) {
  SampleOverBall at;
  at.norm = exactly(sample.norm);
  for (std::size_t k = 0; k < kJacobianOrder; ++k) {
    at.mean[k] = nonnegative_part(enclosure_of(sample.mean[k]));
    at.term[k] = power(s * at.norm, static_cast<long>(k + 1)) * at.mean[k];
  }
  const auto& t = at.term;
  // Z is within e^{+-rho_max} whatever the moments are.
  at.least_z = max((1 - t[0] + t[1] / 2 - t[2] / 6).lower(), (1 / reach).lower());
  at.most_z = min((1 + t[0] + t[1] / 2 + t[2] / 6 + t[3] * reach / 24).upper(), reach);
  // (e^rho - 1)^2 <= rho^2 + rho^3 + (7/12) rho^4 e^{2 rho}.
  const Interval squares = t[1] + t[2] + t[3] * 7 / 12 * sqr(reach);
  at.spread = exactly(sample.spread);
  at.shift = at.spread * sqrt(squares) / at.least_z;
  at.gap = exactly(sample.least_gap);
  return at;
}

/// All samples of the ball of size s.
class BallBounds {
 public:
  BallBounds(const JacobianMoments& moments, const Interval& size)
      : moments_(moments), s_(size.upper().rounded_to(64)) {
    Interval norm = zero_;
    for (const auto& sample : moments.samples) norm = max(norm, exactly(sample.norm));
    reach_ = exp(largest_radius() * norm).upper();
    for (const auto& sample : moments.samples) at_.push_back(sample_over_ball(sample, s_, reach_));
  }

  bool is_bounded() const {
    for (const SampleOverBall& at : at_)
      if (!certainly_positive(at.least_z) || !at.most_z.is_finite()) return false;
    return true;
  }

  Interval largest_radius() const { return (s_ * exactly(moments_.largest_b)).upper(); }

  /// |q~ - q| |a - p| + |p~ - p| q~ <= (growth - 1) q |a - p|, with all that depends on neuron and sample at its worst.
  Interval growth() const {
    Interval growth = Interval(1, 64);
    for (std::size_t i = 0; i < at_.size(); ++i) {
      const Interval rise = exp(largest_radius() * at_[i].norm) / at_[i].least_z;
      growth = max(growth, rise * (1 + at_[i].shift / at_[i].gap));
    }
    return (growth * exactly(moments_.slack)).upper();
  }

  /// |A_first| + |A_{first+1}| + ... and |B_first| + ...
  Interval change_from(std::size_t first) const {
    Interval sum = zero_;
    for (std::size_t k = first; k <= kJacobianOrder; ++k)
      sum += exactly(moments_.change[k - 1]) * power(s_, static_cast<long>(k)) * tail(k);
    return sum;
  }
  Interval shift_from(std::size_t first) const {
    Interval sum = zero_, shift = zero_;
    for (const SampleOverBall& at : at_) shift = max(shift, at.shift);
    for (std::size_t k = first; k <= kJacobianOrder; ++k)
      sum += exactly(moments_.shift[k]) * power(s_, static_cast<long>(k)) * tail(k);
    return sum * shift;
  }

  Interval least_z() const {
    Interval least = Interval(1, 64);
    for (const SampleOverBall& at : at_) least = min(least, at.least_z);
    return least;
  }
  Interval most_z() const {
    Interval most = Interval(1, 64);
    for (const SampleOverBall& at : at_) most = max(most, at.most_z);
    return most;
  }

  /// gamma_{l,i} = (1/2)(1 + |p~|) |x_i|^2 sum_r q~ (growth b_r)^2, and its norm over l and i.
  Interval curvature() const {
    Interval squares = zero_;
    const Interval growth_squared = sqr(growth());
    for (std::size_t i = 0; i < at_.size(); ++i) {
      const auto& sample = moments_.samples[i];
      const Interval signs = min(1 + exactly(sample.largest_p) + at_[i].shift, Interval(2, 64));
      const Interval mean = at_[i].mean[1] * moments_.m * reach_ / at_[i].least_z;
      squares += sqr(signs * sqr(at_[i].norm) / 2 * mean * growth_squared) * moments_.d;
    }
    return sqrt(squares).upper();
  }

  const JacobianMoments& moments() const { return moments_; }
  const std::vector<SampleOverBall>& samples() const { return at_; }
  const Interval& s() const { return s_; }
  const Interval& reach() const { return reach_; }

 private:
  /// The last term bounds all further ones by e^{rho_max}.
  Interval tail(std::size_t k) const { return k == kJacobianOrder ? reach_ : Interval(1, 64); }

  const JacobianMoments& moments_;
  Interval s_, reach_, zero_ = Interval(0, 64);
  std::vector<SampleOverBall> at_;
};

/// ((lambda_min^{1/2} - nu) / most_z)^2, at least 0.
Interval lower_lambda_min(const JacobianMoments& moments, const Interval& nu, const Interval& most_z) {
  const Interval zero = Interval(0, 64);
  const Interval root = sqrt(max(exactly(moments.lambda_min.lower()), zero));
  return sqr(max(root - nu, zero) / most_z).lower();
}

/// How far the path strays from the plane W - J(0)' v: |rho_r| <= s b_r (flat + slope s b_r), because
/// |J_r(W~) - J_r| <= b_r max_i ( |q~ - q| / q + |p~ - p|_2 q~ / (|a - p|_2 q) ), the bracket at most flat + slope s
/// b_r.
struct Stray {
  Interval flat = Interval(0, 64), slope = Interval(0, 64);

  explicit Stray(const BallBounds& ball) {
    const Interval one = Interval(1, 64);
    for (std::size_t i = 0; i < ball.samples().size(); ++i) {
      const SampleOverBall& at = ball.samples()[i];
      const Interval shift = at.shift / at.gap / at.least_z;
      flat = max(flat, max(1 / at.least_z - one, one - 1 / at.most_z) + shift);
      // e^rho <= 1 + rho e^{rho_max}
      slope = max(slope, at.norm * ball.reach() * (1 / at.least_z + shift));
    }
  }
};

/// The second order at one sample: of Z_i - 1, and of p~_i - p_i beyond its derivative along -J(0)' v.
struct SecondOrder {
  Interval z, shift;

  SecondOrder(const BallBounds& ball, const Stray& stray, std::size_t i) {
    const SampleOverBall& at = ball.samples()[i];
    const auto& t = at.term;
    const Interval curved = t[1] / 2 * ball.reach();  // sum S (e^delta - 1 - delta)
    // sum S delta: the neurons of a pair move against each other along -J(0)' v, so only the stray is left.
    const Interval flat = stray.flat * ball.s(), slope = stray.slope * sqr(ball.s());
    z = (at.norm * (flat * at.mean[0] + slope * at.mean[1]) + curved).upper();
    const Interval strayed = at.norm * (flat * sqrt(at.mean[1]) + slope * sqrt(at.mean[3]));
    shift = at.spread * (sqrt(t[3]) / 2 * ball.reach() / at.least_z + z / at.least_z * sqrt(t[1]) + strayed);
  }
};

std::optional<SpectrumOverBall> spectrum_over(const BallBounds& ball) {
  if (!ball.is_bounded()) return std::nullopt;
  const JacobianMoments& moments = ball.moments();
  SpectrumOverBall over;
  over.nu = (ball.change_from(1) + ball.shift_from(0)).upper();
  over.lambda_min = lower_lambda_min(moments, over.nu, ball.most_z());
  const Interval top = sqrt(exactly(std::max(moments.lambda_max.upper(), 0.0)));
  over.lambda_max = sqr((top + over.nu) / ball.least_z()).upper();
  over.growth = ball.growth();
  over.curvature = ball.curvature();
  over.largest_radius = ball.largest_radius();
  return over;
}

}  // namespace

std::optional<SpectrumOverBall> spectrum_over_ball(const JacobianMoments& moments, const Interval& s) {
  return spectrum_over(BallBounds(moments, s));
}

std::optional<SpectrumOverBall> spectrum_over_tube(const JacobianMoments& moments, const Interval& s) {
  const BallBounds ball(moments, s);
  std::optional<SpectrumOverBall> over = spectrum_over(ball);
  if (!over || !moments.paired) return over;
  const Stray stray(ball);
  Interval most_z = Interval(1, 64), shift = Interval(0, 64);
  for (std::size_t i = 0; i < moments.samples.size(); ++i) {
    const SecondOrder second(ball, stray, i);
    most_z = max(most_z, 1 + second.z);
    shift = max(shift, second.shift);
  }
  const Interval strayed = stray.flat * ball.s() * exactly(moments.change[0]) +
                           stray.slope * sqr(ball.s()) * exactly(moments.change_by_squares);
  over->nu =
      min(over->nu, (strayed + ball.change_from(2) + ball.shift_from(1) + shift * exactly(moments.shift[0])).upper());
  over->lambda_min = max(over->lambda_min, lower_lambda_min(moments, over->nu, min(most_z, ball.most_z()))).lower();
  return over;
}

}  // namespace assay::fast
