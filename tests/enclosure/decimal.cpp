// Decimal in and out: read exactly, printed outward.

#include "enclosure/decimal.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cfloat>
#include <cmath>
#include <limits>
#include <string>

#include "enclosure/exponent_range.hpp"
#include "enclosure/numeral.hpp"

#include "support/exact.hpp"
#include "support/special.hpp"

using namespace assay;

namespace {

/// A random decimal or fraction as somebody might write it.
std::string random_text(Random& random) {
  const std::string sign = random.one_of<const char*>({"", "", "-", "+"});
  const auto digits = [&random](long count) {
    std::string text;
    for (long k = 0; k < count; ++k) text += static_cast<char>('0' + random.integer(0, 9));
    return text;
  };
  if (random.one_in(4)) return sign + digits(random.integer(1, 30)) + "/" + digits(random.integer(0, 20)) + "7";
  const long before = random.integer(0, 25);
  std::string text = sign + digits(before);
  if (before == 0 || random.one_in(2)) text += "." + digits(random.integer(before == 0 ? 1 : 0, 25));
  if (random.one_in(2))
    text += random.one_of<const char*>({"e", "E", "e+", "e-"}) + std::to_string(random.integer(0, 400));
  return text;
}

long significant_digits(const std::string& text) {
  long count = 0;
  for (const char c : text.substr(0, text.find('e')))
    if (c >= '0' && c <= '9') ++count;
  return count;
}

}  // namespace

TEST_CASE("a decimal is the exact number that is written") {
  for (const std::string text : {"0.1", "1/3", "3.1e+357", ".5", "5.", "-2e-400", "+7", "0", "-0", "00012.50", "1E5",
                                 "-10/4", "9007199254740993", "1e-5", "0/5", "123456789012345678901234567890/7"})
    for (const Bits bits : {2L, 24L, 53L, 64L, 300L}) {
      CAPTURE(text);
      CAPTURE(bits);
      CHECK(contains(Decimal(text).at(bits), parse_exactly(text)));
      CHECK(Decimal(text).at(bits).bits() == bits);
      CHECK(Decimal(text).text() == text);
    }
  CHECK(contains(Decimal().at(53), 0));
}

TEST_CASE("the enclosure of a decimal is the tightest") {
  for (std::uint64_t seed = 1; seed <= random_cases(1000); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const std::string text = random_text(random);
    CAPTURE(text);
    const Bits bits = random.integer(2, 200);
    const Rational truth = parse_exactly(text);
    CHECK(contains(Decimal(text).at(bits), truth));
    CHECK(same(Decimal(text).at(bits), around(truth, bits)));
  }
}

TEST_CASE("0.1 is one tenth, not the double next to it") {
  const Interval tenth = Decimal("0.1").at(200);
  CHECK_FALSE(tenth.contains(0.1));
  CHECK_FALSE(tenth.is_point());
  CHECK(contains(tenth, Rational(1, 10)));
}

TEST_CASE("a power is the exact number that is written") {
  struct Power {
    const char* text;
    Rational value;
  };
  const Rational big(pow(Integer(2), 200));
  for (const Power& power : std::vector<Power>{{"2^20", 1048576},
                                               {"10^-3", Rational(1, 1000)},
                                               {"-2^2", -4},
                                               {"+3^0", 1},
                                               {"2^200", big},
                                               {"-2^-200", -1 / big},
                                               {"007^2", 49},
                                               {"3^-1", Rational(1, 3)},
                                               {"1^99999999999999999", 1}})
    for (const Bits bits : {2L, 53L, 64L, 300L}) {
      CAPTURE(power.text);
      CAPTURE(bits);
      CHECK(same(Decimal(power.text).at(bits), around(power.value, bits)));
    }
}

TEST_CASE("the double nearest to a number, and whether it is the number") {
  struct Nearest {
    const char* text;
    double value;
    bool exactly;
  };
  for (const Nearest& row :
       std::vector<Nearest>{{"0.1", 0.1, false},
                            {"1/3", 1.0 / 3, false},
                            {"-7/4", -1.75, true},
                            {"2^-1074", DBL_TRUE_MIN, true},
                            {"2^1024", kInf, false},
                            {"1e400", kInf, false},
                            {"1e-400", 0, false},
                            {"-0", 0, true},
                            {"1e-1000000000", 0, false},
                            {"9007199254740993", 9007199254740992, false},  // a tie, to even
                            {"9007199254740993.000000000000000000000000000000000000000001", 9007199254740994, false}}) {
    CAPTURE(row.text);
    CHECK(nearest_double(Decimal(row.text)) == row.value);
    CHECK(is_exactly(Decimal(row.text), row.value) == row.exactly);
  }
  for (std::uint64_t seed = 1; seed <= random_cases(200); ++seed) {
    Random random(seed);
    const double x = random.any_double();
    if (!std::isfinite(x)) continue;
    CHECK(nearest_double(Decimal(fmt::format("{}", x))) == x);
    CHECK(is_exactly(Decimal::exactly(x), x));
  }
}

TEST_CASE("integers, however they are written") {
  CHECK(integer_of(Decimal("1e3")) == 1000);
  CHECK(integer_of(Decimal("-2^63")) == std::numeric_limits<std::int64_t>::min());
  CHECK(integer_of(Decimal("12/4")) == 3);
  CHECK(integer_of(Decimal("2.50e1")) == 25);
  CHECK(natural_of(Decimal("18446744073709551615")) == std::numeric_limits<std::uint64_t>::max());
  for (const char* text : {"0.5", "1/3", "2^63", "1e30", "1e-1", "9223372036854775808", "1e99999999999999999"})
    CHECK_FALSE(integer_of(Decimal(text)));
  for (const char* text : {"-1", "2^64", "0.5"}) CHECK_FALSE(natural_of(Decimal(text)));
}

TEST_CASE("a number beyond the range of MPFR is told") {
  for (const char* text : {"0", "-0.0", "1e-300000000", "-1e300000000", "1/3", "2^-1000000000"})
    CHECK(is_in_range(Decimal(text)));
  for (const char* text : {"1e-1000000000", "-1e1000000000", "2^99999999999", "10^-99999999999"})
    CHECK_FALSE(is_in_range(Decimal(text)));
}

TEST_CASE("what is not a decimal, a fraction or a power is refused") {
  for (const char* text : {"",
                           "abc",
                           "0x1p3",
                           "1e",
                           "1/0",
                           "{-1,2}",
                           "nan",
                           "inf",
                           "1,5",
                           " 1",
                           "1 ",
                           ".",
                           "-",
                           "+",
                           "e5",
                           ".e5",
                           "1e+",
                           "--1",
                           "+-1",
                           "1.2.3",
                           "1/",
                           "/3",
                           "1/-3",
                           "1/3/5",
                           "1.5/3",
                           "1/3e2",
                           "1e5.0",
                           "@NaN@",
                           "@Inf@",
                           "-inf",
                           "infinity",
                           "0b1",
                           "1_000",
                           "1'000",
                           "1e123456789012345678",
                           "1\n",
                           "0/0",
                           "1/000",
                           "\xd9\xa1",
                           "2^",
                           "^2",
                           "2^+1",
                           "0^2",
                           "00^-1",
                           "2^1.5",
                           "1.5^2",
                           "2^2^2",
                           "2^123456789012345678",
                           "2^1/3"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(Decimal{text}, std::invalid_argument);
  }
  CHECK_THROWS_AS(Decimal(std::string_view("1\0", 2)), std::invalid_argument);
}

TEST_CASE("exponents beyond every range overflow outward") {
  const Interval huge = Decimal("1e99999999999999999").at(64), tiny = Decimal("-1e-99999999999999999").at(64);
  CHECK(huge.lower().is_finite());
  CHECK(certainly_less(Interval(DBL_MAX, 53), huge));
  CHECK(huge.upper_double() == kInf);
  CHECK(contains(tiny, 0));
  CHECK_FALSE(tiny.is_point());
  CHECK_FALSE(certainly_positive(-tiny));
}

TEST_CASE("a decimal may be very long") {
  const std::string zeros(200'000, '0');
  CHECK(contains(Decimal("1" + zeros + "/1" + zeros).at(53), 1));
  CHECK(contains(Decimal("0." + zeros + "1e200001").at(53), 1));
  CHECK_THROWS_AS(Decimal(zeros + "x"), std::invalid_argument);
}

TEST_CASE("exactly writes a double without loss") {
  const auto check = [](double x) {
    CAPTURE(x);
    const Decimal decimal = Decimal::exactly(x);
    CHECK(parse_exactly(decimal.text()) == exact(x));
    CHECK(same(Decimal(decimal.text()).at(53), Interval(x, 53)));
    CHECK(decimal.at(2000).is_point());
  };
  for (const double x : {0.0, -0.0, 1.0, 0.1, -0.1, 100.0, 1e22, DBL_MAX, -DBL_MAX, DBL_MIN, DBL_TRUE_MIN,
                         -DBL_TRUE_MIN, DBL_MIN - DBL_TRUE_MIN, std::nextafter(1.0, 2.0)})
    check(x);
  for (std::uint64_t seed = 1; seed <= random_cases(200); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    check(random.any_double());
    check(std::ldexp(random.between(-1, 1), static_cast<int>(random.integer(-1074, -1000))));
    check(random.unit());
  }
  for (const double x : {kInf, -kInf, std::nan("")}) CHECK_THROWS_AS(Decimal::exactly(x), std::invalid_argument);
}

TEST_CASE("ends are printed outward, with at least 17 digits and little loss") {
  for (std::uint64_t seed = 1; seed <= random_cases(1500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_bounded(random);
    const DecimalEnds ends = decimal_ends(a);
    CAPTURE(ends.lo);
    CAPTURE(ends.hi);
    const Rational lo = parse_exactly(ends.lo), hi = parse_exactly(ends.hi);
    CHECK(lo <= lower_end(a));
    CHECK(hi >= upper_end(a));
    CHECK((significant_digits(ends.lo) >= 17 || lo == 0));
    CHECK((significant_digits(ends.hi) >= 17 || hi == 0));
    const Rational small(Integer(1), pow(Integer(10), 16U));
    CHECK(lower_end(a) - lo <= small * magnitude(lower_end(a)));
    CHECK(hi - upper_end(a) <= small * magnitude(upper_end(a)));
  }
}

TEST_CASE("a narrow enclosure is printed about as narrow as it is") {
  for (const Bits bits : {64L, 128L, 256L, 1000L}) {
    const Interval a = Interval::ratio(2, 3, bits);
    const DecimalEnds ends = decimal_ends(a);
    const Rational printed = parse_exactly(ends.hi) - parse_exactly(ends.lo), width = upper_end(a) - lower_end(a);
    CAPTURE(bits);
    CHECK(printed >= width);
    CHECK(printed <= width * Rational(102, 100));
  }
}

TEST_CASE("2/3 is printed with one end below it and one above") {
  const DecimalEnds ends = decimal_ends(Interval::ratio(2, 3, 64));
  CHECK(parse_exactly(ends.lo) < Rational(2, 3));
  CHECK(parse_exactly(ends.hi) > Rational(2, 3));
  const DecimalEnds negative = decimal_ends(Interval::ratio(-2, 3, 64));
  CHECK(parse_exactly(negative.lo) < Rational(-2, 3));
  CHECK(parse_exactly(negative.hi) > Rational(-2, 3));
}

TEST_CASE("a given number of digits is met, outward") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_bounded(random);
    const int digits = static_cast<int>(random.integer(1, 40));
    const std::string lower = lower_decimal(a, digits), upper = upper_decimal(a, digits);
    CHECK(parse_exactly(lower) <= lower_end(a));
    CHECK(parse_exactly(upper) >= upper_end(a));
    CHECK((lower == "0" || significant_digits(lower) == digits));
    CHECK((upper == "0" || significant_digits(upper) == digits));
  }
  CHECK(lower_decimal(Interval(0.999, 53), 2) == "9.9e-01");
  CHECK(upper_decimal(Interval(0.999, 53), 2) == "1.0e+00");
}

TEST_CASE("infinite ends have names") {
  const DecimalEnds ends = decimal_ends(Interval::whole_line(53));
  CHECK(ends.lo == "-inf");
  CHECK(ends.hi == "inf");
  CHECK(is_whole_line(from_decimal_ends("-inf", "inf", 53)));
  CHECK(same(from_decimal_ends("2", "inf", 53), Interval::between(2, kInf, 53)));
  CHECK(same(from_decimal_ends("-inf", "2", 53), Interval::between(-kInf, 2, 53)));
}

TEST_CASE("printed ends are read back around the interval") {
  for (std::uint64_t seed = 1; seed <= random_cases(500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Interval a = random_interval(random);
    const DecimalEnds ends = decimal_ends(a);
    CHECK(from_decimal_ends(ends.lo, ends.hi, 53).contains(a));
    CHECK(from_decimal_ends(ends.lo, ends.hi, 300).contains(a));
  }
  const Interval huge = exp(Interval(1e30, 64)), tiny = exp(Interval(-1e30, 64));
  for (const Interval& a : {huge, tiny, -huge, -tiny}) {
    const DecimalEnds ends = decimal_ends(a);
    CHECK(from_decimal_ends(ends.lo, ends.hi, 64).contains(a));
  }
}

TEST_CASE("decimal ends that are none are refused") {
  CHECK(same(from_decimal_ends("0.1", "0.1", 53), around(Rational(1, 10), 53)));
  CHECK_THROWS_AS(from_decimal_ends("1", "0", 53), std::invalid_argument);
  CHECK_THROWS_AS(from_decimal_ends("inf", "0", 53), std::invalid_argument);
  CHECK_THROWS_AS(from_decimal_ends("0", "nan", 53), std::invalid_argument);
  CHECK_THROWS_AS(from_decimal_ends("1/3", "1", 53), std::invalid_argument);
  CHECK_THROWS_AS(from_decimal_ends("", "1", 53), std::invalid_argument);
  CHECK_THROWS_AS(from_decimal_ends("infinity", "inf", 53), std::invalid_argument);
}

TEST_CASE("wider exponents last as long as they are asked for") {
  const auto least = mpfr_get_emin(), most = mpfr_get_emax();
  {
    const WideExponents wide;
    CHECK(mpfr_get_emax() > most);
    CHECK(mpfr_get_emin() < least);
  }
  CHECK(mpfr_get_emin() == least);
  CHECK(mpfr_get_emax() == most);
}
