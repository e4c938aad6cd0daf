#pragma once

#include "data/neurons.hpp"

namespace assay {

/// The network in plain double, for searches. Proves nothing.
struct ApproxNetwork {
  Eigen::MatrixXd s;  ///< n x m softmax
  Eigen::MatrixXd p;  ///< d x n
  Eigen::MatrixXd g;  ///< N x m, G_{(l,i),r}
  Eigen::MatrixXd h;  ///< N x N
};

/// The network of the instance at weights w (m x d_in).
ApproxNetwork approx_network(const Instance& instance, const RealMatrix& w);

}  // namespace assay
