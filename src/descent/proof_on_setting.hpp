#pragma once

#include "descent/convergence.hpp"
#include "setting/setting.hpp"

namespace assay {

/// What was proved about gradient descent from the network of the setting, sought once for each method. The step is
/// the double nearest to hyper().eta, if that is given.
const ConvergenceProof& convergence(const Setting& setting, Method method);

/// The step of gradient descent that `convergence` by two phases uses, an exact number; 0 if there is none.
double descent_step(const Setting& setting);

}  // namespace assay
