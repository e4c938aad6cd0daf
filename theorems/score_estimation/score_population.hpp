#pragma once

#include <vector>

#include "enclosure/refine.hpp"

namespace assay {

class Setting;

/// E |f_W(t, X_t) - f_*(t, X_t)|^2 at one time.
struct [[nodiscard]] ErrorAtTime {
  Interval t, error;
};

/// E |f - f_*|^2 over t uniform on [t0, T] and X_t, for the trained network.
struct [[nodiscard]] ScorePopulation {
  /// With f_W clipped to the box of the support: an empirical Bernstein interval, which contains the expectation with
  /// probability >= 1 - delta over fresh draws, if those are independent and of the law named.
  Interval clipped;
  Interval clipped_at_999;    ///< the same with probability >= 99.9 %
  Interval diameter_squared;  ///< of the box: no clipped error is larger
  /// At some times, over X_t alone and without clipping, by verified quadrature: a proof. For data on the line and
  /// networks of a moderate width only.
  std::vector<ErrorAtTime> at_times;
};
const ScorePopulation& score_population(const Setting& setting, Level level);

}  // namespace assay
