#pragma once

#include "models/model.hpp"

// What claims ask of a model at the data and the weights of a setting. Values are kept once for each rung.

namespace assay {

/// |H|_F and the smallest eigenvalue of H, which is never negative and exactly 0 where that is certain.
Interval kernel_norm(const Setting& setting, const Model& model, Level level);
Interval kernel_lambda_min(const Setting& setting, const Model& model, Level level);

/// sup over the ball of radius hyper().radius of |H(W~) - H(W)|_F: below at Model::worst_weights, above for every W~.
Known supremum_of_change(const Setting& setting, const Model& model, Level level);

/// inf of lambda_min(H(W~)) over the ball of a radius: above by lambda, below by Model::lambda_min_over_ball.
Known least_lambda_min_over_ball(const Setting& setting, const Model& model, const Interval& radius, Level level);

}  // namespace assay
