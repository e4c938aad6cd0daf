#pragma once

namespace assay {

/// While it lives, the numbers of this thread have all the exponents that MPFR can give them: magnitudes up to
/// about 10^(+-1.38e18) instead of 10^(+-323228496). For closed forms, which leave any smaller
/// range. Numbers beyond the usual range must not outlive it.
class WidestExponents {
 public:
  WidestExponents();
  WidestExponents(const WidestExponents&) = delete;
  WidestExponents& operator=(const WidestExponents&) = delete;
  ~WidestExponents();

 private:
  long least_, most_;
};

/// The largest k for which 10^k and 10^-k are in the range of this thread.
long largest_power_of_ten();

}  // namespace assay
