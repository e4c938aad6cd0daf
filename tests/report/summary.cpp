#include "report/summary.hpp"

#include <doctest/doctest.h>

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

}  // namespace
}  // namespace assay
