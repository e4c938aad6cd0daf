// Statements of the paper that once stood in notes or nowhere: Table 1, Theorem 6.6 and its assumptions, the region of
// Theorem 4.2's induction.

#include <fmt/format.h>

#include <cmath>

#include "claims.hpp"
#include "report/display.hpp"
#include "support/drawn.hpp"

using namespace assay;

namespace {

const Statement& falsehood_of(const char* theorem, const std::string& id) {
  for (const Statement& statement : theorem_of(theorem).falsehoods)
    if (statement.id == id) return statement;
  throw std::logic_error("no falsehood " + id);
}

Verdict verdict_of_falsehood(const char* theorem, const std::string& id, const Setting& setting) {
  return decide(falsehood_of(theorem, id), setting, {}).verdict;
}

Setting small(const Constants& constants = {}, Hyperparameters hyper = {}) {
  hyper.samples = 6;
  hyper.steps = 5;
  return {drawn_instance(3, 3, 2, 32, 1.0, 5), hyper, constants, 1};
}

}  // namespace

TEST_CASE("cells of Table 1 without a constant say that they say nothing") {
  const Setting setting = small();
  const Finding rows = found("activation_comparison", setting), widths = found("width", setting);
  for (const char* id : {"table_1_exp_width", "table_1_exp_steps", "table_1_relu_width", "table_1_relu_steps"}) {
    CHECK(claim_of(rows, id).verdict == Verdict::not_applicable);
    CHECK(claim_of(rows, id).paper.starts_with("Table 1"));
    CHECK(claim_of(rows, id).reason.find("without a constant") != std::string::npos);
  }
  CHECK(claim_of(widths, "table_1_steps").verdict == Verdict::not_applicable);
  CHECK(rows.outcome == Outcome::pass);
}

TEST_CASE("the exponent that n^{o(1)} stands for falls as n grows") {
  const Setting setting = small();
  const Claim claim = claim_of(found("activation_comparison", setting), "hidden_exponent_falls");
  CHECK(claim.verdict == Verdict::holds);
  // 18 * 10 * sqrt(log(n d / delta)) / log n at n = 9 and at n = 3; delta = 0.1, d = 2.
  CHECK(claim.lhs.range().approx_double() == doctest::Approx(180 * std::sqrt(std::log(180.0)) / std::log(9.0)));
  CHECK(claim.rhs.range().approx_double() == doctest::Approx(180 * std::sqrt(std::log(60.0)) / std::log(3.0)));
  CHECK(verdict_of_falsehood("activation_comparison", "hidden_exponent_grows", setting) == Verdict::fails);
  const Setting one(drawn_instance(1, 2, 1, 32, 1.0, 5), {}, {}, 1);
  CHECK(claim_of(found("activation_comparison", one), "hidden_exponent_falls").verdict == Verdict::not_applicable);
}

TEST_CASE("the width of Table 1 is that of Theorem 4.2 without d and delta") {
  const Setting setting = small();
  const Finding finding = found("width", setting);
  const Claim& claim = claim_of(finding, "M_0_at_most_table_1_width");
  CHECK(claim.verdict == Verdict::holds);
  const double ratio = std::log(3.0) / (2 * std::log(3 * 2 / 0.1));
  CHECK((claim.rhs.range() / quantity_of(finding, "paper_width_at_limit").range()).approx_double() ==
        doctest::Approx(ratio * ratio));
  CHECK(verdict_of_falsehood("width", "table_1_width_is_needed", setting) != Verdict::holds);
}

TEST_CASE(
    "the ball of the induction lies in the region at the statement's width, and nowhere near at the network's own") {
  const Setting setting = small();
  const Claim claim = claim_of(found("time_horizon", setting), "movement_within_region");
  if (claim.verdict != Verdict::not_applicable) {
    CHECK(claim.verdict == Verdict::holds);
    // 16 e^{-6B} |F(0) - Y| / (sqrt(nd) log^2(nd / delta)), in powers of ten.
    const double log_term = std::log(60.0), b = 10 * std::sqrt(log_term);
    const Interval e0 = setting.residual_norm(Level(128));
    const double expected =
        std::log10(16 * e0.approx_double() / (std::sqrt(6.0) * log_term * log_term)) - 6 * b / std::log(10.0);
    CHECK(-claim.slack_log10 == doctest::Approx(expected));
  }
  CHECK(verdict_of_falsehood("time_horizon", "movement_within_region_at_own_width", setting) == Verdict::fails);
}

TEST_CASE("Theorem 6.6 does not apply below its width, and is held against the sampled error from there on") {
  const Finding narrow = found("score_estimation", small());
  CHECK(claim_of(narrow, "theorem_6_6").verdict == Verdict::not_applicable);
  // c lambda^-2 n^3 d^3 e^{18B} log^2(nd / delta), n = 6 pairs in d = 3 dimensions.
  const double log_term = std::log(180.0), lambda = quantity_of(narrow, "lambda").range().approx_double();
  const double width =
      3 * std::log10(18.0) + 2 * std::log10(log_term / lambda) + 180 * std::sqrt(log_term) / std::log(10.0);
  CHECK(claim_of(narrow, "theorem_6_6").reason ==
        fmt::format("the theorem asks for a width above $10^{{{:.0f}}}$, and this network has 32", std::floor(width)));
  CHECK(narrow.outcome == Outcome::pass);

  Constants wide;
  wide.set("e6.width_multiplier", "1e-300");
  const Finding finding = found("score_estimation", small(wide));
  const Claim& claim = claim_of(finding, "theorem_6_6");
  CHECK(claim.verdict == Verdict::holds);
  CHECK(claim.vacuous);
  // Surer than the interval at 1 - delta = 0.9, which it contains.
  const Interval &surer = claim.lhs.range(), &other = quantity_of(finding, "population_clipped").range();
  CHECK(certainly_less_equal(surer.lower(), other.lower()));
  CHECK(certainly_less(other.upper(), surer.upper()));

  wide.set("e6.multiplier", "1e-300");
  CHECK(claim_of(found("score_estimation", small(wide)), "theorem_6_6").verdict == Verdict::fails);
}

TEST_CASE("the assumptions of Theorem 6.6 have the paper's numbers, and those that cannot hold are refuted") {
  const Setting setting = small();
  const Finding finding = found("score_estimation", setting);
  CHECK(claim_of(finding, "embedded_inputs_in_unit_ball").paper.starts_with("Assumption 6.1"));
  CHECK(claim_of(finding, "lambda_positive").paper == "Assumption 6.2");
  CHECK(claim_of(finding, "g_bounded").paper == "Assumption 6.3");
  CHECK(claim_of(finding, "posterior_mean_lipschitz").paper.starts_with("Assumption 6.4"));
  CHECK(claim_of(finding, "pairs_leave_the_unit_ball").verdict == Verdict::holds);
  CHECK(claim_of(finding, "pairs_leave_the_unit_ball").lhs.range().lower_double() > 0.1);
  CHECK(claim_of(finding, "lipschitz_constant_blows_up").verdict == Verdict::holds);
  for (const char* id : {"error_above_everything", "pairs_stay_in_the_unit_ball", "lipschitz_constant_for_all_times"})
    CHECK_MESSAGE(verdict_of_falsehood("score_estimation", id, setting) == Verdict::fails, id);
}

TEST_CASE("no claim is shown to readers as a comparison of codes") {
  const Setting setting = small();
  for (const Theorem& theorem : all_theorems()) {
    const Finding finding = check(theorem, setting, setting.constants(), {});
    for (const auto* claims : {&finding.hypotheses, &finding.claims})
      for (const Claim& claim : *claims) {
        CAPTURE(claim.id);
        CHECK(claim.statement.find("1 for") == std::string::npos);
        CHECK(claim.statement.find("(1 if") == std::string::npos);
        const DisplayedSides sides = display_sides(claim);
        CHECK_FALSE((sides.words.empty() && sides.lhs == "0" && sides.rhs == "0"));
      }
  }
  const Finding limits = found("infinite_width", setting);
  CHECK(display_sides(claim_of(limits, "softmax_positive_by_rows")).words == "positive on both routes");
  CHECK(display_sides(claim_of(found("convergence_certificate", setting), "no_first_order_change")).words ==
        "all of these sums are 0");
}
