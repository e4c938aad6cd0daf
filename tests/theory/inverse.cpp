#include "theory/inverse.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "enclosure/numeral.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 400;

/// f(v) <= limit for a function given with the interval where it rises and where it falls: it rises up to `peak` and
/// falls from there on (or the other way round).
struct Hill {
  std::function<Interval(const Interval&)> f;
  Decimal peak;
  Decimal limit;

  Truth truth(const Interval& value) const {
    if (certainly_less_equal(value, limit.at(kBits))) return Truth::holds;
    return certainly_less(limit.at(kBits), value) ? Truth::fails : Truth::open;
  }
  Condition condition() const {
    const Hill hill = *this;
    return {[hill](const Decimal& at) { return hill.truth(hill.f(at.at(kBits))); },
            [hill](const Decimal& from, const Decimal& to) {
              const Interval a = from.at(kBits), b = to.at(kBits), top = hill.peak.at(kBits);
              Condition::Over over{hill.truth(hill.f(hull(a, b)))};
              if (certainly_less_equal(b, top)) over.change = Change::only_to_fails;
              if (certainly_less_equal(top, a)) over.change = Change::only_to_holds;
              return over;
            }};
  }
};

Hill square(const char* limit) {
  return {[](const Interval& v) { return sqr(v); }, Decimal("1e30"), Decimal(limit)};
}

/// 25 - (v - 10)^2, as an interval function that is no wider than it has to be.
Hill parabola(const char* limit) {
  return {[](const Interval& v) { return 25 - sqr(v - 10); }, Decimal("10"), Decimal(limit)};
}

std::string text_of(const Solution& solution) {
  std::string text;
  for (const Piece& piece : solution.pieces) {
    const char* truth = piece.truth == Truth::holds ? "holds" : piece.truth == Truth::fails ? "fails" : "open";
    text += std::string(text.empty() ? "" : " ") + truth + " " + piece.from.text() + ".." + piece.to.text();
  }
  return text;
}

const SearchOptions kIntegers{Numbers::integers};

TEST_CASE("integers that follow each other are the ends of a change") {
  const Solution found = solve(square("1000").condition(), Decimal("1"), Decimal("1e9"), kIntegers);
  CHECK(text_of(found) == "holds 1..31 fails 32..1000000000");
  CHECK(found.change == Change::only_to_fails);
  CHECK(found.is_complete());
  CHECK(text_of(solve(square("961").condition(), Decimal("1"), Decimal("100"), kIntegers)) ==
        "holds 1..31 fails 32..100");
  CHECK(text_of(solve(square("960").condition(), Decimal("1"), Decimal("100"), kIntegers)) ==
        "holds 1..30 fails 31..100");
  CHECK(text_of(solve(square("1").condition(), Decimal("1"), Decimal("2"), kIntegers)) == "holds 1..1 fails 2..2");
}

TEST_CASE("everywhere, nowhere, and one value") {
  CHECK(text_of(solve(square("1e9").condition(), Decimal("1"), Decimal("100"), kIntegers)) == "holds 1..100");
  CHECK(text_of(solve(square("1/2").condition(), Decimal("1"), Decimal("100"), kIntegers)) == "fails 1..100");
  CHECK(text_of(solve(square("9").condition(), Decimal("3"), Decimal("3"), kIntegers)) == "holds 3..3");
  CHECK(text_of(solve(square("9").condition(), Decimal("3"), Decimal("3"), {})) == "holds 3..3");
}

TEST_CASE("reals are bracketed to the width that was asked for, both ends decided") {
  for (const double gap : {1e-3, 1e-12, 1e-40}) {
    const Solution found = solve(square("2").condition(), Decimal("0"), Decimal("1e6"), {Numbers::reals, gap});
    REQUIRE(found.pieces.size() == 2);
    const Interval last = found.pieces[0].to.at(kBits), first = found.pieces[1].from.at(kBits);
    CHECK(certainly_less_equal(sqr(last), Interval(2, kBits)));
    CHECK(certainly_less(Interval(2, kBits), sqr(first)));
    CHECK(certainly_less_equal(first - last, last * Interval(gap, kBits)));
    CHECK(found.is_complete());
  }
}

TEST_CASE("a condition that changes more than once is not called monotone, and every change is found") {
  const Solution integers = solve(parabola("16").condition(), Decimal("1"), Decimal("1000"), kIntegers);
  CHECK(text_of(integers) == "holds 1..7 fails 8..12 holds 13..1000");
  CHECK(integers.change == Change::any);
  CHECK(integers.is_complete());
  const Solution reals = solve(parabola("16").condition(), Decimal("1"), Decimal("50"), {Numbers::reals, 1e-9});
  REQUIRE(reals.pieces.size() == 3);
  CHECK(reals.pieces[1].truth == Truth::fails);
  CHECK(reals.change == Change::any);
}

TEST_CASE("what is not proved stays open") {
  // Values are decided one by one, and nothing is known of intervals.
  Condition condition = square("1000").condition();
  condition.over = [](const Decimal&, const Decimal&) { return Condition::Over{}; };
  CHECK(text_of(solve(condition, Decimal("1"), Decimal("60"), kIntegers)) == "holds 1..31 fails 32..60");
  const Solution few = solve(condition, Decimal("1"), Decimal("1e9"), {Numbers::integers, 1e-12, 50});
  CHECK_FALSE(few.is_complete());
  CHECK(few.change == Change::any);
  const Solution reals = solve(condition, Decimal("1"), Decimal("2"), {Numbers::reals, 1e-12, 50});
  CHECK_FALSE(reals.is_complete());
  CHECK(few.pieces.back().truth == Truth::open);
}

TEST_CASE("values that cannot be decided are left between the ends") {
  const auto truth = [](const Decimal& at) {
    const auto value = *integer_of(at);
    return value < 40 ? Truth::holds : value > 50 ? Truth::fails : Truth::open;
  };
  const Condition condition{truth, [](const Decimal&, const Decimal&) {
                              return Condition::Over{Truth::open, Change::only_to_fails};
                            }};
  CHECK(text_of(solve(condition, Decimal("1"), Decimal("1000"), kIntegers)) ==
        "holds 1..39 open 40..50 fails 51..1000");
  CHECK(text_of(solve(condition, Decimal("45"), Decimal("1000"), kIntegers)) == "open 45..50 fails 51..1000");
  CHECK(text_of(solve(condition, Decimal("1"), Decimal("45"), kIntegers)) == "holds 1..39 open 40..45");
}

TEST_CASE("several conditions hold where each does") {
  const auto at = [](const Hill& hill, Numbers numbers) {
    return solve(hill.condition(), Decimal("1"), Decimal("1000"), {numbers, 1e-9});
  };
  const Solution both =
      conjunction({at(square("10000"), Numbers::integers), at(parabola("16"), Numbers::integers)}, Numbers::integers);
  CHECK(text_of(both) == "holds 1..7 fails 8..12 holds 13..100 fails 101..1000");
  CHECK(both.change == Change::any);
  // One condition changes where the other fails: nothing is left open there.
  const Solution hidden =
      conjunction({at(square("81"), Numbers::reals), at(parabola("16"), Numbers::reals)}, Numbers::reals);
  CHECK(hidden.pieces.size() == 2);
  CHECK(hidden.is_complete());
  const Solution reals =
      conjunction({at(square("10000"), Numbers::reals), at(parabola("16"), Numbers::reals)}, Numbers::reals);
  REQUIRE(reals.pieces.size() == 4);
  CHECK(reals.is_complete());
  CHECK(reals.pieces[3].truth == Truth::fails);
  const Solution twice =
      conjunction({at(square("10000"), Numbers::reals), at(square("10000"), Numbers::reals)}, Numbers::reals);
  CHECK(text_of(twice) == text_of(at(square("10000"), Numbers::reals)));
  CHECK(twice.change == Change::only_to_fails);
  // In a gap next to what is not defined neither verdict is proved.
  const Solution undefined{{{Decimal("1"), Decimal("1000"), Truth::undefined}}, Change::any};
  const Solution beside = conjunction({undefined, at(square("10000"), Numbers::reals)}, Numbers::reals);
  REQUIRE(beside.pieces.size() == 2);
  CHECK(beside.pieces[0].truth == Truth::undefined);
  CHECK(beside.pieces[1].truth == Truth::fails);
  CHECK(certainly_less(beside.pieces[0].to.at(kBits), beside.pieces[1].from.at(kBits)));
  CHECK_THROWS_AS(static_cast<void>(conjunction({}, Numbers::reals)), std::invalid_argument);
}

TEST_CASE("bad ranges are refused") {
  const Condition condition = square("2").condition();
  CHECK_THROWS_AS(static_cast<void>(solve(condition, Decimal("2"), Decimal("1"), {})), std::invalid_argument);
  CHECK_THROWS_AS(static_cast<void>(solve(condition, Decimal("-2"), Decimal("1"), {})), std::invalid_argument);
  CHECK_THROWS_AS(static_cast<void>(solve(condition, Decimal("1"), Decimal("1.5"), kIntegers)), std::invalid_argument);
  CHECK_THROWS_AS(static_cast<void>(solve(condition, Decimal("1"), Decimal("2"), {Numbers::reals, 1e-90})),
                  std::invalid_argument);
}

}  // namespace
}  // namespace assay
