#include "theory/sufficient_width.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "data/drawn.hpp"
#include "descent/certificate.hpp"
#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/eigenvalue.hpp"
#include "network/kernel.hpp"
#include "support/moments.hpp"
#include "support/random_cases.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 96;

struct Problem {
  RealMatrix x;
  Index d;
  double sigma, e0;
  KernelConcentration concentration;
  Interval lambda;
  SufficientWidth width;

  Problem(RealMatrix rows, Index outputs, double scale, double labels)
      : x(std::move(rows)),
        d(outputs),
        sigma(scale),
        e0(labels),
        concentration(input_gram(x, kBits), Interval(sigma, kBits), d),
        lambda(enclose_lambda_min(limit_kernel(input_gram(x, kBits), Interval(sigma, kBits)), 1e-9, kBits)),
        width(input_gram(x, kBits), Interval(sigma, kBits), d, concentration, lambda, Interval(e0, kBits),
              Interval::ratio(1, 10, kBits)) {}
};

RealMatrix two_rows() {
  RealMatrix x(2, 2);
  x << 0.75, 0.25, -0.5, 0.75;
  return x;
}

TEST_CASE("the least width is enough, and so is every larger one") {
  const Problem problem(two_rows(), 2, 0.7, 1.2);
  const auto found = problem.width.least();
  REQUIRE(found);
  CHECK(found->m.upper_double() < 1e5);
  Interval needed = problem.width.at(found->m, found->omega).needed_over_allowed.bound();
  Interval mu = problem.width.at(found->m, found->omega).mu.bound();
  for (long factor = 2; factor < 1'000'000; factor *= 3) {
    const auto at = problem.width.at(found->m * factor, found->omega);
    REQUIRE(at.hold);
    CHECK(certainly_less_equal(at.needed_over_allowed.bound(), needed));
    CHECK(certainly_less_equal(mu, at.mu.bound()));
    needed = at.needed_over_allowed.bound();
    mu = at.mu.bound();
  }
  CHECK(!problem.width.at(found->m / 4, found->omega).hold);
}

TEST_CASE("networks drawn at the least width are certified one by one, with a better eigenvalue") {
  const Problem problem(two_rows(), 2, 0.7, 1.2);
  const auto found = problem.width.least();
  REQUIRE(found);
  const auto m = static_cast<Index>(found->m.approx_double());
  const auto conditions = problem.width.at(found->m, found->omega);
  int certified = 0, above = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const DrawnNeurons neurons(m, 2, problem.d, problem.sigma, seed);
    const auto sums = fast::network_sums(problem.x, neurons, {});
    REQUIRE(sums);
    const auto moments = fast::jacobian_moments(*sums, problem.x, neurons, fast::RadiusShape::gradient, {});
    REQUIRE(moments);
    const auto certificate = certify_convergence(*moments, {.e0 = Interval(problem.e0, 64)});
    certified += certificate.certified;
    above += certainly_less(conditions.mu.bound(), certificate.mu.bound());
  }
  CHECK(certified == 6);
  CHECK(above == 6);
}

TEST_CASE("for one row and one output the conditions are what pencil and paper give") {
  RealMatrix x(1, 1);
  x << 0.5;
  const double sigma = 2, e0 = 0.75, m = 2e4, omega = 2;  // sigma^2 |x|^2 = 1
  const Problem problem(x, 1, sigma, e0);
  const auto at = problem.width.at(Interval(m, kBits), Interval(omega, kBits));
  const double e = std::exp(1.0), share = 0.1 / 16, pairs = m / 2, lambda = 0.25 * e;
  const double means = 1 - std::sqrt(4 * e * std::log(1 / share) / m);
  // whitened second moment e^4; excess of the one mean, with a quarter of 4 shares
  const double variance = e - 1, fourth = std::pow(e, 6) - 4 * std::pow(e, 3) + 6 * e - 3;
  const double excess = std::min(std::sqrt(variance * (1 / share - 1) / pairs),
                                 std::pow((3 * variance * variance + fourth / pairs) / (pairs * pairs) / share, 0.25));
  const double fraction = (1 - std::sqrt(4 * std::pow(e, 4) * std::log(1 / (3 * share)) / m)) / std::pow(1 + excess, 2);
  const double average = 0.25 * e + std::sqrt((std::pow(e, 6) - e * e) / 16 / (pairs * share));
  double largest = 1e300;
  for (int k = 1; k <= 24; ++k)  // E b^{2k} = 4^-k e^{k (2k - 1)}
    largest = std::min(largest, std::pow(pairs / share, 0.5 / k) * 0.5 * std::exp((2 * k - 1) / 2.0));
  const double trace = std::pow(e, 6) / 64 / (4 * share);
  const double first = std::pow(e, 6) / 64 + std::sqrt(std::exp(28) / 256 / 16 / (pairs * 5 * share));
  const double s = omega * e0 / (m * lambda), rho = s * largest / 2, stretch = std::exp(rho);
  const double moved =
      s / means * std::min(stretch * std::sqrt(trace), std::sqrt(first) + rho * stretch * std::sqrt(trace) / 2);
  const double shifted = std::pow(stretch, 3) * s * std::pow(average, 1.5) / (means * means);
  const double mu = std::pow((std::sqrt(fraction * lambda) - moved - shifted) / stretch, 2);
  const double growth = (1 + rho) * stretch * stretch / means, most = growth * growth * average;
  const double gamma = 0.5 * (1 + rho) * 0.5 * stretch * stretch * most * largest / means;
  CHECK(at.mu.bound().approx_double() == doctest::Approx(mu).epsilon(1e-5));
  CHECK(at.radius_max.bound().approx_double() / (s * largest) == doctest::Approx(1).epsilon(1e-6));
  CHECK(at.needed_over_allowed.bound().approx_double() ==
        doctest::Approx(growth * lambda / (0.99 * omega * mu)).epsilon(1e-5));
  const double step = std::min(1 / (m * most), mu / (100 * gamma * e0));
  CHECK(at.largest_step.bound().approx_double() / step == doctest::Approx(1).epsilon(1e-5));
}

TEST_CASE("for two rows mu is what moments by their definition give, where the first order counts") {
  const double sigma = 0.7, m = 1e14, omega = 2, pairs = m / 2, share = 0.1 / 16;
  const Index n = 2, d = 2;
  const auto at = [&](const Problem& problem) { return problem.width.at(Interval(m, kBits), Interval(omega, kBits)); };
  const double unit = at(Problem(two_rows(), d, sigma, 1)).radius_max.bound().approx_double();
  const Problem problem(two_rows(), d, sigma, 0.2 / unit);  // labels so large that the ball is felt
  const RealMatrix gram = problem.x * problem.x.transpose();
  double mean = 0, second = 0, weighted = 0, eighth = 0;
  Eigen::MatrixXd first(n, n);
  first.setZero();
  for (Index p = 0; p < n; ++p) {
    mean += 2 * gram(p, p) * moment(problem.x, sigma, {p, p});
    eighth += 16 * std::pow(gram.trace(), 3) * gram(p, p) * moment(problem.x, sigma, {p, p, p, p, p, p, p, p});
    for (Index i = 0; i < n; ++i) {
      const double term = 4 * gram(p, p) * gram(i, i) * moment(problem.x, sigma, {p, p, i, i});
      second += term;
      weighted += term * gram(i, i) / (4 * share);
      for (Index j = 0; j < n; ++j)
        first(i, j) += 2 * gram(p, p) * gram(i, j) * gram(i, j) * moment(problem.x, sigma, {p, p, i, j});
    }
  }
  const double norm = std::sqrt(gram.diagonal().maxCoeff());
  const double order =
      approx_eigenvalues(first).maxCoeff() + std::sqrt(eighth * std::pow(norm, 4) / (pairs * 5 * share));
  const double average = mean + std::sqrt((second - mean * mean) / (pairs * share));
  const Interval width(m, kBits), delta(share, kBits);
  const double means = 1 - problem.concentration.upper_deficit_of_means(width, delta).approx_double();
  const double lambda = problem.lambda.approx_double(),
               kept = problem.concentration.lower_fraction(width, 4 * delta).bound().approx_double();
  const double s = omega * problem.e0 / (m * lambda), rho = 0.2 * norm, stretch = std::exp(rho);
  const double by_trace = stretch * std::sqrt(weighted),
               by_order = std::sqrt(order) + rho * stretch * std::sqrt(weighted) / 2;
  REQUIRE(by_order < by_trace);
  const double shifted = std::pow(stretch, 3) * s * average * std::sqrt(average / 2) / (means * means);
  const double mu = std::pow((std::sqrt(kept * lambda) - s / means * by_order - shifted) / stretch, 2);
  CHECK(at(problem).mu.bound().approx_double() == doctest::Approx(mu).epsilon(1e-6));
}

TEST_CASE("a bound of the largest b is kept by drawn networks") {
  const Problem problem(two_rows(), 2, 0.7, 1.2);
  const auto at = problem.width.at(Interval(1 << 16, kBits), Interval(2, kBits));
  REQUIRE(at.radius_max.is_finite());
  const double s = 2 * problem.e0 / ((1 << 16) * problem.lambda.approx_double());
  double weights[2];
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    double largest = 0;
    for (std::uint64_t pair = 0; pair < 1U << 15; ++pair) {
      draw_pair_weights(seed, problem.sigma, pair, weights);
      double b = 0;
      for (Index i = 0; i < 2; ++i) {
        const double square = problem.x.row(i).squaredNorm();
        const double logit = problem.x(i, 0) * weights[0] + problem.x(i, 1) * weights[1];
        b += 2 * square * std::exp(2 * logit - problem.sigma * problem.sigma * square);
      }
      largest = std::max(largest, std::sqrt(b));
    }
    CHECK(s * largest <= at.radius_max.bound().upper_double());
  }
}

TEST_CASE("no width is enough where the limit is singular") {
  RealMatrix x(2, 2);
  x << 0.5, 0.5, 0.5, 0.5;
  const Problem problem(x, 2, 1, 1);
  CHECK(!problem.width.at(Interval(1e12, kBits), Interval(2, kBits)).hold);
  CHECK(!problem.width.least());
}

}  // namespace
}  // namespace assay
