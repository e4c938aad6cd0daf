#include "models/exponential.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "enclosure/eigenvalue.hpp"
#include "network/fast/network.hpp"
#include "network/kernel.hpp"
#include "support/networks.hpp"
#include "support/plain.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 128;

/// <x_i, x_j> (1/m) sum_r exp(<w_r, x_i + x_j>), term by term.
IntervalMatrix direct_kernel(const Instance& instance, const RealMatrix& w, Bits bits) {
  IntervalMatrix h = input_gram(instance.x, bits);
  for (Index i = 0; i < h.rows(); ++i)
    for (Index j = 0; j < h.rows(); ++j) {
      Interval sum = Interval::from_integer(0, bits);
      for (Index r = 0; r < w.rows(); ++r) {
        Interval z = Interval::from_integer(0, bits);
        for (Index k = 0; k < w.cols(); ++k)
          z += Interval(w(r, k), bits) * (Interval(instance.x(i, k), bits) + Interval(instance.x(j, k), bits));
        sum += exp(z);
      }
      h(i, j) = h(i, j) * sum / w.rows();
    }
  return h;
}

IntervalMatrix deep_kernel(const Instance& instance, Bits bits, int threads = 1) {
  return exponential_kernel(forward_pass(instance.x, instance.w, instance.a, bits), input_gram(instance.x, bits),
                            threads);
}

std::optional<IntervalMatrix> fast_kernel(const Instance& instance) {
  const auto sums = fast::network_sums(instance.x, StoredNeurons(instance.w, instance.a), {});
  return sums ? exponential_kernel(*sums, input_gram(instance.x, 64)) : std::nullopt;
}

bool all_contain(const IntervalMatrix& a, const IntervalMatrix& inner) {
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if (!a(i, j).contains(inner(i, j))) return false;
  return true;
}

double largest_relative_width(const IntervalMatrix& a) {
  double result = 0;
  for (const Interval& entry : a.entries()) result = std::max(result, entry.relative_width());
  return result;
}

TEST_CASE("both tiers contain the kernel computed term by term at twice the bits, and are narrow") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Shape shape{random.integer(1, 4), random.integer(1, 3), random.integer(1, 3), 2 * random.integer(1, 9)};
    const Pairing pairing = random.one_of({Pairing::paired, Pairing::unpaired, Pairing::mixed});
    const Instance instance = random_instance(random, shape, pairing, random.one_of({0.1, 1.0, 8.0}));
    const IntervalMatrix truth = direct_kernel(instance, instance.w, 256), deep = deep_kernel(instance, kBits, 2);
    CHECK(all_contain(deep, truth));
    CHECK(largest_relative_width(deep) < 1e-30);
    const auto fast = fast_kernel(instance);
    REQUIRE(fast);
    CHECK(all_contain(*fast, truth));
    CHECK(largest_relative_width(*fast) < 1e-11);
  }
}

TEST_CASE("what the fast tier had to shift it does not claim to know") {
  Random random(1);
  Instance instance = random_instance(random, {2, 2, 1, 4}, Pairing::unpaired, 1);
  instance.w *= 4000;
  CHECK_FALSE(fast_kernel(instance));
  CHECK(all_contain(deep_kernel(instance, kBits), direct_kernel(instance, instance.w, 256)));
}

TEST_CASE("at paired initialization a diagonal block of the softmax kernel is the exp kernel between two means") {
  Random random(2);
  const Instance instance = random_instance(random, {3, 2, 2, 12}, Pairing::paired, 1);
  const Forward at = forward_pass(instance.x, instance.w, instance.a, kBits);
  const IntervalMatrix h = kernel(at, input_gram(instance.x, kBits)), e = deep_kernel(instance, kBits);
  IntervalVector mean;
  for (Index i = 0; i < 3; ++i) {
    Interval sum;
    for (Index c = 0; c < at.neurons.columns(); ++c) sum += exp(at.z(i, c));
    mean.push_back(sum / at.neurons.columns());
  }
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j) {
      const Interval divided = e(i, j) / (mean[static_cast<std::size_t>(i)] * mean[static_cast<std::size_t>(j)]);
      for (Index l = 0; l < 2; ++l) CHECK(overlap(h(l * 3 + i, l * 3 + j), divided));
    }
}

TEST_CASE("the entrywise bound is attained, entry by entry, and never exceeded") {
  for (std::uint64_t seed = 1; seed <= random_cases(10); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Instance instance = random_instance(random, {3, 3, 1, 8}, Pairing::mixed, 1);
    const double radius = random.one_of({0.01, 0.3, 1.0});
    const IntervalMatrix center = direct_kernel(instance, instance.w, kBits);
    const IntervalMatrix bound = exponential_change(center, instance.x, Interval(radius, 53));
    const IntervalVector radii(8, Interval(radius, 53));
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j <= i; ++j) {
        // Every weight towards x_i + x_j.
        const Eigen::RowVectorXd sum = instance.x.row(i) + instance.x.row(j);
        const RealMatrix w = moved(instance.w, (sum / sum.norm()).replicate(8, 1), radii);
        const IntervalMatrix change = direct_kernel(instance, w, kBits) - center;
        CHECK(abs(change(i, j)).approx_double() == doctest::Approx(bound(i, j).approx_double()).epsilon(1e-9));
        for (Index k = 0; k < 9; ++k) CHECK_FALSE(certainly_less(bound(k / 3, k % 3), abs(change(k / 3, k % 3))));
      }
  }
}

TEST_CASE("no kernel of the ball falls below the floor, whatever the multipliers are") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Shape shape{random.integer(1, 4), random.integer(1, 3), 1, 12};
    const Instance instance = random_instance(random, shape, Pairing::mixed, 1);
    const double radius = random.one_of({0.01, 0.1, 0.3});
    const IntervalMatrix center = direct_kernel(instance, instance.w, kBits), gram = input_gram(instance.x, kBits);
    const Interval tau(random.between(0.01, 0.6), kBits), kappa(random.between(0.3, 1.2), kBits);
    const IntervalMatrix floor = exponential_floor(center, gram, Interval(radius, 53), tau, kappa);
    const IntervalVector radii(12, Interval(radius, 53));
    for (int k = 0; k < 4; ++k) {
      // All weights together, each its own way, or all towards one sample or away from it.
      RealMatrix direction = random_directions(random, 12, shape.d_in);
      if (k == 1) direction.rowwise() = Eigen::RowVectorXd(direction.row(0));
      if (k >= 2) direction.rowwise() = Eigen::RowVectorXd((k == 2 ? 1 : -1) * instance.x.row(0).normalized());
      const IntervalMatrix h = direct_kernel(instance, moved(instance.w, direction, radii), kBits);
      CHECK(enclose_lambda_min(h - floor, 0, kBits).upper_double() > -1e-30);
    }
  }
}

TEST_CASE("the floor of one sample is (1 - tau) H less the price of the ball") {
  Instance instance;
  instance.x = RealMatrix{{1.0}};
  instance.w = RealMatrix{{0.0}};
  instance.a = SignMatrix{{1}};
  const IntervalMatrix one = direct_kernel(instance, instance.w, kBits), gram = input_gram(instance.x, kBits);
  const Interval radius(0.125, kBits), tau(0.125, kBits), kappa(1, kBits);
  // 1 - tau - (1/tau - 1)(e^R - 1)^2
  const Interval expected = Interval(0.875, kBits) - 7 * sqr(expm1(radius));
  CHECK(overlap(exponential_floor(one, gram, radius, tau, kappa)(0, 0), expected));
}

}  // namespace
}  // namespace assay
