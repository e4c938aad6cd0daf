#pragma once

#include <Eigen/Core>
#include <functional>

#include "data/instance.hpp"
#include "enclosure/matrix.hpp"

// What the searches for the worst and for lowering weights of a scalar model share. Nothing is proved here:
// enclose what you look for at the returned weights. Every |w~_r - w_r| <= R is certain, exactly as doubles.

namespace assay::moves {

using Dense = Eigen::MatrixXd;

/// Steps of a search.
inline constexpr int kSteps = 12;
/// Moves stop so much short of the sphere that rounding the sum w + u keeps them inside, unless R is tiny beside |w|.
inline constexpr double kInside = 1 - 0x1p-30;

/// Rows of which it is not certain that they are in the ball go back to w.
void keep_inside(RealMatrix& w_tilde, const RealMatrix& w, const Interval& radius);

/// What is to grow: the derivative of the objective by H, and the objective. Large is good.
struct Objective {
  Dense slope;
  double value = 0;
};
using Judge = std::function<Objective(const Dense& kernel)>;

/// |H - center|_F.
Judge distance_from(const Dense& center);
/// -lambda_min(H), whose slope is -vv'.
Objective minus_lambda_min(const Dense& kernel);

/// <x_i, x_j> (1/m) sum_r phi'_{i,r} phi'_{j,r} for the n x m matrix of phi'(<w_r, x_i>).
Dense kernel_of(const Dense& features, const RealMatrix& x);

/// The activation's slope phi' and its derivative phi'', applied to each of the logits <w_r, x_i> of an n x m matrix.
struct Slope {
  Dense (*value)(const Dense& z);
  Dense (*derivative)(const Dense& z);
};
/// kernel_of the slopes at weights w.
Dense kernel_at(const Instance& instance, const RealMatrix& w, const Slope& slope);

/// Conditional gradient: the weights go towards the points of their balls that are extreme in the direction of the
/// gradient, all the way (for a convex objective), or by 2/3, 2/4, ... of it (for a concave one with kinks).
RealMatrix ascend(const Instance& instance, const Slope& slope, double radius, const Judge& judge, bool all_the_way);

}  // namespace assay::moves
