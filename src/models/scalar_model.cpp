#include <cmath>
#include <functional>

#include "data/csv.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/known.hpp"
#include "models/model.hpp"
#include "models/over_balls.hpp"
#include "network/fast/network.hpp"
#include "network/search/adversary.hpp"

namespace assay {

namespace {

using MaybeMatrix = std::optional<IntervalMatrix>;

Interval zero() {
  return Interval::from_integer(0, 64);
}

MaybeMatrix make_kernel(const Setting& setting, const ScalarModel& model, Level level) {
  setting.require_stored();
  return model.kernel_at_start(setting, level);
}

MaybeMatrix make_worst_kernel(const Setting& setting, const ScalarModel& model, Level level) {
  return model.kernel_at(setting, model.worst_weights(setting), level);
}

RealMatrix make_worst_weights(const Setting& setting, const ScalarModel& model) {
  constexpr Bits kBits = 128;
  return model.approx_worst_weights(setting.instance(), setting.radius(kBits));
}

std::string write_worst_weights(const Setting& setting, const ScalarModel& model) {
  const std::string file = setting.counterexamples() + "_w_tilde_" + model.id() + ".csv";
  write_csv(file, model.worst_weights(setting));
  return file;
}

/// The largest 2^(k/64) with proves(2^(k/64)), by bisection from a power of two; 0 if there is none above 2^-400.
double approx_largest(const std::function<bool(double)>& proves) {
  constexpr int kFinest = 64, kLeast = -400, kMost = 10;
  int exponent = -4;
  while (exponent > kLeast && !proves(std::ldexp(1.0, exponent)))
    exponent = exponent > -16 ? exponent - 1 : exponent * 2;
  if (exponent <= kLeast) return 0;
  while (exponent < kMost && proves(std::ldexp(1.0, exponent + 1))) ++exponent;
  int below = exponent * kFinest, above = below + kFinest;
  while (above - below > 1) {
    const int middle = (below + above) / 2;
    (proves(std::exp2(static_cast<double>(middle) / kFinest)) ? below : above) = middle;
  }
  return std::exp2(static_cast<double>(below) / kFinest);
}

/// lambda_min >= lambda / 2 over the ball.
bool keeps_half(const Setting& setting, const ScalarModel& model, const Interval& radius, Level level) {
  const Interval lambda = kernel_lambda_min(setting, model, level);
  return certainly_positive(lambda) &&
         certainly_less_equal(lambda / 2, least_lambda_min_over_ball(setting, model, radius, level).range());
}

/// The radius to be proved, found once, on the first rung on which lambda > 0: so it is the same on every rung.
double approx_radius(const Setting& setting, const ScalarModel& model) {
  double found = 0;
  constexpr Precision kLadder{.start = 64, .limit = 1024, .tier = Tier::automatic};
  refine(kLadder, [&](Level level) {
    if (!certainly_positive(kernel_lambda_min(setting, model, level))) return false;
    found = approx_largest([&](double radius) { return keeps_half(setting, model, Interval(radius, 64), level); });
    return found > 0;
  });
  return found;
}

bool is_radius_proved(const Setting& setting, const ScalarModel& model, Level level) {
  return keeps_half(setting, model, Interval(setting.once<&approx_radius>(model), 64), level);
}

/// The weights that lower the smallest eigenvalue most at the least radius at which that is enough, on a geometric
/// scale from the certified radius upwards. A guess, or nothing.
std::optional<RealMatrix> approx_nearest_lowering_weights(const Setting& setting, const ScalarModel& model) {
  constexpr double kFactor = 1.25;
  constexpr int kSteps = 24;
  const Instance& instance = setting.instance();
  double radius = setting.once<&approx_radius>(model);
  if (radius == 0) return std::nullopt;
  const double wanted = 0.499 * model.approx_lambda_min(instance, instance.w);
  for (int step = 0; step < kSteps; ++step) {
    RealMatrix w = model.approx_lowering_weights(instance, Interval(radius, 64));
    if (model.approx_lambda_min(instance, w) < wanted) return w;
    radius *= kFactor;
  }
  return std::nullopt;
}

}  // namespace

IntervalMatrix kernel_of_features(const Forward& at, const IntervalMatrix& gram,
                                  const std::function<Interval(const Interval&)>& feature, int threads) {
  const Index n = at.z.rows(), columns = at.neurons.columns();
  IntervalMatrix f(n, columns), h(n, n);
  parallel_for(n, threads, [&](Index i) {
    for (Index c = 0; c < columns; ++c) f(i, c) = feature(at.z(i, c));
  });
  parallel_for(n, threads, [&](Index i) {
    for (Index j = 0; j <= i; ++j) {
      Interval sum, product;
      for (Index c = 0; c < columns; ++c) {
        product = f(i, c) * f(j, c);
        sum.add_multiple(at.neurons.multiplicity[static_cast<std::size_t>(c)], product);
      }
      h(i, j) = h(j, i) = gram(i, j) * sum / at.m;
    }
  });
  return h;
}

Interval least_eigenvalue(const IntervalMatrix& a, Level level) {
  if (!level.fast) return enclose_lambda_min(a, 0, level.bits);
  return enclosure_of(fast::lambda_min(fast::symmetric_ball_around(a)));
}

AtLeast lower_eigenvalue(const IntervalMatrix& a, Level level) {
  return better(AtLeast(least_eigenvalue(a, level)), AtLeast(zero()));
}

bool ScalarModel::is_certainly_singular(const Setting& setting) const {
  const Instance& instance = setting.instance();
  return instance.n() > setting.neurons()->columns() * instance.d_in() || zero_or_repeated_row(instance.x).has_value();
}

const MaybeMatrix& ScalarModel::kernel(const Setting& setting, Level level) const {
  return setting.once<&make_kernel>(level, *this);
}

Interval ScalarModel::kernel_norm(const Setting& setting, Level level) const {
  const MaybeMatrix& h = kernel(setting, level);
  return h ? frobenius_norm(*h) : unknown();
}

Interval ScalarModel::lambda_min(const Setting& setting, Level level) const {
  if (is_certainly_singular(setting)) return zero();
  const MaybeMatrix& h = kernel(setting, level);
  return nonnegative_part(h ? least_eigenvalue(*h, level) : unknown());
}

const RealMatrix& ScalarModel::worst_weights(const Setting& setting) const {
  setting.require_stored();
  return setting.once<&make_worst_weights>(*this);
}

std::optional<std::string> ScalarModel::worst_weights_file(const Setting& setting) const {
  if (setting.counterexamples().empty()) return std::nullopt;
  return setting.once<&write_worst_weights>(*this);
}

Interval ScalarModel::change_at_worst_weights(const Setting& setting, Level level) const {
  const MaybeMatrix &center = kernel(setting, level), &moved = setting.once<&make_worst_kernel>(level, *this);
  return center && moved ? frobenius_norm(*moved - *center) : unknown();
}

AtLeast ScalarModel::certified_radius(const Setting& setting, Level level) const {
  const Interval lambda = kernel_lambda_min(setting, *this, level);
  if (lambda.is_point() && lambda.contains_zero()) return AtLeast(zero());
  const double radius = setting.once<&approx_radius>(*this);
  return AtLeast(setting.once<&is_radius_proved>(level, *this) ? Interval(radius, 64) : zero());
}

AtMost ScalarModel::lowering_radius(const Setting& setting, Level level) const {
  const auto& low = setting.once<&approx_nearest_lowering_weights>(*this);
  if (!low) return AtMost::unknown();
  const MaybeMatrix moved = kernel_at(setting, *low, level);
  const Interval half = kernel_lambda_min(setting, *this, level) / 2;
  if (!moved || !certainly_less(nonnegative_part(least_eigenvalue(*moved, level)), half)) return AtMost::unknown();
  return AtMost(largest_displacement(*low, setting.instance().w, level.bits));
}

}  // namespace assay
