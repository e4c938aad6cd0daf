#pragma once

#include <vector>

#include "data/neurons.hpp"
#include "network/sign_groups.hpp"

namespace assay {

/// Sums over all neurons r of a_{l,r} a_{k,r} t_r, a_{l,r} t_r and t_r, t_r = S_{i,r} S_{j,r}, in double: n x n.
struct ApproxSignedSums {
  std::vector<RealMatrix> second;  ///< packed (l, k), k < l; for k = l it is zeroth
  std::vector<RealMatrix> first;   ///< by l
  RealMatrix zeroth;

  const RealMatrix& of_pair(Index l, Index k) const;
};

/// The network in plain double, for searches. Proves nothing.
struct ApproxNetwork {
  RealMatrix s;           ///< n x m softmax
  Eigen::MatrixXd p;      ///< d x n
  ApproxSignedSums sums;  ///< empty where a neuron has nearly all of a sample's softmax
  Eigen::MatrixXd h;      ///< N x N
};

/// The networks of an instance's inputs and signs at any weights, in plain double, with what does not depend on the
/// weights made once. The instance must outlive it.
///
///   H_{(l,i),(k,j)} = <x_i, x_j> m sum_r (a_{l,r} - p_{l,i}) (a_{k,r} - p_{k,j}) S_{i,r} S_{j,r}
///
/// is multiplied out, and the sums of a a' S S', a S S' and S S' come from groups of equal signs: n^2 m / 2 products
/// for each part of SignGroups instead of N^2 m. Where |p| is near 1 that would cancel, and G itself is multiplied.
class ApproxNetworks {
 public:
  explicit ApproxNetworks(const Instance& instance);

  /// At weights w (m x d_in).
  ApproxNetwork at(const RealMatrix& w) const;
  /// Gradient of <C, H(W)> in W, m x d_in, for a symmetric C (N x N), by the chain rule through p, q and the softmax.
  /// @cost  n^2 m products for each part, and N^2 for each group.
  RealMatrix gradient(const ApproxNetwork& at, const Eigen::MatrixXd& slope) const;
  /// The same for C = v v' in n m (d + d_in) products.
  RealMatrix gradient_along(const ApproxNetwork& at, const Eigen::VectorXd& v) const;
  /// G, N x m: G_{(l,i),r} = (a_{l,r} - p_{l,i}) m S_{i,r}.
  Eigen::MatrixXd by_logits(const ApproxNetwork& at) const;

 private:
  /// d <C, H> by p and by q, with the other held: d x n and n x m.
  struct Slopes {
    Eigen::MatrixXd by_p;
    RealMatrix by_q;
  };
  RealMatrix softmax(const RealMatrix& w) const;
  ApproxSignedSums signed_sums(const RealMatrix& s) const;
  Eigen::MatrixXd kernel_from(const ApproxSignedSums& sums, const Eigen::MatrixXd& p) const;
  Slopes slopes_from_sums(const ApproxNetwork& at, const Eigen::MatrixXd& weights) const;
  Slopes slopes_from_g(const ApproxNetwork& at, const Eigen::MatrixXd& weights) const;
  RealMatrix by_weights(const ApproxNetwork& at, const Slopes& slopes) const;

  const Instance& instance_;
  SignGroups groups_;
  Eigen::MatrixXd a_;  // m x d
  RealMatrix gram_;    // <x_i, x_j>
};

/// ApproxNetworks(instance).at(w).
ApproxNetwork approx_network(const Instance& instance, const RealMatrix& w);

}  // namespace assay
