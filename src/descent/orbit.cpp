#include "descent/orbit.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "enclosure/ball.hpp"
#include "enclosure/fast/spectral_norm.hpp"
#include "enclosure/index.hpp"
#include "enclosure/norm.hpp"
#include "network/fast/network.hpp"

namespace assay {

namespace {

/// Beyond this distance the bounds over the ball are too weak to be worth a step.
constexpr double kLargestDistance = 1;
constexpr const char* kUnbounded = "the outputs of the network cannot be bounded in double (large logits)";

/// Upper bound of exp(t) for t >= 0.
double upper_exp(double t) {
  return t <= 100 ? exp(Interval(t, 53)).upper_double() : kInfinity;
}

/// Upper bound of the Euclidean norm of the radii.
double upper_radius_norm(const std::vector<Ball>& balls) {
  std::vector<double> radii;
  for (const Ball& ball : balls) radii.push_back(ball.radius);
  return upper_norm(radii);
}

Ball norm(const std::vector<Ball>& balls) {
  return euclidean_norm(balls);
}

}  // namespace

Orbit::Orbit(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons, double eta, int threads)
    : x_(x), y_(y), eta_(eta), threads_(threads), pass_(x, y, neurons, threads), identity_(identity()) {
  if (!(eta > 0) || !std::isfinite(eta)) throw std::invalid_argument("Orbit: expected a step eta > 0");
  if (!pass_.evaluate()) {
    stop(kUnbounded);
    return;
  }
  renew_reference();
  curve_.push_back(step_at(0, bounds_));
}

bool Orbit::stop(std::string reason) {
  reason_ = std::move(reason);
  return false;
}

/// |J|_2 at W^, from the kernel.
void Orbit::renew_reference() {
  StreamOptions options;
  options.threads = threads_;
  const auto sums = fast::network_sums(x_, pass_.neurons(), options);
  const double lambda = sums ? fast::upper_spectral_norm(fast::kernel(*sums, x_).symmetric()) : kInfinity;
  bounds_.reference = inflated(std::sqrt(static_cast<double>(pass_.neurons().columns()) * lambda));
  bounds_.drift = 0;
}

/// L over the ball of this radius around W^: q~ <= q e^{2 rho}, |p~ - p| <= rho.
double Orbit::upper_lipschitz(double radius) const {
  const Outputs& at = pass_.outputs();
  std::vector<double> terms;
  for (Index i = 0; i < x_.rows(); ++i) {
    const double norm = pass_.upper_input_norm(i), rho = inflated(norm * radius);
    const double q = upper_product(at.upper_q[size(i)], norm, norm, upper_exp(inflated(2 * rho)));
    for (Index l = 0; l < y_.cols(); ++l)
      terms.push_back(inflated(q * (1 + at.p[size(l * x_.rows() + i)].magnitude() + rho)));
  }
  return upper_norm(terms);
}

double Orbit::upper_jacobian(const Bounds& at) const {
  return inflated(at.reference + at.drift + upper_jacobian_change(at));
}

/// c_i = |x_i|^2 e^{2 rho_i} sum_l |e_{l,i}| (1 + |p_{l,i}|), upper bounds over the ball of radius eps.
std::vector<double> Orbit::curvature_weights() const {
  const Outputs& at = pass_.outputs();
  const double output_change = inflated(upper_jacobian() * bounds_.distance);
  std::vector<double> weights;
  for (Index i = 0; i < x_.rows(); ++i) {
    const double norm = pass_.upper_input_norm(i), rho = inflated(norm * bounds_.distance);
    double sum = 0;
    for (Index l = 0; l < y_.cols(); ++l) {
      const std::size_t cell = size(l * x_.rows() + i);
      sum = inflated(sum + (at.e[cell].magnitude() + output_change) * (1 + at.p[cell].magnitude() + rho));
    }
    weights.push_back(upper_product(sum, norm, norm, upper_exp(inflated(2 * rho))));
  }
  return weights;
}

bool Orbit::step() {
  if (!reason_.empty()) return false;
  const auto is_stable = [&] { return inflated(eta_ * inflated(upper_jacobian() * upper_jacobian())) <= 2; };
  if (!is_stable() && bounds_.drift > 0.01 * bounds_.reference) renew_reference();
  const double jacobian = upper_jacobian(), at_computed = inflated(bounds_.reference + bounds_.drift);
  // |I - eta J' J| <= max(1, eta |J|^2 - 1).
  const double linear = std::fmax(1, inflated(std::fmax(0, inflated(eta_ * inflated(jacobian * jacobian)) - 1)));
  const double wrong_residual = upper_product(eta_, at_computed, upper_radius_norm(pass_.outputs().e));

  OrbitPass::Attempt attempt(pass_);
  const Moved moved = pass_.move(eta_, curvature_weights());
  const double growth = inflated(linear + eta_ * moved.upper_curvature);
  const Bounds next{inflated(growth * bounds_.distance + moved.upper_defect + wrong_residual), bounds_.reference,
                    inflated(bounds_.drift + upper_lipschitz(moved.upper_length) * moved.upper_length),
                    moved.largest_move};
  if (!(next.distance <= kLargestDistance) || !std::isfinite(next.drift))
    return stop(
        fmt::format("after {} steps nothing is known of the orbit but that it is within {:.1e} of the computed "
                    "one, each step having multiplied what is not known by up to {:.3g}",
                    tau() + 1, next.distance, growth));
  if (!pass_.evaluate()) return stop(kUnbounded);
  curve_.push_back(step_at(tau() + 1, next));
  bounds_ = next;
  attempt.keep();
  return true;
}

double Orbit::upper_move_relative_to(std::span<const double> radii) const {
  const std::vector<double> moves = pass_.upper_moves();
  if (radii.size() != moves.size()) throw std::invalid_argument("Orbit: expected one radius for each neuron");
  double largest = 0;
  for (std::size_t r = 0; r < moves.size(); ++r) {
    if (!(radii[r] > 0)) throw std::invalid_argument("Orbit: expected radii > 0");
    largest = std::fmax(largest, inflated((moves[r] + bounds_.distance) / radii[r]));
  }
  return largest;
}

/// For the outputs as they are.
OrbitStep Orbit::step_at(long tau, const Bounds& at) const {
  OrbitStep step;
  step.tau = tau;
  step.residual_norm = norm(pass_.outputs().e);
  // No distance moves no output, also where the Jacobian has no bound.
  const double change = at.distance > 0 ? upper_jacobian(at) * at.distance : 0;
  step.residual_norm.radius = inflated(step.residual_norm.radius + change);
  step.upper_distance = at.distance;
  const Ball move{at.largest_move.middle, inflated(at.largest_move.radius + at.distance)};
  step.lower_largest_move = std::fmax(0, move.lower());
  step.upper_largest_move = move.upper();
  return step;
}

}  // namespace assay
