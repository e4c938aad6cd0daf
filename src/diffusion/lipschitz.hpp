#pragma once

#include <optional>

#include "diffusion/law.hpp"

namespace assay {

/// The best Lipschitz constant of f_*(t, .), Assumption 6.4: beta_x(t) = (alpha/h) sup_x |Cov(X_0 | X_t = x)|_2, which
/// is the supremum of the norm of its Jacobian.
class PosteriorLipschitz {
 public:
  /// @cost  K^2 d interval operations for the distances.
  PosteriorLipschitz(const DataLaw& law, const Process& process, Bits bits);

  /// beta_x(t), from both sides.
  ///
  ///   above: with one deviation c per entry for all components, m_k - m_l = (h/s)(mu_k - mu_l), and a law within a
  ///          set of diameter D has a covariance of norm <= D^2/4 (Popoviciu, direction by direction):
  ///          sup |Cov| <= max_j h c_j^2 / s_j + max_j (h/s_j)^2 max_{k,l} |mu_k - mu_l|^2 / 4;
  ///          infinite, that is no bound, if deviations differ between components;
  ///   below: |Cov| at explicit points x: between the closest two components, where both are equally likely, and at
  ///          the best that a search in double finds between pairs and around them.
  ///
  /// For two points of a finite support both are (alpha/h) |mu_1 - mu_2|^2 / 4; more points leave a gap.
  /// @throws std::invalid_argument unless t is certainly > 0 and a time of the process.
  /// @cost   about min(K^2/2, 2000) approximate covariances and one enclosed one, K^2 d^2.
  Interval at(const Interval& t) const;

  /// c > 0 with beta_x(t) >= c / t for every 0 < t <= t1: a proof of the blow-up as t -> 0. Finite support only; with
  /// mu_k, mu_l the closest distinct points, delta their distance, P_k, P_l their weights (with multiplicity) and Q the
  /// rest's,
  ///
  ///   c = alpha(t1) / sup_{[0,t1]} g * delta^2 P_k P_l / (P_k + P_l + Q exp(-alpha(t1)^2 delta^2 / (4 h(t1))))^2
  ///
  /// (delta^2 in the exponent is 2 delta_min^2 - delta^2 if rounding leaves open which pair is the closest.)
  ///
  /// Proof: at x = alpha (mu_k + mu_l)/2 every other mu_j has |mu_j - x/alpha|^2 >= 3/4 delta^2, against delta^2/4 of
  /// the pair; alpha and alpha^2/h fall with t, and h(t) <= t sup g.
  /// @return  the lower end of c; nullopt if the support is not finite or is one point only.
  /// @throws std::invalid_argument unless t1 is certainly > 0 and a time of the process.
  [[nodiscard]] std::optional<Interval> blow_up(const Interval& t1) const;

 private:
  Interval upper_covariance(const Interval& alpha, const Interval& h) const;
  Eigen::VectorXd approx_worst_point(double alpha, double h) const;
  IntervalVector between(Index k, Index l, const Interval& alpha, const Interval& h) const;

  DataLaw law_;
  Process process_;
  Bits bits_;
  bool one_deviation_ = true;  ///< per entry, for all components
  Interval diameter_squared_;
  std::optional<std::pair<Index, Index>> closest_;
  Interval closest_squared_, least_squared_;  ///< of the closest pair; a lower bound for all
};

}  // namespace assay
