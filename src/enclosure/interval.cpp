#include "enclosure/interval.hpp"

#include "enclosure/loosening.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>

#include "enclosure/environment.hpp"
#include "enclosure/stop.hpp"

namespace assay {

namespace {

constexpr Bits kLeastBits = MPFR_PREC_MIN;

/// A scratch interval per thread, for the products inside sums.
Interval& scratch(Bits bits) {
  thread_local Interval value = Interval::uninitialised(64);
  if (value.bits() != bits) mpfi_set_prec(value.mpfi(), bits);
  return value;
}

/// x, where subnormal doubles are what they are: MPFR takes and gives 0 for them on a thread that flushes them. By the
/// bits, as a comparison would be fooled too.
double exactly_subnormal(double x) {
  const std::uint64_t magnitude = std::bit_cast<std::uint64_t>(x) << 1;
  if (magnitude != 0 && magnitude >> 53 == 0) require_sound_environment();
  return x;
}

/// What MPFR rounded the number to; 0 may be what is left of a subnormal double.
double rounded_to_double(mpfr_srcptr x, mpfr_rnd_t rounding) {
  const double result = mpfr_get_d(x, rounding);
  const bool may_be_flushed = std::bit_cast<std::uint64_t>(result) << 1 >> 53 == 0 && mpfr_zero_p(x) == 0;
  if (may_be_flushed) require_sound_environment();
  return result;
}

void raise_precision(Interval& a, Bits bits) {
  if (a.bits() < bits) mpfi_round_prec(a.mpfi(), bits);
}

using Unary = int (*)(mpfi_ptr, mpfi_srcptr);
using Binary = int (*)(mpfi_ptr, mpfi_srcptr, mpfi_srcptr);

Interval apply(Unary f, const Interval& a) {
  Interval result = Interval::uninitialised(a.bits());
  f(result.mpfi(), a.mpfi());
  result.without_nan();
  return result;
}

Interval apply(Binary f, const Interval& a, const Interval& b) {
  Interval result = Interval::uninitialised(std::max(a.bits(), b.bits()));
  f(result.mpfi(), a.mpfi(), b.mpfi());
  result.without_nan();
  return result;
}

Interval& apply_to(Binary f, Interval& a, const Interval& b) {
  raise_precision(a, b.bits());
  f(a.mpfi(), a.mpfi(), b.mpfi());
  return a.without_nan();
}

mpfr_srcptr left(const Interval& a) {
  return &a.mpfi()->left;
}
mpfr_srcptr right(const Interval& a) {
  return &a.mpfi()->right;
}

/// f over [left, right] for a function that MPFI extends to arguments outside its domain in its own ways.
Interval on_domain(Unary f, const Interval& a, bool inside) {
  return inside ? apply(f, a) : Interval::whole_line(a.bits());
}

}  // namespace

Interval Interval::uninitialised(Bits bits) {
  if (bits < kLeastBits) throw std::invalid_argument("Interval: expected a precision of at least 1 bit");
  return {Empty{}, bits};
}

Interval::Interval() {
  mpfi_init2(mpfi(), kLeastBits);
  mpfi_set_si(mpfi(), 0);
}

Interval::Interval(const Interval& other) {
  mpfi_init2(mpfi(), other.bits());
  mpfi_set(mpfi(), other.mpfi());
}

Interval::Interval(double x, Bits bits) : Interval(uninitialised(bits)) {
  mpfi_set_d(mpfi(), exactly_subnormal(x));
  without_nan();
}

Interval Interval::from_integer(long x, Bits bits) {
  Interval result = uninitialised(bits);
  mpfi_set_si(result.mpfi(), x);
  return result;
}

Interval Interval::between(double lo, double hi, Bits bits) {
  if (!(lo <= hi)) throw std::invalid_argument("Interval::between: expected lo <= hi");
  Interval result = uninitialised(bits);
  mpfi_interv_d(result.mpfi(), exactly_subnormal(lo), exactly_subnormal(hi));
  return result;
}

Interval Interval::ratio(long numerator, long denominator, Bits bits) {
  if (denominator == 0) throw std::invalid_argument("Interval::ratio: the denominator is 0");
  return from_integer(numerator, bits) / denominator;
}

Interval Interval::whole_line(Bits bits) {
  Interval result = uninitialised(bits);
  mpfr_set_inf(&result.mpfi()->left, -1);
  mpfr_set_inf(&result.mpfi()->right, +1);
  return result;
}

Interval Interval::pi(Bits bits) {
  Interval result = uninitialised(bits);
  mpfi_const_pi(result.mpfi());
  return result;
}

Interval& Interval::without_nan() {
  leave_if_stopped_sometimes();  // every operation ends here
  if (mpfi_nan_p(mpfi())) {
    mpfr_set_inf(&mpfi()->left, -1);
    mpfr_set_inf(&mpfi()->right, +1);
  }
  if (loosening::active()) [[unlikely]]
    loosening::widen(mpfi(), loosening::kOfOperation);
  return *this;
}

Bits Interval::bits() const {
  return mpfi_get_prec(mpfi());
}

Interval Interval::rounded_to(Bits bits) const {
  Interval result = uninitialised(bits);
  mpfi_set(result.mpfi(), mpfi());
  return result;
}

double Interval::lower_double() const {
  return rounded_to_double(left(*this), MPFR_RNDD);
}
double Interval::upper_double() const {
  return rounded_to_double(right(*this), MPFR_RNDU);
}
double Interval::approx_double() const {
  const double lo = mpfr_get_d(left(*this), MPFR_RNDN), hi = mpfr_get_d(right(*this), MPFR_RNDN);
  return lo == hi ? lo : lo / 2 + hi / 2;
}

Interval Interval::lower() const {
  Interval result = uninitialised(bits());
  mpfi_set_fr(result.mpfi(), left(*this));
  return result;
}

Interval Interval::upper() const {
  Interval result = uninitialised(bits());
  mpfi_set_fr(result.mpfi(), right(*this));
  return result;
}

bool Interval::is_point() const {
  return mpfr_equal_p(left(*this), right(*this)) != 0 && is_finite();
}
bool Interval::is_finite() const {
  return mpfr_number_p(left(*this)) != 0 && mpfr_number_p(right(*this)) != 0;
}
bool Interval::contains_zero() const {
  return mpfr_sgn(left(*this)) <= 0 && mpfr_sgn(right(*this)) >= 0;
}
bool Interval::contains(double x) const {
  // MPFR calls NaN equal to everything.
  return !std::isnan(exactly_subnormal(x)) && mpfr_cmp_d(left(*this), x) <= 0 && mpfr_cmp_d(right(*this), x) >= 0;
}
bool Interval::contains(const Interval& other) const {
  return mpfr_lessequal_p(left(*this), left(other)) != 0 && mpfr_greaterequal_p(right(*this), right(other)) != 0;
}

double Interval::relative_width() const {
  if (is_point()) return 0;
  if (!is_finite() || contains_zero()) return std::numeric_limits<double>::infinity();
  return ((upper() - lower()) / abs(*this)).upper_double();
}

Interval& Interval::operator+=(const Interval& other) {
  return apply_to(mpfi_add, *this, other);
}
Interval& Interval::operator-=(const Interval& other) {
  return apply_to(mpfi_sub, *this, other);
}
Interval& Interval::operator*=(const Interval& other) {
  return apply_to(mpfi_mul, *this, other);
}
Interval& Interval::operator/=(const Interval& other) {
  return *this = *this / other;
}

Interval& Interval::add_product(const Interval& a, const Interval& b) {
  const Bits wide = std::max({bits(), a.bits(), b.bits()});
  Interval& product = scratch(wide);
  mpfi_mul(product.mpfi(), a.mpfi(), b.mpfi());
  product.without_nan();
  raise_precision(*this, wide);
  mpfi_add(mpfi(), mpfi(), product.mpfi());
  return without_nan();
}

Interval& Interval::add_product(double a, double b) {
  // 106 bits hold the product of two doubles exactly.
  Interval& product = scratch(std::max<Bits>(bits(), 106));
  mpfi_set_d(product.mpfi(), exactly_subnormal(a));
  mpfi_mul_d(product.mpfi(), product.mpfi(), exactly_subnormal(b));
  product.without_nan();
  mpfi_add(mpfi(), mpfi(), product.mpfi());
  return without_nan();
}

Interval& Interval::add_multiple(long k, const Interval& a) {
  if (k == 0) return *this;
  raise_precision(*this, a.bits());
  if (k == 1) return *this += a;
  if (k == -1) return *this -= a;
  Interval& product = scratch(std::max(bits(), a.bits()));
  mpfi_mul_si(product.mpfi(), a.mpfi(), k);
  product.without_nan();
  mpfi_add(mpfi(), mpfi(), product.mpfi());
  return without_nan();
}

Interval operator-(const Interval& a) {
  return apply(mpfi_neg, a);
}
Interval operator+(const Interval& a, const Interval& b) {
  return apply(mpfi_add, a, b);
}
Interval operator-(const Interval& a, const Interval& b) {
  return apply(mpfi_sub, a, b);
}
Interval operator*(const Interval& a, const Interval& b) {
  return apply(mpfi_mul, a, b);
}
Interval operator/(const Interval& a, const Interval& b) {
  // MPFI says [1, inf] for 1/[0, 1] and forgets that 1/0 is no number.
  if (b.contains_zero()) return Interval::whole_line(std::max(a.bits(), b.bits()));
  return apply(mpfi_div, a, b);
}

Interval add_integer(const Interval& a, long k) {
  Interval result = Interval::uninitialised(a.bits());
  mpfi_add_si(result.mpfi(), a.mpfi(), k);
  result.without_nan();
  return result;
}

Interval subtract_integer(const Interval& a, long k) {
  // mpfi_sub_si(0, LONG_MIN) of MPFI 1.5 has the wrong sign.
  return -add_integer(-a, k);
}

Interval multiply_integer(const Interval& a, long k) {
  Interval result = Interval::uninitialised(a.bits());
  mpfi_mul_si(result.mpfi(), a.mpfi(), k);
  result.without_nan();
  return result;
}

Interval divide_integer(const Interval& a, long k) {
  if (k == 0) return Interval::whole_line(a.bits());
  Interval result = Interval::uninitialised(a.bits());
  mpfi_div_si(result.mpfi(), a.mpfi(), k);
  result.without_nan();
  return result;
}

Interval integer_divided_by(long k, const Interval& a) {
  return Interval::from_integer(k, a.bits()) / a;
}

bool certainly_less(const Interval& a, const Interval& b) {
  return mpfr_less_p(right(a), left(b)) != 0;
}
bool certainly_less_equal(const Interval& a, const Interval& b) {
  return mpfr_lessequal_p(right(a), left(b)) != 0;
}
bool certainly_positive(const Interval& a) {
  return mpfr_sgn(left(a)) > 0;
}
bool certainly_nonnegative(const Interval& a) {
  return mpfr_sgn(left(a)) >= 0;
}
bool certainly_negative(const Interval& a) {
  return mpfr_sgn(right(a)) < 0;
}
bool overlap(const Interval& a, const Interval& b) {
  return mpfr_lessequal_p(left(a), right(b)) != 0 && mpfr_lessequal_p(left(b), right(a)) != 0;
}

Interval sqr(const Interval& a) {
  return apply(mpfi_sqr, a);
}
Interval sqrt(const Interval& a) {
  return on_domain(mpfi_sqrt, a, certainly_nonnegative(a));
}
Interval exp(const Interval& a) {
  return apply(mpfi_exp, a);
}
Interval expm1(const Interval& a) {
  return apply(mpfi_expm1, a);
}
Interval log(const Interval& a) {
  return on_domain(mpfi_log, a, certainly_nonnegative(a));
}
Interval log1p(const Interval& a) {
  return on_domain(mpfi_log1p, a, certainly_nonnegative(a + 1));
}
Interval log10(const Interval& a) {
  return on_domain(mpfi_log10, a, certainly_nonnegative(a));
}
Interval tanh(const Interval& a) {
  return apply(mpfi_tanh, a);
}

Interval atanh(const Interval& a) {
  const bool inside = mpfr_cmp_si(left(a), -1) > 0 && mpfr_cmp_si(right(a), 1) < 0;
  return on_domain(mpfi_atanh, a, inside);
}

Interval acos(const Interval& a) {
  const bool inside = mpfr_cmp_si(left(a), -1) >= 0 && mpfr_cmp_si(right(a), 1) <= 0;
  return on_domain(mpfi_acos, a, inside);
}

Interval sin(const Interval& a) {
  return apply(mpfi_sin, a);
}

Interval cos(const Interval& a) {
  return apply(mpfi_cos, a);
}

namespace {

/// erfc(x) = e^{-x^2} / (x sqrt pi) sum_k (-1)^k (2k-1)!! / (2 x^2)^k at a point x > 0: the sum is between any two
/// partial sums that follow each other. nullopt where no term is small enough for the bits: x^2 < 0.7 bits or so.
/// @source DLMF 7.12.1
std::optional<Interval> erfc_far_out(const Interval& x, Bits bits) {
  const Interval twice_square = 2 * sqr(x.rounded_to(2 * x.bits()));
  const double twice = twice_square.lower_double();
  if (!certainly_positive(x) || !(twice > 1.4 * static_cast<double>(bits)) || !(twice < 0x1p60)) return std::nullopt;
  const Bits guard = 30, work = bits + std::ilogb(twice) + guard + 10;
  const Interval unit = twice_square.rounded_to(work);
  Interval term = Interval::from_integer(1, work), sum = term;
  for (long k = 1; 2.0 * static_cast<double>(k) < twice; ++k) {
    term = term * (2 * k - 1) / unit;
    const Interval next = k % 2 == 1 ? sum - term : sum + term;
    if (mpfr_get_exp(right(term)) < -bits - guard)
      return hull(sum, next) * exp(-unit / 2) / (x * sqrt(Interval::pi(work)));
    sum = next;
  }
  return std::nullopt;
}

/// MPFR's erfc is 1 - erf, at as many more bits as erfc(x) has zeros: slow far out.
Interval erfc_at(const Interval& x) {
  if (const auto value = erfc_far_out(x, x.bits())) return value->rounded_to(x.bits());
  Interval result = Interval::uninitialised(x.bits());
  mpfr_erfc(&result.mpfi()->left, right(x), MPFR_RNDD);
  mpfr_erfc(&result.mpfi()->right, left(x), MPFR_RNDU);
  result.without_nan();
  return result;
}

}  // namespace

Interval erfc(const Interval& a) {
  return a.is_point() ? erfc_at(a) : hull(erfc_at(a.upper()), erfc_at(a.lower()));
}

Interval power(const Interval& a, long k) {
  if (k < 0) throw std::invalid_argument("power: expected an exponent k >= 0");
  Interval result = Interval::from_integer(1, a.bits());
  Interval square = a;
  for (long rest = k; rest > 0; rest /= 2) {
    if (rest % 2 == 1) result *= square;
    if (rest > 1) square = sqr(square);
  }
  return result;
}

Interval power(const Interval& a, const Interval& b) {
  return exp(b * log(a));
}

Interval abs(const Interval& a) {
  return apply(mpfi_abs, a);
}

Interval max(const Interval& a, const Interval& b) {
  Interval result = Interval::uninitialised(std::max(a.bits(), b.bits()));
  mpfr_max(&result.mpfi()->left, left(a), left(b), MPFR_RNDD);
  mpfr_max(&result.mpfi()->right, right(a), right(b), MPFR_RNDU);
  return result;
}

Interval min(const Interval& a, const Interval& b) {
  Interval result = Interval::uninitialised(std::max(a.bits(), b.bits()));
  mpfr_min(&result.mpfi()->left, left(a), left(b), MPFR_RNDD);
  mpfr_min(&result.mpfi()->right, right(a), right(b), MPFR_RNDU);
  return result;
}

Interval nonnegative_part(const Interval& a) {
  if (certainly_negative(a)) throw std::logic_error("nonnegative_part: the enclosure is negative");
  return max(a, Interval());
}

Interval hull(const Interval& a, const Interval& b) {
  return apply(mpfi_union, a, b);
}

Interval intersection(const Interval& a, const Interval& b) {
  if (!overlap(a, b)) throw std::logic_error("intersection: two enclosures of one number are disjoint");
  return apply(mpfi_intersect, a, b);
}

}  // namespace assay
