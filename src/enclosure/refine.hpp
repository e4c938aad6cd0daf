#pragma once

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

#include "enclosure/interval.hpp"
#include "enclosure/stop.hpp"

namespace assay {

/// One rung of the ladder on which a question is asked: the fast tier (balls in double) or the deep tier (intervals of
/// `bits`). No precision: what takes bits takes `level.bits`, which the fast tier uses for what it encloses in closed
/// form; so a rung that is handed on keeps its tier.
struct Level {
  Bits bits = 64;
  bool fast = false;

  /// The deep tier.
  explicit Level(Bits deep_bits) : bits(deep_bits) {}
  static Level fast_tier() {
    Level level(64);
    level.fast = true;
    return level;
  }
};

enum class Tier { automatic, fast, deep };

/// The rungs that are tried for one question: the fast tier, then the deep tier at start, twice that, and so on up to
/// the limit; or one of the two tiers alone.
struct Precision {
  Bits start = 64;
  Bits limit = 2048;
  Tier tier = Tier::deep;
};

/// Calls attempt(level) from rung to rung until it returns true or the last one has been tried.
/// @return the last rung that was tried.
/// @throws std::invalid_argument unless both ends of the ladder are positive. Stopped between two rungs.
template <class Attempt>
Level refine(const Precision& precision, Attempt attempt) {
  Bits bits = std::min(precision.start, precision.limit);
  if (bits < 1) throw std::invalid_argument("refine: expected a precision of at least 1 bit");
  const auto ask = [&](Level level) {
    leave_if_stopped();
    return attempt(level);
  };
  if (precision.tier != Tier::deep) {
    const Level level = Level::fast_tier();
    if (ask(level) || precision.tier == Tier::fast) return level;
  }
  while (!ask(Level(bits)) && bits < precision.limit) bits = std::min(2 * bits, precision.limit);
  return Level(bits);
}

/// How far a question got: the last rung that was finished, and why no further one was where time or the user ended it.
struct Climb {
  Level last;
  std::optional<std::string> stopped = {};
};

/// refine(), keeping what the finished rungs found. @throws Stopped if none was finished.
template <class Attempt>
Climb climb(const Precision& precision, Attempt attempt) {
  std::optional<Level> last;
  try {
    const Stoppable stoppable;
    refine(precision, [&](Level level) {
      const bool enough = attempt(level);
      last = level;
      return enough;
    });
  } catch (const Stopped& stopped) {
    if (!last) throw;
    return {*last, stopped.what()};
  }
  return {*last};
}

}  // namespace assay
