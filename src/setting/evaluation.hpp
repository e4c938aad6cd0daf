#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "enclosure/refine.hpp"
#include "setting/setting.hpp"

namespace assay {

/// Certified values of a network, without any theorem.
struct Evaluation {
  std::vector<std::pair<std::string, Interval>> quantities;
  std::vector<std::string> notes;  ///< what a reader should know: a certain degeneracy, a width not reached
  Bits bits = 0;                   ///< precision at which all quantities were as narrow as asked, or the limit
  bool reached = false;            ///< every quantity has the relative width that was asked
};

/// lambda_min_H, lambda_max_H, frobenius_H, max_abs_logit, max_mS, residual_F, lambda_min_K_inf (if sigma is known);
/// with `w_tilde` also perturbation_F, perturbation_2, lambda_min_H_tilde, residual_F_tilde.
///
/// @param w_tilde  m x d_in, or empty.
/// @param rtol     relative width asked of every quantity; the precision is doubled until it is reached. A quantity
///                 that is exactly 0 counts as reached only where that is proved.
/// @throws std::invalid_argument if w_tilde has another shape than W.
Evaluation evaluate(const Setting& setting, const RealMatrix& w_tilde, double rtol, const Precision& precision,
                    const std::function<void(const std::string&)>& progress);

}  // namespace assay
