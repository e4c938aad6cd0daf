#include "network/ball_eigenvalue.hpp"

#include <doctest/doctest.h>

#include "enclosure/eigenvalue.hpp"
#include "network/search/eigenvalue_adversary.hpp"
#include "support/networks.hpp"
#include "support/plain.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 192;

struct Case {
  Instance instance;
  IntervalMatrix gram;
  BallKernel kernel;
};

Case make_case(const Instance& instance) {
  const IntervalMatrix gram = input_gram(instance.x, kBits);
  return {instance, gram, ball_kernel(instance, gram, kBits)};
}

Case random_case(Random& random) {
  const Shape shape{random.integer(1, 3), random.integer(1, 3), random.integer(1, 2), 2 * random.integer(1, 3)};
  const Pairing pairing = random.one_of({Pairing::paired, Pairing::unpaired, Pairing::mixed});
  return make_case(random_instance(random, shape, pairing, random.between(0.1, 2)));
}

IntervalVector equal_radii(Index m, double radius) {
  return IntervalVector(static_cast<std::size_t>(m), Interval(radius, 64));
}

/// Points of the ball: random ones, and corners along +-x_i, with the same sign everywhere or with signs of their own.
RealMatrix point_of_ball(Random& random, const Instance& instance, double radius) {
  RealMatrix direction = random_directions(random, instance.m(), instance.d_in());
  const Eigen::RowVectorXd x = instance.x.row(random.integer(0, instance.n() - 1));
  const long kind = random.integer(0, 3);
  if (kind > 0 && x.norm() > 0)
    for (Index r = 0; r < instance.m(); ++r) {
      const double sign = kind == 1 ? 1 : kind == 2 ? -1 : instance.a(r, 0);
      direction.row(r) = sign * x / x.norm();
    }
  return moved(instance.w, direction, equal_radii(instance.m(), radius));
}

IntervalMatrix plain_kernel(const Instance& instance, const RealMatrix& w) {
  const IntervalMatrix g = plain_g(instance, w, kBits);
  return plain_product(instance, g, g, kBits);
}

Interval quadratic_form(const IntervalMatrix& a, const IntervalVector& v) {
  Interval sum;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      sum += v[static_cast<std::size_t>(i)] * a(i, j) * v[static_cast<std::size_t>(j)];
  return sum;
}

/// Z_i = sum_r S_{i,r} exp(<w~_r - w_r, x_i>) = (sum_r e^{z~}) / (sum_r e^z).
IntervalVector partition_ratios(const Instance& instance, const RealMatrix& w_tilde) {
  const auto partition = [&](const RealMatrix& w, Index i) {
    Interval sum;
    for (Index r = 0; r < w.rows(); ++r) {
      Interval z = Interval::from_integer(0, kBits);
      for (Index k = 0; k < w.cols(); ++k) z.add_product(w(r, k), instance.x(i, k));
      sum += exp(z);
    }
    return sum;
  };
  IntervalVector ratios;
  for (Index i = 0; i < instance.n(); ++i) ratios.push_back(partition(w_tilde, i) / partition(instance.w, i));
  return ratios;
}

/// The vector (v / Z, -t) of the proof, t_i = sum_l (p~ - p)_{l,i} v_{l,i} / Z_i; without t for a paired network.
IntervalVector substituted(const Case& test, const RealMatrix& w_tilde, const IntervalVector& v) {
  const Index n = test.instance.n(), d = test.instance.d();
  const IntervalVector ratios = partition_ratios(test.instance, w_tilde);
  const IntervalMatrix p = plain_p(test.instance, plain_q(test.instance, test.instance.w, kBits));
  const IntervalMatrix p_tilde = plain_p(test.instance, plain_q(test.instance, w_tilde, kBits));
  IntervalVector z = v;
  for (Index i = 0; i < n; ++i) {
    Interval t;
    for (Index l = 0; l < d; ++l) {
      Interval& entry = z[static_cast<std::size_t>(l * n + i)];
      entry /= ratios[static_cast<std::size_t>(i)];
      t += (p_tilde(l, i) - p(l, i)) * entry;
    }
    if (test.kernel.extended()) z.push_back(-t);
  }
  return z;
}

/// What the proof says of every vector v: v' H(W~) v >= z' M z + s |v|^2. Checked without any eigenvalue, so that a
/// wrong term of M shows however small its share of the bound is.
void check_inequality(Random& random, const Case& test, const RealMatrix& w_tilde, double radius) {
  const Interval s(random.one_of({0.0, 0.3, 100.0}), kBits);
  const BallMultipliers multipliers{random.between(0.02, 0.98), random.one_of({0.0, 0.1, 100.0})};
  const IntervalMatrix m = ball_matrix(test.kernel, s, Interval(radius, 64), multipliers, kBits);
  const IntervalMatrix h = plain_kernel(test.instance, w_tilde);
  IntervalVector v;
  Interval squared;
  const bool equal_entries = random.one_in(3);
  for (Index u = 0; u < h.rows(); ++u) {
    v.push_back(Interval(equal_entries ? 1 : random.between(-1, 1), kBits));
    squared += sqr(v.back());
  }
  const Interval below = quadratic_form(m, substituted(test, w_tilde, v)) + s * squared;
  CHECK(!certainly_less(quadratic_form(h, v), below));
}

TEST_CASE("v' H(W~) v is at least what the matrix of the ball says, for every vector") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Case test = random_case(random);
    const double radius = random.one_of({0.001, 0.05, 0.5});
    check_inequality(random, test, point_of_ball(random, test.instance, radius), radius);
  }
}

TEST_CASE("one sample and one output reach the inequality: no factor of it is too small") {
  // All neurons move by R along x, the kernel does not move, Z = e^rho.
  Random random(3);
  Instance instance = random_instance(random, {1, 2, 2, 4}, Pairing::unpaired, 1);
  const Case test = make_case(instance);
  const double radius = 0.25;
  const RealMatrix direction = (instance.x / instance.x.norm()).replicate(instance.m(), 1);
  const RealMatrix outward = moved(instance.w, direction, equal_radii(instance.m(), radius));
  for (int repeat = 0; repeat < 40; ++repeat) check_inequality(random, test, outward, radius);
  // B B' = h and E E' = the lost part exactly, so (1 - tau) B B' - (1/tau - 1) E E' is M at s = 0, mu = 0.
  const BallMultipliers multipliers{0.4, 0};
  const IntervalMatrix m = ball_matrix(test.kernel, Interval(), Interval(radius, 64), multipliers, kBits);
  const Interval rho = Interval(radius, kBits) * sqrt(test.gram(0, 0)), weight(0.4, kBits);
  const Interval factor = 1 - weight - (1 - weight) / weight * sqr(expm1(rho));
  for (Index row = 0; row < m.rows(); ++row)
    for (Index column = 0; column < m.cols(); ++column) {
      const Interval difference = m(row, column) - factor * test.kernel.h(row, column);
      CHECK(abs(difference).upper_double() < 1e-14);  // kappa is a double near |x|
    }
}

TEST_CASE("the neglected mean: outputs all of one sign move p~ by as much as the price of t allows") {
  Instance instance;
  instance.x = RealMatrix::Ones(1, 1);
  instance.y = RealMatrix::Zero(1, 2);
  instance.w = RealMatrix::Zero(2, 1);
  instance.a = SignMatrix(2, 2);
  instance.a << 1, 1, -1, -1;
  instance.w(1, 0) = -0x1p-60;  // all but paired
  const Case test = make_case(instance);
  REQUIRE(test.kernel.extended());
  const double radius = 0x1p-10;
  RealMatrix apart = instance.w;
  apart << radius, -radius;
  const BallMultipliers multipliers{0.5, 1e8};
  const IntervalMatrix m = ball_matrix(test.kernel, Interval(), Interval(radius, 64), multipliers, kBits);
  const IntervalVector v{Interval(1, kBits), Interval(1, kBits)};
  CHECK(!certainly_less(quadratic_form(plain_kernel(instance, apart), v),
                        quadratic_form(m, substituted(test, apart, v))));
  CHECK(certainly_less(quadratic_form(m, IntervalVector{v[0], v[1], Interval()}), Interval(-90, 64)));
}

TEST_CASE("what is proved over a ball holds at random, extreme and adversarial points of it") {
  int proved = 0;
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    Random random(1000 + seed);
    const Case test = random_case(random);
    const double radius = random.one_of({0.01, 0.05, 0.1});
    const ApproxBallBound bound = approx_ball_bound(test.kernel, radius);
    const Interval s(bound.s * (1 - 1e-9), kBits);
    if (!(bound.s > 0) || !certainly_keeps(test.kernel, s, Interval(radius, 64), bound.multipliers, kBits)) continue;
    ++proved;
    RealMatrix bad = approx_lowering_weights(test.instance, bound.s, {2, 10, 1, seed}).w_tilde;
    for (Index r = 0; r < bad.rows(); ++r) {
      const Eigen::RowVectorXd step = bad.row(r) - test.instance.w.row(r);
      bad.row(r) = step / std::max(step.norm(), 1e-300);
    }
    for (const RealMatrix& w :
         {point_of_ball(random, test.instance, radius), point_of_ball(random, test.instance, radius),
          moved(test.instance.w, bad, equal_radii(test.instance.m(), radius))})
      CHECK(!certainly_less(enclose_lambda_min(plain_kernel(test.instance, w), 1e-6, kBits), s));
  }
  CHECK(proved > 20);
}

TEST_CASE("at radius 0 nothing is lost, and more than lambda is never proved") {
  for (const Pairing pairing : {Pairing::paired, Pairing::unpaired}) {
    Random random(8);
    const Case test = make_case(random_instance(random, {3, 4, 2, 12}, pairing, 1));
    const Interval lambda = enclose_lambda_min(plain_kernel(test.instance, test.instance.w), 0, kBits);
    const Interval none = Interval::from_integer(0, 64);
    const BallMultipliers multipliers{0x1p-30, pairing == Pairing::paired ? 0 : 0x1p60};
    CHECK(certainly_keeps(test.kernel, lambda.lower() * Interval(1 - 0x1p-20, 64), none, multipliers, kBits));
    CHECK(!certainly_keeps(test.kernel, lambda.upper() * Interval(1 + 0x1p-20, 64), none, multipliers, kBits));
    for (const double radius : {0.01, 0.1, 0.3}) {
      const ApproxBallBound bound = approx_ball_bound(test.kernel, radius);
      CHECK(bound.s < lambda.upper_double());
      CHECK(!certainly_keeps(test.kernel, lambda.upper(), Interval(radius, 64), bound.multipliers, kBits));
    }
  }
}

TEST_CASE("the guessed radius is certified, and both guesses agree") {
  Random random(12);
  for (const Pairing pairing : {Pairing::paired, Pairing::unpaired}) {
    const Case test = make_case(random_instance(random, {3, 4, 2, 24}, pairing, 1));
    const Interval half = (enclose_lambda_min(test.kernel.h, 0, kBits) / 2).upper();
    const ApproxBallRadius guess = approx_ball_radius(test.kernel, half);
    CHECK(guess.radius > 0.01);
    CHECK(certainly_keeps(test.kernel, half, Interval(guess.radius, 64), guess.multipliers, kBits));
    const ApproxBallRadius tried = approx_ball_radius_from_certificates(test.kernel, half, 64);
    CHECK(tried.radius > 0.5 * guess.radius);
    CHECK(tried.radius < 1.05 * guess.radius);
  }
}

TEST_CASE("the kernel of the further output is the sum of its definition") {
  Random random(4);
  const Case test = make_case(random_instance(random, {3, 2, 2, 6}, Pairing::unpaired, 1));
  const IntervalMatrix g = plain_g(test.instance, test.instance.w, kBits);
  const IntervalMatrix q = plain_q(test.instance, test.instance.w, kBits);
  const IntervalMatrix own = plain_product(test.instance, g, g, kBits),
                       mixed = plain_product(test.instance, q, g, kBits);
  const IntervalMatrix further = plain_product(test.instance, q, q, kBits);
  REQUIRE(test.kernel.h.rows() == 9);
  for (Index row = 0; row < 9; ++row)
    for (Index column = 0; column <= row; ++column) {
      const Interval expected = row < 6      ? own(row, column)
                                : column < 6 ? mixed(row - 6, column)
                                             : further(row - 6, column - 6);
      CHECK(overlap(test.kernel.h(row, column), expected));
      CHECK(expected.relative_width() < 1e-30);
    }
}

TEST_CASE("unusable arguments of the ball's matrix") {
  Random random(5);
  const Case test = make_case(random_instance(random, {2, 2, 1, 4}, Pairing::paired, 1));
  const Interval radius(0.1, 64), one(1, 64);
  CHECK_THROWS_AS(ball_matrix(test.kernel, one, Interval(-0.1, 64), {}, 64), std::invalid_argument);
  CHECK_THROWS_AS(ball_matrix(test.kernel, one, Interval::whole_line(64), {}, 64), std::invalid_argument);
  CHECK_THROWS_AS(ball_matrix(test.kernel, one, radius, {0, 0}, 64), std::invalid_argument);
  CHECK_THROWS_AS(ball_matrix(test.kernel, one, radius, {1, 0}, 64), std::invalid_argument);
  CHECK_THROWS_AS(ball_matrix(test.kernel, one, radius, {0.5, -1}, 64), std::invalid_argument);
}

TEST_CASE("the gradient of the smallest eigenvalue agrees with central differences, from either source") {
  Random random(9);
  const Instance instance = random_instance(random, {3, 3, 2, 8}, Pairing::mixed, 1);
  const ApproxLeastEigenvalue from_kernel = approx_least_eigenvalue(instance, instance.w, false);
  const ApproxLeastEigenvalue from_jacobian = approx_least_eigenvalue(instance, instance.w, true);
  CHECK(from_kernel.value == doctest::Approx(from_jacobian.value));
  CHECK((from_kernel.gradient - from_jacobian.gradient).norm() < 1e-8 * from_kernel.gradient.norm());
  for (Index r = 0; r < instance.m(); ++r)
    for (Index k = 0; k < instance.d_in(); ++k) {
      RealMatrix up = instance.w, down = instance.w;
      up(r, k) += 1e-5, down(r, k) -= 1e-5;
      const double slope =
          (approx_least_eigenvalue(instance, up, false).value - approx_least_eigenvalue(instance, down, false).value) /
          2e-5;
      CHECK(from_kernel.gradient(r, k) == doctest::Approx(slope).epsilon(1e-5).scale(from_kernel.gradient.norm()));
    }
}

TEST_CASE("the adversary halves the smallest eigenvalue not far away") {
  Random random(14);
  const Instance instance = random_instance(random, {3, 4, 2, 24}, Pairing::paired, 1);
  const double lambda = approx_least_eigenvalue(instance, instance.w, false).value;
  const LowEigenvalue low = approx_lowering_weights(instance, lambda / 2, {});
  REQUIRE(low.found);
  CHECK(approx_least_eigenvalue(instance, low.w_tilde, false).value < lambda / 2);
  CHECK((low.w_tilde - instance.w).rowwise().norm().maxCoeff() == doctest::Approx(low.approx_radius));
  // Going straight along the first gradient needs a longer way.
  RealMatrix straight = -approx_least_eigenvalue(instance, instance.w, false).gradient;
  straight.rowwise().normalize();
  CHECK(approx_least_eigenvalue(instance, instance.w + 0.95 * low.approx_radius * straight, false).value > lambda / 2);
}

}  // namespace
}  // namespace assay
