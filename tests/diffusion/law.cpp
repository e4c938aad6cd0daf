#include "diffusion/law.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "diffusion/expansion.hpp"
#include "laws.hpp"

namespace assay {
namespace {

constexpr Bits kTruthBits = 600;

/// A random question: law, process, time and point; now and then far out or at the border between two components.
struct Question {
  DataLaw law;
  Process process;
  double t;
  std::vector<double> x;

  static Question random(std::uint64_t seed) {
    Random random(seed);
    const Index d = random.integer(1, 4), count = random.integer(1, 5);
    DataLaw law = random_law(random, count, d);
    std::vector<Process> processes = all_processes();
    const Process process = processes[static_cast<std::size_t>(random.integer(0, 5))];
    const double t = random_time(random), reach = random.one_of<double>({1, 1, 30});
    std::vector<double> x;
    const Index k = random.integer(0, count - 1), l = random.integer(0, count - 1);
    const bool border = random.one_in(3);
    for (Index j = 0; j < d; ++j)
      x.push_back(border ? (law.centers(k, j) + law.centers(l, j)) / 2 : random.between(-reach, reach));
    return {law, process, t, x};
  }
  NoisedLaw at(Bits bits) const { return NoisedLaw(law, process, Interval(t, bits)); }
  BruteForce brute() const {
    const Interval alpha = plain_alpha(process, Interval(t, kTruthBits));
    return brute_force(law, alpha, 1 - sqr(alpha), exact_point(x, kTruthBits));
  }
};

TEST_CASE("density, posterior mean and covariance contain Bayes' rule by brute force") {
  for (std::uint64_t seed = 1; seed <= random_cases(150); ++seed) {
    CAPTURE(seed);
    const Question question = Question::random(seed);
    const BruteForce bayes = question.brute();
    for (const Bits bits : {53, 200}) {
      const NoisedLaw law = question.at(bits);
      const IntervalVector x = exact_point(question.x, bits), mean = law.posterior_mean(x);
      // Far out at small t the direct quotient itself loses digits, though never the truth: hence `overlap` there.
      REQUIRE(overlap(law.log_density(x), log(bayes.density)));
      REQUIRE(overlap(law.density(x), bayes.density));
      const IntervalMatrix covariance = law.posterior_covariance(x);
      for (Index i = 0; i < law.dimension(); ++i) {
        const auto k = static_cast<std::size_t>(i);
        REQUIRE(overlap(mean[k], bayes.mean[k]));
        for (Index j = 0; j < law.dimension(); ++j) REQUIRE(overlap(covariance(i, j), bayes.covariance(i, j)));
      }
    }
  }
}

TEST_CASE("at 200 bits points cost only rounding, however small the time") {
  for (std::uint64_t seed = 1; seed <= random_cases(100); ++seed) {
    CAPTURE(seed);
    const Question question = Question::random(seed);
    const NoisedLaw law = question.at(200);
    const IntervalVector x = exact_point(question.x, 200);
    for (const Interval& entry : law.posterior_mean(x)) REQUIRE(entry.upper_double() - entry.lower_double() <= 1e-14);
    REQUIRE(law.log_density(x).relative_width() < 1e-20);
    const IntervalMatrix covariance = law.posterior_covariance(x);
    for (const Interval& entry : covariance.entries()) REQUIRE(entry.upper_double() - entry.lower_double() <= 1e-14);
  }
}

TEST_CASE("a wide box of points and times contains what happens inside") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    const Question question = Question::random(seed);
    Random random(seed + 1000);
    const double width = random.one_of<double>({1e-6, 1e-2, 1});
    const Interval times = Interval::between(question.t, std::min(0.995, question.t * (1 + width)), 64);
    IntervalVector box;
    for (const double entry : question.x) box.push_back(Interval::between(entry - width, entry + width / 2, 64));
    const NoisedLaw wide(question.law, question.process, times), sharp = question.at(200);
    const IntervalVector x = exact_point(question.x, 200);
    const IntervalVector mean = wide.posterior_mean(box), sharp_mean = sharp.posterior_mean(x);
    REQUIRE(wide.log_density(box).contains(sharp.log_density(x)));
    const IntervalMatrix covariance = wide.posterior_covariance(box), sharp_covariance = sharp.posterior_covariance(x);
    for (std::size_t k = 0; k < mean.size(); ++k) REQUIRE(mean[k].contains(sharp_mean[k]));
    for (std::size_t k = 0; k < covariance.entries().size(); ++k)
      REQUIRE(covariance.entries()[k].contains(sharp_covariance.entries()[k]));
  }
}

/// (f(x + e_j step) - f(x - e_j step)) / (2 step) at high precision.
template <class Function>
Interval difference_quotient(Function f, const IntervalVector& x, std::size_t j, const Interval& step) {
  IntervalVector up = x, down = x;
  up[j] += step;
  down[j] -= step;
  return (f(up) - f(down)) / (step * 2);
}

TEST_CASE("the score is the gradient of log p_t, the covariance the Jacobian of f_* times h / alpha") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    const Question question = Question::random(seed);
    const NoisedLaw law = question.at(kTruthBits);
    const IntervalVector x = exact_point(question.x, kTruthBits), score = law.score(x);
    const IntervalMatrix covariance = law.posterior_covariance(x);
    // Third derivatives of log p_t are below (1 + |x| / h)^3 or so: 1e37^3 step^2 is nothing at this step.
    const Interval step = power(Interval(2, kTruthBits), Interval(-250, kTruthBits));
    const auto close = [](const Interval& a, const Interval& b) {
      const Interval gap = abs(a - b), scale = 1 + abs(a);
      return certainly_less(gap, scale * Interval(1e-25, 53));
    };
    for (std::size_t j = 0; j < x.size(); ++j) {
      const auto log_density = [&](const IntervalVector& at) { return law.log_density(at); };
      REQUIRE(close(score[j], difference_quotient(log_density, x, j, step)));
      for (std::size_t i = 0; i < x.size(); ++i) {
        const auto entry = [&](const IntervalVector& at) { return law.posterior_mean(at)[i]; };
        const Interval jacobian = difference_quotient(entry, x, j, step) * law.h() / law.alpha();
        REQUIRE(close(covariance(static_cast<Index>(i), static_cast<Index>(j)), jacobian));
      }
    }
  }
}

TEST_CASE("on the line, expansions give the derivatives that score and covariance name") {
  for (std::uint64_t seed = 1; seed <= random_cases(80); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const DataLaw law = random_law(random, random.integer(1, 4), 1);
    std::vector<Process> processes = all_processes();
    const Process& process = processes[static_cast<std::size_t>(random.integer(0, 5))];
    const Interval t(random.between(0.05, 0.95), 200), x(random.between(-1.5, 1.5), 200);
    const LawExpansion expansion = expand(law, process, Jet::t(t, 3), Jet::x(x, 3));
    const NoisedLaw at(law, process, t);
    const IntervalVector point{x};
    REQUIRE(overlap(expansion.density.value(), at.density(point)));
    REQUIRE(overlap(expansion.posterior_mean.value(), at.posterior_mean(point)[0]));
    const Interval log_slope = log(expansion.density).coefficient(0, 1);
    REQUIRE(overlap(log_slope, at.score(point)[0]));
    REQUIRE(log_slope.relative_width() < 1e-40);
    const Interval variance = expansion.posterior_mean.coefficient(0, 1) * at.h() / at.alpha();
    REQUIRE(overlap(variance, at.posterior_covariance(point)(0, 0)));
    // Fokker-Planck: dp/dt = g/2 ((x p)' + p'').
    const Jet& p = expansion.density;
    const Interval drift = p.value() + x * p.coefficient(0, 1) + p.coefficient(0, 2) * 2;
    REQUIRE(overlap(p.coefficient(1, 0), process.g(t) * drift / 2));
    REQUIRE(abs(p.coefficient(1, 0)).upper_double() < 1e3);
  }
}

TEST_CASE("two points: the posterior mean is a hyperbolic tangent") {
  RealMatrix points(2, 1);
  points << -0.5, 0.5;
  const DataLaw law = uniform_on_rows(points);
  const Process process = Process::constant(Decimal("2"));
  for (const double t : {0x1p-40, 0x1p-10, 0.25, 3.0}) {
    for (const double x : {-2.0, -0x1p-30, 0.0, 0x1p-12, 0.125, 1.0}) {
      const NoisedLaw at(law, process, Interval(t, 128));
      const Interval expected = tanh(at.alpha() * Interval(x, 128) / (at.h() * 2)) / 2;
      const Interval mean = at.posterior_mean(exact_point({&x, 1}, 128))[0];
      CHECK(overlap(mean, expected));
      CHECK(overlap(at.posterior_covariance(exact_point({&x, 1}, 128))(0, 0), (1 - sqr(expected * 2)) / 4));
    }
  }
}

TEST_CASE("weights sum to one, and a lone component has weight one") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Question question = Question::random(seed);
    Interval sum;
    for (const Interval& weight : question.at(128).posterior_weights(exact_point(question.x, 128))) {
      REQUIRE(certainly_nonnegative(weight));
      sum += weight;
    }
    REQUIRE(sum.contains(1.0));
    REQUIRE(sum.relative_width() < 1e-15);
  }
}

TEST_CASE("laws, times and points without a meaning are refused") {
  const RealMatrix points = RealMatrix::Ones(2, 3);
  const Process process = Process::constant(Decimal("2"));
  CHECK_THROWS_AS(uniform_on_rows(RealMatrix(0, 3)), std::invalid_argument);
  CHECK_THROWS_AS(finite_support(points, {Decimal("1")}), std::invalid_argument);
  CHECK_THROWS_AS(finite_support(points, {Decimal("1"), Decimal("0")}), std::invalid_argument);
  CHECK_THROWS_AS(finite_support(points * NAN, {Decimal("1"), Decimal("1")}), std::invalid_argument);
  CHECK_THROWS_AS(gaussian_mixture(points, -points, {Decimal("1"), Decimal("1")}), std::invalid_argument);
  CHECK_THROWS_AS(gaussian_mixture(points, RealMatrix::Ones(2, 2), {Decimal("1"), Decimal("1")}),
                  std::invalid_argument);
  const DataLaw law = uniform_on_rows(points);
  CHECK_THROWS_AS(NoisedLaw(law, process, Interval(0.0, 64)), std::invalid_argument);
  const NoisedLaw at(law, process, Interval(1.0, 64));
  CHECK_THROWS_AS(at.posterior_mean(IntervalVector(2)), std::invalid_argument);
  CHECK_THROWS_AS(expand(law, process, Jet::t(Interval(1.0, 64), 1), Jet::x(Interval(1.0, 64), 1)),
                  std::invalid_argument);
}

}  // namespace
}  // namespace assay
