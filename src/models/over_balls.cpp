#include "models/over_balls.hpp"

#include "network/search/adversary.hpp"

namespace assay {

namespace {

Interval make_lambda_min(const Setting& setting, const Model& model, Level level) {
  return model.lambda_min(setting, level);
}

Known make_supremum(const Setting& setting, const Model& model, Level level) {
  const Interval displacement = largest_displacement(model.worst_weights(setting), setting.instance().w, level.bits);
  // The user's W~ may be outside.
  const bool inside = certainly_less_equal(displacement, setting.radius(level.bits));
  const AtLeast below(inside ? model.change_at_worst_weights(setting, level) : Interval::from_integer(0, 64));
  return Known::between(below, model.change_over_own_ball(setting, level));
}

}  // namespace

Interval kernel_norm(const Setting& setting, const Model& model, Level level) {
  return model.kernel_norm(setting, level);
}

Interval kernel_lambda_min(const Setting& setting, const Model& model, Level level) {
  return setting.once<&make_lambda_min>(level, model);
}

Known supremum_of_change(const Setting& setting, const Model& model, Level level) {
  return setting.once<&make_supremum>(level, model);
}

Known least_lambda_min_over_ball(const Setting& setting, const Model& model, const Interval& radius, Level level) {
  return Known::between(model.lambda_min_over_ball(setting, radius, level),
                        AtMost(kernel_lambda_min(setting, model, level)));
}

}  // namespace assay
