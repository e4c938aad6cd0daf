#include "report/json.hpp"

#include <algorithm>
#include <cmath>

#include "report/json_number.hpp"

namespace assay {

namespace {

DecimalEnds ends_with(const Known& known, int digits) {
  return {lower_decimal(known.range(), digits), upper_decimal(known.range(), digits)};
}

Verdict repeated(const DecimalEnds& lhs, Relation relation, const DecimalEnds& rhs, Bits bits) {
  return decide(from_decimal_ends(lhs.lo, lhs.hi, bits), relation, from_decimal_ends(rhs.lo, rhs.hi, bits));
}

/// Both sides in as many digits as it takes to repeat the verdict.
std::pair<Json, Json> sides_of(const Claim& claim) {
  constexpr int kMostDigits = 4000;
  constexpr long kBitsPerDigit = 4;
  DecimalEnds lhs = decimal_ends(claim.lhs.range()), rhs = decimal_ends(claim.rhs.range());
  const bool is_proof = claim.verdict == Verdict::holds || claim.verdict == Verdict::fails;
  for (int digits = 40; is_proof && digits < kMostDigits; digits *= 2) {
    const Bits bits = kBitsPerDigit * digits + 256;
    if (repeated(lhs, claim.relation, rhs, bits) == claim.verdict) break;
    lhs = ends_with(claim.lhs, digits);
    rhs = ends_with(claim.rhs, digits);
  }
  return {json_of(claim.lhs, lhs), json_of(claim.rhs, rhs)};
}

/// JSON has no infinity.
double finite(double x) {
  return std::isnan(x) ? 0 : std::clamp(x, -kUnboundedSlack, kUnboundedSlack);
}

Json json_of(const Claim& claim) {
  const auto [lhs, rhs] = sides_of(claim);
  return {{"id", claim.id},
          {"provenance", claim.paper.empty() ? "derived" : "paper"},
          {"paper", claim.paper},
          {"scope", name_of(claim.scope)},
          {"statement", claim.statement},
          {"lhs", lhs},
          {"relation", symbol_of(claim.relation)},
          {"rhs", rhs},
          {"verdict", name_of(claim.verdict)},
          {"reason", claim.reason},
          {"vacuous", claim.vacuous},
          {"slack_log10", finite(claim.slack_log10)},
          {"bits", claim.bits},
          {"tier", claim.fast ? "fast" : "deep"},
          {"ladder", claim.why_not_fast},
          {"counterexample", claim.counterexample ? Json(*claim.counterexample) : Json(nullptr)}};
}

Json json_of(const std::vector<Claim>& claims) {
  Json result = Json::array();
  for (const Claim& claim : claims) result.push_back(json_of(claim));
  return result;
}

Json json_of(const std::vector<NamedQuantity>& quantities) {
  Json result = Json::object();
  for (const NamedQuantity& quantity : quantities) result[quantity.name] = json_of(quantity.value);
  return result;
}

Json json_of(const Finding& finding) {
  return {{"theorem", finding.theorem},
          {"instance", finding.instance},
          {"reproduce", finding.reproduce},
          {"verdict", name_of(finding.outcome)},
          {"hypotheses", json_of(finding.hypotheses)},
          {"claims", json_of(finding.claims)},
          {"remarks", json_of(finding.remarks)},
          {"quantities", json_of(finding.quantities)},
          {"constants", constants_json(finding.constants)},
          {"notes", Json(finding.notes)}};
}

Json json_of(const RunInfo& run) {
  return {{"command", run.command},
          {"versions", texts_json(run.versions)},
          {"bits_limit", run.bits_limit},
          {"threads", run.threads}};
}

/// Where room counts: what is two-sided need not say so, and texts that are empty need not be there.
void drop_defaults(Json& json) {
  if (json.is_object() && json.contains("sense") && json["sense"] == name_of(Sense::enclosure)) json.erase("sense");
  for (const char* text : {"paper", "reason", "ladder"})
    if (json.is_object() && json.contains(text) && json[text] == "") json.erase(text);
  for (Json& each : json)
    if (each.is_structured()) drop_defaults(each);
}

}  // namespace

std::string findings_json(const std::vector<Finding>& findings, const RunInfo* run) {
  Json json{{"schema", "assay.report/1"}};
  if (run != nullptr) json["run"] = json_of(*run);
  json["findings"] = Json::array();
  for (const Finding& finding : findings) json["findings"].push_back(json_of(finding));
  const bool brief = run != nullptr && run->brief;
  if (brief) drop_defaults(json);
  return written(json, brief);
}

std::string evaluation_json(const EvaluationReport& report) {
  Json quantities = Json::object();
  for (const auto& [name, value] : report.quantities) quantities[name] = json_of(value);
  return written({{"schema", "assay.evaluation/1"},
                  {"instance", report.instance},
                  {"reproduce", report.reproduce},
                  {"quantities", quantities},
                  {"seconds", finite(report.seconds)},
                  {"tier", report.tier},
                  {"bits", report.bits},
                  {"notes", Json(report.notes)}});
}

std::string bounds_json(const BoundsReport& report) {
  Json bounds = Json::object(), vacuous = Json::object(), elasticities = Json::object();
  for (const BoundsRow& row : report.rows) {
    bounds[row.name] = json_of(row.value);
    if (row.vacuous) vacuous[row.name] = row.vacuous_why;
    for (const BoundsElasticity& each : row.elasticities) elasticities[row.name][each.variable] = json_of(each);
  }
  Json json{
      {"schema", "assay.bounds/1"}, {"inputs", texts_json(report.inputs)}, {"bounds", bounds}, {"vacuous", vacuous}};
  if (report.lambda) json["lambda"] = json_of(*report.lambda);
  if (!elasticities.empty()) json["elasticities"] = elasticities;
  json["constants"] = constants_json(report.constants);
  json["notes"] = report.notes;
  return written(json);
}

std::string certificates_json(const std::vector<CertificateReport>& reports) {
  Json json{{"schema", "assay.certificate/1"}, {"certificates", Json::array()}};
  for (const CertificateReport& report : reports)
    json["certificates"].push_back({{"seed", report.seed},
                                    {"method", report.method},
                                    {"certified", report.m != 0},
                                    {"m", report.m},
                                    {"followed", report.followed},
                                    {"eta", json_of(report.eta)},
                                    {"mu", json_of(report.mu)},
                                    {"theta", json_of(report.theta)},
                                    {"T_cert", json_of(report.horizon)},
                                    {"radius_max", json_of(report.largest_move)},
                                    {"seconds", report.seconds},
                                    {"why_not", report.why_not}});
  return written(json);
}

}  // namespace assay
