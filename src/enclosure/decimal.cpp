#include "enclosure/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "enclosure/mpfr_text.hpp"

namespace assay {

namespace {

void skip_sign(std::string_view& text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
}

/// Takes the leading digits off the text.
std::string_view take_digits(std::string_view& text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
  text.remove_prefix(digits.size());
  return digits;
}

/// [sign] digits [. digits] [e [sign] 1 to 17 digits], with at least one digit before or after the point. By hand, not
/// by std::regex, whose recursion overflows the stack on long texts.
bool is_decimal(std::string_view text) {
  skip_sign(text);
  std::size_t digits = take_digits(text).size();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += take_digits(text).size();
  }
  if (digits == 0) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    skip_sign(text);
    const std::size_t exponent = take_digits(text).size();
    if (exponent == 0 || exponent > 17) return false;
  }
  return text.empty();
}

/// [sign] digits / digits, not all of the last ones 0.
bool is_fraction(std::string_view text) {
  skip_sign(text);
  if (take_digits(text).empty() || !text.starts_with('/')) return false;
  text.remove_prefix(1);
  const std::string_view denominator = take_digits(text);
  return text.empty() && denominator.find_first_not_of('0') != std::string_view::npos;
}

/// [sign] digits ^ [-] digits: at most 17 digits in the exponent, and a base that is not 0.
bool is_power(std::string_view text) {
  skip_sign(text);
  const std::string_view base = take_digits(text);
  if (base.find_first_not_of('0') == std::string_view::npos || !text.starts_with('^')) return false;
  text.remove_prefix(1);
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t exponent = take_digits(text).size();
  return exponent >= 1 && exponent <= 17 && text.empty();
}

Interval parsed(const std::string& text, Bits bits) {
  Interval result = Interval::uninitialised(bits);
  mpfr_set_str(&result.mpfi()->left, text.c_str(), 10, MPFR_RNDD);
  mpfr_set_str(&result.mpfi()->right, text.c_str(), 10, MPFR_RNDU);
  return result;
}

/// 4 bits hold a decimal digit.
Bits bits_of_digits(std::string_view digits) {
  return 4 * static_cast<Bits>(digits.size());
}

/// sign base^exponent, with "-2^2" as -(2^2); MPFR rounds a power correctly.
Interval parsed_power(std::string_view text, Bits bits) {
  const bool negative = text.starts_with('-');
  skip_sign(text);
  const auto caret = text.find('^');
  const std::string_view digits = text.substr(caret + 1);
  long exponent = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  const Interval base = parsed(std::string(text.substr(0, caret)), bits_of_digits(text));
  Interval result = Interval::uninitialised(bits);
  mpfr_pow_si(&result.mpfi()->left, &base.mpfi()->left, exponent, MPFR_RNDD);
  mpfr_pow_si(&result.mpfi()->right, &base.mpfi()->left, exponent, MPFR_RNDU);
  return negative ? -result : result;
}

std::string printed(mpfr_srcptr x, int digits, mpfr_rnd_t rounding) {
  if (mpfr_inf_p(x)) return mpfr_sgn(x) > 0 ? "inf" : "-inf";
  if (mpfr_zero_p(x)) return "0";
  return mpfr_text("%.*R*e", digits - 1, rounding, x);
}

/// Significant digits that an enclosure of this relative width is worth, and three more.
int worthwhile_digits(const Interval& a) {
  constexpr int kLeast = 17;
  if (a.is_point()) return std::max(kLeast, static_cast<int>(std::min<Bits>(a.bits(), 400) * 3 / 10 + 2));
  const double width = a.relative_width();
  if (!(width < 1)) return kLeast;
  if (width <= 0) return 400;
  return std::max(kLeast, static_cast<int>(std::ceil(-std::log10(width))) + 3);
}

}  // namespace

Decimal::Decimal(std::string_view text) : text_(text) {
  if (!is_decimal(text_) && !is_fraction(text_) && !is_power(text_))
    throw std::invalid_argument(
        "expected a decimal number such as 0.1 or 3e-4, a fraction such as 1/3 or a power such as 2^20, found '" +
        text_ + "'");
}

Decimal Decimal::exactly(double x) {
  if (!std::isfinite(x)) throw std::invalid_argument("Decimal::exactly: expected a finite double");
  // A double has at most 767 significant digits.
  Decimal result;
  result.text_ = printed(&Interval(x, 53).mpfi()->left, 767, MPFR_RNDN);
  const auto exponent = result.text_.find('e');
  if (exponent == std::string::npos) return result;
  auto end = result.text_.find_last_not_of('0', exponent - 1) + 1;
  result.text_.erase(end, exponent - end);
  return result;
}

Interval Decimal::at(Bits bits) const {
  if (text_.find('^') != std::string::npos) return parsed_power(text_, bits);
  const auto slash = text_.find('/');
  if (slash == std::string::npos) return parsed(text_, bits);
  // Both integers are exact; rounding outward twice is rounding outward once.
  const Bits exact = std::max(bits, bits_of_digits(text_));
  return (parsed(text_.substr(0, slash), exact) / parsed(text_.substr(slash + 1), exact)).rounded_to(bits);
}

std::string lower_decimal(const Interval& a, int digits) {
  return printed(&a.mpfi()->left, digits, MPFR_RNDD);
}
std::string upper_decimal(const Interval& a, int digits) {
  return printed(&a.mpfi()->right, digits, MPFR_RNDU);
}

DecimalEnds decimal_ends(const Interval& a) {
  const int digits = worthwhile_digits(a);
  return {lower_decimal(a, digits), upper_decimal(a, digits)};
}

Interval from_decimal_ends(std::string_view lo, std::string_view hi, Bits bits) {
  const auto end = [bits](std::string_view text) {
    const std::string copy(text);
    if (copy == "inf" || copy == "-inf") {
      const Interval whole = Interval::whole_line(bits);
      return copy == "inf" ? whole.upper() : whole.lower();
    }
    if (!is_decimal(copy)) throw std::invalid_argument("expected a decimal number or inf, found '" + copy + "'");
    return parsed(copy, bits);
  };
  const Interval a = end(lo), b = end(hi);
  if (certainly_less(b, a))
    throw std::invalid_argument("expected lo <= hi, found lo = " + std::string(lo) + ", hi = " + std::string(hi));
  return hull(a, b);
}

}  // namespace assay
