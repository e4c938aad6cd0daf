#include "app/range.hpp"

#include <fmt/format.h>

#include <boost/multiprecision/cpp_int.hpp>

#include "app/value.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay::app {
namespace {

using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;

constexpr long kLargestExponent = 4000;  // of numbers that steps are made with
constexpr const char* kRangeForms =
    "n=8:4096:x2 (each twice the one before), sigma=0.1:1:+0.1 (each 0.1 more) or n=8,16,100";

[[noreturn]] void refuse_range(std::string_view option, std::string_view what, const std::string& text) {
  throw InputError(fmt::format("{}: {}, found {}", option, what, shown(text)));
}

Integer power_of(const Integer& base, long exponent) {
  return boost::multiprecision::pow(base, static_cast<unsigned>(exponent));
}

Rational times_power(const Rational& number, const Integer& base, long exponent) {
  const Rational power = power_of(base, std::abs(exponent));
  return exponent < 0 ? Rational(number / power) : Rational(number * power);
}

/// Digits of any length without leading zeros, which Boost would take for octal.
Integer digits(std::string text) {
  text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
  return Integer(text);
}

/// The exact number; @throws InputError where its exponent is too large to take steps with.
Rational exact(std::string_view option, const Decimal& number) {
  std::string text = number.text();
  const bool negative = text.starts_with('-');
  if (text.starts_with('-') || text.starts_with('+')) text.erase(0, 1);
  const auto sign = [&](const Rational& value) { return negative ? Rational(-value) : value; };
  const auto exponent_from = [&](std::size_t at) {
    const long exponent = std::stol(text.substr(at));
    if (std::abs(exponent) > kLargestExponent)
      refuse_range(option, fmt::format("expected exponents of at most {} in a range", kLargestExponent), number.text());
    return exponent;
  };
  if (const auto slash = text.find('/'); slash != std::string::npos)
    return sign(Rational(digits(text.substr(0, slash)), digits(text.substr(slash + 1))));
  if (const auto caret = text.find('^'); caret != std::string::npos)
    return sign(times_power(1, digits(text.substr(0, caret)), exponent_from(caret + 1)));
  const auto e = text.find_first_of("eE");
  long exponent = e == std::string::npos ? 0 : exponent_from(e + 1);
  std::string mantissa = text.substr(0, e);
  if (const auto point = mantissa.find('.'); point != std::string::npos) {
    exponent -= static_cast<long>(mantissa.size() - point - 1);
    mantissa.erase(point, 1);
  }
  return sign(times_power(Rational(digits(mantissa)), 10, exponent));
}

/// How often a prime divides a number, which is divided by it so often.
long divide_out(Integer& number, int prime) {
  long times = 0;
  for (; number % prime == 0; ++times) number /= prime;
  return times;
}

/// A decimal where the number has one, else a fraction.
Decimal decimal_of(const Rational& number) {
  Integer rest = boost::multiprecision::denominator(number);
  const long twos = divide_out(rest, 2), fives = divide_out(rest, 5), places = std::max(twos, fives);
  if (rest != 1) return Decimal(number.str());
  const Integer numerator =
      boost::multiprecision::numerator(number) * power_of(2, places - twos) * power_of(5, places - fives);
  std::string text = Integer(abs(numerator)).str();
  const std::string minus = numerator < 0 ? "-" : "";
  const std::size_t zeros = text.size() - (text.find_last_not_of('0') + 1);
  if (places == 0) {
    if (text.size() <= 18 || zeros == 0 || text == "0") return Decimal(minus + text);
    return Decimal(fmt::format("{}{}e{}", minus, text.substr(0, text.size() - zeros), zeros));
  }
  if (places > 18) return Decimal(fmt::format("{}{}e-{}", minus, text, places));
  const auto after = static_cast<std::size_t>(places);
  if (text.size() <= after) text.insert(0, after - text.size() + 1, '0');
  return Decimal(minus + text.substr(0, text.size() - after) + "." + text.substr(text.size() - after));
}

/// The values from `first` on, each made of the one before, up to `last`.
template <class Next>
std::vector<Decimal> stepped(std::string_view option, const std::string& text, const Rational& first,
                             const Rational& last, Next next) {
  const bool upward = first <= last;
  std::vector<Decimal> values;
  for (Rational value = first; upward ? value <= last : value >= last;) {
    values.push_back(decimal_of(value));
    if (values.size() > kMostValues) refuse_range(option, fmt::format("expected at most {} values", kMostValues), text);
    const Rational following = next(value);
    if (first != last && (upward ? following <= value : following >= value))
      refuse_range(option, "expected a step that leads from the first value to the last", text);
    if (first == last) break;
    value = following;
  }
  return values;
}

std::vector<Decimal> range_values(std::string_view option, const std::string& text, const std::string& range) {
  const auto first_colon = range.find(':'), second_colon = range.find(':', first_colon + 1);
  if (second_colon == std::string::npos || second_colon + 2 > range.size())
    refuse_range(option, fmt::format("expected a range such as {}", kRangeForms), text);
  const Rational first = exact(option, decimal(option, range.substr(0, first_colon)));
  const Rational last = exact(option, decimal(option, range.substr(first_colon + 1, second_colon - first_colon - 1)));
  const char kind = range[second_colon + 1];
  if (kind != 'x' && kind != '+')
    refuse_range(option, "expected a step xFACTOR or +DIFFERENCE such as x2 or +0.1", text);
  const Rational step = exact(option, decimal(option, range.substr(second_colon + 2)));
  if (kind == '+')
    return stepped(option, text, first, last, [&](const Rational& value) { return Rational(value + step); });
  return stepped(option, text, first, last, [&](const Rational& value) { return Rational(value * step); });
}

std::vector<Decimal> listed_values(std::string_view option, const std::string& list) {
  std::vector<Decimal> values;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t to = std::min(list.find(',', from), list.size());
    values.push_back(decimal(option, list.substr(from, to - from)));
    from = to + 1;
  }
  return values;
}

}  // namespace

VariedValues varied_values(std::string_view option, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    refuse_range(option, fmt::format("expected a variable and its values such as {}", kRangeForms), text);
  const std::string name = text.substr(0, equals), values = text.substr(equals + 1);
  const std::string where = fmt::format("{} {}", option, printable(name));
  return {name,
          values.find(':') != std::string::npos ? range_values(where, text, values) : listed_values(where, values)};
}

Between between(std::string_view option, const std::string& text) {
  constexpr Bits kBits = 512;
  const auto colon = text.find(':');
  if (colon == std::string::npos) refuse_range(option, "expected LO:HI such as 1:1e6", text);
  const Between range{decimal(option, text.substr(0, colon)), decimal(option, text.substr(colon + 1))};
  if (certainly_less(range.hi.at(kBits), range.lo.at(kBits)))
    refuse_range(option, "expected LO:HI with LO <= HI", text);
  return range;
}

}  // namespace assay::app
