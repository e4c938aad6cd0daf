#pragma once

#include <cstddef>

namespace assay {

/// Eigen's type of an index, without its headers.
using Index = std::ptrdiff_t;

/// An index or a number of rows, certainly >= 0, as the standard library counts.
inline std::size_t size(Index k) {
  return static_cast<std::size_t>(k);
}

}  // namespace assay
