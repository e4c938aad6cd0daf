#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "enclosure/decimal.hpp"

namespace assay {

/// Where a constant of a statement comes from.
enum class Provenance {
  reconstructed,  ///< encoded here from what is public of the paper; not a quotation
  derived,        ///< proved here
  user            ///< given on the command line or in a suite file
};
std::string_view name_of(Provenance provenance);

struct Constant {
  Decimal value;
  Provenance provenance = Provenance::reconstructed;
  std::string meaning;  ///< Markdown, one line
};

/// The one table of numeric constants in the statements. Keys are "e1.exponent" and the like.
class Constants {
 public:
  /// The table as encoded.
  Constants();

  /// @throws std::invalid_argument for an unknown key, naming the nearest one.
  const Constant& operator[](std::string_view key) const;
  Interval at(std::string_view key, Bits bits) const { return (*this)[key].value.at(bits); }
  /// Replaces a value; its provenance becomes `user`.
  /// @throws std::invalid_argument for an unknown key or a value that is not a decimal.
  void set(std::string_view key, std::string_view value);
  /// "key=value" as typed after --set. @throws std::invalid_argument
  void set(std::string_view assignment);

  const std::map<std::string, Constant, std::less<>>& all() const { return table_; }

 private:
  std::map<std::string, Constant, std::less<>> table_;
};

/// The candidate with the least edit distance to `name`; empty if there is none.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace assay
