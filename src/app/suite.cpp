#include "app/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/findings.hpp"
#include "app/options.hpp"
#include "app/toml_table.hpp"
#include "app/value.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"
#include "data/request.hpp"

namespace assay::embedded {
extern const std::string_view standard_suite_toml;
}

namespace assay::app {
namespace {

std::vector<std::string> with_hyper_keys(std::vector<std::string> keys) {
  for (const Hyperparameter& row : kHyperparameters) keys.emplace_back(row.field.key);
  keys.emplace_back("theorems");
  return keys;
}

const std::vector<std::string> kTopKeys = with_hyper_keys({"bits", "rtol", "constants", "expect", "instance"});
const std::vector<std::string> kInstanceKeys =
    with_hyper_keys({"name", "n", "d_in", "d", "m", "sigma", "seed", "data", "rows", "x", "y", "w", "a", "header"});

/// Does `action`; what it throws gets the place in front.
template <class Action>
auto at(const std::string& where, Action action) {
  try {
    return action();
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", where, error.what()));
  } catch (const std::invalid_argument& error) {
    throw InputError(fmt::format("{}: {}", where, error.what()));
  }
}

/// The key; what a suite does not say is an option of `verify`.
std::string in_suite(Field field) {
  for (const auto* keys : {&kInstanceKeys, &kTopKeys})
    if (std::find(keys->begin(), keys->end(), field.key) != keys->end()) return std::string(field.key);
  return option_of(field);
}

/// The tables that an instance is made from: its own, and that of the whole suite.
struct Tables {
  const TomlTable& instance;
  const TomlTable& root;
};

/// See SuiteEntry::places.
std::map<std::string, std::string, std::less<>> places_of(const Tables& tables) {
  std::map<std::string, std::string, std::less<>> places{{"", tables.instance.where()}};
  for (const auto& [table, keys] : {std::pair(&tables.instance, &kInstanceKeys), std::pair(&tables.root, &kTopKeys)})
    for (const std::string& key : *keys)
      if (const auto where = table->where(key)) places.emplace(key, *where);  // its own key goes before the suite's
  return places;
}

void read_hyper(const TomlTable& table, Hyperparameters& hyper) {
  for (const Hyperparameter& row : kHyperparameters)
    if (const auto value = table.value(std::string(row.field.key)))
      read_hyperparameter(row, value->where, value->text, hyper);
}

std::optional<std::vector<const Theorem*>> read_theorems(const TomlTable& table) {
  const auto ids = table.list("theorems");
  if (!ids) return std::nullopt;
  std::vector<const Theorem*> theorems;
  for (const Written& id : *ids) {
    const Theorem* theorem = at(id.where, [&] { return &theorem_of(id.text); });
    if (std::find(theorems.begin(), theorems.end(), theorem) != theorems.end())
      throw InputError(fmt::format("{}: expected every theorem once, found '{}' again", id.where, theorem->id));
    theorems.push_back(theorem);
  }
  return theorems;
}

/// e0.C = "8" is a table e0 with a key C; "e0.C" = "8" is meant as well.
void read_constants(const toml::table& table, const std::string& prefix, std::string_view text, const std::string& path,
                    Constants& constants) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (node.is_table()) {
      read_constants(*node.as_table(), name + ".", text, path, constants);
      continue;
    }
    const TomlTable reader(table, text, path, [&] {
      std::vector<std::string> all;
      for (const auto& [other, unused] : table) all.emplace_back(other.str());
      return all;
    }());
    const Written value = *reader.value(std::string(key.str()));
    at(reader.where(key.source()) + ": [constants]", [&] {
      static_cast<void>(constants[name]);  // finds out whether there is one
      constants.set(name, decimal(name, value.text).text());
    });
  }
}

std::optional<std::string> file_beside(const std::optional<Written>& file, const std::string& suite_path) {
  if (!file) return std::nullopt;
  if (!is_plain_name(file->text))
    throw InputError(
        fmt::format("{}: expected a file name without control characters, found {}", file->where, shown(file->text)));
  return (std::filesystem::path(suite_path).parent_path() / file->text).string();
}

void read_scale(const TomlTable& table, SuiteEntry& entry) {
  const auto value = table.value("sigma");
  if (!value) return;
  const Scale sigma = scale(value->where, value->text);
  entry.request.sigma = sigma.value;
  if (sigma.note) entry.notes.push_back(*sigma.note);
}

InstanceRequest read_request(const TomlTable& table, const std::string& path) {
  InstanceRequest request;
  const auto count = [&](const char* key, std::optional<Eigen::Index>& target) {
    if (const auto value = table.value(key)) target = integer(value->where, value->text);
  };
  count("n", request.n);
  count("d_in", request.d_in);
  count("d", request.d);
  count("m", request.m);
  if (const auto value = table.value("seed")) request.seed = seed(value->where, value->text);
  if (const auto value = table.string("data")) request.data = value->text;
  if (const auto rows = table.list("rows"))
    for (const Written& row : *rows) request.data_rows.push_back(integer(row.where, row.text));
  request.x_file = file_beside(table.string("x"), path);
  request.y_file = file_beside(table.string("y"), path);
  request.w_file = file_beside(table.string("w"), path);
  request.a_file = file_beside(table.string("a"), path);
  request.header = table.boolean("header").value_or(false);
  return request;
}

void require_file_name(const Written& name) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (name.text.empty() || name.text.size() > 80 || name.text.starts_with('.') || name.text.starts_with('-') ||
      name.text.find_first_not_of(kPlain) != std::string::npos)
    throw InputError(name.where +
                     ": expected at most 80 letters, digits, dots, dashes and underscores, with a letter or "
                     "digit first");
}

void require_new_name(const std::string& where, const std::string& name, const std::vector<SuiteEntry>& entries) {
  for (const SuiteEntry& entry : entries)
    if (entry.name == name)
      throw InputError(fmt::format("{}: an instance before this one is called '{}' too: give one of them another name",
                                   where, name));
}

/// @throws InputError for what is wrong with the suite, whatever is in the files that it names.
void require_consistent(const SuiteEntry& entry) {
  require_consistent(entry.request);
  if (entry.request.w_file && !entry.request.sigma)
    throw InputError("files of W and A do not tell the scale of the initialization: give ", field::sigma);
}

/// Makes the instance once, to find out whether that is possible and what it is called.
void try_to_make(SuiteEntry& entry, std::size_t number) {
  try {
    const Instance instance = make_instance(entry.request);
    if (entry.name.empty()) entry.name = instance.name;
  } catch (const InputError& error) {
    entry.trouble = entry.placed(error.line());
    if (entry.name.empty()) entry.name = fmt::format("instance-{}", number);
  }
}

SuiteEntry read_entry(const Tables& tables, const std::string& path, const Suite& suite, const SuiteEntry& defaults) {
  const TomlTable& table = tables.instance;
  SuiteEntry entry = defaults;
  entry.places = places_of(tables);
  read_hyper(table, entry.hyper);
  if (auto theorems = read_theorems(table)) entry.theorems = std::move(*theorems);
  entry.request = read_request(table, path);
  read_scale(table, entry);
  if (const auto name = table.string("name")) {
    require_file_name(*name);
    entry.name = name->text;
  }
  try {
    require_consistent(entry);
  } catch (const InputError& error) {
    throw InputError(entry.placed(error.line()));
  }
  try_to_make(entry, suite.entries.size() + 1);
  require_new_name(table.where(), entry.name, suite.entries);
  return entry;
}

void read_entries(const TomlTable& root, const toml::node* node, std::string_view text, const std::string& path,
                  const SuiteEntry& defaults, Suite& suite) {
  const toml::array* array = node == nullptr ? nullptr : node->as_array();
  if (array == nullptr || array->empty() || !array->is_homogeneous<toml::table>())
    throw InputError(printable(path) + ": expected at least one [[instance]]");
  for (const toml::node& element : *array) {
    const TomlTable table(*element.as_table(), text, path, kInstanceKeys);
    suite.entries.push_back(read_entry({table, root}, path, suite, defaults));
  }
}

/// After the instances, whose names it uses.
void read_expectations(const toml::table& expect, std::string_view text, const std::string& path, Suite& suite) {
  std::vector<std::string> keys;
  for (const auto& [key, unused] : expect) keys.emplace_back(key.str());
  const TomlTable table(expect, text, path, keys);
  for (const std::string& key : keys) {
    const Written verdict = *table.string(key);
    const Expectation one = at(verdict.where, [&] { return Expectation::parse(key, verdict.text); });
    const bool is_known =
        one.instance == "*" || std::any_of(suite.entries.begin(), suite.entries.end(),
                                           [&](const SuiteEntry& entry) { return entry.name == one.instance; });
    if (!is_known) throw InputError(fmt::format("{}: no instance is called '{}'", verdict.where, one.instance));
    suite.expected.push_back(one);
  }
}

}  // namespace

Instance SuiteEntry::make() const {
  Instance instance = make_instance(request);
  instance.name = name;
  return instance;
}

std::string SuiteEntry::placed(const FieldText& complaint) const {
  const std::string text = complaint.text(in_suite);
  for (const Field field : complaint.fields())
    if (const auto place = places.find(field.key); place != places.end())
      return fmt::format("{}: {}", place->second, text);
  return fmt::format("{}: [[instance]]: {}", places.at(""), text);
}

Suite parse_suite(std::string_view text, const std::string& path) {
  const toml::table root = parse_toml(text, path);
  const TomlTable table(root, text, path, kTopKeys);
  Suite suite;
  suite.text = text;
  SuiteEntry defaults;
  defaults.theorems = every_theorem();
  read_hyper(table, defaults.hyper);
  if (auto theorems = read_theorems(table)) defaults.theorems = std::move(*theorems);
  if (const auto bits = table.value("bits")) suite.bits = integer_between(bits->where, bits->text, 32, 65536);
  if (const auto rtol = table.value("rtol")) suite.rtol = relative_width(rtol->where, rtol->text);
  if (const toml::node* constants = root.get("constants")) {
    if (!constants->is_table()) throw InputError(table.where(constants->source()) + ": constants: expected a table");
    read_constants(*constants->as_table(), "", text, path, suite.constants);
    at(table.where(constants->source()) + ": [constants]", [&] { require_in_order(suite.constants); });
  }
  read_entries(table, root.get("instance"), text, path, defaults, suite);
  if (const toml::node* expect = root.get("expect")) {
    if (!expect->is_table()) throw InputError(table.where(expect->source()) + ": expect: expected a table");
    read_expectations(*expect->as_table(), text, path, suite);
  }
  return suite;
}

Suite standard_suite() {
  return parse_suite(embedded::standard_suite_toml, "the standard suite");
}

}  // namespace assay::app
