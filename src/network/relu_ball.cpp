#include "network/relu_ball.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "network/fast_chunk.hpp"

namespace assay {

namespace {

using fast::Chunk;
using fast::size;

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
                       const fast::StreamOptions& options) {
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

ReluPerturbation relu_perturbation(const ReluCounts& counts, const IntervalMatrix& gram) {
  IntervalMatrix magnitude(gram.rows(), gram.cols());
  for (Index i = 0; i < gram.rows(); ++i)
    for (Index j = 0; j < gram.cols(); ++j) magnitude(i, j) = abs(gram(i, j));
  return {weighted_by_counts(magnitude, counts.falls.cwiseMax(counts.rises), counts.m),
          weighted_by_counts(magnitude, counts.moved, counts.m), weighted_by_counts(gram, counts.steady, counts.m)};
}

}  // namespace assay
