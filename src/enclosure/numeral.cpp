#include "enclosure/numeral.hpp"

namespace assay {

bool is_in_range(const Decimal& number) {
  const Interval value = number.at(64);
  return value.is_finite() && (value.is_point() || certainly_positive(value) || certainly_negative(value));
}

double nearest_double(const Decimal& number) {
  // Rounding is monotone: once both ends have the same nearest double, so has the number between them. Where they never
  // do, the number is next to a tie.
  constexpr Bits kStart = 128, kLimit = 1 << 16;
  for (Bits bits = kStart;; bits *= 2) {
    const Interval value = number.at(bits);
    const double lo = mpfr_get_d(&value.mpfi()->left, MPFR_RNDN), hi = mpfr_get_d(&value.mpfi()->right, MPFR_RNDN);
    if (lo == hi || bits >= kLimit) return lo;
  }
}

bool is_exactly(const Decimal& number, double x) {
  const Interval value = number.at(64);
  return value.is_point() && mpfr_cmp_d(&value.mpfi()->left, x) == 0;
}

std::optional<std::int64_t> integer_of(const Decimal& number) {
  const Interval value = number.at(64);
  const mpfr_srcptr point = &value.mpfi()->left;
  if (!value.is_point() || mpfr_integer_p(point) == 0 || mpfr_fits_slong_p(point, MPFR_RNDN) == 0) return std::nullopt;
  return mpfr_get_si(point, MPFR_RNDN);
}

std::optional<std::uint64_t> natural_of(const Decimal& number) {
  const Interval value = number.at(64);
  const mpfr_srcptr point = &value.mpfi()->left;
  if (!value.is_point() || mpfr_integer_p(point) == 0 || mpfr_fits_ulong_p(point, MPFR_RNDN) == 0) return std::nullopt;
  return mpfr_get_ui(point, MPFR_RNDN);
}

}  // namespace assay
