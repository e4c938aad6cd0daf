#include "models/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace assay {

namespace {

std::vector<std::unique_ptr<const Model>>& registry() {
  static std::vector<std::unique_ptr<const Model>> all;
  return all;
}

}  // namespace

RegisteredModel::RegisteredModel(std::unique_ptr<const Model> model) {
  registry().push_back(std::move(model));
}

const std::vector<const Model*>& models() {
  static const std::vector<const Model*> sorted = [] {
    std::vector<const Model*> all;
    for (const auto& model : registry()) all.push_back(model.get());
    std::sort(all.begin(), all.end(), [](const Model* a, const Model* b) { return a->order() < b->order(); });
    return all;
  }();
  return sorted;
}

const Model& model_of(std::string_view id) {
  for (const Model* model : models())
    if (model->id() == id) return *model;
  throw std::invalid_argument(fmt::format("unknown model '{}'", id));
}

const Model& softmax() {
  static const Model& model = model_of("softmax");
  return model;
}
const ScalarModel& exponential() {
  static const auto& model = dynamic_cast<const ScalarModel&>(model_of("exp"));
  return model;
}
const ScalarModel& relu() {
  static const auto& model = dynamic_cast<const ScalarModel&>(model_of("relu"));
  return model;
}

std::optional<LimitDegeneracy> zero_or_repeated_row(const RealMatrix& x) {
  const auto found = certain_degeneracy(x, x.rows() + 2, 1);
  if (!found) return std::nullopt;
  const Index first = found->first + 1, second = found->second + 1;
  if (found->kind == Degeneracy::Kind::zero_row)
    return LimitDegeneracy{fmt::format("row {} of X is zero, and so is that row of K_inf", first), found->first, 0};
  if (found->kind == Degeneracy::Kind::repeated_row)
    return LimitDegeneracy{
        fmt::format("rows {0} and {1} of X are equal, so e_{0} - e_{1} is in the null space of K_inf", first, second),
        found->first, found->second};
  return std::nullopt;
}

}  // namespace assay
