#pragma once

#include <stdexcept>

namespace assay {

/// What a user gave cannot be used: one line that names the file, row, column or option and what was expected.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace assay
