#include "descent/orbit.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "data/file.hpp"
#include "enclosure/eigenvalue.hpp"
#include "network/kernel.hpp"
#include "plain_descent.hpp"
#include "support/drawn.hpp"
#include "support/networks.hpp"

using namespace assay;

namespace {

constexpr Bits kOrbitBits = 256;

Instance drawn(Index n, Index d_in, Index d, Index m, std::uint64_t seed, double sigma = 1) {
  return drawn_instance(n, d_in, d, m, sigma, seed);
}

/// m lambda_max(H) at W.
Interval jacobian_squared(const Instance& instance, const RealMatrix& w) {
  const Forward at = forward_pass(instance.x, w, instance.a, 64, 1, false);
  return enclose_lambda_max(kernel(at, input_gram(instance.x, 64)), 1e-3, 64) * w.rows();
}

/// fraction / (m lambda_max(H(0))).
double stable_step(const Instance& instance, double fraction) {
  return fraction / jacobian_squared(instance, instance.w).approx_double();
}

Orbit orbit_of(const Instance& instance, double eta, int threads = 1) {
  return Orbit(instance.x, instance.y, StoredNeurons(instance.w, instance.a), eta, threads);
}

bool is_inside(const Interval& value, const Ball& ball) {
  return enclosure_of(ball).contains(value);
}

bool is_at_most(const Interval& value, double bound) {
  return certainly_less_equal(value, Interval(bound, 53));
}

/// Small networks of all kinds: paired and not, p near 0 and not.
std::vector<Instance> small_networks() {
  std::vector<Instance> all{drawn(3, 2, 2, 64, 5), drawn(2, 3, 1, 32, 6, 0.3)};
  Random random(7);
  for (const Pairing pairing : {Pairing::unpaired, Pairing::mixed, Pairing::paired}) {
    Instance instance = random_instance(random, {3, 2, 3, 24}, pairing, 2);
    instance.y = random_matrix(random, 3, 3, 1);
    all.push_back(std::move(instance));
  }
  return all;
}

/// The orbit's claims about step tau, against the exact orbit.
void check_step(const Orbit& orbit, const Instance& instance, const IntervalMatrix& exact) {
  const OrbitStep& step = orbit.curve().back();
  const PlainOutputs at = plain_outputs_at(instance, exact);
  CHECK(is_inside(frobenius_norm(at.e), step.residual_norm));
  CHECK(is_at_most(frobenius_norm(exact - exactly(orbit.weights(), kOrbitBits)), step.upper_distance));
  CHECK(is_at_most(largest_row_distance(exact, exactly(instance.w, kOrbitBits)), step.upper_largest_move));
  CHECK(step.residual_norm.radius < 1e-3);
}

}  // namespace

TEST_CASE("the certified curve encloses the exact orbit at every step") {
  for (const Instance& instance : small_networks()) {
    CAPTURE(instance.m());
    CAPTURE(instance.d());
    const double eta = stable_step(instance, 0.2);
    Orbit orbit = orbit_of(instance, eta);
    IntervalMatrix exact = exactly(instance.w, kOrbitBits);
    check_step(orbit, instance, exact);
    int steps = 0;
    for (; steps < 30 && orbit.step(); ++steps) {
      exact = plain_step(instance, exact, eta);
      check_step(orbit, instance, exact);
    }
    CHECK(steps == 30);
  }
}

TEST_CASE("the defect bounds the true error of one step") {
  Random random(11);
  for (std::uint64_t trial = 0; trial < random_cases(12); ++trial) {
    CAPTURE(trial);
    const Shape shape{random.integer(1, 4), random.integer(1, 4), random.integer(1, 4), random.integer(2, 20)};
    Instance instance = random_instance(random, shape, random.one_of({Pairing::unpaired, Pairing::paired}),
                                        random.one_of({0.01, 1.0, 30.0}));
    instance.y *= random.one_of({1e-3, 1.0, 100.0});
    const double eta = random.one_of({1e-6, 0.01, 1.0});
    Orbit orbit = orbit_of(instance, eta);
    if (!orbit.step()) continue;
    const IntervalMatrix exact = plain_step(instance, exactly(instance.w, kOrbitBits), eta);
    const Interval error = frobenius_norm(exact - exactly(orbit.weights(), kOrbitBits));
    CHECK(is_at_most(error, orbit.upper_distance()));
    const double size = frobenius_norm(exact).upper_double();
    CHECK(orbit.upper_distance() < 1e-10 * (1 + size));
  }
}

TEST_CASE("the Jacobian is bounded along the whole orbit") {
  const Instance instance = drawn(3, 3, 2, 64, 3);
  Orbit orbit = orbit_of(instance, stable_step(instance, 0.7));
  for (int step = 0; step < 40; ++step) {
    const Interval norm = sqrt(jacobian_squared(instance, orbit.weights()));
    CHECK(is_at_most(norm, orbit.upper_jacobian()));
    CHECK(orbit.upper_jacobian() < 4 * norm.upper_double());
    REQUIRE(orbit.step());
  }
}

TEST_CASE("the bound of the Jacobian follows its growth") {
  // One output: the bound at the start is sharp, so growth shows.
  Random random(23);
  int grew = 0;
  for (int trial = 0; trial < 8; ++trial) {
    CAPTURE(trial);
    Instance instance = random_instance(random, {1, 2, 1, 8}, Pairing::unpaired, 1);
    instance.y(0, 0) = 4;
    Orbit orbit = orbit_of(instance, stable_step(instance, 0.05));
    const double first = orbit.upper_jacobian();
    for (int step = 0; step < 12 && orbit.step(); ++step) {
      const Interval norm = sqrt(jacobian_squared(instance, orbit.weights()));
      CHECK(is_at_most(norm, orbit.upper_jacobian()));
      grew += norm.lower_double() > 1.001 * first ? 1 : 0;
    }
  }
  CHECK(grew > 0);
}

TEST_CASE("one pass encloses outputs, curvature and moves of the definition") {
  Random random(5);
  for (const Instance& instance : small_networks()) {
    OrbitPass pass(instance.x, instance.y, StoredNeurons(instance.w, instance.a), 1);
    REQUIRE(pass.evaluate());
    const PlainOutputs at = plain_outputs_at(instance, exactly(instance.w, kOrbitBits));
    const auto cell = [&](Index l, Index i) { return static_cast<std::size_t>(l * instance.n() + i); };
    Interval curvature;
    std::vector<double> weights;
    for (Index i = 0; i < instance.n(); ++i) weights.push_back(random.between(0, 3));
    for (Index r = 0; r < instance.m(); ++r) {
      Interval sum = Interval::from_integer(0, kOrbitBits);
      for (Index i = 0; i < instance.n(); ++i) sum += at.q(i, r) * Interval(weights[static_cast<std::size_t>(i)], 53);
      curvature = max(curvature, sum);
    }
    for (Index i = 0; i < instance.n(); ++i) {
      for (Index r = 0; r < instance.m(); ++r)
        CHECK(is_at_most(at.q(i, r), pass.outputs().upper_q[static_cast<std::size_t>(i)]));
      for (Index l = 0; l < instance.d(); ++l) {
        CHECK(is_inside(at.p(l, i), pass.outputs().p[cell(l, i)]));
        CHECK(is_inside(at.e(l, i), pass.outputs().e[cell(l, i)]));
      }
    }
    const Moved moved = pass.move(1e-3, weights);
    CHECK(is_at_most(curvature, moved.upper_curvature));
    CHECK(moved.upper_curvature < 1.000001 * curvature.upper_double());
    const RealMatrix after = pass.neurons().in_order();
    CHECK(is_at_most(frobenius_norm(exactly(after, kOrbitBits) - exactly(instance.w, kOrbitBits)), moved.upper_length));
  }
}

TEST_CASE("a long step with large logits is within the defect of its pass") {
  Random random(17);
  for (int trial = 0; trial < 10; ++trial) {
    CAPTURE(trial);
    const Instance instance = random_instance(random, {2, 5, 2, 12}, Pairing::unpaired, 30);
    OrbitPass pass(instance.x, instance.y, StoredNeurons(instance.w, instance.a), 1);
    REQUIRE(pass.evaluate());
    const Outputs outputs = pass.outputs();
    constexpr double kEta = 1e6;
    const PlainOutputs at = plain_outputs_at(instance, exactly(instance.w, kOrbitBits));
    IntervalMatrix exact = exactly(instance.w, kOrbitBits);
    for (Index r = 0; r < 12; ++r)
      for (Index i = 0; i < 2; ++i) {
        Interval c;
        for (Index l = 0; l < 2; ++l)
          c += Interval(outputs.e[static_cast<std::size_t>(2 * l + i)].middle, 53) * (instance.a(r, l) - at.p(l, i));
        for (Index k = 0; k < 5; ++k)
          exact(r, k) -= Interval(kEta, 53) * c * at.q(i, r) * Interval(instance.x(i, k), 53);
      }
    const Moved moved = pass.move(kEta, {1, 1});
    const Interval error = frobenius_norm(exact - exactly(pass.neurons().in_order(), kOrbitBits));
    CHECK(is_at_most(error, moved.upper_defect));
    CHECK(moved.upper_defect < 1e-8 * frobenius_norm(exact).upper_double());
  }
}

TEST_CASE("a pass that does not keep the exponentials does the same") {
  const Instance instance = drawn(3, 4, 2, 9000, 2);
  const StoredNeurons neurons(instance.w, instance.a);
  OrbitPass kept(instance.x, instance.y, neurons, 1), made_again(instance.x, instance.y, neurons, 2, 0);
  for (int step = 0; step < 2; ++step) {
    REQUIRE(kept.evaluate());
    REQUIRE(made_again.evaluate());
    const Moved one = kept.move(1e-5, {1, 2, 3}), other = made_again.move(1e-5, {1, 2, 3});
    CHECK(one.upper_defect == other.upper_defect);
    CHECK(one.upper_curvature == other.upper_curvature);
    CHECK(kept.neurons().weights() == made_again.neurons().weights());
  }
}

TEST_CASE("beyond the stable step nothing is proved for long") {
  const Instance instance = drawn(3, 3, 2, 64, 3);
  Orbit orbit = orbit_of(instance, stable_step(instance, 6));
  int steps = 0;
  while (steps < 200 && orbit.step()) ++steps;
  CHECK(steps < 200);
  CHECK(!orbit.reason().empty());
  CHECK(!orbit.step());
}

TEST_CASE("logits beyond the range of the fast tier are said") {
  Instance instance = drawn(2, 2, 1, 8, 1);
  instance.w *= 1e9;
  Orbit orbit = orbit_of(instance, 0.1);
  CHECK(orbit.curve().empty());
  CHECK(!orbit.step());
  CHECK(!orbit.reason().empty());
}

TEST_CASE("the orbit does not depend on the number of threads, and a restored one continues bit for bit") {
  const Instance instance = drawn(4, 3, 3, 20000, 9);
  const double eta = 1 / (20000 * 4.0);
  const std::string file = (std::filesystem::temp_directory_path() / "assay_test_orbit.bin").string();
  std::filesystem::remove(file);
  Orbit one = orbit_of(instance, eta, 1), two = orbit_of(instance, eta, 2), resumed = orbit_of(instance, eta, 2);
  CHECK(!resumed.restore(file));
  for (int step = 0; step < 4; ++step) {
    REQUIRE(one.step());
    if (step == 1) {
      one.save(file);
      REQUIRE(resumed.restore(file));
    }
    if (step >= 2) REQUIRE(resumed.step());
    REQUIRE(two.step());
  }
  for (const Orbit* other : {&two, &resumed}) {
    CHECK(other->weights() == one.weights());
    REQUIRE(other->curve().size() == one.curve().size());
    for (std::size_t k = 0; k < one.curve().size(); ++k) {
      CHECK(other->curve()[k].residual_norm.middle == one.curve()[k].residual_norm.middle);
      CHECK(other->curve()[k].residual_norm.radius == one.curve()[k].residual_norm.radius);
      CHECK(other->curve()[k].upper_distance == one.curve()[k].upper_distance);
    }
  }
  Orbit of_another_step = orbit_of(instance, 2 * eta, 1);
  CHECK(!of_another_step.restore(file));
  std::string bytes = read_file(file);
  bytes[bytes.size() / 2] ^= 1;
  write_file(file, bytes);
  CHECK(!resumed.restore(file));
  std::filesystem::remove(file);
}

TEST_CASE("radii by neuron") {
  const Instance instance = drawn(2, 2, 1, 16, 4);
  Orbit orbit = orbit_of(instance, stable_step(instance, 0.1));
  std::vector<double> radii(16, 0.5);
  radii[3] = 1e-3;
  CHECK(orbit.upper_move_relative_to(radii) < 1e-100);
  REQUIRE(orbit.step());
  const IntervalMatrix exact = plain_step(instance, exactly(instance.w, kOrbitBits), orbit.eta());
  const IntervalMatrix difference = exact - exactly(instance.w, kOrbitBits);
  Interval largest;
  for (Index r = 0; r < 16; ++r)
    largest =
        max(largest, euclidean_norm(difference.row(r)) / Interval(radii[static_cast<std::size_t>(r)], kOrbitBits));
  CHECK(is_at_most(largest, orbit.upper_move_relative_to(radii)));
  CHECK(orbit.upper_move_relative_to(radii) < 1.000001 * largest.upper_double());
}

TEST_CASE("bad arguments of an orbit are errors") {
  const Instance instance = drawn(2, 2, 1, 8, 1);
  CHECK_THROWS_AS(orbit_of(instance, 0), std::invalid_argument);
  CHECK_THROWS_AS(orbit_of(instance, -1), std::invalid_argument);
  const StoredNeurons neurons(instance.w, instance.a);
  CHECK_THROWS_AS(Orbit(instance.x, RealMatrix::Zero(3, 1), neurons, 0.1, 1), std::invalid_argument);
  CHECK_THROWS_AS(Orbit(RealMatrix::Zero(2, 5), instance.y, neurons, 0.1, 1), std::invalid_argument);
}
