#pragma once

#include <cstdint>
#include <vector>

#include "diffusion/law.hpp"

namespace assay {

/// Triples (t_i, X_{t_i}, X_{0,i}): inputs and noisy labels of score estimation. All entries are exact numbers.
struct TrainingPairs {
  std::vector<double> times;  ///< in [t0, t1]
  RealMatrix noised;          ///< X_{t_i}, n x d
  RealMatrix clean;           ///< X_{0,i}, n x d

  Index size() const { return noised.rows(); }
};

/// Pairs first, ..., first + n - 1 of the endless sequence that belongs to the seed: t uniform on [t0, t1], X_0 from
/// the law, X_t = alpha(t) X_0 + sqrt(h(t)) xi with xi standard normal.
///
/// Guaranteed: the same doubles on every machine, and pair i the same for every n and `first`. Not guaranteed: the law
/// of what is drawn is only nearly the one named (grids of 2^52 values, rounding), so every proof speaks about the
/// drawn doubles themselves. Points of a finite support are drawn exactly.
/// @throws std::invalid_argument unless n, first >= 0 and 0 < t0 < t1, with a double in between.
/// @cost   n evaluations of alpha and h in MPFR.
TrainingPairs draw_training_pairs(const Process& process, const DataLaw& law, const Decimal& t0, const Decimal& t1,
                                  Index n, std::uint64_t seed, Index first = 0);

/// Draws 0, ..., n - 1 of X_0 alone, of the same sequence: their rows are the `clean` ones of the pairs.
RealMatrix draw_data(const DataLaw& law, Index n, std::uint64_t seed, Index first = 0);

}  // namespace assay
