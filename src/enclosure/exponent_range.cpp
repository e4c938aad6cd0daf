#include "enclosure/exponent_range.hpp"

#include <mpfr.h>

#include <algorithm>

namespace assay {

WideExponents::WideExponents() : least_(mpfr_get_emin()), most_(mpfr_get_emax()) {
  constexpr mpfr_exp_t kMost = mpfr_exp_t{1} << 55;
  mpfr_set_emin(-kMost);
  mpfr_set_emax(kMost);
}

WideExponents::~WideExponents() {
  mpfr_set_emin(least_);
  mpfr_set_emax(most_);
}

long largest_power_of_ten() {
  constexpr double kLog10Of2 = 0.30102999566398120;
  const auto exponent = static_cast<double>(std::min(mpfr_get_emax(), -mpfr_get_emin()));
  return static_cast<long>(exponent * kLog10Of2 * (1 - 1e-15)) - 1;
}

}  // namespace assay
