#include "regression/kernel_regression.hpp"

#include <doctest/doctest.h>

#include "network/kernel.hpp"
#include "regression/softmax_descent.hpp"
#include "support/networks.hpp"

using namespace assay;

namespace {

bool contains(const BallMatrix& ball, Index i, Index j, const Interval& value) {
  return enclosure_of(Ball{ball.middle(i, j), ball.radii(i, j)}, 128).contains(value);
}

}  // namespace

TEST_CASE("the limit kernel in double contains the enclosed one") {
  for (const double sigma : {0.04, 1.0, 3.0, 12.0}) {
    CAPTURE(sigma);
    Random random(11);
    const RealMatrix x = random_matrix(random, 7, 3, 0.57);
    const BallMatrix ball = limit_kernel_ball(x, x, sigma), block = limit_kernel_ball(x.bottomRows(2), x, sigma);
    const IntervalMatrix exact = limit_kernel(input_gram(x, 256), Interval(sigma, 256));
    for (Index i = 0; i < 7; ++i)
      for (Index j = 0; j < 7; ++j) {
        CHECK(contains(ball, i, j, exact(i, j)));
        CHECK(ball.radii(i, j) <= 1e-12 * (1 + std::abs(ball.middle(i, j))));
        CHECK(ball.middle(i, j) == ball.middle(j, i));
        if (i >= 5) CHECK(contains(block, i - 5, j, exact(i, j)));
      }
  }
}

TEST_CASE("of a limit kernel beyond the range of double nothing is known") {
  const RealMatrix x = RealMatrix::Identity(2, 2);
  const BallMatrix ball = limit_kernel_ball(x, x, 1e3);
  CHECK(std::isinf(ball.radii(0, 0)));
  CHECK_THROWS_AS(safe_step(ball), std::invalid_argument);
  CHECK_THROWS_AS(limit_kernel_ball(x, RealMatrix::Identity(3, 3), 1), std::invalid_argument);
}

TEST_CASE("blocks of the network's kernel contain the enclosed entries, outputs first") {
  const Weights network = draw_paired_weights(12, 3, 2, 1, 5);
  Random random(3);
  const RealMatrix joint = random_matrix(random, 5, 3, 0.57);
  const auto blocks = network_blocks(joint, 3, network.w, network.a, 1);
  REQUIRE(blocks.has_value());
  REQUIRE(blocks->training.rows() == 6);
  REQUIRE(blocks->test.rows() == 4);
  const IntervalMatrix exact = kernel(forward_pass(joint, network.w, network.a, 128), input_gram(joint, 128));
  for (Index l = 0; l < 2; ++l)
    for (Index k = 0; k < 2; ++k)
      for (Index j = 0; j < 3; ++j) {
        for (Index i = 0; i < 3; ++i)
          CHECK(contains(blocks->training, 3 * l + i, 3 * k + j, exact(5 * l + i, 5 * k + j)));
        for (Index i = 0; i < 2; ++i)
          CHECK(contains(blocks->test, 2 * l + i, 3 * k + j, exact(5 * l + 3 + i, 5 * k + j)));
      }
}

TEST_CASE("labels are stacked output by output, and back") {
  Random random(2);
  const BallMatrix labels{random_matrix(random, 3, 2, 1), random_matrix(random, 3, 2, 1)};
  const BallMatrix column = stacked(labels), back = unstacked(column, 2);
  CHECK(column.middle(4, 0) == labels.middle(1, 1));
  CHECK(column.radii(2, 0) == labels.radii(2, 0));
  CHECK(back.middle == labels.middle);
  CHECK(back.radii == labels.radii);
}

TEST_CASE("checkpoints ascend, begin with single steps and end where asked") {
  const std::vector<long> times = checkpoints(100);
  CHECK(times.front() == 1);
  CHECK(times[1] == 2);
  CHECK(times.back() == 100);
  for (std::size_t k = 1; k < times.size(); ++k) CHECK(times[k] > times[k - 1]);
  CHECK(checkpoints(1) == std::vector<long>{1});
}

TEST_CASE("an orbit at several times is the orbit run to each of them") {
  Random random(4);
  const RealMatrix x = random_matrix(random, 4, 2, 0.7);
  const BallMatrix kernel = limit_kernel_ball(x, x, 1), labels{random_matrix(random, 4, 1, 1), RealMatrix::Zero(4, 1)};
  const double eta = safe_step(kernel);
  const std::vector<Expansion> orbit = descend(kernel, labels, eta, {2, 5});
  KernelDescent descent(kernel, labels, eta);
  descent.run(5);
  CHECK(orbit[1].coefficients == descent.coefficients());
  CHECK(orbit[1].distance == descent.distance());
  CHECK(orbit[0].distance < orbit[1].distance);
}
