#pragma once

#include <cstddef>

namespace assay::fast {

/// Of a sum whose error is known.
inline constexpr std::ptrdiff_t kMostTwofoldTerms = std::ptrdiff_t{1} << 26;

/// A sum of doubles in about twice the precision: hi + lo, with hi the rounded sum and lo what rounding took from it
/// (Knuth; sums alone are never fused). A sum of n <= kMostTwofoldTerms terms errs by less than 4 u times the sum of
/// magnitudes, the last rounding of value() included: what goes to lo is at most n u of it in all, and its own rounding
/// takes at most n^2 u^2 <= u / 2 of it.
struct Twofold {
  double hi = 0, lo = 0;

  void add(double x) {
    const double sum = hi + x, back = sum - hi;
    lo += (hi - (sum - back)) + (x - back);
    hi = sum;
  }
  void add(const Twofold& other) {
    add(other.hi);
    lo += other.lo;
  }
  double value() const { return hi + lo; }
};

}  // namespace assay::fast
