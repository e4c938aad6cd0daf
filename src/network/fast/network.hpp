#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>

#include "data/neuron_stream.hpp"
#include "enclosure/ball_matrix.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "enclosure/matrix.hpp"
#include "enclosure/norm.hpp"

namespace assay::fast {

/// A network in the fast tier: everything that the kernel needs, from one pass over the neurons, in double.
///
/// For each sign vector g that occurs, with e_{i,c} near exp(z_{i,c}) 2^{-shift_i} for the columns c of that class:
///   gram(i, j) = sum_c e_{i,c} e_{j,c},   sum(i) = sum_c e_{i,c}
/// All terms are positive, so one relative error for each sample bounds every Gram entry of it:
///   |gram - true| <= error(i, j) true,   error(i, j) = (1 + eta_i)(1 + eta_j)(1 + gamma_segment)(1 + 4 u) - 1,
///   eta_i = exp(delta z_i) (1 + kExpError) - 1,   delta z_i = gamma_{d_in} |x_i|_1 max |w|
/// where sums within a segment of kSegment columns are in any order, and segments are added in twice the precision.
struct [[nodiscard]] NetworkSums {
  struct Class {
    RowMajorMatrix gram;  ///< n x n, exactly symmetric
    Eigen::VectorXd sum;  ///< n
  };
  std::map<std::uint64_t, Class> classes;  ///< by sign mask (of a pair: the smaller of the mask and its complement)
  Index n = 0, d = 0, m = 0;
  bool paired = false;
  std::vector<long> shifts;        ///< shift_i
  Eigen::VectorXd eta;             ///< relative error of each e_{i,c}
  Eigen::VectorXd total;           ///< sum over all neurons of e_{i,r}
  double sum_error = 0;            ///< further relative error of sums and Gram entries
  double absolute_error = 0;       ///< and an absolute one, where small terms have underflowed
  double max_logit = 0;            ///< largest |z| as computed
  double logit_error = 0;          ///< and its error
  Eigen::VectorXd largest, least;  ///< of e_{i,c} as computed, per sample
};

/// One pass over the neurons (two if logits exceed 300 in magnitude). Chunks are added in their order, so the result
/// is the same for any number of threads; memory is O(threads n chunk + n^2 classes).
/// @return nothing if the sums cannot be bounded in double (not finite, logits beyond 2^20): ask the deep tier.
/// @cost  n (columns) exponentials, n^2 (columns) products.
[[nodiscard]] std::optional<NetworkSums> network_sums(const RealMatrix& x, const NeuronStream& neurons,
                                                      const StreamOptions& options);

/// H as a matrix of balls: |H - middle| <= radii entry by entry, index (l, i) -> l n + i; exactly symmetric.
using KernelBall = BallMatrix;
KernelBall kernel(const NetworkSums& sums, const RealMatrix& x);

/// Upper bounds, entry by entry, of |H(W~) - H(W)| and of theta (see KernelChange in network/ball.hpp), for
/// every W~ in the ball of one radius R at every neuron. With one radius the ranges of network/ball.hpp are multiples
/// of q,
///
///   |q~ - q| <= kappa_i q,  q~ <= chi_i q,  |p~ - p| <= rho_i,  rho_i = R |x_i|, chi_i = e^{2 rho_i},
///   kappa_i = chi_i - 1,
///
/// so kernel_change needs no sums beyond those of the kernel. Divided by R, the bounds grow with R (as for
/// ranges_for_all_smaller_radii). @param radius  its upper end counts, >= 0.
struct [[nodiscard]] KernelChange {
  RowMajorMatrix entrywise, theta;
};
KernelChange change_over_ball(const NetworkSums& sums, const RealMatrix& x, const Interval& radius);

/// Upper bound of |R|_F for every R with |R| <= r entry by entry.
[[nodiscard]] inline double upper_frobenius_norm(const RowMajorMatrix& r) {
  return upper_norm(r);
}

/// sum over all neurons of e_{i,r}, and m <x_i, x_j> / (T_i T_j), which turns sums of e e' into entries of H.
Ball total_of(const NetworkSums& sums, Index i);
Ball scale_of(const NetworkSums& sums, const RealMatrix& x, Index i, Index j);
/// Relative error of a Gram entry summed over classes.
double gram_error(const NetworkSums& sums, Index i, Index j);
/// a_l of the first neuron of a column with this mask.
inline int sign_of(std::uint64_t mask, Index l) {
  return (mask >> l & 1) != 0 ? -1 : 1;
}
/// Upper bounds of |x_i|_2.
std::vector<double> upper_input_norms(const RealMatrix& x);
/// Upper bound of the error of a logit <w, x> as computed, in any order: gamma_{d_in} |x|_1 max |w|.
[[nodiscard]] double upper_logit_error(double one_norm, double largest_weight, Index d_in);
/// <x_i, x_j>.
Ball input_product(const RealMatrix& x, Index i, Index j);
/// A computed value >= 0 with its relative error (below 0.1) and an absolute one.
Ball from_relative(double computed, double error, double absolute);
/// Relative error of a sum over all neurons of e_{i,r} and what it is summed up from.
double total_error(const NetworkSums& sums, Index i);

/// p_{l,i}, d x n.
std::vector<Ball> outputs(const NetworkSums& sums);

/// max |z|, max q, min q, |F - Y|_F, |H|_F.
Ball largest_logit(const NetworkSums& sums);
Ball largest_q(const NetworkSums& sums);
Ball smallest_q(const NetworkSums& sums);
Ball residual_norm(const NetworkSums& sums, const RealMatrix& y);
Ball frobenius_norm(const KernelBall& kernel);

}  // namespace assay::fast
