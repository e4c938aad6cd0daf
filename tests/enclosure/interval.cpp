// What an Interval is: its construction, ends, comparisons, set operations, copies.

#include "enclosure/interval.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "support/exact.hpp"
#include "support/special.hpp"

using namespace assay;

namespace {

Interval interval(double lo, double hi) {
  return Interval::between(lo, hi, 53);
}

// What must not compile. The types are parameters, so that a missing operator is an answer instead of an error.
template <class A, class B>
concept Ordered = requires(const A& a, const B& b) {
  a < b;
}
|| requires(const A& a, const B& b) {
  a > b;
}
|| requires(const A& a, const B& b) {
  a <= b;
}
|| requires(const A& a, const B& b) {
  a >= b;
};
template <class A, class B>
concept Equated = requires(const A& a, const B& b) {
  a == b;
}
|| requires(const A& a, const B& b) {
  a != b;
};
template <class A, class B>
concept Combined = requires(const A& a, const B& b) {
  a + b;
}
|| requires(const A& a, const B& b) {
  a - b;
}
|| requires(const A& a, const B& b) {
  a* b;
}
|| requires(const A& a, const B& b) {
  a / b;
};
template <class A, class B>
concept Accumulated = requires(A& a, const B& b) {
  a += b;
}
|| requires(A& a, const B& b) {
  a -= b;
}
|| requires(A& a, const B& b) {
  a *= b;
}
|| requires(A& a, const B& b) {
  a /= b;
};

template <class... B>
constexpr bool never_ordered = (... && (!Ordered<Interval, B> && !Ordered<B, Interval> && !Equated<Interval, B> &&
                                        !Equated<B, Interval>));
template <class... F>
constexpr bool never_mixed = (... && (!Combined<Interval, F> && !Combined<F, Interval> && !Accumulated<Interval, F> &&
                                      !std::is_convertible_v<F, Interval> && !std::is_constructible_v<Interval, F> &&
                                      !std::is_convertible_v<Interval, F>));
template <class... I>
constexpr bool mixed_with_integers = (... && (Combined<Interval, I> && Combined<I, Interval>));

static_assert(never_ordered<Interval, double, float, long double, int, long, bool>);
static_assert(never_mixed<double, float, long double>);
static_assert(mixed_with_integers<int, long, long long, unsigned, std::size_t, char, bool>);
static_assert(Ordered<int, double> && Combined<int, double> && Accumulated<double, int>, "the concepts can say yes");
static_assert(std::is_nothrow_move_constructible_v<Interval> && std::is_nothrow_move_assignable_v<Interval>);

}  // namespace

TEST_CASE("a default interval is 0 and raises no precision") {
  const Interval zero;
  CHECK(zero.is_point());
  CHECK(contains(zero, 0));
  CHECK((Interval(1, 24) + zero).bits() == 24);
}

TEST_CASE("a double enters as the exact number that it is, or enclosed if the precision is lower") {
  for (std::uint64_t seed = 1; seed <= random_cases(500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const double x = random.any_double();
    const Interval full(x, 53), low(x, 20);
    CHECK(full.is_point());
    CHECK(contains(full, exact(x)));
    CHECK(full.contains(x));
    CHECK(same(low, around(exact(x), 20)));
  }
  CHECK(contains(Interval(-0.0, 53), 0));
  CHECK(is_whole_line(Interval(kNan, 53)));
}

TEST_CASE("0.1 is not 1/10, and 1/10 is enclosed by ratio") {
  const Rational tenth(1, 10);
  CHECK_FALSE(contains(Interval(0.1, 200), tenth));
  CHECK(same(Interval::ratio(1, 10, 200), around(tenth, 200)));
  CHECK(same(Interval::ratio(-7, -21, 53), around(Rational(1, 3), 53)));
  CHECK(contains(Interval::ratio(std::numeric_limits<long>::max(), 3, 24),
                 Rational(std::numeric_limits<long>::max()) / 3));
  CHECK_THROWS_AS(Interval::ratio(1, 0, 53), std::invalid_argument);
}

TEST_CASE("integers enter exactly or enclosed") {
  for (const long k :
       {0L, 1L, -1L, 9007199254740993L, std::numeric_limits<long>::max(), std::numeric_limits<long>::min()})
    for (const Bits bits : {10L, 53L, 64L}) CHECK(same(Interval::from_integer(k, bits), around(Rational(k), bits)));
}

TEST_CASE("a precision below 1 bit is the caller's mistake") {
  CHECK_THROWS_AS(Interval(1, 0), std::invalid_argument);
  CHECK_THROWS_AS(Interval::whole_line(-1), std::invalid_argument);
  CHECK_THROWS_AS(Interval().rounded_to(0), std::invalid_argument);
}

TEST_CASE("between takes its ends as they are and refuses what is no interval") {
  const Interval a = Interval::between(-0.1, 0.3, 53);
  CHECK(lower_end(a) == exact(-0.1));
  CHECK(upper_end(a) == exact(0.3));
  CHECK(same(Interval::between(-0.1, 0.3, 10), around(exact(-0.1), exact(0.3), 10)));
  CHECK(is_whole_line(interval(-kInf, kInf)));
  CHECK_THROWS_AS(interval(1, 0), std::invalid_argument);
  CHECK_THROWS_AS(interval(kNan, 0), std::invalid_argument);
  CHECK_THROWS_AS(interval(0, kNan), std::invalid_argument);
}

TEST_CASE("rounding to another precision never loses a number") {
  for (std::uint64_t seed = 1; seed <= random_cases(500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_bounded(random);
    const Bits bits = random.integer(2, 300);
    const Interval rounded = a.rounded_to(bits);
    CHECK(rounded.bits() == bits);
    CHECK(same(rounded, around(lower_end(a), upper_end(a), bits)));
  }
}

TEST_CASE("ends as doubles are rounded outward") {
  for (std::uint64_t seed = 1; seed <= random_cases(1000); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_bounded(random);
    const double lo = a.lower_double(), hi = a.upper_double();
    if (std::isfinite(lo)) CHECK(exact(lo) <= lower_end(a));
    if (std::isfinite(hi)) CHECK(exact(hi) >= upper_end(a));
    CHECK(lo < kInf);
    CHECK(hi > -kInf);
    // The nearest ones: one step inward is too far.
    const double inside_lo = std::nextafter(lo, kInf), inside_hi = std::nextafter(hi, -kInf);
    if (std::isfinite(inside_lo)) CHECK(exact(inside_lo) > lower_end(a));
    if (std::isfinite(inside_hi)) CHECK(exact(inside_hi) < upper_end(a));
  }
}

TEST_CASE("doubles around numbers beyond their range") {
  constexpr double kLargest = std::numeric_limits<double>::max(), kLeast = std::numeric_limits<double>::denorm_min();
  const Interval huge = around(two_to(5000), 53), tiny = around(two_to(-5000), 53);
  CHECK(huge.lower_double() == kLargest);
  CHECK(huge.upper_double() == kInf);
  CHECK((-huge).lower_double() == -kInf);
  CHECK((-huge).upper_double() == -kLargest);
  CHECK(tiny.lower_double() == 0);
  CHECK(tiny.upper_double() == kLeast);
  CHECK((-tiny).lower_double() == -kLeast);
  CHECK((-tiny).upper_double() == 0);
}

TEST_CASE("the canary 1 + 2^-54 is enclosed by 1 and the double above it") {
  const Interval canary = (Interval(1, 100) + Interval(0x1p-54, 100));
  REQUIRE(canary.is_point());
  const Interval at53 = canary.rounded_to(53);
  CHECK_FALSE(at53.is_point());
  CHECK(at53.contains(1.0));
  CHECK(at53.contains(1.0 + 0x1p-52));
  CHECK(same(Interval(1, 53) + Interval(0x1p-54, 53), at53));
  CHECK(canary.lower_double() == 1.0);
  CHECK(canary.upper_double() == 1.0 + 0x1p-52);
  CHECK((-canary).lower_double() == -1.0 - 0x1p-52);
  CHECK((-canary).upper_double() == -1.0);
}

TEST_CASE("a double near the middle lies in the interval's reach") {
  CHECK(interval(1, 3).approx_double() == 2);
  CHECK(Interval(0.1, 53).approx_double() == 0.1);
  CHECK(std::isfinite(interval(1.7e308, 1.75e308).approx_double()));
}

TEST_CASE("lower and upper are the ends") {
  const Interval a = Interval::between(-1.5, kInf, 53);
  CHECK(same(a.lower(), Interval(-1.5, 53)));
  CHECK(a.lower().is_point());
  CHECK_FALSE(a.upper().is_finite());
  CHECK(a.upper().lower_double() > 1e308);
  CHECK(same(interval(2, 5).upper(), Interval(5, 53)));
}

TEST_CASE("questions to one interval") {
  CHECK(interval(2, 2).is_point());
  CHECK_FALSE(interval(2, 3).is_point());
  CHECK_FALSE(Interval(kInf, 53).is_point());
  CHECK(interval(2, 3).is_finite());
  CHECK_FALSE(interval(2, kInf).is_finite());
  CHECK_FALSE(interval(-kInf, 3).is_finite());
  CHECK(interval(-1, 0).contains_zero());
  CHECK(interval(0, 1).contains_zero());
  CHECK_FALSE(interval(0x1p-1074, 1).contains_zero());
  CHECK_FALSE(interval(-1, -0x1p-1074).contains_zero());
  CHECK(interval(1, 2).contains(1.0));
  CHECK(interval(1, 2).contains(2.0));
  CHECK_FALSE(interval(1, 2).contains(std::nextafter(1.0, 0.0)));
  CHECK_FALSE(interval(1, 2).contains(std::nextafter(2.0, 3.0)));
  CHECK_FALSE(interval(1, 2).contains(kNan));
  CHECK_FALSE(Interval::whole_line(53).contains(kNan));
  CHECK(interval(1, 2).contains(interval(1, 2)));
  CHECK_FALSE(interval(1, 2).contains(interval(1, 3)));
  CHECK_FALSE(interval(1, 2).contains(interval(0, 2)));
}

TEST_CASE("comparisons say yes exactly when every pair of numbers does") {
  const std::vector<double> ends{-kInf, -2, -1, 0, 1, 2, kInf};
  std::vector<std::pair<double, double>> all;
  for (const double lo : ends)
    for (const double hi : ends)
      if (lo <= hi && std::isfinite(lo == hi ? lo : 0)) all.emplace_back(lo, hi);
  for (const auto& [alo, ahi] : all) {
    const Interval a = interval(alo, ahi);
    CHECK(certainly_positive(a) == (alo > 0));
    CHECK(certainly_nonnegative(a) == (alo >= 0));
    CHECK(certainly_negative(a) == (ahi < 0));
    for (const auto& [blo, bhi] : all) {
      const Interval b = interval(blo, bhi);
      const std::array four{alo, ahi, blo, bhi};
      CAPTURE(four[0]);
      CAPTURE(four[1]);
      CAPTURE(four[2]);
      CAPTURE(four[3]);
      CHECK(certainly_less(a, b) == (ahi < blo));
      CHECK(certainly_less_equal(a, b) == (ahi <= blo));
      CHECK(overlap(a, b) == (std::max(alo, blo) <= std::min(ahi, bhi)));
    }
  }
}

TEST_CASE("comparisons of overlapping intervals prove nothing either way") {
  const Interval a = interval(0, 2), b = interval(1, 3), same_as_a = a;
  CHECK_FALSE((certainly_less(a, b) || certainly_less(b, a)));
  CHECK_FALSE((certainly_less_equal(a, same_as_a) || certainly_less(a, same_as_a)));
  CHECK(certainly_less_equal(interval(0, 1), interval(1, 2)));
  CHECK_FALSE(certainly_less(interval(0, 1), interval(1, 2)));
}

TEST_CASE("hull, intersection, minimum, maximum and absolute value have the exact ends") {
  for (std::uint64_t seed = 1; seed <= random_cases(500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_bounded(random), b = random_bounded(random);
    const Rational alo = lower_end(a), ahi = upper_end(a), blo = lower_end(b), bhi = upper_end(b);
    const Bits bits = std::max(a.bits(), b.bits());
    const Rational lower = std::min(alo, blo), upper = std::max(ahi, bhi), low_top = std::min(ahi, bhi);
    const Rational high_bottom = std::max(alo, blo);
    CHECK(same(hull(a, b), around(lower, upper, bits)));
    CHECK(same(max(a, b), around(high_bottom, upper, bits)));
    CHECK(same(min(a, b), around(lower, low_top, bits)));
    if (overlap(a, b))
      CHECK(same(intersection(a, b), around(high_bottom, low_top, bits)));
    else
      CHECK_THROWS_AS(intersection(a, b), std::logic_error);
    const Rational nearest = contains(a, 0) ? Rational(0) : std::min(magnitude(alo), magnitude(ahi));
    CHECK(same(abs(a), around(nearest, std::max(magnitude(alo), magnitude(ahi)), a.bits())));
    CHECK(same(-a, around(-ahi, -alo, a.bits())));
  }
}

TEST_CASE("two enclosures of one number that are disjoint are a contradiction") {
  CHECK_THROWS_AS(intersection(interval(0, 1), interval(2, 3)), std::logic_error);
  CHECK_THROWS_AS(intersection(interval(2, 3), interval(0, 1)), std::logic_error);
  CHECK(same(intersection(interval(0, 1), interval(1, 2)), interval(1, 1)));
}

TEST_CASE("the nonnegative part") {
  CHECK(same(nonnegative_part(interval(-1, 2)), interval(0, 2)));
  CHECK(same(nonnegative_part(interval(1, 2)), interval(1, 2)));
  CHECK(same(nonnegative_part(interval(-1, 0)), interval(0, 0)));
  CHECK(same(nonnegative_part(Interval::whole_line(53)), interval(0, kInf)));
  CHECK_THROWS_AS(nonnegative_part(interval(-2, -1)), std::logic_error);
}

TEST_CASE("the relative width is bounded from above, closely") {
  for (std::uint64_t seed = 1; seed <= random_cases(500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_bounded(random);
    const double bound = a.relative_width();
    const Rational lo = lower_end(a), hi = upper_end(a);
    if (lo == hi) {
      CHECK(bound == 0);
    } else if (contains(a, 0)) {
      CHECK(bound == kInf);
    } else {
      const Rational truth = (hi - lo) / std::min(magnitude(lo), magnitude(hi));
      if (std::isfinite(bound)) CHECK(exact(bound) >= truth);
      // The division happens at the precision of the interval.
      if (a.bits() >= 24 && truth < two_to(900))
        CHECK(exact(bound) <= truth * Rational(1'000'001, 1'000'000) + two_to(-1074));
    }
  }
  CHECK(Interval().relative_width() == 0);
  CHECK(interval(1, kInf).relative_width() == kInf);
  CHECK(interval(-1, 1).relative_width() == kInf);
  CHECK(interval(0, 1).relative_width() == kInf);
  CHECK(interval(1, 2).relative_width() == 1);
  CHECK(interval(-2, -1).relative_width() == 1);
}

TEST_CASE("copies keep the precision and the ends, and what was moved from can be assigned to") {
  const Interval third = Interval::ratio(1, 3, 777);
  Interval copy = third;
  CHECK(copy.bits() == 777);
  CHECK(same(copy, third));
  Interval taken = std::move(copy);
  CHECK(same(taken, third));
  copy = third;
  CHECK(copy.bits() == 777);
  CHECK(same(copy, third));
  taken = std::move(copy);
  copy = std::move(taken);
  taken = Interval(2, 30);
  CHECK(same(copy, third));
  CHECK(same(taken, Interval(2, 30)));
  Interval& self = copy;
  copy = self;
  CHECK(same(copy, third));

  std::vector<Interval> many(3, third);
  many.erase(many.begin());
  many.insert(many.begin(), Interval(5, 53));
  many.resize(10, third);
  CHECK(same(many[0], Interval(5, 53)));
  CHECK(same(many[1], third));
  CHECK(same(many[9], third));
}

TEST_CASE("threads do not disturb each other") {
  const auto sum_up = [](Bits bits) {
    Interval sum = Interval::from_integer(0, bits);
    for (long k = 1; k <= 2000; ++k) {
      sum.add_product(Interval::ratio(1, k, bits), Interval::ratio(-1, k + 1, bits))
          .add_multiple(3, Interval::pi(bits));
      sum.add_product(0.1, 1.0 / static_cast<double>(k));
    }
    return sum;
  };
  const std::vector<Bits> precisions{53, 64, 200, 53};
  std::vector<Interval> results(precisions.size());
  {
    std::vector<std::jthread> workers;
    for (std::size_t k = 0; k < precisions.size(); ++k)
      workers.emplace_back([&, k] {
        results[k] = sum_up(precisions[k]);
        mpfr_free_cache();
      });
  }
  for (std::size_t k = 0; k < precisions.size(); ++k) {
    CHECK(results[k].bits() >= precisions[k]);
    CHECK(same(results[k], sum_up(precisions[k])));
  }
}
