#pragma once

#include <cmath>
#include <vector>

#include "data/instance.hpp"

namespace assay {

/// E prod_k e_{i_k} for a list of rows of X, e_i = exp(<w, x_i> - sigma^2 |x_i|^2 / 2), straight from the definition.
inline double moment(const RealMatrix& x, double sigma, const std::vector<Index>& list) {
  Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(x.cols());
  double squares = 0;
  for (const Index i : list) {
    sum += x.row(i);
    squares += x.row(i).squaredNorm();
  }
  return std::exp(sigma * sigma / 2 * (sum.squaredNorm() - squares));
}

}  // namespace assay
