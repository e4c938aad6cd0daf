#include "models/moves.hpp"

#include <cmath>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/stop.hpp"
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

Dense kernel_at(const Instance& instance, const RealMatrix& w, const Slope& slope) {
  return kernel_of(slope.value(instance.x * w.transpose()), instance.x);
}

RealMatrix ascend(const Instance& instance, const Slope& slope, double radius, const Judge& judge, bool all_the_way) {
  const Dense gram = instance.x * instance.x.transpose();
  RealMatrix best = instance.w, w = instance.w;
  Objective at = judge(kernel_at(instance, w, slope));
  double most = at.value;
  for (int step = 0; step < kSteps; ++step) {
    leave_if_stopped();
    // d <at.slope, H> = (2/m) sum_{i,r} phi''_{i,r} ((at.slope o XX') phi')_{i,r} <dw_r, x_i>
    const Dense z = instance.x * w.transpose();
    const Dense pull = at.slope.cwiseProduct(gram) * slope.value(z);
    const RealMatrix gradient = slope.derivative(z).cwiseProduct(pull).transpose() * instance.x;
    const double stride = all_the_way ? 1 : 2.0 / (step + 2);
    w = (1 - stride) * w + stride * instance.w;
    for (Eigen::Index r = 0; r < w.rows(); ++r) {
      const double norm = gradient.row(r).norm();
      if (norm > 0 && std::isfinite(norm)) w.row(r) += gradient.row(r) * (stride * radius * kInside / norm);
    }
    at = judge(kernel_at(instance, w, slope));
    if (!(at.value > most)) {
      if (all_the_way) break;
      continue;
    }
    most = at.value;
    best = w;
  }
  return best;
}

}  // namespace assay::moves
