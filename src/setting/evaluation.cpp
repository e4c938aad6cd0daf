#include "setting/evaluation.hpp"

#include <fmt/format.h>

#include <cmath>

#include "enclosure/eigenvalue.hpp"

namespace assay {

namespace {

using Quantities = std::vector<std::pair<std::string, Interval>>;

/// K_inf is singular exactly where two rows of X are equal or one is zero, whatever the network.
bool limit_is_singular(const std::optional<Degeneracy>& degeneracy) {
  using Kind = Degeneracy::Kind;
  return degeneracy && (degeneracy->kind == Kind::zero_row || degeneracy->kind == Kind::repeated_row);
}

/// A symmetric matrix of narrow intervals as a ball of matrices.
fast::SymmetricBall ball_around(const IntervalMatrix& a) {
  fast::RowMajorMatrix middle(a.rows(), a.cols()), radii(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) {
      const Ball entry = assay::ball_around(a(i, j));
      middle(i, j) = entry.middle;
      radii(i, j) = entry.radius;
    }
  return {middle, fast::upper_norm_of_radii(radii)};
}

/// Smallest eigenvalue of a positive semidefinite matrix.
Interval lambda_min_of(const IntervalMatrix& a, bool singular, double rtol, Level level) {
  if (singular) return Interval::from_integer(0, level.bits);
  if (level.fast) return nonnegative_part(enclosure_of(fast::lambda_min(ball_around(a))));
  return nonnegative_part(enclose_lambda_min(a, rtol, level.bits));
}

void add_center(Quantities& out, const Setting& setting, Level level) {
  out.emplace_back("lambda_min_H", setting.lambda_min(level));
  out.emplace_back("lambda_max_H", setting.lambda_max(level));
  out.emplace_back("frobenius_H", setting.kernel_norm(level));
  out.emplace_back("max_abs_logit", setting.largest_logit(level));
  out.emplace_back("max_mS", setting.largest_q(level));
  out.emplace_back("residual_F", setting.residual_norm(level));
}

void add_limit(Quantities& out, const Setting& setting, bool singular, double rtol, Level level) {
  const IntervalMatrix limit = limit_kernel(setting.gram(level.bits), setting.sigma(level.bits));
  out.emplace_back("lambda_min_K_inf", lambda_min_of(limit, singular, rtol, level));
}

/// The setting's bad weights are the user's W~.
void add_perturbed(Quantities& out, const Setting& setting, Level level) {
  out.emplace_back("perturbation_F", setting.bad_change_f(level));
  out.emplace_back("perturbation_2", setting.bad_change_2(level));
  out.emplace_back("lambda_min_H_tilde", setting.bad_lambda_min(level));
  out.emplace_back("residual_F_tilde", setting.bad_residual_norm(level));
}

void add_width_notes(Evaluation& evaluation, double rtol, const char* advice) {
  const std::string rung = evaluation.fast ? "in the fast tier" : fmt::format("at {} bits", evaluation.bits);
  for (const auto& [name, value] : evaluation.quantities) {
    const double width = value.relative_width();
    if (width <= rtol) continue;
    const std::string reached =
        std::isfinite(width) ? fmt::format("relative width {:.1e}", width) : "not separated from 0";
    evaluation.notes.push_back(fmt::format("{}: {} {}, asked {:.1e}: {}", name, reached, rung, rtol, advice));
  }
}

}  // namespace

Evaluation evaluate(const Setting& setting, double rtol, const Precision& precision,
                    const std::function<void(const std::string&)>& progress) {
  const Instance& instance = setting.instance();
  const auto& degeneracy = setting.degeneracy();
  Precision rungs = precision;
  if (precision.tier == Tier::deep) setting.require_stored();
  if (!setting.is_stored()) rungs.tier = Tier::fast;
  Evaluation evaluation;
  const Level last = refine(rungs, [&](Level level) {
    progress(level.fast ? "fast tier" : fmt::format("{} bits", level.bits));
    evaluation.quantities.clear();
    add_center(evaluation.quantities, setting, level);
    if (instance.sigma) add_limit(evaluation.quantities, setting, limit_is_singular(degeneracy), rtol, level);
    if (setting.has_user_w_tilde()) add_perturbed(evaluation.quantities, setting, level);
    evaluation.reached = true;
    for (const auto& [name, value] : evaluation.quantities)
      evaluation.reached = evaluation.reached && value.relative_width() <= rtol;
    return evaluation.reached;
  });
  constexpr Bits kBitsOfDouble = 53;
  evaluation.fast = last.fast;
  evaluation.bits = last.fast ? kBitsOfDouble : last.bits;
  if (degeneracy) evaluation.notes.push_back(describe(*degeneracy));
  if (!evaluation.reached)
    add_width_notes(evaluation, rtol,
                    !setting.is_stored()       ? "networks of this width have the fast tier only"
                    : rungs.tier == Tier::fast ? "allow the deep tier (--tier auto)"
                                               : "raise --bits or --rtol");
  return evaluation;
}

}  // namespace assay
