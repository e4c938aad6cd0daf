#include "theory/expectation.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace assay {
namespace {

Claim claim(const char* id, Verdict verdict) {
  Claim result;
  result.id = id;
  result.verdict = verdict;
  return result;
}

Finding finding_on(const char* instance, Outcome outcome, Verdict event, Verdict other = Verdict::holds) {
  Finding finding;
  finding.theorem = "basic_event";
  finding.instance = instance;
  finding.outcome = outcome;
  finding.claims = {claim("event_at_paper_width", event), claim("repaired_event", other)};
  return finding;
}

Expectation expected(const char* key, const char* verdict) {
  return Expectation::parse(key, verdict);
}

TEST_CASE("what a suite says nothing of is expected to hold") {
  const Finding good = finding_on("a", Outcome::pass, Verdict::holds, Verdict::not_applicable);
  CHECK(surprises({good}, {}).empty());
  const auto found = surprises({finding_on("a", Outcome::fail, Verdict::fails, Verdict::undecided)}, {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].claim == "event_at_paper_width");
  CHECK(found[0].expected == "holds");
  CHECK(found[0].found == "fails");
  CHECK(found[1].found == "undecided");
}

TEST_CASE("a claim that is known to fail surprises where it holds") {
  const std::vector<Expectation> all{expected("basic_event/*/event_at_paper_width", "fails"),
                                     expected("basic_event/b/event_at_paper_width", "holds")};
  const Finding a = finding_on("a", Outcome::fail, Verdict::fails), b = finding_on("b", Outcome::pass, Verdict::holds);
  CHECK(surprises({a, b}, all).empty());
  const auto found = surprises({finding_on("c", Outcome::pass, Verdict::holds)}, all);
  REQUIRE(found.size() == 1);
  CHECK(found[0].instance == "c");
  CHECK(found[0].expected == "fails");
  CHECK(found[0].found == "holds");
  // What is known of one claim does not excuse another.
  CHECK(surprises({finding_on("a", Outcome::fail, Verdict::fails, Verdict::fails)}, all).size() == 1);
}

TEST_CASE("a theorem as a whole") {
  const std::vector<Expectation> all{expected("basic_event/a", "undecided")};
  CHECK(surprises({finding_on("a", Outcome::inconclusive, Verdict::undecided)}, all).empty());
  const auto found = surprises({finding_on("a", Outcome::fail, Verdict::fails)}, all);
  REQUIRE(found.size() == 1);
  CHECK(found[0].claim.empty());
  CHECK(found[0].found == "fails");
  CHECK(surprises({finding_on("b", Outcome::inconclusive, Verdict::undecided)}, all).size() == 1);
}

TEST_CASE("a hypothesis that fails makes a theorem say nothing, one that is undecided is a surprise") {
  Finding finding = finding_on("a", Outcome::not_applicable, Verdict::not_applicable, Verdict::not_applicable);
  finding.hypotheses = {claim("inputs_in_unit_ball", Verdict::fails)};
  CHECK(surprises({finding}, {}).empty());
  finding.hypotheses[0].verdict = Verdict::undecided;
  CHECK(surprises({finding}, {}).size() == 1);
}

TEST_CASE("what cannot be meant is refused") {
  for (const char* key : {"", "basic_event", "basic_event/", "/a", "basic_event//event_at_paper_width",
                          "basic_event/a/", "basic_events/a", "basic_event/a/no_such_claim"}) {
    CAPTURE(key);
    CHECK_THROWS_AS(Expectation::parse(key, "holds"), std::invalid_argument);
  }
  CHECK_THROWS_AS(Expectation::parse("basic_event/a", "true"), std::invalid_argument);
  CHECK(Expectation::parse("basic_event/a", "pass").verdict == "holds");
  CHECK(Expectation::parse("basic_event/*/inputs_in_unit_ball", "not_applicable").verdict == "not applicable");
}

}  // namespace
}  // namespace assay
