// Each hyperparameter of the table, wherever a user meets it.

#include "setting/hyperparameters.hpp"

#include "json_reading.hpp"

namespace assay {
namespace {

std::string name_of(const Hyperparameter& row) {
  return std::string(row.field.key);
}

/// In the range, and not the default.
std::string another_value(const Hyperparameter& row) {
  const Decimal value(row.is_count() ? "7" : "1/7");
  REQUIRE(row.range.contains(value));
  return value.text();
}

/// The lines of the help on an option.
std::string help_on(const std::string& help, const std::string& option) {
  const std::size_t from = help.find("\n  " + option + " ");
  REQUIRE_MESSAGE(from != std::string::npos, option);
  return help.substr(from, help.find("\n  --", from + 1) - from);
}

std::string without_line_ends(std::string text) {
  std::string result;
  for (const char c : text)
    if (c != '\n' && (c != ' ' || !result.ends_with(' '))) result += c;
  return result;
}

TEST_CASE("every hyperparameter has an option with its help and default") {
  const Scratch scratch;
  const std::string check = run_program(scratch, {"check", "--help"}).out,
                    verify = run_program(scratch, {"verify", "--help"}).out;
  for (const Hyperparameter& row : kHyperparameters) {
    CAPTURE(row.field.key);
    const std::string help = without_line_ends(help_on(check, "--" + name_of(row)));
    CHECK(help.find(row.help) != std::string::npos);
    if (const auto value = value_of(row, {})) CHECK(help.find("=" + value->text() + " ") != std::string::npos);
    CHECK(verify.substr(verify.find("A suite")).find(name_of(row)) != std::string::npos);
  }
}

TEST_CASE("every hyperparameter is a key of a suite, at its top and in an instance, and is in the command") {
  std::string options, keys;
  for (const Hyperparameter& row : kHyperparameters) {
    options += fmt::format(" --{} {}", name_of(row), another_value(row));
    keys += fmt::format("{} = \"{}\"\n", name_of(row), another_value(row));
  }
  const std::string instance = "[[instance]]\nn = 2\nd = 2\nm = 4\n", theorems = "theorems = [\"basic_event\"]\n";
  for (const std::string& suite : {theorems + keys + instance, theorems + instance + keys}) {
    const Scratch scratch;
    scratch.file("suite.toml", suite);
    const Run run = run_program(scratch, words("verify --suite suite.toml --out out --threads 1"));
    CHECK(run.err == "");
    const std::string command = json_file(scratch, "out/basic_event.json").at("findings").at(0).at("reproduce");
    CHECK(command == "./assay check basic_event --n 2 --d-in 2 --d 2 --m 4 --sigma 1 --seed 1" + options);
    const Run again = run_program(scratch, words(command.substr(std::string("./assay ").size()) + " --json -"));
    CHECK(nlohmann::json::parse(again.out).at("findings").at(0).at("reproduce") == command);
  }
}

TEST_CASE("a hyperparameter that has its default is in no command") {
  const Scratch scratch;
  std::string options;
  for (const Hyperparameter& row : kHyperparameters)
    if (const auto value = value_of(row, {})) options += fmt::format(" --{} {}", name_of(row), value->text());
  const Run run = run_program(scratch, words("check basic_event --n 2 --d 2 --m 4 --json -" + options));
  CHECK(nlohmann::json::parse(run.out).at("findings").at(0).at("reproduce") ==
        "./assay check basic_event --n 2 --d-in 2 --d 2 --m 4 --sigma 1 --seed 1");
}

TEST_CASE("every hyperparameter out of its range is refused by its name, with what was expected") {
  for (const Hyperparameter& row : kHyperparameters) {
    const std::string key = name_of(row), expected = fmt::format("{}: expected {}, found ", key, row.range.expected);
    CAPTURE(key);
    REQUIRE_FALSE(row.range.contains(Decimal("-1")));
    const Scratch scratch;
    const Run check =
        run_program(scratch, {"check", "basic_event", "--n", "2", "--d", "2", "--m", "4", "--" + key, "-1"});
    CHECK(check.status == 2);
    CHECK(check.err.starts_with("assay: --" + expected));
    scratch.file("suite.toml", fmt::format("[[instance]]\nn = 2\nd = 2\nm = 4\n{} = -1\n", key));
    const Run verify = run_program(scratch, words("verify --suite suite.toml --out out"));
    CHECK(verify.status == 2);
    CHECK(verify.err.starts_with("assay: suite.toml: line 5: " + expected));
  }
}

}  // namespace
}  // namespace assay
