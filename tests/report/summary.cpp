#include "report/summary.hpp"

#include <doctest/doctest.h>

#include "report/display.hpp"
#include "report/tally.hpp"
#include "report/wording.hpp"
#include "sample.hpp"

namespace assay {
namespace {

TEST_CASE("a summary counts") {
  const TheoremSummary summary = summarize(sample::theorem(), sample::findings());
  CHECK(summary.instances() == 4);
  CHECK(summary.passes == 1);
  CHECK(summary.fails == 1);
  CHECK(summary.inconclusive == 1);
  CHECK(summary.not_applicable == 1);
  CHECK(summary.claims == 5);   // 2 + 2 + 1 + 0
  CHECK(summary.vacuous == 2);  // of the first two findings
  CHECK(summary.scopes == std::vector{Scope::instance, Scope::ball});
  REQUIRE(summary.smallest_slack);
  CHECK(*summary.smallest_slack == sample::failing().claims[1].slack_log10);
}

TEST_CASE("a slack without meaning is no smallest slack") {
  std::vector<Claim> claims = sample::passing().claims;
  for (Claim& claim : claims) claim.slack_log10 = 0;
  CHECK(!smallest_slack(claims));
  CHECK(!smallest_slack(sample::inapplicable().claims));
}

TEST_CASE("what is open is not vacuous") {
  Claim open = sample::undecided().claims[0];
  open.vacuous = true;
  CHECK(count_vacuous({open}) == 0);
  CHECK(count_vacuous(sample::passing().claims) == 1);
}

TEST_CASE("counts in words") {
  CHECK(in_words(TheoremSummary{}) == "Not checked on any instance.");
  TheoremSummary one;
  one.fails = 1;
  CHECK(in_words(one) == "Checked on 1 instance: fails on 1.");
  CHECK(in_words(Verdict::not_applicable) == "not applicable");
}

TEST_CASE("what was proved is the theorem's sentence, only if it passes") {
  const Theorem theorem = sample::theorem();
  CHECK(conclusion(theorem, sample::passing()) == theorem.proved);
  for (const Finding& finding : {sample::failing(), sample::undecided(), sample::inapplicable()})
    CHECK(conclusion(theorem, finding).find(theorem.proved) == std::string::npos);
}

/// One finding with this claim alone.
std::vector<Finding> with(const Claim& claim) {
  Finding finding;
  finding.claims = {claim};
  return {finding};
}

std::string how_far_of(const Claim& claim) {
  return how_far(tally_of(claim.id, with(claim)));
}

Claim compared(const char* lhs, Relation relation, const char* rhs) {
  return sample::claim("c", Scope::instance, "", sample::number(lhs), relation, sample::number(rhs));
}

TEST_CASE("how far a statement is from true or false, in words that mean something") {
  CHECK(how_far_of(compared("2", Relation::less_equal, "5")) == "a factor of 2.5 to spare");
  CHECK(how_far_of(compared("5", Relation::less_equal, "2")) == "off by a factor of 2.5");
  CHECK(how_far_of(compared("0.0346", Relation::greater, "0")) == "at least 0.034, against 0");
  CHECK(how_far_of(compared("0", Relation::less_equal, "12")) == "at least 12, against 0");
  CHECK(how_far_of(compared("1", Relation::less_equal, "1")) == "equal: both are 1");
  CHECK(how_far_of(compared("-5", Relation::less_equal, "-2")) == "a factor of 2.5 to spare");
  CHECK(how_far_of(compared("-2", Relation::less_equal, "-5")) == "off by a factor of 2.5");
  CHECK(how_far_of(compared("-2", Relation::less_equal, "4")) == "—");
  CHECK(how_far_of(sample::inapplicable().claims[0]) == "hypothesis radius_small certainly fails");
  Claim coded = compared("0", Relation::less_equal, "0");
  CHECK(display_sides(coded).words == "equal: both are 0");
  coded.words = "positive on both routes";
  CHECK(how_far_of(coded) == "positive on both routes");
  CHECK(factor_in_words(0.017) == "1.03");
  CHECK(factor_in_words(0.05) == "1.1");
}

}  // namespace
}  // namespace assay
