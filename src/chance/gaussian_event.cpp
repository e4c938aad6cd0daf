#include "chance/gaussian_event.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "enclosure/known.hpp"
#include "enclosure/norm.hpp"

namespace assay {

namespace {

using Rows = Eigen::Ref<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

/// |x_i + sign x_j|_2; sign 0 gives |x_i|.
Interval norm_of_combination(const Rows& rows, Index i, Index j, int sign, Bits bits) {
  Interval sum = Interval::from_integer(0, bits);
  for (Index k = 0; k < rows.cols(); ++k) {
    Interval entry(rows(i, k), std::max<Bits>(bits, 53));
    if (sign != 0) entry += Interval(rows(j, k), 53) * sign;
    sum += sqr(entry);
  }
  return sqrt(sum);
}

/// max_{j < i} max |x_i +- x_j|_2, from above.
double upper_farthest_combination(const Rows& rows, Index i) {
  double farthest = 0;
  std::vector<double> entries(static_cast<std::size_t>(rows.cols()));
  for (Index j = 0; j < i; ++j)
    for (const int sign : {1, -1}) {
      for (Index k = 0; k < rows.cols(); ++k) entries[static_cast<std::size_t>(k)] = rows(i, k) + sign * rows(j, k);
      farthest = std::max(farthest, upper_norm(entries));
    }
  return inflated(farthest * (1 + 0x1p-50));  // each entry was rounded once
}

/// chi_tail at one point.
Interval chi_tail_at(const Interval& bound, Index d) {
  if (!bound.is_finite()) return Interval::from_integer(0, bound.bits());
  const Interval y = sqr(bound) / 2;
  const bool odd = d % 2 == 1;
  // The terms' quotient is y / (j + 1) for even d, y / (j + 3/2) for odd d; Gamma(3/2) = sqrt(pi) / 2.
  Interval term = odd ? sqrt(y / Interval::pi(bound.bits())) * 2 : Interval::from_integer(1, bound.bits()), sum;
  for (Index j = 0; j < d / 2; ++j) {
    sum += term;
    term *= y * 2 / (odd ? 2 * j + 3 : 2 * j + 2);
  }
  sum *= exp(-y);
  return odd ? erfc(sqrt(y)) + sum : sum;
}

/// noncentral_chi_tail at points.
Interval noncentral_chi_tail_at(const Interval& bound, const Interval& offset_squared, Index d) {
  constexpr Index most_terms = 300;
  const Interval l = offset_squared / 2;
  const Interval unit = Interval::between(0, 1, l.bits());
  Interval term = exp(-l), sum;
  for (Index j = 0; j < most_terms; ++j) {
    // term = e^(-l) l^j / j!
    const Interval quotient = l / (j + 1);
    const Interval left = term / (1 - quotient);
    if (certainly_less(quotient, unit.upper()) && certainly_less_equal(left, sum * Interval(0x1p-60, 2)))
      return intersection(sum + hull(Interval(), left), unit);
    sum += term * chi_tail_at(bound, d + 2 * j);
    term *= quotient;
  }
  return intersection(hull(sum, unit.upper()), unit);
}

}  // namespace

Interval gaussian_tail(const Interval& bound, const Interval& deviation) {
  if (deviation.is_point() && deviation.contains_zero()) return Interval::from_integer(0, bound.bits());
  return erfc(bound / (deviation * sqrt(Interval(2, bound.bits()))));
}

Interval gaussian_upper_tail(const Interval& bound) {
  return erfc(bound / sqrt(Interval(2, bound.bits()))) / 2;
}

Interval chi_tail(const Interval& bound, Index d) {
  if (d < 1 || !certainly_nonnegative(bound)) throw std::invalid_argument("chi_tail: expected d >= 1 and a bound >= 0");
  return hull(chi_tail_at(bound.lower(), d), chi_tail_at(bound.upper(), d));
}

Interval noncentral_chi_tail(const Interval& bound, const Interval& offset_squared, Index d) {
  const bool meaningful = certainly_nonnegative(bound) && certainly_nonnegative(offset_squared);
  if (d < 1 || !meaningful || !bound.is_finite() || !offset_squared.is_finite())
    throw std::invalid_argument("noncentral_chi_tail: expected d >= 1 and finite arguments >= 0");
  return hull(noncentral_chi_tail_at(bound.upper(), offset_squared.lower(), d),
              noncentral_chi_tail_at(bound.lower(), offset_squared.upper(), d));
}

Interval probability_some_row_exceeds(const Rows& rows, const Interval& sigma, const Interval& bound, Bits bits) {
  constexpr Index kPairedOff = 16;
  std::vector<Interval> tail;
  for (Index i = 0; i < rows.rows(); ++i)
    tail.push_back(gaussian_tail(bound, sigma * norm_of_combination(rows, i, i, 0, bits)));
  Interval log_none = Interval::from_integer(0, bits);  // sum of log(1 - pi_i)
  Interval below = Interval::from_integer(0, bits);
  const auto both_exceed = [&](Index i, Index j) {
    Interval sum;
    for (const int sign : {1, -1}) sum += gaussian_tail(bound * 2, sigma * norm_of_combination(rows, i, j, sign, bits));
    return min(sum, min(tail[static_cast<std::size_t>(i)], tail[static_cast<std::size_t>(j)]));
  };
  for (Index i = 0; i < rows.rows(); ++i) {
    const Interval& own = tail[static_cast<std::size_t>(i)];
    log_none += log1p(-own);
    Interval fresh = own;
    if (i < kPairedOff) {
      for (Index j = 0; j < i && certainly_positive(fresh); ++j) fresh -= both_exceed(i, j);
    } else if (certainly_positive(own)) {
      fresh -= 2 * i * gaussian_tail(bound * 2, sigma * Interval(upper_farthest_combination(rows, i), 53));
    }
    below += max(fresh, Interval());
  }
  const Interval above = -expm1(log_none);
  return hull(below.lower(), max(above.upper(), below.lower()));
}

Interval probability_in_some_trial(const Interval& p, const Interval& trials) {
  // The corners: increasing in both arguments; 0 times an infinite logarithm must not arise.
  const auto corner = [](const Interval& probability, const Interval& count) {
    return -expm1(count * log1p(-probability));
  };
  return hull(corner(p.lower(), trials.lower()).lower(), corner(p.upper(), trials.upper()).upper());
}

Interval trials_until(const Interval& p, const Interval& delta) {
  const auto corner = [](const Interval& probability, const Interval& level) {
    return log1p(-level) / log1p(-probability);
  };
  const Interval most = certainly_positive(p) ? corner(p.lower(), delta.upper()).upper() : infinite(p.bits());
  return hull(corner(p.upper(), delta.lower()).lower(), most);
}

}  // namespace assay
