#include "models/moves.hpp"

#include "enclosure/approx/eigen_decompositions.hpp"
#include "network/search/adversary.hpp"

namespace assay::moves {

void keep_inside(RealMatrix& w_tilde, const RealMatrix& w, const Interval& radius) {
  constexpr Bits kBits = 128;
  // Differences and norms in double are off by a few units in the last place.
  const double clear = radius.lower_double() / (1 + static_cast<double>(w.cols() + 8) * 0x1p-51);
  for (Index r = 0; r < w.rows(); ++r)
    if (!((w_tilde.row(r) - w.row(r)).norm() <= clear) &&
        !certainly_less_equal(largest_displacement(w_tilde.row(r), w.row(r), kBits), radius))
      w_tilde.row(r) = w.row(r);
}

Judge distance_from(const Dense& center) {
  return [center](const Dense& kernel) -> Objective {
    const Dense change = kernel - center;
    // At the center itself every direction is a slope: the one in which all entries grow.
    return {change.isZero(0) ? center : change, change.norm()};
  };
}

Objective minus_lambda_min(const Dense& kernel) {
  const ApproxEigenpairs pairs = approx_eigenpairs(kernel);
  const Eigen::VectorXd v = pairs.vectors.col(0);
  return {-v * v.transpose(), -pairs.values(0)};
}

Dense kernel_of(const Dense& features, const RealMatrix& x) {
  return (x * x.transpose()).cwiseProduct(features * features.transpose()) / static_cast<double>(features.cols());
}

}  // namespace assay::moves
