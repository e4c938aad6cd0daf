#include "enclosure/sliced/factor.hpp"

#include <algorithm>
#include <cmath>

#include "enclosure/ball.hpp"
#include "enclosure/index.hpp"
#include "enclosure/stop.hpp"

namespace assay::sliced {

namespace {

/// Products of digits that go to digit o of a product: s + u = o, 1 <= s, u <= n, s from `first` on, `count` of them.
struct Order {
  Order(long o, long n) : first(std::max(1L, o - n)), count(std::min(n, o - 1) - first + 1) {}
  long first, count;
};

bool all_zero(const double* digits, std::size_t count) {
  return std::all_of(digits, digits + count, [](double digit) { return digit == 0; });
}

}  // namespace

long Factor::places_for(double log2_gap, Index rows) {
  const double bits = std::log2(static_cast<double>(rows)) + 5 - log2_gap;
  return std::max(2L, static_cast<long>(std::ceil(bits / kDigitBits)) + 1);
}

bool Factor::compute(mpfr_srcptr shift, long places) {
  const Index n = m_.rows();
  if (!mpfr_zero_p(shift) && !(mpfr_regular_p(shift) && mpfr_get_exp(shift) < 20)) return false;
  places_ = places;
  blocks_.clear();
  cut_ = 0;
  row_sums_.assign(size(n), 0.0);
  rounded_.setZero(n, n);
  d_ = Digits(size(places + 2), size(kBlock) * m_.stride());
  for (Index first = 0; first < n; first += kBlock) {
    leave_if_stopped();
    load(first, shift);
    for (const Block& block : blocks_) subtract(block, first);
    carry(first);
    Block block;
    block.first = first;
    if (fit(block) != Fit::done) return false;
    subtract(block, first);
    carry(first);
    add_residual(first);
    add_rounded(block);
    blocks_.push_back(std::move(block));
  }
  // What M has beyond the last digit of D.
  if (size(places) + 2 < m_.middle().planes()) cut_ += radix_power(places + 1);
  return true;
}

void Factor::load(Index first, mpfr_srcptr shift) {
  Digits diagonal(d_.planes(), 1);
  diagonal.set(0, shift, 0);
  for (std::size_t q = 0; q < d_.planes(); ++q) {
    std::fill_n(d_.plane(q), d_.places(), 0.0);
    if (q < m_.middle().planes())
      std::copy_n(m_.middle().plane(q) + size(first) * m_.stride(), size(width(first)) * m_.stride(), d_.plane(q));
    for (Index j = 0; j < width(first); ++j) d_.plane(q)[size(j) * m_.stride() + size(first + j)] -= *diagonal.plane(q);
  }
  load_ = 2 * kRadix;
}

void Factor::subtract(const Block& block, Index first) {
  const double more = static_cast<double>(kBlock * block.n) * (kRadix * kRadix / 4);
  if (load_ + more > 0x1p52) carry(first);
  load_ += more;
  const std::size_t stride = m_.stride(), rows = stride - size(first);
  for (long o = 2; o <= std::min(2 * block.n, block.n + 2); ++o) {
    const Order order(o, block.n);
    const auto step = static_cast<std::ptrdiff_t>(block.digits.places());
    fast::subtract_products({.x = block.digits.plane(size(order.first - 1)) + first,
                             .w = block.digits.plane(size(o - order.first - 1)) + first,
                             .ld = stride,
                             .step_x = step,
                             .step_w = -step,
                             .count = size(order.count),
                             .terms = size(kBlock)},
                            rows, size(kBlock), d_.plane(size(block.h + o)) + first, stride);
  }
}

void Factor::carry(Index first) {
  const std::size_t stride = m_.stride();
  for (std::size_t j = 0; j < size(kBlock); ++j)
    fast::carry(d_.plane(0) + j * stride + size(first), d_.places(), d_.planes(), stride - size(first));
  load_ = kRadix;
}

Factor::Fit Factor::fit(Block& block) {
  const Index first = block.first;
  const std::size_t stride = m_.stride();
  double largest = 0;
  for (Index j = 0; j < width(first); ++j) largest = std::max(largest, d_.approx(size(j) * stride + size(first + j)));
  if (!(largest > 0)) return Fit::not_positive;
  // |l|^2 <= largest < R^-h / 4, if the diagonal of the rows below is not larger; else fewer places above.
  block.h = std::clamp<long>(static_cast<long>(std::floor((-std::log2(largest) - 2) / kDigitBits)), -1, places_ - 2);
  Fit fit = Fit::too_large;
  for (; fit == Fit::too_large && block.h >= -1; --block.h) {
    block.n = places_ - 1 - block.h;
    block.digits = Digits(size(block.n), size(kBlock) * stride);
    fit = Fit::done;
    for (Index j = 0; j < width(first) && fit == Fit::done; ++j) fit = column(block, j);
    if (fit == Fit::done) break;
  }
  // Left out of an entry: pairs s + u > n + 2, together below n R^-(n + 1) / 4 for each column.
  if (block.n > 2) cut_ = inflated(cut_ + static_cast<double>(kBlock * block.n) * radix_power(places_) / 4);
  return fit;
}

Factor::Fit Factor::column(Block& block, Index j) const {
  const Index pivot_row = block.first + j;
  const std::size_t stride = m_.stride(), first = size(block.first), rows = stride - first, n = size(block.n);
  // The column less the products of the block's own columns; above the pivot it is 0.
  Digits rest(d_.planes(), stride);
  for (std::size_t q = 0; q < d_.planes(); ++q)
    std::copy_n(d_.plane(q) + size(j) * stride + first, rows, rest.plane(q) + first);
  const auto step = static_cast<std::ptrdiff_t>(block.digits.places());
  for (long o = 2; o <= std::min(2 * block.n, block.n + 2); ++o) {
    const Order order(o, block.n);
    fast::subtract_products({.x = block.digits.plane(size(order.first - 1)) + pivot_row,
                             .w = block.digits.plane(size(o - order.first - 1)) + first,
                             .ld = stride,
                             .step_x = step,
                             .step_w = -step,
                             .count = size(order.count),
                             .terms = size(j)},
                            rows, 1, rest.plane(size(block.h + o)) + first, stride);
  }
  fast::carry(rest.plane(0) + first, stride, rest.planes(), rows);
  for (std::size_t q = 0; q < rest.planes(); ++q) std::fill_n(rest.plane(q) + first, j, 0.0);
  // Times 1 / l_jj = 2^exponent (digits after the point), exponent = y kDigitBits - h kDigitBits / 2.
  PointMatrix pivot(1, 1, kDigitBits * static_cast<Bits>(rest.planes()) + 64);
  rest.get(size(pivot_row), 0, pivot(0, 0));
  if (!(mpfr_sgn(pivot(0, 0)) > 0)) return Fit::not_positive;
  mpfr_rec_sqrt(pivot(0, 0), pivot(0, 0), MPFR_RNDN);
  const long half = kDigitBits / 2 * block.h;
  const long least = mpfr_get_exp(pivot(0, 0)) + 1 + half;  // of the exponent, without h
  const long y = least > 0 ? (least + kDigitBits - 1) / kDigitBits : -(-least / kDigitBits);
  Digits inverse(n + 3, 1);
  inverse.set(0, pivot(0, 0), kDigitBits * y - half);
  for (std::size_t u = 0; u < inverse.planes(); ++u) *inverse.plane(u) = -*inverse.plane(u);
  std::size_t top = 0;
  while (top + 1 < rest.planes() && all_zero(rest.plane(top) + first, rows)) ++top;
  if (static_cast<long>(top) + 1 - y < 0) return Fit::too_large;
  // Digit s from the pairs q + u = s + y.
  Digits result(n + 2, stride);
  for (long s = 0; s < static_cast<long>(result.planes()); ++s) {
    const long first_u = std::max(1L, s + y - (static_cast<long>(rest.planes()) - 1));
    const long last_u = std::min(static_cast<long>(inverse.planes()) - 1, s + y - static_cast<long>(top));
    if (last_u < first_u) continue;
    fast::subtract_products({.x = inverse.plane(size(first_u)),
                             .w = rest.plane(size(s + y - first_u)) + first,
                             .ld = 0,
                             .step_x = 1,
                             .step_w = -static_cast<std::ptrdiff_t>(stride),
                             .count = size(last_u - first_u + 1),
                             .terms = 1},
                            rows, 1, result.plane(size(s)) + first, stride);
  }
  fast::carry(result.plane(0) + first, stride, result.planes(), rows);
  if (!all_zero(result.plane(0) + first, rows)) return Fit::too_large;
  for (std::size_t s = 1; s <= n; ++s)
    std::copy_n(result.plane(s) + first, rows, block.digits.plane(s - 1) + size(j) * stride + first);
  return Fit::done;
}

void Factor::add_residual(Index first) {
  const std::size_t stride = m_.stride();
  std::vector<double> sums(stride);
  for (Index j = 0; j < width(first); ++j) {
    const std::size_t diagonal = size(first + j), end = size(m_.rows());
    std::fill(sums.begin(), sums.end(), 0.0);
    for (std::size_t q = 0; q < d_.planes(); ++q) {
      const double* digits = d_.plane(q) + size(j) * stride;
      const double weight = radix_power(static_cast<long>(q));
      for (std::size_t i = diagonal; i < end; ++i) sums[i] += std::fabs(digits[i]) * weight;
    }
    row_sums_[diagonal] += sums[diagonal];
    for (std::size_t i = diagonal + 1; i < end; ++i) {
      row_sums_[i] += sums[i];
      row_sums_[diagonal] += sums[i];
    }
  }
}

void Factor::add_rounded(const Block& block) {
  const long double scale = std::ldexp(1.0L, static_cast<int>(-kDigitBits / 2 * block.h));
  for (Index j = 0; j < width(block.first); ++j) {
    long double* column = rounded_.data() + (block.first + j) * m_.rows();
    for (std::size_t s = size(block.n); s-- > 0;) {
      const double* digits = block.digits.plane(s) + size(j) * m_.stride();
      for (Index i = block.first + j; i < m_.rows(); ++i) column[i] = (column[i] + digits[i]) * (1 / kRadix);
    }
    for (Index i = block.first + j; i < m_.rows(); ++i) column[i] *= scale;
  }
}

double Factor::upper_residual() const {
  const double largest = *std::max_element(row_sums_.begin(), row_sums_.end());
  const double rounding = 1 + upper_gamma(static_cast<double>(m_.rows() + places_ + 8));
  return inflated(inflated(largest * rounding) + static_cast<double>(m_.rows()) * cut_);
}

void Factor::entry(Index i, Index k, mpfr_ptr out) const {
  const Block& block = blocks_[size(k / kBlock)];
  mpfr_set_zero(out, 1);
  for (std::size_t s = size(block.n); s-- > 0;) {
    mpfr_add_d(out, out, block.digits.plane(s)[size(k - block.first) * m_.stride() + size(i)], MPFR_RNDN);
    mpfr_div_2si(out, out, kDigitBits, MPFR_RNDN);
  }
  mpfr_mul_2si(out, out, -kDigitBits / 2 * block.h, MPFR_RNDN);
}

}  // namespace assay::sliced
