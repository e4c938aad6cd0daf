#include "theorems/time_horizon/time_horizon.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/drawn.hpp"
#include "theory/theorem.hpp"

using namespace assay;

namespace {

Setting drawn(Index m, Hyperparameters hyper = {}) {
  return Setting(drawn_instance(4, 4, 2, m), std::move(hyper), {}, 1);
}

const Claim& claim_of(const Finding& finding, const std::string& id) {
  for (const auto* claims : {&finding.hypotheses, &finding.claims, &finding.remarks})
    for (const Claim& claim : *claims)
      if (claim.id == id) return claim;
  throw std::logic_error("no claim " + id);
}

bool says(const Finding& finding, const std::string& words) {
  for (const std::string& note : finding.notes)
    if (note.find(words) != std::string::npos) return true;
  return false;
}

Finding found(const Setting& setting) {
  return check(theorem_of("time_horizon"), setting, setting.constants(), {});
}

}  // namespace

TEST_CASE("both tiers enclose the same extremes of a run") {
  const Setting setting = drawn(64);
  using Terms = FourTerms<Interval>;
  const auto agree = [&](auto value) {
    const Known fast = value(Level::fast_tier()), deep = value(Level(64));
    CHECK(fast.sense() == Sense::enclosure);
    CHECK(deep.sense() == Sense::enclosure);
    CHECK(overlap(fast.range(), deep.range()));
  };
  agree([&](Level level) { return largest_contraction(setting, level); });
  agree([&](Level level) { return largest_share_of_envelope(setting, level); });
  agree([&](Level level) { return largest_linear_share(setting, level); });
  agree([&](Level level) { return largest_move(setting, level); });
  for (const Term term : {&Terms::c0, &Terms::c1, &Terms::c2, &Terms::c3})
    agree([&](Level level) { return largest_magnitude_ratio(setting, level, term); });
  const DescentRun& run = gradient_descent(setting, Level::fast_tier());
  const Known steps = observed_steps(setting, Level::fast_tier());
  CHECK(steps.sense() == Sense::enclosure);
  CHECK(steps.range().is_point());
  CHECK(steps.range().contains(static_cast<double>(run.terms.size())));
  CHECK(certainly_less_equal(steps.range(), certified_steps(setting, Level::fast_tier()).bound()));
  // The linear part and the remainder bound the contraction from above.
  const Interval share = sqr(largest_linear_share(setting, Level(64)).range());
  CHECK(!certainly_less(share, largest_contraction(setting, Level(64)).range()));
}

TEST_CASE("where the fast tier sees the end of the run late, its numbers are of the same run all the same") {
  Hyperparameters hyper;
  hyper.epsilon = Decimal("1e-6");
  hyper.delta = Decimal("1e-9");
  const Setting setting(drawn_instance(4, 3, 1, 4, 1e-3, 3634492157), hyper, {}, 1);
  const Level fast = Level::fast_tier(), deep(256);
  const std::size_t late = gradient_descent(setting, fast).terms.size();
  const std::size_t steps = gradient_descent(setting, deep).terms.size();
  REQUIRE(late > steps);
  CHECK(observed_steps(setting, fast).range().contains(static_cast<double>(steps)));
  const auto agree = [&](const Known& a, const Known& b) {
    CHECK(a.sense() == Sense::enclosure);
    CHECK(overlap(a.range(), b.range()));
  };
  agree(largest_move(setting, fast), largest_move(setting, deep));
  agree(largest_contraction(setting, fast), largest_contraction(setting, deep));
  CHECK(certainly_less(largest_move(setting, deep).range(), gradient_descent(setting, fast).steps.back().largest_move));
  CHECK(says(found(setting), "is between "));
}

TEST_CASE("the user's step is the double nearest to it, and the run obeys the limit of steps") {
  Hyperparameters hyper;
  hyper.eta = Decimal("0.0001");
  hyper.steps = 5;
  const Setting setting = drawn(64, hyper);
  CHECK(step_of(setting) == 0.0001);
  CHECK(gradient_descent(setting, Level::fast_tier()).steps.size() == 6);
  const Known steps = observed_steps(setting, Level::fast_tier());
  CHECK(steps.sense() == Sense::at_least);
  CHECK(steps.range().lower_double() == 6);
  CHECK(std::isinf(steps.range().upper_double()));
}

TEST_CASE("steps as small as the statement's satisfy all four bounds of its proof, the largest stable one does not") {
  const Finding large = found(drawn(256));
  for (const char* id : {"loss_contracts", "loss_below_envelope", "weights_stay"})
    CHECK(claim_of(large, id).verdict == Verdict::holds);
  CHECK(claim_of(large, "C_3_bound").verdict == Verdict::fails);
  CHECK(says(large, "$|C_3|\\le0.1\\,m\\eta\\lambda\\lVert e\\rVert^2$ is certainly false"));
  Hyperparameters hyper;
  hyper.eta = Decimal("1e-6");
  hyper.steps = 3;
  const Finding small = found(drawn(256, hyper));
  for (const Claim& claim : small.claims)
    CHECK(claim.verdict == (claim.id == "horizon_follows" ? Verdict::fails : Verdict::holds));
  CHECK(says(small, "Proof step: $C_1"));
  CHECK(!says(small, "Proof step: $|C_3|\\le0.1\\,m\\eta\\lambda\\lVert e\\rVert^2$ is certainly false"));
  CHECK(says(small, "certainly do not bring the loss below"));
}

TEST_CASE("a step beyond the limit is not what the statement is about") {
  Hyperparameters hyper;
  hyper.eta = Decimal("0.005");
  hyper.steps = 6;
  const Setting setting = drawn(64, hyper);
  const Finding finding = found(setting);
  CHECK(finding.outcome == Outcome::not_applicable);
  CHECK(claim_of(finding, "linear_part_dominates").verdict == Verdict::fails);
  CHECK(claim_of(finding, "loss_contracts").verdict == Verdict::not_applicable);
  CHECK(decide(largest_contraction(setting, Level(64)), Relation::less_equal,
               allowed_contraction(setting, Level(64))) == Verdict::fails);
  // Nothing is said of (ii) where what it rests on fails.
  for (const Claim& claim : finding.claims) CHECK(claim.verdict == Verdict::not_applicable);
  CHECK(!says(finding, "certainly"));
}

TEST_CASE("a larger multiplier of the horizon makes it follow from the contraction") {
  Constants constants;
  constants.set("e4.multiplier=2");
  InstanceRequest request;
  request.n = 4;
  request.d_in = request.d = 2;
  request.m = 64;
  Hyperparameters hyper;
  hyper.steps = 2;
  const Setting setting(make_instance(request), hyper, constants, 1);
  const Interval least = least_horizon_multiplier(setting, Level(128)).range();
  CHECK(certainly_less(Interval(1, 53), least));
  CHECK(certainly_less(least, Interval(2, 53)));
  CHECK(says(check(theorem_of("time_horizon"), setting, constants, {}), "do bring the loss below"));
}
