// Planted falsehoods where faults once were: none of them may hold, on any rung.

#include "claims.hpp"
#include "support/drawn.hpp"
#include "support/inline_instance.hpp"

using namespace assay;

namespace {

struct Case {
  std::string kind;
  Instance instance;
  Hyperparameters hyper = {};
};

std::vector<Case> cases() {
  const auto with = [](auto change) {
    Hyperparameters hyper;
    change(hyper);
    return hyper;
  };
  const char *pairs = "0.3,-0.2;0.3,-0.2;-0.8,1.1;-0.8,1.1", *signs = "1;-1;1;-1";
  return {{"bounds from one side: epsilon above nd", drawn_instance(2, 2, 1, 64, 1),
           with([](Hyperparameters& h) { h.epsilon = Decimal("3"); })},
          {"bounds from one side: large labels", with_drawn_weights("1,0;0.99,0.1", "1000;1000", 32, 1)},
          {"trials that double cannot decide", drawn_instance(3, 3, 2, 64, 7)},
          {"formulas outside their domain: a step too large", with_weights("0.6,0.79;1,0", "0.5;0.25", pairs, signs),
           with([](Hyperparameters& h) {
             h.eta = Decimal("4");
             h.steps = 3;
           })},
          {"squares that underflow: a radius of 1e-200", with_weights("0.6,0.79;1,0", "0.5;0.25", pairs, signs),
           with([](Hyperparameters& h) { h.radius = Decimal("1e-200"); })}};
}

/// The statement is about numbers that exist on this instance.
bool is_about_something(const Claim& claim) {
  return claim.verdict != Verdict::not_applicable && claim.bits > 0;
}

}  // namespace

TEST_CASE("no planted falsehood holds where faults once were") {
  int refuted = 0;
  for (const Case& of : cases()) {
    const Setting setting(of.instance, of.hyper, {}, 1);
    for (const Theorem& theorem : all_theorems()) {
      if (check(theorem, setting, setting.constants(), {}).outcome == Outcome::not_applicable) continue;
      for (const Statement& falsehood : theorem.falsehoods) {
        if (falsehood.id == "without_label_term") continue;  // about measured errors: true where labels matter little
        for (const Precision& precision :
             {Precision{64, 64, Tier::fast}, Precision{32, 32, Tier::deep}, Precision{64, 256, Tier::automatic}}) {
          CAPTURE(of.kind);
          CAPTURE(theorem.id);
          CAPTURE(falsehood.id);
          Claim claim;
          try {
            claim = decide(falsehood, setting, precision);
          } catch (const std::invalid_argument&) {
            continue;  // a limit of the question
          }
          CHECK(claim.verdict != Verdict::holds);
          refuted += claim.verdict == Verdict::fails && is_about_something(claim);
        }
      }
    }
  }
  CHECK(refuted > 100);
}

TEST_CASE("a bound that underflow could make 0 holds for no radius whose square is no double") {
  const Case of = cases()[4];
  Constants constants;
  constants.set("e1.exponent", "0");
  constants.set("e1.multiplier", "1e-50");  // the change is 3.9e-201, the bound 2e-250
  const Setting setting(of.instance, of.hyper, constants, 1);
  for (const char* claim : {"bound_over_ball_frobenius", "bound_over_ball_spectral", "bound_for_all_radii"})
    CHECK(claim_of(found("ntk_perturbation", setting), claim).verdict != Verdict::holds);
}
