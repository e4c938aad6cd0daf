#include "models/relu.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "enclosure/exact_rank.hpp"
#include "enclosure/stop.hpp"
#include "models/moves.hpp"
#include "models/over_balls.hpp"
#include "network/fast/chunk.hpp"

namespace assay {

namespace {

using fast::Chunk;

/// A set of the columns of a chunk.
using Bitset = std::vector<std::uint64_t>;

/// What every neuron is compared with, per sample and pair of samples.
struct Samples {
  const RealMatrix& x;
  double radius = 0;                    // upper bound of R
  std::vector<double> one_norm, reach;  // |x_i|_1 and R |x_i|, rounded up
  std::vector<bool> zero;               // x_i = 0: s_i = 1 whatever w is
  fast::RowMajorMatrix gram, gram_error;

  Samples(const RealMatrix& inputs, const Interval& r) : x(inputs), radius(r.upper_double()) {
    const double gamma = upper_gamma(static_cast<double>(x.cols() + 1));
    gram = fast::RowMajorMatrix(x.rows(), x.rows());
    gram_error = gram;
    for (Index i = 0; i < x.rows(); ++i) {
      zero.push_back(x.row(i).isZero(0));
      one_norm.push_back(upper_sum(x.row(i).cwiseAbs().sum(), x.cols()));
      const std::span<const double> row(x.data() + i * x.cols(), size(x.cols()));
      reach.push_back((r.upper().rounded_to(128) * euclidean_norm(row, 128)).upper_double());
      for (Index j = 0; j < x.rows(); ++j) {
        gram(i, j) = x.row(i).dot(x.row(j));
        gram_error(i, j) = inflated(gamma * (1 + gamma) * x.row(i).cwiseAbs().dot(x.row(j).cwiseAbs()));
      }
    }
  }
};

/// The sign of <w, x>, exactly; products and sums of doubles are exact at the last precision.
bool certainly_active(const Chunk& chunk, const RealMatrix& x, Index i, std::size_t place) {
  std::vector<double> w, row;
  for (Index k = 0; k < x.cols(); ++k) {
    w.push_back(chunk.weight(k, place));
    row.push_back(x(i, k));
  }
  constexpr Bits kExact = 4400;
  for (Bits bits = 128;; bits = std::min(4 * bits, kExact)) {
    const Interval z = dot(w, row, bits);
    if (certainly_nonnegative(z)) return true;
    if (certainly_negative(z)) return false;
    if (bits == kExact) throw std::invalid_argument("relu_counts: expected finite weights and inputs");
  }
}

/// The logits of a chunk, who is active and who can change.
struct Patterns {
  std::vector<double> z, error;  // n x count; n
  std::vector<Bitset> active, movable;
  std::size_t count = 0;

  Patterns(Chunk& chunk, const Samples& samples) : count(chunk.count()) {
    const Index n = samples.x.rows();
    const std::size_t words = (count + 63) / 64;
    z.resize(size(n) * count);
    active.assign(size(n), Bitset(words));
    movable = active;
    const double largest = chunk.largest_weight();
    for (Index i = 0; i < n; ++i) {
      const double bound = fast::upper_logit_error(samples.one_norm[size(i)], largest, samples.x.cols()),
                   reach = samples.reach[size(i)];
      error.push_back(bound);
      const double* logits = chunk.logits(i);
      for (std::size_t c = 0; c < count; ++c) {
        const double logit = z[size(i) * count + c] = logits[c];
        const bool zero = samples.zero[size(i)];
        const bool on = zero || (std::fabs(logit) > bound ? logit > 0 : certainly_active(chunk, samples.x, i, c));
        const std::uint64_t bit = std::uint64_t{1} << (c % 64);
        if (on) active[size(i)][c / 64] |= bit;
        // That |z| - error > R |x| must be certain for a sample that stays as it is.
        if (!zero && !(std::fabs(logit) * (1 - 0x1p-50) - bound > reach * (1 + 0x1p-50)))
          movable[size(i)][c / 64] |= bit;
      }
    }
  }
  double logit(Index i, std::size_t c) const { return z[size(i) * count + c]; }
};

/// No u with |u| <= R has <w + u, x_i> >= 0 and <w + u, x_j> >= 0: for some multipliers l >= 0 and a = -<w, .>,
/// l'a > R |l_1 x_i + l_2 x_j|. The multipliers of the least such u are tried.
bool certainly_not_both_active(const Samples& samples, const Patterns& at, Index i, Index j, std::size_t c) {
  const double a = -at.logit(i, c), b = -at.logit(j, c);
  const double gii = samples.gram(i, i), gij = samples.gram(i, j), gjj = samples.gram(j, j);
  double l = std::fmax(0, gjj * a - gij * b), k = std::fmax(0, gii * b - gij * a);
  const double longest = std::fmax(l * std::sqrt(gii), k * std::sqrt(gjj));
  if (!(longest > 0) || !std::isfinite(longest)) return false;
  // Any common factor will do: one that brings the square below near 1.
  const double scale = std::ldexp(1.0, -std::clamp(std::ilogb(longest), -1000, 1000));
  l *= scale;
  k *= scale;
  const double underflow = 0x1p-1070 * (1 + std::fabs(gii) + 2 * std::fabs(gij) + std::fabs(gjj));
  const double spread = inflated(l * at.error[size(i)] + k * at.error[size(j)] +
                                 8 * kUnitRoundoff * (std::fabs(l * a) + std::fabs(k * b)));
  const double gain = l * a + k * b - spread;
  const double square = std::fabs(l * l * gii + 2 * l * k * gij + k * k * gjj) +
                        inflated(l * l * samples.gram_error(i, i) + 2 * l * k * samples.gram_error(i, j) +
                                 k * k * samples.gram_error(j, j)) +
                        inflated(16 * kUnitRoundoff * (l * l * gii + 2 * l * k * std::fabs(gij) + k * k * gjj)) +
                        inflated(underflow);
  return gain * (1 - 0x1p-50) > upper_product(samples.radius, std::sqrt(inflated(square)));
}

std::int64_t number_of(const std::size_t words, auto word) {
  std::int64_t number = 0;
  for (std::size_t k = 0; k < words; ++k) number += std::popcount(static_cast<std::uint64_t>(word(k)));
  return number;
}

/// Neurons with s_i s_j = 0 that can have 1: where both samples can change, the pair is decided together.
std::int64_t rises_of(const Samples& samples, const Patterns& at, Index i, Index j) {
  const Bitset &ai = at.active[size(i)], &aj = at.active[size(j)], &fi = at.movable[size(i)], &fj = at.movable[size(j)];
  std::int64_t number = 0;
  for (std::size_t k = 0; k < ai.size(); ++k) {
    const std::uint64_t possible = (ai[k] | fi[k]) & (aj[k] | fj[k]) & ~(ai[k] & aj[k]);
    const std::uint64_t together = i == j ? 0 : possible & fi[k] & fj[k];
    number += std::popcount(possible & ~together);
    for (std::uint64_t rest = together; rest != 0; rest &= rest - 1) {
      const std::size_t c = 64 * k + static_cast<std::size_t>(std::countr_zero(rest));
      number += certainly_not_both_active(samples, at, i, j, c) ? 0 : 1;
    }
  }
  return number;
}

ReluCounts empty_counts(Index n) {
  const CountMatrix zero = CountMatrix::Zero(n, n);
  return {0, zero, zero, zero, zero, zero};
}

ReluCounts counts_of(Chunk& chunk, const Samples& samples) {
  const Patterns at(chunk, samples);
  const Index n = samples.x.rows();
  ReluCounts counts = empty_counts(n);
  const std::size_t words = at.active[0].size();
  Bitset some(words);
  for (const Bitset& movable : at.movable)
    for (std::size_t k = 0; k < words; ++k) some[k] |= movable[k];
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) {
      const Bitset &ai = at.active[size(i)], &aj = at.active[size(j)];
      const Bitset &fi = at.movable[size(i)], &fj = at.movable[size(j)];
      counts.active(i, j) = number_of(words, [&](std::size_t k) { return ai[k] & aj[k]; });
      counts.falls(i, j) = number_of(words, [&](std::size_t k) { return ai[k] & aj[k] & (fi[k] | fj[k]); });
      counts.moved(i, j) = number_of(words, [&](std::size_t k) { return fi[k] & fj[k]; });
      counts.steady(i, j) = number_of(words, [&](std::size_t k) { return ai[k] & aj[k] & ~some[k]; });
      counts.rises(i, j) = rises_of(samples, at, i, j);
    }
  return counts;
}

}  // namespace

ReluCounts relu_counts(const RealMatrix& x, const NeuronStream& neurons, const Interval& radius,
                       const StreamOptions& options) {
  if (!certainly_nonnegative(radius)) throw std::invalid_argument("relu_counts: expected a radius >= 0");
  const Samples samples(x, radius);
  ReluCounts total = empty_counts(x.rows());
  total.m = neurons.m();
  constexpr std::array kMatrices{&ReluCounts::active, &ReluCounts::falls, &ReluCounts::rises, &ReluCounts::moved,
                                 &ReluCounts::steady};
  fast::for_each_chunk(
      x, neurons, options, [&](Chunk& chunk) { return counts_of(chunk, samples); },
      [&](const ReluCounts& part) {
        for (const auto matrix : kMatrices) total.*matrix += part.*matrix;
      });
  for (const auto matrix : kMatrices) {
    const CountMatrix lower = (total.*matrix) * (neurons.paired() ? 2 : 1);
    total.*matrix = lower.selfadjointView<Eigen::Lower>();
  }
  return total;
}

IntervalMatrix weighted_by_counts(const IntervalMatrix& gram, const CountMatrix& counts, Index m) {
  IntervalMatrix result(gram.rows(), gram.cols());
  for (Index i = 0; i < gram.rows(); ++i)
    for (Index j = 0; j <= i; ++j) result(i, j) = result(j, i) = gram(i, j) * counts(i, j) / m;
  return result;
}

ReluChange relu_change(const ReluCounts& counts, const IntervalMatrix& gram) {
  IntervalMatrix magnitude(gram.rows(), gram.cols());
  for (Index i = 0; i < gram.rows(); ++i)
    for (Index j = 0; j < gram.cols(); ++j) magnitude(i, j) = abs(gram(i, j));
  return {weighted_by_counts(magnitude, counts.falls.cwiseMax(counts.rises), counts.m),
          weighted_by_counts(magnitude, counts.moved, counts.m), weighted_by_counts(gram, counts.steady, counts.m)};
}

namespace {

StreamOptions options_of(const Setting& setting) {
  return {setting.threads(), [](double) {}};
}

ReluCounts make_counts(const Setting& setting) {
  constexpr Bits kBits = 128;
  return relu_counts(setting.instance().x, *setting.neurons(), setting.radius(kBits), options_of(setting));
}

}  // namespace

const ReluCounts& relu_counts(const Setting& setting) {
  return setting.once<&make_counts>();
}

Interval counted_flipping_fraction(const Setting& setting, Level level) {
  const ReluCounts& counts = relu_counts(setting);
  const std::int64_t most = std::max(counts.falls.diagonal().maxCoeff(), counts.rises.diagonal().maxCoeff());
  return Interval::from_integer(most, level.bits) / counts.m;
}

namespace {

using moves::Dense;

Interval clipped(const Interval& a, long low, long high) {
  const Bits bits = a.bits();
  return min(max(a, Interval::from_integer(low, bits)), Interval::from_integer(high, bits));
}

bool is_exactly_zero(const Interval& a) {
  return a.is_point() && a.contains_zero();
}

/// The angle between two vectors with squared norms g_ii, g_jj and scalar product g_ij. Near 0 and pi it comes from its
/// sine, because the arcus cosine loses half of the digits there.
Interval angle(const Interval& g_ii, const Interval& g_jj, const Interval& g_ij) {
  const Bits bits = g_ij.bits();
  const Interval product = g_ii * g_jj;
  const Interval cosine = clipped(g_ij / sqrt(product), -1, 1);
  const Interval limit = Interval::ratio(3, 4, bits);
  if (!certainly_less(limit, abs(cosine))) return acos(cosine);
  const Interval sine = clipped(sqrt(max((product - sqr(g_ij)) / product, Interval())), 0, 1);
  const Interval half_turn = Interval::pi(bits) / 2;
  return certainly_positive(cosine) ? half_turn - acos(sine) : half_turn + acos(sine);
}

Interval limit_entry(const IntervalMatrix& gram, Index i, Index j) {
  const Bits bits = gram(i, j).bits();
  if (is_exactly_zero(gram(i, i)) || is_exactly_zero(gram(j, j))) return Interval::from_integer(0, bits);
  if (i == j) return gram(i, i) / 2;
  const Interval pi = Interval::pi(bits);
  return gram(i, j) * ((pi - angle(gram(i, i), gram(j, j), gram(i, j))) / (2 * pi));
}

/// Twice as many bits as a double has: the product of two doubles is exact.
constexpr Bits kExactProduct = 106;

bool equal_products(double a, double b, double c, double d) {
  const Interval left = Interval(a, kExactProduct) * Interval(b, kExactProduct);
  return is_exactly_zero(left - Interval(c, kExactProduct) * Interval(d, kExactProduct));
}

/// Both rows are not 0. @return +1 or -1 if one is a positive or negative multiple of the other, else 0.
int multiple(const RealMatrix& x, Index i, Index j) {
  Index pivot = 0;
  while (x(i, pivot) == 0) ++pivot;
  for (Index k = 0; k < x.cols(); ++k)
    if (!equal_products(x(i, pivot), x(j, k), x(j, pivot), x(i, k))) return 0;
  return (x(i, pivot) > 0) == (x(j, pivot) > 0) ? 1 : -1;
}

/// With K_inf = |x| |x'| kappa(cos angle), kappa(u) = u / 4 + u arcsin(u) / (2 pi) has positive coefficients at u and
/// at every even power. Even powers tell lines apart, but not x from -x; u does, linearly. So K_inf is positive iff no
/// row is 0, no two are positive multiples of each other, and one row from each pair of negative multiples makes a
/// linearly independent family. @cost  n^2 d_in exact products, and one elimination in rational numbers if there are
/// such pairs.
std::optional<LimitDegeneracy> parallel_rows(const RealMatrix& x) {
  std::vector<Index> opposites;
  Index partner = 0;
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < i; ++j) {
      const int sign = multiple(x, i, j);
      if (sign > 0)
        return LimitDegeneracy{
            fmt::format("row {1} of X is a positive multiple of row {0}, and so are their rows of K_inf", j + 1, i + 1),
            j, i};
      if (sign == 0) continue;
      opposites.push_back(i);
      partner = j;
    }
  if (opposites.size() < 2) return std::nullopt;
  const RealMatrix family = x(opposites, Eigen::all);
  if (exact_rank(family) == family.rows()) return std::nullopt;
  return LimitDegeneracy{
      fmt::format("rows {} and {} of X and other pairs point in opposite directions, and these directions are linearly "
                  "dependent",
                  partner + 1, opposites.back() + 1),
      partner, opposites.back(), false};
}

/// 1[<w_r, x_i> >= 0], n x m.
Dense approx_relu_kernel(const Instance& instance, const RealMatrix& w) {
  const Dense z = instance.x * w.transpose();
  return moves::kernel_of((z.array() >= 0).cast<double>().matrix(), instance.x);
}

/// Moves of one neuron of a ReLU network, and what they are worth.
class ReluMoves {
 public:
  /// @param worth  n x n: gained for each pair of samples that becomes active together, lost where it ceases to be.
  ReluMoves(const RealMatrix& x, double radius, Dense worth)
      : x_(x), worth_(std::move(worth)), norms_(x.rowwise().norm()), radius_(radius * moves::kInside) {}

  /// The best of the moves that switch one sample, with full and with least strength, and those that switch all that
  /// can be switched off, or on. No move if none gains.
  Eigen::RowVectorXd best(const Eigen::RowVectorXd& w) const {
    const Eigen::VectorXd z = x_ * w.transpose();
    if (!(z.cwiseAbs().array() <= radius_ * norms_.array()).any()) return Eigen::RowVectorXd::Zero(w.size());
    const Active before(z, worth_);
    Eigen::RowVectorXd best = Eigen::RowVectorXd::Zero(w.size()), off = best, on = best;
    double most = 0;
    const auto try_move = [&](const Eigen::RowVectorXd& u) {
      const double gain = before.gain(z + x_ * u.transpose(), worth_);
      if (gain <= most) return;
      most = gain;
      best = u;
    };
    for (Index i = 0; i < x_.rows(); ++i) {
      if (!(std::fabs(z(i)) <= radius_ * norms_(i)) || norms_(i) == 0) continue;
      const Eigen::RowVectorXd outward = (z(i) >= 0 ? -1 : 1) * x_.row(i) / norms_(i);
      (z(i) >= 0 ? off : on) += outward;
      try_move(outward * radius_);
      try_move(outward * std::min(radius_, std::fabs(z(i)) / norms_(i) * (1 + 1e-9) + 1e-300));
    }
    for (const Eigen::RowVectorXd& together : {off, on})
      if (together.norm() > 0) try_move(together * (radius_ / together.norm()));
    return best;
  }

 private:
  /// Who is active at the logits z, and what each is worth together with them: a move costs n for each sample that it
  /// switches.
  struct Active {
    Eigen::VectorXd active, weighted;

    Active(const Eigen::VectorXd& z, const Dense& worth)
        : active((z.array() >= 0).cast<double>().matrix()), weighted(worth * active) {}

    /// (a + d)' C (a + d) - a' C a for the changes d that lead to the logits `moved`.
    double gain(const Eigen::VectorXd& moved, const Dense& worth) const {
      double gain = 0;
      std::vector<Index> switched;
      const auto change = [&](Index i) { return active(i) > 0 ? -1.0 : 1.0; };
      for (Index i = 0; i < moved.size(); ++i) {
        if ((moved(i) >= 0) == (active(i) > 0)) continue;
        gain += 2 * change(i) * weighted(i) + worth(i, i);
        for (const Index j : switched) gain += 2 * change(i) * change(j) * worth(i, j);
        switched.push_back(i);
      }
      return gain;
    }
  };

  const RealMatrix& x_;
  Dense worth_;
  Eigen::VectorXd norms_;
  double radius_;
};

RealMatrix move_relu(const Instance& instance, double radius, const Dense& worth) {
  const ReluMoves moves(instance.x, radius, worth);
  RealMatrix w = instance.w;
  for (Index r = 0; r < w.rows(); ++r) w.row(r) += moves.best(instance.w.row(r));
  return w;
}

/// All entries down, or all up: the better of the two.
RealMatrix farthest_relu(const Instance& instance, double radius, const moves::Judge& judge) {
  const Dense magnitude = (instance.x * instance.x.transpose()).cwiseAbs();
  const RealMatrix down = move_relu(instance, radius, -magnitude), up = move_relu(instance, radius, magnitude);
  const auto value = [&](const RealMatrix& w) { return judge(approx_relu_kernel(instance, w)).value; };
  return value(down) >= value(up) ? down : up;
}

/// Moves against v'Hv for one eigenvector after another.
RealMatrix lowest_relu(const Instance& instance, double radius) {
  const Dense gram = instance.x * instance.x.transpose();
  RealMatrix best = instance.w;
  moves::Objective at = moves::minus_lambda_min(approx_relu_kernel(instance, best));
  double most = at.value;
  for (int step = 0; step < moves::kSteps; ++step) {
    leave_if_stopped();
    const RealMatrix w = move_relu(instance, radius, at.slope.cwiseProduct(gram));
    at = moves::minus_lambda_min(approx_relu_kernel(instance, w));
    if (!(at.value > most)) break;
    most = at.value;
    best = w;
  }
  return best;
}

ReluChange change_of(const Setting& setting, const Interval& radius, Level level) {
  const ReluCounts counts = relu_counts(setting.instance().x, *setting.neurons(), radius, options_of(setting));
  return relu_change(counts, setting.gram(level.bits));
}

/// The better of lambda - |Delta|_2 and (sqrt lambda - nu)^2, nu^2 = |theta|_2.
AtLeast lower_lambda_min_from(const ReluChange& change, const Interval& lambda) {
  const Interval least = lambda.lower(), zero = Interval::from_integer(0, 64);
  const AtMost spectral(upper_spectral_norm(change.entrywise));
  const AtMost nu = increasing(AtMost(upper_spectral_norm(change.theta)), [](const Interval& a) { return sqrt(a); });
  return AtLeast(max(max(least - spectral.bound(), sqr(max(sqrt(least) - nu.bound(), zero))), zero));
}

class Relu : public ScalarModel {
 public:
  Relu() : ScalarModel(2, "relu", "ReLU") {}

  IntervalMatrix limit_kernel(const IntervalMatrix& gram, const Interval&) const override {
    return symmetric_matrix(gram.rows(), [&](Index i, Index j) { return limit_entry(gram, i, j); });
  }
  std::optional<LimitDegeneracy> limit_degeneracy(const RealMatrix& x) const override {
    if (const auto common = zero_or_repeated_row(x)) return common;
    return parallel_rows(x);
  }
  std::string condition() const override {
    return "no row is 0, none is a positive multiple of another, and the directions that come with their opposites are "
           "linearly independent";
  }

  std::optional<IntervalMatrix> kernel_at(const Setting& setting, const RealMatrix& w, Level level) const override {
    const Instance& instance = setting.instance();
    const ReluCounts counts =
        relu_counts(instance.x, StoredNeurons(w, instance.a), Interval::from_integer(0, 64), options_of(setting));
    return weighted_by_counts(setting.gram(level.bits), counts.active, counts.m);
  }
  std::optional<IntervalMatrix> kernel_at_start(const Setting& setting, Level level) const override {
    return weighted_by_counts(setting.gram(level.bits), relu_counts(setting).active, setting.instance().m());
  }
  /// Also positive multiples, and a sample at which no neuron is active. (Opposite rows make the limit singular, not
  /// necessarily the kernel of a network.)
  bool is_certainly_singular(const Setting& setting) const override {
    if (ScalarModel::is_certainly_singular(setting)) return true;
    const auto degeneracy = limit_degeneracy(setting.instance().x);
    return (degeneracy && degeneracy->at_every_width) || relu_counts(setting).active.diagonal().minCoeff() == 0;
  }

  AtMost change_over_ball(const Setting& setting, const Interval& radius, Level level) const override {
    return AtMost(frobenius_norm(change_of(setting, radius, level).entrywise));
  }
  AtMost change_over_own_ball(const Setting& setting, Level level) const override {
    return AtMost(frobenius_norm(relu_change(relu_counts(setting), setting.gram(level.bits)).entrywise));
  }
  AtLeast lambda_min_over_ball(const Setting& setting, const Interval& radius, Level level) const override {
    const ReluChange change = change_of(setting, radius, level);
    return better(lower_lambda_min_from(change, kernel_lambda_min(setting, *this, level)),
                  lower_eigenvalue(change.steady, level));
  }

  RealMatrix approx_worst_weights(const Instance& instance, const Interval& radius) const override {
    const moves::Judge judge = moves::distance_from(approx_relu_kernel(instance, instance.w));
    RealMatrix w = farthest_relu(instance, radius.lower_double(), judge);
    moves::keep_inside(w, instance.w, radius.lower());
    return w;
  }
  RealMatrix approx_lowering_weights(const Instance& instance, const Interval& radius) const override {
    RealMatrix w = lowest_relu(instance, radius.lower_double());
    moves::keep_inside(w, instance.w, radius.lower());
    return w;
  }
  double approx_lambda_min(const Instance& instance, const RealMatrix& w) const override {
    return -moves::minus_lambda_min(approx_relu_kernel(instance, w)).value;
  }
};

const RegisteredModel registered_relu{std::make_unique<Relu>()};

}  // namespace

}  // namespace assay
