#include "app/usage_error.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "network/message.hpp"
#include "theory/constants.hpp"

namespace assay::app {
namespace {

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// What CLI11 calls extras: options that the command does not have, or words where none is expected.
std::string unexpected(const CLI::App& command, const std::string& word) {
  if (!word.starts_with('-')) return fmt::format("{}: unexpected argument {}", command.get_name(), shown(word));
  const std::string option = word.substr(0, word.find('='));
  return fmt::format("unknown option {} for {}; the nearest is {}", printable(option), command.get_name(),
                     nearest(option, option_names(command)));
}

/// CLI11 says "--m: 1 required INT missing" and "--m: At Most 1 required but received 2".
std::string wrong_number_of_values(const std::string& message) {
  const std::string option = message.substr(0, message.find(':'));
  return option + (message.find("At Most") == std::string::npos ? ": expected a value" : ": given more than once");
}

}  // namespace

std::string usage_error(const CLI::App& program, const CLI::ParseError& error, const std::vector<std::string>& words) {
  const std::vector<std::string> commands = command_names(program);
  if (words.empty()) return fmt::format("expected a command: {} (--help tells more)", joined(commands));
  const std::string& first = words.front();
  if (first.starts_with('-')) return fmt::format("unknown option {} (--help tells more)", printable(first));
  if (std::find(commands.begin(), commands.end(), first) == commands.end())
    return fmt::format("unknown command {}; the nearest is {} (--help shows all)", shown(first),
                       nearest(first, commands));
  const CLI::App& command = *program.get_subcommand(first);
  const std::vector<std::string> extras = program.remaining(true);
  if (!extras.empty()) return unexpected(command, extras.front());
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) return wrong_number_of_values(error.what());
  return fmt::format("{}: {}", first, error.what());
}

}  // namespace assay::app
