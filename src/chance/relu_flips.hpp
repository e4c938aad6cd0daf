#pragma once

#include <Eigen/Core>

#include "enclosure/matrix.hpp"

namespace assay {

/// Upper bound of P(Bin(trials, p) >= t trials) for t >= p, and of P(Bin(trials, p) <= t trials) for t <= p:
///   exp(-trials KL(t | p)),  KL(t | p) = t log(t/p) + (1 - t) log((1 - t)/(1 - p));
/// `trials` may be any real number >= 0; t, p in (0, 1).
/// @source  Chernoff, Annals of Mathematical Statistics 23 (1952) 493-507.
Interval binomial_tail_bound(const Interval& trials, const Interval& p, const Interval& t);

/// P(|<w, x>| <= R |x|) = erf(R / (sigma sqrt 2)) for w ~ N(0, sigma^2 I), x != 0. At most 2 R / (sigma sqrt(2 pi)).
Interval flip_probability(const Interval& radius, const Interval& sigma);

/// P(sup over the ball |w~_r - w_r| <= R of |H(W~) - H(W)|_F > bound) for the kernel of the ReLU network with `pairs`
/// independent pairs of equal weights w ~ N(0, sigma^2 I), from both sides.
///
/// With p = erf(R / (sigma sqrt 2)) / 2, N_i+ and N_i- the fractions of the neurons at which sample i can be switched
/// on and off:
///   above: sup <= G max_i max(N_i+, N_i-),  G^2 = sum_i |x_i|^4 + 4 sum_{i != j} <x_i, x_j>^2, because s_i s_j changes
///          one way only if s_i or s_j does. So P <= 2n exp(-pairs KL(bound/G | p)); and P <= P(some N > 0)
///          <= 2n pairs p.
///   below: switching sample i off where it is active, within reach, and no other sample can change, lowers H_{ij} by
///          <x_i, x_j> / m for every active j, and the neurons of two samples are not the same. Let a_{ij} bound the
///          probability of such a neuron with s_j = 1 from below (a parallelogram times the largest density for each
///          other sample that could change as well):
///            a_{ij} = p - sum_{k != i} R^2 / (pi sigma^2 sin angle(x_i, x_k)), with p/2 erfc(...) in place of p
///            if i != j.
///          So sup >= t D if all these counts exceed t times their means, D^2 = sum_i |x_i|^4 a_{ii}^2 +
///          sum_{i != j} <x_i, x_j>^2 (a_{ij} + a_{ji})^2, and P >= 1 - sum_{ij} exp(-pairs KL(t a_{ij} | a_{ij})),
///          t = bound / D < 1.
/// @param gram   <x_i, x_j>, n x n. Zero rows never change.
/// @param sigma  certainly > 0; R > 0 and bound >= 0 likewise.
Interval relu_change_exceeds(const IntervalMatrix& gram, const Interval& sigma, const Interval& radius,
                             const Interval& bound, const Interval& pairs);

/// From the mean numbers of flips: as the width grows, the supremum is almost surely at most the upper end, G p, and at
/// least the lower end, D.
Interval relu_change_at_infinite_width(const IntervalMatrix& gram, const Interval& sigma, const Interval& radius);

}  // namespace assay
