#include "setting/activations.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "enclosure/eigenvalue.hpp"
#include "network/activation_adversary.hpp"
#include "network/csv.hpp"
#include "network/exp_ball.hpp"
#include "network/fast_jacobian.hpp"
#include "network/limit_kernel.hpp"
#include "setting/region.hpp"

namespace assay {

namespace {

using MaybeMatrix = std::optional<IntervalMatrix>;

/// A value of its own for each activation, so that `once` keeps it apart.
template <class T, Activation>
struct Of {
  T value;
};

template <class T, class Make>
const T& once_of(const Setting& setting, Activation activation, Level level, Make make) {
  const auto one = [&]<Activation A>() -> const T& {
    return setting.once<Of<T, A>>(level, [&] { return Of<T, A>{make()}; }).value;
  };
  if (activation == Activation::softmax) return one.template operator()<Activation::softmax>();
  if (activation == Activation::exponential) return one.template operator()<Activation::exponential>();
  return one.template operator()<Activation::relu>();
}

/// What does not depend on the rung is kept under this one.
const Level kAnyLevel(1);

Interval unknown() {
  return Interval::whole_line(64);
}

Interval zero() {
  return Interval::from_integer(0, 64);
}

fast::StreamOptions options_of(const Setting& setting) {
  return {setting.threads(), [](double) {}};
}

Interval least_eigenvalue(const IntervalMatrix& a, Level level) {
  if (!level.fast) return enclose_lambda_min(a, 0, level.bits);
  return enclosure_of(fast::lambda_min(fast::symmetric_ball_around(a)));
}

/// Of the smallest eigenvalue; 0 if it would be negative.
AtLeast lower_eigenvalue(const IntervalMatrix& a, Level level) {
  return better(AtLeast(least_eigenvalue(a, level)), AtLeast(zero()));
}

/// The kernel of the exp or ReLU network at weights w; nothing where double does not suffice.
MaybeMatrix kernel_at(const Setting& setting, Activation activation, const RealMatrix& w, Level level) {
  const Instance& instance = setting.instance();
  if (activation == Activation::relu) {
    const ReluCounts counts = relu_counts(instance.x, StoredNeurons(w, instance.a), zero(), options_of(setting));
    return weighted_by_counts(setting.gram(level.bits), counts.active, counts.m);
  }
  if (!level.fast) {
    const Forward at = forward_pass(instance.x, w, instance.a, level.bits, setting.threads());
    return exponential_kernel(at, setting.gram(level.bits), setting.threads());
  }
  const auto sums = fast::network_sums(instance.x, StoredNeurons(w, instance.a), options_of(setting));
  return sums ? exponential_kernel(*sums, setting.gram(level.bits)) : std::nullopt;
}

struct MovedKernel : MaybeMatrix {};

/// The kernel of the exp or ReLU network at W.
const MaybeMatrix& kernel_of(const Setting& setting, Activation activation, Level level) {
  assert(activation != Activation::softmax);
  setting.require_stored();
  return once_of<MaybeMatrix>(setting, activation, level, [&]() -> MaybeMatrix {
    const IntervalMatrix& gram = setting.gram(level.bits);
    if (activation == Activation::relu)
      return weighted_by_counts(gram, relu_counts(setting).active, setting.instance().m());
    if (!level.fast) return exponential_kernel(setting.forward(level.bits), gram, setting.threads());
    return kernel_at(setting, activation, setting.instance().w, level);
  });
}

/// The same at bad_weights_of.
const MaybeMatrix& moved_kernel_of(const Setting& setting, Activation activation, Level level) {
  const auto make = [&]() -> MovedKernel {
    return {kernel_at(setting, activation, bad_weights_of(setting, activation), level)};
  };
  return once_of<MovedKernel>(setting, activation, level, make);
}

/// Zero or repeated rows, for ReLU also positive multiples, a sample at which no neuron is active, or too few neurons.
bool lambda_is_certainly_zero(const Setting& setting, Activation activation) {
  const Instance& instance = setting.instance();
  if (instance.n() > setting.neurons()->columns() * instance.d_in()) return true;
  const auto degeneracy = limit_degeneracy(activation, instance.x);
  // Opposite rows make the limit singular, not necessarily the kernel of a network.
  if (degeneracy && degeneracy->kind != LimitDegeneracy::Kind::dependent_opposites) return true;
  return activation == Activation::relu && relu_counts(setting).active.diagonal().minCoeff() == 0;
}

Interval change_at_bad_weights(const Setting& setting, Activation activation, Level level) {
  if (activation == Activation::softmax) return setting.bad_change_f(level);
  const MaybeMatrix &center = kernel_of(setting, activation, level),
                    &moved = moved_kernel_of(setting, activation, level);
  return center && moved ? frobenius_norm(*moved - *center) : unknown();
}

/// What is proved about every W~ of a ball: of |H(W~) - H(W)|_F, |H(W~) - H(W)|_2 and |J(W~) - J(W)|_2 / m^{1/2}.
struct BallBounds {
  AtMost frobenius = AtMost::unknown(), spectral = AtMost::unknown(), nu = AtMost::unknown();
};

Interval root(const Interval& square) {
  return sqrt(square);
}

BallBounds softmax_bounds(const Setting& setting, const Interval& radius, Level level) {
  const Instance& instance = setting.instance();
  if (level.fast) {
    if (setting.fast_sums() == nullptr) return {};
    const fast::KernelChange change = fast::change_over_ball(*setting.fast_sums(), instance.x, radius);
    return {AtMost(Interval(fast::upper_frobenius_norm(change.entrywise), 64)),
            AtMost(Interval(fast::upper_norm_of_radii(change.entrywise), 64)),
            increasing(AtMost(Interval(fast::upper_norm_of_radii(change.theta), 64)), root)};
  }
  const Forward& at = setting.forward(level.bits);
  const BallRanges ranges = ball_ranges(at, instance.x, radius, setting.threads());
  const KernelPerturbation change = kernel_perturbation(at, ranges, setting.gram(level.bits), setting.threads());
  return {AtMost(frobenius_norm(change.entrywise)), AtMost(upper_spectral_norm(change.entrywise)),
          increasing(AtMost(upper_spectral_norm(change.theta)), root)};
}

/// lambda_min over the ball for the softmax network by the moments of its Jacobian: (sqrt lambda - nu)^2 / max Z_i^2,
/// Z_i <= e^{R |x_i|}. nu comes from doubles on every rung, lambda from the rung.
AtLeast eigenvalue_by_moments(const Setting& setting, const Interval& radius, const Interval& lambda) {
  const auto& moments = setting.once<std::optional<fast::JacobianMoments>>(kAnyLevel, [&] {
    const auto stream = setting.neurons();
    return setting.fast_sums() == nullptr ? std::nullopt
                                          : fast::jacobian_moments(*setting.fast_sums(), setting.instance().x, *stream,
                                                                   fast::RadiusShape::equal, options_of(setting));
  });
  const auto over = moments ? fast::spectrum_over_ball(*moments, radius) : std::nullopt;
  if (!over) return AtLeast(zero());
  Interval longest;
  for (const auto& sample : moments->samples) longest = max(longest, Interval(sample.norm, 64));
  const Interval left = max(sqrt(lambda.lower()) - over->nu.upper(), zero()) / exp(radius.upper() * longest);
  return AtLeast(max(sqr(left).lower(), over->lambda_min.lower()));
}

/// lambda_min over the ball for the exp network, by exponential_floor with the better of a few multipliers.
AtLeast exponential_floor_eigenvalue(const Setting& setting, const Interval& radius, Level level) {
  const MaybeMatrix& kernel = kernel_of(setting, Activation::exponential, level);
  if (!kernel) return AtLeast(zero());
  const IntervalMatrix& gram = setting.gram(level.bits);
  double square = 0;
  for (Index i = 0; i < gram.rows(); ++i) square = std::max(square, gram(i, i).upper_double());
  const double kappa = std::sqrt(square), relative = std::fmax(std::expm1(kappa * radius.upper_double()), 0x1p-60);
  // Where half of lambda is to be kept, 1 - 1/sqrt 2 is best, whatever the price; in small balls less is.
  constexpr double kBestForHalf = 0.2928932188134524;
  AtLeast best(zero());
  if (kappa == 0) return best;
  for (const double tau : {relative, std::sqrt(relative * kBestForHalf), kBestForHalf}) {
    if (!(tau <= kBestForHalf)) continue;
    const IntervalMatrix floor =
        exponential_floor(*kernel, gram, radius.upper(), Interval(tau, 53), Interval(kappa, 53));
    best = better(best, lower_eigenvalue(floor, level));
  }
  return best;
}

BallBounds relu_bounds(const ReluPerturbation& change) {
  return {AtMost(frobenius_norm(change.entrywise)), AtMost(upper_spectral_norm(change.entrywise)),
          increasing(AtMost(upper_spectral_norm(change.theta)), root)};
}

ReluPerturbation relu_perturbation_of(const Setting& setting, const Interval& radius, Level level) {
  const auto stream = setting.neurons();
  const ReluCounts counts = relu_counts(setting.instance().x, *stream, radius, options_of(setting));
  return relu_perturbation(counts, setting.gram(level.bits));
}

AtLeast lower_lambda_min_from(const BallBounds& bounds, const Interval& lambda) {
  const Interval least = lambda.lower();
  const Interval left = max(sqrt(least) - bounds.nu.bound(), zero());
  return AtLeast(max(max(least - bounds.spectral.bound(), sqr(left)), zero()));
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
bool keeps_half(const Setting& setting, Activation activation, const Interval& radius, Level level) {
  const Interval lambda = kernel_lambda_min(setting, activation, level);
  const Known least = least_lambda_min_over_ball(setting, activation, radius, level);
  return certainly_positive(lambda) && certainly_less_equal(lambda / 2, least.range());
}

/// The radius to be proved, found once, on the first rung on which lambda > 0: so it is the same on every rung.
double approx_radius(const Setting& setting, Activation activation) {
  struct Guess {
    double radius = 0;
  };
  return once_of<Guess>(setting, activation, kAnyLevel,
                        [&] {
                          Guess guess;
                          constexpr Precision kLadder{.start = 64, .limit = 1024, .tier = Tier::automatic};
                          refine(kLadder, [&](Level level) {
                            if (!certainly_positive(kernel_lambda_min(setting, activation, level))) return false;
                            guess.radius = approx_largest([&](double radius) {
                              return keeps_half(setting, activation, Interval(radius, 64), level);
                            });
                            return guess.radius > 0;
                          });
                          return guess;
                        })
      .radius;
}

struct RadiusProved {
  bool value = false;
};

/// Weights with a smallest eigenvalue below half, or nothing.
using LowWeights = std::optional<RealMatrix>;

/// The weights that lower the smallest eigenvalue most at the least radius at which that is enough, on a geometric
/// scale from the certified radius upwards. A guess.
const LowWeights& approx_failing_weights(const Setting& setting, Activation activation) {
  return once_of<LowWeights>(setting, activation, kAnyLevel, [&]() -> LowWeights {
    constexpr double kFactor = 1.25;
    constexpr int kSteps = 24;
    double radius = approx_radius(setting, activation);
    if (radius == 0) return std::nullopt;
    for (int step = 0; step < kSteps; ++step, radius *= kFactor) {
      RealMatrix w = approx_lowering_weights(activation, setting.instance(), Interval(radius, 64));
      if (approx_lambda_min(activation, setting.instance(), w) <
          0.499 * approx_lambda_min(activation, setting.instance(), setting.instance().w))
        return w;
    }
    return std::nullopt;
  });
}
struct BadFile {
  std::optional<std::string> name;
};

}  // namespace

Interval comparison_logit_bound(const Setting& setting, Level level) {
  BoundInputs inputs = setting.bound_inputs(level);
  inputs.d = Interval::from_integer(1, level.bits);
  return ClosedForms(setting.constants(), inputs, level.bits).logit_bound();
}

Interval kernel_norm(const Setting& setting, Activation activation, Level level) {
  if (activation == Activation::softmax) return setting.kernel_norm(level);
  const MaybeMatrix& kernel = kernel_of(setting, activation, level);
  return kernel ? frobenius_norm(*kernel) : unknown();
}

Interval kernel_lambda_min(const Setting& setting, Activation activation, Level level) {
  if (activation == Activation::softmax) return setting.lambda_min(level);
  return once_of<Interval>(setting, activation, level, [&] {
    if (lambda_is_certainly_zero(setting, activation)) return zero();
    const MaybeMatrix& kernel = kernel_of(setting, activation, level);
    return kernel ? nonnegative_part(least_eigenvalue(*kernel, level)) : max(unknown(), zero());
  });
}

const RealMatrix& bad_weights_of(const Setting& setting, Activation activation) {
  if (activation == Activation::softmax) return setting.bad_weights();
  setting.require_stored();
  constexpr Bits kBits = 128;
  return once_of<RealMatrix>(setting, activation, kAnyLevel, [&] {
    return approx_worst_weights(activation, setting.instance(), setting.radius(kBits));
  });
}

std::optional<std::string> bad_weights_file_of(const Setting& setting, Activation activation) {
  if (activation == Activation::softmax) return setting.bad_weights_file();
  if (setting.counterexamples().empty()) return std::nullopt;
  return once_of<BadFile>(setting, activation, kAnyLevel,
                          [&]() -> BadFile {
                            const std::string ending =
                                activation == Activation::relu ? "_w_tilde_relu.csv" : "_w_tilde_exp.csv";
                            write_csv(setting.counterexamples() + ending, bad_weights_of(setting, activation));
                            return {setting.counterexamples() + ending};
                          })
      .name;
}

AtMost change_over_ball(const Setting& setting, Activation activation, const Interval& radius, Level level) {
  if (activation == Activation::softmax) return softmax_bounds(setting, radius, level).frobenius;
  if (activation == Activation::exponential) {
    const MaybeMatrix& kernel = kernel_of(setting, activation, level);
    if (!kernel) return AtMost::unknown();
    return AtMost(frobenius_norm(exponential_change(*kernel, setting.instance().x, radius)));
  }
  return AtMost(frobenius_norm(relu_perturbation_of(setting, radius, level).entrywise));
}

Known supremum_of_change(const Setting& setting, Activation activation, Level level) {
  const Interval radius = setting.radius(level.bits);
  const Interval displacement =
      largest_displacement(bad_weights_of(setting, activation), setting.instance().w, level.bits);
  const bool inside = certainly_less_equal(displacement, radius);  // the user's W~ may not be
  const AtLeast below(inside ? change_at_bad_weights(setting, activation, level) : zero());
  if (activation == Activation::softmax) return Known::between(below, setting.ball_change_f(level));
  if (activation == Activation::exponential)
    return Known::between(below, change_over_ball(setting, activation, radius, level));
  const ReluPerturbation change = relu_perturbation(relu_counts(setting), setting.gram(level.bits));
  return Known::between(below, AtMost(frobenius_norm(change.entrywise)));
}

Interval exponential_change_at_common_shift(const Setting& setting, const Interval& radius, Level level) {
  const MaybeMatrix& kernel = kernel_of(setting, Activation::exponential, level);
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

Known least_lambda_min_over_ball(const Setting& setting, Activation activation, const Interval& radius, Level level) {
  const Interval lambda = kernel_lambda_min(setting, activation, level);
  AtLeast below(zero());
  if (activation == Activation::softmax) {
    below = better(eigenvalue_by_moments(setting, radius, lambda),
                   AtLeast(ConvexRegion(setting, level).least_eigenvalue_within(radius).range()));
  } else if (activation == Activation::exponential) {
    below = exponential_floor_eigenvalue(setting, radius, level);
  } else {
    const ReluPerturbation change = relu_perturbation_of(setting, radius, level);
    below = better(lower_lambda_min_from(relu_bounds(change), lambda), lower_eigenvalue(change.steady, level));
  }
  return Known::between(below, AtMost(lambda));
}

AtLeast certified_radius(const Setting& setting, Activation activation, Level level) {
  const Interval lambda = kernel_lambda_min(setting, activation, level);
  if (lambda.is_point() && lambda.contains_zero()) return AtLeast(zero());
  if (activation == Activation::softmax) return ConvexRegion(setting, level).certified_radius();
  const Interval guess(approx_radius(setting, activation), 64);
  const auto proved = [&] { return keeps_half(setting, activation, guess, level); };
  const bool is_proved =
      once_of<RadiusProved>(setting, activation, level, [&] { return RadiusProved{proved()}; }).value;
  return AtLeast(is_proved ? guess : zero());
}

AtMost failing_radius(const Setting& setting, Activation activation, Level level) {
  if (activation == Activation::softmax) return ConvexRegion(setting, level).failing_radius();
  const LowWeights& low = approx_failing_weights(setting, activation);
  if (!low) return AtMost::unknown();
  const MaybeMatrix moved = kernel_at(setting, activation, *low, level);
  const Interval half = kernel_lambda_min(setting, activation, level) / 2;
  if (!moved || !certainly_less(nonnegative_part(least_eigenvalue(*moved, level)), half)) return AtMost::unknown();
  return AtMost(largest_displacement(*low, setting.instance().w, level.bits));
}

Interval row_slope(const Setting& setting, Activation activation, Level level) {
  const auto constant = [&](const char* key) { return setting.constants().at(key, level.bits); };
  if (activation == Activation::relu) return constant("e1.relu_multiplier") * setting.instance().n();
  BoundInputs inputs = setting.bound_inputs(level);
  inputs.radius = Interval::from_integer(1, level.bits);
  if (activation == Activation::softmax)
    return ClosedForms(setting.constants(), inputs, level.bits).perturbation_bound();
  return constant("e1.exp_multiplier") * setting.instance().n() *
         exp(constant("e1.exponent") * comparison_logit_bound(setting, level));
}

Interval row_radius(const Setting& setting, Activation activation, Level level) {
  if (activation == Activation::softmax) return setting.closed_forms(level, true).convex_radius();
  return kernel_lambda_min(setting, activation, level) /
         (setting.constants().at("e2.divisor", level.bits) * row_slope(setting, activation, level));
}

const ReluCounts& relu_counts(const Setting& setting) {
  return setting.once<ReluCounts>(kAnyLevel, [&] {
    constexpr Bits kBits = 128;
    const auto stream = setting.neurons();
    return relu_counts(setting.instance().x, *stream, setting.radius(kBits), options_of(setting));
  });
}

Interval counted_flipping_fraction(const Setting& setting, Level level) {
  const ReluCounts& counts = relu_counts(setting);
  const std::int64_t most = std::max(counts.falls.diagonal().maxCoeff(), counts.rises.diagonal().maxCoeff());
  return Interval::from_integer(most, level.bits) / counts.m;
}

const IntervalMatrix& limit_kernel_of(const Setting& setting, Activation activation, Level level) {
  struct LimitKernel : IntervalMatrix {};
  return once_of<LimitKernel>(setting, activation, level, [&] {
    return LimitKernel{limit_kernel(activation, setting.gram(level.bits), setting.sigma(level.bits))};
  });
}

Known limit_condition(const Setting& setting, Activation activation, Level level) {
  if (limit_degeneracy(activation, setting.instance().x)) return Known::undefined("$K_\\infty$ is singular");
  const IntervalMatrix& kernel = limit_kernel_of(setting, activation, level);
  return enclose_lambda_max(kernel, 0, level.bits) / least_eigenvalue(kernel, Level(level.bits));
}

Interval trace(const IntervalMatrix& a) {
  Interval sum;
  for (Index i = 0; i < a.rows(); ++i) sum += a(i, i);
  return sum;
}

}  // namespace assay
