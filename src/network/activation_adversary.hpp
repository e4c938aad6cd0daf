#pragma once

#include "enclosure/interval.hpp"
#include "network/activation.hpp"
#include "network/instance.hpp"

namespace assay {

/// A guess, in double, of the worst weights in the ball |w~_r - w_r| <= R for |H(W~) - H(W)|_F, H the kernel of the
/// exp or of the ReLU network; the counterpart of approx_worst_weights.
///
///   exp    conditional gradient: every weight goes to the point of its ball that is extreme in the direction of the
///          gradient, from the direction in which all entries grow
///   ReLU   the neurons that can switch a sample off do so, or those that can switch one on, whichever gives more; of
///          the moves that do it for one neuron, towards single samples and towards all of them, the one that changes
///          most
///
/// Nothing is proved here: enclose the norm at the returned weights. Every |w~_r - w_r| <= R is certain, exactly as
/// doubles.
/// @param radius  its lower end is used; >= 0.
/// @throws std::invalid_argument for the softmax network.
/// @cost   exp: 30 n^2 m flops; ReLU: n^2 for each neuron that can change a sample, and n for each sample that a move switches.
RealMatrix approx_worst_weights(Activation activation, const Instance& instance, const Interval& radius);

/// A guess of the weights in the ball with the least smallest eigenvalue: the same moves against v'Hv, v the
/// eigenvector of the smallest eigenvalue where the search stands.
/// @throws std::invalid_argument for the softmax network.
RealMatrix approx_lowering_weights(Activation activation, const Instance& instance, const Interval& radius);

/// The smallest eigenvalue of the kernel at weights w, in double.
double approx_lambda_min(Activation activation, const Instance& instance, const RealMatrix& w);

}  // namespace assay
