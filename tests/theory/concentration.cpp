#include "theory/concentration.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "network/fast/network.hpp"
#include "network/kernel.hpp"
#include "support/exact.hpp"
#include "support/moments.hpp"
#include "support/random_cases.hpp"
#include "theory/whitened_moment.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 128;

RealMatrix rows_in_ball(Random& random, Index n, Index d_in) {
  RealMatrix x(n, d_in);
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < d_in; ++j) x(i, j) = random.between(-1, 1);
    x.row(i) *= 0.99 / x.row(i).norm();
  }
  return x;
}

KernelConcentration concentration_of(const RealMatrix& x, double sigma, Index d) {
  return KernelConcentration(input_gram(x, kBits), Interval(sigma, kBits), d);
}

/// M E |linear part|_F^2 by expanding the square of e_i e_j - kappa (e_i + e_j - 1) into nine moments.
double plain_variance(const RealMatrix& x, double sigma, double d) {
  double total = 0;
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.rows(); ++j) {
      const double kappa = moment(x, sigma, {i, j}), gram = x.row(i).dot(x.row(j));
      const std::vector<std::pair<double, std::vector<Index>>> terms{
          {1, {i, j}}, {-kappa, {i}}, {-kappa, {j}}, {kappa, {}}};
      double same = 0;
      for (const auto& [a, first] : terms)
        for (const auto& [b, second] : terms) {
          std::vector<Index> both = first;
          both.insert(both.end(), second.begin(), second.end());
          same += a * b * moment(x, sigma, both);
        }
      total += gram * gram * (d * same + d * (d - 1) * moment(x, sigma, {i, i, j, j}));
    }
  return total;
}

/// The largest eigenvalue of K^-1/2 (E N_r K^-1 N_r) K^-1/2 in double, from fourfold sums of moments.
double plain_whitened(const RealMatrix& x, double sigma, double d) {
  const Index n = x.rows();
  const Eigen::MatrixXd gram = x * x.transpose();
  Eigen::MatrixXd limit(n, n), second = Eigen::MatrixXd::Zero(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) limit(i, j) = gram(i, j) * moment(x, sigma, {i, j});
  const ApproxEigenpairs pairs = approx_eigenpairs(limit);
  const Eigen::MatrixXd root =
      pairs.vectors * pairs.values.cwiseSqrt().cwiseInverse().asDiagonal() * pairs.vectors.transpose();  // K^-1/2
  const Eigen::MatrixXd inverse = root * root;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      for (Index p = 0; p < n; ++p)
        for (Index q = 0; q < n; ++q)
          second(i, j) += d * gram(i, p) * inverse(p, q) * gram(q, j) * moment(x, sigma, {i, j, p, q});
  return approx_eigenvalues(root * second * root).maxCoeff();
}

/// K_inf and E e_i e_j of rows.
std::pair<IntervalMatrix, IntervalMatrix> limit_and_pair(const RealMatrix& x, double sigma) {
  const IntervalMatrix gram = input_gram(x, kBits);
  IntervalMatrix limit = gram, pair = gram;
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.rows(); ++j) {
      pair(i, j) = exp(sqr(Interval(sigma, kBits)) * gram(i, j));
      limit(i, j) *= pair(i, j);
    }
  return {limit, pair};
}

TEST_CASE("variance and whitened second moment are those of the definition, the latter in intervals and in doubles") {
  for (std::uint64_t seed = 1; seed <= random_cases(6); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.integer(1, 9), d = random.integer(1, 3);
    const double sigma = random.between(0.2, 1.2), outputs = static_cast<double>(d);
    const RealMatrix x = rows_in_ball(random, n, random.integer(2, 6));
    const KernelConcentration bounds = concentration_of(x, sigma, d);
    CHECK(bounds.variance().approx_double() == doctest::Approx(plain_variance(x, sigma, outputs)).epsilon(1e-6));
    const double known = plain_whitened(x, sigma, outputs);
    CHECK(bounds.whitened_second_moment().approx_double() == doctest::Approx(known).epsilon(1e-4));
    const auto [limit, pair] = limit_and_pair(x, sigma);
    const double in_doubles = upper_whitened_moment(limit, pair, d);
    CHECK(in_doubles >= known * (1 - 1e-8));
    CHECK(in_doubles <= known * (1 + 1e-5));
  }
}

TEST_CASE("the bound in doubles is one for every matrix in the enclosures") {
  Random random(3);
  const Index n = 8;
  const RealMatrix x = rows_in_ball(random, n, 8);
  const auto [limit, pair] = limit_and_pair(x, 0.7);
  IntervalMatrix wide_limit = limit, wide_pair = pair;
  const double spread = 1e-6;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) {
      wide_limit(i, j) += Interval::between(-1, 1, kBits) * Interval(spread, 53);
      wide_pair(i, j) += Interval::between(-1, 1, kBits) * Interval(spread, 53);
    }
  const double bound = upper_whitened_moment(wide_limit, wide_pair, 2);
  CHECK(std::isfinite(bound));
  // All pairs at their upper ends raise the moment most, and a known limit hides nothing.
  IntervalMatrix largest_pair = pair;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) largest_pair(i, j) += Interval(spread, 53);
  CHECK(upper_whitened_moment(limit, largest_pair, 2) > upper_whitened_moment(limit, pair, 2) * (1 + spread));
  CHECK(upper_whitened_moment(limit, largest_pair, 2) < upper_whitened_moment(limit, wide_pair, 2));
  for (int k = 0; k < 20; ++k) {
    IntervalMatrix some_limit = limit, some_pair = pair;
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j <= i; ++j) {
        some_limit(i, j) = some_limit(j, i) = limit(i, j) + Interval(random.one_of({-spread, spread}), 53);
        some_pair(i, j) = some_pair(j, i) = pair(i, j) + Interval(k == 0 ? spread : random.between(0, spread), 53);
      }
    CHECK(upper_whitened_moment(some_limit, some_pair, 2) <= bound);
  }
  wide_limit(0, 1) = wide_limit(1, 0) = Interval::whole_line(64);
  CHECK(std::isinf(upper_whitened_moment(wide_limit, wide_pair, 2)));
}

TEST_CASE("for one row the bound in doubles is d pair^4 at the upper end of the pair, and little more") {
  IntervalMatrix limit(1, 1), pair(1, 1);
  limit(0, 0) = Interval(0.75, 64);
  for (const double radius : {0.0, 1e-6, 1e-4}) {
    pair(0, 0) = Interval(1.5, 64) + Interval::between(-1, 1, 64) * Interval(radius, 64);
    const double least = 2 * std::pow(1.5 + radius, 4), bound = upper_whitened_moment(limit, pair, 2);
    CHECK(bound >= least * (1 - 1e-15));
    CHECK(bound <= least * (1 + radius) * (1 + 1e-7));  // eigenvalues are enclosed to 1e-8
  }
}

TEST_CASE("for one row each of the four K in the moment counts with its own radius") {
  IntervalMatrix limit(1, 1), pair(1, 1);
  pair(0, 0) = Interval(1.5, 64);
  limit(0, 0) = Interval(0.75, 64) + Interval::between(-1, 1, 64) * Interval(0.75 * 0x1p-12, 64);
  const double worst = (1 + 0x1p-12) / (1 - 0x1p-12);
  CHECK(upper_whitened_moment(limit, pair, 2) >= 2 * std::pow(1.5, 4) * worst * worst * (1 - 1e-15));
}

TEST_CASE("many rows are taken in doubles") {
  Random random(5);
  const RealMatrix x = rows_in_ball(random, 40, 40);
  const auto [limit, pair] = limit_and_pair(x, 0.5);
  const double bound = upper_whitened_moment(limit, pair, 1);
  CHECK(std::isfinite(bound));
  CHECK(same(concentration_of(x, 0.5, 1).whitened_second_moment(), Interval(bound, 53)));
}

TEST_CASE("for one row everything is in closed form") {
  RealMatrix x(1, 1);
  x << 0.5;
  const KernelConcentration bounds = concentration_of(x, 2, 3);
  // |x|^2 sigma^2 = 1: E e^2 = e, E e^4 = e^6; N = x^2 a a' e^2, K = x^2 e.
  const double e = std::exp(1.0);
  CHECK(bounds.whitened_second_moment().approx_double() == doctest::Approx(3 * std::pow(e, 4)));
  const double same = std::pow(e, 6) + e * e * (4 * e - 3) - 2 * e * (2 * std::pow(e, 3) - e);
  CHECK(bounds.variance().approx_double() == doctest::Approx((3 * same + 6 * std::pow(e, 6)) / 16));
  const Interval m(1e6, kBits), delta = Interval::ratio(1, 10, kBits);
  const double deficit = std::sqrt(4e-6 * e * std::log(10));
  CHECK(bounds.upper_deficit_of_means(m, delta).approx_double() / deficit == doctest::Approx(1));
  const double variance = e - 1, fourth = std::pow(e, 6) - 4 * std::pow(e, 3) + 6 * e - 3;
  const double by_fourth = std::pow((3 * variance * variance + fourth / 5e5) / 2.5e11 / 0.1, 0.25);
  const double excess = std::min(std::sqrt(variance * 9 / 5e5), by_fourth);
  CHECK(bounds.upper_excess_of_means(m, delta).approx_double() / excess == doctest::Approx(1));
  const double rare = std::pow((3 * variance * variance + fourth / 100) / 1e4 / 1e-4, 0.25);
  CHECK(bounds.upper_excess_of_means(Interval(200, kBits), Interval::ratio(1, 10000, kBits)).approx_double() ==
        doctest::Approx(rare));
}

TEST_CASE("bounds fall with the width, and t(4m) is at most half of t(m)") {
  Random random(7);
  const KernelConcentration bounds = concentration_of(rows_in_ball(random, 3, 4), 1, 2);
  const Interval delta = Interval::ratio(1, 10, kBits);
  for (double m = 1 << 12; m < 1e12; m *= 4) {
    const Interval here(m, kBits), wider(4 * m, kBits);
    CHECK(certainly_less(bounds.upper_distance(wider, delta), bounds.upper_distance(here, delta) / 2));
    CHECK(
        certainly_less_equal(bounds.lower_fraction(here, delta).bound(), bounds.lower_fraction(wider, delta).bound()));
  }
  CHECK(bounds.upper_distance(Interval(2, kBits), delta).upper_double() == std::numeric_limits<double>::infinity());
  CHECK(bounds.lower_fraction(Interval(2, kBits), delta).bound().contains_zero());
}

TEST_CASE("drawn kernels keep to the bounds") {
  constexpr Index kWidth = 1 << 15;
  Random random(9);
  const Index n = 3, d = 2;
  const RealMatrix x = rows_in_ball(random, n, 4);
  const KernelConcentration bounds = concentration_of(x, 1, d);
  const Interval delta = Interval::ratio(1, 10, kBits), m(kWidth, kBits);
  const double fraction = bounds.lower_fraction(m, delta).bound().lower_double();
  const double t = bounds.upper_distance(m, delta).upper_double();
  REQUIRE(fraction > 0.1);
  const IntervalMatrix limit = limit_kernel(input_gram(x, kBits), Interval(1, kBits));
  int inside = 0, above = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto sums = fast::network_sums(x, DrawnNeurons(kWidth, 4, d, 1, seed), {});
    REQUIRE(sums);
    fast::KernelBall h = fast::kernel(*sums, x), shifted = h;
    for (Index l = 0; l < d; ++l)
      for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j) {
          const double entry = limit(i, j).approx_double();
          h.middle(l * n + i, l * n + j) -= entry;
          shifted.middle(l * n + i, l * n + j) -= fraction * entry;
        }
    inside += h.middle.norm() <= t;
    above += fast::lambda_min(shifted.symmetric()).lower() > 0;
  }
  CHECK(inside >= 8);
  CHECK(above >= 8);
}

TEST_CASE("nothing is promised where rows repeat, and bad arguments are refused") {
  RealMatrix x(2, 2);
  x << 0.5, 0.5, 0.5, 0.5;
  const KernelConcentration bounds = concentration_of(x, 1, 2);
  CHECK(bounds.lower_fraction(Interval(0x1p900, kBits), Interval::ratio(1, 10, kBits)).bound().contains_zero());
  CHECK_THROWS_AS(concentration_of(x, 0, 2), std::invalid_argument);
  CHECK_THROWS_AS(concentration_of(x, 1, 0), std::invalid_argument);
}

TEST_CASE("the least width is where the condition starts to hold") {
  const auto from = [](double least) { return [least](const Interval& m) { return m.lower_double() >= least; }; };
  CHECK(least_width(from(1), 64)->approx_double() == 2);
  CHECK(least_width(from(4), 64)->approx_double() == 4);
  CHECK(least_width(from(1000), 64)->approx_double() == 1000);
  CHECK(least_width(from(1001), 64)->approx_double() == 1002);
  CHECK(least_width(from(1e30), 64)->approx_double() == doctest::Approx(1e30).epsilon(1e-5));
  CHECK(!least_width([](const Interval&) { return false; }, 64));
}

TEST_CASE("a width is found, or given up, after a few questions") {
  for (const double least : {1.0, 0x1p100, 0x1p1000, 0x1p1023, std::numeric_limits<double>::infinity()}) {
    CAPTURE(least);
    int asked = 0;
    const auto enough = [&](const Interval& m) {
      ++asked;
      return m.lower_double() >= least;
    };
    const auto found = least_width(enough, 64);
    CHECK(found.has_value() == std::isfinite(least));
    if (found) CHECK(found->approx_double() == doctest::Approx(std::max(least, 2.0)).epsilon(1e-5));
    CHECK(asked <= 60);
  }
}

}  // namespace
}  // namespace assay
