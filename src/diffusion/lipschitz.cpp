#include "diffusion/lipschitz.hpp"

#include <cmath>
#include <stdexcept>

#include "chance/draw.hpp"
#include "diffusion/approx_posterior.hpp"
#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/known.hpp"

namespace assay {
namespace {

constexpr Index most_pairs = 2000, search_steps = 200;

Interval squared_distance(const DataLaw& law, Index k, Index l, Bits bits) {
  Interval sum = Interval::from_integer(0, bits);
  for (Index j = 0; j < law.dimension(); ++j)
    sum += sqr(Interval(law.centers(k, j), bits) - Interval(law.centers(l, j), bits));
  return sum;
}

double approx_norm(const ApproxPosterior& posterior) {
  return approx_eigenvalues(posterior.covariance).maxCoeff();
}

}  // namespace

PosteriorLipschitz::PosteriorLipschitz(const DataLaw& law, const Process& process, Bits bits)
    : law_(law), process_(process), bits_(bits), diameter_squared_(Interval::from_integer(0, bits)) {
  for (Index k = 0; k < law.components(); ++k) {
    if (law.deviations.row(k) != law.deviations.row(0)) one_deviation_ = false;
    for (Index l = 0; l < k; ++l) {
      if (law.centers.row(k) == law.centers.row(l)) continue;
      const Interval squared = squared_distance(law, k, l, bits);
      diameter_squared_ = max(diameter_squared_, squared);
      if (!closest_ || certainly_less(squared.lower(), least_squared_)) {
        closest_ = {k, l};
        closest_squared_ = squared;
        least_squared_ = squared.lower();
      }
    }
  }
}

Interval PosteriorLipschitz::upper_covariance(const Interval& alpha, const Interval& h) const {
  if (!one_deviation_) return infinite(bits_);
  // h/s <= 1 shrinks differences least where the deviation is least.
  Interval within = Interval::from_integer(0, bits_), shrink = within;
  for (Index j = 0; j < law_.dimension(); ++j) {
    const Interval square = sqr(Interval(law_.deviations(0, j), bits_)), s = sqr(alpha) * square + h;
    within = max(within, h * square / s);
    shrink = max(shrink, h / s);
  }
  return within + sqr(shrink) * diameter_squared_ / 4;
}

/// The point of the line through alpha mu_k and alpha mu_l where a finite support has w_k = w_l:
/// alpha (mu_k + mu_l)/2 - (h/alpha) log(pi_k/pi_l) (mu_k - mu_l) / |mu_k - mu_l|^2.
IntervalVector PosteriorLipschitz::between(Index k, Index l, const Interval& alpha, const Interval& h) const {
  const IntervalVector log_weights = law_.log_weights(bits_);
  const Interval log_ratio = log_weights[static_cast<std::size_t>(k)] - log_weights[static_cast<std::size_t>(l)];
  const Interval shift = h / alpha * log_ratio / squared_distance(law_, k, l, bits_);
  IntervalVector x;
  for (Index j = 0; j < law_.dimension(); ++j) {
    const Interval first(law_.centers(k, j), bits_), second(law_.centers(l, j), bits_);
    x.push_back(alpha * (first + second) / 2 - shift * (first - second));
  }
  return x;
}

/// Points between pairs, where both are equally likely, then random steps from the best.
Eigen::VectorXd PosteriorLipschitz::approx_worst_point(double alpha, double h) const {
  const Index count = law_.components(), d = law_.dimension();
  Eigen::VectorXd best = alpha * law_.centers.row(0).transpose();
  double best_norm = approx_norm(approx_posterior(law_, alpha, h, best));
  const auto consider = [&](const Eigen::VectorXd& x) {
    const double norm = approx_norm(approx_posterior(law_, alpha, h, x));
    const bool better = norm > best_norm;
    if (better) best = x, best_norm = norm;
    return better;
  };
  const auto log_weight = [&](Index k) {
    return std::log(law_.weights[static_cast<std::size_t>(k)].at(64).approx_double());
  };
  const Index stride = std::max<Index>(1, count * (count - 1) / 2 / most_pairs);
  Index number = 0;
  for (Index k = 0; k < count; ++k) {
    for (Index l = 0; l < k; ++l) {
      if (number++ % stride != 0) continue;
      const Eigen::VectorXd step = (law_.centers.row(k) - law_.centers.row(l)).transpose();
      if (step.squaredNorm() == 0) continue;
      const Eigen::VectorXd middle = alpha / 2 * (law_.centers.row(k) + law_.centers.row(l)).transpose();
      consider(middle - h / alpha * (log_weight(k) - log_weight(l)) / step.squaredNorm() * step);
      consider(middle);
    }
  }
  double reach = std::sqrt(h);
  for (Index step = 0; step < search_steps; ++step) {
    Eigen::VectorXd x = best;
    for (Index j = 0; j < d; ++j)
      x(j) += reach * normal_entry(1, Stream::search, static_cast<std::uint64_t>(step), static_cast<std::uint64_t>(j));
    reach *= consider(x) ? 1.5 : 0.9;
  }
  return best;
}

Interval PosteriorLipschitz::at(const Interval& t) const {
  const NoisedLaw noised(law_, process_, t);
  const Interval factor = noised.alpha() / noised.h();
  const Interval above = factor * upper_covariance(noised.alpha(), noised.h());
  Interval below = Interval::from_integer(0, bits_);
  const auto consider = [&](const IntervalVector& x) {
    below = max(below, factor * nonnegative_part(enclose_lambda_max(noised.posterior_covariance(x), 0x1p-20, bits_)));
  };
  const Eigen::VectorXd x = approx_worst_point(noised.alpha().approx_double(), noised.h().approx_double());
  consider(exact_point({x.data(), static_cast<std::size_t>(x.size())}, bits_));
  if (closest_) consider(between(closest_->first, closest_->second, noised.alpha(), noised.h()));
  return hull(min(below, above).lower(), above.upper());
}

std::optional<Interval> PosteriorLipschitz::blow_up(const Interval& t1) const {
  const NoisedLaw noised(law_, process_, t1);
  if (!law_.finite_support() || !closest_) return std::nullopt;
  Interval first, second, others, total;
  for (Index j = 0; j < law_.components(); ++j) {
    const Interval weight = law_.weights[static_cast<std::size_t>(j)].at(bits_);
    const bool of_first = law_.centers.row(j) == law_.centers.row(closest_->first);
    const bool of_second = law_.centers.row(j) == law_.centers.row(closest_->second);
    (of_first ? first : of_second ? second : others) += weight;
    total += weight;
  }
  first /= total, second /= total, others /= total;
  const Interval start = Interval::from_integer(0, bits_);
  const Interval farther = exp(-sqr(noised.alpha()) * (least_squared_ * 2 - closest_squared_) / (noised.h() * 4));
  const Interval share = first * second / sqr(first + second + others * farther);
  return (noised.alpha() / process_.sup_g(start, t1) * closest_squared_ * share).lower();
}

}  // namespace assay
