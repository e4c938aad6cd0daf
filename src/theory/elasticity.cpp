#include "theory/elasticity.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace assay {
namespace {

struct ConstantOf {
  const Constants& table;
  const VariedInputs& inputs;

  Elastic operator()(const char* key) const {
    if (key == inputs.constant_key) return Elastic::variable(inputs.constant_value);
    return Elastic::constant(table.at(key, inputs.forms.bits));
  }
};

using Forms = ClosedFormulas<Elastic, ConstantOf>;

struct Row {
  std::string name;
  std::function<Elastic(const Forms&)> value;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table{{"B", [](const Forms& forms) { return forms.logit_bound(); }},
                                      {"perturbation_bound", [](const Forms& forms) { return forms.change_bound(); }},
                                      {"R_convex", [](const Forms& forms) { return forms.convex_radius(); }},
                                      {"m", [](const Forms& forms) { return forms.width(); }},
                                      {"eta", [](const Forms& forms) { return forms.step_size(); }},
                                      {"T_hat", [](const Forms& forms) { return forms.time_horizon(); }},
                                      {"D", [](const Forms& forms) { return forms.movement(); }},
                                      {"m_break", [](const Forms& forms) { return forms.break_width(); }}};
  return table;
}

struct ScoreRow {
  std::string name;
  std::function<std::optional<Elastic>(const ScoreTerms<Elastic>&)> value;
};

const std::vector<ScoreRow>& score_rows() {
  using Terms = ScoreTerms<Elastic>;
  static const std::vector<ScoreRow> table{{"Gamma_delta", [](const Terms& terms) { return terms.gamma; }},
                                           {"A_RH", [](const Terms& terms) { return std::optional(terms.a); }},
                                           {"score_bound", [](const Terms& terms) { return terms.total; }}};
  return table;
}

template <class Table>
const auto* row_of(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace

ElasticBound elastic_bound(std::string_view name, const Constants& constants, const VariedInputs& inputs) {
  const ConstantOf constant{constants, inputs};
  if (name == "R_perturbation_max") return {constant("e1.radius_max")};
  if (name == "C_consistent_min")
    return {std::nullopt, "it is known as a gap between two bounds, and its derivative is not"};
  if (const Row* row = row_of(rows(), name)) return {row->value(Forms(inputs.forms, constant))};
  const ScoreRow* row = row_of(score_rows(), name);
  if (row == nullptr) throw std::invalid_argument("elastic_bound: unknown bound '" + std::string(name) + "'");
  const ScoreTerms<Elastic> terms = score_terms(inputs.score, constant);
  const std::optional<Elastic> value = row->value(terms);
  if (!value) return {std::nullopt, terms.undefined, true};
  if (name != "A_RH" && !terms.is_certainly_defined)
    return {std::nullopt, "it is not decided whether $\\Gamma_\\delta$ is defined"};
  return {value};
}

const std::vector<std::string>& names_of_elastic_bounds() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{"R_perturbation_max", "C_consistent_min"};
    for (const Row& row : rows()) all.push_back(row.name);
    for (const ScoreRow& row : score_rows()) all.push_back(row.name);
    return all;
  }();
  return names;
}

}  // namespace assay
