#pragma once

#include "enclosure/ball_matrix.hpp"
#include "enclosure/fast/eigenvalue.hpp"

namespace assay {

/// A step eta > 0 for which eta lambda_max(K) <= 1 is proved for every symmetric K in the ball.
///
/// |K|_2 <= |r|_2 for r = |middle| + radii (Collatz-Wielandt), so lambda_max is overestimated where entries of both
/// signs cancel: eta is smaller than it had to be, never larger.
/// @throws std::invalid_argument if the kernel is empty, not square or not bounded.
double safe_step(const BallMatrix& kernel);

/// Gradient descent of kernel regression, in double, with a certified distance to the exact recursion.
///
///   c(0) = 0,   c(tau + 1) = c(tau) - eta (K c(tau) - Y),   f_tau(x) = sum_i K(x, x_i) c_i(tau)
///
/// hence c(tau) = K^{-1} (I - (I - eta K)^tau) Y. The doubles c~ obey c~(tau + 1) = c~(tau) - eta (K c~(tau) - Y) + a
/// defect, and |I - eta K|_2 <= 1 for positive semidefinite K with eta lambda_max(K) <= 2, so errors only add:
///
///   |c~(tau) - c(tau)|_F <= sum of |defect|_F,
///   |defect|_F <= eta (|R|_F |c~|_F + gamma_{N+4} |K~|_F |c~|_F + |rad Y|_F) + 4 u (eta |K~ c~ - Y~|_F + |c~|_F)
///
/// with K~, R middle and radii of the kernel. The bound holds for every positive semidefinite K and every Y in their
/// balls at once.
class KernelDescent {
 public:
  /// @param kernel  N x N, symmetric middle; what is certified is about the positive semidefinite matrices in it.
  /// @param labels  N x d.
  /// @throws std::invalid_argument unless the shapes fit, eta > 0, and eta lambda_max <= 1 is proved by safe_step's
  ///         bound.
  KernelDescent(const BallMatrix& kernel, const BallMatrix& labels, double eta);
  KernelDescent(BallMatrix&& kernel, const BallMatrix& labels, double eta) = delete;  // it keeps references
  KernelDescent(const BallMatrix& kernel, BallMatrix&& labels, double eta) = delete;

  /// @cost  2 N^2 d flops.
  void step();
  void run(long steps);

  long steps() const { return steps_; }
  const RowMajorMatrix& coefficients() const { return c_; }  ///< c~, N x d
  double distance() const { return distance_; }              ///< upper bound of |c~ - c|_F

 private:
  const BallMatrix &kernel_, &labels_;
  double eta_, kernel_norm_, kernel_radius_, label_radius_;
  double distance_ = 0;
  long steps_ = 0;
  RowMajorMatrix c_;
};

/// The values block c for every block in its ball and every c with |c - coefficients|_F <= distance: a kernel
/// expansion at other points, row by row.
///
///   |block c - middle coefficients| <= (radii + gamma_{N+4} |middle|) |coefficients| + |row|_2 distance
/// @throws std::invalid_argument for unequal lengths.
BallMatrix expansion(const BallMatrix& block, const RowMajorMatrix& coefficients, double distance = 0);

/// sum over columns of c' K c: the squared norm of the expansion in the space of the kernel.
Ball squared_rkhs_norm(const BallMatrix& kernel, const RowMajorMatrix& coefficients);

/// (K + ridge I)^{-1} Y, near enough; proves nothing, but its entries are exact coefficients of an expansion.
RowMajorMatrix approx_ridge_coefficients(const BallMatrix& kernel, const BallMatrix& labels, double ridge);

/// The spectral form c(tau) = sum_j v_j (1 - (1 - eta lambda_j)^tau) / lambda_j v_j' Y in double, for any real tau up
/// to infinity. Proves nothing: for pictures far beyond the steps that are run.
class ApproxSpectralDescent {
 public:
  /// Eigenvalues below 1e-15 lambda_max, where double knows nothing of them, are taken for that.
  ApproxSpectralDescent(const BallMatrix& kernel, double eta);
  RowMajorMatrix coefficients(const RowMajorMatrix& labels, double tau) const;
  double least_eigenvalue() const { return eigenvalues_(0); }

 private:
  double eta_;
  Eigen::VectorXd eigenvalues_;
  RowMajorMatrix eigenvectors_;
};

}  // namespace assay
