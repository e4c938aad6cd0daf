#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace assay {

/// The name of a value that a user gives. It is the key of a suite; how the value is typed on a command line is known
/// there alone.
struct Field {
  std::string_view key;
  bool operator==(const Field&) const = default;
};

/// Where an instance comes from, and how accurately it is looked at. Each hyperparameter has its field in its table.
namespace field {
inline constexpr Field x{"x"}, y{"y"}, data{"data"}, rows{"rows"}, n{"n"}, d_in{"d_in"}, d{"d"};
inline constexpr Field w{"w"}, a{"a"}, m{"m"}, sigma{"sigma"}, seed{"seed"}, header{"header"};
inline constexpr Field rtol{"rtol"}, tier{"tier"}, bits{"bits"};
}  // namespace field

class FieldText;

template <class Part>
concept PartOfFieldText =
    std::same_as<Part, Field> || std::same_as<Part, FieldText> || std::convertible_to<Part, std::string_view>;

/// A text that names fields, for whoever shows it to put their names in the user's words.
class FieldText {
 public:
  using Words = std::function<std::string(Field)>;

  template <PartOfFieldText... Parts>
  explicit FieldText(const Parts&... parts) {
    (add(parts), ...);
  }

  /// With the fields in these words.
  std::string text(const Words& words) const;
  /// With the keys of the fields.
  std::string text() const;
  /// In the order in which they are named.
  std::vector<Field> fields() const;

 private:
  void add(const FieldText& text) { parts_.insert(parts_.end(), text.parts_.begin(), text.parts_.end()); }
  void add(Field field) { parts_.emplace_back(field); }
  void add(std::string_view text) { parts_.emplace_back(std::string(text)); }

  std::vector<std::variant<std::string, Field>> parts_;
};

}  // namespace assay
