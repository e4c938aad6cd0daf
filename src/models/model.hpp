#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "setting/setting.hpp"

namespace assay {

/// A reason why lambda_min(K_inf) = 0 exactly.
struct [[nodiscard]] LimitDegeneracy {
  std::string reason;           ///< e.g. "row 2 of X is zero, and so is that row of K_inf"
  Index first = 0, second = 0;  ///< 0-based rows of X that it is about
  bool at_every_width = true;   ///< the kernel of every network is singular too, for the same reason
};

/// A zero row or two equal rows, which make every limit kernel singular.
[[nodiscard]] std::optional<LimitDegeneracy> zero_or_repeated_row(const RealMatrix& x);

/// A two-layer network with neurons a_r phi(<w_r, x>), of which the theorems ask: its kernel at the weights of a
/// setting, what is proved of it for every W~ in a ball |w~_r - w_r| <= R, what a search finds there, and its kernel at
/// infinite width. One file per model registers it (`RegisteredModel`); what claims use of it is in over_balls.hpp and
/// infinite_width.hpp.
///
/// In the fast tier what double cannot bound is the whole line, or unknown. @throws InputError for a network that is
/// not in memory. Values that cost something are kept by the callers.
class Model {
 public:
  /// @param order  place in lists; the paper compares 0 softmax, 1 exp, 2 ReLU.
  /// @param id     in names of quantities and files
  /// @param name   in sentences
  Model(int order, std::string id, std::string name) : order_(order), id_(std::move(id)), name_(std::move(name)) {}
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  int order() const { return order_; }
  const std::string& id() const { return id_; }
  const std::string& name() const { return name_; }

  /// K_inf, n x n: H tends to I (x) K_inf at initialization w ~ N(0, sigma^2 I).
  /// @param gram  <x_i, x_j> of exact inputs: see input_gram. A zero row must come as exact zeros.
  virtual IntervalMatrix limit_kernel(const IntervalMatrix& gram, const Interval& sigma) const = 0;
  /// Decides lambda_min(K_inf) > 0 on the data, in exact arithmetic, for sigma > 0: nothing means that it is positive.
  [[nodiscard]] virtual std::optional<LimitDegeneracy> limit_degeneracy(const RealMatrix& x) const = 0;
  /// When it is positive, in words.
  virtual std::string condition() const { return "the rows are distinct and not 0"; }

  /// H is n k x n k with this k.
  virtual Index outputs(const Instance&) const { return 1; }
  virtual Interval kernel_norm(const Setting& setting, Level level) const = 0;  ///< |H|_F
  /// Never negative, and exactly 0 where that is certain.
  virtual Interval lambda_min(const Setting& setting, Level level) const = 0;

  /// |H(W~) - H(W)|_F for every W~ in the ball.
  virtual AtMost change_over_ball(const Setting& setting, const Interval& radius, Level level) const = 0;
  /// The same for the ball of radius hyper().radius.
  virtual AtMost change_over_own_ball(const Setting& setting, Level level) const {
    return change_over_ball(setting, setting.radius(level.bits), level);
  }
  /// lambda_min(H(W~)) for every W~ in the ball; >= 0.
  virtual AtLeast lambda_min_over_ball(const Setting& setting, const Interval& radius, Level level) const = 0;

  /// A guess of the worst W~ in the ball of radius hyper().radius, certainly inside it; and the file it was written to.
  virtual const RealMatrix& worst_weights(const Setting& setting) const = 0;
  virtual std::optional<std::string> worst_weights_file(const Setting& setting) const = 0;
  /// |H(W~) - H(W)|_F there.
  virtual Interval change_at_worst_weights(const Setting& setting, Level level) const = 0;

  /// The largest radius up to which lambda_min(H(W~)) >= lambda / 2 is at least this; 0 on a rung that proves nothing.
  virtual AtLeast certified_radius(const Setting& setting, Level level) const = 0;
  /// It is at most the largest |w~_r - w_r| of an explicit W~ at which lambda_min(H(W~)) < lambda / 2 is proved.
  virtual AtMost lowering_radius(const Setting& setting, Level level) const = 0;

 private:
  int order_;
  std::string id_, name_;
};

/// A model whose kernel is n x n and kept as an interval matrix. It needs the kernel at weights, bounds over a ball and
/// directions of search; guess, proof and refutation of radii are here (scalar_model.cpp).
class ScalarModel : public Model {
 public:
  using Model::Model;

  /// The kernel at weights w; nothing where double does not suffice.
  [[nodiscard]] virtual std::optional<IntervalMatrix> kernel_at(const Setting& setting, const RealMatrix& w,
                                                                Level level) const = 0;
  /// The kernel at W.
  [[nodiscard]] virtual std::optional<IntervalMatrix> kernel_at_start(const Setting& setting, Level level) const {
    return kernel_at(setting, setting.instance().w, level);
  }
  /// lambda_min(H) = 0 for a reason that needs no enclosure.
  [[nodiscard]] virtual bool is_certainly_singular(const Setting& setting) const;

  /// Guesses, in double, of the weights in the ball that are worst for |H(W~) - H(W)|_F, and of those with the least
  /// smallest eigenvalue. Every |w~_r - w_r| <= R is certain; `radius` counts with its lower end.
  virtual RealMatrix approx_worst_weights(const Instance& instance, const Interval& radius) const = 0;
  virtual RealMatrix approx_lowering_weights(const Instance& instance, const Interval& radius) const = 0;
  /// The smallest eigenvalue of the kernel at weights w, in double.
  virtual double approx_lambda_min(const Instance& instance, const RealMatrix& w) const = 0;

  /// What kernel_at_start returned.
  const std::optional<IntervalMatrix>& kernel(const Setting& setting, Level level) const;

  Interval kernel_norm(const Setting& setting, Level level) const override;
  Interval lambda_min(const Setting& setting, Level level) const override;
  const RealMatrix& worst_weights(const Setting& setting) const override;
  std::optional<std::string> worst_weights_file(const Setting& setting) const override;
  Interval change_at_worst_weights(const Setting& setting, Level level) const override;
  AtLeast certified_radius(const Setting& setting, Level level) const override;
  AtMost lowering_radius(const Setting& setting, Level level) const override;
};

/// <x_i, x_j> (1/m) sum_r f_{i,r} f_{j,r} with f_{i,r} = feature(<w_r, x_i>), the activation's slope; n x n.
/// @cost  a call of `feature` per sample and column, n^2 / 2 interval products a column.
IntervalMatrix kernel_of_features(const Forward& at, const IntervalMatrix& gram,
                                  const std::function<Interval(const Interval&)>& feature, int threads);

/// lambda_min of a kernel as balls in double, or in intervals.
Interval least_eigenvalue(const IntervalMatrix& a, Level level);
/// The same from below; 0 if that would be negative.
AtLeast lower_eigenvalue(const IntervalMatrix& a, Level level);

/// All registered models, in their order.
const std::vector<const Model*>& models();
/// @throws std::invalid_argument for an unknown id.
const Model& model_of(std::string_view id);
/// The three that the statements of the paper name.
const Model& softmax();
const ScalarModel& exponential();
const ScalarModel& relu();

/// Registers a model: const RegisteredModel registered{std::make_unique<Tanh>()}; in its file.
class RegisteredModel {
 public:
  explicit RegisteredModel(std::unique_ptr<const Model> model);
};

}  // namespace assay
