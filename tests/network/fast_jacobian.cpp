#include "network/fast/jacobian.hpp"

#include <doctest/doctest.h>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/eigenvalue.hpp"
#include "network/kernel.hpp"
#include "support/networks.hpp"

using namespace assay;
using fast::JacobianMoments;
using fast::RadiusShape;

namespace {

constexpr Bits kDeep = 128;

struct Case {
  Instance instance;
  JacobianMoments moments;
};

Case random_case(Random& random, RadiusShape shape) {
  const Pairing pairing = random.one_of({Pairing::paired, Pairing::paired, Pairing::unpaired, Pairing::mixed});
  const Shape size{random.integer(1, 4), random.integer(1, 4), random.integer(1, 3), 2 * random.integer(4, 24)};
  Case result{random_instance(random, size, pairing, random.between(0.2, 2)), {}};
  const StoredNeurons neurons(result.instance.w, result.instance.a);
  const auto sums = fast::network_sums(result.instance.x, neurons, {});
  REQUIRE(sums);
  const auto moments = fast::jacobian_moments(*sums, result.instance.x, neurons, shape, {}, true);
  REQUIRE(moments);
  result.moments = *moments;
  return result;
}

/// Columns of a paired network are pairs.
double b_of(const Case& at, Index r) {
  return at.moments.b[static_cast<std::size_t>(at.moments.paired ? r / 2 : r)];
}

IntervalVector radii_of(const Case& at, double s) {
  IntervalVector radii;
  for (Index r = 0; r < at.instance.m(); ++r)
    radii.push_back((Interval(s, kDeep) * Interval(b_of(at, r), kDeep)).lower());
  return radii;
}

IntervalMatrix kernel_at(const Instance& instance, const RealMatrix& w) {
  return kernel(forward_pass(instance.x, w, instance.a, kDeep), input_gram(instance.x, kDeep));
}

/// What the spectrum is allowed to be, at one network in the ball.
void check_spectrum(const IntervalMatrix& h, const fast::SpectrumOverBall& over) {
  CHECK(!certainly_less(enclose_lambda_min(h, 1e-6, kDeep), over.lambda_min));
  CHECK(!certainly_less(over.lambda_max, enclose_lambda_max(h, 1e-6, kDeep)));
}

/// |J_r' v| for the neuron r and a unit v, at weights w, in intervals.
Interval pull(const Instance& instance, const Forward& at, Index r, const Eigen::VectorXd& v) {
  IntervalVector sum(static_cast<std::size_t>(instance.d_in()), Interval(0, kDeep));
  const Index column = at.neurons.column_of[static_cast<std::size_t>(r)];
  for (Index i = 0; i < instance.n(); ++i) {
    Interval c = Interval(0, kDeep);
    for (Index l = 0; l < instance.d(); ++l)
      c += (Interval(instance.a(r, l), kDeep) - at.p(l, i)) * Interval(v(l * instance.n() + i), kDeep);
    for (Index k = 0; k < instance.d_in(); ++k)
      sum[static_cast<std::size_t>(k)] += c * at.q(i, column) * Interval(instance.x(i, k), kDeep);
  }
  return euclidean_norm(sum);
}

/// The unit v with the largest |J_r' v|, a guess in double.
Eigen::VectorXd hardest_pull(const Instance& instance, const Forward& at, Index r) {
  const Index column = at.neurons.column_of[static_cast<std::size_t>(r)];
  Eigen::MatrixXd jacobian(instance.n() * instance.d(), instance.d_in());
  for (Index l = 0; l < instance.d(); ++l)
    for (Index i = 0; i < instance.n(); ++i)
      jacobian.row(l * instance.n() + i) =
          (instance.a(r, l) - at.p(l, i).approx_double()) * at.q(i, column).approx_double() * instance.x.row(i);
  return approx_eigenpairs(jacobian * jacobian.transpose()).vectors.rightCols(1) / (1 + 0x1p-40);
}

Eigen::VectorXd random_unit(Random& random, Index size) {
  Eigen::VectorXd v(size);
  for (Index k = 0; k < size; ++k) v(k) = random.between(-1, 1);
  return v / (v.norm() * (1 + 0x1p-40));
}

}  // namespace

TEST_CASE("the spectrum over a ball covers that of networks in it, random and extreme") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Case at = random_case(random, random.one_of({RadiusShape::equal, RadiusShape::gradient}));
    const double s = random.one_of({0.003, 0.03, 0.2, 0.7}) / at.moments.largest_b;
    const auto over = fast::spectrum_over_ball(at.moments, Interval(s, 64));
    if (!over) continue;
    const Index m = at.instance.m(), d_in = at.instance.d_in();
    RealMatrix direction = random_directions(random, m, d_in);
    check_spectrum(kernel_at(at.instance, moved(at.instance.w, direction, radii_of(at, s))), *over);
    const Eigen::RowVectorXd x = at.instance.x.row(random.integer(0, at.instance.n() - 1));
    const int kind = static_cast<int>(random.integer(0, 2));
    for (Index r = 0; r < m; ++r) {
      const double sign = kind == 0 ? 1 : kind == 1 ? at.instance.a(r, 0) : (random.one_in(2) ? 1 : -1);
      direction.row(r) = sign * x / (x.norm() * (1 + 0x1p-40) + 1e-300);
    }
    check_spectrum(kernel_at(at.instance, moved(at.instance.w, direction, radii_of(at, s))), *over);
  }
}

namespace {

/// The direction in which an extreme eigenvalue of H grows fastest, by differences in double, one unit vector a neuron.
RealMatrix steepest(const Instance& instance, bool largest) {
  const auto value = [&](const RealMatrix& w) {
    const IntervalMatrix h = kernel_at(instance, w);
    Eigen::MatrixXd middle(h.rows(), h.cols());
    for (Index i = 0; i < h.rows(); ++i)
      for (Index j = 0; j < h.cols(); ++j) middle(i, j) = h(i, j).approx_double();
    const Eigen::VectorXd all = approx_eigenvalues(middle);
    return largest ? all(all.size() - 1) : all(0);
  };
  constexpr double kStep = 1e-5;
  RealMatrix direction = instance.w;
  for (Index k = 0; k < instance.w.size(); ++k) {
    RealMatrix above = instance.w, below = instance.w;
    above.data()[k] += kStep;
    below.data()[k] -= kStep;
    direction.data()[k] = value(above) - value(below);
  }
  for (Index r = 0; r < direction.rows(); ++r) direction.row(r) /= direction.row(r).norm() * (1 + 0x1p-40) + 1e-300;
  return direction;
}

}  // namespace

TEST_CASE("the spectrum over a ball covers the worst directions, and not by much") {
  for (std::uint64_t seed = 1; seed <= random_cases(4); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Case at{random_instance(random, {2, 3, 1, 16}, random.one_of({Pairing::paired, Pairing::unpaired}), 1), {}};
    const StoredNeurons neurons(at.instance.w, at.instance.a);
    const auto sums = fast::network_sums(at.instance.x, neurons, {});
    at.moments = *fast::jacobian_moments(*sums, at.instance.x, neurons, RadiusShape::equal, {}, true);
    constexpr double kSize = 0.02;
    const auto over = fast::spectrum_over_ball(at.moments, Interval(kSize, 64));
    REQUIRE(over);
    for (const bool largest : {false, true}) {
      const RealMatrix direction = (largest ? 1 : -1) * steepest(at.instance, largest);
      const IntervalMatrix h = kernel_at(at.instance, moved(at.instance.w, direction, radii_of(at, kSize)));
      check_spectrum(h, *over);
      const double reached = largest
                                 ? enclose_lambda_max(h, 1e-6, kDeep).approx_double() - at.moments.lambda_max.middle
                                 : at.moments.lambda_min.middle - enclose_lambda_min(h, 1e-6, kDeep).approx_double();
      const double allowed = largest ? over->lambda_max.upper_double() - at.moments.lambda_max.middle
                                     : at.moments.lambda_min.middle - over->lambda_min.lower_double();
      CHECK(reached > 0.02 * allowed);
    }
  }
}

TEST_CASE("two neurons that carry the kernel and move against all others need both bounds of the softmax denominator") {
  // One input, x = 1; p = 0 at the center, and each pair stays together.
  constexpr Index kNeurons = 102;
  Case at;
  at.instance.x = RealMatrix::Ones(1, 1);
  at.instance.w = RealMatrix::Zero(kNeurons, 1);
  at.instance.w.topRows(2).setConstant(3);
  at.instance.a = SignMatrix::Ones(kNeurons, 1);
  for (Index r = 1; r < kNeurons; r += 2) at.instance.a(r, 0) = -1;
  const StoredNeurons neurons(at.instance.w, at.instance.a);
  const auto sums = fast::network_sums(at.instance.x, neurons, {});
  at.moments = *fast::jacobian_moments(*sums, at.instance.x, neurons, RadiusShape::equal, {}, true);
  constexpr double kSize = 0x1p-6;
  const auto over = fast::spectrum_over_ball(at.moments, Interval(kSize, 64));
  REQUIRE(over);
  for (const double sign : {1.0, -1.0}) {
    RealMatrix w = (at.instance.w.array() - sign * kSize).matrix();
    w.topRows(2).setConstant(3 + sign * kSize);
    check_spectrum(kernel_at(at.instance, w), *over);
  }
}

TEST_CASE("the pull of a unit residual on a neuron stays below its bound, at the center and over the ball") {
  for (std::uint64_t seed = 1; seed <= random_cases(30); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Case at = random_case(random, RadiusShape::gradient);
    const double s = random.one_of({0.0, 0.01, 0.3}) / at.moments.largest_b;
    const auto over = fast::spectrum_over_ball(at.moments, Interval(s, 64));
    if (!over) continue;
    const RealMatrix w =
        moved(at.instance.w, random_directions(random, at.instance.m(), at.instance.d_in()), radii_of(at, s));
    const Forward forward = forward_pass(at.instance.x, w, at.instance.a, kDeep);
    for (Index r = 0; r < at.instance.m(); ++r) {
      const Eigen::VectorXd v = hardest_pull(at.instance, forward, r);
      CHECK(!certainly_less(over->growth * Interval(b_of(at, r), kDeep), pull(at.instance, forward, r, v)));
    }
  }
}

TEST_CASE("the bound of the pull is attained where one sample carries it") {
  // n = 1: b_r = |a - p|_2 q |x| exactly, and v along a - p attains it.
  Random random(5);
  Instance instance = random_instance(random, {1, 3, 2, 16}, Pairing::unpaired, 1);
  const StoredNeurons neurons(instance.w, instance.a);
  const auto sums = fast::network_sums(instance.x, neurons, {});
  const auto moments = fast::jacobian_moments(*sums, instance.x, neurons, RadiusShape::gradient, {}, true);
  const Forward forward = forward_pass(instance.x, instance.w, instance.a, kDeep, 1, false);
  for (Index r = 0; r < 16; ++r) {
    Eigen::VectorXd v(2);
    for (Index l = 0; l < 2; ++l) v(l) = instance.a(r, l) - forward.p(l, 0).approx_double();
    v.normalize();
    CHECK(pull(instance, forward, r, v).approx_double() ==
          doctest::Approx(moments->b[static_cast<std::size_t>(r)]).epsilon(1e-12));
  }
}

TEST_CASE("a ball of size 0 is the center, and bounds widen with the size") {
  for (std::uint64_t seed = 1; seed <= random_cases(20); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Case at = random_case(random, random.one_of({RadiusShape::equal, RadiusShape::gradient}));
    auto before = fast::spectrum_over_ball(at.moments, Interval(0, 64));
    REQUIRE(before);
    CHECK(before->nu.upper_double() == 0);
    CHECK(before->lambda_max.upper_double() == doctest::Approx(at.moments.lambda_max.upper()));
    for (double s = 0.01; s < 1; s *= 2) {
      const auto now = fast::spectrum_over_ball(at.moments, Interval(s / at.moments.largest_b, 64));
      if (!now) break;
      CHECK(certainly_less_equal(now->lambda_min, before->lambda_min));
      CHECK(certainly_less_equal(before->lambda_max, now->lambda_max));
      CHECK(certainly_less_equal(before->growth, now->growth));
      CHECK(certainly_less_equal(before->curvature, now->curvature));
      before = now;
    }
  }
}

namespace {

/// W - J(W)' v, in double; exact enough to be far inside a tube that is a little larger.
RealMatrix along_descent(const Case& at, const Eigen::VectorXd& v) {
  const Instance& instance = at.instance;
  const Forward forward = forward_pass(instance.x, instance.w, instance.a, 64, 1, false);
  RealMatrix w = instance.w;
  for (Index r = 0; r < instance.m(); ++r)
    for (Index i = 0; i < instance.n(); ++i)
      for (Index l = 0; l < instance.d(); ++l)
        w.row(r) -= v(l * instance.n() + i) * (instance.a(r, l) - forward.p(l, i).approx_double()) *
                    forward.q(i, r).approx_double() * instance.x.row(i);
  return w;
}

}  // namespace

TEST_CASE("the spectrum over the tube covers that of points that descent reaches") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Case at = random_case(random, RadiusShape::gradient);
    const double s = random.one_of({0.01, 0.1, 0.4}) / at.moments.largest_b;
    const auto ball = fast::spectrum_over_ball(at.moments, Interval(s, 64));
    const auto tube = fast::spectrum_over_tube(at.moments, Interval(s, 64));
    if (!ball) continue;
    REQUIRE(tube);
    CHECK(certainly_less_equal(ball->lambda_min, tube->lambda_min));
    const double v = 0.999 * s / ball->growth.upper_double();
    const Eigen::VectorXd direction = random_unit(random, at.instance.n() * at.instance.d());
    check_spectrum(kernel_at(at.instance, along_descent(at, v * direction)), *tube);
  }
}

TEST_CASE("along gradient descent the kernel of a paired network has no first-order change, that of others has") {
  for (const Pairing pairing : {Pairing::paired, Pairing::unpaired}) {
    Random random(11);
    Case at;
    at.instance = random_instance(random, {3, 3, 2, 24}, pairing, 1);
    const Eigen::VectorXd v = random_unit(random, 6);
    const auto change = [&](double t) {
      const IntervalMatrix h = kernel_at(at.instance, along_descent(at, t * v)) - kernel_at(at.instance, at.instance.w);
      return frobenius_norm(h).upper_double();
    };
    const double ratio = change(1e-4) / change(1e-5);
    CHECK(ratio == doctest::Approx(pairing == Pairing::paired ? 100 : 10).epsilon(0.1));
  }
}

TEST_CASE("the moments do not depend on the number of threads") {
  InstanceRequest request;
  request.n = 3;
  request.d_in = request.d = 2;
  request.m = 300000;
  const Instance instance = make_instance(request);
  const DrawnNeurons neurons(instance.m(), 2, 2, 1.0, 1);
  const auto moments_with = [&](int threads) {
    const auto sums = fast::network_sums(instance.x, neurons, {threads});
    return *fast::jacobian_moments(*sums, instance.x, neurons, RadiusShape::gradient, {threads});
  };
  const JacobianMoments one = moments_with(1), three = moments_with(3);
  CHECK(one.change == three.change);
  CHECK(one.shift == three.shift);
  CHECK(one.largest_b == three.largest_b);
}
