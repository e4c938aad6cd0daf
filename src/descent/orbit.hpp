#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "descent/orbit_pass.hpp"

namespace assay {

/// What is proved about gradient descent after tau steps, from exactly the given weights.
struct [[nodiscard]] OrbitStep {
  long tau = 0;
  Ball residual_norm;         ///< |F(tau) - Y|_F
  double upper_distance = 0;  ///< eps_tau: the exact W(tau) is at most so far, in the Frobenius norm, from the computed
  double lower_largest_move = 0, upper_largest_move = 0;  ///< of max_r |w_r(tau) - w_r(0)|_2
};

/// Gradient descent W(tau + 1) = W(tau) - eta grad L(W(tau)) with exact arithmetic from exactly the given doubles,
/// enclosed around an orbit W^(tau) computed in double (proof in theorems/time_horizon/card.md):
///
///   |W(tau) - W^(tau)|_F <= eps_tau,   eps_0 = 0,
///   eps_{tau+1} = (max{1, eta |J|^2 - 1} + eta kappa) eps_tau + defect,   defect >= |W^(tau+1) - (W^ - eta grad
///   L(W^))|_F, kappa = max_r sum_i |x_i|^2 q_{i,r} sum_l |e_{l,i}| (1 + |p_{l,i}|),  suprema over the ball of radius
///   eps_tau.
///
/// Proof. I - eta Hess L = (I - eta J'J) - eta sum e Hess F along the segment from W^ to W. The first term has norm at
/// most max{1, eta |J|^2 - 1}. For directions u, v, with u_{i,r} = <u_r, x_i> and means weighted by the softmax,
/// u' Hess F_{l,i} v = sum_r q_{i,r} (a_{l,r} - p_{l,i}) (u_{i,r} - u_i) (v_{i,r} - v_i), so the second is at most
/// eta sum_i C_i sum_r q_{i,r} u_{i,r}^2 for u = v, C_i = sum_l |e_{l,i}| (1 + |p_{l,i}|): the sum over r is block
/// diagonal, hence the maximum over r outside of the sum over i.
///
/// |J|^2 = m lambda_max(H) is bounded once at a reference point by way of the kernel, and from there by the length of
/// the path: |J(W') - J(W)|_2 <= L |W' - W|_F, L^2 = sum_i |x_i|^4 max_r q_{i,r}^2 sum_l (1 + |p_{l,i}|)^2 (the same
/// bilinear form). The reference is renewed when eta |J|^2 <= 2 can no longer be proved otherwise.
///
/// What it does not prove: anything once eps is no longer small; then step() returns false with a reason.
///
/// Weights, outputs, bounds and curve always belong to one step, tau(): a step that fails changes none of them.
class Orbit {
 public:
  /// @param eta  the step, an exact number, > 0.
  /// @throws std::invalid_argument for shapes that do not fit together, d > 64, or a step that is not positive.
  Orbit(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons, double eta, int threads);

  /// One step more. @return false if nothing can be proved of it, see reason(): then all is as it was after the step
  /// before, also where an exception ends it, and no further step is tried.
  /// @cost  n m (2 d_in + 5) flops and n m exponentials; memory 8 m (3 d_in + n) bytes (n only up to n m = 2^24).
  bool step();
  /// Why step() returned false; empty before.
  const std::string& reason() const { return reason_; }

  /// Steps 0 to tau; empty if not even the start can be bounded in double.
  const std::vector<OrbitStep>& curve() const { return curve_; }
  long tau() const { return static_cast<long>(curve_.size()) - 1; }
  double eta() const { return eta_; }
  /// W^(tau), m x d_in, and the bound of its distance from W(tau).
  RealMatrix weights() const { return pass_.neurons().in_order(); }
  [[nodiscard]] double upper_distance() const { return bounds_.distance; }
  /// Upper bound of |J|_2 = (m lambda_max(H))^(1/2) at W(tau), and on the way there from W^(tau).
  [[nodiscard]] double upper_jacobian() const { return upper_jacobian(bounds_); }
  /// Upper bound of |J(W(tau)) - J(W^(tau))|_2, and of |<w_r(tau) - w^_r(tau), x_i>| for every r.
  [[nodiscard]] double upper_jacobian_change() const { return upper_jacobian_change(bounds_); }
  [[nodiscard]] double upper_logit_change(Index i) const {
    return inflated(pass_.upper_input_norm(i) * bounds_.distance);
  }
  /// The network at W^(tau), and its weights.
  const Outputs& outputs() const { return pass_.outputs(); }
  const std::vector<long>& shifts() const { return pass_.shifts(); }
  const SortedNeurons& neurons() const { return pass_.neurons(); }
  /// Upper bound of max_r |w_r(tau) - w_r(0)|_2 / radii[r], radii > 0 by neuron: at most 1 proves that W(tau) is in the
  /// ball with these radii.
  [[nodiscard]] double upper_move_relative_to(std::span<const double> radii) const;

  /// Puts the state of the run at `path`, whole or not at all, and the caller's own bytes with it; nothing after step()
  /// returned false. @throws InputError if it cannot be written.
  void save(const std::string& path, std::string_view attachment = {}) const;
  /// Goes on from a saved state of the same run (same X, Y, W, A and eta, and the same code): all later results are the
  /// same, bit for bit.
  /// @return the attachment; nothing, and nothing has changed, if there is no such file, or it is of another run or
  ///         damaged, or the network cannot be bounded at its weights.
  std::optional<std::string> restore(const std::string& path);

 private:
  /// What is known of one step beyond the outputs of the pass.
  struct Bounds {
    double distance = 0;                                         // eps
    double reference = std::numeric_limits<double>::infinity();  // upper bound of |J|_2 at the reference
    double drift = 0;                                            // upper bound of |J(W^) - J(reference)|_2
    Ball largest_move;                                           // of W^ from W(0)
  };

  bool stop(std::string reason);
  [[nodiscard]] double upper_lipschitz(double radius) const;
  [[nodiscard]] double upper_jacobian_change(const Bounds& at) const {
    return inflated(upper_lipschitz(at.distance) * at.distance);
  }
  [[nodiscard]] double upper_jacobian(const Bounds& at) const;
  std::vector<double> curvature_weights() const;
  void renew_reference();
  OrbitStep step_at(long tau, const Bounds& at) const;
  std::string identity() const;

  RealMatrix x_, y_;
  double eta_;
  int threads_;
  OrbitPass pass_;
  std::string identity_;
  Bounds bounds_;
  std::vector<OrbitStep> curve_;
  std::string reason_;
};

}  // namespace assay
