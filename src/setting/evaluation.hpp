#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "data/field.hpp"
#include "enclosure/refine.hpp"
#include "setting/setting.hpp"

namespace assay {

/// Certified values of a network, without any theorem.
struct [[nodiscard]] Evaluation {
  std::vector<std::pair<std::string, Interval>> quantities;
  std::vector<FieldText> notes;  ///< what a reader should know: a certain degeneracy, a width not reached
  Bits bits = 0;                 ///< the highest precision that one of them needed, or the limit
  bool fast = false;             ///< the fast tier was enough for all; bits is 53 then
  bool reached = false;          ///< every quantity has the relative width that was asked
};

/// lambda_min_H, lambda_max_H, frobenius_H, max_abs_logit, max_mS, residual_F, lambda_min_K_inf (if sigma is known);
/// with a W~ of the user's also perturbation_F, perturbation_2, lambda_min_H_tilde, residual_F_tilde.
///
/// @param rtol  relative width asked of every quantity, each of which climbs the ladder until it is reached. A network
///              that is not kept in memory has the fast tier only.
Evaluation evaluate(const Setting& setting, double rtol, const Precision& precision,
                    const std::function<void(const std::string&)>& progress);

}  // namespace assay
