#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "data/field.hpp"
#include "enclosure/refine.hpp"
#include "enclosure/stop.hpp"
#include "setting/setting.hpp"

namespace assay::app {

/// Where the instance comes from: --x --y --w --a --header --n --d-in --d --m --sigma --seed --data --rows, and
/// --w-tilde for a second network.
struct InstanceOptions {
  InstanceRequest request;
  std::vector<std::string> notes;  ///< sentences for the report on how the options were read
  std::optional<std::string> w_tilde_file;

  void add_to(Command& command);
  /// The matrix in the file of --w-tilde, or an empty one. @throws InputError unless it has the shape of W.
  RealMatrix w_tilde(const Instance& instance) const;
};

/// An option for each hyperparameter, and the table of constants: --C, --set.
struct HyperOptions {
  Hyperparameters values;
  Constants constants;

  void add_to(Command& command, const std::string& group);
  /// --C and --set alone.
  void add_constants_to(Command& command, const std::string& group);
};

/// --rtol --tier --bits --threads --time-limit.
struct AccuracyOptions {
  static constexpr double kDefaultRtol = 1e-6;
  std::optional<double> rtol;
  std::optional<Bits> bits;
  Tier tier = Tier::automatic;
  int threads = default_threads();
  std::optional<double> seconds;  ///< --time-limit

  void add_to(Command& command);
  /// --bits alone.
  void add_bits_to(Command& command);
  double relative_width() const { return rtol.value_or(kDefaultRtol); }
  Precision precision() const { return {64, bits.value_or(Precision{}.limit), tier}; }
  /// The same, but the deep tier alone where the fast one takes no instance of so many outputs and the kernel is small.
  Precision precision_on(const Instance& instance) const;
  static int default_threads();
  /// " --bits 512 --tier deep": what was given, threads and time aside, each after a blank.
  std::string as_given() const;
};

/// --time-limit alone.
Option add_time_limit_to(Command& command, std::optional<double>& seconds);
/// For a command that computes nothing: the option has no effect.
void accept_time_limit(Command& command);
/// Ends computations after so many seconds, if they are given.
TimeLimit time_limit(const std::optional<double>& seconds);

/// --threads alone.
Option add_threads_to(Command& command, int& threads);
/// --json. @param what  is written as JSON, as "the findings as ".
void add_json_to(Command& command, std::optional<std::string>& file, const std::string& what = "");

/// "--d-in": how a field is typed on the command line.
std::string option_of(Field field);
/// A text in the words of the command line.
std::string on_command_line(const FieldText& text);

/// " --n 4 --d-in 4 --x 'my data/x.csv'": the options that give a request again, each after a blank.
std::string command_options(const InstanceRequest& request);
/// " --delta 0.2 --set e0.C=5": the options that differ from their defaults, each after a blank.
std::string command_options(const Hyperparameters& hyper, const Constants& constants);
std::string command_options(const AccuracyOptions& accuracy);

/// The instance must say with which scale it was drawn. @throws InputError
void require_sigma(const Instance& instance);

}  // namespace assay::app
