#include "models/infinite_width.hpp"

#include <algorithm>
#include <cmath>

#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "enclosure/stop.hpp"
#include "network/fast/network.hpp"

namespace assay {

namespace {

/// I_d (x) K_inf as balls.
fast::KernelBall limit_ball(const Setting& setting) {
  constexpr Bits kBits = 64;
  const Index n = setting.instance().n(), d = setting.instance().d();
  const BallMatrix limit = ball_around(limit_kernel(setting.gram(kBits), setting.sigma(kBits)));
  fast::KernelBall result{fast::RowMajorMatrix::Zero(n * d, n * d), fast::RowMajorMatrix::Zero(n * d, n * d)};
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      for (Index l = 0; l < d; ++l) result.set(l * n + i, l * n + j, limit(i, j));
  return result;
}

Interval distance_of(const Setting& setting, const NeuronStream& neurons) {
  const auto sums = fast::network_sums(setting.instance().x, neurons, {setting.threads()});
  if (!sums) return nonnegative_line(64);
  const fast::KernelBall& limit = setting.once<&limit_ball>();
  const fast::KernelBall kernel = fast::kernel(*sums, setting.instance().x);
  return nonnegative_part(enclosure_of(fast::frobenius_norm(kernel - limit)));
}

/// H - I_d (x) K_inf at the network of the setting.
IntervalMatrix difference_from_limit(const Setting& setting, Bits bits) {
  IntervalMatrix difference = setting.kernel(bits);
  const IntervalMatrix limit = limit_kernel(setting.gram(bits), setting.sigma(bits));
  const Index n = limit.rows();
  for (Index l = 0; l < setting.instance().d(); ++l)
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j) difference(l * n + i, l * n + j) -= limit(i, j);
  return difference;
}

IntervalMatrix make_limit_kernel(const Setting& setting, const Model& model, Level level) {
  return model.limit_kernel(setting.gram(level.bits), setting.sigma(level.bits));
}

Interval make_limit_lambda_min(const Setting& setting, const Model& model, Level level) {
  if (model.limit_degeneracy(setting.instance().x)) return Interval::from_integer(0, level.bits);
  return nonnegative_part(enclose_lambda_min(limit_kernel_of(setting, model, level), 0, level.bits));
}

}  // namespace

const IntervalMatrix& limit_kernel_of(const Setting& setting, const Model& model, Level level) {
  return setting.once<&make_limit_kernel>(Level(level.bits), model);
}

Interval limit_lambda_min(const Setting& setting, const Model& model, Level level) {
  return setting.once<&make_limit_lambda_min>(Level(level.bits), model);
}

Known limit_condition(const Setting& setting, const Model& model, Level level) {
  if (model.limit_degeneracy(setting.instance().x)) return Known::undefined("$K_\\infty$ is singular");
  const IntervalMatrix& kernel = limit_kernel_of(setting, model, level);
  return enclose_lambda_max(kernel, 0, level.bits) / least_eigenvalue(kernel, Level(level.bits));
}

namespace {

KernelConcentration make_concentration(const Setting& setting, Level level) {
  return {setting.gram(level.bits), setting.sigma(level.bits), setting.instance().d()};
}

}  // namespace

const KernelConcentration& concentration(const Setting& setting, Level level) {
  return setting.once<&make_concentration>(level);
}

Interval distance_to_limit(const Setting& setting, Level level) {
  if (!level.fast && setting.is_stored()) return frobenius_norm(difference_from_limit(setting, level.bits));
  return distance_of(setting, *setting.neurons());
}

Interval drawn_distance(const Setting& setting, Index m, std::uint64_t seed) {
  const Instance& instance = setting.instance();
  return distance_of(setting, DrawnNeurons(m, instance.d_in(), instance.d(), instance.sigma.value(), seed));
}

std::uint64_t trial_seed(const Setting& setting, long k) {
  return setting.instance().seed.value_or(0) + 1'000'003ULL * static_cast<std::uint64_t>(k + 1);
}

Frequency frequency_within(const Setting& setting, Index m, const Interval& bound) {
  Frequency frequency{.trials = setting.hyper().trials};
  for (long k = 0; k < frequency.trials; ++k) {
    leave_if_stopped();
    const Interval distance = drawn_distance(setting, m, trial_seed(setting, k));
    frequency.within += certainly_less_equal(distance, bound);
    frequency.outside += certainly_less(bound, distance);
  }
  return frequency;
}

AtMost width_for_distance(const Setting& setting, const Interval& target, Level level) {
  const KernelConcentration& bounds = concentration(setting, level);
  const Interval delta = setting.delta(level.bits);
  const auto found = least_width(
      [&](const Interval& m) { return certainly_less_equal(bounds.upper_distance(m, delta), target); }, level.bits);
  return found ? AtMost(*found) : AtMost::unknown();
}

AtMost width_for_half(const Setting& setting, Level level) {
  const KernelConcentration& bounds = concentration(setting, level);
  const Interval delta = setting.delta(level.bits), half = Interval::ratio(1, 2, level.bits);
  const auto found = least_width(
      [&](const Interval& m) { return certainly_less_equal(half, bounds.lower_fraction(m, delta).bound()); },
      level.bits);
  return found ? AtMost(*found) : AtMost::unknown();
}

namespace {

/// c of the curve c m^(-1/2) nearest to the points in the logarithm.
double approx_half_power_fit(const Series& points) {
  double sum = 0;
  for (std::size_t k = 0; k < points.x.size(); ++k) sum += std::log(points.y[k]) + std::log(points.x[k]) / 2;
  return std::exp(sum / static_cast<double>(points.x.size()));
}

}  // namespace

std::vector<Chart> infinite_width_charts(const Setting& setting, Level level) {
  constexpr Index kFirst = 16, kLast = 1 << 13, kFurthest = 1 << 22;
  constexpr long kSeeds = 3;
  Series drawn{.label = "drawn networks", .style = Series::Style::points};
  for (Index m = kFirst; m <= kLast; m *= 2)
    for (long k = 0; k < kSeeds; ++k) {
      const double distance = drawn_distance(setting, m, trial_seed(setting, k)).approx_double();
      if (!std::isfinite(distance) || !(distance > 0)) continue;
      drawn.x.push_back(static_cast<double>(m));
      drawn.y.push_back(distance);
    }
  if (drawn.x.empty()) return {};
  const double fit = approx_half_power_fit(drawn);
  Series bound{.label = "bound with probability 1 - delta"};
  Series curve{.label = "fitted c m^(-1/2)"};
  Series half{.label = "half the smallest eigenvalue of the limit"};
  const double halved = limit_lambda_min(setting, softmax(), level).approx_double() / 2;
  for (Index m = kFirst; m <= kFurthest; m *= 2) {
    const double width = static_cast<double>(m);
    const Interval distance =
        concentration(setting, level).upper_distance(Interval(width, level.bits), setting.delta(level.bits));
    for (Series* series : {&bound, &curve, &half}) series->x.push_back(width);
    bound.y.push_back(distance.upper_double());
    curve.y.push_back(fit / std::sqrt(width));
    half.y.push_back(halved);
  }
  Chart chart{"distance", "Distance of the kernel from its limit of infinite width",
              "width m",  "Frobenius norm",
              true,       true,
              false,      {drawn, curve, bound, half}};
  return {chart};
}

}  // namespace assay
