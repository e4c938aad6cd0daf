#pragma once

#include <functional>

#include "enclosure/ball.hpp"
#include "enclosure/fast/cholesky.hpp"
#include "enclosure/matrix.hpp"

namespace assay::fast {

/// Every symmetric A with |A - middle|_2 <= radius. `middle` is exactly symmetric.
struct SymmetricBall {
  RowMajorMatrix middle;
  double radius = 0;
};

/// A ball with every symmetric matrix in A, of whose entries the lower triangle counts; of infinite radius if one of
/// them is unbounded.
SymmetricBall symmetric_ball_around(const IntervalMatrix& a);

/// Enclosure of the smallest eigenvalue of every matrix in the ball, in double throughout.
///
///   below:  lambda_min >= s - upper_residual_norm(middle, s, L) - radius   (any L; ours is a Cholesky factor)
///   above:  lambda_min <= v' A v / v' v <= computed quotient + gamma_{2N+4} |middle|_F + radius   (any v != 0; ours
///           from Lanczos steps with (L L')^-1)
///
/// The floor is about (N + 1) 2^-53 trace; below it the lower end is not positive: raise the precision.
/// @return  radius infinite where nothing could be proved (an entry is not finite).
/// @cost    2 Cholesky factorisations and a residual, N^3 + O(N^2) flops, where the first shifts succeed.
/// @source  Rump, BIT 46 (2006) 433-452, in residual form.
Ball lambda_min(const SymmetricBall& a);

/// The same for the largest eigenvalue: -lambda_min(-A).
Ball lambda_max(const SymmetricBall& a);

/// A vector near the eigenvector of the smallest eigenvalue of a symmetric matrix: what lambda_min guesses with. Proves
/// nothing.
Eigen::VectorXd approx_lowest_eigenvector(const RowMajorMatrix& a);

/// A unit vector near the eigenvector of the largest eigenvalue of a symmetric operator, by Lanczos with full
/// orthogonalisation from a vector to start with. Proves nothing.
Eigen::VectorXd approx_top_eigenvector(const Eigen::VectorXd& start, int steps,
                                       const std::function<Eigen::VectorXd(const Eigen::VectorXd&)>& apply);

/// Upper bound of |R|_2 for every symmetric R with |R| <= r entry by entry, r >= 0 (Collatz-Wielandt).
double upper_norm_of_radii(const RowMajorMatrix& r);

}  // namespace assay::fast
