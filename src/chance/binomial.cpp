#include "chance/binomial.hpp"

#include <stdexcept>

namespace assay {

namespace {

/// P(X >= k) at one point p of (0, 1), 1 <= k <= trials: term j + 1 is term j times (trials - j) / (j + 1) p / (1 - p).
Interval tail_at(long k, long trials, const Interval& p) {
  const Interval odds = p / (1 - p);
  Interval term = power(p, k) * power(1 - p, trials - k);
  for (long j = 0; j < k; ++j) term = term * (trials - j) / (j + 1);
  Interval sum = term;
  for (long j = k; j < trials; ++j) {
    term = term * (trials - j) / (j + 1) * odds;
    sum += term;
  }
  return sum;
}

/// The p at which P(X >= k) = level, 1 <= k <= trials.
Interval solve_tail(long k, long trials, const Interval& level, Bits bits) {
  Interval lo = Interval::from_integer(0, bits), hi = Interval::from_integer(1, bits);
  for (Bits step = 0; step < bits; ++step) {
    const Interval middle = ((lo + hi) / 2).lower();
    const Interval tail = tail_at(k, trials, middle);
    if (certainly_less(tail, level))
      lo = middle;
    else if (certainly_less(level, tail))
      hi = middle;
    else
      break;
  }
  return hull(lo, hi);
}

Interval lower_limit(long successes, long trials, const Interval& level, Bits bits) {
  return successes == 0 ? Interval::from_integer(0, bits) : solve_tail(successes, trials, level, bits);
}

}  // namespace

Interval binomial_tail(long k, long trials, const Interval& p) {
  if (k < 0 || trials < 0) throw std::invalid_argument("binomial_tail: expected k >= 0 and trials >= 0");
  const Interval zero = Interval::from_integer(0, p.bits()), one = Interval::from_integer(1, p.bits());
  if (k == 0) return one;
  if (k > trials) return zero;
  const auto at = [&](const Interval& end) {
    if (!certainly_positive(end)) return zero;
    return certainly_less(end, one) ? tail_at(k, trials, end) : one;
  };
  return hull(at(p.lower()), at(p.upper()));
}

BinomialLimits clopper_pearson(long successes, long trials, const Interval& alpha, Bits bits) {
  if (trials < 1 || successes < 0 || successes > trials)
    throw std::invalid_argument("clopper_pearson: expected 0 <= successes <= trials and at least one trial");
  const Interval level = alpha / 2;
  return {lower_limit(successes, trials, level, bits), 1 - lower_limit(trials - successes, trials, level, bits)};
}

BinomialLimits clopper_pearson(const Frequency& seen, const Interval& alpha, Bits bits) {
  if (seen.trials == 0) return {Interval::from_integer(0, bits), Interval::from_integer(1, bits)};
  return {clopper_pearson(seen.within, seen.trials, alpha, bits).lower,
          clopper_pearson(seen.trials - seen.outside, seen.trials, alpha, bits).upper};
}

}  // namespace assay
