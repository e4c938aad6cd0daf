// A certified run, simulated: does exact gradient descent stay where the certificate says, and under its curve?
// Usage: assay_certified_run N D_IN D M SIGMA SEED STEPS METHOD

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include "data/instance.hpp"
#include "descent/convergence.hpp"

using namespace assay;

namespace {

/// log of the certificate's bound of |F(tau) - Y|_F.
double log_bound(const ConvergenceProof& proof, long tau) {
  const double theta = proof.certificate.theta.bound().upper_double(), e0 = proof.certificate.e0.bound().upper_double();
  return std::log(e0) + static_cast<double>(tau - proof.followed) * std::log(theta);
}

/// The radii of the certificate's ball around these weights, neuron by neuron.
std::vector<double> radii_of(const Instance& instance, const StoredNeurons& center, double s) {
  const auto sums = fast::network_sums(instance.x, center, {2});
  const auto moments = fast::jacobian_moments(*sums, instance.x, center, fast::RadiusShape::gradient, {2}, true);
  std::vector<double> radii(static_cast<std::size_t>(center.m()));
  for (std::size_t r = 0; r < radii.size(); ++r) radii[r] = s * moments->b[center.paired() ? r / 2 : r];
  return radii;
}

/// Gradient descent from exactly the center of the certificate's ball, which the certificate covers: the start, or the
/// computed point at which the first phase ends.
void simulate(const Instance& instance, const ConvergenceProof& proof, long steps) {
  Orbit first(instance.x, instance.y, StoredNeurons(instance.w, instance.a), proof.certificate.eta, 2);
  while (first.tau() < proof.followed && first.step()) continue;
  if (first.tau() != proof.followed) {
    fmt::print("  the first phase cannot be followed again: {}\n", first.reason());
    return;
  }
  const RealMatrix w = first.weights();
  const StoredNeurons center(w, instance.a);
  const std::vector<double> radii = radii_of(instance, center, proof.certificate.s);
  Orbit orbit(instance.x, instance.y, center, proof.certificate.eta, 2);
  constexpr double kRoundings = 1e-12;
  long proved = 0, seen = 0, contradicted = 0;
  double farthest = 0;
  while (orbit.tau() < steps && orbit.step()) {
    const OrbitStep& step = orbit.curve().back();
    const double bound = log_bound(proof, proof.followed + step.tau);
    if (std::log(step.residual_norm.upper()) <= bound) proved = step.tau;
    if (std::log(std::fmax(std::fabs(step.residual_norm.middle), kRoundings)) <= bound) seen = step.tau;
    contradicted += step.residual_norm.lower() > 0 && std::log(step.residual_norm.lower()) > bound ? 1 : 0;
    farthest = std::fmax(farthest, orbit.upper_move_relative_to(radii));
  }
  const OrbitStep& last = orbit.curve().back();
  fmt::print("  {} steps simulated{}\n", orbit.tau(), orbit.reason().empty() ? "" : ": " + orbit.reason());
  fmt::print(
      "  residual {:.3e} +- {:.1e} at the end; under the curve by enclosure up to step {}, as computed (or below {}) "
      "up to step {}, contradicted at {}\n",
      last.residual_norm.middle, last.residual_norm.radius, proved, kRoundings, seen, contradicted);
  fmt::print("  largest |w_r(tau) - w_r| / R_r over all neurons and steps, upper bound: {:.6f}\n", farthest);
}

Method method_of(const std::string& name) {
  for (const Method method : {Method::ball, Method::tube})
    if (name_of(method) == name) return method;
  return Method::two_phase;
}

}  // namespace

int main(int count, char** words) {
  if (count != 9) {
    fmt::print(stderr, "usage: {} N D_IN D M SIGMA SEED STEPS ball|tube|two_phase\n", words[0]);
    return 2;
  }
  InstanceRequest request;
  request.n = std::atol(words[1]);
  request.d_in = std::atol(words[2]);
  request.d = std::atol(words[3]);
  request.m = std::atol(words[4]);
  request.sigma = std::atof(words[5]);
  request.seed = static_cast<std::uint64_t>(std::atol(words[6]));
  const Instance instance = make_instance(request);
  ConvergenceRequest wanted;
  wanted.threads = 2;
  wanted.method = method_of(words[8]);
  const auto start = std::chrono::steady_clock::now();
  const ConvergenceProof proof =
      prove_convergence(instance.x, instance.y, StoredNeurons(instance.w, instance.a), wanted);
  fmt::print("{}\n", instance.name);
  if (!proof.certified()) {
    fmt::print("  not certified: {}\n", proof.certificate.why_not);
    return 3;
  }
  fmt::print("  certified after {} steps, theta {:.9f}\n", proof.followed,
             proof.certificate.theta.bound().upper_double());
  simulate(instance, proof, std::atol(words[7]));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  fmt::print("  {:.1f} s\n", seconds.count());
}
