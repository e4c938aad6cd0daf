#pragma once

#include <string>

#include "enclosure/decimal.hpp"

namespace assay {

/// The forward process dX = -1/2 g(t) X dt + sqrt(g(t)) dB, started in the data.
///
///   X_t | X_0 ~ N(alpha(t) X_0, h(t) I),   alpha(t) = exp(-1/2 int_0^t g),   h(t) = 1 - alpha(t)^2
///
/// Parameters are exact decimals; times are enclosures, and every value contains the true one for each time in them.
/// alpha falls and h grows with t, so both come from the ends of t: as tight as the precision allows for any width. h
/// keeps its relative accuracy as t -> 0.
class Process {
 public:
  /// g(t) = g. @throws std::invalid_argument unless g > 0.
  static Process constant(const Decimal& g);
  /// g(t) = g0 + (g1 - g0) t, the variance-preserving schedule of Ho et al. (2020) in continuous time.
  /// @throws std::invalid_argument unless g0, g1 >= 0, one of them positive.
  static Process linear(const Decimal& g0, const Decimal& g1);
  /// alpha(t) = cos(pi/2 (t + s)/(1 + s)) / cos(pi/2 s/(1 + s)) on 0 <= t <= 1, hence
  /// g(t) = pi/(1 + s) tan(pi/2 (t + s)/(1 + s)), which is unbounded as t -> 1: Assumption 6.3 needs T < 1.
  /// @throws std::invalid_argument unless s >= 0.
  /// @source Nichol and Dhariwal, ICML 2021 (there alpha^2 is this quotient's square).
  static Process cosine(const Decimal& s);

  /// @throws std::invalid_argument unless t is certainly >= 0 and where the schedule is defined: t <= 1 for `cosine`,
  ///         g >= 0 on [0, t] for `linear`.
  Interval alpha(const Interval& t) const;
  Interval h(const Interval& t) const;
  /// The upper end is infinite if a cosine schedule's t reaches 1.
  Interval g(const Interval& t) const;
  /// sup of g over [t0, t1] for every such pair (Assumption 6.3): g is monotone, so it is the larger end.
  Interval sup_g(const Interval& t0, const Interval& t1) const;

  /// "g(t) = 2", as a report prints it.
  std::string description() const;

  enum class Schedule { constant, linear, cosine };
  Schedule schedule() const { return schedule_; }
  /// g; or g0; or s.
  const Decimal& first() const { return first_; }
  /// g1 of a linear schedule.
  const Decimal& second() const { return second_; }

 private:
  Process(Schedule schedule, const Decimal& first, const Decimal& second)
      : schedule_(schedule), first_(first), second_(second) {}
  void check_time(const Interval& t, const char* function) const;

  Schedule schedule_;
  Decimal first_, second_;
};

}  // namespace assay
