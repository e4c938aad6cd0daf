#include "enclosure/eigenvalue.hpp"

#include <cmath>
#include <optional>
#include <stdexcept>

#include "enclosure/approx/sliced_matrix.hpp"

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

/// Largest row sum of |A - s I - L L'| over the symmetric matrices in A, rounded up: the lower triangle decides.
/// product(i, j), j <= i, encloses the entry of L L'.
template <class Product>
Interval residual_norm(const IntervalMatrix& a, const Interval& shift, Product product) {
  const Index n = a.rows();
  IntervalVector row_sums(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) {
      const Interval entry = i == j ? a(i, i) - shift : a(i, j);
      const Interval magnitude = abs(entry - product(i, j));
      row_sums[static_cast<std::size_t>(i)] += magnitude;
      if (i != j) row_sums[static_cast<std::size_t>(j)] += magnitude;
    }
  Interval norm;
  for (const Interval& sum : row_sums) norm = max(norm, sum);
  return norm.upper();
}

/// A Cholesky factor of mid A - s I in points, and its residual.
class PlainFactor {
 public:
  PlainFactor(const IntervalMatrix& a, const PointMatrix& middle)
      : a_(a), middle_(middle), l_(a.rows(), a.cols(), middle.bits()) {}
  bool factor(const Interval& shift) { return approx_cholesky(middle_, shift, l_); }
  const PointMatrix& l() const { return l_; }
  Interval residual(const Interval& shift) const {
    return residual_norm(a_, shift, [&](Index i, Index j) { return product(i, j); });
  }

 private:
  Interval product(Index i, Index j) const {
    Interval product = Interval::uninitialised(l_.bits() + 16);  // room for the sum over k
    mpfi_set_si(product.mpfi(), 0);
    mpfr_ptr lo = &product.mpfi()->left, hi = &product.mpfi()->right;
    for (Index k = 0; k <= j; ++k) {
      mpfr_fma(lo, l_(i, k), l_(j, k), lo, MPFR_RNDD);
      mpfr_fma(hi, l_(i, k), l_(j, k), hi, MPFR_RNDU);
    }
    return product;
  }

  const IntervalMatrix& a_;
  const PointMatrix& middle_;
  PointMatrix l_;
};

/// The same with inner products cut into exact products of doubles: several times faster for large matrices.
class SlicedFactor {
 public:
  SlicedFactor(const IntervalMatrix& a, const PointMatrix& middle)
      : a_(a), middle_(middle), l_(a.rows(), a.cols(), middle.bits()) {}
  bool factor(const Interval& shift) {
    constexpr Bits kGuard = 8;
    sliced_.emplace(factor_exponents(a_, shift), middle_.bits() + kGuard);
    return approx_sliced_cholesky(middle_, shift, *sliced_, l_);
  }
  const PointMatrix& l() const { return l_; }
  Interval residual(const Interval& shift) {
    constexpr Index kBlock = 16;
    Index block = -1;
    return residual_norm(a_, shift, [&](Index i, Index j) {
      if (block != i / kBlock) {
        block = i / kBlock;
        const Index first = block * kBlock, last = std::min(first + kBlock, a_.rows());
        sliced_->multiply(first, last - first, 0, last, last);
      }
      return sliced_->entry(i - block * kBlock, j);
    });
  }

 private:
  const IntervalMatrix& a_;
  const PointMatrix& middle_;
  std::optional<SlicedMatrix> sliced_;
  PointMatrix l_;
};

/// v' A v / v' v: its upper end bounds lambda_min of every matrix in A from above. Nothing for v = 0.
std::optional<Interval> rayleigh_quotient(const IntervalMatrix& a, const PointMatrix& v) {
  const Index n = a.rows();
  IntervalVector x(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i) x[static_cast<std::size_t>(i)] = v.exact(i, 0);
  // A symmetric member has its entry (i, j) in the lower triangle too, so that triangle is enough.
  Interval numerator, denominator;
  for (Index i = 0; i < n; ++i) {
    const auto entry = static_cast<std::size_t>(i);
    Interval sum = a(i, i) * x[entry];
    Interval below;
    for (Index j = 0; j < i; ++j) below.add_product(a(i, j), x[static_cast<std::size_t>(j)]);
    sum += below * 2;
    numerator.add_product(x[entry], sum);
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

/// A few steps of inverse iteration at a time, as long as they lower the quotient noticeably.
/// @param noticeable  relative to the quotient.
void improve(const IntervalMatrix& a, const PointMatrix& l, double noticeable, PointMatrix& v, Interval& upper) {
  for (int round = 0; round < 8; ++round) {
    for (int step = 0; step < 3; ++step) approx_inverse_step(l, v);
    const auto quotient = rayleigh_quotient(a, v);
    if (!quotient) return;
    const Interval gain = abs(quotient->upper()) * Interval(noticeable, 53);
    const bool worthwhile = certainly_less(quotient->upper() + gain, upper);
    upper = min(upper, quotient->upper());
    if (!worthwhile) return;
  }
}

template <class Factor>
Interval enclose(const IntervalMatrix& a, const Interval& norm, double rtol, Bits bits) {
  const PointMatrix middle = approx_midpoint(a, bits);
  Factor factor(a, middle);
  PointMatrix v = initial_vector(middle);
  const auto two_to = [&](Bits k) { return power(Interval(2, bits), k); };
  // Below `floor` the rounding of Cholesky itself exceeds the gap; a double's eigenvector is good to `coarse`.
  const Interval floor = (norm * (16 * a.rows()) / two_to(bits)).upper();
  const Interval coarse = (norm * (4 * a.rows()) / two_to(std::min<Bits>(bits, 53))).upper();
  const auto wanted = [&](const Interval& u) { return max(floor, (abs(u) * Interval(rtol / 8, bits))).upper(); };

  Interval upper = norm, lower = -norm;  // |lambda| <= |A|_inf
  if (const auto quotient = rayleigh_quotient(a, v)) upper = min(upper, quotient->upper());
  // A positive quotient that a double cannot tell from 0: shift 0 is the natural first one.
  const bool in_the_dark = certainly_positive(upper) && certainly_less(upper, coarse);
  Interval gap = in_the_dark ? upper : wanted(upper);
  std::optional<Interval> success;  // the last shift below lambda_min
  for (int attempt = 0; attempt < 100; ++attempt) {
    const Interval shift = (upper - gap).lower();
    if (!factor.factor(shift)) {
      // Between the failed gap and the last good one in the logarithm; before any success, shift 0 where the quotient
      // is positive, else as far as doubles err.
      const Interval first = certainly_less(gap * 2, upper) ? upper : max(gap * 16, coarse);
      const Interval longer = success ? sqrt(gap * nonnegative_part(upper - *success)) : first;
      const bool hopeless = success ? !certainly_less(gap * 2, longer) : certainly_less(norm * 4, longer);
      if (hopeless) break;
      gap = longer.upper();
      continue;
    }
    success = shift;
    improve(a, factor.l(), std::max(rtol / 16, 1e-4), v, upper);
    const Interval next = wanted(upper);
    const bool last = !certainly_less(next * 8, upper - shift);
    if (!last) {
      gap = next;
      continue;
    }
    lower = max(lower, (shift - factor.residual(shift)).lower());
    break;
  }
  if (success && certainly_less_equal(lower, -norm)) {
    // The ladder of shifts ended at a failure: the residual of the last good factor is still to be had.
    if (factor.factor(*success)) lower = max(lower, (*success - factor.residual(*success)).lower());
  }
  return hull(min(lower, upper), upper);
}

/// From this size on slices pay.
constexpr Index kSlicedFrom = 48;

}  // namespace

Interval enclose_lambda_min(const IntervalMatrix& a, double rtol, Bits bits) {
  require_symmetric_and_finite(a);
  const Interval norm = row_sum_norm(a).upper().rounded_to(bits);
  if (!certainly_positive(norm)) return Interval::from_integer(0, bits);
  const bool sliced = a.rows() >= kSlicedFrom && bits + 64 <= SlicedMatrix::kMostBits;
  return sliced ? enclose<SlicedFactor>(a, norm, rtol, bits) : enclose<PlainFactor>(a, norm, rtol, bits);
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
