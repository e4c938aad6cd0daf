// Elementary functions: two precisions agree, identities hold, known digits are met, and what is undefined is the whole
// line.

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "enclosure/interval.hpp"
#include "support/exact.hpp"
#include "support/special.hpp"

using namespace assay;

namespace {

/// A monotone function with the doubles to try it on.
struct Function {
  const char* name;
  Interval (*f)(const Interval&);
  double lo, hi;
  bool increasing = true;
};

const Function kFunctions[] = {
    {"exp", exp, -800, 800},      {"expm1", expm1, -800, 800},   {"log", log, 1e-9, 1e9}, {"log1p", log1p, -1, 1e9},
    {"log10", log10, 1e-9, 1e9},  {"sqrt", sqrt, 0, 1e9},        {"tanh", tanh, -50, 50}, {"atanh", atanh, -1, 1},
    {"acos", acos, -1, 1, false}, {"erfc", erfc, -8, 40, false},
};

/// A double of the function's range: near the middle, near 0, or near an end.
double random_argument(Random& random, const Function& function) {
  for (;;) {
    double x = random.between(function.lo, function.hi);
    if (random.one_in(3)) x = std::ldexp(random.between(-1, 1), static_cast<int>(random.integer(-1000, 0)));
    if (random.one_in(5))
      x = random.one_of({function.lo, function.hi}) * (1 - std::ldexp(1, -static_cast<int>(random.integer(1, 53))));
    if (x > function.lo && x < function.hi) return x;
  }
}

/// The ends are equal or neighbours.
bool is_as_narrow_as_can_be(const Interval& a) {
  Interval next = a.lower();
  mpfr_nextabove(&next.mpfi()->left);
  return mpfr_lessequal_p(&a.mpfi()->right, &next.mpfi()->left) != 0;
}

/// The number with these leading digits, give or take one unit in the last place.
void check_known(const Interval& a, const std::string& digits) {
  CAPTURE(digits);
  const std::size_t point = digits.find('.'), e = std::min(digits.find('e'), digits.size());
  const long exponent = e < digits.size() ? std::stol(digits.substr(e + 1)) : 0;
  const Rational value = parse_exactly(digits);
  const Rational unit = parse_exactly("1e" + std::to_string(exponent - static_cast<long>(e - point - 1)));
  CHECK(contains(around(value - unit, value + unit, 400), lower_end(a)));
  CHECK(contains(around(value - unit, value + unit, 400), upper_end(a)));
}

Interval at200(double x) {
  return Interval(x, 200);
}

}  // namespace

TEST_CASE("functions at a higher precision lie in the tightest interval of a lower one") {
  for (const Function& function : kFunctions)
    for (std::uint64_t seed = 1; seed <= random_cases(150); ++seed) {
      CAPTURE(std::string(function.name));
      CAPTURE(seed);
      Random random(seed);
      const Bits bits = random.one_of<Bits>({53, 64, 100});
      const Interval x(random_argument(random, function), bits);
      const Interval low = function.f(x), high = function.f(x.rounded_to(2 * bits + 64));
      CHECK(low.bits() == bits);
      CHECK(low.contains(high));
      CHECK(is_as_narrow_as_can_be(low));
      CHECK(is_as_narrow_as_can_be(high));
    }
}

TEST_CASE("functions of an interval contain the values at its members, and no more") {
  for (const Function& function : kFunctions)
    for (std::uint64_t seed = 1; seed <= random_cases(100); ++seed) {
      CAPTURE(std::string(function.name));
      CAPTURE(seed);
      Random random(seed);
      double lo = random_argument(random, function), hi = random_argument(random, function);
      if (hi < lo) std::swap(lo, hi);
      const double member = std::min(hi, std::max(lo, random.between(lo, hi)));
      const Interval a = Interval::between(lo, hi, 53), value = function.f(a);
      CHECK(value.contains(function.f(Interval(member, 300))));
      CHECK(value.contains(function.f(Interval(lo, 300))));
      CHECK(value.contains(function.f(Interval(hi, 300))));
      CHECK(same(value, hull(function.f(a.lower()), function.f(a.upper()))));
      const Interval larger = hull(a, Interval(random_argument(random, function), 53));
      CHECK(function.f(larger).contains(value));
    }
}

TEST_CASE("functions increase or decrease") {
  for (const Function& function : kFunctions)
    for (std::uint64_t seed = 1; seed <= random_cases(50); ++seed) {
      CAPTURE(std::string(function.name));
      CAPTURE(seed);
      Random random(seed);
      const double x = random_argument(random, function), y = random_argument(random, function);
      const Interval below = function.f(Interval(std::min(x, y), 300)),
                     above = function.f(Interval(std::max(x, y), 300));
      CHECK_FALSE((function.increasing ? certainly_less(above, below) : certainly_less(below, above)));
    }
}

TEST_CASE("exp lies between its Taylor sums") {
  for (std::uint64_t seed = 1; seed <= random_cases(30); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Rational x(random.integer(-200, 200), 128);
    Rational sum = 1, term = 1;
    for (int k = 1; k <= 70; ++k) sum += term *= x / k;
    // |x| < 2, so the rest is less than twice the first term left out.
    const Rational rest = 2 * magnitude(term * x / 71);
    CHECK(overlap(exp(around(x, 160)), around(sum - rest, sum + rest, 400)));
    CHECK(overlap(expm1(around(x, 160)), around(sum - rest - 1, sum + rest - 1, 400)));
    CHECK(contains(log(around(sum - rest, sum + rest, 160)), x));
    CHECK(contains(exp(around(x, 53)), sum));
  }
}

TEST_CASE("inverse functions lead back") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const double positive = std::exp(random.between(-600, 600)), inside = random.between(-1, 1);
    const double width = random.one_in(2) ? 0 : positive * random.unit();
    const Interval x = Interval::between(positive, positive + width, 64), u(inside, 64);
    CHECK(exp(log(x)).contains(x));
    CHECK(expm1(log1p(x)).contains(x));
    CHECK(sqr(sqrt(x)).contains(x));
    CHECK(sqrt(sqr(x)).contains(x));
    CHECK(tanh(atanh(u)).contains(u));
    CHECK(log(exp(u)).contains(u));
    CHECK(log1p(expm1(u)).contains(u));
    CHECK(exp(log10(x) * log(Interval(10, 64))).contains(x));
  }
}

TEST_CASE("functional equations hold") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const double positive = std::exp(random.between(-50, 50)), other = std::exp(random.between(-50, 50));
    const Interval a(positive, 64), b(other, 64), x(random.between(-20, 20), 64), u(random.between(-1, 1), 64);
    CHECK(overlap(expm1(x), exp(x) - 1));
    CHECK(overlap(log1p(a), log(a + 1)));
    CHECK(overlap(log(a * b), log(a) + log(b)));
    CHECK(overlap(log10(a), log(a) / log(Interval(10, 64))));
    CHECK(contains(exp(x) * exp(-x), 1));
    CHECK(contains(erfc(x) + erfc(-x), 2));
    CHECK(overlap(tanh(x), expm1(2 * x) / (expm1(2 * x) + 2)));
    CHECK(overlap(atanh(u), (log1p(u) - log1p(-u)) / 2));
    CHECK(overlap(acos(u) + acos(-u), Interval::pi(64)));
    CHECK(overlap(acos(1 - 2 * sqr(u)), 2 * (Interval::pi(64) / 2 - acos(abs(u)))));
  }
}

TEST_CASE("real powers agree with integer powers, roots and a higher precision") {
  for (std::uint64_t seed = 1; seed <= random_cases(200); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const double base = std::exp(random.between(-30, 30)), exponent = random.between(-8, 8);
    const long k = random.integer(0, 12);
    const Interval a(base, 64), b(exponent, 64), wide = Interval::between(base, base * 1.5, 64);
    CHECK(power(a, b).contains(power(a.rounded_to(300), b)));
    CHECK(overlap(power(a, Interval::from_integer(k, 64)), power(a, k)));
    CHECK(overlap(power(a, Interval(0.5, 64)), sqrt(a)));
    CHECK(contains(power(a, b) * power(a, -b), 1));
    CHECK(power(wide, Interval::between(-1, exponent + 8, 64)).contains(power(a, Interval(exponent / 8, 300))));
    CHECK(power(a, b).relative_width() < 1e-15);
  }
  CHECK(is_whole_line(log(Interval(-1, 53))));
  CHECK(contains(power(Interval(-2, 53), Interval(0.5, 53)), 0));
  CHECK(power(Interval::between(-2, 1, 53), Interval(2, 53)).upper_double() == kInf);
}

TEST_CASE("known digits") {
  check_known(Interval::pi(200), "3.1415926535897932384626433832795028841971693993751");
  check_known(exp(at200(1)), "2.7182818284590452353602874713526624977572470937");
  check_known(exp(at200(-10)), "0.000045399929762484851535591515560550610237918088866565");
  check_known(exp(Interval::ratio(1, 3, 200)), "1.3956124250860895286281253196025868375979065151994");
  check_known(expm1(at200(0x1p-30)), "0.00000000093132257504915938475383403479204698449934477019333");
  check_known(log(at200(2)), "0.69314718055994530941723212145817656807550013436026");
  check_known(log(at200(10)), "2.3025850929940456840179914546843642076011014886288");
  check_known(log1p(at200(0x1p-30)), "0.00000000093132257418179764690006274852437847990779051076161");
  check_known(log10(at200(2)), "0.30102999566398119521373889472449302676818988146211");
  check_known(sqrt(at200(2)), "1.4142135623730950488016887242096980785696718753769");
  check_known(tanh(at200(1)), "0.76159415595576488811945828260479359041276859725794");
  check_known(tanh(at200(0.125)), "0.12435300177159620805464727580589270767591879251534");
  check_known(atanh(at200(0.5)), "0.54930614433405484569762261846126285232374527891137");
  check_known(acos(at200(0.5)), "1.047197551196597746154214461093167628065723133125");
  check_known(acos(at200(-0.75)), "2.4188584057763776272842660306381695221719509129507");
  check_known(erfc(at200(1)), "0.1572992070502851306587793649173907407039330020337");
  check_known(erfc(at200(-0.5)), "1.520499877813046537682746653891964528736451575758");
  check_known(erfc(at200(30)), "2.5646562037561116000333972775014471465488897227786e-393");
  check_known(power(at200(3), at200(0.625)), "1.9870133464215778594674644962847239782095625484167");
}

TEST_CASE("erfc far out is that of MPFR") {
  for (std::uint64_t seed = 1; seed <= random_cases(100); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval x(random.between(3, 60), random.integer(53, 700));
    const Interval value = erfc(x);
    Interval known = Interval::uninitialised(800);
    mpfr_erfc(&known.mpfi()->left, &x.mpfi()->left, MPFR_RNDD);
    mpfr_erfc(&known.mpfi()->right, &x.mpfi()->right, MPFR_RNDU);
    CHECK(value.contains(known));
    CHECK(is_as_narrow_as_can_be(value));
  }
}

TEST_CASE("erfc is monotone up to its ends") {
  const Interval tiny = erfc(Interval(1e-300, 53));
  CHECK(same(tiny, Interval::between(std::nextafter(1.0, 0.0), 1, 53)));
  CHECK(certainly_less(erfc(Interval(1e-300, 1100)), Interval(1, 53)));
  CHECK(same(erfc(Interval(0, 53)), Interval(1, 53)));
  const Interval far = erfc(Interval(1e5, 53));
  CHECK(certainly_nonnegative(far));
  CHECK(far.is_finite());
  CHECK_FALSE(far.is_point());
  CHECK(certainly_less(far, Interval(1e-300, 53)));
  const Interval below = erfc(Interval(-1e5, 53));
  CHECK(same(below, Interval::between(std::nextafter(2.0, 0.0), 2, 53)));
  CHECK(same(erfc(Interval::between(0, kInf, 53)), Interval::between(0, 1, 53)));
  CHECK(same(erfc(Interval::between(-kInf, 0, 53)), Interval::between(1, 2, 53)));
  CHECK(same(erfc(Interval::whole_line(53)), Interval::between(0, 2, 53)));
  CHECK(certainly_less(erfc(Interval(30, 53)), erfc(Interval(-30, 53))));
}

TEST_CASE("values at the ends of the domain") {
  const Interval whole = Interval::whole_line(53);
  CHECK(same(exp(whole), Interval::between(0, kInf, 53)));
  CHECK(same(expm1(whole), Interval::between(-1, kInf, 53)));
  CHECK(same(tanh(whole), Interval::between(-1, 1, 53)));
  CHECK(same(sqrt(Interval::between(0, kInf, 53)), Interval::between(0, kInf, 53)));
  CHECK(same(log(Interval::between(0, 1, 53)), Interval::between(-kInf, 0, 53)));
  CHECK(same(log10(Interval::between(0, 1, 53)), Interval::between(-kInf, 0, 53)));
  CHECK(same(log1p(Interval::between(-1, 0, 53)), Interval::between(-kInf, 0, 53)));
  CHECK(same(log(Interval::between(1, kInf, 53)), Interval::between(0, kInf, 53)));
  CHECK(same(acos(Interval::between(-1, 1, 53)), hull(Interval(0, 53), Interval::pi(53))));
  CHECK(same(acos(Interval(-1, 53)), Interval::pi(53)));
  CHECK(same(acos(Interval(1, 53)), Interval(0, 53)));
  CHECK(same(sqrt(Interval(0, 53)), Interval(0, 53)));
  CHECK(same(sqrt(Interval(-0.0, 53)), Interval(0, 53)));
}

TEST_CASE("exp overflows to infinity and underflows to 0 without losing its value") {
  const Interval large = exp(Interval(1e30, 53)), small = exp(Interval(-1e30, 53));
  CHECK(certainly_less(Interval(1e308, 53), large));
  CHECK(large.lower().is_finite());
  CHECK_FALSE(large.is_finite());
  CHECK(contains(small, 0));
  CHECK_FALSE(small.is_point());
  CHECK(certainly_less(small, Interval(1e-308, 53)));
}

TEST_CASE("sin and cos: inverse of acos, Pythagoras, double angles, known digits, extrema inside") {
  for (std::uint64_t seed = 1; seed <= random_cases(200); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval x(random.between(-1, 1), 64), a(random.between(-30, 30), 100);
    REQUIRE(cos(acos(x)).contains(x));
    REQUIRE((sqr(sin(a)) + sqr(cos(a))).contains(1.0));
    REQUIRE(overlap(sin(a * 2), sin(a) * cos(a) * 2));
    REQUIRE(overlap(cos(a * 2), 1 - sqr(sin(a)) * 2));
    REQUIRE(overlap(cos(a), sin(a + Interval::pi(100) / 2)));
    REQUIRE(abs(sin(a).upper() - sin(a).lower()).upper_double() < 1e-25);
    const double lo = random.between(-9, 9), hi = lo + random.between(0, 8), inside = random.between(lo, hi);
    REQUIRE(sin(Interval::between(lo, hi, 64)).contains(sin(Interval(inside, 100))));
    REQUIRE(cos(Interval::between(lo, hi, 64)).contains(cos(Interval(inside, 100))));
  }
  check_known(sin(at200(1)), "0.84147098480789650665250232163029899962256306079837");
  check_known(cos(at200(1)), "0.54030230586813971740093660744297660373231042061792");
  CHECK(sin(Interval::between(1, 2, 53)).upper_double() == 1);
  CHECK(cos(Interval::between(3, 4, 53)).lower_double() == -1);
}

TEST_CASE("what is undefined on a part of the argument is the whole line") {
  const double above = std::nextafter(1.0, 2.0);
  for (const Interval& a : {Interval::between(-1, 1, 53), Interval(-1e-300, 53), Interval::whole_line(53)}) {
    CHECK(is_whole_line(sqrt(a)));
    CHECK(is_whole_line(log(a)));
    CHECK(is_whole_line(log10(a)));
  }
  CHECK(is_whole_line(log1p(Interval::between(-above, 0, 53))));
  CHECK(is_whole_line(log1p(Interval(-2, 53))));
  for (const Interval& a : {Interval::between(-1, 0, 53), Interval::between(0, 1, 53), Interval(2, 53),
                            Interval::between(-0.5, above, 53), Interval::whole_line(53)})
    CHECK(is_whole_line(atanh(a)));
  for (const Interval& a :
       {Interval::between(0, above, 53), Interval::between(-above, 0, 53), Interval(2, 53), Interval::whole_line(53)})
    CHECK(is_whole_line(acos(a)));
  // Just inside the domain there is a value.
  CHECK(atanh(Interval::between(-std::nextafter(1.0, 0.0), std::nextafter(1.0, 0.0), 53)).is_finite());
  CHECK_FALSE(is_whole_line(log1p(Interval::between(-1, 0, 53))));
}
