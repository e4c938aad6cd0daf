#include "network/fast/network.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/kernels.hpp"
#include "network/ball.hpp"
#include "network/kernel.hpp"
#include "support/drawn.hpp"
#include "support/networks.hpp"

using namespace assay;

namespace {

struct Deep {
  IntervalMatrix gram;
  Forward forward;
  IntervalMatrix kernel;
};

Deep deep_tier(const Instance& instance) {
  constexpr Bits kBits = 128;
  Deep deep;
  deep.gram = input_gram(instance.x, kBits);
  deep.forward = forward_pass(instance.x, instance.w, instance.a, kBits);
  deep.kernel = kernel(deep.forward, deep.gram);
  return deep;
}

std::optional<fast::NetworkSums> sums_of(const Instance& instance, int threads = 1) {
  return fast::network_sums(instance.x, StoredNeurons(instance.w, instance.a), {threads});
}

Interval smallest_entry(const IntervalMatrix& a) {
  Interval smallest = a(0, 0);
  for (const Interval& entry : a.entries()) smallest = min(smallest, entry);
  return smallest;
}

/// Every fast value overlaps the deep one, and every deep entry of H meets its ball.
void check_against_deep(const Instance& instance) {
  const Deep deep = deep_tier(instance);
  const auto sums = sums_of(instance);
  REQUIRE(sums.has_value());
  const fast::KernelBall h = fast::kernel(*sums, instance.x);
  for (Index i = 0; i < h.middle.rows(); ++i)
    for (Index j = 0; j < h.middle.cols(); ++j) {
      const Interval entry = enclosure_of(Ball{h.middle(i, j), h.radii(i, j)});
      REQUIRE(overlap(entry, deep.kernel(i, j)));
      REQUIRE(h.radii(i, j) <= 1e-9 * (1 + h.middle.norm()));
    }
  CHECK(overlap(enclosure_of(fast::frobenius_norm(h)), frobenius_norm(deep.kernel)));
  CHECK(overlap(enclosure_of(fast::largest_logit(*sums)), largest_logit(deep.forward)));
  CHECK(overlap(enclosure_of(fast::largest_q(*sums)), largest_magnitude(deep.forward.q)));
  CHECK(overlap(enclosure_of(fast::smallest_q(*sums)), smallest_entry(deep.forward.q)));
  CHECK(overlap(enclosure_of(fast::residual_norm(*sums, instance.y)),
                frobenius_norm(residual(deep.forward, instance.y))));
  CHECK(overlap(enclosure_of(fast::lambda_min(h.symmetric())), enclose_lambda_min(deep.kernel, 1e-15, 128)));
  CHECK(overlap(enclosure_of(fast::lambda_max(h.symmetric())), enclose_lambda_max(deep.kernel, 1e-15, 128)));
}

/// The fast bounds of the change over the ball are upper bounds of the deep ones up to the simplification of D0.
void check_change(const Instance& instance, double radius) {
  const Deep deep = deep_tier(instance);
  const auto sums = sums_of(instance);
  const Interval r(radius, 128);
  const fast::KernelChange change = fast::change_over_ball(*sums, instance.x, r);
  const KernelChange sharp = kernel_change(deep.forward, ball_ranges(deep.forward, instance.x, r), deep.gram);
  const KernelChange simple =
      kernel_change(deep.forward, ranges_for_all_smaller_radii(deep.forward, instance.x, r), deep.gram);
  for (Index i = 0; i < change.entrywise.rows(); ++i)
    for (Index j = 0; j < change.entrywise.cols(); ++j) {
      REQUIRE(change.entrywise(i, j) >= sharp.entrywise(i, j).lower_double());
      REQUIRE(change.theta(i, j) >= sharp.theta(i, j).lower_double());
      // It is what the simpler ranges give, so no term is doubled or lost.
      REQUIRE(change.entrywise(i, j) <= simple.entrywise(i, j).upper_double() * (1 + 1e-9) + 1e-300);
      REQUIRE(change.entrywise(i, j) >= simple.entrywise(i, j).upper_double() * (1 - 1e-9));
      REQUIRE(change.theta(i, j) <= simple.theta(i, j).upper_double() * (1 + 1e-9) + 1e-300);
      REQUIRE(change.theta(i, j) >= simple.theta(i, j).upper_double() * (1 - 1e-9));
    }
}

bool identical(const fast::NetworkSums& a, const fast::NetworkSums& b) {
  if (a.classes.size() != b.classes.size() || a.total != b.total || a.largest != b.largest) return false;
  for (const auto& [mask, part] : a.classes) {
    const auto& other = b.classes.at(mask);
    if (part.gram != other.gram || part.sum != other.sum) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("fast and deep enclosures overlap on random networks of every pairing") {
  const auto best = fast::instruction_set();
  for (const auto set : {fast::InstructionSet::portable, fast::InstructionSet::avx2, fast::InstructionSet::avx512}) {
    if (!fast::is_available(set)) continue;
    fast::choose_instruction_set(set);
    for (std::uint64_t seed = 1; seed <= random_cases(12); ++seed) {
      CAPTURE(seed);
      Random random(seed);
      const Shape shape{random.integer(1, 6), random.integer(1, 4), random.integer(1, 4), 2 * random.integer(1, 40)};
      for (const Pairing pairing : {Pairing::paired, Pairing::unpaired, Pairing::mixed})
        check_against_deep(random_instance(random, shape, pairing, random.one_of({0.01, 1.0, 8.0})));
    }
  }
  fast::choose_instruction_set(best);
}

TEST_CASE("logits far beyond the range of exp stay certified") {
  Random random(5);
  for (const double scale : {400.0, 1500.0, 2e4})
    for (const Pairing pairing : {Pairing::paired, Pairing::unpaired}) {
      CAPTURE(scale);
      const Instance instance = random_instance(random, {4, 3, 2, 24}, pairing, scale);
      const Deep deep = deep_tier(instance);
      const auto sums = sums_of(instance);
      REQUIRE(sums.has_value());
      const fast::KernelBall h = fast::kernel(*sums, instance.x);
      for (Index i = 0; i < h.middle.rows(); ++i)
        for (Index j = 0; j < h.middle.cols(); ++j)
          REQUIRE(overlap(enclosure_of(Ball{h.middle(i, j), h.radii(i, j)}), deep.kernel(i, j)));
    }
  CHECK_FALSE(sums_of(random_instance(random, {2, 2, 1, 4}, Pairing::paired, 1e8)).has_value());
}

TEST_CASE("a zero row, equal rows and one neuron") {
  Random random(6);
  Instance instance = random_instance(random, {4, 3, 2, 10}, Pairing::mixed, 2);
  instance.x.row(1).setZero();
  instance.x.row(3) = instance.x.row(0);
  check_against_deep(instance);
  check_against_deep(random_instance(random, {3, 2, 2, 1}, Pairing::unpaired, 1));
  check_against_deep(drawn_instance(2, 2, 9, 4, 1));
}

TEST_CASE("the change over the ball in the fast tier bounds the deep one") {
  Random random(7);
  for (const double radius : {1e-6, 0.005, 0.3})
    for (const Pairing pairing : {Pairing::paired, Pairing::unpaired, Pairing::mixed}) {
      CAPTURE(radius);
      check_change(random_instance(random, {4, 3, 2, 20}, pairing, 1.5), radius);
    }
}

TEST_CASE("the sums do not depend on threads, and streamed neurons are those in memory") {
  const Instance instance = drawn_instance(24, 3, 3, 90000, 1);  // several chunks
  const auto one = sums_of(instance, 1), two = sums_of(instance, 2), five = sums_of(instance, 5);
  REQUIRE(one.has_value());
  CHECK(identical(*one, *two));
  CHECK(identical(*one, *five));
  const DrawnNeurons stream(instance.m(), 3, 3, 1.0, 1);
  const auto streamed = fast::network_sums(instance.x, stream, {2});
  CHECK(identical(*one, *streamed));
}

TEST_CASE("an error in a worker reaches the caller") {
  struct Broken final : NeuronStream {
    Index columns() const override { return 100000; }
    Index d_in() const override { return 2; }
    Index d() const override { return 1; }
    bool paired() const override { return true; }
    void fill(Index first, double*, std::size_t, std::span<std::uint64_t>) const override {
      if (first > 0) throw std::runtime_error("broken");
    }
  };
  const RealMatrix x = RealMatrix::Ones(40, 2);
  for (const int threads : {1, 3})
    CHECK_THROWS_WITH(static_cast<void>(fast::network_sums(x, Broken(), {threads})), "broken");
}
