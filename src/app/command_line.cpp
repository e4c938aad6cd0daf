#include "app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "data/input_error.hpp"
#include "data/message.hpp"
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

/// One line on what is wrong with a command line that CLI11 did not accept, with the nearest option or command.
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

}  // namespace

Option& Option::group(const std::string& heading) {
  option_->group(heading);
  return *this;
}

Option& Option::default_text(const std::string& text) {
  option_->default_str(text);
  return *this;
}

Option Command::add_value(const std::string& option, const std::string& type, const std::string& help,
                          const std::function<void(const std::string&)>& take) {
  return Option(*app_->add_option_function<std::string>(option, take, help)->type_name(type));
}

Option Command::add_values(const std::string& option, const std::string& type, const std::string& help,
                           const std::function<void(const std::vector<std::string>&)>& take) {
  return Option(*app_->add_option_function<std::vector<std::string>>(option, take, help)
                     ->type_name(type)
                     ->expected(1)
                     ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                     ->allow_extra_args(false));
}

Option Command::add_flag(const std::string& option, bool& target, const std::string& help) {
  return Option(*app_->add_flag(option, target, help));
}

void Command::add_word(const std::string& name, std::string& target, const std::string& help) {
  app_->add_option(name, target, help)->type_name("");
}

void Command::add_words(const std::string& name, std::vector<std::string>& target, const std::string& help) {
  app_->add_option(name, target, help)->type_name("");
}

void Command::footer(const std::string& text) {
  app_->footer(text);
}

void Command::action(const std::function<void()>& act) {
  app_->callback(act);
}

Program::Program(const std::string& name, const std::string& version, const std::string& description,
                 const std::string& footer)
    : app_(std::make_unique<CLI::App>(description)), name_(name), version_(version) {
  app_->name(name);
  app_->get_formatter()->column_width(34);
  app_->set_help_flag("-h,--help", "Print this help and exit");
  app_->set_version_flag("--version", version, "Print the version and exit");
  app_->footer(footer);
  app_->require_subcommand(1);
}

Program::~Program() = default;

Command Program::add_command(const std::string& name, const std::string& help) {
  return Command(*app_->add_subcommand(name, help));
}

std::optional<std::string> Program::parse(const std::vector<std::string>& words) {
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app_->parse(reversed);
    return std::nullopt;
  } catch (const CLI::CallForVersion&) {
    return name_ + " " + version_ + "\n";
  } catch (const CLI::CallForHelp&) {
    const std::vector<CLI::App*> commands = app_->get_subcommands();
    return commands.empty() ? app_->help() : commands.front()->help(name_);
  } catch (const CLI::ParseError& error) {
    throw InputError(usage_error(*app_, error, words));
  }
}

}  // namespace assay::app
