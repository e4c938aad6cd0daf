#pragma once

#include <string>

#include "enclosure/decimal.hpp"
#include "enclosure/known.hpp"
#include "network/fast/jacobian.hpp"

namespace assay {

/// A proof that gradient descent, started at one network, reaches zero loss and never leaves a ball. Proved in
/// theorems/convergence_certificate/card.md.
///
/// Over the ball with radii R_c = s b_c let mu <= lambda_min(H), M >= lambda_max(H), |J_c' v| <= growth b_c |v|, and
/// let gamma bound the second order of a step. If
///
///   mu > 0,  eta m M <= 1,  theta = 1 - eta m mu + eta^2 gamma e0 < 1,
///   drift + growth b_c e0 / (m mu - eta gamma e0) <= s b_c  for every c,
///
/// then |F(tau) - Y|_F <= theta^tau e0 for all tau >= 0, and |w_c(tau) - w_c| <= s b_c. By induction on tau: within the
/// ball the steps sum up to at most growth b_c eta sum theta^t e0, so the next point and the segment to it stay inside,
/// where F(tau + 1) - Y = (I - eta J J') e + (a rest of norm <= eta^2 gamma |e|^2).
struct [[nodiscard]] ConvergenceCertificate {
  bool certified = false;
  std::string why_not;  ///< which condition could not be met, where nothing is certified
  double eta = 0;       ///< an exact number
  double s = 0;         ///< size of the ball, an exact number
  // Those of a certificate that was not reached are the best that was found, or unknown.
  AtMost e0 = AtMost::unknown();                   ///< |F(0) - Y|_F
  AtLeast mu = AtLeast::unknown();                 ///< lambda_min(H) over the ball
  AtMost most = AtMost::unknown();                 ///< M, of lambda_max(H) over the ball
  AtMost gamma = AtMost::unknown();                ///< of the second order of a step
  AtMost theta = AtMost::unknown();                ///< of |F(tau + 1) - Y|_F / |F(tau) - Y|_F
  AtMost radius_max = AtMost::unknown();           ///< largest s b_c
  AtMost needed_over_allowed = AtMost::unknown();  ///< (drift + growth b_c V) / (s b_c), largest over c
  AtMost step_times_most = AtMost::unknown();      ///< eta m M
};

/// Where the smallest eigenvalue is bounded: all over the ball, or in the tube in it that gradient descent can reach.
enum class Region { ball, tube };

struct CertificateRequest {
  Interval e0 = Interval(0, 64);     ///< an upper bound of |F(0) - Y|_F counts
  std::optional<Interval> eta = {};  ///< the step to be judged, exact or enclosed; chosen if empty
  /// The start is only known to be within this Frobenius distance of the center.
  double drift = 0;
  Region region = Region::ball;  ///< tube: only without drift
};

/// x > 0 rounded towards 0 to ten significant bits: a step that is an exact number and that people can read.
double short_double_below(double x);

/// Looks for a ball that proves convergence from its center.
/// @param moments  of shape gradient.
/// @cost   a few hundred evaluations of spectrum_over_ball.
ConvergenceCertificate certify_convergence(const fast::JacobianMoments& moments, const CertificateRequest& request);

/// An integer T with theta^{2 T} e0^2 <= epsilon, so that |F(tau) - Y|_F^2 <= epsilon from a tau <= T on; unknown if
/// nothing is certified.
AtMost certified_horizon(const ConvergenceCertificate& certificate, const Interval& epsilon);

}  // namespace assay
