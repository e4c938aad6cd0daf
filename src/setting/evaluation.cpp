#include "setting/evaluation.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "enclosure/eigenvalue.hpp"

namespace assay {

namespace {

using Quantities = std::vector<std::pair<std::string, Interval>>;

/// Smallest eigenvalue of a positive semidefinite matrix.
Interval lambda_min_of(const IntervalMatrix& kernel, bool singular, double rtol, Bits bits) {
  if (singular) return Interval::from_integer(0, bits);
  return nonnegative_part(enclose_lambda_min(kernel, rtol, bits));
}

/// K_inf is singular exactly where two rows of X are equal or one is zero, whatever the width.
bool limit_is_singular(const std::optional<Degeneracy>& degeneracy) {
  return degeneracy && degeneracy->kind != Degeneracy::Kind::too_narrow;
}

void add_center(Quantities& out, const Setting& setting, bool singular, double rtol, Bits bits) {
  const Forward& at = setting.forward(bits);
  const IntervalMatrix& h = setting.kernel(bits);
  out.emplace_back("lambda_min_H", lambda_min_of(h, singular, rtol, bits));
  out.emplace_back("lambda_max_H", enclose_lambda_max(h, rtol, bits));
  out.emplace_back("frobenius_H", frobenius_norm(h));
  out.emplace_back("max_abs_logit", largest_logit(at));
  out.emplace_back("max_mS", largest_magnitude(at.q));
  out.emplace_back("residual_F", frobenius_norm(residual(at, setting.instance().y)));
}

void add_limit(Quantities& out, const Setting& setting, bool singular, double rtol, Bits bits) {
  const IntervalMatrix limit = limit_kernel(setting.gram(bits), setting.sigma(bits));
  out.emplace_back("lambda_min_K_inf", lambda_min_of(limit, singular, rtol, bits));
}

void add_perturbed(Quantities& out, const Setting& setting, const RealMatrix& w_tilde, bool singular, double rtol,
                   Bits bits) {
  const Instance& instance = setting.instance();
  const Forward at = forward_pass(instance.x, w_tilde, instance.a, bits, setting.threads());
  const IntervalMatrix h = kernel(at, setting.gram(bits), setting.threads());
  const IntervalMatrix change = h - setting.kernel(bits);
  out.emplace_back("perturbation_F", frobenius_norm(change));
  out.emplace_back("perturbation_2", enclose_spectral_norm(change, rtol, bits));
  out.emplace_back("lambda_min_H_tilde", lambda_min_of(h, singular, rtol, bits));
  out.emplace_back("residual_F_tilde", frobenius_norm(residual(at, instance.y)));
}

void add_width_notes(Evaluation& evaluation, double rtol) {
  for (const auto& [name, value] : evaluation.quantities) {
    const double width = value.relative_width();
    if (width <= rtol) continue;
    const std::string reached = std::isfinite(width) ? fmt::format("relative width {:.1e}", width) : "not told from 0";
    evaluation.notes.push_back(
        fmt::format("{}: {} at {} bits, asked {:.1e}: raise --bits or --rtol", name, reached, evaluation.bits, rtol));
  }
}

}  // namespace

Evaluation evaluate(const Setting& setting, const RealMatrix& w_tilde, double rtol, const Precision& precision,
                    const std::function<void(const std::string&)>& progress) {
  const Instance& instance = setting.instance();
  if (w_tilde.size() != 0 && (w_tilde.rows() != instance.m() || w_tilde.cols() != instance.d_in()))
    throw std::invalid_argument(fmt::format("W~ is {} x {}, expected the shape of W, {} x {}", w_tilde.rows(),
                                            w_tilde.cols(), instance.m(), instance.d_in()));
  const auto degeneracy = certain_degeneracy(instance.x, instance.m(), instance.d());
  Evaluation evaluation;
  evaluation.bits = refine(precision, [&](Bits bits) {
    progress(fmt::format("{} bits", bits));
    evaluation.quantities.clear();
    add_center(evaluation.quantities, setting, degeneracy.has_value(), rtol, bits);
    if (instance.sigma) add_limit(evaluation.quantities, setting, limit_is_singular(degeneracy), rtol, bits);
    if (w_tilde.size() != 0) add_perturbed(evaluation.quantities, setting, w_tilde, degeneracy.has_value(), rtol, bits);
    evaluation.reached = true;
    for (const auto& [name, value] : evaluation.quantities)
      evaluation.reached = evaluation.reached && value.relative_width() <= rtol;
    return evaluation.reached;
  });
  if (degeneracy) evaluation.notes.push_back(describe(*degeneracy));
  if (!evaluation.reached) add_width_notes(evaluation, rtol);
  return evaluation;
}

}  // namespace assay
