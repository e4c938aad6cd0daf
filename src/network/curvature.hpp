#pragma once

#include "network/forward.hpp"

namespace assay {

// Curvature of the loss L = 1/2 |F - Y|_F^2 in the weights: its Hessian is J' J + sum_{l,i} e_{l,i} Hess F_{l,i} with
// e = F - Y, of size m d_in.

/// u' (Hess L) u / |u|^2 for the direction u with rows u_r (m x d_in), exact doubles.
///
///   delta_{i,r} = <u_r, x_i>,  mean over S_i,  dF_{l,i} = m E[(a_l - p) delta],  d^2 F_{l,i} = m E[(a_l - p)(delta -
///   mean)^2] = the joint cumulant,  u' (Hess L) u = sum_{l,i} dF^2 + e d^2F
///
/// A negative upper end proves that L is not convex in any neighbourhood of W.
/// @throws std::invalid_argument for another shape than m x d_in, or the direction 0.
/// @cost  n m (d_in + 3 d) interval operations.
Interval curvature_along(const Forward& at, const SignMatrix& a, const RealMatrix& x, const RealMatrix& y,
                         const RealMatrix& direction);

/// -sum_{l,i} |e_{l,i}| (1 + |p_{l,i}|) max_r q_{i,r} |x_i|^2, a lower bound of every curvature at W: J' J >= 0 and
/// |m E[(a - p)(delta - mean)^2]| <= (1 + |p|) sum_r q_r delta_r^2. Its lower end counts.
Interval lower_curvature(const Forward& at, const RealMatrix& x, const RealMatrix& y);

/// |grad L|_F^2, from the gradient itself: its row r is sum_{l,i} e_{l,i} G_{(l,i),r} x_i.
/// @cost  n m (d + d_in) interval operations.
Interval squared_gradient(const Forward& at, const SignMatrix& a, const RealMatrix& x, const RealMatrix& y);

/// A direction, in double, of nearly the least curvature: near the lowest eigenvector of Hess L or, for many outputs,
/// of the second part alone where J u = 0. A guess: enclose curvature_along it.
/// @cost  products with Hess L, n m (d + d_in) flops each: hundreds for few outputs, about a hundred for many.
RealMatrix approx_lowest_curvature(const Instance& instance);

}  // namespace assay
