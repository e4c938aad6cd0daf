#pragma once

#include <optional>

#include "enclosure/index.hpp"

namespace assay {

/// The first of the widths least, 2 least, 4 least, ... up to `most` of which `passes` is true; nothing if none is.
/// That narrower ones fail and wider ones pass is not said. Cost: one call of `passes` a width.
template <class Test>
std::optional<Index> first_width(Index least, Index most, const Test& passes) {
  for (Index m = least; m <= most; m *= 2)
    if (passes(m)) return m;
  return std::nullopt;
}

}  // namespace assay
