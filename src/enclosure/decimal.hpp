#pragma once

#include <string>
#include <string_view>

#include "enclosure/interval.hpp"

namespace assay {

/// An exact number given in decimal, as people write hyperparameters and constants: "0.1" is one tenth, not the double
/// next to it. Also fractions of integers, "1/3", and integer powers of integers, "2^20", "10^-3".
class Decimal {
 public:
  Decimal() : text_("0") {}
  /// @throws std::invalid_argument unless text is a decimal ("-1.5", "3e-4"), a fraction ("1/3") or a power ("2^20").
  explicit Decimal(std::string_view text);
  /// The exact value of a finite double.
  static Decimal exactly(double x);

  /// Tightest enclosure at the given precision.
  Interval at(Bits bits) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Ends of an enclosure in decimal, rounded outward, with at least 17 significant digits and as many more as the
/// enclosure is worth; infinite ends are "inf" and "-inf".
struct DecimalEnds {
  std::string lo, hi;
};
DecimalEnds decimal_ends(const Interval& a);

/// Lower and upper end in decimal with the given number of significant digits, rounded outward.
std::string lower_decimal(const Interval& a, int digits);
std::string upper_decimal(const Interval& a, int digits);

/// Enclosure of [lo, hi] from decimal ends as `decimal_ends` prints them.
/// @throws std::invalid_argument if an end is not a decimal or infinite, or lo > hi.
Interval from_decimal_ends(std::string_view lo, std::string_view hi, Bits bits);

}  // namespace assay
