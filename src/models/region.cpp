#include "models/region.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "data/csv.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/known.hpp"
#include "enclosure/stop.hpp"
#include "network/curvature.hpp"
#include "network/fast/network.hpp"
#include "network/fast/slope.hpp"
#include "network/search/adversary.hpp"
#include "network/search/eigenvalue_adversary.hpp"

namespace assay {

namespace {

using Bound = ConvexRegion::Bound;
constexpr std::array kMethods{Bound::entrywise, Bound::singular_value, Bound::tensor};

Interval from(const Interval& least) {
  return hull(least, Interval(std::numeric_limits<double>::infinity(), 64));
}

/// A little more than half of lambda is proved, so that a reader of decimals can tell it from half. Guesses keep more
/// room than that.
Interval more_than_half(const Interval& lambda) {
  return (lambda / 2 * Interval(1 + 0x1p-22, 64)).upper();
}
constexpr double kGuessedRoom = 1 + 0x1p-20;

/// What doubles guess, once for a setting.
struct Guess {
  std::array<double, 3> radius{};  // by method; 0 where there is none
  BallMultipliers multipliers;
  Level rung = Level(64);  // enough to tell lambda from 0
  bool doubles = false;    // lambda is far above the rounding of doubles

  double operator[](Bound method) const { return radius[static_cast<std::size_t>(method)]; }
  double& operator[](Bound method) { return radius[static_cast<std::size_t>(method)]; }
};

/// kernel_change in the fast tier, whose simpler ranges have closed forms in H: lambda_min >= this over the ball.
Interval bound_of_d1(const Setting& setting, Bound method, const Interval& lambda, const Interval& radius) {
  const fast::NetworkSums* sums = setting.fast_sums();
  if (sums == nullptr) return Interval();
  const fast::KernelChange change = fast::change_over_ball(*sums, setting.instance().x, radius);
  const bool entrywise = method == Bound::entrywise;
  const Interval norm(fast::upper_norm_of_radii(entrywise ? change.entrywise : change.theta), 64);
  if (!norm.is_finite()) return Interval();
  if (entrywise) return (lambda - norm).lower();
  return sqr(max(sqrt(lambda).lower() - sqrt(norm).upper(), Interval())).lower();
}

double guess_of_d1(const Setting& setting, Bound method, const Interval& lambda) {
  constexpr int kHalvings = 20;
  const double wanted = lambda.upper_double() / 2 * kGuessedRoom;
  double low = 0, high = 1;
  for (int step = 0; step < kHalvings; ++step) {
    leave_if_stopped();
    const double radius = low > 0 ? (low + high) / 2 : high / 4;
    const double bound = bound_of_d1(setting, method, lambda.lower(), Interval(radius, 64)).lower_double();
    (bound >= wanted ? low : high) = radius;
  }
  return low;
}

BallKernel fast_ball_kernel(const fast::NetworkSums& sums, const RealMatrix& x) {
  return {enclosure_of(fast::kernel(sums, x)), input_gram(x, 64), sums.d};
}

std::optional<BallKernel> make_ball_kernel(const Setting& setting, Level level) {
  if (!level.fast) {
    setting.require_stored();
    return ball_kernel(setting.instance(), setting.gram(level.bits), level.bits, setting.threads());
  }
  // The fast tier has no kernel of the further output that an unpaired network needs.
  const fast::NetworkSums* sums = setting.fast_sums();
  if (sums == nullptr || !sums->paired) return std::nullopt;
  return fast_ball_kernel(*sums, setting.instance().x);
}

const BallKernel* kernel_at(const Setting& setting, Level level) {
  const auto& kernel = setting.once<&make_ball_kernel>(level);
  return kernel ? &*kernel : nullptr;
}

/// The first rung that tells lambda from 0 and has a kernel.
Level rung_for(const Setting& setting) {
  constexpr Bits kMostBits = 1024;
  constexpr double kNarrow = 1e-3;
  const auto is_narrow = [&](Level level) { return setting.lambda_min(level).relative_width() < kNarrow; };
  const Level fast = Level::fast_tier();
  if (!setting.is_stored() || (is_narrow(fast) && kernel_at(setting, fast) != nullptr)) return fast;
  Bits bits = 64;
  while (bits < kMostBits && !is_narrow(Level(bits))) bits *= 2;
  return Level(bits);
}

Guess make_guess(const Setting& setting) {
  Guess guess;
  const Level rung = rung_for(setting);
  const Interval lambda = setting.lambda_min(rung);
  guess.rung = rung;
  if (!certainly_positive(lambda) || !lambda.is_finite()) return guess;
  for (const Bound method : {Bound::entrywise, Bound::singular_value})
    guess[method] = guess_of_d1(setting, method, lambda);
  const BallKernel* kernel = kernel_at(setting, rung);
  if (kernel == nullptr) return guess;
  constexpr double kDoublesTell = 1e-11;
  guess.doubles = lambda.lower_double() > kDoublesTell * setting.lambda_max(rung).upper_double();
  const Interval wanted = (lambda / 2 * Interval(kGuessedRoom, 64)).upper();
  const ApproxBallRadius found = guess.doubles ? approx_ball_radius(*kernel, wanted)
                                               : approx_ball_radius_from_certificates(*kernel, wanted, rung.bits);
  guess[Bound::tensor] = found.radius;
  guess.multipliers = found.multipliers;
  return guess;
}

const Guess& guess_of(const Setting& setting) {
  return setting.once<&make_guess>();
}

Bound best_method(const Guess& guess) {
  Bound best = Bound::entrywise;
  for (const Bound method : kMethods)
    if (guess[method] > guess[best]) best = method;
  return best;
}

LowEigenvalue make_lowering(const Setting& setting) {
  if (!setting.is_stored()) return {};
  constexpr double kMargin = 1 - 0x1p-20;
  const Interval lambda = setting.lambda_min(guess_of(setting).rung);
  if (!certainly_positive(lambda)) return {};
  constexpr Index kLarge = 100;  // a step costs N^3
  EigenvalueAdversaryOptions options;
  if (setting.instance().n() * setting.instance().d() > kLarge) options.starts = options.rounds = 1;
  return approx_lowering_weights(setting.instance(), lambda.lower_double() / 2 * kMargin, options);
}

const LowEigenvalue& lowering_of(const Setting& setting) {
  return setting.once<&make_lowering>();
}

std::array<bool, 3> make_proofs(const Setting& setting, Level level) {
  std::array<bool, 3> proved{};
  for (const Bound method : kMethods)
    proved[static_cast<std::size_t>(method)] =
        ConvexRegion(setting, level).keeps_half(method, Interval(guess_of(setting)[method], level.bits));
  return proved;
}

Interval make_lowering_eigenvalue(const Setting& setting, Level level) {
  return ConvexRegion(setting, level).eigenvalue_at(lowering_of(setting).w_tilde);
}

std::string write_lowering_weights(const Setting& setting) {
  const std::string file = setting.counterexamples() + "_below_half.csv";
  write_csv(file, lowering_of(setting).w_tilde);
  return file;
}

RealMatrix make_weights_inside(const Setting& setting) {
  const RealMatrix& w = setting.instance().w;
  const LowEigenvalue& low = lowering_of(setting);
  if (!low.found) return w;
  const Guess& guess = guess_of(setting);
  const double radius = guess[best_method(guess)];
  RealMatrix inside = w + std::min(1.0, radius / low.approx_radius) * (low.w_tilde - w);
  pull_inside(inside, w, Interval(radius, 64));
  return inside;
}

RealMatrix make_lowest_curvature(const Setting& setting) {
  return approx_lowest_curvature(setting.instance());
}

/// The least curvature of the loss at W in the fast tier; above it is attained along the direction.
Known fast_curvature(const Setting& setting, const RealMatrix& direction) {
  const fast::NetworkSums* sums = setting.fast_sums();
  if (sums == nullptr) return {};
  const Instance& instance = setting.instance();
  const StoredNeurons neurons = StoredNeurons::separate(instance.w, instance.a);
  const Ball along = fast::curvature_along(*sums, instance.x, instance.y, neurons, direction, {setting.threads()});
  const double least = fast::lower_curvature(*sums, instance.x, instance.y);
  return Known::between(AtLeast(Interval(least, 64)), AtMost(enclosure_of(along)));
}

Known make_least_curvature(const Setting& setting, Level level) {
  const Instance& instance = setting.instance();
  const RealMatrix& u = setting.once<&make_lowest_curvature>();
  if (level.fast) return fast_curvature(setting, u);
  const Forward& at = setting.forward(level.bits);
  const Interval along = curvature_along(at, instance.a, instance.x, instance.y, u);
  return Known::between(AtLeast(lower_curvature(at, instance.x, instance.y)), AtMost(along));
}

}  // namespace

const BallKernel* ConvexRegion::kernel() const {
  return kernel_at(setting_, level_);
}

bool ConvexRegion::is_proved(Bound method) const {
  return setting_.once<&make_proofs>(level_)[static_cast<std::size_t>(method)];
}

/// Over the ball of this radius, lambda_min(H(W~)) >= lambda / 2 by this method.
bool ConvexRegion::keeps_half(Bound method, const Interval& radius) const {
  if (radius.is_point() && radius.contains_zero()) return true;
  const Interval wanted = more_than_half(setting_.lambda_min(level_));
  if (!wanted.is_finite()) return false;
  if (method != Bound::tensor) {
    const Interval bound = bound_of_d1(setting_, method, setting_.lambda_min(level_).lower(), radius);
    return certainly_less_equal(wanted, bound);
  }
  return kernel() != nullptr && certainly_keeps(*kernel(), wanted, radius, guess_of(setting_).multipliers, level_.bits);
}

AtLeast ConvexRegion::radius_of(Bound method) const {
  return AtLeast(Interval(is_proved(method) ? guess_of(setting_)[method] : 0, 64));
}

AtLeast ConvexRegion::certified_radius() const {
  AtLeast best = AtLeast(Interval());
  for (const Bound method : kMethods) best = better(best, radius_of(method));
  return best;
}

Interval ConvexRegion::paper_radius() const {
  return setting_.closed_forms(level_, true).convex_radius();
}

Known ConvexRegion::least_eigenvalue_within(const Interval& radius) const {
  const Interval lambda = setting_.lambda_min(level_);
  const BallKernel* kernel = this->kernel();
  AtLeast least{Interval()};
  const Interval certified = certified_radius().bound();
  if (certainly_positive(certified) && certainly_less_equal(radius, certified)) least = AtLeast(more_than_half(lambda));
  const Guess& guess = guess_of(setting_);
  if (kernel != nullptr && guess[Bound::tensor] > 0 && radius.is_finite()) {
    // The losses are of first order in R, so the multiplier tau shrinks with R.
    const double share = std::min(1.0, radius.upper_double() / guess[Bound::tensor]);
    BallMultipliers multipliers = guess.multipliers;
    multipliers.tau = std::max(multipliers.tau * share, 1e-6);
    multipliers.mu /= std::max(share, 1e-6);
    for (const double kept : {1 - 0x1p-16, 0.9, 0.7}) {
      const Interval s = (lambda * Interval(kept, level_.bits)).lower();
      if (!certainly_less(least.bound(), s) || !certainly_keeps(*kernel, s, radius.upper(), multipliers, level_.bits))
        continue;
      least = AtLeast(s);
      break;
    }
  }
  return Known::between(least, AtMost(lambda));
}

const RealMatrix* ConvexRegion::lowering_weights() const {
  const LowEigenvalue& low = lowering_of(setting_);
  return low.found ? &low.w_tilde : nullptr;
}

Interval ConvexRegion::eigenvalue_at(const RealMatrix& w) const {
  const Instance& instance = setting_.instance();
  if (level_.fast) {
    const StoredNeurons neurons(w, instance.a);
    const auto sums = fast::network_sums(instance.x, neurons, {setting_.threads(), [](double) {}});
    if (!sums) return from(Interval());
    return nonnegative_part(enclosure_of(fast::lambda_min(fast::kernel(*sums, instance.x).symmetric())));
  }
  const Forward at = forward_pass(instance.x, w, instance.a, level_.bits, setting_.threads());
  const IntervalMatrix h = assay::kernel(at, setting_.gram(level_.bits), setting_.threads());
  return nonnegative_part(enclose_lambda_min(h, 0, level_.bits));
}

Interval ConvexRegion::lowering_eigenvalue() const {
  return lowering_weights() == nullptr ? from(Interval()) : setting_.once<&make_lowering_eigenvalue>(level_);
}

AtMost ConvexRegion::lowering_radius() const {
  const bool fails = lowering_weights() != nullptr && certainly_less(lowering_eigenvalue(), half());
  if (!fails) return AtMost::unknown();
  return AtMost(largest_displacement(*lowering_weights(), setting_.instance().w, std::max<Bits>(level_.bits, 64)));
}

std::optional<std::string> ConvexRegion::lowering_weights_file() const {
  if (setting_.counterexamples().empty() || lowering_weights() == nullptr) return std::nullopt;
  return setting_.once<&write_lowering_weights>();
}

RealMatrix ConvexRegion::weights_inside() const {
  return setting_.once<&make_weights_inside>();
}

ConvexRegion::Slope ConvexRegion::slope_at(const RealMatrix& w) const {
  setting_.require_stored();
  const Instance& instance = setting_.instance();
  if (level_.fast) {
    const StreamOptions options{setting_.threads()};
    const StoredNeurons neurons(w, instance.a);
    const auto sums = fast::network_sums(instance.x, neurons, options);
    if (!sums) return {unknown(), unknown()};
    const Interval loss = sqr(nonnegative_part(enclosure_of(fast::residual_norm(*sums, instance.y)))) / 2;
    const Ball squares = fast::squared_gradient(*sums, instance.x, instance.y, neurons, options);
    return {nonnegative_part(enclosure_of(squares)), setting_.lambda_min(level_) * loss * instance.m()};
  }
  const Forward at = forward_pass(instance.x, w, instance.a, level_.bits, setting_.threads());
  const Interval loss = sqr(frobenius_norm(residual(at, instance.y))) / 2;
  return {squared_gradient(at, instance.a, instance.x, instance.y), setting_.lambda_min(level_) * loss * instance.m()};
}

Known ConvexRegion::least_curvature() const {
  return setting_.is_stored() ? setting_.once<&make_least_curvature>(level_) : Known{};
}

std::vector<Chart> ConvexRegion::charts() const {
  const Guess& guess = guess_of(setting_);
  const BallKernel* kernel = this->kernel();
  if (kernel == nullptr || !guess.doubles || lowering_weights() == nullptr) return {};
  constexpr int kPoints = 16;
  const double farthest = 1.25 * lowering_of(setting_).approx_radius;
  const RealMatrix& w = setting_.instance().w;
  Series proved{.label = "at least, for every network of the ball"};
  Series reached{.label = "at most, at an explicit network", .style = Series::Style::points};
  Series halved{.label = "half of the value at W"};
  for (int k = 0; k <= kPoints; ++k) {
    const double radius = farthest * k / kPoints;
    const ApproxBallBound bound = approx_ball_bound(*kernel, radius);
    constexpr double kMargin = 1 - 0x1p-16;
    const Interval s(bound.s * kMargin, 64), at(radius, 64);
    if (bound.s > 0 && certainly_keeps(*kernel, s, at, bound.multipliers, level_.bits)) {
      proved.x.push_back(radius);
      proved.y.push_back(s.lower_double());
    }
    const RealMatrix w_tilde = w + radius / lowering_of(setting_).approx_radius * (*lowering_weights() - w);
    reached.x.push_back(radius);
    reached.y.push_back(eigenvalue_at(w_tilde).upper_double());
    halved.x.push_back(radius);
    halved.y.push_back(half().approx_double());
  }
  Chart chart{"lambda-min", "Smallest eigenvalue of the kernel over a ball",
              "radius R",   "smallest eigenvalue",
              false,        false,
              false,        {proved, reached, halved}};
  return {chart};
}

}  // namespace assay
