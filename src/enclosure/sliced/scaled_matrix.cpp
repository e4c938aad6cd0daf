#include "enclosure/sliced/scaled_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "enclosure/ball.hpp"
#include "enclosure/index.hpp"

namespace assay::sliced {

namespace {

/// Rows are filled up to a multiple of this.
constexpr std::size_t kRowsTogether = 16;

/// All entries are below 2^(this - 2) in magnitude.
long common_exponent(const IntervalMatrix& a) {
  long exponent = std::numeric_limits<long>::min();
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j <= i; ++j)
      for (const mpfr_srcptr end : {&a(i, j).mpfi()->left, &a(i, j).mpfi()->right})
        if (mpfr_regular_p(end)) exponent = std::max<long>(exponent, mpfr_get_exp(end));
  return exponent + 2;
}

/// Upper bound of x 2^-exponent for x >= 0.
double upper_double(mpfr_srcptr x, long exponent) {
  if (mpfr_zero_p(x)) return 0;
  mpfr_exp_t own = 0;
  const double significand = mpfr_get_d_2exp(&own, x, MPFR_RNDU);
  // Below the range of double, the least number that `inflated` allows for.
  const long power = std::clamp<long>(own - exponent, -1020, 1020);
  return std::ldexp(significand, static_cast<int>(power));
}

/// Upper bound of (right end - left end) 2^-exponent.
double upper_width(const Interval& x, long exponent, mpfr_ptr scratch) {
  mpfr_srcptr lo = &x.mpfi()->left, hi = &x.mpfi()->right;
  if (mpfr_equal_p(lo, hi)) return 0;
  mpfr_sub(scratch, hi, lo, MPFR_RNDU);
  return upper_double(scratch, exponent);
}

}  // namespace

ScaledMatrix::ScaledMatrix(const IntervalMatrix& a, long planes, double negligible)
    : rows_(a.rows()),
      stride_((size(a.rows()) + kRowsTogether - 1) / kRowsTogether * kRowsTogether),
      exponent_(common_exponent(a)),
      negligible_(negligible),
      middle_(size(planes) + 1, size(a.rows()) * stride_),
      doubles_(fast::RowMajorMatrix::Zero(a.rows(), a.rows())) {
  PointMatrix scratch(1, 3, kDigitBits * planes);
  std::vector<double> radii(size(rows_)), sums(size(rows_));
  for (Index i = 0; i < rows_; ++i)
    for (Index j = 0; j <= i; ++j) {
      const double radius = set(i, j, a(i, j), scratch), magnitude = std::fabs(doubles_(i, j)) + radius;
      radii[size(i)] += radius;
      sums[size(i)] += magnitude;
      if (i == j) continue;
      radii[size(j)] += radius;
      sums[size(j)] += magnitude;
    }
  // Sums of N terms, and entries in double that are off by a few units in the last place.
  const double rounding = 1 + upper_gamma(static_cast<double>(rows_ + 16));
  radius_ = inflated(*std::max_element(radii.begin(), radii.end()) * rounding);
  norm_ = inflated(*std::max_element(sums.begin(), sums.end()) * rounding);
}

double ScaledMatrix::set(Index i, Index j, const Interval& entry, PointMatrix& scratch) {
  mpfr_srcptr lo = &entry.mpfi()->left, hi = &entry.mpfi()->right;
  const std::size_t place = size(i) * stride_ + size(j), mirrored = size(j) * stride_ + size(i);
  const double cut = radix_power(static_cast<long>(middle_.planes()) - 1);
  double radius = upper_width(entry, exponent_, scratch(0, 0));
  mpfr_srcptr middle = lo;
  if (radius > negligible_) {
    mpfi_mid(scratch(0, 1), entry.mpfi());
    mpfr_sub(scratch(0, 0), hi, scratch(0, 1), MPFR_RNDU);
    mpfr_sub(scratch(0, 2), scratch(0, 1), lo, MPFR_RNDU);
    mpfr_max(scratch(0, 0), scratch(0, 0), scratch(0, 2), MPFR_RNDU);
    radius = upper_double(scratch(0, 0), exponent_);
    middle = scratch(0, 1);
  }
  middle_.set(place, middle, exponent_);
  doubles_(i, j) = doubles_(j, i) = middle_.approx(place);
  if (i != j)
    for (std::size_t q = 0; q < middle_.planes(); ++q) middle_.plane(q)[mirrored] = middle_.plane(q)[place];
  return inflated(radius + cut);
}

PointMatrix product(const ScaledMatrix& m, const Digits& v) {
  constexpr std::size_t kExact = 2048;  // products of digits whose sum is exact
  const std::size_t n = size(m.rows()), v_planes = v.planes(), m_planes = m.middle().planes();
  std::vector<std::vector<std::int64_t>> sums(m_planes + v_planes - 1, std::vector<std::int64_t>(n));
  std::vector<double> part(n * v_planes);
  for (std::size_t q = 1; q < m_planes; ++q)  // entries are below 1/4: plane 0 is empty
    for (std::size_t first = 0; first < n; first += kExact) {
      fast::products_of_rows(m.middle().plane(q) + first, m.stride(), n, v.plane(0) + first, v.places(), v_planes,
                             std::min(kExact, n - first), part.data(), v_planes);
      for (std::size_t u = 1; u < v_planes; ++u)
        for (std::size_t i = 0; i < n; ++i) sums[q + u][i] += static_cast<std::int64_t>(part[i * v_planes + u]);
    }
  PointMatrix image(m.rows(), 1, kDigitBits * static_cast<Bits>(m_planes + v_planes) + 64);
  for (std::size_t i = 0; i < n; ++i) {
    mpfr_ptr sum = image(static_cast<Index>(i), 0);
    for (std::size_t q = sums.size(); q-- > 0;) {
      mpfr_add_si(sum, sum, sums[q][i], MPFR_RNDN);
      if (q > 0) mpfr_div_2si(sum, sum, kDigitBits, MPFR_RNDN);
    }
  }
  return image;
}

std::optional<Quotient> rayleigh_quotient(const ScaledMatrix& m, const PointMatrix& v) {
  // The vector that counts is the one in digits: v / 2.
  Digits digits(size((v.bits() + kDigitBits - 1) / kDigitBits) + 1, m.stride());
  for (Index i = 0; i < v.rows(); ++i) digits.set(size(i), v(i, 0), 1);
  PointMatrix image = product(m, digits);
  PointMatrix exact(1, 1, kDigitBits * static_cast<Bits>(digits.planes()) + 64);
  Interval numerator = Interval::from_integer(0, image.bits()), denominator = numerator;
  for (Index i = 0; i < v.rows(); ++i) {
    digits.get(size(i), 0, exact(0, 0));
    const Interval x = exact.exact(0, 0);
    numerator.add_product(x, image.exact(i, 0));
    denominator += sqr(x);
  }
  if (!certainly_positive(denominator)) return std::nullopt;
  for (Index i = 0; i < v.rows(); ++i) mpfr_mul_2si(image(i, 0), image(i, 0), 1, MPFR_RNDN);
  return Quotient{numerator / denominator, std::move(image)};
}

}  // namespace assay::sliced
