#include "regression/softmax_descent.hpp"

#include <doctest/doctest.h>

#include "network/forward.hpp"
#include "support/networks.hpp"
#include "support/plain.hpp"

using namespace assay;

TEST_CASE("a step of softmax descent is the gradient by automatic differentiation") {
  for (std::uint64_t seed = 1; seed <= random_cases(4); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Instance instance = random_instance(random, {3, 2, 2, 8}, Pairing::unpaired, 1);
    const double eta = 0.0625;
    ApproxSoftmaxDescent descent(instance.x, instance.y, {instance.w, instance.a}, eta);
    descent.step();
    const IntervalMatrix jacobian = plain_jacobian(instance, instance.w, 128);
    const RealMatrix f = approx_outputs(instance.x, {instance.w, instance.a});
    for (Index column = 0; column < jacobian.cols(); ++column) {
      double slope = 0;
      for (Index l = 0; l < 2; ++l)
        for (Index i = 0; i < 3; ++i)
          slope += jacobian(3 * l + i, column).approx_double() * (f(i, l) - instance.y(i, l));
      const double moved = instance.w.data()[column] - eta * slope;
      CHECK(descent.weights().data()[column] == doctest::Approx(moved).epsilon(1e-12));
    }
  }
}

TEST_CASE("outputs in double agree with the enclosed ones") {
  Random random(7);
  const Instance instance = random_instance(random, {5, 3, 2, 16}, Pairing::unpaired, 2);
  const Forward at = forward_pass(instance.x, instance.w, instance.a, 128);
  const RealMatrix f = approx_outputs(instance.x, {instance.w, instance.a});
  for (Index i = 0; i < 5; ++i)
    for (Index l = 0; l < 2; ++l) CHECK(f(i, l) == doctest::Approx((at.p(l, i) * at.m).approx_double()).epsilon(1e-12));
}

TEST_CASE("paired weights are those of a drawn instance, and start at F = 0") {
  InstanceRequest request;
  request.n = 2;
  request.d_in = 3;
  request.d = 2;
  request.m = 16;
  request.sigma = 0.5;
  request.seed = 9;
  const Instance instance = make_instance(request);
  const Weights drawn = draw_paired_weights(16, 3, 2, 0.5, 9);
  CHECK(drawn.w == instance.w);
  CHECK(drawn.a == instance.a);
  CHECK(approx_outputs(instance.x, drawn).norm() < 1e-12);
  CHECK_THROWS_AS(draw_paired_weights(3, 1, 1, 1, 1), std::invalid_argument);
  CHECK_THROWS_AS(draw_paired_weights(0, 1, 1, 1, 1), std::invalid_argument);
}

TEST_CASE("softmax descent refuses shapes that do not fit") {
  const RealMatrix x = RealMatrix::Zero(2, 3), y = RealMatrix::Zero(3, 2);
  CHECK_THROWS_AS(ApproxSoftmaxDescent(x, y, draw_paired_weights(4, 3, 2, 1, 1), 0.1), std::invalid_argument);
}
