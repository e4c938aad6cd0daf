#include "chance/empirical_bernstein.hpp"

#include <stdexcept>

namespace assay {
namespace {

Interval mean_of(std::span<const Interval> draws) {
  Interval sum;
  for (const Interval& draw : draws) sum += draw;
  return sum / std::ssize(draws);
}

/// The draws cut to [0, range].
IntervalVector checked(std::span<const Interval> draws, const Interval& range, const Interval& delta) {
  const Interval one = Interval::from_integer(1, delta.bits());
  if (!certainly_positive(range)) throw std::invalid_argument("empirical_bernstein: expected a range > 0");
  if (!certainly_positive(delta) || !certainly_less(delta, one))
    throw std::invalid_argument("empirical_bernstein: expected 0 < delta < 1");
  if (draws.size() < 2) throw std::invalid_argument("empirical_bernstein: expected at least 2 draws");
  const Interval allowed = hull(Interval(), range);
  IntervalVector result;
  for (const Interval& draw : draws) {
    if (!overlap(draw, allowed)) throw std::invalid_argument("empirical_bernstein: expected draws in [0, range]");
    result.push_back(intersection(draw, allowed));
  }
  return result;
}

/// [mean - error, mean + error] within [0, range].
Interval around_mean(const Interval& mean, const Interval& error, const Interval& range) {
  return intersection(hull(mean - error, mean + error), hull(Interval(), range));
}

}  // namespace

Interval sample_variance(std::span<const Interval> draws) {
  if (draws.size() < 2) throw std::invalid_argument("sample_variance: expected at least 2 draws");
  const Interval mean = mean_of(draws);
  Interval sum;
  for (const Interval& draw : draws) sum += sqr(draw - mean);
  return sum / (std::ssize(draws) - 1);
}

Interval hoeffding_interval(std::span<const Interval> draws, const Interval& range, const Interval& delta) {
  const IntervalVector z = checked(draws, range, delta);
  return around_mean(mean_of(z), range * sqrt(log(2 / delta) / (2 * std::ssize(z))), range);
}

Interval empirical_bernstein_interval(std::span<const Interval> draws, const Interval& range, const Interval& delta) {
  const IntervalVector z = checked(draws, range, delta);
  const auto n = std::ssize(z);
  const Interval log_term = log(4 / delta);
  const Interval error = sqrt(sample_variance(z) * log_term * 2 / n) + range * log_term * 7 / (3 * (n - 1));
  return around_mean(mean_of(z), error, range);
}

}  // namespace assay
