#pragma once

#include <functional>

#include "diffusion/sampling.hpp"

namespace assay {

// What is here is plain double, without any bound: guesses for searches, and pictures. Same double everywhere except
// for what exp and log of the C library do.

/// f_*(t, x) and Cov(X_0 | X_t = x), nearly, for given alpha(t) and h(t) > 0.
struct ApproxPosterior {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};
ApproxPosterior approx_posterior(const DataLaw& law, double alpha, double h, const Eigen::VectorXd& x);

/// A score: grad log p_t(x), or what is learned in its place.
using ApproxScore = std::function<Eigen::VectorXd(double t, const Eigen::VectorXd& x)>;

/// (alpha f_* - x) / h from approx_posterior.
ApproxScore approx_score(const DataLaw& law, const Process& process);

enum class ReverseDynamics {
  stochastic,       ///< dX = (1/2 g X + g s) dt + sqrt(g) dB backwards in time, by Euler and Maruyama
  probability_flow  ///< dX = 1/2 g (X + s) dt backwards in time, by Heun's method
};

/// `count` samples of the reverse process from X_{t1} ~ N(0, I) down to t0, a row each: a picture only. Sample i uses
/// row i of the stream `reverse_noise`, so it depends on the seed and i alone.
///
/// Times are spaced geometrically, since the score changes at the scale h ~ t.
/// @throws std::invalid_argument unless 0 < t0 < t1, count >= 0 and steps >= 1.
RealMatrix approx_reverse_samples(const Process& process, const ApproxScore& score, Index d, double t0, double t1,
                                  Index count, Index steps, std::uint64_t seed, ReverseDynamics dynamics);

}  // namespace assay
