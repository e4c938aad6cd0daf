#include "chance/gaussian_event.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "chance/draw.hpp"
#include "data/instance.hpp"
#include "support/exact.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 256;

Interval number(double x) {
  return Interval(x, kBits);
}
Interval number(const char* text) {
  return around(parse_exactly(text), kBits);
}

TEST_CASE("gaussian_tail has the values of the complementary error function") {
  struct Row {
    double bound, deviation;
    const char* truth;
  };
  const Row rows[] = {{0, 1, "1"},
                      {0.5, 2, "0.8025873486341525515182924168379325214359"},
                      {1, 1, "0.3173105078629141028295349087359241550442"},
                      {2, 1, "0.04550026389635841440056527433306687494355"},
                      {3, 1, "0.002699796063260189053303629535189954755659"},
                      {5, 3, "0.09558070454562941571791721292406742901878"}};
  for (const Row& row : rows) {
    CAPTURE(row.bound);
    const Rational truth = parse_exactly(row.truth), unit = parse_exactly("1e-40");
    for (const Bits bits : {53, 64, 128, 256}) {
      const Interval tail = gaussian_tail(Interval(row.bound, bits), Interval(row.deviation, bits));
      CHECK(overlap(tail, around(truth - unit, truth + unit, 512)));
      CHECK(tail.relative_width() < std::ldexp(100, static_cast<int>(-bits)));
    }
  }
}

/// The Mills ratio: 2 phi(t)/t (1 - 1/t^2) < P(|g| > t) < 2 phi(t)/t.
void check_mills(double t) {
  CAPTURE(t);
  const Interval x = number(t), tail = gaussian_tail(x, number(1.0));
  const Interval above = sqrt(2 / Interval::pi(kBits)) * exp(-sqr(x) / 2) / x;
  CHECK(certainly_less(tail, above));
  CHECK(certainly_less(above * (1 - 1 / sqr(x)), tail));
}

TEST_CASE("tails far below the range of double") {
  for (const double t : {2.0, 10.0, 100.0, 678.61, 1e4, 3.8e4}) check_mills(t);
  const Interval tail = gaussian_tail(number(678.61), number(1.0));  // 1e-100000
  CHECK(certainly_positive(tail));
  CHECK(std::abs(log10(tail).approx_double() + 1e5) < 20);
  CHECK(tail.relative_width() < 1e-60);
  // Where MPFR has no exponent left, the enclosure says so.
  const Interval lost = gaussian_tail(number(1e6), number(1.0));
  CHECK(lost.contains(0.0));
  CHECK_FALSE(lost.is_point());
}

TEST_CASE("integration by the midpoint and the trapezoidal rule encloses the tail") {
  // phi is convex right of 1, so the trapezoidal rule is above and the midpoint rule below.
  const auto density = [](const Interval& t) { return sqrt(2 / Interval::pi(64)) * exp(-sqr(t) / 2); };
  const long steps = 2000;
  Interval above = Interval::from_integer(0, 64), below = above;
  for (long k = 0; k < steps; ++k) {
    const Interval left = 1 + Interval::ratio(k, 200, 64), right = 1 + Interval::ratio(k + 1, 200, 64);
    above += (density(left) + density(right)) / 400;
    below += density((left + right) / 2) / 200;
  }
  const Interval cut = gaussian_tail(Interval(11, 64), Interval(1, 64));
  const Interval tail = gaussian_tail(Interval(1, 64), Interval(1, 64));
  CHECK(certainly_less(tail, above + cut));
  CHECK(certainly_less(below, tail));
  CHECK(certainly_less(above - below, Interval(1e-5, 64)));
}

TEST_CASE("deviation 0 never exceeds, and scaling both changes nothing") {
  CHECK(same(gaussian_tail(number(1.0), Interval::from_integer(0, 64)), Interval()));
  CHECK(same(gaussian_tail(Interval::from_integer(0, 64), Interval::from_integer(0, 64)), Interval()));
  CHECK(overlap(gaussian_tail(number(3.0), number(1.5)), gaussian_tail(number(2.0), number(1.0))));
  CHECK(certainly_less(gaussian_tail(number(3.0), number(1.0)), gaussian_tail(number(3.0), number(1.1))));
  // Deviation nearly 0, or perhaps 0: an enclosure still.
  CHECK(gaussian_tail(number(1.0), Interval::between(0, 1, 64)).contains(gaussian_tail(number(1.0), number(1.0))));
}

Interval event(const RealMatrix& rows, double sigma, double bound) {
  return probability_some_row_exceeds(rows, number(sigma), number(bound), kBits);
}

TEST_CASE("one row: the tail of its norm, from both sides") {
  for (const double sigma : {0.5, 1.0, 5.0})
    for (const double bound : {0.0, 1.0, 30.0, 1000.0}) {
      const Interval truth = gaussian_tail(number(bound), number(5 * sigma / 8));
      const Interval found = event(RealMatrix{{0.375, -0.5}}, sigma, bound);
      CHECK(overlap(found, truth));
      CHECK(found.relative_width() < 1e-60);
    }
}

TEST_CASE("orthogonal rows: 1 - (1 - pi)^n lies inside") {
  for (const Index n : {2, 3, 5})
    for (const double bound : {0.1, 1.0, 3.0, 20.0, 300.0}) {
      CAPTURE(n);
      CAPTURE(bound);
      const Interval pi = gaussian_tail(number(bound), number(1.0));
      Interval none(1, 200000);  // powers of 1 - pi need the digits of pi
      for (Index i = 0; i < n; ++i) none *= 1 - pi.rounded_to(200000);
      const Interval found = event(RealMatrix::Identity(n, n), 1, bound);
      CHECK(overlap(found, 1 - none));
      if (bound >= 20) CHECK(found.relative_width() < 1e-40);  // the two sides agree to first order
      CHECK(certainly_less_equal((1 - none).lower(), found.upper()));
      CHECK(certainly_less_equal(found.lower(), (1 - none).upper()));
    }
}

TEST_CASE("rows that coincide, are opposite or zero count once") {
  for (const double bound : {0.5, 2.0, 20.0}) {
    const Interval pi = gaussian_tail(number(bound), number(0.625));
    for (const double factor : {1.0, -1.0, 0.0}) {
      RealMatrix rows{{0.375, -0.5}, {0, 0}, {0, 0}};
      rows.row(1) = factor * rows.row(0);
      rows.row(2) = -rows.row(1);
      const Interval found = event(rows, 1, bound);
      CHECK(certainly_less_equal(found.lower(), pi));
      CHECK_FALSE(certainly_less(found.upper(), pi));
      CHECK_FALSE(certainly_less(found.lower(), pi.lower() * number(1 - 1e-9)));  // the first row counts in full
    }
  }
}

/// Bivariate truth in a case that is one-dimensional: rows x and x/2 along one axis exceed iff x does.
TEST_CASE("parallel rows: the longest decides") {
  for (const double bound : {0.5, 2.0, 6.0}) {
    const Interval truth = gaussian_tail(number(bound), number(1.0));
    for (const RealMatrix& rows : {RealMatrix{{1.0}, {0.5}, {0.25}}, RealMatrix{{0.25}, {-1.0}, {0.5}}}) {
      const Interval found = event(rows, 1, bound);
      CHECK_FALSE(certainly_less(found.upper(), truth));
      CHECK_FALSE(certainly_less(truth, found.lower()));
    }
  }
}

TEST_CASE("the frequency among drawn Gaussians is inside, as far as chance allows") {
  for (std::uint64_t seed = 1; seed <= random_cases(6); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    RealMatrix rows(3, 2);
    for (double& entry : rows.reshaped()) entry = random.between(-1, 1);
    const double bound = random.between(0.3, 2);
    const int draws = 20000;
    int exceeded = 0;
    for (int k = 0; k < draws; ++k) {
      Eigen::Vector2d w;
      fill_normals(seed, Stream::search, static_cast<std::uint64_t>(k), {w.data(), 2});
      exceeded += (rows * w * 1.5).cwiseAbs().maxCoeff() > bound;
    }
    const Interval found = event(rows, 1.5, bound);
    const double frequency = static_cast<double>(exceeded) / draws, seven_deviations = 3.5 / std::sqrt(draws);
    CHECK(frequency < found.upper_double() + seven_deviations);
    CHECK(frequency > found.lower_double() - seven_deviations);
  }
}

TEST_CASE("random rows: the sides are in order, between 0 and 1, and at least every single row's tail") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    RealMatrix rows(random.integer(1, 6), random.integer(1, 3));
    for (double& entry : rows.reshaped()) entry = random.between(-1, 1);
    const double sigma = random.between(0.1, 3), bound = random.one_of({0.0, 1e-9, 0.5, 2.0, 10.0, 678.0});
    const Interval found = event(rows, sigma, bound);
    CHECK(certainly_nonnegative(found));
    CHECK(found.upper_double() <= 1);
    CHECK(found.is_finite());
    Interval sum = number(0.0);
    for (Index i = 0; i < rows.rows(); ++i) {
      const Interval alone = event(rows.row(i), sigma, bound);
      CHECK_FALSE(certainly_less(found.upper(), alone));
      sum += alone;
    }
    CHECK_FALSE(certainly_less(sum.upper(), found.lower()));  // the union bound
    const Interval coarse = probability_some_row_exceeds(rows, Interval(sigma, 53), Interval(bound, 53), 30);
    CHECK(overlap(coarse, found));
  }
}

TEST_CASE("two near rows: the lower side takes what they share off once") {
  // Exact: rows e1 and e1 + t e2 share most of their event. P(both) <= P(|<w, 2 e1 + t e2>| > 2b) + P(|t g| > 2b).
  const RealMatrix rows{{1, 0}, {1, 0.25}};
  const Interval found = event(rows, 1, 3);
  const auto tail = [](const char* squared_norm, double b) {
    return gaussian_tail(number(b), sqrt(number(squared_norm)));
  };
  const Interval first = tail("1", 3), second = tail("1.0625", 3);
  const Interval shared = tail("4.0625", 6) + tail("0.0625", 6);
  const Interval below = first + max(second - min(shared, min(first, second)), Interval());
  CHECK(overlap(found.lower(), below));
  CHECK(overlap(found.upper(), 1 - (1 - first) * (1 - second)));
}

TEST_CASE("probability_in_some_trial against powers") {
  for (const double p : {0.0, 1e-300, 0.25, 0.5, 0.999, 1.0})
    for (const long trials : {1L, 2L, 7L, 100L}) {
      CAPTURE(p);
      CAPTURE(trials);
      const Interval truth = 1 - power(1 - Interval(p, 4000), trials);
      const Interval found = probability_in_some_trial(number(p), Interval::from_integer(trials, kBits));
      CHECK(overlap(found, truth));
      CHECK(found.lower_double() >= 0);
      CHECK(found.upper_double() <= 1);
      if (p > 0) CHECK(found.relative_width() < 1e-60);
    }
}

TEST_CASE("probability_in_some_trial at the ends of both ranges") {
  const auto found = [](const Interval& p, const Interval& trials) { return probability_in_some_trial(p, trials); };
  CHECK(found(number(0.0), number(1e180)).contains(0.0));
  CHECK(found(number(0.0), number(1e180)).upper_double() == 0);
  CHECK(found(number(1.0), number(1e180)).lower_double() == 1);
  CHECK(found(number(0.3), number(0.0)).upper_double() == 0);
  CHECK(found(number(0.3), number(1e180)).lower_double() > 0.999);
  CHECK(found(number(0.3), number(1e180)).upper_double() == 1);
  // (1 - 1/t)^t -> 1/e.
  const Interval many = number("1e180");
  CHECK(certainly_less(abs(found(1 / many, many) - (1 - exp(number(-1.0)))), number(1e-60)));
  // Increasing in both, so boxes need only their corners.
  const Interval box = found(Interval::between(0.1, 0.2, 64), Interval::between(3, 5, 64));
  CHECK(box.contains(found(number(0.1), number(3.0))));
  CHECK(box.contains(found(number(0.2), number(5.0))));
  CHECK(box.contains(found(number(0.15), number(4.5))));
  CHECK(box.upper_double() < 0.68);
  CHECK(box.lower_double() > 0.27);
  // Nothing known of the number of trials.
  const Interval unknown = found(number(0.25), Interval::whole_line(64).upper());
  CHECK(unknown.contains(1.0));
}

TEST_CASE("0 trials and certain success have a value") {
  const Interval none = probability_in_some_trial(number(1.0), number(0.0));
  CHECK(none.contains(0.0));
  CHECK_FALSE(certainly_less(none, Interval()));
}

TEST_CASE("trials_until inverts probability_in_some_trial") {
  for (const char* p : {"1e-100000", "1e-300", "1e-9", "0.01", "0.3", "0.9"})
    for (const char* delta : {"1e-30", "0.001", "0.1", "0.5", "0.999"}) {
      CAPTURE(p);
      CAPTURE(delta);
      const Interval chance = number(p), allowed = number(delta), trials = trials_until(chance, allowed);
      CHECK(certainly_positive(trials));
      CHECK(trials.relative_width() < 1e-60);
      CHECK(overlap(probability_in_some_trial(chance, trials), allowed));
      CHECK(certainly_less(allowed, probability_in_some_trial(chance, trials * number("1.000001"))));
      CHECK(certainly_less(probability_in_some_trial(chance, trials * number("0.999999")), allowed));
    }
}

TEST_CASE("trials_until where the chance may be 0 or is 1") {
  const Interval never = trials_until(number(0.0), number(0.1));
  CHECK(std::isinf(never.upper_double()));
  const Interval perhaps = trials_until(Interval::between(0, 0.5, 64), Interval(0.75, 64));
  CHECK(std::isinf(perhaps.upper_double()));
  CHECK(perhaps.lower_double() <= 2);
  CHECK(perhaps.lower_double() > 1.999);
  const Interval at_once = trials_until(number(1.0), number(0.1));
  CHECK(at_once.contains(0.0));
  CHECK(at_once.upper_double() == 0);
  const Interval box = trials_until(Interval::between(0.1, 0.2, 64), Interval::between(0.3, 0.4, 64));
  CHECK(box.contains(trials_until(number(0.1), number(0.4))));
  CHECK(box.contains(trials_until(number(0.2), number(0.3))));
  CHECK(box.relative_width() < 3);
}

TEST_CASE("chi_tail has its closed forms in few dimensions, and grows with the dimension") {
  for (const double bound : {0.0, 0x1p-40, 0.5, 2.0, 11.0, 60.0}) {
    const Interval a = number(bound), y = sqr(a) / 2, decay = exp(-y);
    CHECK(overlap(chi_tail(a, 1), erfc(a / sqrt(number(2.0)))));
    CHECK(overlap(chi_tail(a, 2), decay));
    CHECK(overlap(chi_tail(a, 3), erfc(sqrt(y)) + a * sqrt(2 / Interval::pi(kBits)) * decay));
    CHECK(overlap(chi_tail(a, 4), (y + 1) * decay));
    CHECK(overlap(chi_tail(a, 6), (sqr(y) / 2 + y + 1) * decay));
    for (Index d = 1; d <= 12; ++d) {
      CHECK(chi_tail(a, d).relative_width() < 1e-60);
      if (bound >= 0.5) CHECK(certainly_less(chi_tail(a, d), chi_tail(a, d + 1)));
    }
  }
  const Interval wide = chi_tail(Interval::between(1, 2, 64), 5);
  CHECK(wide.contains(chi_tail(number(1.0), 5)));
  CHECK(wide.contains(chi_tail(number(2.0), 5)));
  CHECK(wide.upper_double() - chi_tail(number(1.0), 5).upper_double() < 1e-15);
  CHECK_THROWS_AS(chi_tail(number(1.0), 0), std::invalid_argument);
  CHECK_THROWS_AS(chi_tail(number(-1.0), 3), std::invalid_argument);
}

TEST_CASE("noncentral_chi_tail: central and one-dimensional cases, recursion over a coordinate, monotone ends") {
  for (const double bound : {0.0, 0.25, 1.0, 4.0, 20.0}) {
    const Interval b = number(bound);
    for (const double offset : {0.0, 0x1p-30, 0.5, 3.0, 11.0}) {
      CAPTURE(bound);
      CAPTURE(offset);
      const Interval m = number(offset), line = gaussian_upper_tail(b - m) + gaussian_upper_tail(b + m);
      const Interval tail = noncentral_chi_tail(b, sqr(m), 1);
      CHECK(overlap(tail, line));
      CHECK(tail.relative_width() < 1e-15);
      for (const Index d : {2, 3, 7}) {
        const Interval more = noncentral_chi_tail(b, sqr(m), d);
        if (offset == 0) CHECK(overlap(more, chi_tail(b, d)));
        // More coordinates, or a larger offset, only enlarge the norm.
        CHECK(!certainly_less(more, tail));
        CHECK(!certainly_less(noncentral_chi_tail(b, sqr(m) + 1, d), more));
        // By a part of every |xi|: at most the tail of |m| + |xi|.
        CHECK(!certainly_less(chi_tail(max(b - m, Interval()), d), more));
      }
    }
  }
  const Interval wide = noncentral_chi_tail(Interval::between(1, 2, 64), Interval::between(0.5, 3, 64), 4);
  CHECK(wide.contains(noncentral_chi_tail(number(1.0), number(3.0), 4)));
  CHECK(wide.contains(noncentral_chi_tail(number(2.0), number(0.5), 4)));
  const Interval far = noncentral_chi_tail(number(1.0), number(1e6), 2);  // more terms than are spent
  CHECK(far.contains(1.0));
  CHECK(far.lower_double() >= 0);
  CHECK_THROWS_AS(noncentral_chi_tail(number(1.0), number(-1.0), 2), std::invalid_argument);
  CHECK_THROWS_AS(noncentral_chi_tail(number(1.0), number(1.0), 0), std::invalid_argument);
}

TEST_CASE("gaussian_upper_tail of bounds of either sign") {
  CHECK(gaussian_upper_tail(number(0.0)).contains(0.5));
  const Interval both = gaussian_upper_tail(number(1.5)) + gaussian_upper_tail(number(-1.5));
  CHECK(both.contains(1.0));
  CHECK(overlap(gaussian_upper_tail(number(3.0)) * 2, gaussian_tail(number(3.0), number(1.0))));
}

}  // namespace
}  // namespace assay
