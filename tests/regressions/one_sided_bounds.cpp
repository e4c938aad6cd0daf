// A bound that is known from one side decides only what it can, and is reported as what it is.

#include "claims.hpp"
#include "report/display.hpp"
#include "report/json.hpp"
#include "support/drawn.hpp"
#include "support/inline_instance.hpp"

using namespace assay;

namespace {

Hyperparameters with_epsilon(const char* epsilon) {
  Hyperparameters hyper;
  hyper.epsilon = Decimal(epsilon);
  return hyper;
}

Constants with(const char* key, const char* value) {
  Constants constants;
  constants.set(key, value);
  return constants;
}

}  // namespace

TEST_CASE("what is at most u refutes no <=, and what is at least l no >=") {
  const Known most = AtMost(Interval(2, 64)), least = AtLeast(Interval(2, 64)), one = Interval(1, 64);
  CHECK(decide(most, Relation::less_equal, one) == Verdict::undecided);
  CHECK(decide(most, Relation::less, one) == Verdict::undecided);
  CHECK(decide(one, Relation::less_equal, most) == Verdict::undecided);
  CHECK(decide(least, Relation::greater_equal, Interval(3, 64)) == Verdict::undecided);
  CHECK(decide(most, Relation::less_equal, Interval(2, 64)) == Verdict::holds);
  CHECK(decide(least, Relation::less, Interval(2, 64)) == Verdict::fails);
  CHECK(decide(Known::undefined("it is 0/0"), Relation::less, one) == Verdict::not_applicable);
}

TEST_CASE("two bounds of one number that contradict each other are an error") {
  CHECK_THROWS_AS(Known::between(AtLeast(Interval(2, 64)), AtMost(Interval(1, 64))), std::logic_error);
  CHECK(Known::between(AtLeast::unknown(), AtMost(Interval(1, 64))).sense() == Sense::at_most);
  CHECK(Known::between(AtLeast(Interval(0, 64)), AtMost(Interval(1, 64))).sense() == Sense::enclosure);
}

TEST_CASE("Theorem 4.2 with epsilon above nd needs no step and holds") {
  const Setting setting(drawn_instance(2, 2, 1, 64, 1), with_epsilon("3"), {}, 1);
  const Finding finding = found("width", setting);
  CHECK(claim_of(finding, "conclusion_of_theorem_4_2").verdict == Verdict::holds);  // e_0^2 <= 2 < 3
}

TEST_CASE("a bound of the loss after the paper's horizon that is too large refutes nothing") {
  const Setting short_horizon(drawn_instance(4, 4, 2, 256, 1), {}, with("e4.multiplier", "0.1"), 1);
  CHECK(claim_of(found("width", short_horizon), "conclusion_of_theorem_4_2").verdict == Verdict::undecided);
  const Setting large_labels(with_drawn_weights("1,0;0.99,0.1", "1000;1000", 32, 1), {}, {}, 1);
  CHECK(claim_of(found("width", large_labels), "conclusion_of_theorem_4_2").verdict != Verdict::fails);
}

TEST_CASE("the conclusion of Theorem 4.2 is not claimed for a step that its proof does not allow") {
  const Setting setting(drawn_instance(4, 4, 2, 64, 1), {}, with("e3.eta_multiplier", "1e160"), 1);
  const Finding finding = found("width", setting);
  CHECK(claim_of(finding, "paper_step_allowed").verdict == Verdict::undecided);
  CHECK(claim_of(finding, "conclusion_of_theorem_4_2").verdict == Verdict::undecided);
}

TEST_CASE("an upper bound of a probability does not refute that it is small") {
  const Setting fast_rate(drawn_instance(4, 4, 2, 4096, 1), {}, with("e1.relu_rate", "1.5"), 1);
  CHECK(claim_of(found("activation_comparison", fast_rate), "relu_row_in_probability").verdict != Verdict::fails);
  const Setting zero_row(with_drawn_weights("0", "0.5", 8, 1), {}, {}, 1);
  const Finding of_zero_row = found("activation_comparison", zero_row);
  CHECK(claim_of(of_zero_row, "relu_row_in_probability").verdict == Verdict::holds);
  CHECK(quantity_of(of_zero_row, "relu_row_failure_probability").range().is_point());
}

TEST_CASE("counts that include what is not excluded bound the flipping fraction from above") {
  Hyperparameters hyper;
  hyper.radius = Decimal("0.0078125");
  const Setting setting(with_weights("1", "0.5", "0.0078125;-0.5", "1;-1"), hyper, {}, 1);
  const Finding finding = found("activation_comparison", setting);
  CHECK(quantity_of(finding, "flipping_fraction").sense() == Sense::at_most);
  CHECK(contains(quantity_of(finding, "flipping_fraction"), 0));
}

TEST_CASE("a width that was not found is unknown, not infinite") {
  const Setting setting(with_drawn_weights("1", "0.5", 8, 1e-8), {}, {}, 1);
  const Finding fast = found("infinite_width", setting, {.start = 64, .limit = 2048, .tier = Tier::fast});
  const Finding all = found("infinite_width", setting);
  for (const char* name : {"m_distance", "m_conc"}) {
    CAPTURE(name);
    CHECK(quantity_of(fast, name).sense() == Sense::at_most);
    CHECK(overlap(quantity_of(fast, name).range(), quantity_of(all, name).range()));
  }
}

TEST_CASE("bounds from one side agree on every rung, however low") {
  const Setting setting(drawn_instance(4, 4, 2, 64, 1), {}, {}, 1);
  const Finding all = found("width", setting), low = found("width", setting, {32, 32, Tier::deep});
  for (const NamedQuantity& quantity : all.quantities) {
    CAPTURE(quantity.name);
    CHECK(overlap(quantity.value.range(), quantity_of(low, quantity.name).range()));
  }
}

TEST_CASE("the sense of every number is shown") {
  CHECK(display(Known(AtMost(Interval(0.5, 64)))) == "≤ 0.5");
  CHECK(display(Known(AtLeast(Interval::ratio(1, 3, 64)))) == "≥ 0.333333");
  CHECK(display(Known(AtMost(Interval::ratio(1, 3, 64)))) == "≤ 0.333334");
  CHECK(display(Known(AtMost::unknown())) == "unknown");
  CHECK(display(Known::undefined("it is 0/0")) == "not defined");
}

TEST_CASE("the sides of a claim are printed in as many digits as its verdict takes") {
  Claim claim;
  claim.relation = Relation::less;
  claim.lhs = Interval::ratio(1, 3, 200);
  claim.rhs = Interval::ratio(1, 3, 200) + Interval(0x1p-100, 200);
  claim.verdict = decide(claim.lhs, claim.relation, claim.rhs);
  REQUIRE(claim.verdict == Verdict::holds);
  const DisplayedSides sides = display_sides(claim);
  CHECK(sides.lhs != sides.rhs);
  CHECK(sides.lhs.size() > 30);
}

TEST_CASE("a radius is proved with room, so that decimals tell it from half") {
  const Setting setting(drawn_instance(4, 4, 2, 256, 1), {}, {}, 1);
  const Claim claim = claim_of(found("convex_region", setting), "half_kept_in_paper_ball");
  REQUIRE(claim.verdict == Verdict::holds);
  CHECK(certainly_less(claim.rhs.range(), claim.lhs.range()));
}
