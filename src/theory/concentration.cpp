#include "theory/concentration.hpp"

#include <cmath>
#include <stdexcept>

#include "enclosure/eigenvalue.hpp"
#include "enclosure/known.hpp"
#include "enclosure/whitening.hpp"
#include "theory/whitened_moment.hpp"

namespace assay {

namespace {

/// Relative width asked of eigenvalues in bounds, which need no more.
constexpr double kRough = 1e-6;
/// A bound wider than this asks for more bits instead.
constexpr double kNarrowEnough = 0.01;

/// With fewer rows the second moment is computed in intervals, with more than the latter in doubles alone: it costs n^4.
constexpr Index kFewRows = 24, kMostRows = 128;

/// <x_i, x_j>^2 (E z_{i,j}^2) for the entries of one pair's contribution to the linear part of H(0) - I (x) K_inf.
struct EntryVariance {
  Interval same_output;   ///< z = e_i e_j - kappa (e_i + e_j - 1), kappa = E e_i e_j
  Interval other_output;  ///< z = a_l a_k e_i e_j, l != k
};

EntryVariance entry_variance(const Interval& gram, const Interval& own, const Interval& other, const Interval& kappa) {
  const Interval both = own * other * power(kappa, 4);  // E e_i^2 e_j^2
  const Interval of_means = own + other + 2 * kappa - 3;
  const Interval mixed = own * sqr(kappa) + other * sqr(kappa) - kappa;
  return {sqr(gram) * (both + sqr(kappa) * of_means - 2 * kappa * mixed), sqr(gram) * both};
}

}  // namespace

KernelConcentration::KernelConcentration(const IntervalMatrix& gram, const Interval& sigma, Index d)
    : n_(gram.rows()), d_(d), bits_(sigma.bits()), sigma_(sigma), gram_(gram), pair_(n_, n_), limit_(n_, n_) {
  if (n_ < 1 || gram.cols() != n_ || d < 1 || !certainly_positive(sigma))
    throw std::invalid_argument("KernelConcentration: expected a square Gram matrix, d >= 1 and sigma > 0");
  bits_ = std::max(bits_, gram(0, 0).bits());
  const Interval variance = sqr(sigma_);
  for (Index i = 0; i < n_; ++i)
    for (Index j = 0; j <= i; ++j) {
      pair_(i, j) = pair_(j, i) = exp(variance * gram_(i, j));
      limit_(i, j) = limit_(j, i) = gram_(i, j) * pair_(i, j);
    }
  largest_second_moment_ = largest_limit_ = variance_ = variance_of_means_ = Interval::from_integer(0, bits_);
  for (Index i = 0; i < n_; ++i) {
    largest_second_moment_ = max(largest_second_moment_, pair_(i, i));
    variance_of_means_ += pair_(i, i) - 1;
    for (Index j = 0; j < n_; ++j) {
      const EntryVariance z = entry_variance(gram_(i, j), pair_(i, i), pair_(j, j), pair_(i, j));
      variance_ += d_ * z.same_output + d_ * (d_ - 1) * z.other_output;
      largest_limit_ = max(largest_limit_, abs(limit_(i, j)));
    }
  }
  whitened_ = n_ < kFewRows ? second_moment_of_whitened() : second_moment_in_doubles();
}

Interval KernelConcentration::second_moment_in_doubles() const {
  const double most = upper_whitened_moment(limit_, pair_, d_);
  if (std::isfinite(most)) return Interval(most, bits_);
  return n_ <= kMostRows ? second_moment_of_whitened() : infinite(bits_);
}

Interval KernelConcentration::second_moment_of_whitened() const {
  const auto s = approx_whitening(limit_, bits_);
  if (!s) return infinite(bits_);
  const IntervalMatrix scaled = *s * limit_ * transposed(*s);
  const Interval least = enclose_lambda_min(scaled, kRough, bits_).lower();
  if (!certainly_less(Interval::ratio(1, 2, bits_), least)) return infinite(bits_);
  // E (N_r P N_r)_{(l,i),(k,j)} = delta_{l,k} d sum_{p,q} <x_i,x_p> P_{p,q} <x_q,x_j> E e_i e_j e_p e_q,  P = S' S.
  IntervalMatrix weight = transposed(*s) * *s, second(n_, n_);
  for (Index p = 0; p < n_; ++p)
    for (Index q = 0; q < n_; ++q) weight(p, q) *= pair_(p, q);
  IntervalVector left(static_cast<std::size_t>(n_)), right = left;
  for (Index i = 0; i < n_; ++i)
    for (Index j = 0; j <= i; ++j) {
      for (Index p = 0; p < n_; ++p) {
        left[static_cast<std::size_t>(p)] = limit_(i, p) * pair_(j, p);
        right[static_cast<std::size_t>(p)] = pair_(i, p) * limit_(j, p);
      }
      Interval sum;
      for (Index p = 0; p < n_; ++p) sum += left[static_cast<std::size_t>(p)] * dot(weight.row(p), right);
      second(i, j) = second(j, i) = d_ * pair_(i, j) * sum;
    }
  const Interval largest = enclose_lambda_max(*s * second * transposed(*s), kRough, bits_);
  return largest.relative_width() < kNarrowEnough ? (largest / sqr(least)).upper() : infinite(bits_);
}

Interval KernelConcentration::upper_deficit_of_means(const Interval& m, const Interval& delta) const {
  return sqrt(4 * largest_second_moment_ * log(n_ / delta) / m);
}

Interval KernelConcentration::upper_excess_of_means(const Interval& m, const Interval& delta) const {
  const Interval pairs = m / 2, each = delta / n_;
  Interval most = Interval::from_integer(0, bits_);
  for (Index i = 0; i < n_; ++i) {
    const Interval &second = pair_(i, i), variance = second - 1;
    const Interval fourth = power(second, 6) - 4 * power(second, 3) + 6 * second - 3;
    // Cantelli, and Markov for the fourth power of the mean's deviation.
    const Interval one_sided = sqrt(max(variance * (1 / each - 1) / pairs, Interval()));
    const Interval mean_fourth = (3 * sqr(variance) + max(fourth, Interval()) / pairs) / sqr(pairs);
    most = max(most, min(one_sided, sqrt(sqrt(mean_fourth / each))));
  }
  return most.upper();
}

Interval KernelConcentration::upper_distance(const Interval& m, const Interval& delta) const {
  const Interval pairs = m / 2, small = delta / 20;
  const Interval deficit = upper_deficit_of_means(m, small);
  const Interval one = Interval::from_integer(1, bits_);
  if (!certainly_less(deficit, one)) return nonnegative_line(bits_);
  const Interval linear = sqrt(variance_ / (pairs * (delta - 2 * small)));
  const Interval quadratic = sqrt(Interval::from_integer(d_, bits_)) * largest_limit_ * variance_of_means_;
  return (linear + quadratic / (small * pairs)) / sqr(one - deficit);
}

AtLeast KernelConcentration::lower_fraction(const Interval& m, const Interval& delta) const {
  const Interval zero = Interval::from_integer(0, bits_);
  const Interval of_means = delta / 4, of_kernel = delta - of_means;
  const Interval loss = sqrt(4 * whitened_ * log(n_ * d_ / of_kernel) / m);
  const Interval fraction = (1 - loss) / sqr(1 + upper_excess_of_means(m, of_means));
  return AtLeast(whitened_.is_finite() ? max(fraction.lower(), zero) : zero);
}

std::optional<Interval> least_width(const std::function<bool(const Interval& m)>& enough, Bits bits) {
  constexpr long kLargest = 2001, kSteps = 20;
  const auto power_of_two = [&](long exponent) { return power(Interval::from_integer(2, bits), exponent); };
  // The least power of two that is enough: exponents 1, 2, 4, ... and then bisection.
  long too_small = 0, exponent = 1;
  while (!enough(power_of_two(exponent))) {
    if (exponent == kLargest) return std::nullopt;
    too_small = exponent;
    exponent = std::min(2 * exponent, kLargest);
  }
  while (exponent - too_small > 1) {
    const long middle = (too_small + exponent) / 2;
    (enough(power_of_two(middle)) ? exponent : too_small) = middle;
  }
  Interval hi = power_of_two(exponent), lo = exponent == 1 ? hi : power_of_two(exponent - 1);
  // Between two powers of two: halving their difference 2^k keeps even integers until it is 2.
  for (long step = 0; step < std::min(exponent - 2, kSteps); ++step) {
    const Interval middle = (lo + hi) / 2;
    (enough(middle) ? hi : lo) = middle;
  }
  return hi;
}

}  // namespace assay
