#pragma once

// Laws, processes and times for the tests of diffusion/, and Bayes' rule by brute force.

#include <vector>

#include "diffusion/law.hpp"
#include "support/random_cases.hpp"

namespace assay {

inline std::vector<Process> all_processes() {
  return {Process::constant(Decimal("2")),
          Process::constant(Decimal("1/3")),
          Process::linear(Decimal("0.1"), Decimal("20")),
          Process::linear(Decimal("3"), Decimal("0")),
          Process::cosine(Decimal("0.008")),
          Process::cosine(Decimal("0"))};
}

inline RealMatrix random_matrix(Random& random, Index rows, Index cols, double lo, double hi) {
  RealMatrix result(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) result(i, j) = random.between(lo, hi);
  return result;
}

/// Points, or Gaussians of one or of many deviations, with weights 1, 2, ...
inline DataLaw random_law(Random& random, Index components, Index d) {
  const RealMatrix centers = random_matrix(random, components, d, -1, 1);
  std::vector<Decimal> weights;
  for (Index k = 0; k < components; ++k) weights.emplace_back(std::to_string(k + 1) + "/7");
  switch (random.integer(0, 2)) {
    case 0:
      return finite_support(centers, weights);
    case 1:
      return gaussian_mixture(centers, RealMatrix::Constant(components, d, 0.25), weights);
    default:
      return gaussian_mixture(centers, random_matrix(random, components, d, 0, 0.5), weights);
  }
}

/// N(mu, diag(c)^2) convolved with the kernel of the process, and what follows from Bayes' rule, as quotients of sums
/// of densities: no shift, no pairing, no log.
struct BruteForce {
  Interval density;
  IntervalVector mean;
  IntervalMatrix covariance;
};

inline BruteForce brute_force(const DataLaw& law, const Interval& alpha, const Interval& h,
                              std::span<const Interval> x) {
  const Bits bits = alpha.bits();
  const Index d = law.dimension();
  Interval total_weight;
  for (const Decimal& weight : law.weights) total_weight += weight.at(bits);
  BruteForce result{Interval(), IntervalVector(static_cast<std::size_t>(d)), IntervalMatrix(d, d)};
  for (Index k = 0; k < law.components(); ++k) {
    Interval p = law.weights[static_cast<std::size_t>(k)].at(bits) / total_weight;
    IntervalVector mean, variance;
    for (Index j = 0; j < d; ++j) {
      const Interval mu(law.centers(k, j), bits), c2 = sqr(Interval(law.deviations(k, j), bits));
      const Interval s = sqr(alpha) * c2 + h, &at = x[static_cast<std::size_t>(j)];
      p *= exp(-sqr(at - alpha * mu) / (s * 2)) / sqrt(Interval::pi(bits) * s * 2);
      mean.push_back(mu + alpha * c2 / s * (at - alpha * mu));
      variance.push_back(c2 - sqr(alpha * c2) / s);
    }
    result.density += p;
    for (Index i = 0; i < d; ++i) {
      const Interval& mi = mean[static_cast<std::size_t>(i)];
      result.mean[static_cast<std::size_t>(i)] += p * mi;
      for (Index j = 0; j < d; ++j) result.covariance(i, j) += p * mi * mean[static_cast<std::size_t>(j)];
      result.covariance(i, i) += p * variance[static_cast<std::size_t>(i)];
    }
  }
  for (Interval& entry : result.mean) entry /= result.density;
  for (Index i = 0; i < d; ++i)
    for (Index j = 0; j < d; ++j)
      result.covariance(i, j) = result.covariance(i, j) / result.density -
                                result.mean[static_cast<std::size_t>(i)] * result.mean[static_cast<std::size_t>(j)];
  return result;
}

/// alpha and h of the constant schedule g = 2 and others, from their definitions at high precision: exp and 1 - a^2.
inline Interval plain_alpha(const Process& process, const Interval& t) {
  const Bits bits = t.bits();
  const Interval first = process.first().at(bits), second = process.second().at(bits);
  switch (process.schedule()) {
    case Process::Schedule::constant:
      return exp(-first * t / 2);
    case Process::Schedule::linear:
      return exp(-first * t / 2 - (second - first) * t * t / 4);
    case Process::Schedule::cosine:
      break;
  }
  const Interval quarter = Interval::pi(bits) / 2;
  return cos(quarter * (t + first) / (first + 1)) / cos(quarter * first / (first + 1));
}

/// A time at which all processes are defined.
inline double random_time(Random& random) {
  return random.one_in(3) ? std::ldexp(random.between(0.5, 1), -static_cast<int>(random.integer(5, 60)))
                          : random.between(0.01, 0.99);
}

}  // namespace assay
