#pragma once

#include <functional>

#include "enclosure/known.hpp"
#include "theory/constants.hpp"

namespace assay {

/// Hyperparameters of the closed-form bounds, enclosed at one precision.
struct BoundInputs {
  Interval n, d;
  Interval sigma, delta, epsilon, lambda;
  Interval radius;         ///< R of the bound of the change
  Interval initial_error;  ///< |F(0) - Y|_F; at most sqrt n at paired initialization
};

/// The closed-form bounds of the statements that the cards call E0 to E4, each as an enclosure at the precision of its inputs.
/// Constants come from the table. Requires n, d >= 1, delta in (0, 1), sigma >= 0.
class ClosedForms {
 public:
  ClosedForms(const Constants& constants, const BoundInputs& inputs, Bits bits);
  ClosedForms(const Constants&& constants, const BoundInputs& inputs, Bits bits) = delete;  // it keeps a reference

  /// log(nd / delta).
  Interval log_term() const;
  /// B = max{C sigma sqrt(log(nd/delta)), 1} for the table's C, or for another.
  Interval logit_bound() const;
  Interval logit_bound(const Interval& c) const;
  /// The same with m nd in place of nd: it covers all m neurons, whatever m is.
  Interval repaired_logit_bound(const Interval& m) const;

  /// R nd e^{10B}: bound of |H(W~) - H(W)|_F in the ball of radius R.
  Interval change_bound() const;
  /// R_* = lambda / (2 nd e^{10B}).
  Interval convex_radius() const;
  /// c_m lambda^-2 n^2 d^2 e^{18B} log^2(nd/delta), for the table's C or for another.
  Interval width() const;
  Interval width(const Interval& c) const;
  /// 0.1 lambda / (m n^2 d^2 e^{16B}) at m = width().
  Interval step_size() const;
  /// c_T (m eta lambda)^-1 log(nd/epsilon) at m = width(); 0 where epsilon >= nd: no step is needed then.
  Interval time_horizon() const;
  /// D = 8 e^{2B} sqrt(nd) |F(0)-Y|_F / (m lambda) at m = width().
  Interval movement() const;

  /// The width past which the event |<w_r, x_i>| <= B fails with probability > delta, by one row of norm 1 alone.
  Interval break_width() const;

  /// Smallest C from which on the event holds with probability >= 1 - delta at the statement's own width m(C).
  ///
  /// At the lower end the statement certainly contradicts itself; from the upper end on it certainly does not. (Where
  /// B < k sigma^2 it may be consistent once more: a small C has a small width.) With k the exponent of the width, m(C)
  /// times the upper bound of the tails falls as C grows once B >= k sigma^2 (the hazard rate of a Gaussian at b is at
  /// least b, and rows are in the unit ball), so one certified point decides all larger C. [0, ...] if no C is
  /// certainly contradictory, [0, infinity] if lambda may be 0.
  /// @param failure_of_pair  P(|<w, x_i>| > b for some i) as a function of b, from both sides; the upper end must be
  ///                         1 - prod_i (1 - pi_i) or a bound that falls as fast.
  Interval consistent_c(const std::function<Interval(const Interval&)>& failure_of_pair) const;
  /// The same for all data sets of n rows in the unit ball: one row of norm 1 below, n such rows above.
  Interval consistent_c() const;

 private:
  const Constants& constants_;
  BoundInputs in_;
  Bits bits_;
  Interval constant(const char* key) const { return constants_.at(key, bits_); }
  Interval samples() const { return in_.n * in_.d; }
  Interval tail(const Interval& b) const;
};

/// Hyperparameters of the score bound (theorems/score_estimation/card.md) beyond those above.
struct ScoreInputs {
  Interval n, d, lambda, delta;
  Interval rkhs_radius;     ///< R_H; sqrt(R_H) > Lambda
  Interval early_stopping;  ///< epsilon(n, T)
};

struct [[nodiscard]] ScoreBound {
  Interval lambda_term;  ///< Lambda = c_Lambda sqrt d
  Interval a;            ///< A = c_1 Lambda (sqrt R_H / Lambda)^(-2/d) log(sqrt R_H / Lambda)
  Known gamma;           ///< Gamma_delta
  Interval coupling, stopping, approximation_squared, approximation;  ///< terms of the bound, in its order
  Known mixed;                                                        ///< sqrt(d A Gamma_delta)
  Known total;
};

/// The right-hand side of Theorem 6.6. Gamma_delta, and what contains it, is not defined at n = 1 (log log n) and where
/// lambda > e (dn)^{3/2} A (the power 3/2 of a negative logarithm); at n = 2 log log n is negative.
ScoreBound score_bound(const Constants& constants, const ScoreInputs& inputs, Bits bits);

}  // namespace assay
