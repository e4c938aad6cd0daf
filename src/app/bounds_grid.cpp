#include "app/bounds_grid.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/bounds_elasticity.hpp"
#include "app/closed_form_report.hpp"
#include "data/input_error.hpp"

namespace assay::app {

BoundsGrid::BoundsGrid(const std::vector<VariedValues>& varied) {
  std::size_t points = 1;
  for (const VariedValues& each : varied) {
    const Variable variable = variable_named("--vary", each.variable);
    if (varies(variable.name)) throw InputError(fmt::format("--vary {}: given more than once", variable.name));
    variables_.push_back(variable);
    values_.push_back(each.values);
    points *= each.values.size();
    if (points > kMostValues) throw InputError(fmt::format("--vary: expected at most {} points in all", kMostValues));
  }
}

bool BoundsGrid::varies(std::string_view name) const {
  return std::any_of(variables_.begin(), variables_.end(), [&](const Variable& each) { return each.name == name; });
}

std::size_t BoundsGrid::size() const {
  std::size_t points = 1;
  for (const auto& values : values_) points *= values.size();
  return points;
}

std::vector<Decimal> BoundsGrid::values_at(std::size_t k) const {
  std::vector<Decimal> values(variables_.size());
  for (std::size_t v = variables_.size(); v-- > 0; k /= values_[v].size())
    values[v] = values_[v][k % values_[v].size()];
  return values;
}

ClosedFormInputs BoundsGrid::inputs_at(std::size_t k, const ClosedFormInputs& others) const {
  ClosedFormInputs inputs = others;
  const std::vector<Decimal> values = values_at(k);
  for (std::size_t v = 0; v < variables_.size(); ++v) set(inputs, variables_[v], values[v]);
  if (variables_.empty()) return inputs;
  try {
    require_valid(inputs);
  } catch (const InputError& error) {
    throw InputError(fmt::format("--vary: {}", error.what()));
  }
  return inputs;
}

std::vector<std::pair<std::string, std::string>> fixed_inputs(const ClosedFormInputs& inputs,
                                                              const std::vector<Variable>& varying) {
  std::vector<std::pair<std::string, std::string>> fixed = input_texts(inputs);
  std::erase_if(fixed, [&](const auto& input) {
    return std::any_of(varying.begin(), varying.end(), [&](const Variable& each) { return each.name == input.first; });
  });
  for (const auto& [key, constant] : inputs.constants.all()) {
    const std::string& name = key;
    const bool is_varying =
        std::any_of(varying.begin(), varying.end(), [&](const Variable& each) { return each.constant == name; });
    if (constant.provenance == Provenance::user && key != "e0.C" && !is_varying)
      fixed.emplace_back(key, constant.value.text());
  }
  return fixed;
}

namespace {

/// How often the statement contradicts itself at its own width.
std::string contradictions(const BoundsTable& table) {
  const auto contradicts = [](const BoundsPoint& point) {
    const auto value = [&](const char* name) {
      return std::find_if(point.report.rows.begin(), point.report.rows.end(),
                          [&](const BoundsRow& row) { return row.name == name; })
          ->value.range();
    };
    return certainly_less(value("m_break"), value("m"));
  };
  const auto count = std::count_if(table.points.begin(), table.points.end(), contradicts);
  return fmt::format(
      "Self-contradiction at {} of {} points: there the width $m$ that the statement asks for exceeds $m_{{break}}$, from "
      "which on the event behind it fails with probability $>\\delta$ (`C_consistent_min`: the $C$ that mends it).",
      count, table.points.size());
}

}  // namespace

namespace {

BoundsPoint point_at(const BoundsGrid& grid, std::size_t k, ClosedFormInputs inputs,
                     const std::vector<Variable>& elasticities, const Precision& precision) {
  BoundsPoint point;
  for (const Decimal& value : grid.values_at(k)) point.at.push_back(value.text());
  point.report = closed_form_report(inputs, precision);
  add_elasticities(point.report, inputs, elasticities, precision);
  return point;
}

}  // namespace

std::string stopped_note(const Stopped& stopped, std::size_t done, std::size_t of) {
  return fmt::format("Only the first {} of {} points: {}.", done, of, stopped.what());
}

BoundsTable bounds_table(const BoundsGrid& grid, const ClosedFormInputs& others, KernelLambda& lambda,
                         const std::vector<Variable>& elasticities, const Precision& precision) {
  BoundsTable table;
  for (const Variable& variable : grid.variables()) table.variables.push_back(variable.name);
  std::string source;
  try {
    for (std::size_t k = 0; k < grid.size(); ++k) {
      ClosedFormInputs inputs = grid.inputs_at(k, others);
      if (lambda.is_asked_for()) lambda.put_into(inputs, precision);
      if (k == 0) source = inputs.lambda_source;
      table.points.push_back(point_at(grid, k, inputs, elasticities, precision));
    }
  } catch (const Stopped& stopped) {
    if (table.points.empty()) throw;
    table.is_complete = false;
    table.notes.push_back(stopped_note(stopped, table.points.size(), grid.size()));
  }
  table.inputs = fixed_inputs(others, grid.variables());
  if (lambda.is_asked_for()) std::erase_if(table.inputs, [](const auto& input) { return input.first == "lambda"; });
  table.notes.push_back(contradictions(table));
  if (!source.empty())
    table.notes.push_back((lambda.is_asked_for() && grid.size() > 1 ? "At the first point: " : "") + source);
  if (!elasticities.empty() && lambda.is_asked_for())
    table.notes.push_back("The elasticities are those at a fixed $\\lambda$.");
  for (const auto& [key, constant] : others.constants.all()) table.constants.emplace_back(key, constant);
  return table;
}

}  // namespace assay::app
