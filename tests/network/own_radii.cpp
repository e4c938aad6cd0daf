#include "bench/own_radii.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "network/ball.hpp"
#include "network/kernel.hpp"
#include "support/networks.hpp"

using namespace assay;

TEST_CASE("a radius for every column: the fast tier bounds the deep one, and not by much more") {
  Random random(8);
  for (const double size : {1e-5, 0.01, 0.4})
    for (const Pairing pairing : {Pairing::paired, Pairing::unpaired}) {
      CAPTURE(size);
      const Instance instance = random_instance(random, {4, 3, 2, 60}, pairing, 1.5);
      const IntervalMatrix gram = input_gram(instance.x, 128);
      const Forward forward = forward_pass(instance.x, instance.w, instance.a, 128);
      const StoredNeurons neurons(instance.w, instance.a);
      const auto sums = fast::network_sums(instance.x, neurons, {1});
      REQUIRE(neurons.columns() == forward.neurons.columns());
      std::vector<double> radii;
      IntervalVector exact_radii;
      for (Index c = 0; c < neurons.columns(); ++c) {
        radii.push_back(random.one_in(6) ? 0 : size * random.unit());
        exact_radii.emplace_back(radii.back(), 128);
      }
      const auto change = fast::change_over_ball(*sums, instance.x, neurons,
                                                 [&](Index first, std::span<double> out) {
                                                   for (std::size_t c = 0; c < out.size(); ++c)
                                                     out[c] = radii[static_cast<std::size_t>(first) + c];
                                                 },
                                                 {2});
      REQUIRE(change.has_value());
      const KernelChange sharp = kernel_change(forward, ball_ranges(forward, instance.x, exact_radii), gram);
      // The fast tier leaves out the S terms of D0, a factor below e^{2 rho}; see the header.
      const double room = std::exp(8 * size) * (1 + 1e-6);
      for (Index i = 0; i < change->entrywise.rows(); ++i)
        for (Index j = 0; j < change->entrywise.cols(); ++j) {
          REQUIRE(change->entrywise(i, j) >= sharp.entrywise(i, j).lower_double());
          REQUIRE(change->theta(i, j) >= sharp.theta(i, j).lower_double());
          REQUIRE(change->entrywise(i, j) <= room * 1.2 * sharp.entrywise(i, j).upper_double() + 1e-12);
          REQUIRE(change->theta(i, j) <= room * 1.4 * sharp.theta(i, j).upper_double() + 1e-12);
        }
    }
}

TEST_CASE("equal radii by columns agree with the closed form, and bad radii prove nothing") {
  Random random(9);
  const Instance instance = random_instance(random, {3, 3, 2, 40}, Pairing::paired, 1);
  const StoredNeurons neurons(instance.w, instance.a);
  const auto sums = fast::network_sums(instance.x, neurons, {1});
  const auto with = [&](double radius) {
    return fast::change_over_ball(*sums, instance.x, neurons,
                                  [&](Index, std::span<double> out) { std::fill(out.begin(), out.end(), radius); },
                                  {1});
  };
  const auto change = with(0.01);
  REQUIRE(change.has_value());
  const fast::KernelChange closed = fast::change_over_ball(*sums, instance.x, Interval(0.01, 64));
  for (Index i = 0; i < closed.entrywise.rows(); ++i)
    for (Index j = 0; j < closed.entrywise.cols(); ++j) {
      // The closed form has |p~ - p| <= rho in place of the sharp tanh.
      REQUIRE(change->entrywise(i, j) <= closed.entrywise(i, j) * (1 + 1e-6));
      REQUIRE(change->entrywise(i, j) >= closed.entrywise(i, j) * 0.98);
    }
  for (const double radius : {-1e-3, 1e9, std::nan("")}) CHECK_FALSE(with(radius).has_value());
}
