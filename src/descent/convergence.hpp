#pragma once

#include <functional>
#include <string_view>

#include "descent/certificate.hpp"
#include "descent/orbit.hpp"

namespace assay {

/// How a proof of convergence is sought.
enum class Method {
  ball,      ///< over the ball around the start: ConvergenceCertificate in certificate.hpp
  tube,      ///< over what gradient descent can reach in that ball: spectrum_over_tube in network/fast/jacobian.hpp
  two_phase  ///< the orbit is followed step by step until the ball around a later point of it is good enough
};
std::string_view name_of(Method method);  ///< "ball", "tube", "two_phase"

struct ConvergenceRequest {
  Method method = Method::two_phase;
  std::optional<double> eta = {};  ///< the step to be judged, an exact number; chosen if empty
  long most_steps = 20000;         ///< that are followed in the first phase
  int threads = 1;
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

/// A proof, or an attempt, that exact gradient descent from exactly the given network reaches zero loss:
///   |F(tau) - Y|_F as in `curve` for tau <= followed, and <= theta^(tau - followed) e0 of the certificate from there
///   on.
struct [[nodiscard]] ConvergenceProof {
  Method method = Method::ball;
  long followed = 0;                          ///< steps of the first phase
  std::vector<OrbitStep> curve;               ///< its certified loss; empty without one
  Interval start = Interval::whole_line(64);  ///< |F(0) - Y|_F
  Ball lambda_min, lambda_max;                ///< of H(0)
  double largest_move = 0;  ///< of max_r |w_r(tau) - w_r(0)|_2 over all tau >= 0, upper bound; once certified
  ConvergenceCertificate certificate;  ///< of the phase that lasts forever

  [[nodiscard]] bool certified() const { return certificate.certified; }
};

/// @return  certified or not; `certificate.why_not` says what was missing.
/// @throws std::invalid_argument for shapes that do not fit together.
/// @cost   ball, tube: two passes over the neurons, memory that does not grow with m. two_phase: up to most_steps steps
///         of Orbit, and two passes whenever the residual has fallen by a third; memory O(m (d_in + n)).
ConvergenceProof prove_convergence(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                                   const ConvergenceRequest& request);

/// An integer T by which |F(tau) - Y|_F^2 <= epsilon is proved, and from which on it stays so; unknown if nothing is
/// certified.
AtMost certified_horizon(const ConvergenceProof& proof, const Interval& epsilon);

}  // namespace assay
