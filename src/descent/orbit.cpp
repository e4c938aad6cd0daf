#include "descent/orbit.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "enclosure/fast/spectral_norm.hpp"
#include "enclosure/norm.hpp"
#include "network/fast_network.hpp"

namespace assay {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Beyond this distance the bounds over the ball are too weak to be worth a step.
constexpr double kLargestDistance = 1;

std::size_t size(Index k) {
  return static_cast<std::size_t>(k);
}

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
  if (evaluate()) {
    renew_reference();
    record();
  }
}

bool Orbit::stop(std::string reason) {
  reason_ = std::move(reason);
  return false;
}

bool Orbit::evaluate() {
  return pass_.evaluate() || stop("the outputs of the network cannot be bounded in double (large logits)");
}

/// |J|_2 at W^, from the kernel.
void Orbit::renew_reference() {
  fast::StreamOptions options;
  options.threads = threads_;
  const auto sums = fast::network_sums(x_, pass_.neurons(), options);
  const double lambda = sums ? fast::upper_spectral_norm(fast::kernel(*sums, x_).symmetric()) : kInfinity;
  reference_ = inflated(std::sqrt(static_cast<double>(pass_.neurons().columns()) * lambda));
  drift_ = 0;
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

double Orbit::upper_jacobian() const {
  return inflated(reference_ + drift_ + upper_jacobian_change());
}

/// c_i = |x_i|^2 e^{2 rho_i} sum_l |e_{l,i}| (1 + |p_{l,i}|), upper bounds over the ball of radius eps.
std::vector<double> Orbit::curvature_weights() const {
  const Outputs& at = pass_.outputs();
  const double output_change = inflated(upper_jacobian() * distance_);
  std::vector<double> weights;
  for (Index i = 0; i < x_.rows(); ++i) {
    const double norm = pass_.upper_input_norm(i), rho = inflated(norm * distance_);
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
  if (!is_stable() && drift_ > 0.01 * reference_) renew_reference();
  const double jacobian = upper_jacobian(), at_computed = inflated(reference_ + drift_);
  const double linear = std::fmax(1, inflated(inflated(eta_ * inflated(jacobian * jacobian)) - 1));
  const double wrong_residual = upper_product(eta_, at_computed, upper_radius_norm(pass_.outputs().e));

  const Moved moved = pass_.move(eta_, curvature_weights());
  const double growth = inflated(linear + eta_ * moved.upper_curvature);
  distance_ = inflated(growth * distance_ + moved.upper_defect + wrong_residual);
  drift_ = inflated(drift_ + upper_lipschitz(moved.upper_length) * moved.upper_length);
  largest_move_ = moved.largest_move;
  if (!(distance_ <= kLargestDistance) || !std::isfinite(drift_))
    return stop(
        fmt::format("after {} steps nothing is known of the orbit but that it is within {:.1e} of the computed "
                    "one, each step having multiplied what is not known by up to {:.3g}",
                    tau() + 1, distance_, growth));
  if (!evaluate()) return false;
  record();
  return true;
}

double Orbit::upper_move_relative_to(std::span<const double> radii) const {
  const std::vector<double> moves = pass_.upper_moves();
  if (radii.size() != moves.size()) throw std::invalid_argument("Orbit: expected one radius for each neuron");
  double largest = 0;
  for (std::size_t r = 0; r < moves.size(); ++r) {
    if (!(radii[r] > 0)) throw std::invalid_argument("Orbit: expected radii > 0");
    largest = std::fmax(largest, inflated((moves[r] + distance_) / radii[r]));
  }
  return largest;
}

void Orbit::record() {
  OrbitStep step;
  step.tau = tau() + 1;
  step.residual_norm = norm(pass_.outputs().e);
  step.residual_norm.radius = inflated(step.residual_norm.radius + upper_jacobian() * distance_);
  step.upper_distance = distance_;
  const Ball move{largest_move_.middle, inflated(largest_move_.radius + distance_)};
  step.lower_largest_move = std::fmax(0, move.lower());
  step.upper_largest_move = move.upper();
  curve_.push_back(step);
}

}  // namespace assay
