// A certified run, simulated: does exact gradient descent stay where the certificate says, and under its curve?
// Usage: assay_certified_run N D_IN D M SIGMA SEED STEPS

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include "descent/convergence.hpp"
#include "network/instance.hpp"

using namespace assay;

namespace {

/// log of the certificate's bound of |F(tau) - Y|_F.
double log_bound(const ConvergenceProof& proof, long tau) {
  const double theta = proof.certificate.theta.upper_double(), e0 = proof.certificate.e0.upper_double();
  return std::log(e0) + static_cast<double>(tau - proof.followed) * std::log(theta);
}

void simulate(const Instance& instance, const ConvergenceProof& proof, long steps) {
  Orbit orbit(instance.x, instance.y, StoredNeurons(instance.w, instance.a), proof.certificate.eta, 2);
  long proved = 0, contradicted = 0, outside = 0;
  for (; orbit.tau() < steps && orbit.step();) {
    const OrbitStep& step = orbit.curve().back();
    if (step.tau < proof.followed) continue;
    const double bound = log_bound(proof, step.tau);
    if (std::log(step.residual_norm.upper()) <= bound) proved = step.tau;
    contradicted += step.residual_norm.lower() > 0 && std::log(step.residual_norm.lower()) > bound ? 1 : 0;
    outside += step.upper_largest_move > proof.largest_move ? 1 : 0;
  }
  const OrbitStep& last = orbit.curve().back();
  fmt::print("  {} steps simulated{}\n", orbit.tau(), orbit.reason().empty() ? "" : ": " + orbit.reason());
  fmt::print("  residual {:.3e} +- {:.1e} at the end, under the curve by enclosure up to step {}, contradicted at {}\n",
             last.residual_norm.middle, last.residual_norm.radius, proved, contradicted);
  fmt::print("  largest move {:.6f} of {:.6f} allowed, not certainly inside at {} steps\n", last.upper_largest_move,
             proof.largest_move, outside);
}

}  // namespace

int main(int count, char** words) {
  if (count != 8) {
    fmt::print(stderr, "usage: {} N D_IN D M SIGMA SEED STEPS\n", words[0]);
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
  const auto start = std::chrono::steady_clock::now();
  const ConvergenceProof proof =
      prove_convergence(instance.x, instance.y, StoredNeurons(instance.w, instance.a), wanted);
  fmt::print("{}\n", instance.reproduce);
  if (!proof.certified()) {
    fmt::print("  not certified: {}\n", proof.certificate.why_not);
    return 3;
  }
  fmt::print("  certified after {} steps, theta {:.9f}\n", proof.followed, proof.certificate.theta.upper_double());
  simulate(instance, proof, std::atol(words[7]));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  fmt::print("  {:.1f} s\n", seconds.count());
}
