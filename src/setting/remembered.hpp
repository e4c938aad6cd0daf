#pragma once

#include <optional>

namespace assay {

/// The value in `slot`, made first if there is none.
template <class T, class Make>
const T& remembered(std::optional<T>& slot, Make make) {
  if (!slot) slot = make();
  return *slot;
}

}  // namespace assay
