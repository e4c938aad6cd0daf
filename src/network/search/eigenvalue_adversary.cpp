#include "network/search/eigenvalue_adversary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "chance/draw.hpp"
#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/approx/point_matrix.hpp"
#include "enclosure/stop.hpp"

namespace assay {

namespace {

using Dense = Eigen::MatrixXd;

/// J / sqrt m transposed, (m d_in) x N: column (l, i) holds G_{(l,i),r} x_i, r after r.
Dense jacobian(const Instance& instance, const Dense& g) {
  const Index n = instance.n(), d_in = instance.d_in(), m = g.cols();
  Dense j(m * d_in, g.rows());
  for (Index u = 0; u < g.rows(); ++u)
    for (Index r = 0; r < m; ++r) j.col(u).segment(r * d_in, d_in) = g(u, r) * instance.x.row(u % n).transpose();
  return j / std::sqrt(static_cast<double>(m));
}

struct LowestPair {
  double value = 0;
  Eigen::VectorXd vector;
};

LowestPair lowest_of_jacobian(const Dense& transposed) {
  const ApproxSingularPair least = approx_least_singular_pair(transposed);
  return {least.value * least.value, least.right};
}

LowestPair lowest_of_kernel(const Dense& h) {
  const Eigen::VectorXd v = approx_lowest_eigenvector(h);
  return {v.dot(h * v) / v.squaredNorm(), v / v.norm()};
}

ApproxLeastEigenvalue least_eigenvalue(const Instance& instance, const ApproxNetworks& networks, const RealMatrix& w,
                                       bool from_jacobian) {
  const ApproxNetwork at = networks.at(w);
  const LowestPair pair =
      from_jacobian ? lowest_of_jacobian(jacobian(instance, networks.by_logits(at))) : lowest_of_kernel(at.h);
  return {pair.value, networks.gradient_along(at, pair.vector)};
}

class Search {
 public:
  Search(const Instance& instance, double wanted, const EigenvalueAdversaryOptions& options)
      : instance_(instance), networks_(instance), wanted_(wanted), options_(options) {
    const Dense h = networks_.at(instance.w).h;
    constexpr double kDrowns = 1e-10;
    from_jacobian_ = wanted < kDrowns * h.trace();
  }
  LowEigenvalue run();

 private:
  ApproxLeastEigenvalue at(const RealMatrix& w) const {
    return least_eigenvalue(instance_, networks_, w, from_jacobian_);
  }
  RealMatrix descend(RealMatrix displacement, double radius) const;
  double crossing(const RealMatrix& displacement) const;
  RealMatrix start(int which, double radius) const;

  const Instance& instance_;
  ApproxNetworks networks_;
  double wanted_;
  EigenvalueAdversaryOptions options_;
  bool from_jacobian_ = false;
};

double longest_row(const RealMatrix& a) {
  return a.rowwise().norm().maxCoeff();
}

void clip_rows(RealMatrix& a, double radius) {
  for (Index r = 0; r < a.rows(); ++r) {
    const double norm = a.row(r).norm();
    if (norm > radius) a.row(r) *= radius / norm;
  }
}

/// Projected descent with steps that shrink geometrically, in units of the mean length of a row of the gradient.
RealMatrix Search::descend(RealMatrix displacement, double radius) const {
  constexpr double kFirstStep = 0.4, kShrink = 0.93;
  RealMatrix best = displacement;
  double best_value = std::numeric_limits<double>::infinity(), length = kFirstStep * radius;
  for (int step = 0; step < options_.steps; ++step, length *= kShrink) {
    leave_if_stopped();
    const ApproxLeastEigenvalue here = at(instance_.w + displacement);
    if (here.value < best_value) {
      best_value = here.value;
      best = displacement;
    }
    const double mean = here.gradient.rowwise().norm().mean();
    if (!(mean > 0) || !std::isfinite(mean)) break;
    displacement -= here.gradient * (length / mean);
    clip_rows(displacement, radius);
  }
  return best;
}

/// The least t (about) with lambda_min(H(W + t displacement)) < wanted; infinite if none was seen up to 2.
double Search::crossing(const RealMatrix& displacement) const {
  constexpr int kHalvings = 16;
  const auto low_enough = [&](double t) { return at(instance_.w + t * displacement).value < wanted_; };
  double high = 1;
  while (!low_enough(high)) {
    high *= 1.25;
    if (high > 2) return std::numeric_limits<double>::infinity();
  }
  double low = 0;
  for (int step = 0; step < kHalvings; ++step) {
    const double middle = (low + high) / 2;
    (low_enough(middle) ? high : low) = middle;
  }
  return high;
}

RealMatrix Search::start(int which, double radius) const {
  RealMatrix displacement = RealMatrix::Zero(instance_.m(), instance_.d_in());
  if (which == 0) return displacement;  // the gradient at W decides
  for (Index r = 0; r < displacement.rows(); ++r)
    fill_normals(options_.seed + static_cast<std::uint64_t>(which), Stream::search, static_cast<std::uint64_t>(r),
                 {displacement.data() + r * displacement.cols(), static_cast<std::size_t>(displacement.cols())});
  constexpr double kShare = 0.3;
  return displacement * (kShare * radius / std::max(longest_row(displacement), 1e-300));
}

LowEigenvalue Search::run() {
  constexpr double kFirstRadius = 0.3, kLastRadius = 16;
  LowEigenvalue best{instance_.w, std::numeric_limits<double>::infinity(), false};
  RealMatrix displacement;
  const auto consider = [&](const RealMatrix& candidate) {
    const double t = crossing(candidate), radius = t * longest_row(candidate);
    if (!(radius < best.approx_radius)) return;
    displacement = t * candidate;
    best = {instance_.w + displacement, radius, true};
  };
  // A ray can miss what a larger ball holds.
  for (double radius = kFirstRadius; !best.found && radius < kLastRadius; radius *= 2)
    for (int which = 0; which < options_.starts; ++which) consider(descend(start(which, radius), radius));
  for (int round = 0; round < options_.rounds && best.found; ++round)
    consider(descend(displacement, best.approx_radius));
  return best;
}

}  // namespace

ApproxLeastEigenvalue approx_least_eigenvalue(const Instance& instance, const RealMatrix& w, bool from_jacobian) {
  return least_eigenvalue(instance, ApproxNetworks(instance), w, from_jacobian);
}

LowEigenvalue approx_lowering_weights(const Instance& instance, double wanted,
                                      const EigenvalueAdversaryOptions& options) {
  return Search(instance, wanted, options).run();
}

}  // namespace assay
