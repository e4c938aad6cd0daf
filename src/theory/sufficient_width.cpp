#include "theory/sufficient_width.hpp"

#include "enclosure/eigenvalue.hpp"
#include "enclosure/known.hpp"

namespace assay {

namespace {

/// Relative width asked of an eigenvalue in a bound.
constexpr double kRoughMean = 1e-6;
/// Moments E b^{2k} up to this k bound the largest b.
constexpr long kLargestPower = 24;
/// omega is one of these, in tenths.
constexpr long kOmegas[] = {11, 12, 14, 17, 20, 25, 30, 40, 60, 100, 200};

}  // namespace

SufficientWidth::SufficientWidth(const IntervalMatrix& gram, const Interval& sigma, Index d,
                                 const KernelConcentration& concentration, const Interval& lambda, const Interval& e0,
                                 const Interval& delta)
    : concentration_(concentration),
      bits_(gram(0, 0).bits()),
      n_(gram.rows()),
      d_(d),
      lambda_(lambda.lower()),
      e0_(e0.upper()),
      delta_(delta),
      sigma_(sigma) {
  const Interval variance = sqr(sigma), zero = Interval::from_integer(0, bits_);
  largest_norm_ = sum_of_squares_ = mean_b_ = mean_weighted_ = zero;
  for (Index i = 0; i < n_; ++i) {
    squares_.push_back(gram(i, i));
    largest_norm_ = max(largest_norm_, sqrt(gram(i, i)));
    sum_of_squares_ += gram(i, i);
    mean_b_ += d * gram(i, i) * exp(variance * gram(i, i));
  }
  Interval second = zero;  // E b^4
  for (Index p = 0; p < n_; ++p)
    for (Index i = 0; i < n_; ++i) {
      // E e_p^2 e_i^2
      const Interval moment = exp(variance * (gram(p, p) + gram(i, i) + 4 * gram(p, i)));
      const Interval term = d * d * gram(p, p) * gram(i, i) * moment;
      second += term;
      mean_weighted_ += term * gram(i, i);
    }
  variance_b_ = max(second - sqr(mean_b_), zero);
  largest_mean_ = enclose_lambda_max(mean_of_first_order(gram), kRoughMean, bits_).upper();
  for (long k = 1; k <= kLargestPower; ++k) log_moments_.push_back(log_moment_of_b(k));
}

IntervalMatrix SufficientWidth::mean_of_first_order(const IntervalMatrix& gram) const {
  // sum_p |x_p|^2 E e_p^2 e_i e_j = pair_ij sum_p |x_p|^2 pair_pp pair_pi^2 pair_pj^2, with pair_ij = E e_i e_j.
  const Interval variance = sqr(sigma_);
  IntervalMatrix pair(n_, n_), squared(n_, n_), weighted(n_, n_), mean(n_, n_);
  for (Index i = 0; i < n_; ++i)
    for (Index j = 0; j <= i; ++j) {
      pair(i, j) = pair(j, i) = exp(variance * gram(i, j));
      squared(i, j) = squared(j, i) = sqr(pair(i, j));
    }
  for (Index i = 0; i < n_; ++i)
    for (Index p = 0; p < n_; ++p) weighted(i, p) = gram(p, p) * pair(p, p) * squared(i, p);
  for (Index i = 0; i < n_; ++i)
    for (Index j = 0; j <= i; ++j)
      mean(i, j) = mean(j, i) = d_ * sqr(gram(i, j)) * pair(i, j) * dot(weighted.row(i), squared.row(j));
  return mean;
}

Interval SufficientWidth::log_moment_of_b(long k) const {
  // E b^{2k} <= d^k S^{k-1} sum_p |x_p|^2 E e_p^{2k}, S = sum_p |x_p|^2
  Interval sum = Interval::from_integer(0, bits_);
  for (const Interval& square : squares_) sum += square * exp(sqr(sigma_) * square * (k * (2 * k - 1)));
  return k * log(d_ * sum_of_squares_) - log(sum_of_squares_) + log(sum);
}

Interval SufficientWidth::upper_largest_b(const Interval& pairs, const Interval& delta) const {
  // P(max_r b_r^2 > t) <= M E b^{2k} / t^k
  const Interval log_trials = log(pairs / delta);
  Interval best = infinite(bits_);
  for (std::size_t k = 1; k <= log_moments_.size(); ++k) best = min(best, (log_trials + log_moments_[k - 1]) / (2 * k));
  return exp(best).upper();
}

SufficientWidth::Events SufficientWidth::events(const Interval& m) const {
  const Interval pairs = m / 2, share = delta_ / 16;
  const Interval eighth_moment = exp(log_moments_[3]) * power(largest_norm_, 4);
  return {1 - concentration_.upper_deficit_of_means(m, share),
          concentration_.lower_fraction(m, 4 * share).bound() * lambda_,
          mean_b_ + sqrt(variance_b_ / (pairs * share)),
          upper_largest_b(pairs, share),
          mean_weighted_ / (4 * share),
          largest_mean_ + sqrt(eighth_moment / (pairs * (5 * share)))};
}

SufficientWidth::Conditions SufficientWidth::at(const Interval& m, const Interval& omega) const {
  return under(events(m), m, omega);
}

SufficientWidth::Conditions SufficientWidth::under(const Events& event, const Interval& m,
                                                   const Interval& omega) const {
  Conditions result;
  if (!certainly_positive(event.means) || !certainly_positive(event.lambda)) return result;
  const Interval s = omega * e0_ / (m * lambda_), radius = s * event.largest_b;
  result.radius_max = AtMost(radius);
  const Interval rho = radius * largest_norm_, stretch = exp(rho);
  const Interval trace = sqrt(event.weighted);
  const Interval moved = s / event.means * min(stretch * trace, sqrt(event.first_order) + rho * stretch * trace / 2);
  const Interval shifted = power(stretch, 3) * s * event.average_b *
                           sqrt(event.average_b / Interval::from_integer(d_, bits_)) / sqr(event.means);
  const Interval root = (sqrt(event.lambda) - moved - shifted) / stretch;
  if (!certainly_positive(root)) return result;
  const Interval mu = sqr(root);
  result.mu = AtLeast(mu);
  // |J_r' v| <= growth b_r |v|, and gamma / m, all over the ball.
  const Interval growth = (1 + rho) * sqr(stretch) / event.means;
  const Interval most = sqr(growth) * event.average_b;
  const Interval gamma = sqrt(Interval::from_integer(n_, bits_)) / 2 * (1 + rho) * largest_norm_ * sqr(stretch) * most *
                         event.largest_b / event.means;
  // Without a residual (Y = 0) the second order of a step asks for nothing.
  const Interval of_most = 1 / (m * most);
  const bool at_rest = e0_.is_point() && e0_.contains_zero();
  result.largest_step = AtLeast(at_rest ? of_most : min(of_most, mu / (100 * gamma * e0_)));
  result.needed_over_allowed = AtMost(100 * growth * lambda_ / (99 * omega * mu));
  result.hold = certainly_less_equal(result.needed_over_allowed.bound(), Interval::from_integer(1, bits_));
  return result;
}

std::optional<Interval> SufficientWidth::omega_for(const Interval& m) const {
  const Events event = events(m);
  for (const long tenths : kOmegas) {
    const Interval omega = Interval::ratio(tenths, 10, bits_);
    if (under(event, m, omega).hold) return omega;
  }
  return std::nullopt;
}

std::optional<SufficientWidth::Found> SufficientWidth::least() const {
  const auto m = least_width([&](const Interval& width) { return omega_for(width).has_value(); }, bits_);
  if (!m) return std::nullopt;
  return Found{*m, omega_for(*m).value()};
}

}  // namespace assay
