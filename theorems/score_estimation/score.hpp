#pragma once

#include "regression/score_study.hpp"
#include "setting/setting.hpp"

// Score estimation on a setting: the rows of X are the support of the data law, each as likely; a network of the
// instance's width, sigma and seed is drawn for it. Y is not used. Everything is made once for a setting.

namespace assay {

ScoreProblem score_problem(const Setting& setting);
StudyOptions score_options(const Setting& setting);
/// Null if one of the two kernels cannot be bounded in double.
const ScoreStudy* score_study(const Setting& setting);

/// What the claims compare, on the test measure; whole lines where nothing is known.
struct [[nodiscard]] ScoreErrors {
  ErrorSplit network;  ///< network, H(0), stopped early
  /// Kernel regression with K_inf in place of the network, run on until only eigenvalues below 1e-15 of the largest are
  /// left, which are cut: exact coefficients, near those that descent would have then. No coupling. Not the
  /// interpolant.
  ErrorSplit unstopped;
  Interval limit_total;  ///< kernel regression with K_inf, stopped early
  Interval constant;     ///< of the best constant, E X_0
  /// |w |s - grad log p_t|^2 - |f_W - f_*|^2|, averaged, for s = (alpha f_W - x) / h, and with + x.
  Interval identity_gap, wrong_sign_gap;
};
const ScoreErrors& score_errors(const Setting& setting, Level level);

/// lambda_min of K_inf = <u, u'> exp(sigma^2 <u, u'>) at the training inputs.
Interval score_lambda(const Setting& setting, Level level);
/// The width that Theorem 6.6 asks for, c lambda^-2 n^3 d^3 e^{18B} log^2(nd/delta), n the number of training pairs.
Interval score_width(const Setting& setting, Level level);
/// R_H: at least |f_H|^2 / d, and at least (e Lambda)^2, so that the logarithm in A is at least 1.
Interval rkhs_radius(const Constants& constants, const ScoreStudy& study, Bits bits);
/// Theorem 6.6's right-hand side with that R_H.
ScoreBound score_bound_of(const Constants& constants, const ScoreStudy& study, const Interval& lambda,
                          const Interval& delta, const Interval& early_stopping, Bits bits);
/// The same with the setting's lambda and delta, and the early stopping error of its test measure.
ScoreBound score_bound(const Setting& setting, Level level);

}  // namespace assay
