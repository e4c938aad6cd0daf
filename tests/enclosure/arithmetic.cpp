// + - * / and their kin against exact rationals: contained at members, tightest for bounded operands, isotone.

#include <doctest/doctest.h>

#include <algorithm>
#include <climits>
#include <limits>
#include <string>

#include "enclosure/interval.hpp"
#include "support/exact.hpp"
#include "support/special.hpp"

using namespace assay;

namespace {

struct Operation {
  const char* name;
  Interval (*enclosed)(const Interval&, const Interval&);
  Rational (*exactly)(const Rational&, const Rational&);
};

const Operation kOperations[] = {
    {"+", [](const Interval& a, const Interval& b) { return a + b; },
     [](const Rational& x, const Rational& y) { return Rational(x + y); }},
    {"-", [](const Interval& a, const Interval& b) { return a - b; },
     [](const Rational& x, const Rational& y) { return Rational(x - y); }},
    {"*", [](const Interval& a, const Interval& b) { return a * b; },
     [](const Rational& x, const Rational& y) { return Rational(x * y); }},
    {"/", [](const Interval& a, const Interval& b) { return a / b; },
     [](const Rational& x, const Rational& y) { return Rational(x / y); }},
    {"+=", [](const Interval& a, const Interval& b) { return Interval(a) += b; },
     [](const Rational& x, const Rational& y) { return Rational(x + y); }},
    {"-=", [](const Interval& a, const Interval& b) { return Interval(a) -= b; },
     [](const Rational& x, const Rational& y) { return Rational(x - y); }},
    {"*=", [](const Interval& a, const Interval& b) { return Interval(a) *= b; },
     [](const Rational& x, const Rational& y) { return Rational(x * y); }},
    {"/=", [](const Interval& a, const Interval& b) { return Interval(a) /= b; },
     [](const Rational& x, const Rational& y) { return Rational(x / y); }},
};

bool divides(const Operation& operation) {
  return operation.name[0] == '/';
}

/// The tightest interval around operation(x, y) for x in a, y in b: the extremes lie at the corners.
Interval tightest(const Operation& operation, const Interval& a, const Interval& b) {
  const Rational corners[] = {
      operation.exactly(lower_end(a), lower_end(b)), operation.exactly(lower_end(a), upper_end(b)),
      operation.exactly(upper_end(a), lower_end(b)), operation.exactly(upper_end(a), upper_end(b))};
  const auto [lo, hi] = std::minmax_element(std::begin(corners), std::end(corners));
  return around(*lo, *hi, std::max(a.bits(), b.bits()));
}

Rational whole_power(const Rational& x, long k) {
  Rational result = 1;
  for (long i = 0; i < k; ++i) result *= x;
  return result;
}

const long kIntegers[] = {0, 1, -1, 2, -2, 3, 10, -17, 1'000'003, INT_MAX, INT_MIN, LONG_MAX, LONG_MIN, LONG_MIN + 1};

}  // namespace

TEST_CASE("operations contain the exact result of any two members") {
  for (std::uint64_t seed = 1; seed <= random_cases(1500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_interval(random), b = random_interval(random);
    for (int member = 0; member < 2; ++member) {
      const Rational x = random_member(random, a), y = random_member(random, b);
      for (const Operation& operation : kOperations) {
        if (divides(operation) && y == 0) continue;
        CAPTURE(std::string(operation.name));
        CHECK(contains(operation.enclosed(a, b), operation.exactly(x, y)));
      }
    }
  }
}

TEST_CASE("operations on bounded operands give the tightest interval, of the larger precision") {
  for (std::uint64_t seed = 1; seed <= random_cases(800); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_bounded(random), b = random_bounded(random);
    for (const Operation& operation : kOperations) {
      if (divides(operation) && contains(b, 0)) continue;
      CAPTURE(std::string(operation.name));
      const Interval result = operation.enclosed(a, b);
      CHECK(result.bits() == std::max(a.bits(), b.bits()));
      CHECK(same(result, tightest(operation, a, b)));
    }
  }
}

TEST_CASE("operations on larger intervals give larger intervals") {
  for (std::uint64_t seed = 1; seed <= random_cases(800); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    // One precision for all, because a coarser rounding may lie on either side of a finer one.
    const auto operand = [&random] { return random_interval(random).rounded_to(64); };
    const Interval a = operand(), b = operand(), larger_a = hull(a, operand()), larger_b = hull(b, operand());
    for (const Operation& operation : kOperations) {
      CAPTURE(std::string(operation.name));
      CHECK(operation.enclosed(larger_a, larger_b).contains(operation.enclosed(a, b)));
    }
    CHECK(sqr(larger_a).contains(sqr(a)));
    CHECK(power(larger_a, 3).contains(power(a, 3)));
    CHECK(abs(larger_a).contains(abs(a)));
    CHECK(max(larger_a, larger_b).contains(max(a, b)));
    CHECK(min(larger_a, larger_b).contains(min(a, b)));
  }
}

TEST_CASE("an operand may be the result") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_interval(random), copy = a;
    Interval sum = a, difference = a, product = a, quotient = a, fused = a, multiple = a, mixed = a;
    const Interval b = random_interval(random);
    CHECK(same(sum += sum, a + copy));
    CHECK(same(difference -= difference, a - copy));
    CHECK(same(product *= product, a * copy));
    CHECK(same(quotient /= quotient, a / copy));
    CHECK(same(fused.add_product(fused, fused), Interval(a).add_product(copy, copy)));
    CHECK(same(mixed.add_product(b, mixed), Interval(a).add_product(b, copy)));
    CHECK(same(multiple.add_multiple(-7, multiple), Interval(a).add_multiple(-7, copy)));
  }
}

TEST_CASE("the square contains every square and nothing negative, tightly") {
  for (std::uint64_t seed = 1; seed <= random_cases(800); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_interval(random);
    const Interval square = sqr(a);
    const Rational x = random_member(random, a);
    CHECK(contains(square, x * x));
    CHECK(certainly_nonnegative(square));
    if (!a.is_finite()) continue;
    const Rational lo = magnitude(lower_end(a)), hi = magnitude(upper_end(a));
    const Rational nearest = contains(a, 0) ? Rational(0) : std::min(lo, hi), farthest = std::max(lo, hi);
    CHECK(same(square, around(nearest * nearest, farthest * farthest, a.bits())));
  }
}

TEST_CASE("integer powers contain the powers of members") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_interval(random);
    const Rational x = random_member(random, a);
    for (const long k : {0L, 1L, 2L, 3L, 4L, 5L, 7L, 11L}) {
      CAPTURE(k);
      CHECK(contains(power(a, k), whole_power(x, k)));
    }
    CHECK(same(power(a, 0), Interval(1, 53)));
    CHECK(same(power(a, 1), a));
  }
  CHECK(same(power(Interval(2, 10), 1000), around(two_to(1000), 10)));
  CHECK(same(power(Interval(3, 200), 100), around(whole_power(3, 100), 200)));
  CHECK(power(Interval(3, 200), 100).is_point());
  CHECK_THROWS_AS(power(Interval(2, 53), -1), std::invalid_argument);
}

TEST_CASE("adding the product of two doubles rounds once") {
  for (std::uint64_t seed = 1; seed <= random_cases(1000); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval sum = random_interval(random);
    const double x = random.any_double(), y = random.one_in(3) ? random.between(-2, 2) : random.any_double();
    const Rational product = exact(x) * exact(y);
    const Interval result = Interval(sum).add_product(x, y);
    CHECK(contains(result, random_member(random, sum) + product));
    CHECK(result.bits() == sum.bits());
    if (sum.is_finite()) CHECK(same(result, around(lower_end(sum) + product, upper_end(sum) + product, sum.bits())));
  }
  CHECK(is_whole_line(Interval(1, 53).add_product(std::numeric_limits<double>::quiet_NaN(), 0.0)));
}

TEST_CASE("adding a product of intervals contains it and rounds it like the operators") {
  for (std::uint64_t seed = 1; seed <= random_cases(1000); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval sum = random_interval(random), a = random_interval(random), b = random_interval(random);
    const Interval result = Interval(sum).add_product(a, b);
    const Rational truth = random_member(random, sum) + random_member(random, a) * random_member(random, b);
    CHECK(contains(result, truth));
    const Bits wide = std::max({sum.bits(), a.bits(), b.bits()});
    CHECK(result.bits() == wide);
    CHECK(same(result, sum + a.rounded_to(wide) * b));
  }
}

TEST_CASE("adding a multiple contains it and rounds it like the operators") {
  for (std::uint64_t seed = 1; seed <= random_cases(500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval sum = random_interval(random), a = random_interval(random);
    for (const long k : kIntegers) {
      CAPTURE(k);
      const Interval result = Interval(sum).add_multiple(k, a);
      CHECK(contains(result, random_member(random, sum) + Rational(k) * random_member(random, a)));
      if (k != 0) CHECK(same(result, sum + a.rounded_to(std::max(sum.bits(), a.bits())) * k));
    }
  }
}

TEST_CASE("integers are exact operands") {
  for (std::uint64_t seed = 1; seed <= random_cases(500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_interval(random);
    const Rational x = random_member(random, a);
    for (const long k : kIntegers) {
      CAPTURE(k);
      const Rational exact_k(k);
      CHECK(contains(a + k, x + exact_k));
      CHECK(contains(k + a, x + exact_k));
      CHECK(contains(a - k, x - exact_k));
      CHECK(contains(k - a, exact_k - x));
      CHECK(contains(a * k, x * exact_k));
      CHECK(contains(k * a, x * exact_k));
      if (k != 0) CHECK(contains(a / k, x / exact_k));
      if (x != 0) CHECK(contains(k / a, exact_k / x));
      if (!a.is_finite()) continue;
      const Rational lo = lower_end(a), hi = upper_end(a);
      CHECK(same(a + k, around(lo + exact_k, hi + exact_k, a.bits())));
      CHECK(same(a - k, around(lo - exact_k, hi - exact_k, a.bits())));
      CHECK(same(k - a, around(exact_k - hi, exact_k - lo, a.bits())));
      CHECK(same(a * k, around(std::min(lo * exact_k, hi * exact_k), std::max(lo * exact_k, hi * exact_k), a.bits())));
    }
  }
}

TEST_CASE("integer operands of every type have their own value, or are refused") {
  const Interval a(1, 100);
  CHECK(contains(a + std::size_t{7}, 8));
  CHECK(contains(a + 'a', 98));
  CHECK(contains(a - true, 0));
  CHECK(contains(a - static_cast<short>(-5), 6));
  CHECK(contains(a * 4'000'000'000U, Rational(4'000'000'000L)));
  CHECK(contains(a - LONG_MIN, Rational(1) - Rational(LONG_MIN)));
  CHECK(contains(a + static_cast<unsigned long>(LONG_MAX), Rational(1) + Rational(LONG_MAX)));
  CHECK_THROWS_AS(a + ULONG_MAX, std::invalid_argument);
  CHECK_THROWS_AS(a - ULONG_MAX, std::invalid_argument);
  CHECK_THROWS_AS(a * ULONG_MAX, std::invalid_argument);
  CHECK_THROWS_AS(a / ULONG_MAX, std::invalid_argument);
  CHECK_THROWS_AS(ULONG_MAX / a, std::invalid_argument);
}

TEST_CASE("a division by an interval with 0 proves nothing") {
  const Interval one(1, 53), zero(0, 53);
  for (const Interval& divisor : {zero, Interval::between(0, 1, 53), Interval::between(-1, 0, 53),
                                  Interval::between(-1, 1, 53), Interval::whole_line(53), Interval(-0.0, 53)}) {
    for (const Interval& dividend : {one, -one, zero, Interval::between(-1, 1, 53), Interval::whole_line(53)}) {
      CHECK(is_whole_line(dividend / divisor));
      CHECK(is_whole_line(Interval(dividend) /= divisor));
    }
    CHECK(is_whole_line(1 / divisor));
    CHECK(is_whole_line(0 / divisor));
  }
  CHECK(is_whole_line(one / 0));
  CHECK(is_whole_line(zero / 0));
}

TEST_CASE("infinity minus infinity is the whole line") {
  const Interval whole = Interval::whole_line(53), above = Interval::between(0, kInf, 53), infinite = above.upper();
  CHECK(is_whole_line(whole - whole));
  CHECK(is_whole_line(whole + whole));
  CHECK(is_whole_line(above - above));
  CHECK(is_whole_line(infinite - infinite));
  CHECK(is_whole_line(infinite + -infinite));
  CHECK(is_whole_line(Interval(infinite) -= infinite));
  CHECK(is_whole_line(Interval(infinite).add_product(infinite, Interval(-1, 53))));
  CHECK(is_whole_line(Interval(infinite).add_multiple(-1, infinite)));
  CHECK(is_whole_line(Interval(infinite).add_multiple(-2, infinite)));
  CHECK(is_whole_line(Interval(infinite).add_product(-kInf, 1.0)));
  CHECK(same(above + above, above));
}

TEST_CASE("0 times an unbounded number is 0 or anything") {
  const Interval zero(0, 53), whole = Interval::whole_line(53), half = Interval::between(0, 1, 53);
  CHECK(contains(zero * whole, 0));
  CHECK(contains(whole * zero, 0));
  CHECK(contains(whole * 0, 0));
  CHECK(contains(Interval(zero).add_product(0.0, kInf), 0));
  for (const double x : {0.0, 0.5, 1e300}) CHECK((half * Interval::between(0, kInf, 53)).contains(x));
  CHECK((half * whole).contains(-1e300));
}

TEST_CASE("overflow and underflow keep the number inside") {
  Interval huge = power(Interval(2, 53), 1'000'000'000), tiny = 1 / huge;
  const Interval overflown = huge * huge, underflown = tiny * tiny;
  CHECK(overflown.lower_double() == std::numeric_limits<double>::max());
  CHECK(overflown.lower().is_finite());
  CHECK_FALSE(overflown.is_finite());
  CHECK(certainly_nonnegative(underflown));
  CHECK(contains(underflown, 0));
  CHECK_FALSE(underflown.is_point());
  CHECK(certainly_positive(tiny));
  CHECK(contains(huge * tiny, 1));
  CHECK_FALSE((-overflown).is_finite());
  CHECK(certainly_negative(-overflown));
}
