#include "chance/binomial.hpp"

#include <doctest/doctest.h>

#include "support/exact.hpp"

namespace assay {
namespace {

Rational choose(long n, long k) {
  Rational result(1);
  for (long j = 0; j < k; ++j) result *= Rational(n - j) / Rational(j + 1);
  return result;
}

Rational to_the(const Rational& x, long k) {
  Rational result(1);
  for (long j = 0; j < k; ++j) result *= x;
  return result;
}

/// P(X >= k) in rational numbers.
Rational exact_tail(long k, long trials, const Rational& p) {
  Rational sum(0);
  for (long j = std::max(k, 0L); j <= trials; ++j) sum += choose(trials, j) * to_the(p, j) * to_the(1 - p, trials - j);
  return sum;
}

TEST_CASE("binomial tails contain the rational truth") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const long trials = random.integer(1, 12), k = random.integer(0, trials + 1);
    const double p = random.one_in(5) ? random.one_of({0.0, 1.0, 0x1p-40, 0.5}) : random.unit();
    for (const Bits bits : {53L, 160L}) {
      const Interval tail = binomial_tail(k, trials, Interval(p, bits));
      CHECK(contains(tail, exact_tail(k, trials, exact(p))));
      if (bits == 160) CHECK((tail.upper() - tail.lower()).upper_double() < 1e-40);
    }
  }
}

TEST_CASE("a binomial tail over an interval of probabilities covers both ends") {
  const Interval tail = binomial_tail(3, 7, Interval::between(0.25, 0.5, 128));
  CHECK(contains(tail, exact_tail(3, 7, Rational(1, 4))));
  CHECK(contains(tail, exact_tail(3, 7, Rational(1, 2))));
  CHECK(contains(tail, exact_tail(3, 7, Rational(3, 8))));
  CHECK_THROWS_AS(binomial_tail(-1, 7, Interval(0.5, 64)), std::invalid_argument);
}

TEST_CASE("Clopper-Pearson limits solve their equations") {
  const Interval alpha = Interval::ratio(1, 20, 128);
  const Rational level(1, 40);
  for (const long trials : {1L, 2L, 5L, 20L})
    for (long k = 0; k <= trials; ++k) {
      CAPTURE(trials);
      CAPTURE(k);
      const BinomialLimits limits = clopper_pearson(k, trials, alpha, 128);
      CHECK(certainly_less_equal(limits.lower, limits.upper));
      if (k > 0) {
        CHECK(exact_tail(k, trials, lower_end(limits.lower)) <= level);
        CHECK(exact_tail(k, trials, upper_end(limits.lower)) >= level);
        CHECK((limits.lower.upper() - limits.lower.lower()).upper_double() < 1e-30);
      } else {
        CHECK(limits.lower.is_point());
      }
      if (k < trials) {
        CHECK(1 - exact_tail(k + 1, trials, lower_end(limits.upper)) >= level);
        CHECK(1 - exact_tail(k + 1, trials, upper_end(limits.upper)) <= level);
      } else {
        CHECK(limits.upper.contains(1.0));
      }
    }
  CHECK_THROWS_AS(clopper_pearson(3, 2, alpha, 64), std::invalid_argument);
  CHECK_THROWS_AS(clopper_pearson(0, 0, alpha, 64), std::invalid_argument);
}

TEST_CASE("Clopper-Pearson limits are those in the tables") {
  // 7 of 20 at 95%: 0.1539 and 0.5922 (Clopper and Pearson; also the beta quantiles of any statistics package).
  const BinomialLimits limits = clopper_pearson(7, 20, Interval::ratio(1, 20, 64), 64);
  CHECK(limits.lower.approx_double() == doctest::Approx(0.1539).epsilon(1e-3));
  CHECK(limits.upper.approx_double() == doctest::Approx(0.5922).epsilon(1e-3));
}

TEST_CASE("limits from three counts are right whatever the undecided trials are") {
  const Interval alpha = Interval::ratio(1, 1000, 64);
  const long trials = 12;
  for (long within = 0; within <= trials; ++within)
    for (long outside = 0; outside <= trials - within; ++outside) {
      const Frequency seen{.within = within, .outside = outside, .trials = trials};
      CHECK(seen.undecided() == trials - within - outside);
      const BinomialLimits limits = clopper_pearson(seen, alpha, 64);
      for (long successes = within; successes <= trials - outside; ++successes) {
        const BinomialLimits decided = clopper_pearson(successes, trials, alpha, 64);
        CHECK_FALSE(certainly_less(decided.lower, limits.lower));
        CHECK_FALSE(certainly_less(limits.upper, decided.upper));
      }
      CHECK(overlap(limits.lower, clopper_pearson(within, trials, alpha, 64).lower));
      CHECK(overlap(limits.upper, clopper_pearson(trials - outside, trials, alpha, 64).upper));
    }
  const BinomialLimits nothing = clopper_pearson(Frequency{}, alpha, 64);
  CHECK(same(nothing.lower, Interval(0, 64)));
  CHECK(same(nothing.upper, Interval(1, 64)));
}

}  // namespace
}  // namespace assay
