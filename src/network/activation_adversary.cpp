#include "network/activation_adversary.hpp"

#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "network/adversary.hpp"

namespace assay {

namespace {

using Eigen::Index;
using Dense = Eigen::MatrixXd;

constexpr int kSteps = 12;
/// Moves stop so much short of the sphere that rounding the sum w + u keeps them inside, unless R is tiny beside |w|.
constexpr double kInside = 1 - 0x1p-30;

void require_comparison_network(Activation activation) {
  if (activation == Activation::softmax)
    throw std::invalid_argument("activation_adversary: expected the exp or the ReLU network");
}

/// Rows of which it is not certain that they are in the ball go back to w.
void keep_inside(RealMatrix& w_tilde, const RealMatrix& w, const Interval& radius) {
  constexpr Bits kBits = 128;
  // Differences and norms in double are off by a few units in the last place.
  const double clear = radius.lower_double() / (1 + static_cast<double>(w.cols() + 8) * 0x1p-51);
  for (Index r = 0; r < w.rows(); ++r)
    if (!((w_tilde.row(r) - w.row(r)).norm() <= clear) &&
        !certainly_less_equal(largest_displacement(w_tilde.row(r), w.row(r), kBits), radius))
      w_tilde.row(r) = w.row(r);
}

/// phi'(<w_r, x_i>), n x m.
Dense features(Activation activation, const Instance& instance, const RealMatrix& w) {
  const Dense z = instance.x * w.transpose();
  if (activation == Activation::relu) return (z.array() >= 0).cast<double>().matrix();
  return z.array().exp().matrix();
}

Dense approx_kernel(Activation activation, const Instance& instance, const RealMatrix& w) {
  const Dense e = features(activation, instance, w);
  return (instance.x * instance.x.transpose()).cwiseProduct(e * e.transpose()) / static_cast<double>(w.rows());
}

/// What is to grow: the derivative of the objective by H, and the objective. Large is good.
struct Objective {
  Dense slope;
  double value = 0;
};
using Judge = std::function<Objective(const Dense& kernel)>;

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

/// Conditional gradient: the weights go towards the points of their balls that are extreme in the direction of the
/// gradient, all the way (for a convex objective), or by 2/3, 2/4, ... of it (for a concave one with kinks).
RealMatrix ascend_exponential(const Instance& instance, double radius, const Judge& judge, bool all_the_way) {
  const Dense gram = instance.x * instance.x.transpose();
  RealMatrix best = instance.w, w = instance.w;
  Objective at = judge(approx_kernel(Activation::exponential, instance, w));
  double most = at.value;
  for (int step = 0; step < kSteps; ++step) {
    // d <slope, H> = (2/m) sum_{i,r} e_{i,r} ((slope o XX') e)_{i,r} <dw_r, x_i>
    const Dense e = features(Activation::exponential, instance, w);
    const RealMatrix gradient = e.cwiseProduct(at.slope.cwiseProduct(gram) * e).transpose() * instance.x;
    const double stride = all_the_way ? 1 : 2.0 / (step + 2);
    w = (1 - stride) * w + stride * instance.w;
    for (Index r = 0; r < w.rows(); ++r) {
      const double norm = gradient.row(r).norm();
      if (norm > 0 && std::isfinite(norm)) w.row(r) += gradient.row(r) * (stride * radius * kInside / norm);
    }
    at = judge(approx_kernel(Activation::exponential, instance, w));
    if (!(at.value > most)) {
      if (all_the_way) break;
      continue;
    }
    most = at.value;
    best = w;
  }
  return best;
}

/// Moves of one neuron of a ReLU network, and what they are worth.
class ReluMoves {
 public:
  /// @param worth  n x n: gained for each pair of samples that becomes active together, lost where it ceases to be.
  ReluMoves(const RealMatrix& x, double radius, Dense worth)
      : x_(x), worth_(std::move(worth)), norms_(x.rowwise().norm()), radius_(radius * kInside) {}

  /// The best of the moves that switch one sample, with full and with least strength, and those that switch all that
  /// can be switched off, or on. No move if none gains.
  Eigen::RowVectorXd best(const Eigen::RowVectorXd& w) const {
    const Eigen::VectorXd z = x_ * w.transpose();
    if (!(z.cwiseAbs().array() <= radius_ * norms_.array()).any()) return Eigen::RowVectorXd::Zero(w.size());
    const Active before(z, worth_);
    Eigen::RowVectorXd best = Eigen::RowVectorXd::Zero(w.size()), off = best, on = best;
    double most = 0;
    const auto try_move = [&](const Eigen::RowVectorXd& u) {
      const double gain = before.gain(z + x_ * u.transpose(), worth_);
      if (gain <= most) return;
      most = gain;
      best = u;
    };
    for (Index i = 0; i < x_.rows(); ++i) {
      if (!(std::fabs(z(i)) <= radius_ * norms_(i)) || norms_(i) == 0) continue;
      const Eigen::RowVectorXd outward = (z(i) >= 0 ? -1 : 1) * x_.row(i) / norms_(i);
      (z(i) >= 0 ? off : on) += outward;
      try_move(outward * radius_);
      try_move(outward * std::min(radius_, std::fabs(z(i)) / norms_(i) * (1 + 1e-9) + 1e-300));
    }
    for (const Eigen::RowVectorXd& together : {off, on})
      if (together.norm() > 0) try_move(together * (radius_ / together.norm()));
    return best;
  }

 private:
  /// Who is active at the logits z, and what each is worth together with them: a move costs n for each sample that it
  /// switches.
  struct Active {
    Eigen::VectorXd active, weighted;

    Active(const Eigen::VectorXd& z, const Dense& worth)
        : active((z.array() >= 0).cast<double>().matrix()), weighted(worth * active) {}

    /// (a + d)' C (a + d) - a' C a for the changes d that lead to the logits `moved`.
    double gain(const Eigen::VectorXd& moved, const Dense& worth) const {
      double gain = 0;
      std::vector<Index> switched;
      const auto change = [&](Index i) { return active(i) > 0 ? -1.0 : 1.0; };
      for (Index i = 0; i < moved.size(); ++i) {
        if ((moved(i) >= 0) == (active(i) > 0)) continue;
        gain += 2 * change(i) * weighted(i) + worth(i, i);
        for (const Index j : switched) gain += 2 * change(i) * change(j) * worth(i, j);
        switched.push_back(i);
      }
      return gain;
    }
  };

  const RealMatrix& x_;
  Dense worth_;
  Eigen::VectorXd norms_;
  double radius_;
};

RealMatrix move_relu(const Instance& instance, double radius, const Dense& worth) {
  const ReluMoves moves(instance.x, radius, worth);
  RealMatrix w = instance.w;
  for (Index r = 0; r < w.rows(); ++r) w.row(r) += moves.best(instance.w.row(r));
  return w;
}

/// All entries down, or all up: the better of the two.
RealMatrix farthest_relu(const Instance& instance, double radius, const Judge& judge) {
  const Dense magnitude = (instance.x * instance.x.transpose()).cwiseAbs();
  const RealMatrix down = move_relu(instance, radius, -magnitude), up = move_relu(instance, radius, magnitude);
  const auto value = [&](const RealMatrix& w) { return judge(approx_kernel(Activation::relu, instance, w)).value; };
  return value(down) >= value(up) ? down : up;
}

/// Moves against v'Hv for one eigenvector after another.
RealMatrix lowest_relu(const Instance& instance, double radius) {
  const Dense gram = instance.x * instance.x.transpose();
  RealMatrix best = instance.w;
  Objective at = minus_lambda_min(approx_kernel(Activation::relu, instance, best));
  double most = at.value;
  for (int step = 0; step < kSteps; ++step) {
    const RealMatrix w = move_relu(instance, radius, at.slope.cwiseProduct(gram));
    at = minus_lambda_min(approx_kernel(Activation::relu, instance, w));
    if (!(at.value > most)) break;
    most = at.value;
    best = w;
  }
  return best;
}

}  // namespace

RealMatrix approx_worst_weights(Activation activation, const Instance& instance, const Interval& radius) {
  require_comparison_network(activation);
  const Judge judge = distance_from(approx_kernel(activation, instance, instance.w));
  const double reach = radius.lower_double();
  RealMatrix w = activation == Activation::exponential ? ascend_exponential(instance, reach, judge, true)
                                                       : farthest_relu(instance, reach, judge);
  keep_inside(w, instance.w, radius.lower());
  return w;
}

RealMatrix approx_lowering_weights(Activation activation, const Instance& instance, const Interval& radius) {
  require_comparison_network(activation);
  const double reach = radius.lower_double();
  RealMatrix w = activation == Activation::exponential ? ascend_exponential(instance, reach, minus_lambda_min, false)
                                                       : lowest_relu(instance, reach);
  keep_inside(w, instance.w, radius.lower());
  return w;
}

double approx_lambda_min(Activation activation, const Instance& instance, const RealMatrix& w) {
  require_comparison_network(activation);
  return -minus_lambda_min(approx_kernel(activation, instance, w)).value;
}

}  // namespace assay
