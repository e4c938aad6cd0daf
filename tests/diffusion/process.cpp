#include "diffusion/process.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "laws.hpp"

namespace assay {
namespace {

constexpr Bits truth = 400;

TEST_CASE("alpha, h and g contain their definitions at high precision") {
  for (const Process& process : all_processes()) {
    CAPTURE(process.description());
    for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
      CAPTURE(seed);
      Random random(seed);
      const double t = random_time(random);
      const Interval alpha = plain_alpha(process, Interval(t, truth));
      const Interval h = 1 - sqr(alpha);
      for (const Bits bits : {53, 64, 200}) {
        const Interval time(t, bits);
        REQUIRE(process.alpha(time).contains(alpha));
        REQUIRE(process.h(time).contains(h));
        // Tight however small t is: h keeps its relative accuracy.
        REQUIRE(process.alpha(time).relative_width() < std::ldexp(512, -static_cast<int>(bits)));
        REQUIRE(process.h(time).relative_width() < std::ldexp(512, -static_cast<int>(bits)));
      }
      // g = -2 alpha' / alpha, by a difference quotient at high precision: |error| <= step^2 sup |(log alpha)'''| / 3.
      const Interval step(0x1p-80, truth), time(t, truth);
      const Interval quotient =
          (log(plain_alpha(process, time - step)) - log(plain_alpha(process, time + step))) / step;
      const Interval g = process.g(time);
      REQUIRE(abs(g - quotient).upper_double() <= 1e-30);
      REQUIRE(process.g(Interval(t, 53)).contains(g));
    }
  }
}

TEST_CASE("values at a wide time contain those inside and are no wider than their ends") {
  for (const Process& process : all_processes()) {
    CAPTURE(process.description());
    for (std::uint64_t seed = 1; seed <= random_cases(30); ++seed) {
      Random random(seed);
      const double a = random_time(random), b = random_time(random), lo = std::min(a, b), hi = std::max(a, b);
      const Interval times = Interval::between(lo, hi, 64), inside(random.between(lo, hi), 200);
      REQUIRE(process.alpha(times).contains(process.alpha(inside)));
      REQUIRE(process.h(times).contains(process.h(inside)));
      REQUIRE(process.g(times).contains(process.g(inside)));
      REQUIRE(process.h(times).lower_double() == process.h(Interval(lo, 64)).lower_double());
      REQUIRE(process.h(times).upper_double() == process.h(Interval(hi, 64)).upper_double());
      REQUIRE(certainly_less_equal(process.g(inside), process.sup_g(Interval(lo, 64), Interval(hi, 64)).upper()));
    }
  }
}

TEST_CASE("the ends of time: t = 0, and t = 1 of the cosine schedule") {
  for (const Process& process : all_processes()) {
    const Interval start = Interval::from_integer(0, 64);
    CHECK(process.alpha(start).contains(1.0));
    CHECK(process.h(start).contains(0.0));
    CHECK(process.h(start).upper_double() == 0);
  }
  const Process cosine = Process::cosine(Decimal("0.008"));
  const Interval end = Interval::from_integer(1, 64);
  CHECK(cosine.alpha(end).contains(0.0));
  CHECK(cosine.alpha(end).upper_double() < 1e-15);
  CHECK(std::isinf(cosine.g(end).upper_double()));
  CHECK(cosine.sup_g(Interval(0.25, 64), Interval(0.5, 64)).upper_double() < 4);
}

TEST_CASE("parameters and times without a meaning are refused") {
  CHECK_THROWS_AS(Process::constant(Decimal("0")), std::invalid_argument);
  CHECK_THROWS_AS(Process::linear(Decimal("-1"), Decimal("2")), std::invalid_argument);
  CHECK_THROWS_AS(Process::linear(Decimal("0"), Decimal("0")), std::invalid_argument);
  CHECK_THROWS_AS(Process::cosine(Decimal("-0.1")), std::invalid_argument);
  CHECK_THROWS_AS(Process::constant(Decimal("1")).alpha(Interval(-1.0, 64)), std::invalid_argument);
  CHECK_THROWS_AS(Process::cosine(Decimal("0")).h(Interval(1.5, 64)), std::invalid_argument);
  CHECK_THROWS_AS(Process::linear(Decimal("3"), Decimal("0")).g(Interval(1.5, 64)), std::invalid_argument);
  CHECK_NOTHROW(Process::linear(Decimal("3"), Decimal("4")).g(Interval(1.5, 64)));
}

}  // namespace
}  // namespace assay
