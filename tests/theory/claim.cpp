#include "theory/claim.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace assay {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr Verdict kHolds = Verdict::holds, kFails = Verdict::fails, kOpen = Verdict::undecided;

Interval between(double lo, double hi) {
  return Interval::between(lo, hi, 64);
}

TEST_CASE("decide: the truth table") {
  struct Row {
    Interval lhs, rhs;
    Verdict less_equal, less, greater_equal, greater;
  };
  const Row rows[] = {
      {between(1, 2), between(3, 4), kHolds, kHolds, kFails, kFails},
      {between(3, 4), between(1, 2), kFails, kFails, kHolds, kHolds},
      {between(1, 2), between(2, 3), kHolds, kOpen, kOpen, kFails},  // touching
      {between(2, 3), between(1, 2), kOpen, kFails, kHolds, kOpen},
      {between(2, 2), between(2, 2), kHolds, kFails, kHolds, kFails},  // the same point
      {between(2, 2), between(2, 3), kHolds, kOpen, kOpen, kFails},
      {between(1, 3), between(2, 4), kOpen, kOpen, kOpen, kOpen},  // overlapping
      {between(1, 4), between(2, 3), kOpen, kOpen, kOpen, kOpen},  // nested
      {between(2, 3), between(2, 3), kOpen, kOpen, kOpen, kOpen},  // the same enclosure is not the same number
      {between(-kInfinity, 1), between(2, kInfinity), kHolds, kHolds, kFails, kFails},
      {between(2, kInfinity), between(-kInfinity, 1), kFails, kFails, kHolds, kHolds},
      {Interval::whole_line(64), between(1, 1), kOpen, kOpen, kOpen, kOpen},
      {between(1, 1), Interval::whole_line(64), kOpen, kOpen, kOpen, kOpen},
      {between(0, kInfinity), between(1, 1), kOpen, kOpen, kOpen, kOpen},
      {between(kInfinity, kInfinity), between(1, 2), kFails, kFails, kHolds, kHolds},
      {between(-0.0, 0.0), between(0.0, 0.0), kHolds, kFails, kHolds, kFails},
      {between(1, 1 + 0x1p-52), between(1 + 0x1p-52, 2), kHolds, kOpen, kOpen, kFails},
  };
  for (const Row& row : rows) {
    CAPTURE(row.lhs.lower_double());
    CAPTURE(row.rhs.lower_double());
    CHECK(decide(row.lhs, Relation::less_equal, row.rhs) == row.less_equal);
    CHECK(decide(row.lhs, Relation::less, row.rhs) == row.less);
    CHECK(decide(row.lhs, Relation::greater_equal, row.rhs) == row.greater_equal);
    CHECK(decide(row.lhs, Relation::greater, row.rhs) == row.greater);
  }
}

TEST_CASE("slack is a power of ten, positive where the relation holds, rounded towards failing") {
  const Interval one = between(1, 1), thousand = between(1000, 1000);
  for (const Relation upward : {Relation::less_equal, Relation::less}) {
    CHECK(slack_log10(one, upward, thousand) <= 3);
    CHECK(slack_log10(one, upward, thousand) > 3 - 1e-12);
    CHECK(slack_log10(thousand, upward, one) <= -3);
    CHECK(slack_log10(thousand, upward, one) > -3 - 1e-12);
    CHECK(slack_log10(between(1, 10), upward, between(100, 1000)) == doctest::Approx(1));  // the least of 1 to 3
  }
  for (const Relation downward : {Relation::greater_equal, Relation::greater}) {
    CHECK(slack_log10(thousand, downward, one) > 3 - 1e-12);
    CHECK(slack_log10(one, downward, thousand) <= -3);
    CHECK(slack_log10(between(100, 1000), downward, between(1, 10)) == doctest::Approx(1));
  }
  const Interval huge = exp(between(1e6, 1e6));
  CHECK(slack_log10(one, Relation::less_equal, huge) == doctest::Approx(434294.4819));
}

TEST_CASE("slack of zero, negative and unbounded sides") {
  const Interval zero = between(0, 0), one = between(1, 1), infinite = between(kInfinity, kInfinity);
  CHECK(slack_log10(zero, Relation::less_equal, one) == kUnboundedSlack);
  CHECK(slack_log10(zero, Relation::less_equal, zero) == 0);
  CHECK(slack_log10(one, Relation::greater, zero) == kUnboundedSlack);
  CHECK(slack_log10(one, Relation::less_equal, zero) == -kUnboundedSlack);
  CHECK(slack_log10(one, Relation::less_equal, between(0, 5)) == -kUnboundedSlack);
  CHECK(slack_log10(between(-1, 1), Relation::less_equal, one) == 0);
  CHECK(slack_log10(one, Relation::less_equal, between(-1, 1)) == 0);
  CHECK(slack_log10(one, Relation::less_equal, infinite) == kUnboundedSlack);
  CHECK(slack_log10(between(1, kInfinity), Relation::less_equal, one) == -kUnboundedSlack);
  CHECK(slack_log10(between(0, 1), Relation::less_equal, between(10, 10)) == doctest::Approx(1));
}

TEST_CASE("a bound from one side decides only what follows from it") {
  const Known most = AtMost(between(2, 2)), least = AtLeast(between(2, 2));
  struct Row {
    Known lhs, rhs;
    Verdict less_equal, less, greater_equal, greater;
  };
  const Row rows[] = {{most, between(3, 3), kHolds, kHolds, kFails, kFails},
                      {most, between(2, 2), kHolds, kOpen, kOpen, kFails},
                      {most, between(1, 1), kOpen, kOpen, kOpen, kOpen},
                      {least, between(1, 1), kFails, kFails, kHolds, kHolds},
                      {least, between(2, 2), kOpen, kFails, kHolds, kOpen},
                      {least, between(3, 3), kOpen, kOpen, kOpen, kOpen},
                      {between(1, 1), least, kHolds, kHolds, kFails, kFails},
                      {between(1, 1), most, kOpen, kOpen, kOpen, kOpen},
                      {between(3, 3), most, kFails, kFails, kHolds, kHolds},
                      {between(3, 3), least, kOpen, kOpen, kOpen, kOpen},
                      {most, least, kHolds, kOpen, kOpen, kFails},
                      {least, most, kOpen, kFails, kHolds, kOpen},
                      {most, most, kOpen, kOpen, kOpen, kOpen},
                      {Known(), Known(), kOpen, kOpen, kOpen, kOpen}};
  for (const Row& row : rows) {
    CAPTURE(name_of(row.lhs.sense()));
    CAPTURE(name_of(row.rhs.sense()));
    CHECK(decide(row.lhs, Relation::less_equal, row.rhs) == row.less_equal);
    CHECK(decide(row.lhs, Relation::less, row.rhs) == row.less);
    CHECK(decide(row.lhs, Relation::greater_equal, row.rhs) == row.greater_equal);
    CHECK(decide(row.lhs, Relation::greater, row.rhs) == row.greater);
  }
}

TEST_CASE("a side that is not defined leaves nothing to decide") {
  const Known none = Known::undefined("it is 0/0"), one = between(1, 1);
  for (const Relation relation : {Relation::less_equal, Relation::less, Relation::greater_equal, Relation::greater}) {
    CHECK(decide(none, relation, one) == Verdict::not_applicable);
    CHECK(decide(one, relation, none) == Verdict::not_applicable);
    CHECK(slack_log10(none, relation, one) == 0);
    CHECK(slack_log10(one, relation, none) == 0);
  }
}

TEST_CASE("the slack of a bound from one side is that of the bound") {
  const Known most = AtMost(between(10, 10)), least = AtLeast(between(10, 10)), thousand = between(1000, 1000);
  const auto near = [](double power) { return doctest::Approx(power).epsilon(1e-12); };
  CHECK(slack_log10(most, Relation::less_equal, thousand) == near(2));
  CHECK(slack_log10(thousand, Relation::greater, most) == near(2));
  CHECK(slack_log10(between(1, 1), Relation::less, least) == near(1));
  CHECK(slack_log10(least, Relation::greater_equal, between(1, 1)) == near(1));
  CHECK(slack_log10(least, Relation::less_equal, between(1, 1)) == near(-1));
  CHECK(slack_log10(between(1, 1), Relation::greater, least) == near(-1));
  CHECK(slack_log10(most, Relation::less_equal, least) == 0);
  CHECK(slack_log10(most.within(between(0, 100)), Relation::less_equal, thousand) == near(2));
  CHECK(slack_log10(AtMost(between(0, 0)), Relation::less_equal, thousand) == kUnboundedSlack);
  CHECK(slack_log10(AtLeast(between(-1, -1)), Relation::greater_equal, thousand) == 0);
  CHECK(slack_log10(Known(), Relation::less_equal, thousand) == 0);
}

TEST_CASE("names are those of the report") {
  CHECK(name_of(Scope::instance) == "instance");
  CHECK(name_of(Scope::ball) == "ball");
  CHECK(name_of(Scope::forever) == "forever");
  CHECK(name_of(Scope::probability) == "probability");
  CHECK(name_of(Scope::asymptotic) == "asymptotic");
  CHECK(name_of(Verdict::holds) == "holds");
  CHECK(name_of(Verdict::fails) == "fails");
  CHECK(name_of(Verdict::undecided) == "undecided");
  CHECK(name_of(Verdict::not_applicable) == "not_applicable");
  CHECK(name_of(Outcome::pass) == "pass");
  CHECK(name_of(Outcome::fail) == "fail");
  CHECK(name_of(Outcome::inconclusive) == "inconclusive");
  CHECK(name_of(Outcome::not_applicable) == "not_applicable");
  CHECK(symbol_of(Relation::less_equal) == "<=");
  CHECK(symbol_of(Relation::greater_equal) == ">=");
  CHECK(symbol_of(Relation::less) == "<");
  CHECK(symbol_of(Relation::greater) == ">");
}

TEST_CASE("the factor that is said is between the nearest ends, whichever way a claim is decided") {
  const auto claim_of = [](const Interval& lhs, const Interval& rhs) {
    Claim claim;
    claim.lhs = lhs;
    claim.rhs = rhs;
    claim.verdict = decide(lhs, claim.relation, rhs);
    claim.slack_log10 = slack_log10(lhs, claim.relation, rhs);
    return claim;
  };
  const Claim fails = claim_of(Interval::between(10, 1000, 64), Interval(1, 64));
  REQUIRE(fails.verdict == Verdict::fails);
  CHECK(fails.slack_log10 == doctest::Approx(-3));
  CHECK(proved_factor_log10(fails) == doctest::Approx(1));
  const Claim holds = claim_of(Interval::between(1, 10, 64), Interval::between(100, 1000, 64));
  REQUIRE(holds.verdict == Verdict::holds);
  CHECK(proved_factor_log10(holds) == doctest::Approx(1));
  Claim at_least = fails;
  at_least.lhs = AtLeast(Interval(10, 64));
  CHECK(proved_factor_log10(at_least) == doctest::Approx(1));
  CHECK(proved_factor_log10(claim_of(Interval::between(0, 2, 64), Interval(1, 64))) == 0);  // undecided
}

}  // namespace
}  // namespace assay
