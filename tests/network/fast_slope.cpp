#include "network/fast/slope.hpp"

#include <doctest/doctest.h>

#include "network/curvature.hpp"
#include "support/networks.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 512;

void require_same(const Interval& fast, const Interval& deep, bool narrow) {
  CHECK(overlap(fast, deep));
  if (narrow) CHECK(fast.relative_width() < 1e-6);
}

/// Slope and curvature in double against the deep tier's.
void compare(const Instance& instance, const RealMatrix& direction, bool narrow) {
  const StoredNeurons neurons(instance.w, instance.a), separate = StoredNeurons::separate(instance.w, instance.a);
  const auto sums = fast::network_sums(instance.x, neurons, {});
  const Forward at = forward_pass(instance.x, instance.w, instance.a, kBits);
  REQUIRE((sums || !narrow));
  if (!sums) return;
  for (const int threads : {1, 2})
    require_same(enclosure_of(fast::squared_gradient(*sums, instance.x, instance.y, neurons, {threads})),
                 squared_gradient(at, instance.a, instance.x, instance.y), narrow);
  const Ball along = fast::curvature_along(*sums, instance.x, instance.y, separate, direction, {});
  CHECK(overlap(enclosure_of(along), curvature_along(at, instance.a, instance.x, instance.y, direction)));
  const double least = fast::lower_curvature(*sums, instance.x, instance.y);
  CHECK(Interval(least, 64).lower_double() <= lower_curvature(at, instance.x, instance.y).upper_double());
  if (narrow) CHECK(least >= lower_curvature(at, instance.x, instance.y).lower_double() * (1 + 1e-6));
}

TEST_CASE("slope and curvature in double contain the deep tier's and are narrow") {
  for (const Shape& shape : {Shape{1, 1, 1, 2}, Shape{3, 2, 2, 6}, Shape{5, 3, 4, 40}, Shape{2, 4, 9, 30}})
    for (const Pairing pairing : {Pairing::unpaired, Pairing::mixed, Pairing::paired})
      for (const double scale : {1e-3, 1.0, 5.0}) {
        CAPTURE(shape.d);
        CAPTURE(scale);
        Random random(31);
        const Instance instance = random_instance(random, shape, pairing, scale);
        compare(instance, random_matrix(random, shape.m, shape.d_in, 1), true);
      }
}

TEST_CASE("and contain them for saturated networks, tiny and huge inputs, zero rows and directions of one neuron") {
  for (const double of_weights : {1e-200, 1.0, 60.0, 4000.0})
    for (const double of_inputs : {1e-300, 1e-150, 1.0, 30.0})
      for (const double of_labels : {0.0, 1e-300, 1e100, 1e300})
        for (const double of_direction : {1e-90, 1.0, 1e90}) {
          CAPTURE(of_weights);
          CAPTURE(of_inputs);
          CAPTURE(of_labels);
          CAPTURE(of_direction);
          Random random(32);
          Instance instance = random_instance(random, {3, 2, 3, 10}, Pairing::mixed, of_weights);
          instance.x *= of_inputs;
          instance.x.row(1).setZero();
          instance.y *= of_labels;
          RealMatrix direction = RealMatrix::Zero(10, 2);
          direction.row(random.integer(0, 9)).setConstant(of_direction);
          compare(instance, direction, false);
        }
}

TEST_CASE("the two neurons of a pair move on their own") {
  Random random(33);
  const Instance instance = random_instance(random, {4, 3, 3, 12}, Pairing::paired, 1);
  const StoredNeurons neurons(instance.w, instance.a);
  CHECK(neurons.paired());
  CHECK(StoredNeurons::separate(instance.w, instance.a).columns() == 12);
  const auto sums = fast::network_sums(instance.x, neurons, {});
  CHECK_THROWS_AS(fast::curvature_along(*sums, instance.x, instance.y, neurons, instance.w, {}), std::invalid_argument);
}

}  // namespace
}  // namespace assay
