#pragma once

#include "theory/concentration.hpp"

namespace assay {

/// Widths at which a paired softmax network provably trains, before any network is drawn. Proved in
/// theorems/width/card.md.
///
/// With probability at least 1 - delta over the initialization the conditions of ConvergenceCertificate hold in the ball of radii
/// R_r = s b_r, s = omega e0 / (m lambda), b_r^2 = d sum_i |x_i|^2 e_{i,r}^2, for lambda = lambda_min(K_inf),
/// e0 = |Y|_F = |F(0) - Y|_F and every step 0 < eta <= largest_step: gradient descent never leaves the ball, and
///
///   |F(tau) - Y|_F <= (1 - 0.99 eta m mu)^tau e0   for all tau >= 0.
///
/// Only moments in closed form enter. For a fixed omega each bound is monotone in m (s b_max falls, mu grows), so what
/// holds at one width holds at every larger one. The proof is in theorems/width/card.md.
class SufficientWidth {
 public:
  /// @param gram    <x_i, x_j> of exact inputs; @param concentration  of the same inputs, sigma and d.
  /// @param lambda  lambda_min(K_inf); its lower end counts. @param e0  |Y|_F; its upper end counts.
  SufficientWidth(const IntervalMatrix& gram, const Interval& sigma, Index d, const KernelConcentration& concentration,
                  const Interval& lambda, const Interval& e0, const Interval& delta);

  /// What holds at width m for one omega.
  struct Conditions {
    bool hold = false;
    AtLeast mu = AtLeast::unknown();                 ///< lambda_min(H) all over the ball
    AtLeast largest_step = AtLeast::unknown();       ///< eta up to which the conclusion holds
    AtMost radius_max = AtMost::unknown();           ///< max_r R_r
    AtMost needed_over_allowed = AtMost::unknown();  ///< how far gradient descent moves, relative to R_r; <= 1 if true
  };
  Conditions at(const Interval& m, const Interval& omega) const;

  /// A width with its omega, the least one found: the conditions hold there and at every larger width, so the least of
  /// such widths is at most m. Nothing if none was found at this precision.
  struct Found {
    Interval m, omega;
  };
  [[nodiscard]] std::optional<Found> least() const;

 private:
  /// Bounds that together fail with probability at most delta.
  struct Events {
    Interval means;        ///< mean_i >= this, for all i
    Interval lambda;       ///< lambda_min(H(0)) >= this
    Interval average_b;    ///< (1/M) sum_r b_r^2 <= this
    Interval largest_b;    ///< max_r b_r <= this
    Interval weighted;     ///< (1/M) sum_r tr Q_r <= this,  Q_r = b_r^2 <x_i,x_j>^2 a_{l,r} a_{k,r} e_{i,r} e_{j,r}
    Interval first_order;  ///< lambda_max((1/M) sum_r Q_r) <= this
  };
  Events events(const Interval& m) const;
  Conditions under(const Events& event, const Interval& m, const Interval& omega) const;
  /// The least omega of a grid with which the conditions hold at m.
  [[nodiscard]] std::optional<Interval> omega_for(const Interval& m) const;
  Interval log_moment_of_b(long k) const;
  /// E Q_r = I_d (x) this.
  IntervalMatrix mean_of_first_order(const IntervalMatrix& gram) const;
  Interval upper_largest_b(const Interval& pairs, const Interval& delta) const;

  const KernelConcentration& concentration_;
  Bits bits_;
  Index n_, d_;
  Interval lambda_, e0_, delta_, sigma_;
  IntervalVector log_moments_;  ///< of b: k -> an upper bound of log E b^{2k}, k = 1, 2, ...
  IntervalVector squares_;      ///< |x_i|^2
  Interval largest_norm_, sum_of_squares_;
  Interval mean_b_, variance_b_, mean_weighted_, largest_mean_;  ///< E b^2, var b^2, E tr Q_r, lambda_max(E Q_r)
};

}  // namespace assay
