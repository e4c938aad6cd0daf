#pragma once

#include "descent/descent_run.hpp"
#include "setting/setting.hpp"

namespace assay {

/// The step of gradient descent on this setting: the double nearest to hyper().eta, or else that of the certificate of
/// convergence, or else one near 1 / (m lambda_max(H)). The same on every rung.
/// @throws InputError if lambda_max is needed and cannot be bounded on any.
double step_of(const Setting& setting);

/// Gradient descent from the instance's weights with step_of() until |F - Y|_F^2 <= hyper().epsilon, for at most
/// hyper().steps steps; run once for each rung. In the fast tier its state is kept in Setting::descent_file every few
/// seconds, so that an interrupted run goes on from there.
///
/// A run with a reason has ended early and says nothing about the steps that are missing: also where the deep tier
/// would take longer than about a minute.
/// @throws InputError in the deep tier for a network that is not in memory.
const DescentRun& gradient_descent(const Setting& setting, Level level);

/// The first step alone, whatever epsilon is.
const DescentRun& first_step_of_descent(const Setting& setting, Level level);

}  // namespace assay
