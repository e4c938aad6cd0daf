#include "network/activation_adversary.hpp"

#include <doctest/doctest.h>

#include "network/adversary.hpp"
#include "networks.hpp"

namespace assay {
namespace {

constexpr Activation kExp = Activation::exponential, kRelu = Activation::relu;

/// The kernel in double, from its definition.
Eigen::MatrixXd plain_kernel(Activation activation, const Instance& instance, const RealMatrix& w) {
  Eigen::MatrixXd e = instance.x * w.transpose();
  for (double& z : e.reshaped()) z = activation == kRelu ? (z >= 0 ? 1 : 0) : std::exp(z);
  return (instance.x * instance.x.transpose()).cwiseProduct(e * e.transpose()) / static_cast<double>(w.rows());
}

double change(Activation activation, const Instance& instance, const RealMatrix& w) {
  return (plain_kernel(activation, instance, w) - plain_kernel(activation, instance, instance.w)).norm();
}

TEST_CASE("the weights found are certainly in the ball, at any scale of the radius") {
  Random random(5);
  for (const double scale : {1.0, 100.0, 1e6})
    for (const double radius : {0.0, 1e-12, 1e-7, 1e-3, 0.5}) {
      const Instance instance = random_instance(random, {3, 2, 1, 16}, Pairing::mixed, scale);
      const Interval exact(radius, 53);
      for (const Activation activation : {kExp, kRelu}) {
        if (activation == kExp && scale > 100) continue;
        CAPTURE(radius);
        CHECK(certainly_less_equal(
            largest_displacement(approx_worst_weights(activation, instance, exact), instance.w, 256), exact));
        CHECK(certainly_less_equal(
            largest_displacement(approx_lowering_weights(activation, instance, exact), instance.w, 256), exact));
      }
    }
}

TEST_CASE("they change the kernel more, and lower its smallest eigenvalue more, than random ones") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Instance instance = random_instance(random, {3, 4, 1, 64}, Pairing::unpaired, 1);
    const Interval radius(0.1, 53);
    const IntervalVector radii(64, radius);
    for (const Activation activation : {kExp, kRelu}) {
      const RealMatrix far = approx_worst_weights(activation, instance, radius);
      const RealMatrix low = approx_lowering_weights(activation, instance, radius);
      for (int k = 0; k < 10; ++k) {
        const RealMatrix other = moved(instance.w, random_directions(random, 64, 4), radii);
        CHECK(change(activation, instance, far) > 1.5 * change(activation, instance, other));
        CHECK(approx_lambda_min(activation, instance, low) < approx_lambda_min(activation, instance, other));
      }
    }
  }
}

TEST_CASE("where the search for exp ends, every weight has moved in the direction in which the change grows") {
  Random random(9);
  const Instance instance = random_instance(random, {4, 3, 1, 6}, Pairing::unpaired, 1);
  const RealMatrix far = approx_worst_weights(kExp, instance, Interval(0.01, 53));
  for (Index r = 0; r < 6; ++r) {
    Eigen::RowVectorXd gradient(3);
    for (Index k = 0; k < 3; ++k) {
      RealMatrix up = far, down = far;
      up(r, k) += 1e-5, down(r, k) -= 1e-5;
      gradient(k) = change(kExp, instance, up) - change(kExp, instance, down);
    }
    CHECK((far.row(r) - instance.w.row(r)).normalized().dot(gradient.normalized()) > 0.999);
  }
}

TEST_CASE("one sample gives the changes that a pencil finds") {
  Instance instance;
  instance.x = RealMatrix{{0.5, 0.0}};
  instance.w = RealMatrix{{0.0, 3.0}, {0.05, 1.0}, {-0.02, 1.0}, {1.0, 0.0}};
  instance.a = SignMatrix{{1}, {1}, {1}, {1}};
  const Interval radius(0.1, 53);
  // ReLU: two of the three active neurons can be switched off, one can be switched on.
  CHECK(change(kRelu, instance, approx_worst_weights(kRelu, instance, radius)) == doctest::Approx(0.25 * 2 / 4));
  CHECK(approx_lambda_min(kRelu, instance, approx_lowering_weights(kRelu, instance, radius)) ==
        doctest::Approx(0.25 / 4));
  // exp: H (e^{2 R |x|} - 1), and H e^{-2 R |x|}.
  const double h = plain_kernel(kExp, instance, instance.w)(0, 0);
  CHECK(change(kExp, instance, approx_worst_weights(kExp, instance, radius)) == doctest::Approx(h * std::expm1(0.1)));
  CHECK(approx_lambda_min(kExp, instance, approx_lowering_weights(kExp, instance, radius)) ==
        doctest::Approx(h * std::exp(-0.1)));
}

TEST_CASE("the softmax network has an adversary of its own") {
  Random random(1);
  const Instance instance = random_instance(random, {2, 2, 1, 4}, Pairing::unpaired, 1);
  CHECK_THROWS_AS(approx_worst_weights(Activation::softmax, instance, Interval(1, 53)), std::invalid_argument);
  CHECK_THROWS_AS(approx_lowering_weights(Activation::softmax, instance, Interval(1, 53)), std::invalid_argument);
}

}  // namespace
}  // namespace assay
