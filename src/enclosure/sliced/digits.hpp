#pragma once

#include <vector>

#include "enclosure/fast/kernels.hpp"
#include "enclosure/interval.hpp"

/// Fixed-point numbers cut into digits that are small integers in double, so that their products and sums are exact at
/// the speed of double.
///
///   x = sum_{q=0..Q} d_q R^-q,   R = 2^22,   |d_q| <= R/2 for q >= 1
///
/// A product of two digits is at most 2^42: sums of 2^11 of them, in any order, fused or not, are exact.
/// @source Ozaki, Ogita, Oishi, Rump, Numerical Algorithms 59 (2012) 95-118.
namespace assay::sliced {

inline constexpr long kDigitBits = 22;
inline constexpr double kRadix = fast::kDigitRadix;

/// `planes` digits of each of `places` numbers: digit q of number i stands at plane(q)[i].
class Digits {
 public:
  Digits() = default;
  Digits(std::size_t planes, std::size_t places) : places_(places), digits_(planes * places) {}
  std::size_t planes() const { return places_ == 0 ? 0 : digits_.size() / places_; }
  std::size_t places() const { return places_; }
  double* plane(std::size_t q) { return digits_.data() + q * places_; }
  const double* plane(std::size_t q) const { return digits_.data() + q * places_; }

  /// Number i = x 2^-exponent, |x| 2^-exponent < 2^20, cut towards zero: off by less than R^-Q, the last plane being Q.
  void set(std::size_t i, mpfr_srcptr x, long exponent);
  /// out = number i 2^exponent, exactly if out has the bits.
  void get(std::size_t i, long exponent, mpfr_ptr out) const;
  /// Number i to about the precision of double; proves nothing.
  double approx(std::size_t i) const;

 private:
  std::size_t places_ = 0;
  std::vector<double> digits_;
};

/// R^-q.
double radix_power(long q);

}  // namespace assay::sliced
