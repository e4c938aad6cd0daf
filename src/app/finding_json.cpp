#include "app/finding_json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "data/file.hpp"
#include "enclosure/exact_text.hpp"

namespace assay::app {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& what) {
  throw std::invalid_argument("finding_of: " + what);
}

// What is known of a number.

Json exact_json(const Known& known) {
  return {{"range", exact_text(known.range())}, {"sense", known.sense()}, {"because", known.because()}};
}

template <class Enum>
Enum enum_of(const Json& value, Enum last) {
  const int number = value.get<int>();
  if (number < 0 || number > static_cast<int>(last)) refuse("unknown enumerator");
  return static_cast<Enum>(number);
}

Known known_of(const Json& json) {
  const Interval range = from_exact_text(json.at("range").get<std::string>(), kMostBitsInFiles);
  switch (enum_of(json.at("sense"), Sense::undefined)) {
    case Sense::at_most:
      return Known(AtMost(range)).within(range);
    case Sense::at_least:
      return Known(AtLeast(range)).within(range);
    case Sense::undefined:
      return Known::undefined(json.at("because"));
    case Sense::enclosure:
      break;
  }
  return range;
}

/// A text that becomes a part of a path.
std::string file_name_of(const Json& json) {
  auto name = json.get<std::string>();
  if (!is_plain_file_name(name)) refuse("expected a plain file name");
  return name;
}

/// A finite number >= 0.
double double_of(const Json& json) {
  const auto value = json.get<double>();
  if (!(value >= 0) || !std::isfinite(value)) refuse("expected a finite number >= 0");
  return value;
}

Json exact_json(const Claim& claim) {
  return {{"id", claim.id},
          {"scope", claim.scope},
          {"statement", claim.statement},
          {"paper", claim.paper},
          {"applicable", claim.verdict != Verdict::not_applicable},
          {"lhs", exact_json(claim.lhs)},
          {"relation", claim.relation},
          {"rhs", exact_json(claim.rhs)},
          {"words", claim.words},
          {"reason", claim.reason},
          {"vacuous", claim.vacuous},
          {"bits", claim.bits},
          {"fast", claim.fast},
          {"ladder", claim.why_not_fast},
          {"counterexample", claim.counterexample ? Json(*claim.counterexample) : Json(nullptr)}};
}

Claim claim_of(const Json& json) {
  Claim claim;
  claim.id = json.at("id");
  claim.scope = enum_of(json.at("scope"), Scope::asymptotic);
  claim.statement = json.at("statement");
  claim.paper = json.at("paper");
  claim.lhs = known_of(json.at("lhs"));
  claim.relation = enum_of(json.at("relation"), Relation::greater);
  claim.rhs = known_of(json.at("rhs"));
  claim.words = json.at("words");
  claim.reason = json.at("reason");
  claim.vacuous = json.at("vacuous");
  claim.bits = json.at("bits");
  if (claim.bits < 0 || claim.bits > kMostBitsInFiles) refuse("absurd precision");
  claim.fast = json.at("fast");
  claim.why_not_fast = json.at("ladder");
  claim.verdict = Verdict::not_applicable;
  if (json.at("applicable").get<bool>()) {
    claim.verdict = decide(claim.lhs, claim.relation, claim.rhs);
    claim.slack_log10 = slack_log10(claim.lhs, claim.relation, claim.rhs);
  }
  const Json& counterexample = json.at("counterexample");
  if (!counterexample.is_null()) claim.counterexample = counterexample.get<std::string>();
  if (claim.counterexample && claim.verdict != Verdict::fails) refuse("a counterexample to what does not fail");
  return claim;
}

Json exact_json(const NamedQuantity& quantity) {
  return {{"name", quantity.name}, {"meaning", quantity.meaning}, {"value", exact_json(quantity.value)}};
}

NamedQuantity quantity_of(const Json& json) {
  return {json.at("name"), json.at("meaning"), known_of(json.at("value"))};
}

Json exact_json(const std::pair<std::string, Constant>& constant) {
  return {{"key", constant.first},
          {"value", constant.second.value.text()},
          {"provenance", constant.second.provenance},
          {"meaning", constant.second.meaning}};
}

std::pair<std::string, Constant> constant_of(const Json& json) {
  return {json.at("key"),
          {Decimal(json.at("value").get<std::string>()), enum_of(json.at("provenance"), Provenance::user),
           json.at("meaning")}};
}

/// JSON has no infinity and no NaN: they come as text.
Json exact_json(const std::vector<double>& values) {
  Json array = Json::array();
  for (const double value : values)
    array.push_back(std::isfinite(value) ? Json(value) : Json(fmt::format("{}", value)));
  return array;
}

std::vector<double> doubles_of(const Json& json) {
  std::vector<double> values;
  for (const Json& value : json)
    values.push_back(value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>());
  return values;
}

Json exact_json(const Series& series);
Json exact_json(const Chart& chart);

template <class T>
Json array_of(const std::vector<T>& values) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(exact_json(value));
  return array;
}

template <class Read>
auto vector_of(const Json& array, Read read) {
  std::vector<decltype(read(array))> values;
  for (const Json& element : array) values.push_back(read(element));
  return values;
}

Json exact_json(const Series& series) {
  return {{"label", series.label},      {"style", series.style},           {"x", exact_json(series.x)},
          {"y", exact_json(series.y)},  {"high", exact_json(series.high)}, {"dx", exact_json(series.dx)},
          {"dy", exact_json(series.dy)}};
}

Series series_of(const Json& json) {
  return {json.at("label"),
          enum_of(json.at("style"), Series::Style::arrows),
          doubles_of(json.at("x")),
          doubles_of(json.at("y")),
          doubles_of(json.at("high")),
          doubles_of(json.at("dx")),
          doubles_of(json.at("dy"))};
}

Json exact_json(const Chart& chart) {
  return {{"name", chart.name},
          {"title", chart.title},
          {"x_axis", chart.x_axis},
          {"y_axis", chart.y_axis},
          {"log_x", chart.log_x},
          {"log_y", chart.log_y},
          {"equal_axes", chart.equal_axes},
          {"series", array_of(chart.series)}};
}

Chart chart_of(const Json& json) {
  return {file_name_of(json.at("name")),
          json.at("title"),
          json.at("x_axis"),
          json.at("y_axis"),
          json.at("log_x"),
          json.at("log_y"),
          json.at("equal_axes"),
          vector_of(json.at("series"), series_of)};
}

}  // namespace

Json exact_json(const Finding& finding) {
  return {{"theorem", finding.theorem},
          {"instance", finding.instance},
          {"size", {finding.size.n, finding.size.d_in, finding.size.d, finding.size.m}},
          {"sigma", finding.size.sigma},
          {"reproduce", finding.reproduce},
          {"hypotheses", array_of(finding.hypotheses)},
          {"claims", array_of(finding.claims)},
          {"remarks", array_of(finding.remarks)},
          {"quantities", array_of(finding.quantities)},
          {"constants", array_of(finding.constants)},
          {"notes", finding.notes},
          {"charts", array_of(finding.charts)},
          {"seconds", finding.seconds}};
}

Finding finding_of(const Json& json) {
  Finding finding;
  finding.theorem = file_name_of(json.at("theorem"));
  finding.instance = file_name_of(json.at("instance"));
  const Json& size = json.at("size");
  finding.size = {size.at(0), size.at(1), size.at(2), size.at(3), json.at("sigma")};
  finding.reproduce = json.at("reproduce");
  finding.hypotheses = vector_of(json.at("hypotheses"), claim_of);
  finding.claims = vector_of(json.at("claims"), claim_of);
  finding.remarks = vector_of(json.at("remarks"), claim_of);
  finding.quantities = vector_of(json.at("quantities"), quantity_of);
  finding.constants = vector_of(json.at("constants"), constant_of);
  finding.notes = json.at("notes").get<std::vector<std::string>>();
  finding.charts = vector_of(json.at("charts"), chart_of);
  finding.seconds = double_of(json.at("seconds"));
  finding.outcome = outcome_of(finding);
  if (finding.outcome != Outcome::not_applicable) return finding;
  for (const Claim& claim : finding.claims)
    if (claim.verdict != Verdict::not_applicable) refuse("a claim without its hypotheses");
  return finding;
}

}  // namespace assay::app
