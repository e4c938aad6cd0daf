#pragma once

#include <optional>
#include <string>
#include <vector>

namespace assay {

/// A round number on an axis: its text, or mantissa 10^exponent, where a mantissa without digits is 1.
struct Tick {
  double place = 0;  ///< 0 at the start of the axis, 1 at its end
  std::string mantissa;
  std::optional<int> exponent;
};

/// One axis of a chart. Its units are the numbers themselves, or their decimal logarithms.
class ChartAxis {
 public:
  /// An axis for all values that it can show, with some air around them.
  ChartAxis(bool log, const std::vector<double>& values);

  /// Finite, and positive on a log axis.
  bool shows(double value) const;
  /// Where a number that can be shown stands: 0 at the start of the axis, 1 at its end; finite, but perhaps outside.
  double place(double value) const { return static_cast<double>((units(value) - from_) / range()); }

  long double range() const { return to_ - from_; }
  /// Makes the axis longer, the same on both sides.
  void widen_to(long double range);
  /// About six round numbers, in increasing order; at least two unless they would need more than 15 digits.
  std::vector<Tick> ticks() const;

 private:
  /// Wide enough for differences of doubles.
  long double units(long double value) const;
  bool contains(long double place) const { return from_ <= place && place <= to_; }
  std::vector<Tick> powers_of_ten() const;
  std::vector<Tick> ones_twos_and_fives() const;
  std::vector<Tick> multiples_of_a_step() const;
  Tick tick(long long digits, int exponent, bool scientific) const;

  bool log_;
  long double from_ = 0, to_ = 1;
};

}  // namespace assay
