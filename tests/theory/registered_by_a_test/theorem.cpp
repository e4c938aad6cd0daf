// What happens to a theorem once it is written: registration, deciding, checking. The theorem of this file is
// registered under the name of its folder.

#include <doctest/doctest.h>

#include <set>

#include "setting/setting.hpp"
#include "support/exact.hpp"
#include "support/networks.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

/// A theorem with nothing but these.
Theorem theorem_with(std::vector<Statement> hypotheses, std::vector<Statement> claims) {
  Theorem theorem;
  theorem.hypotheses = std::move(hypotheses);
  theorem.claims = std::move(claims);
  return theorem;
}

const Registered registered{[] {
  Theorem theorem = theorem_with({}, {{.id = "one", .text = "1 <= 1", .sides = [](const Setting&, Level level) {
                                         return Sides{Interval(1, level.bits), Interval(1, level.bits), {}};
                                       }}});
  theorem.title = "One is at most one";
  return theorem;
}()};

const Setting& any_setting() {
  static const Setting setting = [] {
    Random random(1);
    Instance instance = random_instance(random, {2, 2, 1, 4}, Pairing::paired, 1);
    instance.sigma = 1;
    return Setting(instance, {}, Constants(), 1);
  }();
  return setting;
}

using Side = std::function<Interval(Bits)>;

Side exactly(double x) {
  return [x](Bits bits) { return Interval(x, bits); };
}
/// [center - width, center + width], whatever the precision is.
Side wide(double center, double width) {
  return [=](Bits bits) { return Interval::between(center - width, center + width, bits); };
}
/// 1 + 2^-depth, known to 2^-bits.
Side deep(long depth) {
  return [=](Bits bits) {
    const Interval unit = 1 / power(Interval(2, 4096), bits);
    const Interval value = 1 + 1 / power(Interval(2, 4096), depth);
    return hull(value - unit, value + unit);
  };
}

Statement statement(const std::string& id, const Side& lhs, Relation relation, const Side& rhs) {
  return {.id = id, .text = id, .relation = relation, .sides = [=](const Setting&, Level level) {
            return Sides{lhs(level.bits), rhs(level.bits), {}};
          }};
}
Statement holds(const std::string& id = "true") {
  return statement(id, exactly(1), Relation::less_equal, exactly(2));
}
Statement fails(const std::string& id = "false") {
  return statement(id, exactly(2), Relation::less_equal, exactly(1));
}
Statement open(const std::string& id = "open") {
  return statement(id, wide(1, 1), Relation::less_equal, wide(1, 0.5));
}
/// Must not be asked.
Statement untouchable() {
  return {.id = "untouchable", .text = "", .sides = [](const Setting&, Level) -> Sides {
            throw std::logic_error("was computed");
          }};
}

CheckOptions options(Bits start = 64, Bits limit = 2048) {
  CheckOptions result;
  result.precision = {start, limit};
  return result;
}
Finding check_here(const Theorem& theorem, const CheckOptions& with = options()) {
  return check(theorem, any_setting(), any_setting().constants(), with);
}

TEST_CASE("a theorem is registered under the name of its file") {
  const Theorem& found = theorem_of("registered_by_a_test");
  CHECK(found.title == "One is at most one");
  CHECK(check_here(found).outcome == Outcome::pass);
  CHECK(check_here(found).theorem == "registered_by_a_test");
  std::set<std::string> ids;
  std::string previous;
  for (const Theorem& theorem : all_theorems()) {
    CHECK(previous < theorem.id);
    previous = theorem.id;
  }
}

TEST_CASE("an unknown theorem is refused with the nearest name") {
  CHECK_THROWS_WITH_AS(
      theorem_of("registred_by_test"),
      "unknown theorem 'registred_by_test'; the nearest is 'registered_by_a_test' (`assay list` shows all)",
      std::invalid_argument);
}

TEST_CASE("precision is doubled until a statement is decided, and no further") {
  std::vector<Bits> tried;
  Statement narrow = statement("narrow", deep(300), Relation::greater, exactly(1));
  const auto sides = narrow.sides;
  narrow.sides = [&](const Setting& setting, Level level) {
    tried.push_back(level.bits);
    return sides(setting, level);
  };
  const Claim claim = decide(narrow, any_setting(), {64, 2048});
  CHECK(claim.verdict == Verdict::holds);
  CHECK(claim.bits == 512);
  CHECK(tried == std::vector<Bits>{64, 128, 256, 512});
  CHECK(claim.reason.empty());
  CHECK(overlap(claim.lhs.range(), deep(300)(4000)));
  const Claim limited = decide(narrow, any_setting(), {64, 256});
  CHECK(limited.verdict == Verdict::undecided);
  CHECK(limited.bits == 256);
  CHECK(limited.reason.starts_with("the two sides are not told apart at 256 bits: the left side has relative width "));
  CHECK(decide(narrow, any_setting(), {64, 300}).bits == 300);
}

TEST_CASE("the fast tier is asked first where that is allowed, and the claim says which tier decided") {
  std::vector<bool> tried;
  const auto traced = [&](double width_in_double) {
    return Statement{.id = "traced",
                     .text = "",
                     .relation = Relation::greater,
                     .sides = [&, width_in_double](const Setting&, Level level) {
                       tried.push_back(level.fast);
                       const double width = level.fast ? width_in_double : 0x1p-60;
                       return Sides{Interval::between(1 - width, 1 + width, 64), Interval(0.5, 64), {}};
                     }};
  };
  const Claim quick = decide(traced(0.25), any_setting(), {.tier = Tier::automatic});
  CHECK(quick.verdict == Verdict::holds);
  CHECK(quick.fast);
  CHECK(quick.bits == 53);
  CHECK(quick.why_not_fast.empty());
  const Claim slow = decide(traced(0.75), any_setting(), {.tier = Tier::automatic});
  CHECK(slow.verdict == Verdict::holds);
  CHECK_FALSE(slow.fast);
  CHECK(slow.bits == 64);
  CHECK(slow.why_not_fast ==
        "the two sides are not told apart in the fast tier: the left side has relative width 6.0e+00, the right side "
        "has relative width 0.0e+00");
  const Claim stuck = decide(traced(0.75), any_setting(), {.tier = Tier::fast});
  CHECK(stuck.verdict == Verdict::undecided);
  CHECK(stuck.fast);
  CHECK_FALSE(decide(traced(0.25), any_setting(), {.tier = Tier::deep}).fast);
  CHECK(tried == std::vector<bool>{true, true, false, true, false});
}

TEST_CASE("only a claim that fails keeps its counterexample") {
  Statement statement = holds();
  statement.sides = [](const Setting&, Level level) {
    return Sides{Interval(1, level.bits), Interval(2, level.bits), "file"};
  };
  CHECK_FALSE(decide(statement, any_setting(), {}).counterexample);
}

TEST_CASE("a gap that does not shrink is given up at the second precision") {
  const Claim claim = decide(open(), any_setting(), {64, 2048});
  CHECK(claim.verdict == Verdict::undecided);
  // [0, 2] has no finite relative width, so nothing says that more bits are useless.
  CHECK(claim.bits == 2048);
  const Claim stuck = decide(statement("stuck", wide(4, 1), Relation::less, wide(4, 0.5)), any_setting(), {64, 2048});
  CHECK(stuck.verdict == Verdict::undecided);
  CHECK(stuck.bits == 128);
  CHECK(stuck.reason ==
        "the two sides are not told apart at 128 bits: the left side has relative width 6.7e-01, the right side has "
        "relative width 2.9e-01");
  // One side stuck, the other shrinking: go on.
  const Claim half = decide(statement("half", wide(1, 0.5), Relation::less, deep(20)), any_setting(), {64, 512});
  CHECK(half.bits == 512);
}

TEST_CASE("a claim carries what its statement says") {
  Statement full = fails("named");
  full.scope = Scope::ball;
  full.text = "a sentence";
  full.sides = [](const Setting&, Level level) {
    return Sides{Interval(200, level.bits), Interval(2, level.bits), "w_tilde.csv"};
  };
  const Claim claim = decide(full, any_setting(), {64, 128});
  CHECK(claim.id == "named");
  CHECK(claim.scope == Scope::ball);
  CHECK(claim.statement == "a sentence");
  CHECK(claim.relation == Relation::less_equal);
  CHECK(claim.verdict == Verdict::fails);
  CHECK(claim.counterexample == "w_tilde.csv");
  CHECK(claim.slack_log10 == doctest::Approx(-2));
  CHECK_FALSE(claim.vacuous);
}

TEST_CASE("vacuous: the theorem's bound is certainly no better than the trivial one") {
  const auto vacuous = [](double rhs, Relation relation, const Side& trivial) {
    Statement one = statement("v", exactly(3), relation, exactly(rhs));
    one.trivial_bound = [=](const Setting&, Level level) { return trivial(level.bits); };
    return decide(one, any_setting(), {64, 128}).vacuous;
  };
  CHECK(vacuous(10, Relation::less_equal, exactly(9)));
  CHECK(vacuous(10, Relation::less, exactly(10)));
  CHECK_FALSE(vacuous(10, Relation::less_equal, exactly(11)));
  CHECK_FALSE(vacuous(10, Relation::less_equal, wide(10, 1)));  // not certain
  CHECK(vacuous(1, Relation::greater_equal, exactly(2)));
  CHECK(vacuous(1, Relation::greater, exactly(1)));
  CHECK_FALSE(vacuous(1, Relation::greater, exactly(0.5)));
  CHECK_FALSE(decide(holds(), any_setting(), {64, 128}).vacuous);
}

TEST_CASE("the outcome of a theorem") {
  const auto outcome = [](std::vector<Statement> hypotheses, std::vector<Statement> claims) {
    return check_here(theorem_with(std::move(hypotheses), std::move(claims))).outcome;
  };
  CHECK(outcome({holds()}, {holds(), holds()}) == Outcome::pass);
  CHECK(outcome({holds()}, {holds(), fails()}) == Outcome::fail);
  CHECK(outcome({holds()}, {open(), fails()}) == Outcome::fail);
  CHECK(outcome({holds()}, {holds(), open()}) == Outcome::inconclusive);
  CHECK(outcome({open()}, {holds()}) == Outcome::inconclusive);
  CHECK(outcome({open()}, {fails()}) == Outcome::inconclusive);  // nothing is refuted where the hypotheses may not hold
  CHECK(outcome({fails()}, {holds()}) == Outcome::not_applicable);
  CHECK(outcome({open(), fails()}, {fails()}) == Outcome::not_applicable);
}

TEST_CASE("a hypothesis that certainly fails makes the claims not applicable, and they are not computed") {
  const Finding finding = check_here(theorem_with({holds("first"), fails("second")}, {untouchable(), untouchable()}));
  CHECK(finding.outcome == Outcome::not_applicable);
  REQUIRE(finding.claims.size() == 2);
  for (const Claim& claim : finding.claims) {
    CHECK(claim.verdict == Verdict::not_applicable);
    CHECK(claim.reason == "hypothesis second certainly fails");
    CHECK(claim.id == "untouchable");
  }
  CHECK(finding.hypotheses[0].verdict == Verdict::holds);
  CHECK(finding.hypotheses[1].verdict == Verdict::fails);
}

TEST_CASE("an undecided hypothesis leaves the claims to be decided") {
  const Finding finding = check_here(theorem_with({open()}, {holds()}));
  CHECK(finding.claims[0].verdict == Verdict::holds);
  CHECK(finding.outcome == Outcome::inconclusive);
}

TEST_CASE("a planted falsehood is refuted at every precision") {
  for (const Bits bits : {24, 53, 64, 512, 2048})
    for (const Statement& falsehood : {fails(), statement("strict", exactly(1), Relation::less, exactly(1)),
                                       statement("above", exactly(1), Relation::greater, exactly(1))})
      CHECK(decide(falsehood, any_setting(), {bits, bits}).verdict == Verdict::fails);
}

TEST_CASE("quantities are sharpened as far as asked, notes are taken from remarks") {
  int calls = 0;
  Theorem theorem = theorem_with({}, {holds()});
  theorem.quantities = {{"deep", "known to the bits", [](const Setting&, Level level) { return deep(20)(level.bits); }},
                        {"wide", "never sharper", [&](const Setting&, Level level) {
                           ++calls;
                           return wide(4, 1)(level.bits);
                         }}};
  theorem.remarks = {{holds(), "it holds", "it fails"},
                     {fails(), "it holds too", "it fails too"},
                     {open(), "never", "nor this"},
                     {holds(), "", "nothing to say"}};
  theorem.notes = [](const Checked&) { return std::vector{Sentence::plain("a note")}; };
  theorem.constants = {"e0.C", "e1.exponent"};
  CheckOptions with = options(32, 2048);
  with.quantity_rtol = 1e-30;
  const Finding finding = check_here(theorem, with);
  REQUIRE(finding.quantities.size() == 2);
  CHECK(finding.quantities[0].name == "deep");
  CHECK(finding.quantities[0].value.range().relative_width() <= 1e-30);
  CHECK(finding.quantities[1].value.range().contains(Interval::between(3, 5, 64)));
  CHECK(calls == 2);
  CHECK(finding.notes == std::vector<std::string>{"a note", "it holds", "it fails too"});
  REQUIRE(finding.constants.size() == 2);
  CHECK(finding.constants[0].first == "e0.C");
  CHECK(finding.constants[1].second.value.text() == "10");
}

TEST_CASE("a theorem that names a constant nobody knows is an error") {
  Theorem theorem = theorem_with({}, {holds()});
  theorem.constants = {"e9.none"};
  CHECK_THROWS_AS(check_here(theorem), std::invalid_argument);
}

TEST_CASE("a claim that does not apply to a setting is not decided, and does not count against the theorem") {
  const auto false_claim = [](std::optional<std::string> why) {
    return Statement{.id = "two",
                     .text = "2 <= 1",
                     .sides =
                         [](const Setting&, Level level) {
                           return Sides{Interval(2, level.bits), Interval(1, level.bits), {}};
                         },
                     .inapplicable = [why](const Setting&) { return why; }};
  };
  const auto checked = [](const Statement& claim) {
    return check(theorem_with({}, {claim}), any_setting(), Constants(), {});
  };
  const Finding skipped = checked(false_claim("not this one"));
  CHECK(skipped.claims.at(0).verdict == Verdict::not_applicable);
  CHECK(skipped.claims.at(0).reason == "not this one");
  CHECK(skipped.outcome == Outcome::not_applicable);  // nothing was said
  const Finding beside =
      check(theorem_with({}, {false_claim("not this one"), holds()}), any_setting(), Constants(), {});
  CHECK(beside.outcome == Outcome::pass);
  CHECK(checked(false_claim(std::nullopt)).outcome == Outcome::fail);
}

TEST_CASE("a side that is not defined makes a claim not applicable, with the reason") {
  const auto sided = [](const Known& lhs, const Known& rhs) {
    return Statement{.id = "s", .text = "", .sides = [=](const Setting&, Level) { return Sides{lhs, rhs}; }};
  };
  const Known one = Interval(1, 64), none = Known::undefined("it is 0/0"), other = Known::undefined("it is log(-1)");
  for (const Statement& statement : {sided(none, one), sided(none, other)})
    CHECK(decide(statement, any_setting(), {64, 128}).reason == "it is 0/0");
  CHECK(decide(sided(one, other), any_setting(), {64, 128}).reason == "it is log(-1)");
  const Claim claim = decide(sided(none, one), any_setting(), {64, 128});
  CHECK(claim.verdict == Verdict::not_applicable);
  CHECK(claim.slack_log10 == 0);
  CHECK_FALSE(claim.vacuous);
  // As a hypothesis it makes the theorem not applicable.
  const Finding finding = check_here(theorem_with({sided(one, other)}, {untouchable()}));
  CHECK(finding.outcome == Outcome::not_applicable);
  CHECK(finding.claims.at(0).verdict == Verdict::not_applicable);
  CHECK(finding.claims.at(0).reason == "hypothesis s is not defined: it is log(-1)");
}

TEST_CASE("the reason of an undecided claim says from which side a side is known") {
  const auto reason = [](const Known& lhs, const Known& rhs) {
    const Statement statement{.id = "s", .text = "", .sides = [=](const Setting&, Level) { return Sides{lhs, rhs}; }};
    return decide(statement, any_setting(), {64, 64}).reason;
  };
  const Known most = AtMost(Interval(2, 64)), least = AtLeast(Interval(0, 64)), nothing;
  CHECK(reason(most, Interval(1, 64)).find("the left side is known from above only") != std::string::npos);
  CHECK(reason(Interval(1, 64), least).find("the right side is known from below only") != std::string::npos);
  CHECK(reason(nothing, nothing).find("nothing is known of the left side, nothing is known of the right side") !=
        std::string::npos);
  CHECK(reason(AtMost::unknown(), nothing).find("nothing is known of the left side") != std::string::npos);
}

TEST_CASE("a quantity that is known from one side is settled by a finite bound") {
  int calls = 0;
  Theorem theorem = theorem_with({}, {holds()});
  theorem.quantities = {{"most", "a bound", [&](const Setting&, Level level) -> Known {
                           ++calls;
                           return AtMost(deep(20)(level.bits));
                         }}};
  const Finding finding = check_here(theorem);
  CHECK(calls == 1);
  CHECK(finding.quantities.at(0).value.sense() == Sense::at_most);
}

TEST_CASE("a question that cannot be answered costs that question alone") {
  Statement limited = holds("limited");
  limited.sides = [](const Setting&, Level) -> Sides { throw std::runtime_error("the network is too wide for it"); };
  Theorem theorem = theorem_with({}, {limited, holds()});
  theorem.quantities = {{"none", "a number", [](const Setting&, Level) -> Known { throw std::bad_alloc(); }}};
  theorem.notes = [](const Checked&) -> std::vector<Sentence> { throw std::runtime_error("no file"); };
  const Finding finding = check_here(theorem);
  CHECK(finding.outcome == Outcome::inconclusive);
  CHECK(finding.claims.at(0).verdict == Verdict::undecided);
  CHECK(finding.claims.at(0).reason == "the network is too wide for it");
  CHECK(finding.claims.at(1).verdict == Verdict::holds);
  CHECK(finding.notes == std::vector<std::string>{"`none` is not known: there is not enough memory for it.",
                                                  "Notes are missing: no file."});
}

TEST_CASE("notes find claims, hypotheses and remarks by their id, and nothing else") {
  Theorem theorem = theorem_with({holds("h")}, {holds("c")});
  theorem.remarks = {{fails("r"), "", ""}};
  theorem.notes = [](const Checked& checked) {
    CHECK(checked.claim("h").verdict == Verdict::holds);
    CHECK(checked.claim("c").verdict == Verdict::holds);
    CHECK(checked.claim("r").verdict == Verdict::fails);
    CHECK_THROWS_AS(checked.claim("x"), std::logic_error);
    return Sentence::if_decided(checked.claim("c"), Verdict::holds, "Proved: c.");
  };
  CHECK(check_here(theorem).notes == std::vector<std::string>{"Proved: c."});
}

TEST_CASE("remarks are not asked where a hypothesis certainly fails") {
  Theorem theorem = theorem_with({fails()}, {holds()});
  theorem.remarks = {{untouchable(), "Proved: this.", "Proved: not this."}};
  const Finding finding = check_here(theorem);
  CHECK(finding.remarks.at(0).verdict == Verdict::not_applicable);
  CHECK(finding.notes.empty());
}

TEST_CASE("a quantity or a picture that claims a proof is an error of its theorem") {
  Theorem theorem = theorem_with({}, {holds()});
  theorem.quantities = {{"q", "the certified radius", [](const Setting&, Level) { return Known(); }}};
  CHECK_THROWS_AS(Registered{theorem}, std::logic_error);
  theorem.quantities.clear();
  theorem.charts = [](const Checked&) {
    return std::vector{Chart{.name = "c", .title = "What is proved", .series = {}}};
  };
  CHECK_THROWS_AS(check_here(theorem), std::logic_error);
}

}  // namespace
}  // namespace assay
