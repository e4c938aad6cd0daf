#pragma once

namespace assay {

/// While it lives, the numbers of this thread have magnitudes up to about 10^(+-1.08e16) instead of 10^(+-323228496),
/// so that exponents have at most the 17 digits that a Decimal reads. For closed forms, which leave any smaller range.
/// Numbers beyond the usual range must not outlive it.
class WideExponents {
 public:
  WideExponents();
  WideExponents(const WideExponents&) = delete;
  WideExponents& operator=(const WideExponents&) = delete;
  ~WideExponents();

 private:
  long least_, most_;
};

/// The largest k for which 10^k and 10^-k are in the range of this thread.
long largest_power_of_ten();

}  // namespace assay
