#pragma once

#include <memory>
#include <stdexcept>

#include "data/field.hpp"

namespace assay {

/// What a user gave cannot be used: one line that names the file, row, column or field and what was expected, as in
/// InputError(field::d_in, " 0: expected at least 1").
class InputError : public std::runtime_error {
 public:
  explicit InputError(const FieldText& line)
      : std::runtime_error(line.text()), line_(std::make_shared<const FieldText>(line)) {}
  template <PartOfFieldText... Parts>
  explicit InputError(const Parts&... parts) : InputError(FieldText(parts...)) {}

  /// what(), for other words than the keys of the fields.
  const FieldText& line() const { return *line_; }

 private:
  std::shared_ptr<const FieldText> line_;  // copies of an exception must not throw
};

}  // namespace assay
