#include <fmt/format.h>

#include <memory>

#include "app/command.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "report/text.hpp"

namespace assay::app {
namespace {

ExitStatus list_theorems() {
  std::vector<std::vector<std::string>> rows;
  for (const Theorem& theorem : all_theorems()) rows.push_back({theorem.id, plain_text(theorem.title)});
  print(text_table({"id", "title"}, rows));
  return succeeded;
}

ExitStatus list_constants() {
  const Constants constants;
  std::vector<std::vector<std::string>> rows;
  for (const auto& [key, constant] : constants.all())
    rows.push_back(
        {key, constant.value.text(), std::string(name_of(constant.provenance)), plain_text(constant.meaning)});
  print(text_table({"constant", "value", "provenance", "meaning"}, rows));
  return succeeded;
}

}  // namespace

void add_list(Program& program, Chosen& chosen) {
  Command command = program.add_command("list", "What can be checked, and the constants of the statements");
  const auto constants = std::make_shared<bool>(false);
  command.add_flag("--constants", *constants,
                   "Show the table of constants, which --set changes (default: show the theorems)");
  accept_time_limit(command);
  command.action(
      [&chosen, constants] { chosen = [constants] { return *constants ? list_constants() : list_theorems(); }; });
}

}  // namespace assay::app
