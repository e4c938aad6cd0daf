#pragma once

#include <string>
#include <vector>

#include "data/instance.hpp"
#include "diffusion/process.hpp"
#include "enclosure/matrix.hpp"

namespace assay {

/// A law of X_0 whose posterior mean has a closed form: p_0 = sum_k pi_k N(mu_k, diag(c_k)^2), where a deviation 0
/// stands for a point mass. With all deviations 0 the law has finite support, sum_k pi_k delta_{mu_k}.
struct DataLaw {
  RealMatrix centers;            ///< mu, K x d, exact numbers
  RealMatrix deviations;         ///< c >= 0, K x d, exact numbers
  std::vector<Decimal> weights;  ///< proportional to pi, positive; they are divided by their exact sum

  Index components() const { return centers.rows(); }
  Index dimension() const { return centers.cols(); }
  /// Every deviation is 0.
  bool finite_support() const;
  /// log pi_k.
  IntervalVector log_weights(Bits bits) const;
};

/// The uniform law on the rows, with multiplicity. @throws std::invalid_argument without rows or columns, or if an
/// entry is not finite.
DataLaw uniform_on_rows(const RealMatrix& points);
/// sum_k pi_k delta_{mu_k}; @throws std::invalid_argument unless there is one positive weight per row.
DataLaw finite_support(const RealMatrix& points, const std::vector<Decimal>& weights);
/// sum_k pi_k N(mu_k, diag(c_k)^2); @throws std::invalid_argument also unless the deviations have the centers' shape,
/// are finite and >= 0.
DataLaw gaussian_mixture(const RealMatrix& centers, const RealMatrix& deviations, const std::vector<Decimal>& weights);

/// The law of X_t, and what X_t = x says about X_0, at one time t > 0.
///
///   X_t | k ~ N(alpha mu_k, diag(s_k)),   s_k = alpha^2 c_k^2 + h
///   w_k(x) = pi_k p(x | k) / p_t(x)                              (posterior weights)
///   E[X_0 | k, x] = (h mu_k + alpha c_k^2 x) / s_k,  Var[X_0 | k, x] = h c_k^2 / s_k   (entry by entry)
///
/// Every value is an enclosure for every x (and t) in the given intervals, any dimension. Weights are formed from
/// differences to the most likely component, so that nothing over- or underflows and points x cost only rounding,
/// however small h is. For x of positive width the enclosures are tight only as far as x's width is below sqrt(h).
/// All throw std::invalid_argument if x has not d entries.
class NoisedLaw {
 public:
  /// @param t  certainly > 0; its precision is that of all results.
  /// @throws std::invalid_argument if t is not certainly positive or not a time of the process.
  /// @cost  K d interval operations.
  NoisedLaw(const DataLaw& law, const Process& process, const Interval& t);

  const Interval& alpha() const { return alpha_; }
  const Interval& h() const { return h_; }
  Index dimension() const { return centers_.cols(); }

  /// w_k(x), one per component. @cost K d operations and K exponentials.
  IntervalVector posterior_weights(std::span<const Interval> x) const;
  /// log p_t(x) and p_t(x).
  Interval log_density(std::span<const Interval> x) const;
  Interval density(std::span<const Interval> x) const;
  /// f_*(t, x) = E[X_0 | X_t = x].
  IntervalVector posterior_mean(std::span<const Interval> x) const;
  /// grad log p_t(x) = (alpha f_*(t, x) - x) / h.
  IntervalVector score(std::span<const Interval> x) const;
  /// Cov(X_0 | X_t = x), d x d; the Jacobian of f_*(t, .) at x is alpha / h times it. @cost K^2 d^2 operations.
  IntervalMatrix posterior_covariance(std::span<const Interval> x) const;

 private:
  struct Posterior;
  Posterior posterior(std::span<const Interval> x) const;
  Index likeliest(std::span<const Interval> x) const;
  Interval log_ratio(Index k, Index reference, std::span<const Interval> x) const;
  Interval log_component(Index k, std::span<const Interval> x) const;
  Interval component_mean(Index k, Index j, const Interval& x) const;
  void check(std::span<const Interval> x, const char* function) const;

  Bits bits_;
  Interval alpha_, h_;
  IntervalVector log_weights_;
  RealMatrix deviations_;                      // c
  IntervalMatrix centers_, squares_, spread_;  // mu, c^2, s
  bool points_;
};

/// x as enclosures of one point each.
IntervalVector exact_point(std::span<const double> x, Bits bits);

}  // namespace assay
