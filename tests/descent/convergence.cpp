#include "descent/convergence.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "data/instance.hpp"
#include "support/drawn.hpp"
#include "support/random_cases.hpp"

using namespace assay;

namespace {

Instance drawn(Index n, Index d_in, Index d, Index m, std::uint64_t seed) {
  return drawn_instance(n, d_in, d, m, 1, seed);
}

ConvergenceProof prove(const Instance& instance, Method method, std::optional<double> eta = {}) {
  ConvergenceRequest request;
  request.method = method;
  request.eta = eta;
  return prove_convergence(instance.x, instance.y, StoredNeurons(instance.w, instance.a), request);
}

struct Found {
  fast::JacobianMoments moments;
  CertificateRequest request;
};

Found at_start(const Instance& instance) {
  const StoredNeurons neurons(instance.w, instance.a);
  const auto sums = fast::network_sums(instance.x, neurons, {});
  Found found{*fast::jacobian_moments(*sums, instance.x, neurons, fast::RadiusShape::gradient, {}, true), {}};
  found.request.e0 = enclosure_of(fast::residual_norm(*sums, instance.y));
  return found;
}

/// The conditions of the header, evaluated once more from the ball of the certificate.
void check_conditions(const fast::JacobianMoments& moments, double residual, double drift) {
  CertificateRequest request;
  request.e0 = Interval(residual, 64);
  request.drift = drift;
  const ConvergenceCertificate found = certify_convergence(moments, request);
  REQUIRE(found.certified);
  const auto over = fast::spectrum_over_ball(moments, Interval(found.s, 64));
  REQUIRE(over);
  const double m = static_cast<double>(moments.m), mu = over->lambda_min.lower_double();
  const double curving = found.eta * over->curvature.upper_double() * residual;
  CHECK(mu > 0);
  CHECK(found.eta * m * over->lambda_max.upper_double() <= 1);
  CHECK(found.theta.bound().upper_double() >= 1 - found.eta * (m * mu - curving) - 1e-15);
  CHECK(m * mu - curving > 0);
  const double pulled = over->growth.upper_double() * residual / (m * mu - curving);
  for (const double b : {moments.least_b, moments.largest_b}) CHECK(drift + b * pulled <= found.s * b);
}

}  // namespace

TEST_CASE("a certified run stays below its bound and inside its ball, for as long as it is followed") {
  for (const Method method : {Method::ball, Method::tube}) {
    const Instance instance = drawn(3, 4, 2, 2048, 1);
    const ConvergenceProof proof = prove(instance, method);
    REQUIRE(proof.certified());
    const Found found = at_start(instance);
    std::vector<double> radii(static_cast<std::size_t>(instance.m()));
    for (std::size_t r = 0; r < radii.size(); ++r) radii[r] = proof.certificate.s * found.moments.b[r / 2];
    Orbit orbit(instance.x, instance.y, StoredNeurons(instance.w, instance.a), proof.certificate.eta, 1);
    double bound = proof.certificate.e0.bound().upper_double();
    for (int tau = 0; tau < 120; ++tau) {
      CHECK(orbit.curve().back().residual_norm.lower() <= bound);
      CHECK(orbit.upper_move_relative_to(radii) <= 1);
      REQUIRE(orbit.step());
      bound *= proof.certificate.theta.bound().upper_double();
    }
  }
}

TEST_CASE("two phases certify where the ball alone does not, and the orbit obeys both") {
  const Instance instance = drawn(4, 4, 4, 64, 1);
  CHECK(!prove(instance, Method::ball).certified());
  const ConvergenceProof proof = prove(instance, Method::two_phase);
  REQUIRE(proof.certified());
  CHECK(proof.followed > 0);
  Orbit orbit(instance.x, instance.y, StoredNeurons(instance.w, instance.a), proof.certificate.eta, 1);
  double bound = 0;
  for (long tau = 0; tau < proof.followed + 500; ++tau) {
    if (tau == proof.followed) bound = proof.certificate.e0.bound().upper_double();
    if (tau >= proof.followed) {
      CHECK(orbit.curve().back().residual_norm.lower() <= bound);
      bound *= proof.certificate.theta.bound().upper_double();
    }
    CHECK(orbit.curve().back().upper_largest_move <= proof.largest_move);
    REQUIRE(orbit.step());
  }
  // Once reached on the way, once only in the second phase.
  for (const double root : {0.1, proof.certificate.e0.bound().upper_double() / 2}) {
    const AtMost horizon = certified_horizon(proof, sqr(Interval(root, 64)));
    REQUIRE(horizon.is_finite());
    const auto steps = static_cast<std::size_t>(horizon.bound().upper_double());
    REQUIRE(steps < orbit.curve().size());
    CHECK(orbit.curve()[steps].residual_norm.lower() <= root);
  }
}

TEST_CASE("what must not certify does not") {
  Instance duplicate = drawn(4, 4, 2, 4096, 1);
  REQUIRE(prove(duplicate, Method::ball).certified());
  duplicate.x.row(1) = duplicate.x.row(0);  // with different labels no network has zero loss
  for (const Method method : {Method::ball, Method::tube, Method::two_phase})
    CHECK(!prove(duplicate, method).certified());

  const Instance instance = drawn(4, 4, 2, 4096, 1);
  const double limit = 1 / (4096 * prove(instance, Method::ball).lambda_max.lower());
  for (const Method method : {Method::ball, Method::tube, Method::two_phase}) {
    CHECK(prove(instance, method, 0.3 * limit).certified());
    CHECK(!prove(instance, method, 1.1 * limit).certified());
  }
}

TEST_CASE("every condition is needed: just past the largest residual and the largest drift nothing is certified") {
  const Instance instance = drawn(4, 4, 4, 512, 1);
  Found found = at_start(instance);
  CHECK(!certify_convergence(found.moments, found.request).certified);
  const auto certified = [&](double residual, double drift) {
    CertificateRequest request;
    request.e0 = Interval(residual, 64);
    request.drift = drift;
    return certify_convergence(found.moments, request).certified;
  };
  const auto largest = [](double low, auto holds) {
    REQUIRE(holds(low));
    for (double factor = 2; factor > 1.001; factor = std::sqrt(factor))
      while (holds(low * factor)) low *= factor;
    return low;
  };
  const double residual = largest(1e-3, [&](double value) { return certified(value, 0); });
  CHECK(residual < found.request.e0.lower_double());
  for (const double factor : {1.01, 1.1, 2.0}) CHECK(!certified(factor * residual, 0));
  const double drift = largest(1e-12, [&](double value) { return certified(residual / 2, value); });
  for (const double factor : {1.01, 1.1, 2.0}) CHECK(!certified(residual / 2, factor * drift));
  for (const double part : {0.0, 0.5, 1.0}) check_conditions(found.moments, residual / 2, part * drift);
  check_conditions(found.moments, residual, 0);
}

TEST_CASE("the smallest eigenvalue has to be positive over the ball") {
  // A residual so small that only this condition is left: equal inputs, equal labels.
  Instance duplicate = drawn(4, 4, 2, 64, 1);
  duplicate.x.row(1) = duplicate.x.row(0);
  Found found = at_start(duplicate);
  found.request.e0 = Interval(1e-30, 64);
  const ConvergenceCertificate certificate = certify_convergence(found.moments, found.request);
  CHECK(!certificate.certified);
  CHECK(!certified_horizon(certificate, Interval(1e-6, 64)).is_finite());
}

TEST_CASE("streamed and stored networks give the same certificate") {
  const Instance instance = drawn(4, 4, 2, 4096, 3);
  ConvergenceRequest request;
  request.method = Method::tube;
  const ConvergenceProof stored = prove(instance, Method::tube);
  const ConvergenceProof streamed =
      prove_convergence(instance.x, instance.y, DrawnNeurons(4096, 4, 2, 1.0, 3), request);
  REQUIRE(stored.certified());
  CHECK(stored.certificate.eta == streamed.certificate.eta);
  CHECK(stored.certificate.s == streamed.certificate.s);
}
