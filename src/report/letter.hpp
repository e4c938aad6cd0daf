#pragma once

namespace assay {

/// Of ASCII, whatever the locale.
inline bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace assay
