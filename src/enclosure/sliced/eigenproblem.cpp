#include "enclosure/sliced/eigenproblem.hpp"

#include <algorithm>
#include <cmath>

#include "enclosure/fast/eigenvalue.hpp"

namespace assay::sliced {

namespace {

/// log2 of the upper end, to one.
double approx_log2(const Interval& x) {
  return static_cast<double>(mpfr_regular_p(&x.mpfi()->right) ? mpfr_get_exp(&x.mpfi()->right) : -1000);
}

/// The least gap that will be asked for is 16 N |M| 2^-bits, |M| >= 1/8.
long places_for_bits(Bits bits, Index rows) {
  return Factor::places_for(std::log2(static_cast<double>(2 * rows)) - static_cast<double>(bits), rows);
}

/// Digits of a vector whose quotient is off by less than `resolution`: its square root, |M| < N / 4 being 1.
Bits bits_of_vector(const Interval& resolution) {
  return std::max<Bits>(44, static_cast<Bits>(-approx_log2(resolution) / 2) + 16);
}

PointMatrix points(const Eigen::VectorXd& v, Bits bits) {
  PointMatrix result(v.size(), 1, bits);
  const double largest = v.cwiseAbs().maxCoeff();
  for (Index i = 0; i < v.size(); ++i) mpfr_set_d(result(i, 0), v(i) / (2 * largest), MPFR_RNDN);
  return result;
}

long largest_exponent(const PointMatrix& v) {
  long largest = mpfr_get_emin();
  for (Index i = 0; i < v.rows(); ++i)
    if (mpfr_regular_p(v(i, 0))) largest = std::max<long>(largest, mpfr_get_exp(v(i, 0)));
  return largest;
}

/// v <- 2^exponent v
void scale(PointMatrix& v, long exponent) {
  for (Index i = 0; i < v.rows(); ++i) mpfr_mul_2si(v(i, 0), v(i, 0), exponent, MPFR_RNDN);
}

}  // namespace

Eigenproblem::Eigenproblem(const IntervalMatrix& a, Bits bits)
    : m_(a, places_for_bits(bits, a.rows()) + 1, std::ldexp(0.5, static_cast<int>(-bits))),
      most_places_(places_for_bits(bits, a.rows())),
      factor_(m_),
      shift_(1, 1, kDigitBits * (most_places_ + 1) + 64),
      v_(a.rows(), 1, 53) {}

Interval Eigenproblem::unscaled(const Interval& lower, const Interval& upper) const {
  Interval result = hull((lower - radius()).lower(), (upper + radius()).upper());
  mpfi_mul_2si(result.mpfi(), result.mpfi(), m_.exponent());
  return result;
}

std::optional<Interval> Eigenproblem::first_upper() {
  const Eigen::VectorXd v = fast::approx_lowest_eigenvector(m_.approx_doubles());
  if (!v.allFinite() || !take(points(v, 53))) return std::nullopt;
  return quotient_->value.upper();
}

bool Eigenproblem::factor(const Interval& shift, const Interval& accuracy) {
  const long places = std::min(most_places_, Factor::places_for(approx_log2(accuracy) - 1, m_.rows()));
  mpfr_mul_2si(shift_(0, 0), &shift.mpfi()->left, kDigitBits * places, MPFR_RNDD);
  mpfr_floor(shift_(0, 0), shift_(0, 0));
  mpfr_div_2si(shift_(0, 0), shift_(0, 0), kDigitBits * places, MPFR_RNDD);
  return factor_.compute(shift_(0, 0), places) && certainly_less(Interval(factor_.upper_residual(), 53), accuracy);
}

Interval Eigenproblem::lower() const {
  return (shift_.exact(0, 0) - Interval(factor_.upper_residual(), 53)).lower();
}

bool Eigenproblem::take(PointMatrix v) {
  auto quotient = rayleigh_quotient(m_, v);
  if (!quotient) return false;
  v_ = std::move(v);
  quotient_ = std::move(quotient);
  return true;
}

void Eigenproblem::approx_lanczos() {
  constexpr int kSteps = 16;
  const Eigen::MatrixXd l = factor_.approx_l().cast<double>();
  Eigen::VectorXd start(m_.rows());
  for (Index i = 0; i < m_.rows(); ++i) start(i) = mpfr_get_d(v_(i, 0), MPFR_RNDN);
  const Eigen::VectorXd v = fast::approx_top_eigenvector(start, kSteps, [&](const Eigen::VectorXd& x) {
    const auto lower = l.triangularView<Eigen::Lower>();
    return Eigen::VectorXd(lower.transpose().solve(lower.solve(x)));
  });
  if (v.allFinite()) take(points(v, 53));
}

Eigenproblem::Vector Eigenproblem::approx_left_over(const PointMatrix& right, const PointMatrix& z,
                                                    const PointMatrix& image) const {
  PointMatrix scratch(1, 1, image.bits());
  Vector result(m_.rows());
  for (Index i = 0; i < m_.rows(); ++i) {
    mpfr_mul(scratch(0, 0), z(i, 0), shift_(0, 0), MPFR_RNDN);
    mpfr_sub(scratch(0, 0), scratch(0, 0), image(i, 0), MPFR_RNDN);
    mpfr_add(scratch(0, 0), scratch(0, 0), right(i, 0), MPFR_RNDN);
    result(i) = mpfr_get_ld(scratch(0, 0), MPFR_RNDN);
  }
  return result;
}

bool Eigenproblem::approx_step(const Interval& resolution) {
  if (!quotient_) return false;
  if (approx_corrected_step(resolution)) return true;
  const Bits bits = std::max(bits_of_vector(resolution), -2 * static_cast<Bits>(approx_log2(resolution)));
  PointMatrix l(m_.rows(), m_.rows(), bits), v(m_.rows(), 1, bits);
  for (Index i = 0; i < m_.rows(); ++i) {
    mpfr_set(v(i, 0), v_(i, 0), MPFR_RNDN);
    for (Index k = 0; k <= i; ++k) factor_.entry(i, k, l(i, k));
  }
  approx_inverse_step(l, v);
  return take(std::move(v));
}

bool Eigenproblem::approx_corrected_step(const Interval& resolution) {
  // (M - s I) z = (quotient - s) v is solved by z = v + d_1 + d_2 + ...: (M - s I) d is what z leaves over, exactly.
  const Index n = m_.rows();
  PointMatrix right(n, 1, v_.bits()), theta(1, 1, v_.bits());
  mpfr_sub(theta(0, 0), &quotient_->value.mpfi()->left, shift_(0, 0), MPFR_RNDN);
  for (Index i = 0; i < n; ++i) mpfr_mul(right(i, 0), v_(i, 0), theta(0, 0), MPFR_RNDN);
  const auto l = factor_.approx_l().triangularView<Eigen::Lower>();
  long double before = 1;
  for (int correction = 0;; ++correction) {
    Vector d = approx_left_over(right, v_, quotient_->image);
    l.solveInPlace(d);
    l.transpose().solveInPlace(d);
    PointMatrix z(n, 1, bits_of_vector(resolution));
    for (Index i = 0; i < n; ++i) {
      mpfr_set_ld(z(i, 0), d(i), MPFR_RNDN);
      mpfr_add(z(i, 0), z(i, 0), v_(i, 0), MPFR_RNDN);
    }
    const long exponent = largest_exponent(z);
    scale(z, -exponent);
    scale(right, -exponent);
    if (!take(std::move(z))) return false;
    // Rounding in d goes to all directions alike; its square counts in the quotient.
    const long double size = std::ldexp(d.norm(), static_cast<int>(-exponent)), rounding = size * 1e-16L;
    if (rounding * rounding < resolution.approx_double()) return true;
    if (correction > 0 && !(size < before / 8)) return false;
    before = size;
  }
}

}  // namespace assay::sliced
