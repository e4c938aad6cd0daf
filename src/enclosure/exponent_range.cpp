#include "enclosure/exponent_range.hpp"

#include <mpfr.h>

#include <algorithm>

namespace assay {

WidestExponents::WidestExponents() : least_(mpfr_get_emin()), most_(mpfr_get_emax()) {
  mpfr_set_emin(mpfr_get_emin_min());
  mpfr_set_emax(mpfr_get_emax_max());
}

WidestExponents::~WidestExponents() {
  mpfr_set_emin(least_);
  mpfr_set_emax(most_);
}

long largest_power_of_ten() {
  constexpr long double kLog10Of2 = 0.3010299956639811952L;
  const auto exponent = static_cast<long double>(std::min(mpfr_get_emax(), -mpfr_get_emin()));
  return static_cast<long>(exponent * kLog10Of2 * (1 - 1e-18L)) - 1;
}

}  // namespace assay
