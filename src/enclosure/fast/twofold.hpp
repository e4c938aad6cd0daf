#pragma once

namespace assay::fast {

/// A sum of doubles in about twice the precision: hi + lo, with hi the rounded sum and lo what rounding took from it
/// (Knuth; sums alone are never fused). A sum of up to 2^26 terms errs by less than 4 u times the sum of magnitudes,
/// the last rounding of value() included.
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
