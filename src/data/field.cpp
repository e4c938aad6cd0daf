#include "data/field.hpp"

namespace assay {

std::string FieldText::text(const Words& words) const {
  std::string result;
  for (const auto& part : parts_) {
    const Field* field = std::get_if<Field>(&part);
    result += field != nullptr ? words(*field) : std::get<std::string>(part);
  }
  return result;
}

std::string FieldText::text() const {
  return text([](Field field) { return std::string(field.key); });
}

std::vector<Field> FieldText::fields() const {
  std::vector<Field> named;
  for (const auto& part : parts_)
    if (const Field* field = std::get_if<Field>(&part)) named.push_back(*field);
  return named;
}

}  // namespace assay
