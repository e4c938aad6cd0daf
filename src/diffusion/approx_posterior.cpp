#include "diffusion/approx_posterior.hpp"

#include <cmath>
#include <stdexcept>

#include "chance/draw.hpp"

namespace assay {
namespace {

constexpr Bits time_bits = 64;

/// log w_k up to a common constant.
Eigen::ArrayXd log_likelihoods(const DataLaw& law, double alpha, double h, const Eigen::VectorXd& x) {
  Eigen::ArrayXd result(law.components());
  for (Index k = 0; k < law.components(); ++k) {
    double value = std::log(law.weights[static_cast<std::size_t>(k)].at(time_bits).approx_double());
    for (Index j = 0; j < law.dimension(); ++j) {
      const double c = law.deviations(k, j), s = alpha * alpha * c * c + h, away = x(j) - alpha * law.centers(k, j);
      value -= (away * away / s + std::log(s)) / 2;
    }
    result(k) = value;
  }
  return result;
}

Eigen::VectorXd drawn_normals(std::uint64_t seed, std::uint64_t row, Index first, Index d) {
  Eigen::VectorXd result(d);
  for (Index j = 0; j < d; ++j)
    result(j) = normal_entry(seed, Stream::reverse_noise, row, static_cast<std::uint64_t>(first + j));
  return result;
}

/// One sample's way from t1 to t0 along the given times.
Eigen::VectorXd follow(const std::vector<double>& times, const std::vector<double>& rates, const ApproxScore& score,
                       Eigen::VectorXd x, std::uint64_t seed, std::uint64_t row, ReverseDynamics dynamics) {
  const auto flow = [&](std::size_t step, const Eigen::VectorXd& at) -> Eigen::VectorXd {
    return rates[step] / 2 * (at + score(times[step], at));
  };
  for (std::size_t step = 0; step + 1 < times.size(); ++step) {
    const double dt = times[step] - times[step + 1], g = rates[step];
    if (dynamics == ReverseDynamics::stochastic) {
      const Eigen::VectorXd noise = drawn_normals(seed, row, static_cast<Index>(step + 1) * x.size(), x.size());
      const Eigen::VectorXd drift = g * (x / 2 + score(times[step], x));
      x += dt * drift + std::sqrt(g * dt) * noise;
    } else {
      const Eigen::VectorXd first = flow(step, x);
      x += dt / 2 * (first + flow(step + 1, x + dt * first));
    }
  }
  return x;
}

}  // namespace

ApproxPosterior approx_posterior(const DataLaw& law, double alpha, double h, const Eigen::VectorXd& x) {
  Eigen::ArrayXd w = log_likelihoods(law, alpha, h, x);
  w = (w - w.maxCoeff()).exp();
  w /= w.sum();
  const Index d = law.dimension();
  ApproxPosterior result{Eigen::VectorXd::Zero(d), Eigen::MatrixXd::Zero(d, d)};
  RealMatrix means(law.components(), d);
  for (Index k = 0; k < law.components(); ++k) {
    const Eigen::ArrayXd c2 = law.deviations.row(k).transpose().array().square(), s = alpha * alpha * c2 + h;
    const Eigen::ArrayXd mean = (h * law.centers.row(k).transpose().array() + alpha * c2 * x.array()) / s;
    means.row(k) = mean.matrix().transpose();
    result.mean += w(k) * mean.matrix();
    result.covariance.diagonal() += (w(k) * h * c2 / s).matrix();
  }
  for (Index k = 0; k < law.components(); ++k) {
    const Eigen::VectorXd away = means.row(k).transpose() - result.mean;
    result.covariance += w(k) * away * away.transpose();
  }
  return result;
}

ApproxScore approx_score(const DataLaw& law, const Process& process) {
  return [law, process](double t, const Eigen::VectorXd& x) -> Eigen::VectorXd {
    const Interval time(t, time_bits);
    const double alpha = process.alpha(time).approx_double(), h = process.h(time).approx_double();
    return (alpha * approx_posterior(law, alpha, h, x).mean - x) / h;
  };
}

RealMatrix approx_reverse_samples(const Process& process, const ApproxScore& score, Index d, double t0, double t1,
                                  Index count, Index steps, std::uint64_t seed, ReverseDynamics dynamics) {
  if (!(t0 > 0 && t0 < t1) || count < 0 || steps < 1)
    throw std::invalid_argument("approx_reverse_samples: expected 0 < t0 < t1, count >= 0 and steps >= 1");
  std::vector<double> times, rates;
  for (Index step = 0; step <= steps; ++step) {
    const double share = static_cast<double>(step) / static_cast<double>(steps);
    times.push_back(step == steps ? t0 : t1 * std::pow(t0 / t1, share));
    rates.push_back(process.g(Interval(times.back(), time_bits)).approx_double());
  }
  RealMatrix result(count, d);
  for (Index i = 0; i < count; ++i) {
    const auto row = static_cast<std::uint64_t>(i);
    const Eigen::VectorXd start = drawn_normals(seed, row, 0, d);
    result.row(i) = follow(times, rates, score, start, seed, row, dynamics).transpose();
  }
  return result;
}

}  // namespace assay
