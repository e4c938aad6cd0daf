#pragma once

#include <optional>

#include "data/instance.hpp"
#include "data/neuron_stream.hpp"

namespace assay {

struct ApproxTraining {
  double epsilon = 0.01;       ///< target of |F - Y|_F^2
  double largest_work = 1e8;   ///< products that may be spent
  long largest_steps = 20000;  ///< steps that may be taken
};

/// Steps of gradient descent in plain double until |F - Y|_F^2 <= epsilon, with step 1 / (m lambda_max(H)) at the
/// start. Evidence, not a proof.
/// @return nothing if the target was not reached with the work allowed.
/// @cost   2 n m (d_in + d + 1) operations a step.
std::optional<long> approx_steps_to_target(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                                           const ApproxTraining& options);

}  // namespace assay
