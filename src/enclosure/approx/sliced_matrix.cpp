#include "enclosure/approx/sliced_matrix.hpp"

#include <algorithm>

#include "enclosure/fast/kernels.hpp"

namespace assay {

namespace {

long log2_above(std::size_t count) {
  long log = 0;
  while ((std::size_t{1} << log) < count) ++log;
  return log;
}

/// Bits to a slice such that the sums stay exact.
long slice_width(std::size_t rows, std::size_t slices) {
  return (55 - log2_above(rows) - log2_above(slices)) / 2;
}

std::size_t slices_needed(std::size_t rows, Bits bits) {
  std::size_t slices = 1;
  while (slice_width(rows, slices) * static_cast<long>(slices) < bits) ++slices;
  return slices;
}

}  // namespace

SlicedMatrix::SlicedMatrix(std::vector<long> row_exponents, Bits bits)
    : exponents_(std::move(row_exponents)),
      count_slices_(slices_needed(exponents_.size(), bits)),
      width_(slice_width(exponents_.size(), count_slices_)),
      slices_(count_slices_, std::vector<double>(exponents_.size() * exponents_.size())),
      sums_(count_slices_),
      pieces_(static_cast<std::size_t>(width_) * count_slices_ / 52 + 1),
      scratch_(1, 1, width_ * (static_cast<long>(count_slices_) + 2) + 64),
      left_out_(1, 1, 64) {}

bool SlicedMatrix::set(Index i, Index k, mpfr_srcptr x) {
  // First as a sum of doubles, so that few operations are on many bits; the digits come off that sum exactly.
  mpfr_ptr rest = scratch_(0, 0);
  mpfr_mul_2si(rest, x, -exponents_[static_cast<std::size_t>(i)], MPFR_RNDN);
  for (double& piece : pieces_) {
    piece = mpfr_get_d(rest, MPFR_RNDN);
    mpfr_sub_d(rest, rest, piece, MPFR_RNDN);
  }
  const auto place = static_cast<std::size_t>(i * rows() + k);
  const double largest = std::ldexp(1.0, static_cast<int>(width_ - 1));
  for (auto& slice : slices_) {
    for (double& piece : pieces_) piece *= 2 * largest;
    const double digits = std::nearbyint(pieces_[0]);
    if (!(std::fabs(digits) <= largest)) return false;
    slice[place] = digits;
    pieces_[0] -= digits;
    for (std::size_t p = 0; p + 1 < pieces_.size(); ++p) {
      const double sum = pieces_[p] + pieces_[p + 1], back = sum - pieces_[p];
      pieces_[p + 1] = (pieces_[p] - (sum - back)) + (pieces_[p + 1] - back);
      pieces_[p] = sum;
    }
  }
  return true;
}

void SlicedMatrix::multiply(Index first_a, Index rows_a, Index first_b, Index rows_b, Index count) {
  first_a_ = first_a;
  first_b_ = first_b;
  rows_b_ = rows_b;
  terms_ = count;
  const auto stride = static_cast<std::size_t>(rows()), block = static_cast<std::size_t>(rows_a * rows_b);
  pair_.resize(block);
  for (auto& sums : sums_) sums.assign(block, 0.0);
  for (std::size_t s = 0; s < count_slices_; ++s)
    for (std::size_t u = 0; s + u < count_slices_; ++u) {
      fast::products_of_rows(
          slices_[s].data() + static_cast<std::size_t>(first_a) * stride, stride, static_cast<std::size_t>(rows_a),
          slices_[u].data() + static_cast<std::size_t>(first_b) * stride, stride, static_cast<std::size_t>(rows_b),
          static_cast<std::size_t>(count), pair_.data(), static_cast<std::size_t>(rows_b));
      std::vector<double>& sums = sums_[s + u];
      for (std::size_t entry = 0; entry < block; ++entry) sums[entry] += pair_[entry];
    }
}

void SlicedMatrix::exact_sum(Index a, Index b) {
  mpfr_ptr sum = scratch_(0, 0);
  mpfr_set_zero(sum, 1);
  const auto place = static_cast<std::size_t>(a * rows_b_ + b);
  for (std::size_t order = count_slices_; order-- > 0;) {
    mpfr_add_d(sum, sum, sums_[order][place], MPFR_RNDN);
    mpfr_div_2si(sum, sum, order == 0 ? 2 * width_ : width_, MPFR_RNDN);
  }
  const long scale =
      exponents_[static_cast<std::size_t>(first_a_ + a)] + exponents_[static_cast<std::size_t>(first_b_ + b)];
  mpfr_mul_2si(sum, sum, scale, MPFR_RNDN);
}

void SlicedMatrix::approx_entry(Index a, Index b, mpfr_ptr out) {
  exact_sum(a, b);
  mpfr_set(out, scratch_(0, 0), MPFR_RNDN);
}

Interval SlicedMatrix::entry(Index a, Index b) {
  exact_sum(a, b);
  const auto slices = static_cast<long>(count_slices_);
  const long scale =
      exponents_[static_cast<std::size_t>(first_a_ + a)] + exponents_[static_cast<std::size_t>(first_b_ + b)];
  mpfr_ptr left_out = left_out_(0, 0);  // a product of small integers, exact in 64 bits
  mpfr_set_si_2exp(left_out, slices * terms_, scale - width_ * slices - 1, MPFR_RNDU);
  Interval result = Interval::uninitialised(scratch_.bits());
  mpfr_sub(&result.mpfi()->left, scratch_(0, 0), left_out, MPFR_RNDD);
  mpfr_add(&result.mpfi()->right, scratch_(0, 0), left_out, MPFR_RNDU);
  return result;
}

std::vector<long> factor_exponents(const IntervalMatrix& a, const Interval& least_shift) {
  std::vector<long> exponents;
  for (Index i = 0; i < a.rows(); ++i) {
    const Interval square = abs(a(i, i) - least_shift).upper();
    // l_ik^2 <= a_ii - shift < 2^e gives |l_ik| < 2^(e/2); one more bit for the header's |l| <= 2^{e_i - 1}, one for
    // rounding.
    const long exponent = mpfr_regular_p(&square.mpfi()->right) ? mpfr_get_exp(&square.mpfi()->right) : 0;
    exponents.push_back((exponent >= 0 ? (exponent + 1) / 2 : -(-exponent / 2)) + 2);
  }
  return exponents;
}

bool approx_sliced_cholesky(const PointMatrix& a, const Interval& shift, SlicedMatrix& sliced, PointMatrix& l) {
  constexpr Index kBlock = 12;
  const Index n = a.rows();
  PointMatrix scratch(1, 2, a.bits());
  mpfr_ptr sum = scratch(0, 0), product = scratch(0, 1);
  for (Index first = 0; first < n; first += kBlock) {
    const Index last = std::min(first + kBlock, n);
    sliced.multiply(first, n - first, first, last - first, first);
    for (Index i = first; i < n; ++i)
      for (Index j = first; j < last && j <= i; ++j) {
        sliced.approx_entry(i - first, j - first, product);
        mpfr_sub(sum, a(i, j), product, MPFR_RNDN);
        if (i == j) mpfr_sub(sum, sum, &shift.mpfi()->left, MPFR_RNDN);
        for (Index k = first; k < j; ++k) {
          mpfr_mul(product, l(i, k), l(j, k), MPFR_RNDN);
          mpfr_sub(sum, sum, product, MPFR_RNDN);
        }
        if (i != j) {
          mpfr_div(l(i, j), sum, l(j, j), MPFR_RNDN);
        } else {
          if (!(mpfr_sgn(sum) > 0) || !mpfr_number_p(sum)) return false;
          mpfr_sqrt(l(i, i), sum, MPFR_RNDN);
        }
        if (!sliced.set(i, j, l(i, j))) return false;
      }
  }
  return true;
}

}  // namespace assay
