#include "enclosure/sliced/digits.hpp"

#include <cmath>
#include <cstdint>

namespace assay::sliced {

namespace {

static_assert(GMP_NUMB_BITS == 64);

/// The significand of a number as a row of bits, the leading one first.
class SignificandBits {
 public:
  explicit SignificandBits(mpfr_srcptr x)
      : limbs_(static_cast<const mp_limb_t*>(mpfr_custom_get_significand(x))), count_((mpfr_get_prec(x) + 63) / 64) {}
  /// Bits first, ..., first + kDigitBits - 1 as an integer; those before the leading bit or beyond the last are 0.
  std::uint64_t digit(long first) const {
    if (first <= -kDigitBits) return 0;
    if (first < 0) return limb(0) >> (64 - kDigitBits - first);
    const long index = first / 64, skipped = first % 64;
    std::uint64_t window = limb(index) << skipped;
    if (skipped > 0) window |= limb(index + 1) >> (64 - skipped);
    return window >> (64 - kDigitBits);
  }

 private:
  std::uint64_t limb(long index) const { return index < count_ ? limbs_[count_ - 1 - index] : 0; }

  const mp_limb_t* limbs_;
  long count_;
};

}  // namespace

double radix_power(long q) {
  return std::ldexp(1.0, static_cast<int>(-kDigitBits * q));
}

void Digits::set(std::size_t i, mpfr_srcptr x, long exponent) {
  if (!mpfr_regular_p(x)) {
    for (std::size_t q = 0; q < planes(); ++q) plane(q)[i] = 0;
    return;
  }
  const SignificandBits bits(x);
  const long zeros = exponent - mpfr_get_exp(x);  // after the point, before the leading bit
  const double sign = mpfr_sgn(x);
  double carried = 0;
  for (std::size_t q = planes(); q-- > 0;) {
    double digit = static_cast<double>(bits.digit(kDigitBits * (static_cast<long>(q) - 1) - zeros)) + carried;
    carried = q > 0 && digit > kRadix / 2 ? 1 : 0;
    plane(q)[i] = sign * (digit - carried * kRadix);
  }
}

void Digits::get(std::size_t i, long exponent, mpfr_ptr out) const {
  mpfr_set_zero(out, 1);
  for (std::size_t q = planes(); q-- > 0;) {
    mpfr_add_d(out, out, plane(q)[i], MPFR_RNDN);
    if (q > 0) mpfr_div_2si(out, out, kDigitBits, MPFR_RNDN);
  }
  mpfr_mul_2si(out, out, exponent, MPFR_RNDN);
}

double Digits::approx(std::size_t i) const {
  double sum = 0;
  for (std::size_t q = planes(); q-- > 0;) sum = sum / kRadix + plane(q)[i];
  return sum;
}

}  // namespace assay::sliced
