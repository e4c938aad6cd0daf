// An orbit whose step failed: its weights, bounds and curve are those of the step before.

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "data/digest.hpp"
#include "data/file.hpp"
#include "descent/convergence.hpp"
#include "descent/descent_run.hpp"
#include "support/drawn.hpp"
#include "support/scratch.hpp"

using namespace assay;

namespace {

/// The same logits from inputs 2^-38 times as long and weights 2^38 times as long: the spacing of the doubles near the
/// weights is then 2^-15, so that no more is known of the orbit than it may be away after some steps.
Instance coarse_instance() {
  Instance instance = drawn_instance(4, 4, 4, 64, 1, 1);
  instance.x *= 0x1p-38;
  instance.w *= 0x1p38;
  return instance;
}

StoredNeurons neurons_of(const Instance& instance) {
  return StoredNeurons(instance.w, instance.a);
}

double step_of(const Instance& instance) {
  const StoredNeurons neurons = neurons_of(instance);
  const auto sums = fast::network_sums(instance.x, neurons, {});
  const Ball most = fast::lambda_max(fast::kernel(*sums, instance.x).symmetric());
  return 0.8 / (static_cast<double>(instance.m()) * most.upper());
}

Orbit orbit_of(const Instance& instance, double eta) {
  return Orbit(instance.x, instance.y, neurons_of(instance), eta, 1);
}

bool same(const Ball& a, const Ball& b) {
  return a.middle == b.middle && a.radius == b.radius;
}

bool same(const Orbit& a, const Orbit& b) {
  bool equal = a.weights() == b.weights() && a.tau() == b.tau() && a.upper_distance() == b.upper_distance() &&
               a.upper_jacobian() == b.upper_jacobian() && a.shifts() == b.shifts() &&
               same(a.curve().back().residual_norm, b.curve().back().residual_norm);
  for (std::size_t k = 0; k < a.outputs().e.size(); ++k) equal = equal && same(a.outputs().e[k], b.outputs().e[k]);
  return equal;
}

}  // namespace

TEST_CASE("a step that fails leaves the orbit at the step before") {
  const Instance instance = coarse_instance();
  Orbit orbit = orbit_of(instance, step_of(instance));
  Orbit before = orbit;
  int steps = 0;
  for (; steps < 100000 && orbit.step(); ++steps) before = orbit;
  REQUIRE(!orbit.reason().empty());
  REQUIRE(steps > 0);
  CHECK(orbit.tau() == steps);
  CHECK(orbit.upper_distance() <= 1);
  CHECK(same(orbit, before));
}

TEST_CASE("a step to logits that cannot be bounded leaves the orbit where it was") {
  Instance instance = drawn_instance(2, 2, 1, 8, 1, 1);
  Orbit orbit = orbit_of(instance, 1e12);
  const Orbit before = orbit;
  REQUIRE(!orbit.step());
  CHECK(same(orbit, before));
}

TEST_CASE("a certificate after a failed step is of the step that it names") {
  const Instance instance = coarse_instance();
  ConvergenceRequest request;
  request.eta = step_of(instance);
  const ConvergenceProof proof = prove_convergence(instance.x, instance.y, neurons_of(instance), request);
  REQUIRE(proof.followed > 0);
  Orbit orbit = orbit_of(instance, *request.eta);
  for (long tau = 0; tau < proof.followed; ++tau) REQUIRE(orbit.step());
  const RealMatrix weights = orbit.weights();
  const StoredNeurons there(weights, instance.a);
  const auto sums = fast::network_sums(instance.x, there, {});
  const auto moments = fast::jacobian_moments(*sums, instance.x, there, fast::RadiusShape::gradient, {});
  CertificateRequest wanted;
  wanted.e0 = enclosure_of(orbit.curve().back().residual_norm);
  wanted.eta = Interval(orbit.eta(), 64);
  wanted.drift = orbit.upper_distance();
  CHECK(!orbit.step());  // the ball was tried because nothing is known of the next step
  const ConvergenceCertificate right = certify_convergence(*moments, wanted);
  CHECK(proof.certificate.certified == right.certified);
  CHECK(proof.certificate.s == right.s);
  CHECK(proof.certificate.mu.bound().lower_double() == right.mu.bound().lower_double());
  CHECK(proof.certificate.theta.bound().upper_double() == right.theta.bound().upper_double());
}

TEST_CASE("a saved orbit at which the network cannot be bounded changes nothing") {
  const Scratch scratch;
  const Instance instance = drawn_instance(3, 3, 2, 16, 2, 1);
  const double eta = step_of(instance) / 4;
  Orbit saved = orbit_of(instance, eta), orbit = saved, undisturbed = saved;
  REQUIRE(saved.step());
  const std::string file = scratch.path("orbit");
  saved.save(file);

  // The same run with a weight that no step leads to, under a digest that is right.
  std::string bytes = read_file(file);
  const double weight = saved.weights()(0, 0), wild = 1e300;
  std::string pattern(sizeof weight, '\0');
  std::memcpy(pattern.data(), &weight, sizeof weight);
  const std::size_t at = bytes.find(pattern);
  REQUIRE(at != std::string::npos);
  std::memcpy(bytes.data() + at, &wild, sizeof wild);
  bytes.resize(bytes.size() - 64);
  write_file(file, bytes + sha256(bytes));

  CHECK(!orbit.restore(file));
  CHECK(orbit.reason().empty());
  CHECK(same(orbit, undisturbed));
  for (int step = 0; step < 3; ++step) {
    REQUIRE(undisturbed.step());
    REQUIRE(orbit.step());
    CHECK(same(orbit, undisturbed));
  }
}

TEST_CASE("a checkpoint of more steps, or to another loss, is of another run") {
  const Scratch scratch;
  const Instance instance = drawn_instance(3, 3, 2, 16, 2, 1);
  RunOptions options;
  options.eta = step_of(instance) / 4;
  options.steps = 40;
  options.epsilon = Interval(1e-30, 53);
  options.checkpoint = scratch.path("descent");
  options.seconds_between_checkpoints = 0;
  const auto interrupt = [&](double at) {
    RunOptions interrupted = options;
    interrupted.progress = [at](double done) {
      if (done > at) throw std::runtime_error("interrupted");
    };
    CHECK_THROWS_AS(fast_descent(instance.x, instance.y, neurons_of(instance), interrupted), std::runtime_error);
    REQUIRE(std::filesystem::exists(options.checkpoint));
  };
  interrupt(0.5);
  RunOptions shorter = options;
  shorter.steps = 5;
  CHECK(fast_descent(instance.x, instance.y, neurons_of(instance), shorter).steps.size() == 6);

  interrupt(0.5);
  RunOptions easier = options;
  easier.epsilon = Interval(100, 53);
  CHECK(fast_descent(instance.x, instance.y, neurons_of(instance), easier).steps.size() == 1);
}
