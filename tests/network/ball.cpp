#include "network/ball.hpp"

#include <doctest/doctest.h>

#include "enclosure/eigenvalue.hpp"
#include "support/balls.hpp"
#include "support/exact.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 192;

/// Nothing that D0 and D1 say of every point of the ball is certainly false at this one.
void check_member(const NetworkBall& ball, const RealMatrix& w_tilde) {
  const Instance& instance = ball.instance;
  for (Index r = 0; r < instance.m(); ++r)
    REQUIRE(certainly_inside(w_tilde, instance.w, r, ball.own_radius[static_cast<std::size_t>(r)]));
  const Forward there = forward_pass(instance.x, w_tilde, instance.a, kBits, 1, false);
  const auto& column_of = ball.at.neurons.column_of;
  for (Index i = 0; i < instance.n(); ++i) {
    for (Index r = 0; r < instance.m(); ++r) {
      const Index c = column_of[static_cast<std::size_t>(r)];
      const Interval &q = there.q(i, r), &center = ball.at.q(i, c);
      REQUIRE_FALSE(certainly_less(ball.ranges.q_high(i, c).upper(), q));
      REQUIRE_FALSE(certainly_less(q, ball.ranges.q_low(i, c).lower()));
      REQUIRE_FALSE(certainly_less(ball.ranges.delta_q(i, c), abs(q - center)));
    }
    for (Index l = 0; l < instance.d(); ++l) {
      REQUIRE(overlap(there.p(l, i), ball.ranges.p(l, i)));
      REQUIRE_FALSE(certainly_less(ball.ranges.delta_p(l, i), abs(there.p(l, i) - ball.at.p(l, i))));
    }
  }
  const IntervalMatrix change = kernel(there, ball.gram) - kernel(ball.at, ball.gram);
  for (Index u = 0; u < change.rows(); ++u)
    for (Index v = 0; v < change.cols(); ++v)
      REQUIRE_FALSE(certainly_less(ball.bound.entrywise(u, v), abs(change(u, v))));
}

/// E = J(W~) - J(W) by automatic differentiation: |E E'| <= m theta entry by entry, |E|_2^2 <= m |theta|_2.
void check_theta(const NetworkBall& ball, const RealMatrix& w_tilde) {
  const Instance& instance = ball.instance;
  const IntervalMatrix e = plain_jacobian(instance, w_tilde, kBits) - plain_jacobian(instance, instance.w, kBits);
  const IntervalMatrix square = e * transposed(e);
  for (Index u = 0; u < square.rows(); ++u)
    for (Index v = 0; v < square.cols(); ++v)
      REQUIRE_FALSE(certainly_less(ball.bound.theta(u, v) * instance.m(), abs(square(u, v))));
  const Interval norm = enclose_lambda_max(square, 1e-9, kBits);
  REQUIRE_FALSE(certainly_less(upper_spectral_norm(ball.bound.theta).upper() * instance.m(), norm));
}

RealMatrix somewhere(const NetworkBall& ball, Random& random) {
  const Instance& instance = ball.instance;
  RealMatrix direction = random_directions(random, instance.m(), instance.d_in());
  if (random.one_in(2)) direction *= random.unit();
  if (random.one_in(4)) {  // along one axis, where w + R e_k is often exactly on the sphere
    direction.setZero();
    for (Index r = 0; r < direction.rows(); ++r)
      direction(r, random.integer(0, instance.d_in() - 1)) = random.one_of({-1.0, 1.0});
  }
  return moved(instance.w, direction, ball.own_radius);
}

/// Calls body(w_tilde) for the corners at which the ends of D0 are attained, up to rounding.
template <class Body>
void for_each_corner(const NetworkBall& ball, Body body) {
  for (Index i = 0; i < ball.instance.n(); ++i)
    for (const double side : {1.0, -1.0}) {
      for (Index raised = 0; raised < ball.instance.m(); ++raised)
        body(extreme_weights(ball, i, [&](Index r) { return r == raised ? side : -side; }));
      for (Index l = 0; l < ball.instance.d(); ++l)
        body(extreme_weights(ball, i, [&](Index r) { return side * ball.instance.a(r, l); }));
    }
}

IntervalVector random_radii(Random& random, Index m) {
  const auto one = [&] { return Interval(random.one_of({0.0, 1e-12, 1e-3, 0.3, 5.0, 50.0}), kBits); };
  IntervalVector radii(static_cast<std::size_t>(m), one());
  if (random.one_in(2))
    for (Interval& radius : radii) radius = one();
  return radii;
}

constexpr Shape kShapes[] = {{1, 1, 1, 1}, {1, 1, 1, 2}, {2, 2, 2, 4}, {3, 2, 1, 5}, {2, 3, 2, 6}, {1, 2, 3, 4}};

NetworkBall random_ball(Random& random, double scale = 2) {
  const Shape shape = kShapes[random.integer(0, std::size(kShapes) - 1)];
  const Pairing pairing = random.one_of({Pairing::paired, Pairing::unpaired, Pairing::mixed});
  Instance instance = random_instance(random, shape, shape.m % 2 == 0 ? pairing : Pairing::mixed, scale);
  if (random.one_in(5)) instance.x.row(random.integer(0, shape.n - 1)).setZero();
  if (random.one_in(3)) instance.w = (instance.w * 16).array().round() / 16;
  return make_ball(instance, random_radii(random, shape.m), random.one_in(2), kBits);
}

TEST_CASE("D0 and D1 hold at random points of random balls and at their corners") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const NetworkBall ball = random_ball(random);
    for (int k = 0; k < 6; ++k) check_member(ball, somewhere(ball, random));
    for_each_corner(ball, [&](const RealMatrix& w_tilde) { check_member(ball, w_tilde); });
  }
}

TEST_CASE("theta bounds the change of the Jacobian") {
  for (std::uint64_t seed = 1; seed <= random_cases(20); ++seed) {
    CAPTURE(seed);
    Random random(seed + 1000);
    const NetworkBall ball = random_ball(random);
    check_theta(ball, somewhere(ball, random));
    check_theta(ball, extreme_weights(ball, 0, [&](Index r) { return r % 2 == 0 ? 1.0 : -1.0; }));
  }
}

/// D1 as it is written, neuron by neuron.
IntervalMatrix plain_d1(const NetworkBall& ball, bool theta) {
  const Instance& instance = ball.instance;
  const Index n = instance.n(), d = instance.d(), m = instance.m();
  IntervalMatrix still(n * d, m), change(n * d, m);
  for (Index l = 0; l < d; ++l)
    for (Index i = 0; i < n; ++i)
      for (Index r = 0; r < m; ++r) {
        const Index c = ball.at.neurons.column_of[static_cast<std::size_t>(r)];
        const Interval away = abs(static_cast<int>(instance.a(r, l)) - ball.at.p(l, i));
        still(l * n + i, r) = away * ball.at.q(i, c);
        change(l * n + i, r) = away * ball.ranges.delta_q(i, c) + ball.ranges.delta_p(l, i) * ball.ranges.q_high(i, c);
      }
  IntervalMatrix delta(n * d, n * d);
  for (Index u = 0; u < n * d; ++u)
    for (Index v = 0; v < n * d; ++v) {
      for (Index r = 0; r < m; ++r) {
        const Interval &g = still(u, r), &dg = change(u, r), &h = still(v, r), &dh = change(v, r);
        delta(u, v) += theta ? dg * dh : g * dh + dg * h + dg * dh;
      }
      delta(u, v) = abs(ball.gram(u % n, v % n)) * delta(u, v) / m;
    }
  return delta;
}

TEST_CASE("D1 is the sum over neurons that the theory writes down, no less and no more") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed + 2000);
    const NetworkBall ball = random_ball(random);
    for (const bool theta : {false, true}) {
      const IntervalMatrix truth = plain_d1(ball, theta), &found = theta ? ball.bound.theta : ball.bound.entrywise;
      for (Index u = 0; u < truth.rows(); ++u)
        for (Index v = 0; v < truth.cols(); ++v) {
          REQUIRE_FALSE(certainly_less(found(u, v), truth(u, v)));
          // A single neuron at a huge radius takes all the weight: q_low cancels there, and with it half the digits.
          const Interval room = truth(u, v).upper() * Interval(1 + 1e-12, 64) + Interval(1e-30, 64);
          REQUIRE_FALSE(certainly_less(room, found(u, v)));
          REQUIRE(certainly_nonnegative(found(u, v)));
        }
    }
  }
}

/// All ends of D0 for one sample by trying every sign of every delta_r: q (m values each way), p (d each way).
struct Extremes {
  IntervalVector q_low, q_high, p_low, p_high;
};

void widen(IntervalVector& low, IntervalVector& high, std::size_t k, const Interval& value, bool first) {
  low[k] = first ? value : min(low[k], value);
  high[k] = first ? value : max(high[k], value);
}

Extremes brute_force(const NetworkBall& ball) {
  const Index m = ball.instance.m(), d = ball.instance.d();
  const IntervalMatrix q = plain_q(ball.instance, ball.instance.w, kBits);
  const Interval norm =
      euclidean_norm(std::span(ball.instance.x.data(), static_cast<std::size_t>(ball.instance.d_in())), kBits);
  Extremes ends;
  ends.q_low.resize(static_cast<std::size_t>(m)), ends.q_high = ends.q_low;
  ends.p_low.resize(static_cast<std::size_t>(d)), ends.p_high = ends.p_low;
  for (unsigned pattern = 0; pattern < 1U << m; ++pattern) {
    IntervalVector weight;
    Interval sum;
    for (Index r = 0; r < m; ++r) {
      const Interval rho = ball.own_radius[static_cast<std::size_t>(r)] * norm;
      weight.push_back(q(0, r) * exp((pattern >> r & 1) != 0 ? rho : -rho));
      sum += weight.back();
    }
    for (Index r = 0; r < m; ++r) {
      const auto k = static_cast<std::size_t>(r);
      widen(ends.q_low, ends.q_high, k, weight[k] * m / sum, pattern == 0);
    }
    for (Index l = 0; l < d; ++l) {
      Interval p;
      for (Index r = 0; r < m; ++r) p += weight[static_cast<std::size_t>(r)] * static_cast<int>(ball.instance.a(r, l));
      widen(ends.p_low, ends.p_high, static_cast<std::size_t>(l), p / sum, pattern == 0);
    }
  }
  return ends;
}

/// `bound` encloses or exceeds the truth on the side `above`, by less than 1e-20.
void check_end(const Interval& bound, const Interval& truth, bool above) {
  REQUIRE_FALSE((above ? certainly_less(bound, truth) : certainly_less(truth, bound)));
  REQUIRE(certainly_less(abs(bound - truth), Interval(1e-20, 64)));
}

TEST_CASE("the ends of D0 are the extremes over all sign patterns of the moves") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed + 3000);
    const Shape shape{1, random.integer(1, 3), random.integer(1, 3), random.integer(1, 8)};
    const bool even = shape.m % 2 == 0;
    const Instance instance =
        random_instance(random, shape, even && random.one_in(2) ? Pairing::paired : Pairing::mixed, 2);
    IntervalVector radii;
    for (Index r = 0; r < shape.m; ++r) radii.push_back(Interval(random.one_of({0.0, 1e-6, 0.3, 2.0, 9.0}), kBits));
    const NetworkBall ball = make_ball(instance, radii, random.one_in(2), kBits);
    const Extremes truth = brute_force(ball);
    for (Index r = 0; r < shape.m; ++r) {
      const Index c = ball.at.neurons.column_of[static_cast<std::size_t>(r)];
      const auto k = static_cast<std::size_t>(r);
      check_end(ball.ranges.q_high(0, c).upper(), truth.q_high[k], true);
      check_end(ball.ranges.q_low(0, c).lower(), truth.q_low[k], false);
      const Interval move = max(truth.q_high[k] - ball.at.q(0, c), ball.at.q(0, c) - truth.q_low[k]);
      check_end(ball.ranges.delta_q(0, c), move, true);
    }
    for (Index l = 0; l < shape.d; ++l) {
      const auto k = static_cast<std::size_t>(l);
      check_end(ball.ranges.p(l, 0).upper(), truth.p_high[k], true);
      check_end(ball.ranges.p(l, 0).lower(), truth.p_low[k], false);
      const Interval p = ball.at.p(l, 0);
      check_end(ball.ranges.delta_p(l, 0), max(truth.p_high[k] - p, p - truth.p_low[k]), true);
    }
  }
}

TEST_CASE("explicit weights in the ball attain the ends of D0") {
  for (std::uint64_t seed = 1; seed <= random_cases(10); ++seed) {
    CAPTURE(seed);
    Random random(seed + 4000);
    const Instance instance = random_instance(random, {1, 3, 2, 6}, Pairing::mixed, 1);
    IntervalVector radii;
    for (Index r = 0; r < 6; ++r) radii.push_back(Interval(random.one_of({1e-4, 0.3, 5.0}), kBits));
    const NetworkBall ball = make_ball(instance, radii, true, kBits);
    const auto attained = [](const Interval& end, const Interval& value) {
      return certainly_less(abs(end - value), Interval(1e-10, 64));
    };
    for (const double side : {1.0, -1.0}) {
      for (Index raised = 0; raised < 6; ++raised) {
        const RealMatrix w = extreme_weights(ball, 0, [&](Index r) { return r == raised ? side : -side; });
        check_member(ball, w);
        const Index c = ball.at.neurons.column_of[static_cast<std::size_t>(raised)];
        const Interval q = forward_pass(instance.x, w, instance.a, kBits, 1, false).q(0, raised);
        CHECK(attained(side > 0 ? ball.ranges.q_high(0, c) : ball.ranges.q_low(0, c), q));
      }
      for (Index l = 0; l < 2; ++l) {
        const RealMatrix w = extreme_weights(ball, 0, [&](Index r) { return side * instance.a(r, l); });
        const Interval p = forward_pass(instance.x, w, instance.a, kBits, 1, false).p(l, 0);
        CHECK(attained(side > 0 ? ball.ranges.p(l, 0).upper() : ball.ranges.p(l, 0).lower(), p));
      }
    }
  }
}

TEST_CASE("equal radii: p~ ranges over tanh(artanh p +- rho)") {
  for (const double radius : {0.0, 1e-9, 0.1, 3.0}) {
    CAPTURE(radius);
    Random random(11);
    const Instance instance = random_instance(random, {3, 2, 2, 6}, Pairing::unpaired, 1);
    const NetworkBall ball = make_ball(instance, IntervalVector(6, Interval(radius, kBits)), true, kBits);
    for (Index i = 0; i < 3; ++i) {
      const Interval rho = Interval(radius, kBits) * sqrt(ball.gram(i, i));
      for (Index l = 0; l < 2; ++l) {
        const Interval artanh = atanh(ball.at.p(l, i));
        check_end(ball.ranges.p(l, i).upper(), tanh(artanh + rho), true);
        check_end(ball.ranges.p(l, i).lower(), tanh(artanh - rho), false);
      }
    }
  }
}

TEST_CASE("radius 0 moves nothing, and a zero input moves nothing") {
  Random random(12);
  Instance instance = random_instance(random, {2, 2, 2, 6}, Pairing::mixed, 2);
  const NetworkBall still = make_ball(instance, IntervalVector(6), true, kBits);
  CHECK(largest_magnitude(still.ranges.delta_q).upper_double() < 1e-50);
  CHECK(largest_magnitude(still.ranges.delta_p).upper_double() < 1e-50);
  CHECK(largest_magnitude(still.bound.entrywise).upper_double() < 1e-50);
  CHECK(largest_magnitude(still.bound.theta).upper_double() < 1e-100);
  instance.x.row(0).setZero();
  const NetworkBall ball = make_ball(instance, IntervalVector(6, Interval(5, kBits)), true, kBits);
  CHECK(largest_magnitude(ball.ranges.delta_q).lower_double() > 0.1);  // sample 1
  for (Index c = 0; c < ball.at.neurons.columns(); ++c) CHECK(ball.ranges.delta_q(0, c).upper_double() < 1e-50);
}

TEST_CASE("a larger ball has wider ranges and larger bounds") {
  for (std::uint64_t seed = 1; seed <= random_cases(20); ++seed) {
    CAPTURE(seed);
    Random random(seed + 5000);
    const NetworkBall small = random_ball(random);
    IntervalVector larger;
    for (const Interval& radius : small.own_radius)
      larger.push_back(radius * 2 + Interval(random.one_of({0.0, 1e-9, 0.7}), kBits));
    const bool shared = small.at.neurons.columns() < small.instance.m();
    const NetworkBall large = make_ball(small.instance, larger, shared, kBits);
    if (large.at.neurons.columns() != small.at.neurons.columns()) continue;
    const auto grows = [](const IntervalMatrix& a, const IntervalMatrix& b) {
      for (std::size_t k = 0; k < a.entries().size(); ++k) {
        // Both are upper bounds of what must grow; rounding may have added more to the first.
        const Interval room = b.entries()[k] * Interval(1e-12, 64) + Interval(1e-40, 64);
        REQUIRE_FALSE(certainly_less(b.entries()[k] + room, a.entries()[k]));
      }
    };
    grows(small.ranges.q_high, large.ranges.q_high);
    grows(large.ranges.q_low, small.ranges.q_low);
    grows(small.ranges.delta_q, large.ranges.delta_q);
    grows(small.ranges.delta_p, large.ranges.delta_p);
    grows(small.bound.entrywise, large.bound.entrywise);
    grows(small.bound.theta, large.bound.theta);
  }
}

TEST_CASE("the ranges never leave what softmax allows, and huge radii keep an enclosure at every precision") {
  for (const double radius : {50.0, 1e4, 1e12, 1e19, 1e300})
    for (const Bits bits : {24, 64, 128}) {
      CAPTURE(radius);
      CAPTURE(bits);
      Random random(13);
      const Instance instance = random_instance(random, {2, 2, 2, 6}, Pairing::mixed, 2);
      const NetworkBall ball = make_ball(instance, IntervalVector(6, Interval(radius, bits)), true, bits);
      for (const Interval& q : ball.ranges.q_high.entries()) CHECK(q.upper_double() <= 6);
      for (const Interval& q : ball.ranges.q_low.entries()) CHECK(q.lower_double() >= 0);
      for (const Interval& delta : ball.ranges.delta_q.entries()) CHECK(delta.upper_double() <= 6.001);
      for (const Interval& delta : ball.ranges.delta_p.entries()) CHECK(delta.upper_double() <= 2.001);
      for (const Interval& entry : ball.bound.entrywise.entries()) CHECK(entry.upper_double() < 1e4);
      for_each_corner(ball, [&](const RealMatrix& w_tilde) { check_member(ball, w_tilde); });
    }
}

TEST_CASE("low precision stays on the safe side of high precision") {
  for (std::uint64_t seed = 1; seed <= random_cases(10); ++seed) {
    CAPTURE(seed);
    Random random(seed + 6000);
    const NetworkBall sharp = random_ball(random);
    const bool shared = sharp.at.neurons.columns() < sharp.instance.m();
    for (const Bits bits : {12, 53, 64}) {
      const NetworkBall blunt = make_ball(sharp.instance, sharp.own_radius, shared, bits);
      if (blunt.at.neurons.columns() != sharp.at.neurons.columns()) continue;
      for (std::size_t k = 0; k < sharp.bound.entrywise.entries().size(); ++k) {
        const Interval room(1 + 1e-12, 64);  // what `sharp` itself may exceed the true D1 by
        REQUIRE_FALSE(certainly_less(blunt.bound.entrywise.entries()[k] * room + Interval(1e-30, 64),
                                     sharp.bound.entrywise.entries()[k]));
      }
    }
  }
}

TEST_CASE("threads change nothing, and wrong radii are refused") {
  Random random(14);
  const Instance instance = random_instance(random, {3, 2, 2, 6}, Pairing::unpaired, 2);
  const NetworkBall ball = make_ball(instance, IntervalVector(6, Interval(0.3, kBits)), true, kBits);
  const BallRanges again = ball_ranges(ball.at, instance.x, Interval(0.3, kBits), 3);
  const KernelChange bound = kernel_change(ball.at, again, ball.gram, 3);
  for (Index u = 0; u < 6; ++u)
    for (Index v = 0; v < 6; ++v) {
      CHECK(same(bound.entrywise(u, v), ball.bound.entrywise(u, v)));
      CHECK(same(bound.theta(u, v), ball.bound.theta(u, v)));
      CHECK(same(bound.theta(u, v), bound.theta(v, u)));
      CHECK(same(bound.entrywise(u, v), bound.entrywise(v, u)));
    }
  CHECK_THROWS_AS(ball_ranges(ball.at, instance.x, IntervalVector(5)), std::invalid_argument);
  CHECK_THROWS_AS(ball_ranges(ball.at, instance.x, Interval(-0.1, 64)), std::invalid_argument);
  CHECK_THROWS_AS(ball_ranges(ball.at, instance.x, Interval::between(-1e-30, 1, 64)), std::invalid_argument);
}

TEST_CASE("ranges for all smaller radii: D1 over a smaller ball is at most R / radius times theirs") {
  for (std::uint64_t seed = 1; seed <= random_cases(15); ++seed) {
    CAPTURE(seed);
    Random random(seed + 7000);
    const Instance instance =
        random_instance(random, {3, 2, 2, 6}, random.one_of({Pairing::paired, Pairing::mixed}), 2);
    const Forward at = forward_pass(instance.x, instance.w, instance.a, kBits);
    const IntervalMatrix gram = input_gram(instance.x, kBits);
    const Interval radius(random.one_of({1e-6, 0.01, 0.5, 3.0}), kBits);
    const BallRanges wide = ranges_for_all_smaller_radii(at, instance.x, radius);
    const KernelChange most = kernel_change(at, wide, gram);
    for (const double part : {1.0, 0.999, 0.5, 0.01, 1e-9}) {
      const NetworkBall ball = make_ball(instance, IntervalVector(6, radius * Interval(part, 64)), true, kBits);
      for (std::size_t k = 0; k < most.entrywise.entries().size(); ++k) {
        const Interval allowed = most.entrywise.entries()[k].upper() * Interval(part, 64);
        REQUIRE(certainly_less_equal(ball.bound.entrywise.entries()[k], allowed));
        REQUIRE(
            certainly_less_equal(ball.bound.theta.entries()[k], most.theta.entries()[k].upper() * Interval(part, 64)));
      }
      for (Index i = 0; i < 3; ++i) {
        for (Index c = 0; c < at.neurons.columns(); ++c) {
          REQUIRE(certainly_less_equal(ball.ranges.delta_q(i, c), wide.delta_q(i, c)));
          REQUIRE_FALSE(certainly_less(wide.q_high(i, c).upper(), ball.ranges.q_high(i, c)));
          REQUIRE_FALSE(certainly_less(ball.ranges.q_low(i, c), wide.q_low(i, c).lower()));
        }
        for (Index l = 0; l < 2; ++l) {
          REQUIRE(certainly_less_equal(ball.ranges.delta_p(l, i), wide.delta_p(l, i)));
          REQUIRE(wide.p(l, i).contains(ball.ranges.p(l, i)));
        }
      }
    }
  }
  Random random(1);
  const Instance instance = random_instance(random, {2, 2, 1, 4}, Pairing::paired, 1);
  const Forward at = forward_pass(instance.x, instance.w, instance.a, 64);
  CHECK_THROWS_AS(ranges_for_all_smaller_radii(at, instance.x, Interval(-1, 64)), std::invalid_argument);
}

}  // namespace
}  // namespace assay
