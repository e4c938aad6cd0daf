#pragma once

#include "diffusion/sampling.hpp"
#include "enclosure/refine.hpp"
#include "regression/kernel_regression.hpp"
#include "regression/softmax_descent.hpp"

namespace assay {

/// The regression problem of score estimation: predict X_0 from (t, X_t), t uniform on [t0, t1].
struct ScoreProblem {
  DataLaw law;
  Process process;
  Decimal t0, t1;
  std::uint64_t seed = 0;
};

/// What is tried on it.
struct StudyOptions {
  Index samples = 64;   ///< training pairs, n
  Index held_out = 64;  ///< pairs of the test measure, and of the validation measure
  Index width = 64;     ///< of the network, even
  double sigma = 1;
  long steps = 200;           ///< at most so many steps of gradient descent, >= 1
  bool stop_early = true;     ///< keep the checkpoint with the least validation error; if not, the last one
  std::optional<double> eta;  ///< of the network; a step that is safe for the kernel if not given
  int threads = 1;
};

/// Pairs with the network's inputs for them: u = embedding of (t_i, X_{t_i}), exact doubles in the unit ball.
struct ScoreData {
  TrainingPairs pairs;
  RealMatrix inputs;
};

/// The inverse stereographic projection of y = (t / t1, x) / 2, shrunk by 2^-20 and rounded:
///
///   u = (1 - 2^-20) (2 y, 1 - |y|^2) / (1 + |y|^2),   d + 2 coordinates.
///
/// A smooth map of all (t, x) onto a sphere inside the unit ball, so Assumption 6.1 holds for it whatever X_t is.
RealMatrix embedded(const TrainingPairs& pairs, double t1);

/// Pairs first, first + 1, ... of the problem's sequence. The study takes its training pairs from 0 on, those of the
/// validation measure from 2^40 and those of the test measure from 2^41 on; what starts at 3 2^40 is fresh.
ScoreData draw_score_data(const ScoreProblem& problem, Index count, Index first);

/// Regressions with one kernel. All are exact objects: kernel gradient descent after a whole number of steps on the
/// positive semidefinite kernel (up to the certified distance), or an expansion with exact coefficients.
struct KernelStudy {
  KernelBlocks blocks;
  double eta = 0;
  long steps = 0;          ///< tau, where the descents stop
  Expansion noisy, clean;  ///< after tau steps on the labels X_0 and on the labels f_*(t, X_t)
  Expansion fit;           ///< f_H: ridge regression of the clean labels, an exact expansion
  Ball squared_norm;       ///< of f_H in the space of the kernel
};

/// A network trained on noisy labels beside kernel regression. Everything random is drawn once, in double, and exact
/// from then on.
struct ScoreStudy {
  ScoreProblem problem;
  ScoreData training = {}, validation = {}, test = {};
  Weights initial = {}, trained = {};  ///< at initialization, and after best_step steps
  double eta = 0;                      ///< of the network
  long best_step =
      0;  ///< the checkpoint that was kept: that with the least error on the noisy labels of the validation measure
  std::vector<long> times = {};                ///< checkpoints of the network
  std::vector<double> approx_test_error = {};  ///< of the network there, against f_*; for pictures
  KernelStudy network_kernel = {};             ///< with H(0), stopped at best_step too
  KernelStudy limit_kernel = {};               ///< with K_inf, stopped at its own best checkpoint
  Expansion unstopped_noisy = {},
            unstopped_clean = {};  ///< with K_inf, all but the eigenvalues below 1e-15 of the largest run to the end:
                                   ///< exact expansions, not the interpolant
};

/// @return nothing if one of the two kernels cannot be bounded in double.
/// @throws std::invalid_argument if the width is odd, a count below 1, or eta is not certainly stable for H(0).
[[nodiscard]] std::optional<ScoreStudy> run_score_study(const ScoreProblem& problem, const StudyOptions& options);

/// Enclosures of functions at the test points, q x d each.
struct ScoreValues {
  IntervalMatrix target;                               ///< f_*(t_j, x_j)
  IntervalMatrix network;                              ///< f_W
  IntervalMatrix noisy, clean, fit;                    ///< with H(0)
  IntervalMatrix limit_noisy, limit_clean, limit_fit;  ///< with K_inf
  IntervalMatrix unstopped_noisy, unstopped_clean;     ///< with K_inf
};
/// Kernel regressions come from balls in double on every rung; f_* and the network from the rung's own arithmetic.
ScoreValues score_values(const ScoreStudy& study, Level level, int threads);

/// f_*(t_i, X_{t_i}), n x d.
IntervalMatrix posterior_means(const ScoreProblem& problem, const TrainingPairs& pairs, Bits bits);
/// The network at inputs, rows x d; the whole line where the fast tier cannot bound it.
IntervalMatrix network_values(const Weights& network, const RealMatrix& inputs, Level level, int threads);

/// (1/q) sum_j |a_j - b_j|_2^2 over the rows.
Interval mean_squared_distance(const IntervalMatrix& a, const IntervalMatrix& b);

/// The four sources of f_W - f_* = (f_W - f_noisy) + (f_noisy - f_clean) + (f_clean - f_H) + (f_H - f_*), as mean
/// squares over the test measure; total <= 4 (their sum) because |a + b + c + d|^2 <= 4 (|a|^2 + ... + |d|^2).
struct ErrorSplit {
  Interval total, coupling, label_mismatch, early_stopping, approximation;
  Interval bound() const { return 4 * (coupling + label_mismatch + early_stopping + approximation); }
};
ErrorSplit error_split(const IntervalMatrix& target, const IntervalMatrix& network, const IntervalMatrix& noisy,
                       const IntervalMatrix& clean, const IntervalMatrix& fit);

}  // namespace assay
