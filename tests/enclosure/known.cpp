// What is known from one side.

#include "enclosure/known.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <type_traits>

#include "support/exact.hpp"
#include "support/special.hpp"

using namespace assay;

namespace {

Interval at(double x) {
  return Interval(x, 64);
}
Interval between(double lo, double hi) {
  return Interval::between(lo, hi, 64);
}
bool is(const AtMost& x, double bound) {
  return same(x.bound(), at(bound));
}
bool is(const AtLeast& x, double bound) {
  return same(x.bound(), at(bound));
}

}  // namespace

TEST_CASE("a bound is no enclosure, and no bound from the other side") {
  CHECK_FALSE(std::is_convertible_v<AtMost, Interval>);
  CHECK_FALSE(std::is_convertible_v<AtLeast, Interval>);
  CHECK_FALSE(std::is_convertible_v<Interval, AtMost>);
  CHECK_FALSE(std::is_convertible_v<Interval, AtLeast>);
  CHECK_FALSE(std::is_constructible_v<AtMost, AtLeast>);
  CHECK_FALSE(std::is_constructible_v<AtLeast, AtMost>);
}

TEST_CASE("of an enclosed bound the end that is safe counts") {
  CHECK(is(AtMost(between(1, 2)), 2));
  CHECK(is(AtLeast(between(1, 2)), 1));
  CHECK_FALSE(AtMost(between(1, kInf)).is_finite());
  CHECK_FALSE(AtLeast(between(-kInf, 1)).is_finite());
  CHECK(AtMost(between(-kInf, 1)).is_finite());
  CHECK(AtLeast(between(1, kInf)).is_finite());
  CHECK_FALSE(AtMost::unknown().is_finite());
  CHECK_FALSE(AtLeast::unknown().is_finite());
}

TEST_CASE("sums, multiples and quotients of bounds stay on their side") {
  CHECK(is(AtMost(at(1)) + AtMost(at(2)), 3));
  CHECK(is(AtMost(at(1)) + between(2, 4), 5));
  CHECK(is(AtLeast(at(1)) + AtLeast(at(2)), 3));
  CHECK(is(AtLeast(at(1)) + between(2, 4), 3));
  CHECK(is(between(2, 3) * AtMost(at(1)), 3));
  CHECK(is(between(2, 3) * AtMost(at(-1)), -2));
  CHECK(is(between(2, 3) * AtLeast(at(1)), 2));
  CHECK(is(between(2, 3) * AtLeast(at(-1)), -3));
  CHECK(is(AtMost(at(6)) / between(2, 3), 3));
  CHECK(is(AtLeast(at(6)) / between(2, 3), 2));
  CHECK_FALSE((AtMost(at(1)) + AtMost::unknown()).is_finite());
  CHECK_FALSE((AtLeast(at(1)) + AtLeast::unknown()).is_finite());
}

TEST_CASE("a factor that may be negative, or a divisor that may vanish, leaves nothing known") {
  CHECK_FALSE((between(-1, 2) * AtMost(at(1))).is_finite());
  CHECK_FALSE((between(-1, 2) * AtLeast(at(1))).is_finite());
  for (const Interval& divisor : {between(0, 2), between(-2, -1)}) {
    CHECK_FALSE((AtMost(at(1)) / divisor).is_finite());
    CHECK_FALSE((AtLeast(at(1)) / divisor).is_finite());
  }
}

TEST_CASE("a function that falls turns the side around") {
  const auto square = [](const Interval& x) { return sqr(x); };
  const auto inverse = [](const Interval& x) { return 1 / x; };
  CHECK(is(increasing(AtMost(at(3)), square), 9));
  CHECK(is(increasing(AtLeast(at(3)), square), 9));
  const AtLeast least = decreasing(AtMost(at(4)), inverse);
  const AtMost most = decreasing(AtLeast(at(4)), inverse);
  CHECK(is(least, 0.25));
  CHECK(is(most, 0.25));
}

TEST_CASE("the better of two bounds is the tighter one") {
  CHECK(is(better(AtMost(at(1)), AtMost(at(2))), 1));
  CHECK(is(better(AtMost::unknown(), AtMost(at(2))), 2));
  CHECK(is(better(AtLeast(at(1)), AtLeast(at(2))), 2));
  CHECK(is(better(AtLeast(at(1)), AtLeast::unknown()), 1));
}

TEST_CASE("what is known has the range of its sense") {
  const Known enclosed = between(1, 2), most = AtMost(at(2)), least = AtLeast(at(1)), nothing;
  CHECK(enclosed.sense() == Sense::enclosure);
  CHECK(same(enclosed.range(), between(1, 2)));
  CHECK(most.sense() == Sense::at_most);
  CHECK(same(most.range(), between(-kInf, 2)));
  CHECK(least.sense() == Sense::at_least);
  CHECK(same(least.range(), between(1, kInf)));
  CHECK(is_whole_line(nothing.range()));
  CHECK(nothing.is_defined());
  const Known none = Known::undefined("it is 0/0");
  CHECK_FALSE(none.is_defined());
  CHECK(none.because() == "it is 0/0");
  CHECK(is_whole_line(none.range()));
  CHECK(most.because().empty());
}

TEST_CASE("two bounds of one number enclose it, or contradict each other") {
  const Known both = Known::between(AtLeast(at(1)), AtMost(at(2)));
  CHECK(both.sense() == Sense::enclosure);
  CHECK(same(both.range(), between(1, 2)));
  CHECK(Known::between(AtLeast(at(1)), AtMost(at(1))).range().is_point());
  CHECK(Known::between(AtLeast(at(1)), AtMost::unknown()).sense() == Sense::at_least);
  CHECK(Known::between(AtLeast::unknown(), AtMost(at(2))).sense() == Sense::at_most);
  CHECK_THROWS_AS(Known::between(AtLeast(at(2)), AtMost(at(1))), std::logic_error);
}

TEST_CASE("a bound cut to what always holds keeps its sense") {
  const Known norm = Known(AtMost(at(2))).within(nonnegative_line(64));
  CHECK(norm.sense() == Sense::at_most);
  CHECK(same(norm.range(), between(0, 2)));
  CHECK(same(Known(AtLeast(at(1))).within(between(0, 4)).range(), between(1, 4)));
  CHECK_FALSE(Known::undefined("no").within(between(0, 1)).is_defined());
  CHECK(same(nonnegative_line(64), between(0, kInf)));
}

TEST_CASE("multiples keep the sense, unless the factor may be negative") {
  const Interval factor = between(2, 3);
  const Known most = Known(AtMost(at(2))).scaled(factor), least = Known(AtLeast(at(2))).scaled(factor),
              enclosed = Known(between(1, 2)).scaled(factor);
  CHECK(most.sense() == Sense::at_most);
  CHECK(same(most.range(), between(-kInf, 6)));
  CHECK(least.sense() == Sense::at_least);
  CHECK(same(least.range(), between(4, kInf)));
  CHECK(enclosed.sense() == Sense::enclosure);
  CHECK(same(enclosed.range(), between(2, 6)));
  for (const Known& known : {Known(AtMost(at(2))), Known(AtLeast(at(2))), Known(between(1, 2))})
    CHECK(is_whole_line(known.scaled(between(-1, 1)).range()));
  CHECK(Known::undefined("no").scaled(factor).because() == "no");
  CHECK_FALSE(Known::undefined("no").scaled(between(-1, 1)).is_defined());
}

TEST_CASE("senses have names") {
  CHECK(name_of(Sense::enclosure) == "enclosure");
  CHECK(name_of(Sense::at_most) == "at_most");
  CHECK(name_of(Sense::at_least) == "at_least");
  CHECK(name_of(Sense::undefined) == "undefined");
}
