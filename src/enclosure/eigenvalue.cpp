#include "enclosure/eigenvalue.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "enclosure/approx/point_matrix.hpp"
#include "enclosure/environment.hpp"
#include "enclosure/sliced/eigenproblem.hpp"

namespace assay {

namespace {

void require_symmetric(const IntervalMatrix& a) {
  if (a.rows() == 0 || a.rows() != a.cols())
    throw std::invalid_argument("enclose_lambda_min: expected a square matrix with at least one row");
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < i; ++j)
      if (!overlap(a(i, j), a(j, i))) throw std::invalid_argument("enclose_lambda_min: expected a symmetric matrix");
}

bool is_finite(const IntervalMatrix& a) {
  return std::all_of(a.entries().begin(), a.entries().end(), [](const Interval& x) { return x.is_finite(); });
}

bool is_zero_matrix(const IntervalMatrix& a) {
  return std::all_of(a.entries().begin(), a.entries().end(),
                     [](const Interval& x) { return mpfi_is_zero(x.mpfi()) > 0; });
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

/// The least eigenvalue in MPFR points, for matrices of few rows or very many bits.
class PlainEigenproblem {
 public:
  PlainEigenproblem(const IntervalMatrix& a, const Interval& norm, Bits bits)
      : a_(a),
        norm_(norm),
        middle_(approx_midpoint(a, bits)),
        v_(initial_vector(middle_)),
        l_(a.rows(), a.cols(), bits) {}
  Interval unscaled(const Interval& lower, const Interval& upper) const { return hull(lower, upper); }
  Interval norm() const { return norm_; }
  Interval radius() const { return Interval(); }  // in the residual and the quotient

  std::optional<Interval> first_upper() const {
    const auto quotient = rayleigh_quotient(a_, v_);
    return quotient ? std::optional(quotient->upper()) : std::nullopt;
  }
  bool factor(const Interval& shift, const Interval&) {
    shift_ = shift;
    return approx_cholesky(middle_, shift, l_);
  }
  Interval lower() const {
    return (shift_ - residual_norm(a_, shift_, [&](Index i, Index j) { return product(i, j); })).lower();
  }
  /// A few steps of inverse iteration at a time, as long as they lower the quotient noticeably.
  template <class Wanted>
  Interval improve(Wanted wanted, Interval& upper) {
    for (int round = 0; round < 8; ++round) {
      for (int step = 0; step < 3; ++step) approx_inverse_step(l_, v_);
      const auto quotient = rayleigh_quotient(a_, v_);
      if (!quotient) break;
      const bool worthwhile = certainly_less(quotient->upper() + wanted(upper), upper);
      upper = min(upper, quotient->upper());
      if (!worthwhile) break;
    }
    return Interval();
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
  Interval norm_, shift_;
  PointMatrix middle_, v_, l_;
};

/// The search for a shift closely below the least eigenvalue.
template <class Eigenproblem>
Interval enclose(Eigenproblem& problem, Index n, double rtol, Bits bits) {
  const auto two_to = [&](Bits k) { return power(Interval(2, bits), k); };
  const Interval norm = problem.norm();
  // Below `floor` the rounding of Cholesky itself, or the width of A, exceeds the gap; a double's eigenvector is good
  // to `coarse`.
  const Interval floor = max(norm * (16 * n) / two_to(bits), problem.radius() / 8).upper();
  const Interval coarse = (norm * (4 * n) / two_to(std::min<Bits>(bits, 53))).upper();
  const auto wanted = [&](const Interval& u) { return max(floor, (abs(u) * Interval(rtol / 8, bits))).upper(); };

  Interval upper = norm, lower = -norm;  // |lambda| <= |A|_inf
  if (const auto first = problem.first_upper()) upper = min(upper, *first);
  // A positive quotient that a double cannot tell from 0: shift 0 is the natural first one.
  const bool in_the_dark = certainly_positive(upper) && certainly_less(upper, coarse);
  Interval gap = in_the_dark ? upper : wanted(upper), accuracy = in_the_dark ? floor : gap;
  std::optional<Interval> success;  // the last shift below lambda_min
  for (int attempt = 0; attempt < 100; ++attempt) {
    const Interval shift = (upper - gap).lower();
    if (!problem.factor(shift, accuracy)) {
      // Between the failed gap and the last good one in the logarithm; before any success, shift 0 where the quotient
      // is positive, else as far as doubles err.
      const Interval first = certainly_less(gap * 2, upper) ? upper : max(gap * 16, coarse);
      const Interval longer = success ? sqrt(gap * nonnegative_part(upper - *success)) : first;
      const bool hopeless = success ? !certainly_less(gap * 2, longer) : certainly_less(norm * 4, longer);
      if (hopeless) break;
      gap = longer.upper();
      accuracy = success ? gap : wanted(Interval());
      continue;
    }
    success = shift;
    const auto is_near = [&] { return !certainly_less(wanted(upper) * 8, upper - shift); };
    if (const Interval left = is_near() ? Interval() : problem.improve(wanted, upper); !is_near()) {
      // As near as the quotient is likely to be good, and much nearer than now.
      const Interval next = wanted(upper), distance = (upper - shift).upper(), doubtful = max(next, left * 2);
      gap = accuracy = certainly_less(doubtful * 8, distance) ? doubtful : sqrt(next * distance).upper();
      continue;
    }
    lower = max(lower, problem.lower());
    break;
  }
  if (success && certainly_less_equal(lower, -norm)) {
    // The ladder of shifts ended at a failure: the residual of the last good factor is still to be had.
    if (problem.factor(*success, floor)) lower = max(lower, problem.lower());
  }
  return problem.unscaled(min(lower, upper), upper);
}

/// From this size on slices pay.
constexpr Index kSlicedFrom = 48;

}  // namespace

Interval enclose_lambda_min(const IntervalMatrix& a, double rtol, Bits bits) {
  require_sound_environment();
  require_symmetric(a);
  if (!is_finite(a)) return Interval::whole_line(bits);
  if (is_zero_matrix(a)) return Interval::from_integer(0, bits);
  if (a.rows() >= kSlicedFrom && bits <= sliced::Eigenproblem::kMostBits) {
    sliced::Eigenproblem problem(a, bits);
    return enclose(problem, a.rows(), rtol, bits);
  }
  PlainEigenproblem problem(a, row_sum_norm(a).upper().rounded_to(bits), bits);
  return enclose(problem, a.rows(), rtol, bits);
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
