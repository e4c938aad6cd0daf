#pragma once

#include <functional>
#include <optional>

#include "enclosure/known.hpp"
#include "enclosure/matrix.hpp"

namespace assay {

/// How far the kernel H(0) of a paired softmax network of width m = 2 M is from its limit I_d (x) K_inf, from moments
/// in closed form: no sampling.
///
/// With the M independent pairs r, e_{i,r} = exp(<w_r, x_i> - sigma^2 |x_i|^2 / 2) and mean_i = (1/M) sum_r e_{i,r},
///
///   H_{(l,i),(k,j)} = N_{(l,i),(k,j)} / (mean_i mean_j),   N = <x_i, x_j> (1/M) sum_r a_{l,r} a_{k,r} e_{i,r} e_{j,r}
///   E e_i = 1,   E N = I_d (x) K_inf,   E prod_i e_i^{k_i} = exp(sigma^2 / 2 (|sum_i k_i x_i|^2 - sum_i k_i |x_i|^2))
///
/// All bounds are decreasing in m for a fixed delta, so what one evaluation proves at m holds at every larger width.
/// The proofs are in theorems/infinite_width/card.md.
class KernelConcentration {
 public:
  /// @param gram   <x_i, x_j>, n x n, of exact inputs.
  /// @param sigma  > 0. @param d  number of outputs, >= 1.
  /// @cost  about n^4 products, for the second moment of the whitened kernel: of intervals where n < 24 or doubles do not
  /// suffice and n <= 128; with more rows the moment stays unknown there.
  KernelConcentration(const IntervalMatrix& gram, const Interval& sigma, Index d);

  /// t with P(|H(0) - I_d (x) K_inf|_F > t) <= delta; infinite where m is too small for a bound.
  ///
  ///   t = (s + sqrt(d) max|K_inf| u^2) / (1 - v)^2,  s^2 = variance / (0.9 delta M),  u^2 = sum_i var e_i / (0.05
  ///   delta M),  v^2 = 2 max_i E e_i^2 log(n / 0.05 delta) / M
  /// As a formula, enclosed; P(... > its upper end) <= delta too.
  Interval upper_distance(const Interval& m, const Interval& delta) const;

  /// c >= 0 with P(lambda_min(H(0)) >= c lambda_min(K_inf)) >= 1 - delta. 0 where m is too small or the precision too
  /// low for a positive one. (Nothing is said of the order of the two matrices.)
  AtLeast lower_fraction(const Interval& m, const Interval& delta) const;

  /// M E |N - I_d (x) K_inf - (first order of the means)|_F^2: the variance of the linear part of H(0) - I_d (x) K_inf.
  const Interval& variance() const { return variance_; }
  /// lambda_max(E B^2) / lambda_min(E B)^2 for B = S N_r S', S near the inverse square root of I_d (x) K_inf: about
  /// lambda_max(E N_r K^-1 N_r K^-1). Infinite where the precision is too low for such an S.
  const Interval& whitened_second_moment() const { return whitened_; }
  /// |mean_i - 1| <= above / below with probability >= 1 - delta for all i at once.
  Interval upper_excess_of_means(const Interval& m, const Interval& delta) const;
  Interval upper_deficit_of_means(const Interval& m, const Interval& delta) const;

 private:
  Interval second_moment_of_whitened() const;
  Interval second_moment_in_doubles() const;

  Index n_, d_;
  Bits bits_;
  Interval sigma_;
  IntervalMatrix gram_;
  IntervalMatrix pair_;   ///< E e_i e_j = exp(sigma^2 <x_i, x_j>)
  IntervalMatrix limit_;  ///< K_inf
  Interval variance_, variance_of_means_, largest_second_moment_, largest_limit_;
  Interval whitened_;
};

/// The least m = 2 M, M an integer below 2^2000, at which `enough` is true, by doubling and bisection; m itself was
/// tested, so the least width is at most that. @param enough  once true, true for all larger m. @return nothing if none
/// was found, which proves nothing.
[[nodiscard]] std::optional<Interval> least_width(const std::function<bool(const Interval& m)>& enough, Bits bits);

}  // namespace assay
