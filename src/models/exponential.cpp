#include "models/exponential.hpp"

#include <algorithm>
#include <cmath>

#include "models/moves.hpp"
#include "network/fast/network.hpp"

namespace assay {

namespace {

/// |x_i + x_j|_2.
Interval norm_of_sum(const RealMatrix& x, Index i, Index j, Bits bits) {
  Interval sum = Interval::from_integer(0, bits);
  for (Index k = 0; k < x.cols(); ++k)
    sum += sqr(Interval(x(i, k), 53).rounded_to(std::max<Bits>(bits, 53)) + Interval(x(j, k), 53));
  return sqrt(sum);
}

}  // namespace

IntervalMatrix exponential_kernel(const Forward& at, const IntervalMatrix& gram, int threads) {
  return kernel_of_features(
      at, gram, [](const Interval& z) { return exp(z); }, threads);
}

std::optional<IntervalMatrix> exponential_kernel(const fast::NetworkSums& sums, const IntervalMatrix& gram) {
  if (std::any_of(sums.shifts.begin(), sums.shifts.end(), [](long shift) { return shift != 0; })) return std::nullopt;
  IntervalMatrix h(sums.n, sums.n);
  for (Index i = 0; i < sums.n; ++i)
    for (Index j = 0; j <= i; ++j) {
      Interval sum = Interval::from_integer(0, gram(i, j).bits());
      for (const auto& [mask, part] : sums.classes) sum += Interval(part.gram(i, j), 64);
      // The computed sum is within a relative error of the true one.
      const Interval error = Interval(fast::gram_error(sums, i, j), 64), one = Interval(1, 64);
      const Interval absolute = Interval(sums.absolute_error, 64);
      const Interval below = (sum - absolute) / (one + error), above = (sum + absolute) / (one - error);
      const Interval entry = gram(i, j) * hull(below.lower(), above.upper()) * (sums.paired ? 2 : 1) / sums.m;
      if (!entry.is_finite()) return std::nullopt;
      h(i, j) = h(j, i) = entry;
    }
  return h;
}

IntervalMatrix exponential_change(const IntervalMatrix& kernel, const RealMatrix& x, const Interval& radius) {
  IntervalMatrix change(kernel.rows(), kernel.rows());
  for (Index i = 0; i < kernel.rows(); ++i)
    for (Index j = 0; j <= i; ++j) {
      const Interval reach = radius.upper() * norm_of_sum(x, i, j, kernel(i, j).bits());
      change(i, j) = change(j, i) = abs(kernel(i, j)) * expm1(reach);
    }
  return change;
}

IntervalMatrix exponential_floor(const IntervalMatrix& kernel, const IntervalMatrix& gram, const Interval& radius,
                                 const Interval& tau, const Interval& kappa) {
  const Interval one = Interval::from_integer(1, gram(0, 0).bits());
  const Interval price = (one / tau - one) * expm1(kappa * radius), share = one - tau;
  IntervalMatrix floor(kernel.rows(), kernel.rows());
  for (Index i = 0; i < kernel.rows(); ++i)
    for (Index j = 0; j <= i; ++j)
      floor(i, j) = floor(j, i) = (share - price * expm1(radius * gram(i, j) / kappa)) * kernel(i, j);
  return floor;
}

Interval exponential_change_at_common_shift(const Setting& setting, const Interval& radius, Level level) {
  const auto& kernel = exponential().kernel(setting, level);
  if (!kernel) return unknown();
  const IntervalMatrix& gram = setting.gram(level.bits);
  Index longest = 0;
  for (Index i = 0; i < gram.rows(); ++i)
    if (certainly_less(gram(longest, longest), gram(i, i))) longest = i;
  const Interval step = radius / sqrt(gram(longest, longest));
  IntervalMatrix change(gram.rows(), gram.rows());
  for (Index i = 0; i < gram.rows(); ++i)
    for (Index j = 0; j < gram.rows(); ++j)
      change(i, j) = (*kernel)(i, j) * expm1(step * (gram(longest, i) + gram(longest, j)));
  return frobenius_norm(change);
}

namespace {

using moves::Dense;

/// lambda_min over the ball, by exponential_floor with the better of a few multipliers.
AtLeast exponential_floor_eigenvalue(const Setting& setting, const Interval& radius, Level level) {
  const auto& kernel = exponential().kernel(setting, level);
  AtLeast best(Interval::from_integer(0, 64));
  if (!kernel) return best;
  const IntervalMatrix& gram = setting.gram(level.bits);
  double square = 0;
  for (Index i = 0; i < gram.rows(); ++i) square = std::max(square, gram(i, i).upper_double());
  const double kappa = std::sqrt(square), relative = std::fmax(std::expm1(kappa * radius.upper_double()), 0x1p-60);
  // Where half of lambda is to be kept, 1 - 1/sqrt 2 is best, whatever the price; in small balls less is.
  constexpr double kBestForHalf = 0.2928932188134524;
  if (kappa == 0) return best;
  for (const double tau : {relative, std::sqrt(relative * kBestForHalf), kBestForHalf}) {
    if (!(tau <= kBestForHalf)) continue;
    const IntervalMatrix floor =
        exponential_floor(*kernel, gram, radius.upper(), Interval(tau, 53), Interval(kappa, 53));
    best = better(best, lower_eigenvalue(floor, level));
  }
  return best;
}

/// e^{<w_r, x_i>}, n x m: its own derivative.
Dense features(const Dense& z) {
  return z.array().exp().matrix();
}

const moves::Slope kSlope{features, features};

Dense approx_exp_kernel(const Instance& instance, const RealMatrix& w) {
  return moves::kernel_at(instance, w, kSlope);
}

class Exponential : public ScalarModel {
 public:
  Exponential() : ScalarModel(1, "exp", "exp") {}

  IntervalMatrix limit_kernel(const IntervalMatrix& gram, const Interval& sigma) const override {
    const Interval half_variance = sqr(sigma) / 2;
    return symmetric_matrix(gram.rows(), [&](Index i, Index j) {
      return gram(i, j) * exp(half_variance * (gram(i, i) + gram(j, j) + 2 * gram(i, j)));
    });
  }
  std::optional<LimitDegeneracy> limit_degeneracy(const RealMatrix& x) const override {
    return zero_or_repeated_row(x);
  }

  std::optional<IntervalMatrix> kernel_at(const Setting& setting, const RealMatrix& w, Level level) const override {
    const Instance& instance = setting.instance();
    const IntervalMatrix& gram = setting.gram(level.bits);
    if (!level.fast)
      return exponential_kernel(forward_pass(instance.x, w, instance.a, level.bits, setting.threads()), gram,
                                setting.threads());
    const auto sums = fast::network_sums(instance.x, StoredNeurons(w, instance.a), {setting.threads(), [](double) {}});
    return sums ? exponential_kernel(*sums, gram) : std::nullopt;
  }
  std::optional<IntervalMatrix> kernel_at_start(const Setting& setting, Level level) const override {
    if (level.fast) return kernel_at(setting, setting.instance().w, level);
    return exponential_kernel(setting.forward(level.bits), setting.gram(level.bits), setting.threads());
  }

  AtMost change_over_ball(const Setting& setting, const Interval& radius, Level level) const override {
    const auto& h = kernel(setting, level);
    if (!h) return AtMost::unknown();
    return AtMost(frobenius_norm(exponential_change(*h, setting.instance().x, radius)));
  }
  AtLeast lambda_min_over_ball(const Setting& setting, const Interval& radius, Level level) const override {
    return exponential_floor_eigenvalue(setting, radius, level);
  }

  RealMatrix approx_worst_weights(const Instance& instance, const Interval& radius) const override {
    const moves::Judge judge = moves::distance_from(approx_exp_kernel(instance, instance.w));
    RealMatrix w = moves::ascend(instance, kSlope, radius.lower_double(), judge, true);
    moves::keep_inside(w, instance.w, radius.lower());
    return w;
  }
  RealMatrix approx_lowering_weights(const Instance& instance, const Interval& radius) const override {
    RealMatrix w = moves::ascend(instance, kSlope, radius.lower_double(), moves::minus_lambda_min, false);
    moves::keep_inside(w, instance.w, radius.lower());
    return w;
  }
  double approx_lambda_min(const Instance& instance, const RealMatrix& w) const override {
    return -moves::minus_lambda_min(approx_exp_kernel(instance, w)).value;
  }
};

const RegisteredModel registered_exponential{std::make_unique<Exponential>()};

}  // namespace

}  // namespace assay
