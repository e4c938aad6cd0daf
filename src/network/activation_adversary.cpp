#include "network/activation_adversary.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "network/adversary.hpp"

namespace assay {

namespace {

using Eigen::Index;
using Dense = Eigen::MatrixXd;

constexpr int kSteps = 10;
/// Moves stop so much short of the sphere that rounding the sum w + u keeps them inside, unless R is tiny beside |w|.
constexpr double kInside = 1 - 0x1p-30;

/// Rows of which it is not certain that they are in the ball go back to w.
void keep_inside(RealMatrix& w_tilde, const RealMatrix& w, const Interval& radius) {
  constexpr Bits kBits = 128;
  for (Index r = 0; r < w.rows(); ++r)
    if (!certainly_less_equal(largest_displacement(w_tilde.row(r), w.row(r), kBits), radius)) w_tilde.row(r) = w.row(r);
}

Dense approx_exponential_kernel(const Dense& gram, const Dense& e) {
  return gram.cwiseProduct(e * e.transpose()) / static_cast<double>(e.cols());
}

RealMatrix approx_worst_exponential(const Instance& instance, double radius) {
  const Dense gram = instance.x * instance.x.transpose();
  const auto exponentials = [&](const RealMatrix& w) -> Dense {
    return (instance.x * w.transpose()).array().exp().matrix();
  };
  const Dense start = exponentials(instance.w), center = approx_exponential_kernel(gram, start);
  RealMatrix best = instance.w, w = instance.w;
  double most = -1;
  Dense slope = center, e = start;
  for (int step = 0; step < kSteps; ++step) {
    // d <slope, H> = (2/m) sum_{i,r} e_{i,r} (slope o XX' e)_{i,r} <dw_r, x_i>
    const Dense by_z = e.cwiseProduct(slope.cwiseProduct(gram) * e);
    const RealMatrix gradient = by_z.transpose() * instance.x;
    w = instance.w;
    for (Index r = 0; r < w.rows(); ++r) {
      const double norm = gradient.row(r).norm();
      if (norm > 0 && std::isfinite(norm)) w.row(r) += gradient.row(r) * (radius * kInside / norm);
    }
    e = exponentials(w);
    slope = approx_exponential_kernel(gram, e) - center;
    if (!(slope.norm() > most * (1 + 1e-9))) break;
    most = slope.norm();
    best = w;
  }
  return best;
}

/// Moves of one neuron of a ReLU network, and what they are worth.
class ReluMoves {
 public:
  ReluMoves(const RealMatrix& x, double radius)
      : x_(x), gram_((x * x.transpose()).cwiseAbs()), norms_(x.rowwise().norm()), radius_(radius * kInside) {}

  /// The move that switches most: samples off where `down`, else on. No move if none is worth it.
  Eigen::RowVectorXd best(const Eigen::RowVectorXd& w, bool down) const {
    const Eigen::VectorXd z = x_ * w.transpose();
    Eigen::RowVectorXd best = Eigen::RowVectorXd::Zero(w.size()), together = best;
    double most = 0;
    const auto try_move = [&](const Eigen::RowVectorXd& u) {
      const double gain = gain_of(z, z + x_ * u.transpose(), down);
      if (gain > most) {
        most = gain;
        best = u;
      }
    };
    for (Index i = 0; i < x_.rows(); ++i) {
      if ((z(i) >= 0) != down || !(std::fabs(z(i)) <= radius_ * norms_(i)) || norms_(i) == 0) continue;
      const Eigen::RowVectorXd outward = (down ? -1 : 1) * x_.row(i) / norms_(i);
      together += outward;
      try_move(outward * radius_);
      // Just far enough.
      try_move(outward * std::min(radius_, std::fabs(z(i)) / norms_(i) * (1 + 1e-9) + 1e-300));
    }
    if (together.norm() > 0) try_move(together * (radius_ / together.norm()));
    return best;
  }

 private:
  /// sum of |<x_i, x_j>| over the pairs that change as wanted, less those that change the other way.
  double gain_of(const Eigen::VectorXd& before, const Eigen::VectorXd& after, bool down) const {
    double gain = 0;
    for (Index i = 0; i < x_.rows(); ++i)
      for (Index j = 0; j < x_.rows(); ++j) {
        const int was = before(i) >= 0 && before(j) >= 0 ? 1 : 0, is = after(i) >= 0 && after(j) >= 0 ? 1 : 0;
        gain += gram_(i, j) * (down ? was - is : is - was);
      }
    return gain;
  }

  const RealMatrix& x_;
  Dense gram_;
  Eigen::VectorXd norms_;
  double radius_;
};

Dense approx_relu_kernel(const Instance& instance, const RealMatrix& w) {
  const Dense on = ((instance.x * w.transpose()).array() >= 0).cast<double>().matrix();
  return approx_exponential_kernel(instance.x * instance.x.transpose(), on);
}

RealMatrix approx_worst_relu(const Instance& instance, double radius) {
  const ReluMoves moves(instance.x, radius);
  const Dense center = approx_relu_kernel(instance, instance.w);
  RealMatrix best = instance.w;
  double most = -1;
  for (const bool down : {true, false}) {
    RealMatrix w = instance.w;
    for (Index r = 0; r < w.rows(); ++r) w.row(r) += moves.best(instance.w.row(r), down);
    const double norm = (approx_relu_kernel(instance, w) - center).norm();
    if (norm > most) {
      most = norm;
      best = w;
    }
  }
  return best;
}

}  // namespace

RealMatrix approx_worst_weights(Activation activation, const Instance& instance, const Interval& radius) {
  if (activation == Activation::softmax)
    throw std::invalid_argument("approx_worst_weights: expected the exp or the ReLU network");
  const double reach = radius.lower_double();
  RealMatrix w = activation == Activation::exponential ? approx_worst_exponential(instance, reach)
                                                       : approx_worst_relu(instance, reach);
  keep_inside(w, instance.w, radius.lower());
  return w;
}

}  // namespace assay
