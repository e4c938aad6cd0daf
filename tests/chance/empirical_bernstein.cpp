#include "chance/empirical_bernstein.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "support/random_cases.hpp"

namespace assay {
namespace {

IntervalVector points(std::initializer_list<double> values) {
  IntervalVector result;
  for (const double value : values) result.emplace_back(value, 128);
  return result;
}

bool near(const Interval& a, const Interval& b) {
  return abs(a - b).upper_double() < 1e-30;
}

TEST_CASE("the sample variance is that of the exact numbers") {
  // 1, 2, 4: mean 7/3, squares 16/9 + 1/9 + 25/9 = 42/9, over 2.
  CHECK(sample_variance(points({1, 2, 4})).contains(Interval::ratio(7, 3, 200)));
  CHECK(sample_variance(points({0.25, 0.25})).upper_double() == 0);
  CHECK_THROWS_AS(sample_variance(points({1})), std::invalid_argument);
}

TEST_CASE("both intervals have the half width of their formula") {
  IntervalVector draws;
  for (int k = 0; k < 1000; ++k) draws.emplace_back(k % 100 == 0 ? 1.5 : 1.0, 128);
  const Interval range(2.0, 128), delta = Interval::ratio(1, 20, 128);
  const Interval mean = Interval::ratio(201, 200, 128);  // 1.005
  const Interval variance = (Interval::ratio(1, 4, 128) * 10 - sqr(Interval::ratio(1, 200, 128)) * 1000) / 999;
  const Interval hoeffding = hoeffding_interval(draws, range, delta);
  const Interval half = range * sqrt(log(Interval(40.0, 128)) / 2000);
  CHECK(near(hoeffding.lower(), mean - half));
  CHECK(near(hoeffding.upper(), mean + half));
  const Interval bernstein = empirical_bernstein_interval(draws, range, delta);
  const Interval logs = log(Interval(80.0, 128));
  const Interval error = sqrt(variance * logs / 500) + logs * 14 / 2997;
  CHECK(near(bernstein.lower(), mean - error));
  CHECK(near(bernstein.upper(), mean + error));
  // With so small a variance Bernstein's interval is the shorter one.
  CHECK(bernstein.upper_double() - bernstein.lower_double() < hoeffding.upper_double() - hoeffding.lower_double());
}

TEST_CASE("the mean is missed less often than delta") {
  const double p = 0.1;
  const Interval one(1.0, 64), delta = Interval::ratio(1, 10, 64);
  int missed = 0, missed_by_hoeffding = 0;
  const int trials = 300;
  for (int trial = 0; trial < trials; ++trial) {
    Random random(static_cast<std::uint64_t>(trial) + 1);
    IntervalVector draws;
    for (int k = 0; k < 100; ++k) draws.emplace_back(random.unit() < p ? 1.0 : 0.0, 64);
    missed += !empirical_bernstein_interval(draws, one, delta).contains(p);
    missed_by_hoeffding += !hoeffding_interval(draws, one, delta).contains(p);
  }
  CHECK(missed <= trials / 10);
  CHECK(missed_by_hoeffding <= trials / 10);
}

TEST_CASE("enclosed draws give an interval around those of the exact draws, within the range") {
  const Interval one(1.0, 64), delta = Interval::ratio(1, 10, 64);
  IntervalVector wide, sharp;
  for (int k = 0; k < 200; ++k) {
    const double value = k % 7 / 6.0;
    sharp.emplace_back(value, 64);
    wide.push_back(Interval::between(value - 0.01, value + 0.005, 64));
  }
  CHECK(empirical_bernstein_interval(wide, one, delta).contains(empirical_bernstein_interval(sharp, one, delta)));
  CHECK(hoeffding_interval(wide, one, delta).contains(hoeffding_interval(sharp, one, delta)));
  const Interval few = empirical_bernstein_interval(points({0.5, 0.25}), one, delta);
  CHECK(few.lower_double() == 0);
  CHECK(few.upper_double() == 1);
}

TEST_CASE("draws, ranges and confidences without a meaning are refused") {
  const Interval one(1.0, 64), delta = Interval::ratio(1, 10, 64);
  const auto refused = [](const IntervalVector& draws, const Interval& range, const Interval& failure) {
    CHECK_THROWS_AS(empirical_bernstein_interval(draws, range, failure), std::invalid_argument);
    CHECK_THROWS_AS(hoeffding_interval(draws, range, failure), std::invalid_argument);
  };
  refused(points({0.5}), one, delta);
  refused(points({0.5, 1.5}), one, delta);
  refused(points({0.5, -0.5}), one, delta);
  refused(points({0.5, 0.5}), Interval(0.0, 64), delta);
  refused(points({0.5, 0.5}), one, one);
  refused(points({0.5, 0.5}), one, Interval(0.0, 64));
}

}  // namespace
}  // namespace assay
