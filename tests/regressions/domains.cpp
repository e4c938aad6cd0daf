// Outside of the domain of a formula there is no number, and no verdict.

#include "claims.hpp"
#include "support/drawn.hpp"
#include "support/inline_instance.hpp"
#include "theory/bounds.hpp"

using namespace assay;

namespace {

Hyperparameters with_step(const char* eta, long steps) {
  Hyperparameters hyper;
  hyper.eta = Decimal(eta);
  hyper.steps = steps;
  return hyper;
}

}  // namespace

TEST_CASE("without labels the step of the proof is bounded by the kernel alone") {
  const Setting setting(with_drawn_weights("1,0;0,1", "0;0", 32, 1), {}, {}, 1);
  const Finding finding = found("width", setting);
  const Known& step = quantity_of(finding, "step_at_M_0");
  CHECK(step.sense() == Sense::at_least);
  CHECK(certainly_positive(step.range()));
  CHECK(claim_of(finding, "paper_step_allowed").verdict == Verdict::holds);
}

TEST_CASE("a step beyond the contraction makes its statements not applicable") {
  const Setting setting(with_weights("1", "0.5", "0;0", "1;-1"), with_step("2", 1), {}, 1);
  const Finding finding = found("time_horizon", setting);
  CHECK(finding.outcome == Outcome::not_applicable);
  CHECK(claim_of(finding, "loss_below_envelope").verdict == Verdict::not_applicable);
  CHECK_FALSE(quantity_of(finding, "allowed_contraction").is_defined());
}

TEST_CASE("a step exactly at its limit is decided") {
  const Setting setting(with_weights("1", "0.5", "0;0", "1;-1"), with_step("0.5", 1), {}, 1);
  CHECK(claim_of(found("convergence_certificate", setting), "step_within_limit").verdict == Verdict::holds);
}

TEST_CASE("Gamma_delta is not defined where its logarithm is negative, or at n = 1") {
  const Interval one(1, 64);
  const ScoreInputs large_lambda{one * 4, one * 2, one * 1000000, Interval::ratio(1, 10, 64), one * 100, one};
  const ScoreBound bound = score_bound(Constants(), large_lambda, 64);
  CHECK_FALSE(bound.gamma.is_defined());
  CHECK_FALSE(bound.total.is_defined());
  ScoreInputs single = large_lambda;
  single.n = single.lambda = one;
  CHECK_FALSE(score_bound(Constants(), single, 64).gamma.is_defined());
}

TEST_CASE("where the loss starts below epsilon no step is run, and nothing is said of steps") {
  Hyperparameters hyper;
  hyper.epsilon = Decimal("3");
  const Setting setting(drawn_instance(2, 2, 1, 64, 1), hyper, {}, 1);
  const Finding finding = found("time_horizon", setting);
  CHECK(claim_of(finding, "loss_contracts").verdict == Verdict::not_applicable);
  CHECK(claim_of(finding, "C_3_bound").verdict == Verdict::not_applicable);
  CHECK(contains(quantity_of(finding, "T_paper"), 0));
  CHECK(contains(quantity_of(finding, "c_T_least"), 0));
  for (const std::string& note : finding.notes) CHECK(note.find("false at some step") == std::string::npos);
}

TEST_CASE("an odd width has a weight vector without a partner") {
  Constants constants;
  constants.set("e0.C", "0.1");
  constants.set("e0.floor", "1");
  Setting setting(with_weights("1", "0.5", "0.3", "1"), {}, constants, 1);
  const Finding finding = found("basic_event", setting);
  const Known& failure = quantity_of(finding, "failure_probability");  // of one standard normal number beyond 1
  CHECK(overlap(failure.range(), Decimal("0.31731050786291410282953490873592").at(200)));
  CHECK(failure.range().relative_width() < 1e-6);
}

TEST_CASE("a singular kernel is asked for no width") {
  const Setting setting(with_drawn_weights("0.5;0.5", "0.1;0.2", 8, 1), {}, {}, 1);
  const Finding finding = found("basic_event", setting);
  CHECK(claim_of(finding, "event_at_paper_width").verdict == Verdict::not_applicable);
  for (const char* name : {"paper_width", "failure_probability_at_paper_width", "C_consistent_min"})
    CHECK_FALSE(quantity_of(finding, name).is_defined());
}

TEST_CASE("an eigenvalue that may be 0 still bounds the statement's width from below") {
  Constants constants;
  constants.set("e0.C", "1");
  const Setting setting(with_drawn_weights("0.5;0.5000000000000001", "0.1;0.2", 64, 1), {}, constants, 1);
  const Finding finding = found("basic_event", setting, {.tier = Tier::fast});
  CHECK(claim_of(finding, "event_at_paper_width").verdict == Verdict::fails);
}

TEST_CASE("a step is a finite number, however small the kernel") {
  for (const std::string x : {"3e-162,-9.7e-161", "1e-170,1e-170"}) {
    CAPTURE(x);
    const Setting setting(with_drawn_weights(x, "0.5", 8, 100), {}, {}, 1);
    const Known step = quantity_of(found("time_horizon", setting), "eta");
    CHECK(step.range().is_finite());
    CHECK(certainly_positive(step.range()));
  }
}

TEST_CASE("a singular limit keeps no half of its eigenvalue") {
  const Setting setting(with_drawn_weights("0.5;0.5;0.9", "0.1;0.2;0.3", 64, 1), {}, {}, 1);
  const Finding finding = found("infinite_width", setting);
  CHECK(claim_of(finding, "half_of_the_limit_from_m_conc").verdict == Verdict::not_applicable);
  CHECK_FALSE(quantity_of(finding, "m_conc").is_defined());
  CHECK_FALSE(quantity_of(finding, "m_distance").is_defined());
}
