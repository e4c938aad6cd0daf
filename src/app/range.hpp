#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "enclosure/decimal.hpp"

namespace assay::app {

/// A variable and the exact values that it is to take, as typed after --vary:
///
///   n=8:4096:x2        8, 16, ..., 4096: each twice the one before
///   sigma=0.1:1:+0.1   0.1, 0.2, ..., 1: each a tenth more
///   n=8,16,100         these
///
/// Numbers are exact: decimals, fractions and powers. A range ends with the last value that is not beyond its end.
struct VariedValues {
  std::string variable;
  std::vector<Decimal> values;
};

/// @throws InputError that names the option and shows what was expected: no such form, a step that does not lead to the
///         end, more than kMostValues.
VariedValues varied_values(std::string_view option, const std::string& text);

/// LO:HI as typed after --between. @throws InputError unless it is that with LO <= HI.
struct Between {
  Decimal lo, hi;
};
Between between(std::string_view option, const std::string& text);

constexpr std::size_t kMostValues = 100000;

}  // namespace assay::app
