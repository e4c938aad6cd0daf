#pragma once

#include "theorems/time_horizon/gradient_descent.hpp"
#include "theory/chart.hpp"

// The two sides of the statements of the card, on a run of gradient descent. Extremes are over the steps that were run: they
// are unknown where the run ended early, and not defined where no step was needed.

namespace assay {

/// A member of FourTerms.
using Term = Interval FourTerms<Interval>::*;

/// m eta lambda, with the instance's own width and smallest eigenvalue.
Interval rate(const Setting& setting, Level level);
/// 1 - m eta lambda / 2, where that is not negative: a step beyond says nothing about a square.
Known allowed_contraction(const Setting& setting, Level level);

/// Largest |F(tau + 1) - Y|^2 / |F(tau) - Y|^2, and that of the first step.
Known largest_contraction(const Setting& setting, Level level);
Known first_contraction(const Setting& setting, Level level);
/// Largest |F(tau) - Y|^2 / ((1 - m eta lambda / 2)^tau |F(0) - Y|^2), tau >= 1.
Known largest_share_of_envelope(const Setting& setting, Level level);
/// Largest (|(I - eta m H) e| + |F(tau + 1) - F(tau) + eta m H e|) / |e|: at least the root of the contraction.
Known largest_linear_share(const Setting& setting, Level level);

/// Largest term, and largest magnitude of a term, over m eta lambda |e|^2; and the term of the first step over |e|^2.
Known largest_ratio(const Setting& setting, Level level, Term term);
Known largest_magnitude_ratio(const Setting& setting, Level level, Term term);
Known first_term(const Setting& setting, Level level, Term term);

/// max_{tau, r} |w_r(tau) - w_r(0)|_2; D of its (i) with the instance's own width and |F(0) - Y|; and what is known
/// without it: |grad_r| <= sum |e| |a - p| q |x| <= 2 m sqrt(nd) |e| at every W.
Known largest_move(const Setting& setting, Level level);
Known allowed_move(const Setting& setting, Level level);
/// D at the statement's own width.
Known allowed_move_at_paper_width(const Setting& setting, Level level);
Interval trivial_move(const Setting& setting, Level level);

/// The first tau with |F(tau) - Y|_F^2 <= epsilon, from both sides; from below only if that was not reached.
Known observed_steps(const Setting& setting, Level level);

/// The first tau with |F(tau) - Y|_F^2 <= epsilon, from above: by the certificate of convergence, or else by the run.
AtMost certified_steps(const Setting& setting, Level level);

/// log(|F(0) - Y|_F^2 / epsilon), and what T_hat steps of the contraction (ii) take off it at the statement's own
/// width and step.
Interval log_of_loss_ratio(const Setting& setting, Level level);
Interval log_of_paper_contraction(const Setting& setting, Level level);
/// The least c_T for which T_hat steps of the contraction (ii) bring the loss below epsilon; 0 if it starts there.
Known least_horizon_multiplier(const Setting& setting, Level level);

/// The enclosed loss of the run on this rung, with the envelopes, on a log axis.
Chart loss_chart(const Setting& setting, Level level);

}  // namespace assay
