#pragma once

#include "enclosure/interval.hpp"

namespace assay {

/// P(X >= k) for X ~ Binomial(trials, p), enclosed; p may be an interval within [0, 1] (the tail grows with p).
/// @throws std::invalid_argument unless 0 <= k and 0 <= trials.
/// @cost  trials - k + 1 interval operations.
Interval binomial_tail(long k, long trials, const Interval& p);

/// Exact (Clopper-Pearson) limits of a probability from a number of successes in independent trials, each enclosed.
///
///   lower:  P(X >= successes | p) = alpha / 2,   upper:  P(X <= successes | p) = alpha / 2
///
/// Whatever the probability is, it lies outside [lower, upper] with probability at most alpha over the trials.
struct [[nodiscard]] BinomialLimits {
  Interval lower, upper;
};

/// By bisection on enclosed tails: an end of an enclosure is a dyadic number on a certain side of the limit.
/// @param alpha  in (0, 1).
/// @throws std::invalid_argument unless 0 <= successes <= trials and trials >= 1.
/// @cost  about 2 bits tails.
/// @source Clopper, Pearson, Biometrika 26 (1934) 404-413.
BinomialLimits clopper_pearson(long successes, long trials, const Interval& alpha, Bits bits);

/// What was seen in independent trials of an event: three counts, since an enclosure may leave a trial open.
struct [[nodiscard]] Frequency {
  long within = 0;   ///< the event certainly occurred
  long outside = 0;  ///< it certainly did not
  long trials = 0;

  long undecided() const { return trials - within - outside; }
};

/// The lower limit from the trials that are certainly within, the upper limit from those that are not certainly
/// outside: whatever the undecided ones are, the probability lies outside [lower, upper] with probability at most
/// alpha. No trials: [0, 1].
BinomialLimits clopper_pearson(const Frequency& seen, const Interval& alpha, Bits bits);

}  // namespace assay
