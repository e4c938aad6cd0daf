#include "report/json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "sample.hpp"

namespace assay {
namespace {

using Json = nlohmann::json;

std::set<std::string> keys_of(const Json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

bool has_all(const Json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (!object.contains(key)) return false;
  return true;
}

std::size_t significant_digits(const std::string& decimal) {
  std::string digits = decimal.substr(0, decimal.find('e'));
  std::erase_if(digits, [](char c) { return c == '.' || c == '-'; });
  return digits.size() - std::min(digits.find_first_not_of('0'), digits.size());
}

void check_encloses(const Json& json, const Interval& value) {
  REQUIRE(json.is_object());
  std::set<std::string> keys = keys_of(json);
  keys.erase("log10");  // of what leaves double
  CHECK(keys == std::set<std::string>{"lo", "hi"});
  const std::string lo = json["lo"], hi = json["hi"];
  CAPTURE(lo);
  CAPTURE(hi);
  CHECK(from_decimal_ends(lo, hi, 4096).contains(value));
  for (const std::string& end : {lo, hi})
    CHECK((end == "0" || end == "inf" || end == "-inf" || significant_digits(end) >= 17));
}

void check_says(const Json& json, const Known& known) {
  REQUIRE(json.is_object());
  CHECK(json["sense"] == name_of(known.sense()));
  CHECK(json.contains("not_applicable") == !known.is_defined());
  if (!known.is_defined()) CHECK(json["not_applicable"] == known.because());
  Json ends = json;
  ends.erase("sense");
  ends.erase("not_applicable");
  if (ends.contains("log10")) {
    check_encloses(ends["log10"], log10(known.range()));
    ends.erase("log10");
  }
  check_encloses(ends, known.range());
}

void check_claims(const Json& json, const std::vector<Claim>& claims) {
  REQUIRE(json.is_array());
  REQUIRE(json.size() == claims.size());
  for (std::size_t k = 0; k < claims.size(); ++k) {
    const Json& item = json[k];
    REQUIRE(has_all(item, {"id", "scope", "statement", "lhs", "relation", "rhs", "verdict", "reason", "vacuous",
                           "slack_log10", "bits", "counterexample"}));
    CHECK(item["id"] == claims[k].id);
    CHECK(item["scope"] == name_of(claims[k].scope));
    CHECK(item["statement"] == claims[k].statement);
    check_says(item["lhs"], claims[k].lhs);
    CHECK(item["relation"] == symbol_of(claims[k].relation));
    check_says(item["rhs"], claims[k].rhs);
    CHECK(item["verdict"] == name_of(claims[k].verdict));
    CHECK(item["vacuous"].is_boolean());
    CHECK(item["slack_log10"].is_number());
    CHECK(item["bits"].is_number_integer());
    CHECK((item["counterexample"].is_null() || item["counterexample"].is_string()));
    CHECK(item["counterexample"].is_null() == !claims[k].counterexample.has_value());
  }
}

TEST_CASE("findings follow the schema, field by field") {
  const std::vector<Finding> findings = sample::findings();
  const std::string text = findings_json(findings);
  CHECK(text.ends_with("}\n"));
  CHECK(text.starts_with("{\n  \"schema\": \"assay.report/1\""));
  const Json json = Json::parse(text);
  CHECK(keys_of(json) == std::set<std::string>{"schema", "findings"});
  REQUIRE(json["findings"].size() == findings.size());
  for (std::size_t k = 0; k < findings.size(); ++k) {
    const Json& item = json["findings"][k];
    REQUIRE(has_all(item, {"theorem", "verdict", "hypotheses", "claims", "quantities", "constants", "notes"}));
    CHECK(item["theorem"] == findings[k].theorem);
    CHECK(item["verdict"] == name_of(findings[k].outcome));
    CHECK(item["instance"] == findings[k].instance);
    CHECK(item["reproduce"] == findings[k].reproduce);
    CHECK_FALSE(item.contains("seconds"));
    check_claims(item["hypotheses"], findings[k].hypotheses);
    check_claims(item["claims"], findings[k].claims);
    check_claims(item["remarks"], findings[k].remarks);
    for (const NamedQuantity& quantity : findings[k].quantities)
      check_says(item["quantities"][quantity.name], quantity.value);
    CHECK(item["constants"]["e1.exponent"] == Json{{"value", "10"}, {"provenance", "reconstructed"}});
    CHECK(item["notes"] == Json(findings[k].notes));
  }
}

TEST_CASE("brief JSON leaves out white space and what the schema takes for granted, nothing else") {
  RunInfo run = sample::run();
  const Json whole = Json::parse(findings_json(sample::findings(), &run));
  run.brief = true;
  const Json brief = Json::parse(findings_json(sample::findings(), &run));
  const Json &all = whole["findings"][0], &less = brief["findings"][0];
  for (const auto& [name, value] : all["quantities"].items()) {
    Json expected = value;
    if (expected["sense"] == "enclosure") expected.erase("sense");
    CHECK(less["quantities"][name] == expected);
  }
  CHECK(less["claims"][0]["lhs"]["lo"] == all["claims"][0]["lhs"]["lo"]);
  CHECK(all["claims"][0]["lhs"]["sense"] == "enclosure");
  CHECK_FALSE(less["claims"][0]["lhs"].contains("sense"));
  CHECK_FALSE(less["claims"][0].contains("reason"));
  CHECK(brief["findings"][2]["claims"][0]["reason"] == whole["findings"][2]["claims"][0]["reason"]);
  CHECK(less["notes"] == all["notes"]);
}

TEST_CASE("empty findings are arrays and objects, not null") {
  CHECK(Json::parse(findings_json({}))["findings"] == Json::array());
  const Json item = Json::parse(findings_json({Finding{}}))["findings"][0];
  CHECK(item["claims"] == Json::array());
  CHECK(item["hypotheses"] == Json::array());
  CHECK(item["notes"] == Json::array());
  CHECK(item["quantities"] == Json::object());
  CHECK(item["constants"] == Json::object());
}

TEST_CASE("one claim stays an array of one object") {
  Finding finding;
  finding.claims = {sample::passing().claims[0]};
  finding.notes = {"one"};
  const Json item = Json::parse(findings_json({finding}))["findings"][0];
  check_claims(item["claims"], finding.claims);
  CHECK(item["notes"] == Json::array({"one"}));
}

TEST_CASE("what JSON cannot say becomes finite") {
  Finding finding = sample::passing();
  finding.claims[0].slack_log10 = INFINITY;
  finding.claims[1].slack_log10 = NAN;
  finding.instance = "caf\xE9.csv";  // Latin-1
  const Json item = Json::parse(findings_json({finding}))["findings"][0];
  CHECK(item["claims"][0]["slack_log10"] == kUnboundedSlack);
  CHECK(item["claims"][1]["slack_log10"] == 0);
}

TEST_CASE("huge, tiny and unknown ends survive") {
  Finding finding;
  const Interval tower = exp(exp(sample::number("20")));
  finding.quantities = {{"tower", "", tower}, {"inverse", "", 1 / tower}, {"half", "", sample::range("-1", "inf")}};
  const Json quantities = Json::parse(findings_json({finding}))["findings"][0]["quantities"];
  check_says(quantities["tower"], tower);
  check_says(quantities["inverse"], 1 / tower);
  CHECK(quantities["half"]["hi"] == "inf");
}

TEST_CASE("numbers outside the range of double carry their logarithm, and no others") {
  const auto has_logarithm = [](const Known& known) {
    Finding finding;
    finding.quantities = {{"q", "", known}};
    return Json::parse(findings_json({finding}))["findings"][0]["quantities"]["q"].contains("log10");
  };
  for (const char* outside : {"1e309", "1e-309", "1e100000"}) {
    CHECK(has_logarithm(sample::number(outside)));
    CHECK(has_logarithm(AtLeast(sample::number(outside))));
    CHECK_FALSE(has_logarithm(-sample::number(outside)));
  }
  CHECK(has_logarithm(sample::range("1", "1e309")));
  for (const char* inside : {"0", "1", "1e308", "1e-307"}) {
    CHECK_FALSE(has_logarithm(sample::number(inside)));
    CHECK_FALSE(has_logarithm(AtLeast(sample::number(inside))));
    CHECK_FALSE(has_logarithm(AtMost(sample::number(inside))));
  }
  CHECK_FALSE(has_logarithm(sample::range("1.25", "inf")));
}

TEST_CASE("a bound from one side has one end, and what is not defined says why") {
  Finding finding;
  finding.quantities = {{"most", "", AtMost(sample::number("0.1"))},
                        {"least", "", AtLeast(sample::number("0.1"))},
                        {"none", "", Known::undefined("it is 0/0")}};
  const Json quantities = Json::parse(findings_json({finding}))["findings"][0]["quantities"];
  for (const NamedQuantity& quantity : finding.quantities) check_says(quantities[quantity.name], quantity.value);
  CHECK(quantities["most"]["lo"] == "-inf");
  CHECK(quantities["most"]["sense"] == "at_most");
  CHECK(quantities["least"]["hi"] == "inf");
  CHECK(quantities["least"]["sense"] == "at_least");
  CHECK(quantities["none"]["not_applicable"] == "it is 0/0");
}

TEST_CASE("brief JSON leaves out defaults and nothing else") {
  RunInfo run = sample::run();
  const auto findings = [&](bool brief) {
    run.brief = brief;
    return Json::parse(findings_json(sample::findings(), &run))["findings"];
  };
  Json brief = findings(true);
  CHECK(brief != findings(false));
  for (Json& finding : brief) {
    for (Json& quantity : finding["quantities"])
      if (!quantity.contains("sense")) quantity["sense"] = "enclosure";
    for (const char* part : {"hypotheses", "claims", "remarks"})
      for (Json& claim : finding[part]) {
        for (const char* text : {"paper", "reason", "ladder"})
          if (!claim.contains(text)) claim[text] = "";
        for (const char* side : {"lhs", "rhs"})
          if (!claim[side].contains("sense")) claim[side]["sense"] = "enclosure";
      }
  }
  CHECK(brief == findings(false));
}

TEST_CASE("the sides of a claim are written in as many digits as its verdict takes") {
  Finding finding;
  const Interval third = Interval::ratio(1, 3, 400);
  for (const double gap : {0x1p-30, 0x1p-100, 0x1p-300})
    for (const bool forward : {true, false})
      finding.claims.push_back(sample::claim("c", Scope::instance, "", forward ? third : third + Interval(gap, 400),
                                             Relation::less, forward ? third + Interval(gap, 400) : third));
  // Of a wide side few digits are written unless its end decides.
  finding.claims.push_back(sample::claim("c", Scope::instance, "", hull(Interval(0, 400), third), Relation::less,
                                         third + Interval(0x1p-100, 400)));
  finding.claims.push_back(sample::claim("c", Scope::instance, "", third, Relation::less_equal, third.upper()));
  const Json claims = Json::parse(findings_json({finding}))["findings"][0]["claims"];
  for (std::size_t k = 0; k < finding.claims.size(); ++k) {
    const auto side = [&](const char* name) {
      return from_decimal_ends(claims[k][name]["lo"].get<std::string>(), claims[k][name]["hi"].get<std::string>(),
                               4096);
    };
    REQUIRE(finding.claims[k].verdict != Verdict::undecided);
    const bool touches = finding.claims[k].relation == Relation::less_equal;
    if (!touches) CHECK(decide(side("lhs"), finding.claims[k].relation, side("rhs")) == finding.claims[k].verdict);
  }
}

TEST_CASE("how a report came about is written if it is given") {
  const RunInfo run = sample::run();
  const Json json = Json::parse(findings_json({}, &run));
  CHECK(json["run"]["command"] == run.command);
  CHECK(json["run"]["threads"] == 2);
  CHECK_FALSE(json["run"].contains("seconds"));
  CHECK(json["run"]["versions"]["assay"] == library_versions()[0].second);
}

TEST_CASE("evaluations follow the schema") {
  const EvaluationReport report = sample::evaluation();
  const Json json = Json::parse(evaluation_json(report));
  CHECK(json["schema"] == "assay.evaluation/1");
  CHECK(json["seconds"] == 0.125);
  CHECK(json["tier"] == "deep");
  CHECK(json["bits"] == 256);
  CHECK(json["notes"].is_array());
  REQUIRE(json["quantities"].size() == report.quantities.size());
  for (const auto& [name, value] : report.quantities) check_encloses(json["quantities"][name], value);
}

TEST_CASE("bounds follow the schema") {
  const BoundsReport report = sample::bounds();
  const Json json = Json::parse(bounds_json(report));
  CHECK(json["schema"] == "assay.bounds/1");
  CHECK(json["inputs"] == Json{{"n", "4"}, {"delta", "0.05"}, {"sigma", "1"}});
  REQUIRE(json["bounds"].size() == report.rows.size());
  for (const BoundsRow& row : report.rows) check_says(json["bounds"][row.name], row.value);
  CHECK(keys_of(json["vacuous"]) == std::set<std::string>{"m"});
  CHECK(json["constants"]["e4.C_other"]["provenance"] == "user");
  CHECK(json["notes"] == Json(report.notes));
}

}  // namespace
}  // namespace assay
