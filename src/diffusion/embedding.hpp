#pragma once

#include "diffusion/sampling.hpp"

namespace assay {

/// (t, x) as an input of the network: z = (t, x, constant) / radius, without the last entry if the constant is 0.
///
/// The radius is a power of two, so that z is exact and (t, x) can be read off again. A constant entry lets a kernel
/// that is a series in <z, z'> without its term of degree 0, such as K_infinity, take a value other than 0 at x = 0.
/// Assumption 6.1 asks for |z| <= 1: that is t^2 + |x|^2 + constant^2 <= radius^2, which an unbounded X_t violates
/// with the probability that `failure_probability` encloses.
struct Embedding {
  double radius = 1;    ///< a power of two
  double constant = 0;  ///< >= 0

  Index entries(Index d) const { return d + (constant == 0 ? 1 : 2); }
};

/// @throws std::invalid_argument unless the radius is a power of two within [2^-100, 2^100] and the constant is finite
///         and >= 0.
void check_embedding(const Embedding& embedding);

/// The rows z of the pairs, exact. @throws std::invalid_argument also if an entry is so small that dividing it by the
/// radius is not exact.
RealMatrix embed(const Embedding& embedding, const TrainingPairs& pairs);
/// z for enclosures of t and x.
IntervalVector embed(const Embedding& embedding, const Interval& t, std::span<const Interval> x);

/// The smallest radius (a power of two) for which every row of the pairs has |z| <= 1.
Embedding smallest_embedding(const TrainingPairs& pairs, double constant);
/// Numbers of the pairs with |z| > 1, decided exactly: |z|^2 is enclosed at growing precision.
std::vector<Index> outside_unit_ball(const Embedding& embedding, const TrainingPairs& pairs);
/// The pairs without those: truncation as Assumption 6.1 needs it. Their law is then the conditional one.
TrainingPairs truncated(const TrainingPairs& pairs, const std::vector<Index>& without);

/// P(|z(t, X_t)| > 1) at one time, from both sides; t is measured in `unit`, so the first entry is t / unit.
///
///   with r^2 = radius^2 - (t / unit)^2 - constant^2; for component k: X_t ~ N(m, diag(s)), m = alpha mu_k,
///   above: P(|xi| > (r - |m|) / sqrt(max s)), xi standard normal in d dimensions; in one dimension exact;
///   below: the largest of P(|xi| > r / sqrt(min s)) (Anderson), P(|<u, X_t>| > r) for u = m / |m| and u = e_j
///
/// and, where all s of a component agree, as for points, the exact noncentral tail (noncentral_chi_tail) besides.
/// Then, and in one dimension, both ends agree up to rounding; the value is exactly 1 if r^2 < 0. Positive for every
/// radius and t > 0: no radius makes Assumption 6.1 certain.
/// @throws std::invalid_argument unless t is certainly > 0 and a time of the process, and the unit certainly > 0.
/// @source Anderson, Proc. Amer. Math. Soc. 6 (1955) 170-176.
Interval failure_probability(const Embedding& embedding, const Process& process, const DataLaw& law, const Interval& t,
                             const Interval& unit = Interval::from_integer(1, 1));

/// The same for t uniform on [t0, t1]: the mean over `cells` equal parts of the range at each.
/// @throws std::invalid_argument also unless 0 < t0 < t1 certainly, cells >= 1.
Interval failure_probability(const Embedding& embedding, const Process& process, const DataLaw& law, const Interval& t0,
                             const Interval& t1, Index cells, const Interval& unit = Interval::from_integer(1, 1));

}  // namespace assay
