#include "network/search/adversary.hpp"

#include <cmath>
#include <stdexcept>

#include "chance/draw.hpp"
#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/matrix.hpp"
#include "enclosure/stop.hpp"
#include "network/search/approx_network.hpp"

namespace assay {

namespace {

using Dense = Eigen::MatrixXd;

/// The matrix C with d |D| = <C, dH>, up to a positive factor; and |D|.
double norm_and_slope(const Dense& difference, KernelNorm norm, Dense& slope) {
  if (norm == KernelNorm::frobenius) {
    slope = difference;
    return difference.norm();
  }
  const ApproxEigenpairs pairs = approx_eigenpairs(difference);
  const Index last = difference.rows() - 1;
  const bool top = std::abs(pairs.values(last)) >= std::abs(pairs.values(0));
  const Eigen::VectorXd v = pairs.vectors.col(top ? last : 0);
  slope = (top ? 1.0 : -1.0) * v * v.transpose();
  return std::abs(pairs.values(top ? last : 0));
}

/// Every row of `direction` scaled to length `radius`; zero rows stay.
RealMatrix extreme_point(const RealMatrix& w, const RealMatrix& direction, double radius) {
  RealMatrix result = w;
  for (Index r = 0; r < w.rows(); ++r) {
    const double norm = direction.row(r).norm();
    if (norm > 0 && std::isfinite(norm)) result.row(r) += direction.row(r) * (radius / norm);
  }
  return result;
}

RealMatrix random_direction(const Instance& instance, std::uint64_t seed) {
  RealMatrix direction(instance.m(), instance.d_in());
  for (Index r = 0; r < direction.rows(); ++r)
    fill_normals(seed, Stream::search, static_cast<std::uint64_t>(r),
                 {direction.data() + r * direction.cols(), static_cast<std::size_t>(direction.cols())});
  return direction;
}

struct Ascent {
  RealMatrix w;
  double norm = -1;
};

Ascent ascend(const Instance& instance, const ApproxNetworks& networks, const Dense& center, double radius,
              const AdversaryOptions& options, int start) {
  RealMatrix w =
      extreme_point(instance.w, random_direction(instance, options.seed + static_cast<std::uint64_t>(start)), radius);
  Ascent best{w};  // also where no norm is a number
  for (int step = 0; step < options.steps; ++step) {
    leave_if_stopped();
    const ApproxNetwork at = networks.at(w);
    Dense slope;
    const double norm = norm_and_slope(at.h - center, options.norm, slope);
    const bool gained = norm > best.norm * (1 + 1e-9);
    if (norm > best.norm) best = {w, norm};
    if (!gained) break;
    w = extreme_point(instance.w, networks.gradient(at, slope), radius);
  }
  return best;
}

}  // namespace

void pull_inside(RealMatrix& w_tilde, const RealMatrix& w, const Interval& radius) {
  constexpr Bits kBits = 128;
  constexpr int kAttempts = 50;
  // Differences and norms in double are off by a few units in the last place, and those that underflow are far below.
  const double clear = radius.lower_double() / (1 + static_cast<double>(w.cols() + 8) * 0x1p-51) - 0x1p-500;
  const auto inside = [&](Index r) {
    if ((w_tilde.row(r) - w.row(r)).norm() <= clear) return true;
    return certainly_less_equal(largest_displacement(w_tilde.row(r), w.row(r), kBits), radius);
  };
  for (Index r = 0; r < w.rows(); ++r) {
    // A step on the sphere itself goes so far inward that doubles tell that it is in the ball.
    if (!inside(r)) w_tilde.row(r) = w.row(r) + (1 - 0x1p-40) * (w_tilde.row(r) - w.row(r));
    for (int attempt = 0; attempt < kAttempts && !inside(r); ++attempt) {
      const double shrink = 1 - std::ldexp(1.0, attempt - 52);
      w_tilde.row(r) = w.row(r) + shrink * (w_tilde.row(r) - w.row(r));
    }
    if (!inside(r)) w_tilde.row(r) = w.row(r);
  }
}

RealMatrix approx_worst_weights(const Instance& instance, const Interval& radius, const AdversaryOptions& options) {
  const ApproxNetworks networks(instance);
  const Dense center = networks.at(instance.w).h;
  Ascent best;
  for (int start = 0; start < options.starts; ++start) {
    Ascent ascent = ascend(instance, networks, center, radius.lower_double(), options, start);
    if (ascent.norm > best.norm) best = std::move(ascent);
  }
  if (best.norm < 0) best.w = instance.w;
  pull_inside(best.w, instance.w, radius.lower());
  return best.w;
}

Interval largest_displacement(const RealMatrix& w_tilde, const RealMatrix& w, Bits bits) {
  if (w_tilde.rows() != w.rows() || w_tilde.cols() != w.cols())
    throw std::invalid_argument("largest_displacement: expected weight matrices of one shape");
  Interval largest = Interval::from_integer(0, bits);
  for (Index r = 0; r < w.rows(); ++r) {
    Interval sum = Interval::from_integer(0, bits);
    for (Index k = 0; k < w.cols(); ++k)
      sum += sqr(Interval(w_tilde(r, k), 53).rounded_to(bits) - Interval(w(r, k), 53));
    largest = max(largest, sqrt(sum));
  }
  return largest;
}

}  // namespace assay
