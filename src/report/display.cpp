#include "report/display.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "enclosure/decimal.hpp"
#include "theory/claim.hpp"

namespace assay {

namespace {

/// A decimal "-d.ddde+XX" taken apart; `digits` has no point.
struct Scientific {
  bool negative = false;
  std::string digits;
  long exponent = 0;
};

/// Takes apart what lower_decimal and upper_decimal print, except infinities.
Scientific taken_apart(std::string text) {
  Scientific result;
  result.negative = text.starts_with('-');
  if (result.negative) text.erase(0, 1);
  const auto e = text.find('e');
  if (e != std::string::npos) result.exponent = std::stol(text.substr(e + 1));
  result.digits = text.substr(0, e);
  std::erase(result.digits, '.');
  return result;
}

bool is_infinite(const std::string& text) {
  return text.ends_with("inf");
}

bool has_plain_exponent(const Scientific& x) {
  return x.exponent >= -4 && x.exponent <= 5;
}

std::string without_trailing_zeros(std::string digits) {
  digits.erase(std::max<std::size_t>(digits.find_last_not_of('0') + 1, 1));
  return digits;
}

std::string plain(const Scientific& x) {
  const std::string sign = x.negative ? "-" : "";
  if (x.exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-x.exponent - 1), '0') + x.digits;
  const auto whole = static_cast<std::size_t>(x.exponent) + 1;
  if (whole >= x.digits.size()) return sign + x.digits + std::string(whole - x.digits.size(), '0');
  return sign + x.digits.substr(0, whole) + "." + x.digits.substr(whole);
}

std::string scientific(const Scientific& x) {
  const std::string fraction = x.digits.size() > 1 ? "." + x.digits.substr(1) : "";
  return fmt::format("{}{}{}e{:+03d}", x.negative ? "-" : "", x.digits[0], fraction, x.exponent);
}

/// The decimal that a point is, if it needs no more digits than that.
std::optional<Scientific> exactly(const Interval& point, int digits) {
  std::string text = lower_decimal(point, digits);
  if (is_infinite(text) || text != upper_decimal(point, digits)) return std::nullopt;
  Scientific x = taken_apart(text);
  x.digits = without_trailing_zeros(x.digits);
  return x;
}

/// A text and the set that a reader of it knows.
struct Shown {
  std::string text;
  Interval set;
};

/// "4" or "0.25", if the enclosure is this number and nothing else.
std::optional<std::string> shown_as_number(const Interval& a, int digits) {
  if (!a.is_point()) return std::nullopt;
  const std::optional<Scientific> x = exactly(a, std::max(digits, 12));
  if (!x) return std::nullopt;
  const bool is_short = x->exponent >= -4 && x->exponent < 15;
  return is_short ? plain(*x) : scientific(*x);
}

/// "0.005 ± 4e-22" around the decimal `centre`, if the enclosure is narrow enough for this to be worth it.
std::optional<Shown> shown_around(const std::string& centre, const Interval& a, int digits) {
  const Interval c = Decimal(centre).at(a.bits() + 64);
  const Interval radius = max(abs(a.lower() - c), abs(a.upper() - c)).upper();
  const Interval magnified = radius * power(Interval::from_integer(10, a.bits()), digits + 2);
  if (!certainly_less(magnified, abs(c))) return std::nullopt;
  Scientific x = taken_apart(centre);
  x.digits = without_trailing_zeros(x.digits);
  if (std::cmp_greater_equal(x.digits.size(), digits)) return std::nullopt;
  const std::string rounded = upper_decimal(radius, 1);
  const Interval away = Decimal(rounded).at(a.bits() + 64);
  return Shown{fmt::format("{} ± {}", has_plain_exponent(x) ? plain(x) : scientific(x), rounded),
               hull(c - away, c + away)};
}

/// Both ends, in the same notation. An end that is exact as printed goes without trailing zeros.
std::string shown_as_range(const Interval& a, const std::string& lo, const std::string& hi, int digits) {
  std::array<std::string, 2> ends{lo, hi};
  std::array<Interval, 2> points{a.lower(), a.upper()};
  bool all_plain = true;
  for (const std::string& end : ends) all_plain &= is_infinite(end) || has_plain_exponent(taken_apart(end));
  for (std::size_t k : {0u, 1u}) {
    if (is_infinite(ends[k]) || ends[k] == "0") continue;
    const Scientific x = exactly(points[k], digits).value_or(taken_apart(ends[k]));
    ends[k] = all_plain ? plain(x) : scientific(x);
  }
  return fmt::format("[{}, {}]", ends[0], ends[1]);
}

/// floor(100 x) as a double, exactly.
double floor_of_hundredfold(double x) {
  const double floor = std::floor(100 * x);
  return std::fma(100.0, x, -floor) < 0 ? floor - 1 : floor;
}

std::string exponent_down(double x) {
  return fmt::format("10^{:.2f}", floor_of_hundredfold(x) / 100);
}
std::string exponent_up(double x) {
  return fmt::format("10^{:.2f}", -floor_of_hundredfold(-x) / 100);
}

}  // namespace

namespace {

Shown shown(const Interval& a, int digits) {
  if (const auto number = shown_as_number(a, digits)) return {*number, a};
  const std::string lo = lower_decimal(a, digits), hi = upper_decimal(a, digits);
  if (is_infinite(lo) && is_infinite(hi) && lo != hi) return {"unknown", a};
  if (!is_infinite(lo) && !is_infinite(hi) && !a.contains_zero())
    for (const std::string& centre : {upper_decimal(a.lower(), digits), lower_decimal(a.upper(), digits)})
      if (const auto around = shown_around(centre, a, digits)) return *around;
  return {shown_as_range(a, lo, hi, digits), from_decimal_ends(lo, hi, a.bits() + 64)};
}

/// One end alone, rounded away from the other.
Shown shown_bound(const char* sign, const Interval& end, bool upward, int digits) {
  if (!end.is_finite()) return {"unknown", Interval::whole_line(64)};
  std::string text = upward ? upper_decimal(end, digits) : lower_decimal(end, digits);
  const Interval bound = Decimal(text).at(end.bits() + 64);
  if (text != "0") {
    Scientific x = taken_apart(text);
    x.digits = without_trailing_zeros(x.digits);
    text = has_plain_exponent(x) ? plain(x) : scientific(x);
  }
  return {fmt::format("{} {}", sign, text), upward ? Known(AtMost(bound)).range() : Known(AtLeast(bound)).range()};
}

Shown shown(const Known& known, int digits) {
  switch (known.sense()) {
    case Sense::at_most:
      return shown_bound("≤", known.range().upper(), true, digits);
    case Sense::at_least:
      return shown_bound("≥", known.range().lower(), false, digits);
    case Sense::undefined:
      return {"not defined", known.range()};
    case Sense::enclosure:
      break;
  }
  return shown(known.range(), digits);
}

}  // namespace

std::string display(const Interval& a, int digits) {
  return shown(a, std::max(digits, 1)).text;
}

std::string display(const Known& known, int digits) {
  return shown(known, std::max(digits, 1)).text;
}

namespace {

/// The claim's own words; of two sides that are one and the same number, that they are.
std::string words_of(const Claim& claim) {
  if (!claim.words.empty() || claim.verdict != Verdict::holds) return claim.words;
  const Interval &lhs = claim.lhs.range(), &rhs = claim.rhs.range();
  const bool are_one =
      lhs.is_point() && rhs.is_point() && certainly_less_equal(lhs, rhs) && certainly_less_equal(rhs, lhs);
  return are_one ? "equal: both are " + display(lhs) : "";
}

}  // namespace

DisplayedSides display_sides(const Claim& claim) {
  constexpr int kFew = 6, kMost = 100;
  const std::string words = words_of(claim);
  const bool is_proof = claim.verdict == Verdict::holds || claim.verdict == Verdict::fails;
  for (int digits = kFew; is_proof && digits < kMost; digits = digits * 3 / 2) {
    const Shown lhs = shown(claim.lhs, digits), rhs = shown(claim.rhs, digits);
    if (decide(lhs.set, claim.relation, rhs.set) == claim.verdict) return {lhs.text, rhs.text, words};
  }
  return {display(claim.lhs), display(claim.rhs), words};
}

std::string display_power_of_ten(const Interval& a) {
  if (!certainly_nonnegative(a)) return "—";
  const double lo = log10(a.lower()).lower_double(), hi = log10(a.upper()).upper_double();
  const bool has_lo = std::isfinite(lo), has_hi = std::isfinite(hi);
  if (!has_lo && !has_hi) return "—";
  if (!has_lo) return "at most " + exponent_up(hi);
  if (!has_hi) return "at least " + exponent_down(lo);
  const double rounded = std::round(100 * lo);
  if (rounded == std::round(100 * hi)) return fmt::format("10^{:.2f}", rounded / 100 + 0.0);
  return exponent_down(lo) + " to " + exponent_up(hi);
}

std::string display_slack(double slack_log10) {
  if (slack_log10 == 0 || std::isnan(slack_log10)) return "—";
  if (slack_log10 >= kUnboundedSlack) return "unbounded";
  if (slack_log10 <= -kUnboundedSlack) return "-unbounded";
  const double unit = std::abs(slack_log10) < 0.1 ? 1000 : 10;
  return fmt::format("10^{:+.{}f}", std::floor(unit * slack_log10) / unit, unit > 10 ? 3 : 1);
}

}  // namespace assay
