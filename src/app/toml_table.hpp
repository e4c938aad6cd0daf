#pragma once

#include <toml++/toml.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

/// A value with the place where it stands, "suite.toml: line 4: m", for messages.
struct Written {
  std::string where;
  std::string text;
};

/// A table of a TOML file, read key by key. Numbers come as they are written, so that 0.1 is one tenth and not the
/// double next to it. Whatever is wrong is an InputError that names file, line and key.
class TomlTable {
 public:
  /// @param text  of the whole file.
  /// @param path  of the file, for messages.
  /// @param keys  that the table may have. @throws InputError for another, suggesting the nearest.
  TomlTable(const toml::table& table, std::string_view text, std::string path, const std::vector<std::string>& keys);

  /// A string, or a number as written.
  std::optional<Written> value(const std::string& key) const;
  std::optional<Written> string(const std::string& key) const;
  std::optional<bool> boolean(const std::string& key) const;
  /// An array of strings or of numbers, at least one.
  std::optional<std::vector<Written>> list(const std::string& key) const;

  /// "suite.toml: line 4", where the table begins.
  std::string where() const { return where(table_.source()); }
  std::string where(const toml::source_region& source) const;
  /// "suite.toml: line 6", where the value of a key stands, if the table has the key.
  std::optional<std::string> where(const std::string& key) const;

 private:
  Written written(const std::string& key, const toml::node& node) const;
  std::string as_written(const toml::source_region& source) const;

  const toml::table& table_;
  std::string_view text_;
  std::string path_;
};

/// Parses a whole file. @throws InputError with line and column.
toml::table parse_toml(std::string_view text, const std::string& path);

}  // namespace assay::app
