#include "models/relu.hpp"

#include <doctest/doctest.h>

#include "enclosure/eigenvalue.hpp"
#include "network/kernel.hpp"
#include "support/exact.hpp"
#include "support/networks.hpp"

namespace assay {
namespace {

constexpr Bits kReluBits = 128;

/// The same counts in rational numbers, straight from the definition.
struct ExactNeuron {
  std::vector<Rational> z;               // <w_r, x_i>
  std::vector<std::vector<Rational>> g;  // <x_i, x_j>
  Rational square;                       // R^2

  bool active(Index i) const { return z[at(i)] >= 0; }
  bool movable(Index i) const {
    const Rational reach = square * g[at(i)][at(i)], own = z[at(i)] * z[at(i)];
    if (g[at(i)][at(i)] == 0) return false;
    return active(i) ? own < reach : own <= reach;
  }
  /// Some |u| <= R has <w + u, x_i> >= 0 and <w + u, x_j> >= 0.
  bool both(Index i, Index j) const {
    const Rational a = -z[at(i)], b = -z[at(j)];
    const Rational &gii = g[at(i)][at(i)], &gij = g[at(i)][at(j)], &gjj = g[at(j)][at(j)];
    if (a <= 0 && b <= 0) return true;
    if (a > 0 && gii == 0) return false;
    if (b > 0 && gjj == 0) return false;
    if (a > 0 && a * gij >= b * gii) return a * a <= square * gii;
    if (b > 0 && b * gij >= a * gjj) return b * b <= square * gjj;
    const Rational det = gii * gjj - gij * gij;
    return det > 0 && gjj * a * a - 2 * gij * a * b + gii * b * b <= square * det;
  }
  static std::size_t at(Index i) { return static_cast<std::size_t>(i); }
};

Rational product(const RealMatrix& a, Index i, const RealMatrix& b, Index j) {
  Rational sum = 0;
  for (Index k = 0; k < a.cols(); ++k) sum += exact(a(i, k)) * exact(b(j, k));
  return sum;
}

ReluCounts exact_counts(const RealMatrix& x, const RealMatrix& w, double radius) {
  const Index n = x.rows();
  const CountMatrix zero = CountMatrix::Zero(n, n);
  ReluCounts counts{w.rows(), zero, zero, zero, zero, zero};
  ExactNeuron neuron;
  neuron.square = exact(radius) * exact(radius);
  for (Index i = 0; i < n; ++i) {
    neuron.g.emplace_back();
    for (Index j = 0; j < n; ++j) neuron.g.back().push_back(product(x, i, x, j));
  }
  for (Index r = 0; r < w.rows(); ++r) {
    neuron.z.clear();
    for (Index i = 0; i < n; ++i) neuron.z.push_back(product(w, r, x, i));
    bool still = true;
    for (Index i = 0; i < n; ++i) still = still && !neuron.movable(i);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j) {
        const bool on = neuron.active(i) && neuron.active(j);
        counts.active(i, j) += on;
        counts.steady(i, j) += on && still;
        counts.moved(i, j) += neuron.movable(i) && neuron.movable(j);
        counts.falls(i, j) += on && (neuron.movable(i) || neuron.movable(j));
        counts.rises(i, j) += !on && neuron.both(i, j);
      }
  }
  return counts;
}

ReluCounts counts_of(const Instance& instance, double radius, int threads = 1) {
  return relu_counts(instance.x, StoredNeurons(instance.w, instance.a), Interval(radius, 53), {threads, [](double) {}});
}

void check_equal(const ReluCounts& one, const ReluCounts& other) {
  CHECK(one.m == other.m);
  CHECK(one.active == other.active);
  CHECK(one.falls == other.falls);
  CHECK(one.rises == other.rises);
  CHECK(one.moved == other.moved);
  CHECK(one.steady == other.steady);
}

/// Small integers over a power of two: logits that vanish, equal and opposite rows, zero rows.
Instance coarse_instance(Random& random, const Shape& shape) {
  Instance instance = random_instance(random, shape, Pairing::unpaired, 1);
  for (double& entry : instance.x.reshaped()) entry = static_cast<double>(random.integer(-2, 2)) / 4;
  for (double& entry : instance.w.reshaped()) entry = static_cast<double>(random.integer(-2, 2));
  return instance;
}

IntervalMatrix relu_kernel(const Instance& instance, const RealMatrix& w) {
  const ReluCounts counts = relu_counts(instance.x, StoredNeurons(w, instance.a), Interval(0, 53), {});
  return weighted_by_counts(input_gram(instance.x, kReluBits), counts.active, counts.m);
}

TEST_CASE("counts of active and changing neurons are those of the definition, in rational numbers") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Shape shape{random.integer(1, 5), random.integer(1, 4), 1, random.integer(1, 40)};
    const Pairing pairing = random.one_of({Pairing::paired, Pairing::unpaired, Pairing::mixed});
    const Instance instance = random_instance(random, shape, pairing, 1);
    for (const double radius : {0.0, 0.01, 0.2, 1.0}) {
      CAPTURE(radius);
      check_equal(counts_of(instance, radius), exact_counts(instance.x, instance.w, radius));
    }
  }
}

TEST_CASE("signs are exact where logits vanish, and ties never lose a change") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Instance instance = coarse_instance(random, {random.integer(1, 4), random.integer(1, 3), 1, 24});
    for (const double radius : {0.0, 0.5, 1.0}) {
      const ReluCounts counts = counts_of(instance, radius), truth = exact_counts(instance.x, instance.w, radius);
      CHECK(counts.active == truth.active);
      CHECK((counts.falls - truth.falls).minCoeff() >= 0);
      CHECK((counts.rises - truth.rises).minCoeff() >= 0);
      CHECK((counts.moved - truth.moved).minCoeff() >= 0);
      CHECK((counts.steady - truth.steady).maxCoeff() <= 0);
    }
  }
}

TEST_CASE("a logit far below the rounding of double has its true sign") {
  Instance instance;
  instance.x = RealMatrix{{1.0, 1.0, 0x1p-60}};
  instance.w = RealMatrix{{0x1p60, -0x1p60, -1.0}, {0x1p60, -0x1p60, 1.0}, {0x1p-1000, 0, 0}, {-0x1p-1000, 0, 0}};
  instance.a = SignMatrix{{1}, {1}, {1}, {1}};
  CHECK(counts_of(instance, 0).active(0, 0) == 2);
}

TEST_CASE("the same counts for any number of threads, and for drawn neurons as for stored ones") {
  InstanceRequest request;
  request.n = 3;
  request.d_in = request.d = 2;
  request.m = 4096;
  const Instance instance = make_instance(request);
  const ReluCounts stored = counts_of(instance, 0.01);
  check_equal(stored, counts_of(instance, 0.01, 3));
  check_equal(stored, relu_counts(instance.x, DrawnNeurons(4096, 2, 2, *instance.sigma, *instance.seed),
                                  Interval(0.01, 53), {}));
  CHECK_THROWS_AS(counts_of(instance, -0.01), std::invalid_argument);
}

TEST_CASE("no network of the ball changes its kernel by more, or falls below the part that cannot change") {
  for (std::uint64_t seed = 1; seed <= random_cases(30); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Instance instance = random_instance(random, {3, 3, 1, 24}, Pairing::mixed, 1);
    const double radius = random.one_of({0.02, 0.1, 0.4});
    const IntervalMatrix gram = input_gram(instance.x, kReluBits), center = relu_kernel(instance, instance.w);
    const ReluChange bound = relu_change(counts_of(instance, radius), gram);
    const Interval nu = sqrt(upper_spectral_norm(bound.theta).upper());
    const Interval lambda = nonnegative_part(enclose_lambda_min(center, 0, kReluBits));
    const IntervalVector radii(static_cast<std::size_t>(instance.m()), Interval(radius, 53));
    for (int k = 0; k < 5; ++k) {
      const RealMatrix w = moved(instance.w, random_directions(random, instance.m(), instance.d_in()), radii);
      const IntervalMatrix h = relu_kernel(instance, w);
      for (Index i = 0; i < 3; ++i)
        for (Index j = 0; j < 3; ++j) CHECK_FALSE(certainly_less(bound.entrywise(i, j), abs(h(i, j) - center(i, j))));
      CHECK(enclose_lambda_min(h - bound.steady, 0, kReluBits).upper_double() > -1e-30);
      CHECK_FALSE(certainly_less(sqrt(nonnegative_part(enclose_lambda_min(h, 0, kReluBits))), sqrt(lambda) - nu));
    }
  }
}

}  // namespace
}  // namespace assay
