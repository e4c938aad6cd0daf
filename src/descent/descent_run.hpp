#pragma once

#include <functional>
#include <string>

#include "data/instance.hpp"
#include "descent/four_terms.hpp"
#include "descent/orbit.hpp"
#include "enclosure/refine.hpp"

namespace assay {

/// What is known of exact gradient descent at one step, all of it enclosed.
struct [[nodiscard]] RunStep {
  Interval squared_residual;        ///< |F - Y|_F^2
  Interval largest_move;            ///< max_r |w_r - w_r(0)|_2
  Interval lambda_min, lambda_max;  ///< of the kernel H(W)
};

/// Gradient descent until |F - Y|_F^2 <= epsilon is certain, or for the steps that were asked for.
struct [[nodiscard]] DescentRun {
  double eta = 0;
  std::vector<RunStep> steps;              ///< tau = 0, 1, ...
  std::vector<FourTerms<Interval>> terms;  ///< of the step from tau to tau + 1: one less
  bool reached = false;                    ///< |F - Y|_F^2 <= epsilon at the last step, certainly
  std::string reason;                      ///< why the run had to end before; empty if it did not
};

struct RunOptions {
  double eta = 0;  ///< an exact number, > 0
  long steps = 0;  ///< at most
  Interval epsilon;
  int threads = 1;
  /// File from which an interrupted run goes on that was asked for the same, and that holds its state meanwhile;
  /// removed at the end. Empty: none.
  std::string checkpoint;
  double seconds_between_checkpoints = 5;
  std::function<void(double)> progress = [](double) {};  ///< called with the fraction of the steps that is done
};

/// In double, around an Orbit; a run that goes on from its checkpoint gives the same result, bit for bit.
/// @cost  a step of Orbit, a pass of network_sums, and N^3 for the eigenvalues, each step.
DescentRun fast_descent(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                        const RunOptions& options);

/// In intervals of the given precision, around an orbit of points of that precision, by the same theorem as Orbit; only
/// the eigenvalues are bounded in double. No checkpoints.
/// @cost  n m (n + 2 d_in + 10) interval operations a step.
DescentRun deep_descent(const Instance& instance, const RunOptions& options, Bits bits);

}  // namespace assay
