#include "chance/relu_flips.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "models/moves.hpp"
#include "models/relu.hpp"
#include "network/kernel.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 128;

Interval number(double x) {
  return Interval(x, kBits);
}

/// P(Bin(k, p) = i).
double binomial(int k, int i, double p) {
  return std::exp(std::lgamma(k + 1.0) - std::lgamma(i + 1.0) - std::lgamma(k - i + 1.0) + i * std::log(p) +
                  (k - i) * std::log1p(-p));
}

TEST_CASE("Chernoff's bound is above both tails of the binomial law, and not far above") {
  for (const int k : {1, 10, 200})
    for (const double p : {0.01, 0.3, 0.8})
      for (const double t : {0.001, 0.1, 0.3, 0.5, 0.9}) {
        double tail = 0;
        for (int i = 0; i <= k; ++i)
          if (t >= p ? i >= t * k : i <= t * k) tail += binomial(k, i, p);
        const Interval bound = binomial_tail_bound(number(k), number(p), number(t));
        CAPTURE(k);
        CAPTURE(p);
        CAPTURE(t);
        CHECK(bound.upper_double() >= tail * (1 - 1e-9));
      }
  // 2^-200 for 200 heads at p = 1/2, nearly.
  CHECK(log(binomial_tail_bound(number(200), number(0.5), number(0.999))).approx_double() < -190 * std::log(2.0));
}

TEST_CASE("a neuron is within reach with the probability of the strip") {
  CHECK(flip_probability(number(1), number(1)).approx_double() == doctest::Approx(0.682689492137085897));
  CHECK(flip_probability(number(2), number(2)).approx_double() == doctest::Approx(0.682689492137085897));
  // Never more than the width of the strip times the density at 0.
  for (const double radius : {1e-9, 1e-3, 0.1, 1.0})
    CHECK(certainly_less_equal(flip_probability(number(radius), number(0.5)),
                               4 * number(radius) / sqrt(2 * Interval::pi(kBits))));
}

IntervalMatrix gram_of(const RealMatrix& x) {
  return input_gram(x, kBits);
}

/// P(max(on, off) > b / |x|^2 of k pairs) for one sample, by summation: a pair can be switched off with probability
/// p, on with probability p.
double exact_for_one_sample(int k, double p, double fraction) {
  double within = 0;
  for (int off = 0; off <= fraction * k; ++off)
    for (int on = 0; on <= fraction * k && off + on <= k; ++on)
      within +=
          std::exp(std::lgamma(k + 1.0) - std::lgamma(off + 1.0) - std::lgamma(on + 1.0) -
                   std::lgamma(k - off - on + 1.0) + (off + on) * std::log(p) + (k - off - on) * std::log1p(-2 * p));
  return 1 - within;
}

TEST_CASE("one sample: the probability of a large change lies between the bounds") {
  const RealMatrix x{{0.5, 0.0}};
  for (const int pairs : {5, 50, 500})
    for (const double radius : {0.01, 0.1, 1.0})
      for (const double bound : {0.001, 0.01, 0.03, 0.1, 0.24, 0.3}) {
        const double p = std::erf(radius / std::sqrt(2.0)) / 2;
        const double truth = exact_for_one_sample(pairs, p, bound / 0.25);
        const Interval both = relu_change_exceeds(gram_of(x), number(1), number(radius), number(bound), number(pairs));
        CAPTURE(pairs);
        CAPTURE(radius);
        CAPTURE(bound);
        CHECK(both.lower_double() <= truth + 1e-9);
        CHECK(both.upper_double() >= truth - 1e-9);
      }
}

struct Drawn {
  double attained, proved;
};

/// The change of a drawn network: attained by an explicit W~, and the bound that no W~ exceeds.
Drawn change_of(const RealMatrix& x, double sigma, double radius, Eigen::Index m, std::uint64_t seed) {
  InstanceRequest request;
  request.n = x.rows();
  request.d_in = x.cols();
  request.d = 1;
  request.m = m;
  request.sigma = sigma;
  request.seed = seed;
  Instance instance = make_instance(request);
  instance.x = x;
  const IntervalMatrix gram = gram_of(x);
  const auto kernel_at = [&](const RealMatrix& w) {
    const ReluCounts counts = relu_counts(x, StoredNeurons(w, instance.a), Interval(0, 53), {});
    return weighted_by_counts(gram, counts.active, counts.m);
  };
  const RealMatrix far = relu().approx_worst_weights(instance, Interval(radius, 53));
  const ReluCounts counts = relu_counts(x, StoredNeurons(instance.w, instance.a), Interval(radius, 53), {});
  return {frobenius_norm(kernel_at(far) - kernel_at(instance.w)).upper_double(),
          frobenius_norm(relu_change(counts, gram).entrywise).upper_double()};
}

TEST_CASE(
    "several samples: drawn networks exceed where that is nearly certain, and do not where it is nearly excluded") {
  const RealMatrix x{{0.8, 0.5, 0.1}, {-0.3, 0.7, 0.5}, {0.1, -0.2, 0.9}};
  const double sigma = 0.5, radius = 0.03;
  const Interval pairs = number(3000);
  int excluded = 0, certain = 0;
  for (double bound = 0.002; bound < 1; bound *= 1.2) {
    const Interval both = relu_change_exceeds(gram_of(x), number(sigma), number(radius), number(bound), pairs);
    CHECK(both.lower_double() >= 0);
    CHECK(both.upper_double() <= 1);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const Drawn drawn = change_of(x, sigma, radius, 6000, seed);
      if (both.lower_double() > 0.999) CHECK(drawn.proved > bound);
      if (both.upper_double() < 0.001) CHECK(drawn.attained <= bound);
    }
    certain += both.lower_double() > 0.999;
    excluded += both.upper_double() < 0.001;
  }
  CHECK(certain > 5);
  CHECK(excluded > 5);
}

TEST_CASE("as the width grows the change settles between the two ends") {
  const RealMatrix x{{0.8, 0.5, 0.1}, {-0.3, 0.7, 0.5}, {0.0, 0.0, 0.0}};
  const Interval both = relu_change_at_infinite_width(gram_of(x), number(0.5), number(0.03));
  const Drawn drawn = change_of(x, 0.5, 0.03, 40000, 7);
  CHECK(drawn.attained < 1.05 * both.upper_double());
  CHECK(drawn.proved > 0.95 * both.lower_double());
  CHECK(both.upper_double() < 2.5 * both.lower_double());
}

TEST_CASE("two samples at an angle of 60 degrees: the two ends are the formulas") {
  IntervalMatrix gram(2, 2);
  gram(0, 0) = gram(1, 1) = number(1);
  gram(0, 1) = gram(1, 0) = number(0.5);
  const double reach = 0.04, p = std::erf(reach / std::sqrt(2.0)) / 2;
  const double strips = reach * reach / (std::acos(-1.0) * std::sqrt(0.75)), alone = p - strips,
               beside = p / 2 - strips;
  const Interval both = relu_change_at_infinite_width(gram, number(0.5), number(reach / 2));
  CHECK(both.upper_double() == doctest::Approx(2 * p));
  CHECK(both.lower_double() == doctest::Approx(std::sqrt(2 * alone * alone + 0.5 * 4 * beside * beside)));
}

TEST_CASE("inputs that are all 0 never change, and are not claimed to") {
  const Interval both = relu_change_exceeds(gram_of(RealMatrix{{0.0}}), number(1), number(0.1), number(0.1), number(5));
  CHECK(both.lower_double() <= 0);
}

}  // namespace
}  // namespace assay
