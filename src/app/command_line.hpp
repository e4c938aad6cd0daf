#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace assay::app {

// What the commands need of CLI11, whose header takes longer to compile than any of them. What `take` functions and
// actions throw passes through.

/// An option that was added, for what else is to be said of it.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}
  /// The heading of the help under which it stands.
  Option& group(const std::string& heading);
  /// The default that the help shows.
  Option& default_text(const std::string& text);

 private:
  CLI::Option* option_;
};

class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  /// An option with one value that `take` reads; what `take` throws names the option already.
  Option add_value(const std::string& option, const std::string& type, const std::string& help,
                   const std::function<void(const std::string&)>& take);
  /// An option with one value that may be given many times; `take` gets all of them.
  Option add_values(const std::string& option, const std::string& type, const std::string& help,
                    const std::function<void(const std::vector<std::string>&)>& take);
  Option add_flag(const std::string& option, bool& target, const std::string& help);
  /// One word, or any number of them, without an option before.
  void add_word(const std::string& name, std::string& target, const std::string& help);
  void add_words(const std::string& name, std::vector<std::string>& target, const std::string& help);
  /// The end of the help.
  void footer(const std::string& text);
  /// What happens if the command was typed and its options were understood.
  void action(const std::function<void()>& act);

 private:
  CLI::App* app_;
};

class Program {
 public:
  Program(const std::string& name, const std::string& version, const std::string& description,
          const std::string& footer);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Command add_command(const std::string& name, const std::string& help);
  /// Understands a command line and acts.
  /// @return  text to print instead: help, or the version.
  /// @throws InputError with one line on what is wrong, and the nearest option or command.
  std::optional<std::string> parse(const std::vector<std::string>& words);

 private:
  std::unique_ptr<CLI::App> app_;
  std::string name_, version_;
};

}  // namespace assay::app
