#include "report/bounds_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "enclosure/numeral.hpp"
#include "report/json_number.hpp"
#include "report/text.hpp"

namespace assay {
namespace {

using Cells = std::vector<std::string>;

const BoundsRow& row_named(const BoundsReport& report, const std::string& name) {
  return *std::find_if(report.rows.begin(), report.rows.end(), [&](const BoundsRow& row) { return row.name == name; });
}

bool has_computed_lambda(const BoundsTable& table) {
  return std::any_of(table.points.begin(), table.points.end(),
                     [](const BoundsPoint& point) { return point.report.lambda.has_value(); });
}

std::string elasticity_text(const BoundsElasticity& elasticity) {
  return brief(elasticity.value) + (elasticity.at_kink ? " at a kink" : "");
}

/// Every point's value of `what`, each once with how often it occurs, the most frequent first.
std::string tally(const std::vector<std::string>& values) {
  std::vector<std::pair<std::string, int>> counts;
  for (const std::string& value : values) {
    const auto found =
        std::find_if(counts.begin(), counts.end(), [&](const auto& entry) { return entry.first == value; });
    if (found == counts.end())
      counts.emplace_back(value, 1);
    else
      ++found->second;
  }
  std::stable_sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (counts.size() == 1) return counts.front().first + (values.size() > 1 ? " everywhere" : "");
  std::string text;
  for (const auto& [value, count] : counts) text += fmt::format("{}{} at {}", text.empty() ? "" : ", ", value, count);
  return text + fmt::format(" of {} points", values.size());
}

std::string drivers_text(const BoundsTable& table) {
  std::vector<Cells> rows;
  for (const std::string& name : table.shown) {
    std::vector<std::string> drivers, vacuous;
    for (const BoundsPoint& point : table.points) {
      const BoundsRow& row = row_named(point.report, name);
      drivers.push_back(plain_text(row.driven_by));
      if (row.vacuous) vacuous.push_back(name);
    }
    rows.push_back(
        {"  " + name, tally(drivers) + (vacuous.empty() ? ""
                                                        : fmt::format("; vacuous at {} of {} points", vacuous.size(),
                                                                      table.points.size()))});
  }
  return "\nDriven by:\n" + text_table({}, rows);
}

}  // namespace

std::string brief(const Known& known) {
  constexpr double kLeast = 1e-4, kMost = 1e6;
  constexpr int kDigits = 5;
  if (known.sense() != Sense::enclosure) return display(known, kDigits);
  const Interval& range = known.range();
  const double lo = range.lower_double(), hi = range.upper_double();
  if (certainly_positive(range) && (hi < kLeast || lo >= kMost)) return display_power_of_ten(range);
  const std::string from = fmt::format("{:.{}g}", lo, kDigits), to = fmt::format("{:.{}g}", hi, kDigits);
  return from == to ? from : display(known, kDigits);
}

std::string bounds_table_text(const BoundsTable& table) {
  const bool with_lambda = has_computed_lambda(table);
  Cells header = table.variables;
  if (with_lambda) header.push_back("lambda");
  for (const std::string& name : table.shown) {
    header.push_back(name);
    for (const BoundsElasticity& each : row_named(table.points.front().report, name).elasticities)
      header.push_back(fmt::format("dlog {}/dlog {}", name, each.variable));
  }
  std::vector<Cells> rows;
  for (const BoundsPoint& point : table.points) {
    Cells row = point.at;
    if (with_lambda) row.push_back(point.report.lambda ? brief(*point.report.lambda) : "");
    for (const std::string& name : table.shown) {
      const BoundsRow& bound = row_named(point.report, name);
      row.push_back(brief(bound.value));
      for (const BoundsElasticity& each : bound.elasticities) row.push_back(elasticity_text(each));
    }
    rows.push_back(row);
  }
  std::string text;
  for (const auto& [name, value] : table.inputs)
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, value);
  text = "at " + wrapped(text, 3) + "\n\n" + text_table(header, rows) + drivers_text(table);
  return text + (table.notes.empty() ? "" : "\nNotes:\n" + bullets(table.notes));
}

namespace {

Json elasticities_json(const std::vector<BoundsElasticity>& elasticities) {
  Json json = Json::object();
  for (const BoundsElasticity& each : elasticities) json[each.variable] = json_of(each);
  return json;
}

Json point_json(const BoundsPoint& point, const std::vector<std::string>& variables) {
  Json at = Json::object(), bounds = Json::object(), drivers = Json::object(), vacuous = Json::object(),
       elasticities = Json::object();
  for (std::size_t k = 0; k < variables.size(); ++k) at[variables[k]] = point.at[k];
  for (const BoundsRow& row : point.report.rows) {
    bounds[row.name] = json_of(row.value);
    drivers[row.name] = plain_text(row.driver);
    if (row.vacuous) vacuous[row.name] = row.vacuous_why;
    if (!row.elasticities.empty()) elasticities[row.name] = elasticities_json(row.elasticities);
  }
  Json json{{"at", at}, {"bounds", bounds}, {"driven_by", drivers}, {"vacuous", vacuous}};
  if (point.report.lambda) json["lambda"] = json_of(*point.report.lambda);
  if (!elasticities.empty()) json["elasticities"] = elasticities;
  return json;
}

}  // namespace

std::string bounds_table_json(const BoundsTable& table) {
  Json points = Json::array();
  for (const BoundsPoint& point : table.points) points.push_back(point_json(point, table.variables));
  return written({{"schema", "assay.bounds_table/1"},
                  {"variables", table.variables},
                  {"inputs", texts_json(table.inputs)},
                  {"points", points},
                  {"constants", constants_json(table.constants)},
                  {"notes", Json(table.notes)}});
}

namespace {

/// A column of the CSV: its name and its cell at a point.
struct Column {
  std::string name;
  std::function<std::string(const BoundsPoint&)> cell;
};

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + "\"";
}

/// As everybody reads numbers: a fraction or a power as the double nearest to it.
std::string plain_number(const std::string& text) {
  return text.find_first_of("/^") == std::string::npos ? text : fmt::format("{}", nearest_double(Decimal(text)));
}

/// Two columns of the ends of what `value` gives.
void add_ends(std::vector<Column>& columns, const std::string& name,
              const std::function<std::optional<Interval>(const BoundsPoint&)>& value) {
  const auto end = [value](const BoundsPoint& point, bool is_lower) {
    const auto range = value(point);
    if (!range) return std::string();
    const DecimalEnds ends = decimal_ends(*range);
    return is_lower ? ends.lo : ends.hi;
  };
  columns.push_back({name + "_lo", [end](const BoundsPoint& point) { return end(point, true); }});
  columns.push_back({name + "_hi", [end](const BoundsPoint& point) { return end(point, false); }});
}

std::optional<Interval> range_of(const Known& known) {
  return known.is_defined() ? std::optional(known.range()) : std::nullopt;
}

void add_bound(std::vector<Column>& columns, const BoundsTable& table, const std::string& name) {
  const auto value = [name](const BoundsPoint& point) { return range_of(row_named(point.report, name).value); };
  add_ends(columns, name, value);
  const bool leaves_double = std::any_of(table.points.begin(), table.points.end(), [&](const BoundsPoint& point) {
    const auto range = value(point);
    return range && logarithm_beyond_double(*range);
  });
  if (leaves_double)
    add_ends(columns, name + "_log10", [value](const BoundsPoint& point) {
      const auto range = value(point);
      return range && certainly_positive(*range) ? std::optional(log10(*range)) : std::nullopt;
    });
  const BoundsRow& first = row_named(table.points.front().report, name);
  for (std::size_t k = 0; k < first.elasticities.size(); ++k)
    add_ends(
        columns, fmt::format("dlog_{}_dlog_{}", name, first.elasticities[k].variable),
        [name, k](const BoundsPoint& point) { return range_of(row_named(point.report, name).elasticities[k].value); });
  columns.push_back({name + "_driven_by", [name](const BoundsPoint& point) {
                       return quoted(plain_text(row_named(point.report, name).driven_by));
                     }});
}

}  // namespace

std::string bounds_table_csv(const BoundsTable& table) {
  std::vector<Column> columns;
  for (std::size_t k = 0; k < table.variables.size(); ++k)
    columns.push_back({table.variables[k], [k](const BoundsPoint& point) { return plain_number(point.at[k]); }});
  if (has_computed_lambda(table))
    add_ends(columns, "lambda", [](const BoundsPoint& point) { return point.report.lambda; });
  for (const BoundsRow& row : table.points.front().report.rows) add_bound(columns, table, row.name);
  std::string text;
  for (const Column& column : columns) text += (text.empty() ? "" : ",") + column.name;
  text += '\n';
  for (const BoundsPoint& point : table.points) {
    std::string line;
    for (const Column& column : columns) line += (&column == &columns.front() ? "" : ",") + column.cell(point);
    text += line + '\n';
  }
  return text;
}

}  // namespace assay
