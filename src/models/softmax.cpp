#include "models/over_balls.hpp"
#include "models/region.hpp"
#include "network/ball.hpp"
#include "network/fast/jacobian.hpp"

namespace assay {

namespace {

std::optional<fast::JacobianMoments> make_moments(const Setting& setting) {
  if (setting.fast_sums() == nullptr) return std::nullopt;
  return fast::jacobian_moments(*setting.fast_sums(), setting.instance().x, *setting.neurons(),
                                fast::RadiusShape::equal, {setting.threads(), [](double) {}});
}

/// lambda_min over the ball by the moments of its Jacobian: (sqrt lambda - nu)^2 / max Z_i^2,
/// Z_i <= e^{R |x_i|}. nu comes from doubles on every rung, lambda from the rung.
AtLeast eigenvalue_by_moments(const Setting& setting, const Interval& radius, const Interval& lambda) {
  const Interval zero = Interval::from_integer(0, 64);
  const auto& moments = setting.once<&make_moments>();
  const auto over = moments ? fast::spectrum_over_ball(*moments, radius) : std::nullopt;
  if (!over) return AtLeast(zero);
  Interval longest;
  for (const auto& sample : moments->samples) longest = max(longest, Interval(sample.norm, 64));
  const Interval left = max(sqrt(lambda.lower()) - over->nu.upper(), zero) / exp(radius.upper() * longest);
  return AtLeast(max(sqr(left).lower(), over->lambda_min.lower()));
}

/// |H(W~) - H(W)|_F over a ball, by kernel_change.
AtMost change_by_d1(const Setting& setting, const Interval& radius, Level level) {
  const Instance& instance = setting.instance();
  if (level.fast) {
    if (setting.fast_sums() == nullptr) return AtMost::unknown();
    const fast::KernelChange change = fast::change_over_ball(*setting.fast_sums(), instance.x, radius);
    return AtMost(Interval(fast::upper_frobenius_norm(change.entrywise), 64));
  }
  const Forward& at = setting.forward(level.bits);
  const BallRanges ranges = ball_ranges(at, instance.x, radius, setting.threads());
  return AtMost(frobenius_norm(kernel_change(at, ranges, setting.gram(level.bits), setting.threads()).entrywise));
}

/// phi = exp, divided by its sum over the neurons; N x N, N = n d. Most is asked of the setting itself.
class Softmax : public Model {
 public:
  Softmax() : Model(0, "softmax", "softmax") {}

  /// <x, x'> e^{sigma^2 <x, x'>}, at paired initialization.
  IntervalMatrix limit_kernel(const IntervalMatrix& gram, const Interval& sigma) const override {
    return assay::limit_kernel(gram, sigma);
  }
  /// The power series of t e^{sigma^2 t} has a positive coefficient at every t^k, k >= 1: c'K c = 0 makes
  /// sum_i c_i p(x_i) = 0 for every polynomial p with p(0) = 0, and one of them is 1 at x_i and 0 at the other rows.
  std::optional<LimitDegeneracy> limit_degeneracy(const RealMatrix& x) const override {
    return zero_or_repeated_row(x);
  }

  Index outputs(const Instance& instance) const override { return instance.d(); }
  Interval kernel_norm(const Setting& setting, Level level) const override { return setting.kernel_norm(level); }
  Interval lambda_min(const Setting& setting, Level level) const override { return setting.lambda_min(level); }

  AtMost change_over_ball(const Setting& setting, const Interval& radius, Level level) const override {
    return change_by_d1(setting, radius, level);
  }
  AtMost change_over_own_ball(const Setting& setting, Level level) const override {
    return setting.ball_change_f(level);
  }
  AtLeast lambda_min_over_ball(const Setting& setting, const Interval& radius, Level level) const override {
    return better(eigenvalue_by_moments(setting, radius, setting.lambda_min(level)),
                  AtLeast(ConvexRegion(setting, level).least_eigenvalue_within(radius).range()));
  }

  const RealMatrix& worst_weights(const Setting& setting) const override { return setting.worst_weights(); }
  std::optional<std::string> worst_weights_file(const Setting& setting) const override {
    return setting.worst_weights_file();
  }
  Interval change_at_worst_weights(const Setting& setting, Level level) const override {
    return setting.worst_change_f(level);
  }
  AtLeast certified_radius(const Setting& setting, Level level) const override {
    return ConvexRegion(setting, level).certified_radius();
  }
  AtMost lowering_radius(const Setting& setting, Level level) const override {
    return ConvexRegion(setting, level).lowering_radius();
  }
};

const RegisteredModel registered_softmax{std::make_unique<Softmax>()};

}  // namespace

}  // namespace assay
