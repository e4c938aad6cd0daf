#include "enclosure/approx/point_matrix.hpp"

namespace assay {

PointMatrix::PointMatrix(Index rows, Index cols, Bits bits) : rows_(rows), cols_(cols), bits_(bits) {
  const auto count = static_cast<std::size_t>(rows * cols);
  const std::size_t limbs_each = mpfr_custom_get_size(bits) / sizeof(mp_limb_t);
  limbs_.resize(count * limbs_each);
  numbers_.resize(count);
  for (std::size_t k = 0; k < count; ++k) {
    mpfr_custom_init(limbs_.data() + k * limbs_each, bits);
    mpfr_custom_init_set(&numbers_[k], MPFR_ZERO_KIND, 0, bits, limbs_.data() + k * limbs_each);
  }
}

Interval PointMatrix::exact(Index i, Index j) const {
  Interval result = Interval::uninitialised(bits_);
  mpfi_set_fr(result.mpfi(), (*this)(i, j));
  return result;
}

PointMatrix approx_midpoint(const IntervalMatrix& a, Bits bits) {
  PointMatrix result(a.rows(), a.cols(), bits);
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) mpfi_mid(result(i, j), a(i, j).mpfi());
  return result;
}

bool approx_cholesky(const PointMatrix& a, const Interval& shift, PointMatrix& l) {
  const Bits bits = a.bits();
  PointMatrix scratch(1, 2, bits);
  mpfr_ptr sum = scratch(0, 0), product = scratch(0, 1);
  for (Index i = 0; i < a.rows(); ++i) {
    for (Index j = 0; j <= i; ++j) {
      if (i == j)
        mpfr_sub(sum, a(i, i), &shift.mpfi()->left, MPFR_RNDN);
      else
        mpfr_set(sum, a(i, j), MPFR_RNDN);
      for (Index k = 0; k < j; ++k) {
        mpfr_mul(product, l(i, k), l(j, k), MPFR_RNDN);
        mpfr_sub(sum, sum, product, MPFR_RNDN);
      }
      if (i != j) {
        mpfr_div(l(i, j), sum, l(j, j), MPFR_RNDN);
      } else {
        if (!(mpfr_sgn(sum) > 0) || !mpfr_number_p(sum)) return false;
        mpfr_sqrt(l(i, i), sum, MPFR_RNDN);
      }
    }
  }
  return true;
}

void approx_inverse_step(const PointMatrix& l, PointMatrix& v) {
  const Index n = l.rows();
  PointMatrix scratch(1, 1, l.bits());
  mpfr_ptr product = scratch(0, 0);
  for (Index i = 0; i < n; ++i) {
    for (Index k = 0; k < i; ++k) {
      mpfr_mul(product, l(i, k), v(k, 0), MPFR_RNDN);
      mpfr_sub(v(i, 0), v(i, 0), product, MPFR_RNDN);
    }
    mpfr_div(v(i, 0), v(i, 0), l(i, i), MPFR_RNDN);
  }
  for (Index i = n - 1; i >= 0; --i) {
    for (Index k = i + 1; k < n; ++k) {
      mpfr_mul(product, l(k, i), v(k, 0), MPFR_RNDN);
      mpfr_sub(v(i, 0), v(i, 0), product, MPFR_RNDN);
    }
    mpfr_div(v(i, 0), v(i, 0), l(i, i), MPFR_RNDN);
  }
  mpfr_exp_t largest = mpfr_get_emin();
  for (Index i = 0; i < n; ++i)
    if (mpfr_regular_p(v(i, 0))) largest = std::max(largest, mpfr_get_exp(v(i, 0)));
  for (Index i = 0; i < n; ++i) mpfr_div_2si(v(i, 0), v(i, 0), largest, MPFR_RNDN);
}

}  // namespace assay
