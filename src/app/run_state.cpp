#include "app/run_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "enclosure/exact_text.hpp"
#include "network/file.hpp"
#include "network/input_error.hpp"
#include "network/message.hpp"

namespace assay::app {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Known& known) {
  return {{"range", exact_text(known.range())}, {"sense", known.sense()}, {"because", known.because()}};
}

Json json_of(const Claim& claim) {
  return {{"id", claim.id},
          {"scope", claim.scope},
          {"statement", claim.statement},
          {"lhs", json_of(claim.lhs)},
          {"relation", claim.relation},
          {"rhs", json_of(claim.rhs)},
          {"verdict", claim.verdict},
          {"reason", claim.reason},
          {"vacuous", claim.vacuous},
          {"slack_log10", claim.slack_log10},
          {"bits", claim.bits},
          {"fast", claim.fast},
          {"ladder", claim.ladder},
          {"counterexample", claim.counterexample ? Json(*claim.counterexample) : Json(nullptr)}};
}

template <class Enum>
Enum checked(const Json& value, Enum last) {
  const int number = value.get<int>();
  if (number < 0 || number > static_cast<int>(last)) throw std::invalid_argument("run state: unknown enumerator");
  return static_cast<Enum>(number);
}

Known known_of(const Json& json) {
  const Interval range = from_exact_text(json.at("range"));
  switch (checked(json.at("sense"), Sense::undefined)) {
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

Claim claim_of(const Json& json) {
  Claim claim;
  claim.id = json.at("id");
  claim.scope = checked(json.at("scope"), Scope::asymptotic);
  claim.statement = json.at("statement");
  claim.lhs = known_of(json.at("lhs"));
  claim.relation = checked(json.at("relation"), Relation::greater);
  claim.rhs = known_of(json.at("rhs"));
  claim.verdict = checked(json.at("verdict"), Verdict::not_applicable);
  claim.reason = json.at("reason");
  claim.vacuous = json.at("vacuous");
  claim.slack_log10 = json.at("slack_log10");
  claim.bits = json.at("bits");
  claim.fast = json.at("fast");
  claim.ladder = json.at("ladder");
  if (json.at("counterexample").is_string()) claim.counterexample = json.at("counterexample").get<std::string>();
  return claim;
}

Json json_of(const NamedQuantity& quantity) {
  return {{"name", quantity.name}, {"meaning", quantity.meaning}, {"value", json_of(quantity.value)}};
}

NamedQuantity quantity_of(const Json& json) {
  return {json.at("name"), json.at("meaning"), known_of(json.at("value"))};
}

Json json_of(const std::pair<std::string, Constant>& constant) {
  return {{"key", constant.first},
          {"value", constant.second.value.text()},
          {"provenance", constant.second.provenance},
          {"meaning", constant.second.meaning}};
}

std::pair<std::string, Constant> constant_of(const Json& json) {
  return {json.at("key"),
          {Decimal(json.at("value").get<std::string>()), checked(json.at("provenance"), Provenance::user),
           json.at("meaning")}};
}

/// JSON has no infinity and no NaN: they come as text.
Json json_of(const std::vector<double>& values) {
  Json array = Json::array();
  for (const double value : values)
    array.push_back(std::isfinite(value) ? Json(value) : Json(fmt::format("{}", value)));
  return array;
}

Json json_of(const Series& series) {
  return {{"label", series.label},   {"style", series.style},        {"x", json_of(series.x)},
          {"y", json_of(series.y)},  {"high", json_of(series.high)}, {"dx", json_of(series.dx)},
          {"dy", json_of(series.dy)}};
}

Json json_of(const Chart& chart);
Json json_of(const Finding& finding);

template <class T>
Json array_of(const std::vector<T>& values) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(json_of(value));
  return array;
}

template <class Read>
auto vector_of(const Json& array, Read read) {
  std::vector<decltype(read(array))> values;
  for (const Json& element : array) values.push_back(read(element));
  return values;
}

Json json_of(const Chart& chart) {
  return {{"name", chart.name},
          {"title", chart.title},
          {"x_axis", chart.x_axis},
          {"y_axis", chart.y_axis},
          {"log_x", chart.log_x},
          {"log_y", chart.log_y},
          {"equal_axes", chart.equal_axes},
          {"series", array_of(chart.series)}};
}

std::vector<double> doubles_of(const Json& json) {
  std::vector<double> values;
  for (const Json& value : json)
    values.push_back(value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>());
  return values;
}

Series series_of(const Json& json) {
  return {json.at("label"),
          checked(json.at("style"), Series::Style::arrows),
          doubles_of(json.at("x")),
          doubles_of(json.at("y")),
          doubles_of(json.at("high")),
          doubles_of(json.at("dx")),
          doubles_of(json.at("dy"))};
}

Chart chart_of(const Json& json) {
  return {json.at("name"),  json.at("title"), json.at("x_axis"),     json.at("y_axis"),
          json.at("log_x"), json.at("log_y"), json.at("equal_axes"), vector_of(json.at("series"), series_of)};
}

Json json_of(const Finding& finding) {
  return {{"theorem", finding.theorem},
          {"instance", finding.instance},
          {"reproduce", finding.reproduce},
          {"outcome", finding.outcome},
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
  finding.theorem = json.at("theorem");
  finding.instance = json.at("instance");
  finding.reproduce = json.at("reproduce");
  finding.outcome = checked(json.at("outcome"), Outcome::not_applicable);
  finding.hypotheses = vector_of(json.at("hypotheses"), claim_of);
  finding.claims = vector_of(json.at("claims"), claim_of);
  finding.remarks = vector_of(json.at("remarks"), claim_of);
  finding.quantities = vector_of(json.at("quantities"), quantity_of);
  finding.constants = vector_of(json.at("constants"), constant_of);
  finding.notes = json.at("notes").get<std::vector<std::string>>();
  finding.charts = vector_of(json.at("charts"), chart_of);
  finding.seconds = json.at("seconds");
  return finding;
}

}  // namespace

void RunState::resume() {
  if (!std::filesystem::exists(path_)) return;
  const std::string text = read_file(path_);
  try {
    const Json json = Json::parse(text);
    if (json.at("run") != identity_)
      throw InputError(fmt::format("--resume: {} is of another run: expected the same version, suite, data and options",
                                   printable(path_)));
    findings_ = vector_of(json.at("findings"), finding_of);
  } catch (const InputError&) {
    throw;
  } catch (const std::exception&) {
    throw InputError(fmt::format("--resume: {} is damaged: expected what an interrupted run left", printable(path_)));
  }
}

void RunState::discard() const {
  std::filesystem::remove(path_);
}

const Finding* RunState::find(const std::string& instance, const std::string& theorem) const {
  const auto found = std::find_if(findings_.begin(), findings_.end(), [&](const Finding& finding) {
    return finding.instance == instance && finding.theorem == theorem;
  });
  return found == findings_.end() ? nullptr : &*found;
}

void RunState::add(Finding finding) {
  findings_.push_back(std::move(finding));
  const Json json{{"run", identity_}, {"findings", array_of(findings_)}};
  write_file(path_, json.dump(1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace assay::app
