#pragma once

#include <Eigen/Core>

#include "enclosure/matrix.hpp"

namespace assay {

/// P(|g| > bound) for g ~ N(0, deviation^2): erfc(bound / (deviation sqrt 2)); 0 if deviation is 0.
/// @param bound, deviation  certainly >= 0.
Interval gaussian_tail(const Interval& bound, const Interval& deviation);

/// P(g > bound) for a standard normal g and a bound of any sign: erfc(bound / sqrt 2) / 2.
Interval gaussian_upper_tail(const Interval& bound);

/// P(|xi| > bound) for xi standard normal in d dimensions.
///
///   d even:  exp(-y) sum_{j < d/2} y^j / j!,   y = bound^2 / 2
///   d odd:   erfc(sqrt y) + exp(-y) sum_{j < (d-1)/2} y^(j + 1/2) / Gamma(j + 3/2)
///
/// Falls with the bound, so its ends come from the bound's.
/// @param bound  certainly >= 0.   @param d  >= 1; @throws std::invalid_argument for other values.
/// @cost   d / 2 products.
Interval chi_tail(const Interval& bound, Index d);

/// P(|m + xi| > bound) for xi standard normal in d dimensions and |m|^2 = offset_squared: a Poisson mixture,
///
///   sum_j e^(-l) l^j / j! P(|xi'| > bound),  l = offset_squared / 2,  xi' standard normal in d + 2j dimensions
///
/// cut after J terms, what is left being at most P(Poisson(l) >= J) <= e^(-l) l^J / J! / (1 - l / (J + 1)). Grows with
/// offset_squared and falls with the bound, so its ends come from theirs.
/// @param bound, offset_squared  certainly >= 0, finite.   @param d  >= 1; @throws std::invalid_argument otherwise.
/// @return an enclosure; only [0, 1] or nearly so if more terms would be needed than are spent, that is l > 150.
/// @cost   at most 300 central tails.
Interval noncentral_chi_tail(const Interval& bound, const Interval& offset_squared, Index d);

/// P(some row i has |<w, x_i>| > bound) for one w ~ N(0, sigma^2 I), from both sides.
///
///   above: 1 - prod_i (1 - pi_i)                             (Sidak's inequality for symmetric slabs)
///   below: sum_i max(0, pi_i - sum_{j<i} P_{ij}),   P_{ij} = P(both i and j exceed)
///          <= P(|<w, x_i + x_j>| > 2 bound) + P(|<w, x_i - x_j>| > 2 bound)
///
/// The two agree to first order unless rows nearly coincide; with one row they are equal. From the 17th row on the sum
/// of P_{ij} is bounded by its largest term times their number.
/// @param rows   one row per x_i.
/// @cost   n + min(n, 16)^2 evaluations of erfc, n^2 d operations in double.
/// @source Sidak, J. Amer. Statist. Assoc. 62 (1967) 626-633.
Interval probability_some_row_exceeds(
    const Eigen::Ref<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>& rows,
    const Interval& sigma, const Interval& bound, Bits bits);

/// 1 - (1 - p)^trials: at least one success in independent trials; `trials` may be any real number >= 0.
Interval probability_in_some_trial(const Interval& p, const Interval& trials);

/// The number of trials past which 1 - (1 - p)^trials > delta: log(1 - delta) / log(1 - p); infinite where p may be 0.
Interval trials_until(const Interval& p, const Interval& delta);

}  // namespace assay
