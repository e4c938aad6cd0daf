#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>

#include "data/neuron_stream.hpp"
#include "enclosure/decimal.hpp"
#include "enclosure/known.hpp"
#include "enclosure/refine.hpp"
#include "network/kernel.hpp"
#include "setting/hyperparameters.hpp"
#include "theory/bounds.hpp"

namespace assay {

struct KernelChange;
namespace fast {
struct NetworkSums;
}

/// Pairs of the least even width that is at least `width`.
inline Interval pairs_at_least(const Interval& width) {
  return hull(width / 2, width / 2 + 1);
}

/// @throws InputError unless 0 < e6.t0 < e6.T.
void require_in_order(const Constants& constants);

/// What a theorem is checked on: an instance with its hyperparameters and the table of constants, and the enclosures
/// that several claims share, computed once for each precision. One thread at a time.
class Setting {
 public:
  /// @throws InputError as require_in_range and require_in_order do.
  Setting(Instance instance, Hyperparameters hyper, Constants constants, int threads);

  const Instance& instance() const { return instance_; }
  const Hyperparameters& hyper() const { return hyper_; }
  const Constants& constants() const { return constants_; }
  int threads() const { return threads_; }
  /// For a pass over the neurons.
  StreamOptions stream_options() const { return {threads_, progress_}; }

  /// Folder for networks that decide a claim, and the start of their file names; empty: none are written.
  void write_counterexamples_to(std::string folder_and_stem) { counterexamples_ = std::move(folder_and_stem); }
  const std::string& counterexamples() const { return counterexamples_; }
  /// File from which a run of gradient descent goes on, and that holds its state meanwhile; empty: none.
  void keep_descent_in(std::string file) { descent_file_ = std::move(file); }
  const std::string& descent_file() const { return descent_file_; }
  /// Called with the fraction of the neurons that a pass of the fast tier has done.
  void report_progress_to(std::function<void(double)> progress) { progress_ = std::move(progress); }
  void progress(double fraction) const { progress_(fraction); }
  /// A network in the ball that the user chose, in place of the search for the worst one.
  /// @throws std::invalid_argument for another shape than that of W.
  void use_w_tilde(RealMatrix w_tilde, std::string file);
  bool has_user_w_tilde() const { return user_w_tilde_.has_value(); }

  /// The neurons of W as a stream; drawn again where the network is not kept.
  std::unique_ptr<NeuronStream> neurons() const;
  /// W and A are in memory, so the deep tier can be asked.
  bool is_stored() const { return !instance_.streamed_width; }
  /// @throws InputError if they are not.
  void require_stored() const;

  /// function(*this, of..., level), or function(*this, of...) for what is the same on every rung: computed when first
  /// asked for and kept, for what several claims share. Known by the function, the rung and the object `of` (a model),
  /// which outlives the setting.
  template <auto function, class... Of>
  const auto& once(Level level, const Of&... of) const {
    return kept<function>({&kKeyOf<function>, identity_of(of...), level.bits, level.fast},
                          [&] { return std::invoke(function, *this, of..., level); });
  }
  template <auto function, class... Of>
  const auto& once(const Of&... of) const {
    return kept<function>({&kKeyOf<function>, identity_of(of...), 0, false},
                          [&] { return std::invoke(function, *this, of...); });
  }

  /// Why lambda_min(H) = 0 exactly, at W and at worst_weights(); nothing if no reason is known.
  const std::optional<Degeneracy>& degeneracy() const;
  const std::optional<Degeneracy>& worst_degeneracy() const;

  // Deep tier only. @throws InputError for a network that is not in memory.
  const IntervalMatrix& gram(Bits bits) const;
  const Forward& forward(Bits bits) const;
  const IntervalMatrix& kernel(Bits bits) const;
  /// At a guess of the worst W~ in the ball of radius hyper().radius for the Frobenius norm, or at the user's W~.
  const RealMatrix& worst_weights() const;
  /// File with worst_weights(), written when first asked for; nothing if no folder was given.
  std::optional<std::string> worst_weights_file() const;
  const Forward& worst_forward(Bits bits) const;
  const IntervalMatrix& worst_kernel(Bits bits) const;
  const KernelChange& kernel_change(Bits bits) const;

  /// What the fast tier keeps of one pass over the neurons; null where double does not suffice.
  const fast::NetworkSums* fast_sums() const;

  // On either tier. In the fast tier what cannot be bounded in double is the whole line.
  Interval largest_logit(Level level) const;
  Interval largest_q(Level level) const;
  Interval smallest_q(Level level) const;
  Interval residual_norm(Level level) const;        ///< |F - Y|_F
  Interval kernel_norm(Level level) const;          ///< |H|_F
  Interval lambda_min(Level level) const;           ///< of H, never negative; exactly 0 for a certain degeneracy
  Interval lambda_max(Level level) const;           ///< of H
  Interval worst_change_f(Level level) const;       ///< |H(W~) - H(W)|_F at worst_weights()
  Interval worst_change_2(Level level) const;       ///< |H(W~) - H(W)|_2 at worst_weights()
  Interval worst_lambda_min(Level level) const;     ///< of H(W~), never negative
  Interval worst_residual_norm(Level level) const;  ///< |F(W~) - Y|_F
  AtMost ball_change_f(Level level) const;          ///< |H(W~) - H(W)|_F for every W~ in the ball
  AtMost ball_change_2(Level level) const;          ///< |H(W~) - H(W)|_2 for every W~ in the ball
  /// |H(W~) - H(W)|_F / R for every R in (0, limit] and every W~ in the ball of radius R.
  AtMost ball_slope_f(const Interval& limit, Level level) const;

  Interval sigma(Bits bits) const;  ///< @throws std::logic_error if the scale of the initialization is not known
  Interval radius(Bits bits) const { return hyper_.radius.at(bits); }
  Interval delta(Bits bits) const { return hyper_.delta.at(bits); }
  /// P(|<w_r, x_i>| > bound for some i, r) at initialization with `pairs` independent pairs, from both sides.
  Interval event_failure(const Interval& bound, const Interval& pairs, Bits bits) const;
  /// P(|<w, x_i>| > bound for some i) for one weight vector, from both sides.
  Interval event_failure_of_pair(const Interval& bound, Bits bits) const;
  /// Independent weight vectors at this width: the pairs, and the one that is left over at an odd width.
  Interval pairs(Bits bits) const { return Interval::from_integer((instance_.m() + 1) / 2, bits); }
  /// Inputs of the closed forms; lambda is computed only where `with_lambda`, and 1 otherwise.
  BoundInputs bound_inputs(Level level, bool with_lambda = false) const;
  ClosedForms closed_forms(Level level, bool with_lambda = false) const {
    return ClosedForms(constants_, bound_inputs(level, with_lambda), level.bits);
  }

 private:
  using Key = std::tuple<const void*, const void*, Bits, bool>;
  template <auto>
  static constexpr char kKeyOf = 0;
  template <class... Of>
  static const void* identity_of(const Of&... of) {
    static_assert(sizeof...(Of) <= 1);
    const void* identity = nullptr;
    ((identity = &of), ...);
    return identity;
  }
  template <auto function, class Make>
  const auto& kept(const Key& key, Make make) const {
    using T = std::decay_t<decltype(make())>;
    auto found = kept_.find(key);
    if (found == kept_.end()) found = kept_.emplace(key, std::make_shared<const T>(make())).first;
    return *static_cast<const T*>(found->second.get());
  }

  Instance instance_;
  Hyperparameters hyper_;
  Constants constants_;
  int threads_;
  std::optional<RealMatrix> user_w_tilde_;
  std::string user_w_tilde_file_, counterexamples_, descent_file_;
  std::function<void(double)> progress_ = [](double) {};
  mutable std::map<Key, std::shared_ptr<const void>> kept_;
};

}  // namespace assay
