#pragma once

#include <functional>
#include <string>
#include <vector>

#include "enclosure/decimal.hpp"

namespace assay {

/// What is proved of a condition, at one value of a variable or at all values of an interval.
enum class Truth {
  holds,
  fails,
  undefined,  ///< the condition speaks of a number that does not exist there
  open        ///< not decided, or not the same everywhere
};

/// How the truth of a condition may change in an interval as the variable grows.
enum class Change {
  any,            ///< nothing is proved
  only_to_fails,  ///< once it fails, it fails from there on
  only_to_holds
};

/// A condition on one variable, decided by enclosures.
struct Condition {
  /// At one value; `holds` and `fails` are proofs.
  std::function<Truth(const Decimal& value)> at;
  /// At every value of [from, to].
  struct Over {
    Truth truth = Truth::open;
    Change change = Change::any;
  };
  std::function<Over(const Decimal& from, const Decimal& to)> over;
};

/// The variable takes integers, or all real numbers.
enum class Numbers { integers, reals };

/// What is proved on [from, to], both ends included.
struct Piece {
  Decimal from, to;
  Truth truth = Truth::open;
};

/// All that is proved of a condition on a range: pieces in increasing order, the first beginning and the last ending
/// where the range does. Between two integers that follow each other nothing is left out; between two pieces over the
/// reals lies a gap of the relative width that was asked for, in which the truth changes once.
struct Solution {
  std::vector<Piece> pieces;
  /// Over the whole range the truth changes in this direction only; `any` where that was not proved in one.
  Change change = Change::any;

  /// Nothing is open, so there are no other changes than the ones between the pieces.
  [[nodiscard]] bool is_complete() const;
};

struct SearchOptions {
  Numbers numbers = Numbers::reals;
  double relative_gap = 1e-12;  ///< of two reals between which the truth changes; at least 1e-60
  int most_cells = 4096;        ///< intervals that are asked before the rest stays open
};

/// Where a condition holds in [lo, hi].
///
/// The range is halved until every interval is decided as a whole, or its truth can change in one direction only: then
/// bisection finds the one change, each end decided by itself. No continuity is assumed, and an interval for which
/// neither is proved within the limits stays open.
/// @param lo, hi  lo < hi, or equal; integers that fit 62 bits where the variable takes integers; not negative.
/// @throws std::invalid_argument otherwise. Stopped between two questions.
Solution solve(const Condition& condition, const Decimal& lo, const Decimal& hi, const SearchOptions& options);

/// Where all of several conditions hold, from where each does, on the same range.
/// @throws std::invalid_argument if there is none.
Solution conjunction(const std::vector<Solution>& solutions, Numbers numbers);

}  // namespace assay
