#pragma once

// A network with a ball around its weights, and what is to be tested of every point of the ball.

#include <doctest/doctest.h>

#include "network/ball.hpp"
#include "network/kernel.hpp"
#include "support/networks.hpp"
#include "support/plain.hpp"

namespace assay {

struct NetworkBall {
  Instance instance;
  Forward at;
  IntervalMatrix gram;
  IntervalVector radii;       // per column
  IntervalVector own_radius;  // per neuron
  BallRanges ranges;
  KernelChange bound;
};

inline NetworkBall make_ball(const Instance& instance, const IntervalVector& radius_of_neuron, bool share, Bits bits) {
  NetworkBall ball{instance,
                   forward_pass(instance.x, instance.w, instance.a, bits, 1, share),
                   input_gram(instance.x, bits),
                   {},
                   {},
                   {},
                   {}};
  for (const Index r : ball.at.neurons.representative)
    ball.radii.push_back(radius_of_neuron[static_cast<std::size_t>(r)]);
  for (const Index c : ball.at.neurons.column_of) ball.own_radius.push_back(ball.radii[static_cast<std::size_t>(c)]);
  ball.ranges = ball_ranges(ball.at, instance.x, ball.radii);
  ball.bound = kernel_change(ball.at, ball.ranges, ball.gram);
  return ball;
}

/// Weights moved as far as the ball allows along +-x_i, the sign for each neuron as `sign(r)` says.
template <class Sign>
RealMatrix extreme_weights(const NetworkBall& ball, Index i, Sign sign) {
  const Eigen::RowVectorXd x = ball.instance.x.row(i);
  RealMatrix direction = RealMatrix::Zero(ball.instance.m(), ball.instance.d_in());
  if (x.norm() > 0)
    for (Index r = 0; r < direction.rows(); ++r) direction.row(r) = sign(r) * x / x.norm();
  return moved(ball.instance.w, direction, ball.own_radius);
}

}  // namespace assay
