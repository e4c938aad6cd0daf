#include "enclosure/eigenvalue.hpp"

#include <cmath>
#include <optional>
#include <stdexcept>

#include "enclosure/approx/point_matrix.hpp"

namespace assay {

namespace {

void require_symmetric_and_finite(const IntervalMatrix& a) {
  if (a.rows() == 0 || a.rows() != a.cols())
    throw std::invalid_argument("enclose_lambda_min: expected a square matrix with at least one row");
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j <= i; ++j) {
      if (!a(i, j).is_finite() || !a(j, i).is_finite())
        throw std::invalid_argument("enclose_lambda_min: expected finite entries");
      if (!overlap(a(i, j), a(j, i))) throw std::invalid_argument("enclose_lambda_min: expected a symmetric matrix");
    }
}

/// Upper bound of |A - s I - L L'|_inf over the symmetric matrices in A: the lower triangle decides.
Interval residual_norm(const IntervalMatrix& a, const Interval& shift, const PointMatrix& l) {
  const Index n = a.rows();
  const Bits wide = l.bits() + 16;  // room for the sum over k
  IntervalVector row_sums(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) {
      Interval product = Interval::uninitialised(wide);
      mpfi_set_si(product.mpfi(), 0);
      mpfr_ptr lo = &product.mpfi()->left, hi = &product.mpfi()->right;
      for (Index k = 0; k <= j; ++k) {
        mpfr_fma(lo, l(i, k), l(j, k), lo, MPFR_RNDD);
        mpfr_fma(hi, l(i, k), l(j, k), hi, MPFR_RNDU);
      }
      const Interval entry = i == j ? a(i, i) - shift : a(i, j);
      const Interval magnitude = abs(entry - product);
      row_sums[static_cast<std::size_t>(i)] += magnitude;
      if (i != j) row_sums[static_cast<std::size_t>(j)] += magnitude;
    }
  Interval norm;
  for (const Interval& sum : row_sums) norm = max(norm, sum);
  return norm.upper();
}

/// v' A v / v' v: its upper end bounds lambda_min of every matrix in A from above. Nothing for v = 0.
std::optional<Interval> rayleigh_quotient(const IntervalMatrix& a, const PointMatrix& v) {
  const Index n = a.rows();
  IntervalVector x(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i) x[static_cast<std::size_t>(i)] = v.exact(i, 0);
  Interval numerator, denominator;
  for (Index i = 0; i < n; ++i) {
    const auto entry = static_cast<std::size_t>(i);
    numerator.add_product(x[entry], dot(a.row(i), x));
    denominator += sqr(x[entry]);
  }
  if (!certainly_positive(denominator) || !denominator.is_finite()) return std::nullopt;
  return numerator / denominator;
}

PointMatrix initial_vector(const PointMatrix& middle) {
  const Index n = middle.rows();
  Eigen::MatrixXd doubles(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) doubles(i, j) = doubles(j, i) = mpfr_get_d(middle(i, j), MPFR_RNDN);
  // Entries beyond the range of double: any vector is a sound start.
  const double largest = doubles.cwiseAbs().maxCoeff();
  Eigen::VectorXd v = Eigen::VectorXd::Ones(n);
  if (std::isfinite(largest) && largest > 0) v = approx_lowest_eigenvector(doubles / largest);
  PointMatrix result(n, 1, middle.bits());
  for (Index i = 0; i < n; ++i) mpfr_set_d(result(i, 0), v(i), MPFR_RNDN);
  return result;
}

}  // namespace

Interval enclose_lambda_min(const IntervalMatrix& a, double rtol, Bits bits) {
  require_symmetric_and_finite(a);
  const Interval norm = row_sum_norm(a).upper().rounded_to(bits);
  if (!certainly_positive(norm)) return Interval::from_integer(0, bits);
  const PointMatrix middle = approx_midpoint(a, bits);
  PointMatrix v = initial_vector(middle), l(a.rows(), a.cols(), bits);
  const auto two_to = [&](Bits k) { return power(Interval(2, bits), k); };
  // Below `floor` the rounding of Cholesky itself exceeds the gap; a double's eigenvector is good to `coarse`.
  const Interval floor = (norm * (16 * a.rows()) / two_to(bits)).upper();
  const Interval coarse = (norm * (4 * a.rows()) / two_to(std::min<Bits>(bits, 53))).upper();
  const auto wanted = [&](const Interval& u) { return max(floor, (abs(u) * Interval(rtol / 4, bits))).upper(); };

  Interval upper = norm, lower = -norm;  // |lambda| <= |A|_inf
  if (const auto quotient = rayleigh_quotient(a, v)) upper = min(upper, quotient->upper());
  Interval gap = wanted(upper);
  std::optional<Interval> success;  // the last shift below lambda_min
  for (int attempt = 0; attempt < 100; ++attempt) {
    const Interval shift = (upper - gap).lower();
    if (!approx_cholesky(middle, shift, l)) {
      // Between the failed gap and the last good one in the logarithm; before any success, as far as doubles err.
      const Interval longer = success ? sqrt(gap * nonnegative_part(upper - *success)) : max(gap * 16, coarse);
      const bool hopeless = success ? !certainly_less(gap * 2, longer) : certainly_less(norm * 4, longer);
      if (hopeless) break;
      gap = longer.upper();
      continue;
    }
    success = shift;
    const Interval residual = residual_norm(a, shift, l);
    lower = max(lower, (shift - residual).lower());
    for (int step = 0; step < 2; ++step) approx_inverse_step(l, v);
    if (const auto quotient = rayleigh_quotient(a, v)) upper = min(upper, quotient->upper());
    const Interval next = max(wanted(upper), residual).upper();
    if (!certainly_less(next * 2, upper - shift)) break;
    gap = next;
  }
  return hull(min(lower, upper), upper);
}

Interval enclose_lambda_max(const IntervalMatrix& a, double rtol, Bits bits) {
  IntervalMatrix negative(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) negative(i, j) = -a(i, j);
  return -enclose_lambda_min(negative, rtol, bits);
}

Interval enclose_spectral_norm(const IntervalMatrix& a, double rtol, Bits bits) {
  return max(abs(enclose_lambda_min(a, rtol, bits)), abs(enclose_lambda_max(a, rtol, bits)));
}

}  // namespace assay
