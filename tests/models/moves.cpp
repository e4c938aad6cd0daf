#include "models/model.hpp"

#include <doctest/doctest.h>

#include "network/search/adversary.hpp"
#include "support/networks.hpp"

namespace assay {
namespace {

/// The kernel in double, from its definition.
Eigen::MatrixXd plain_kernel(const Model& model, const Instance& instance, const RealMatrix& w) {
  Eigen::MatrixXd e = instance.x * w.transpose();
  for (double& z : e.reshaped()) z = &model == &relu() ? (z >= 0 ? 1 : 0) : std::exp(z);
  return (instance.x * instance.x.transpose()).cwiseProduct(e * e.transpose()) / static_cast<double>(w.rows());
}

double change(const Model& model, const Instance& instance, const RealMatrix& w) {
  return (plain_kernel(model, instance, w) - plain_kernel(model, instance, instance.w)).norm();
}

TEST_CASE("the weights found are certainly in the ball, at any scale of the radius") {
  Random random(5);
  for (const double scale : {1.0, 100.0, 1e6})
    for (const double radius : {0.0, 1e-12, 1e-7, 1e-3, 0.5}) {
      const Instance instance = random_instance(random, {3, 2, 1, 16}, Pairing::mixed, scale);
      const Interval exact(radius, 53);
      for (const ScalarModel* model : {&exponential(), &relu()}) {
        if (model == &exponential() && scale > 100) continue;
        CAPTURE(radius);
        CHECK(certainly_less_equal(largest_displacement(model->approx_worst_weights(instance, exact), instance.w, 256),
                                   exact));
        CHECK(certainly_less_equal(
            largest_displacement(model->approx_lowering_weights(instance, exact), instance.w, 256), exact));
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
    for (const ScalarModel* model : {&exponential(), &relu()}) {
      const RealMatrix far = model->approx_worst_weights(instance, radius);
      const RealMatrix low = model->approx_lowering_weights(instance, radius);
      for (int k = 0; k < 10; ++k) {
        const RealMatrix other = moved(instance.w, random_directions(random, 64, 4), radii);
        CHECK(change(*model, instance, far) > 1.5 * change(*model, instance, other));
        CHECK(model->approx_lambda_min(instance, low) < model->approx_lambda_min(instance, other));
      }
    }
  }
}

/// The moves of a single ReLU neuron that its search may take: towards each sample within reach, all the way and just
/// past its hyperplane, and towards all of those that are active, or that are not.
std::vector<RealMatrix> relu_candidates(const Instance& instance, double radius) {
  const double reach = radius * (1 - 0x1p-30);
  std::vector<RealMatrix> all{instance.w};
  RealMatrix off = RealMatrix::Zero(1, instance.d_in()), on = off;
  for (Index i = 0; i < instance.n(); ++i) {
    const double norm = instance.x.row(i).norm(), z = instance.x.row(i).dot(instance.w.row(0));
    if (std::fabs(z) > reach * norm) continue;
    const RealMatrix outward = instance.x.row(i) * ((z >= 0 ? -1 : 1) / norm);
    (z >= 0 ? off : on) += outward;
    all.emplace_back(instance.w + outward * reach);
    all.emplace_back(instance.w + outward * std::min(reach, std::fabs(z) / norm * (1 + 1e-9) + 1e-300));
  }
  for (const RealMatrix& together : {off, on})
    if (together.norm() > 0) all.emplace_back(instance.w + together * (reach / together.norm()));
  return all;
}

TEST_CASE("a single ReLU neuron takes the move that gains most, down or up") {
  int moved_away = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Instance instance = random_instance(random, {6, 4, 1, 1}, Pairing::unpaired, 1);
    const double radius = 1;
    const Eigen::MatrixXd magnitude = (instance.x * instance.x.transpose()).cwiseAbs();
    double best = 0;
    for (const int direction : {-1, 1}) {
      double most = -std::numeric_limits<double>::infinity(), change_there = 0;
      for (const RealMatrix& w : relu_candidates(instance, radius)) {
        const Eigen::VectorXd active = ((instance.x * w.transpose()).array() >= 0).cast<double>().matrix();
        const double worth = direction * active.dot(magnitude * active);
        if (worth <= most + 1e-12) continue;
        most = worth;
        change_there = change(relu(), instance, w);
      }
      best = std::max(best, change_there);
    }
    moved_away += best > 0;
    const RealMatrix found = relu().approx_worst_weights(instance, Interval(radius, 53));
    CHECK(change(relu(), instance, found) == doctest::Approx(best).epsilon(1e-9));
  }
  CHECK(moved_away > 20);
}

TEST_CASE("where the search for exp ends, every weight has moved in the direction in which the change grows") {
  Random random(9);
  const Instance instance = random_instance(random, {4, 3, 1, 6}, Pairing::unpaired, 1);
  const RealMatrix far = exponential().approx_worst_weights(instance, Interval(0.01, 53));
  for (Index r = 0; r < 6; ++r) {
    Eigen::RowVectorXd gradient(3);
    for (Index k = 0; k < 3; ++k) {
      RealMatrix up = far, down = far;
      up(r, k) += 1e-5, down(r, k) -= 1e-5;
      gradient(k) = change(exponential(), instance, up) - change(exponential(), instance, down);
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
  CHECK(change(relu(), instance, relu().approx_worst_weights(instance, radius)) == doctest::Approx(0.25 * 2 / 4));
  CHECK(relu().approx_lambda_min(instance, relu().approx_lowering_weights(instance, radius)) ==
        doctest::Approx(0.25 / 4));
  // exp: H (e^{2 R |x|} - 1), and H e^{-2 R |x|}.
  const double h = plain_kernel(exponential(), instance, instance.w)(0, 0);
  CHECK(change(exponential(), instance, exponential().approx_worst_weights(instance, radius)) ==
        doctest::Approx(h * std::expm1(0.1)));
  CHECK(exponential().approx_lambda_min(instance, exponential().approx_lowering_weights(instance, radius)) ==
        doctest::Approx(h * std::exp(-0.1)));
}

}  // namespace
}  // namespace assay
