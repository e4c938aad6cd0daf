#define TOML_IMPLEMENTATION  // the one file that compiles the parser
#include "app/toml_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "data/input_error.hpp"
#include "data/message.hpp"
#include "theory/constants.hpp"

namespace assay::app {
namespace {

std::string_view line_of(std::string_view text, std::size_t number) {
  for (; number > 1; --number) text.remove_prefix(std::min(text.find('\n') + 1, text.size()));
  return text.substr(0, text.find('\n'));
}

/// Without the first `count` characters of a UTF-8 text.
std::string_view without_characters(std::string_view text, std::size_t count) {
  const auto continues = [&] { return !text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80; };
  for (; count > 0 && !text.empty(); --count) {
    text.remove_prefix(1);
    while (continues()) text.remove_prefix(1);
  }
  return text;
}

}  // namespace

TomlTable::TomlTable(const toml::table& table, std::string_view text, std::string path,
                     const std::vector<std::string>& keys)
    : table_(table), text_(text), path_(std::move(path)) {
  for (const auto& [key, node] : table) {
    if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
    throw InputError(fmt::format("{}: unknown key {}; the nearest is '{}'", where(key.source()), shown(key.str()),
                                 nearest(key.str(), keys)));
  }
}

std::string TomlTable::where(const toml::source_region& source) const {
  return fmt::format("{}: line {}", printable(path_), source.begin.line);
}

std::optional<std::string> TomlTable::where(const std::string& key) const {
  const toml::node* node = table_.get(key);
  return node == nullptr ? std::nullopt : std::optional(where(node->source()));
}

std::string TomlTable::as_written(const toml::source_region& source) const {
  const std::string_view rest = without_characters(line_of(text_, source.begin.line), source.begin.column - 1);
  std::string number;
  for (const char c : rest.substr(0, rest.find_first_of(",]} \t\r#")))
    if (c != '_') number += c;
  return number;
}

Written TomlTable::written(const std::string& key, const toml::node& node) const {
  const std::string place = fmt::format("{}: {}", where(node.source()), key);
  if (const auto text = node.value_exact<std::string>()) return {place, *text};
  if (node.is_number()) return {place, as_written(node.source())};
  throw InputError(place + ": expected a number or a string");
}

std::optional<Written> TomlTable::value(const std::string& key) const {
  const toml::node* node = table_.get(key);
  return node == nullptr ? std::nullopt : std::optional(written(key, *node));
}

std::optional<Written> TomlTable::string(const std::string& key) const {
  const toml::node* node = table_.get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_string()) throw InputError(fmt::format("{}: {}: expected a string", where(node->source()), key));
  return written(key, *node);
}

std::optional<bool> TomlTable::boolean(const std::string& key) const {
  const toml::node* node = table_.get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_boolean()) throw InputError(fmt::format("{}: {}: expected true or false", where(node->source()), key));
  return node->value<bool>();
}

std::optional<std::vector<Written>> TomlTable::list(const std::string& key) const {
  const toml::node* node = table_.get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_array() || node->as_array()->empty())
    throw InputError(fmt::format("{}: {}: expected an array of at least one value", where(node->source()), key));
  std::vector<Written> values;
  for (const toml::node& element : *node->as_array()) values.push_back(written(key, element));
  return values;
}

toml::table parse_toml(std::string_view text, const std::string& path) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw InputError(fmt::format("{}: line {}, column {}: {}", printable(path), error.source().begin.line,
                                 error.source().begin.column, error.description()));
  }
}

}  // namespace assay::app
