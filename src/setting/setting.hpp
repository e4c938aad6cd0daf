#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "network/adversary.hpp"
#include "network/ball.hpp"
#include "network/kernel.hpp"
#include "theory/bounds.hpp"

namespace assay {

/// Hyperparameters of the statements that are not part of the instance; exact decimals.
struct Hyperparameters {
  Decimal delta{"0.1"};     ///< allowed probability of failure, in (0, 1)
  Decimal epsilon{"0.01"};  ///< target of |F - Y|_F^2, > 0
  Decimal radius{"0.005"};  ///< R of the ball, >= 0
};

/// What a theorem is checked on: an instance with its hyperparameters and the table of constants, and the enclosures
/// that several claims share, computed once for each precision. One thread at a time.
class Setting {
 public:
  /// @throws std::invalid_argument unless delta is in (0, 1), epsilon > 0 and radius >= 0.
  Setting(Instance instance, Hyperparameters hyper, Constants constants, int threads);

  const Instance& instance() const { return instance_; }
  const Hyperparameters& hyper() const { return hyper_; }
  const Constants& constants() const { return constants_; }
  int threads() const { return threads_; }

  /// Folder for networks that decide a claim, and the start of their file names; empty: none are written.
  void write_counterexamples_to(std::string folder_and_stem) { counterexamples_ = std::move(folder_and_stem); }
  const std::string& counterexamples() const { return counterexamples_; }
  /// A network in the ball that the user wants looked at, in place of the search for a bad one.
  void use_w_tilde(RealMatrix w_tilde, std::string file);

  const IntervalMatrix& gram(Bits bits) const;
  const Forward& forward(Bits bits) const;
  const IntervalMatrix& kernel(Bits bits) const;
  /// At a guess of the worst W~ in the ball of radius hyper().radius for the Frobenius norm, or at the user's W~.
  const RealMatrix& bad_weights() const;
  /// File with bad_weights(), written when first asked for; nothing if no folder was given.
  std::optional<std::string> bad_weights_file() const;
  const Forward& bad_forward(Bits bits) const;
  const IntervalMatrix& bad_kernel(Bits bits) const;
  const BallRanges& ball(Bits bits) const;
  const KernelPerturbation& perturbation(Bits bits) const;

  Interval sigma(Bits bits) const;  ///< @throws std::logic_error if the scale of the initialization is not known
  Interval radius(Bits bits) const { return hyper_.radius.at(bits); }
  Interval delta(Bits bits) const { return hyper_.delta.at(bits); }
  Interval lambda_min(Bits bits) const;  ///< of H, never negative; exactly 0 for a certain degeneracy
  Interval lambda_max(Bits bits) const;  ///< of H
  /// P(|<w_r, x_i>| > bound for some i, r) at initialization with `pairs` independent pairs, from both sides.
  Interval event_failure(const Interval& bound, const Interval& pairs, Bits bits) const;
  /// P(|<w, x_i>| > bound for some i) for one weight vector, from both sides.
  Interval event_failure_of_pair(const Interval& bound, Bits bits) const;
  Interval pairs(Bits bits) const { return Interval::from_integer(instance_.m(), bits) / 2; }
  /// Inputs of the closed forms; lambda is computed only where `with_lambda`, and 1 otherwise.
  BoundInputs bound_inputs(Bits bits, bool with_lambda = false) const;
  ClosedForms closed_forms(Bits bits, bool with_lambda = false) const {
    return ClosedForms(constants_, bound_inputs(bits, with_lambda), bits);
  }

 private:
  /// What has been computed at one precision.
  struct Store {
    std::optional<IntervalMatrix> gram, kernel, bad_kernel;
    std::optional<Forward> forward, bad_forward;
    std::optional<BallRanges> ball;
    std::optional<KernelPerturbation> perturbation;
    std::optional<Interval> lambda_min, lambda_max;
  };
  Store& at(Bits bits) const { return stores_[bits]; }

  Instance instance_;
  Hyperparameters hyper_;
  Constants constants_;
  int threads_;
  std::string counterexamples_;
  mutable std::map<Bits, Store> stores_;
  mutable std::optional<RealMatrix> bad_weights_;
  mutable std::optional<std::string> bad_weights_file_;
};

}  // namespace assay
