// A sentence that claims a proof rests on a decided claim.

#include "claims.hpp"
#include "support/drawn.hpp"
#include "support/inline_instance.hpp"
#include "theory/sentence.hpp"

using namespace assay;

TEST_CASE("no plain sentence claims a proof") {
  CHECK_THROWS_AS(Sentence::plain("This is proved."), std::logic_error);
  CHECK_THROWS_AS(Sentence::plain("It is certainly so."), std::logic_error);
  CHECK_NOTHROW(Sentence::plain("It was seen."));
  Claim claim;
  claim.verdict = Verdict::undecided;
  CHECK(Sentence::if_decided(claim, Verdict::holds, "Proved: it is so.").empty());
  claim.verdict = Verdict::holds;
  CHECK(Sentence::if_decided(claim, Verdict::holds, "Proved: it is so.").size() == 1);
  CHECK(Sentence::if_decided(claim, Verdict::fails, "Proved: it is not so.").empty());
}

TEST_CASE("a theorem that does not apply proves nothing in its notes") {
  const Setting outside(with_drawn_weights("1.5,0;0,1", "0.5;0.25", 64, 1), {}, {}, 1);
  for (const Theorem& theorem : all_theorems()) {
    CAPTURE(theorem.id);
    const Finding finding = check(theorem, outside, outside.constants(), {});
    if (finding.outcome != Outcome::not_applicable) continue;
    for (const Claim& remark : finding.remarks) CHECK(remark.verdict == Verdict::not_applicable);
    if (theorem.id == "convergence_certificate") continue;  // its notes are about each method's own certificate
    for (const std::string& note : finding.notes) CHECK_FALSE(speaks_of_proof(note));
  }
}

TEST_CASE("pictures claim no proof, on any theorem") {
  const Setting setting(drawn_instance(3, 3, 2, 32, 1.0, 5), {}, {}, 1);
  for (const Theorem& theorem : all_theorems())
    for (const Chart& chart : check(theorem, setting, setting.constants(), {}).charts) {
      CAPTURE(chart.title);
      CHECK_FALSE(speaks_of_proof(chart.title + chart.x_axis + chart.y_axis));
      for (const Series& series : chart.series) CHECK_FALSE(speaks_of_proof(series.label));
    }
}

TEST_CASE("a question that cannot be asked costs that question alone") {
  const Setting wide(drawn_instance(2, 2, 1, Index{1} << 24, 1), {}, {}, 1);
  REQUIRE_FALSE(wide.is_stored());
  const Finding finding = found("basic_event", wide, {.start = 64, .limit = 64, .tier = Tier::automatic});
  CHECK(claim_of(finding, "logits_at_most_B").verdict == Verdict::holds);
}
