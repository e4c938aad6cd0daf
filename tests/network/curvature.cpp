#include "network/curvature.hpp"

#include <doctest/doctest.h>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "support/networks.hpp"
#include "support/plain.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 192;

/// A number with its first two derivatives along a line.
struct Jet {
  Interval value, first, second;
};
Jet operator+(const Jet& a, const Jet& b) {
  return {a.value + b.value, a.first + b.first, a.second + b.second};
}
Jet operator*(const Jet& a, const Jet& b) {
  return {a.value * b.value, a.first * b.value + a.value * b.first,
          a.second * b.value + 2 * a.first * b.first + a.value * b.second};
}
Jet inverse(const Jet& a) {
  const Interval one = 1 / a.value;
  return {one, -a.first * sqr(one), 2 * sqr(a.first) * one * sqr(one) - a.second * sqr(one)};
}
Jet exp(const Jet& a) {
  const Interval e = exp(a.value);
  return {e, e * a.first, e * (sqr(a.first) + a.second)};
}
Jet constant(double x) {
  return {Interval(x, kBits), Interval(), Interval()};
}

/// The loss at w + t u, straight from its definition.
Jet plain_loss(const Instance& instance, const RealMatrix& u) {
  Jet loss = constant(0);
  for (Index i = 0; i < instance.n(); ++i) {
    std::vector<Jet> weights;
    Jet sum = constant(0);
    for (Index r = 0; r < instance.m(); ++r) {
      Jet z = constant(0);
      for (Index k = 0; k < instance.d_in(); ++k)
        z = z +
            Jet{Interval(instance.w(r, k), kBits), Interval(u(r, k), kBits), Interval()} * constant(instance.x(i, k));
      weights.push_back(exp(z));
      sum = sum + weights.back();
    }
    for (Index l = 0; l < instance.d(); ++l) {
      Jet output = constant(0);
      for (Index r = 0; r < instance.m(); ++r)
        output = output + weights[static_cast<std::size_t>(r)] * constant(instance.a(r, l));
      const Jet e = output * inverse(sum) * constant(static_cast<double>(instance.m())) + constant(-instance.y(i, l));
      loss = loss + e * e * constant(0.5);
    }
  }
  return loss;
}

Interval squared_norm(const RealMatrix& u) {
  Interval sum;
  for (const double entry : u.reshaped()) sum += sqr(Interval(entry, kBits));
  return sum;
}

Forward forward_of(const Instance& instance) {
  return forward_pass(instance.x, instance.w, instance.a, kBits);
}

Interval curvature(const Instance& instance, const RealMatrix& u) {
  return curvature_along(forward_of(instance), instance.a, instance.x, instance.y, u);
}

Instance random_network(Random& random) {
  const Shape shape{random.integer(1, 3), random.integer(1, 3), random.integer(1, 3), 2 * random.integer(1, 4)};
  return random_instance(random, shape, random.one_of({Pairing::paired, Pairing::unpaired, Pairing::mixed}), 1.5);
}

TEST_CASE("curvature and gradient agree with automatic differentiation of the loss, and respect D2") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Instance instance = random_network(random);
    const RealMatrix u = random_matrix(random, instance.m(), instance.d_in(), 1);
    const Jet loss = plain_loss(instance, u);
    const Interval along = curvature(instance, u);
    CHECK(overlap(along, loss.second / squared_norm(u)));
    CHECK((along.upper() - along.lower()).upper_double() < 1e-30);
    const Forward at = forward_of(instance);
    CHECK(!certainly_less(along, lower_curvature(at, instance.x, instance.y).lower()));
    Interval gradient;
    for (Index r = 0; r < instance.m(); ++r)
      for (Index k = 0; k < instance.d_in(); ++k) {
        RealMatrix unit = RealMatrix::Zero(instance.m(), instance.d_in());
        unit(r, k) = 1;
        gradient += sqr(plain_loss(instance, unit).first);
      }
    const Interval ours = squared_gradient(at, instance.a, instance.x, instance.y);
    CHECK(overlap(ours, gradient));
    CHECK((ours.upper() - ours.lower()).upper_double() < 1e-30);
  }
}

TEST_CASE("D2 is reached by one neuron that moves") {
  // One sample and one output: every factor of the bound counts.
  Random random(2);
  for (int repeat = 0; repeat < 20; ++repeat) {
    Instance instance = random_instance(random, {1, 1, 1, 2}, Pairing::unpaired, 3);
    instance.x(0, 0) = 0.5;
    instance.a << 1, -1;
    instance.y(0, 0) = random.one_in(2) ? 1 : -1;
    const Forward at = forward_of(instance);
    const double bound = lower_curvature(at, instance.x, instance.y).lower_double();
    const double e = residual(at, instance.y)(0, 0).approx_double(), p = at.p(0, 0).approx_double();
    const double largest = std::max(at.q(0, 0).approx_double(), at.q(0, 1).approx_double());
    CHECK(bound == doctest::Approx(-std::abs(e) * (1 + std::abs(p)) * largest * 0.25));
  }
}

TEST_CASE("the direction of lowest curvature is near the lowest eigenvector of the Hessian") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Instance instance =
        random_instance(random, {2, 3, 2, 6}, seed % 2 == 0 ? Pairing::paired : Pairing::mixed, 1);
    const Index size = instance.w.size();
    const auto form = [&](const RealMatrix& u) { return plain_loss(instance, u).second.approx_double(); };
    const auto unit = [&](Index k) {
      RealMatrix u = RealMatrix::Zero(instance.m(), instance.d_in());
      u.data()[k] = 1;
      return u;
    };
    Eigen::MatrixXd hessian(size, size);
    for (Index a = 0; a < size; ++a)
      for (Index b = 0; b < size; ++b) hessian(a, b) = (form(unit(a) + unit(b)) - form(unit(a) - unit(b))) / 4;
    const double lowest = approx_eigenvalues(hessian)(0);
    const double found = curvature(instance, approx_lowest_curvature(instance)).approx_double();
    CHECK(found == doctest::Approx(lowest).epsilon(1e-2));
  }
}

TEST_CASE("a direction of another shape, or none") {
  Random random(5);
  const Instance instance = random_instance(random, {2, 2, 1, 4}, Pairing::paired, 1);
  CHECK_THROWS_AS(curvature(instance, RealMatrix::Ones(4, 3)), std::invalid_argument);
  CHECK_THROWS_AS(curvature(instance, RealMatrix::Ones(3, 2)), std::invalid_argument);
  CHECK_THROWS_AS(curvature(instance, RealMatrix::Zero(4, 2)), std::invalid_argument);
}

}  // namespace
}  // namespace assay
