#pragma once

#include "enclosure/matrix.hpp"

namespace assay {

/// Confidence intervals for the mean of a law on [0, range] from n independent draws: each contains E[Z] with
/// probability >= 1 - delta over the draws, for every law on [0, range] and every n >= 2.
///
///   Hoeffding:            |mean - E Z| <= range sqrt(log(2/delta) / (2n))
///   empirical Bernstein:  |mean - E Z| <= sqrt(2 V log(4/delta) / n) + 7 range log(4/delta) / (3 (n - 1)),
///                         V = sum_{i<j} (z_i - z_j)^2 / (n (n - 1)), the sample variance
///
/// Both are intersected with [0, range]. What is proved is about draws that are exactly independent and identically
/// distributed; a pseudorandom generator stands for that.
///
/// @param draws  enclosures of z_1, ..., z_n; enclosures that leave [0, range] are cut to it, as the numbers lie there.
/// @param range  certainly > 0.   @param delta  certainly in (0, 1).
/// @throws std::invalid_argument for fewer than 2 draws, a draw certainly outside [0, range], or other range or delta.
/// @source Maurer and Pontil, COLT 2009, Theorem 4, two-sided by a union bound; Hoeffding (1963).
Interval hoeffding_interval(std::span<const Interval> draws, const Interval& range, const Interval& delta);
Interval empirical_bernstein_interval(std::span<const Interval> draws, const Interval& range, const Interval& delta);

/// V = sum_i (z_i - mean)^2 / (n - 1) of every choice of numbers in the draws. @throws std::invalid_argument if n < 2.
Interval sample_variance(std::span<const Interval> draws);

}  // namespace assay
