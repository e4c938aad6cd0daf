#include "app/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "app/value.hpp"
#include "data/input_error.hpp"
#include "data/matrix_file.hpp"
#include "data/message.hpp"
#include "data/streamed_outputs.hpp"

namespace assay::app {
namespace {

constexpr const char* kInstance = "Instance";
constexpr const char* kAccuracy = "Accuracy";

Tier tier_of(const std::string& name) {
  if (name == "auto") return Tier::automatic;
  if (name == "fast") return Tier::fast;
  if (name == "deep") return Tier::deep;
  throw InputError(fmt::format("--tier: expected fast, deep or auto, found {}", shown(name)));
}

/// "key=value" as typed after --set.
void set_constant(const std::string& assignment, Constants& constants) {
  const auto equals = assignment.find('=');
  if (equals == std::string::npos)
    throw InputError(fmt::format("--set: expected KEY=VALUE such as e1.exponent=8, found {}", shown(assignment)));
  const std::string key = assignment.substr(0, equals);
  try {
    static_cast<void>(constants[key]);  // finds out whether there is one
  } catch (const std::invalid_argument& error) {
    throw InputError(fmt::format("--set: {}", error.what()));
  }
  constants.set(key, decimal("--set: " + key, assignment.substr(equals + 1)).text());
}

}  // namespace

void InstanceOptions::add_to(Command& command) {
  const auto text = [&](const char* option, const char* type, std::optional<std::string>& target, const char* help) {
    command.add_value(option, type, help, [&target](const std::string& value) { target = value; }).group(kInstance);
  };
  const auto count = [&](const char* option, std::optional<Eigen::Index>& target, const char* help) {
    command
        .add_value(option, "INT", help,
                   [&target, option](const std::string& value) { target = integer(option, value); })
        .group(kInstance);
  };
  text("--x", "FILE", request.x_file, "Inputs X, .csv or .npy, a row per sample (with --y; default: drawn)");
  text("--y", "FILE", request.y_file, "Labels Y, a row per sample");
  text("--w", "FILE", request.w_file, "Weights W, a row per neuron (with --a; default: drawn)");
  text("--a", "FILE", request.a_file, "Output signs A, a row per neuron, entries 1 or -1");
  command.add_flag("--header", request.header, "CSV files start with a line of names (default: they do not)")
      .group(kInstance);
  text("--data", "NAME", request.data, "Built-in data in place of X and Y: iris");
  command
      .add_value("--rows", "LIST", "Rows of the built-in data, such as 1,51,101 (default: all)",
                 [this](const std::string& value) { request.data_rows = row_list("--rows", value); })
      .group(kInstance);
  count("--n", request.n, "Samples to draw on the unit sphere");
  count("--d-in", request.d_in, "Dimension of drawn inputs (default: --d)");
  count("--d", request.d, "Dimension of drawn labels (default: --d-in)");
  count("--m", request.m, "Neurons to draw, an even number");
  command
      .add_value("--sigma", "NUM", "Scale of the weights (default: 1 if they are drawn, else unknown)",
                 [this](const std::string& value) {
                   const Scale sigma = scale("--sigma", value);
                   request.sigma = sigma.value;
                   if (sigma.note) notes.push_back(*sigma.note);
                 })
      .group(kInstance);
  command
      .add_value("--seed", "INT", "Seed of everything drawn (default: 1)",
                 [this](const std::string& value) { request.seed = seed("--seed", value); })
      .group(kInstance);
  text("--w-tilde", "FILE", w_tilde_file, "A second network W~ to compare with W (default: none, or found by search)");
}

RealMatrix InstanceOptions::w_tilde(const Instance& instance) const {
  if (!w_tilde_file) return {};
  RealMatrix matrix = read_matrix(*w_tilde_file, request.header);
  if (matrix.rows() != instance.m() || matrix.cols() != instance.d_in())
    throw InputError(fmt::format("{} ({}): expected the shape of W, {}", printable(*w_tilde_file),
                                 shape_text(matrix.rows(), matrix.cols()), shape_text(instance.m(), instance.d_in())));
  return matrix;
}

void HyperOptions::add_to(Command& command, const std::string& group) {
  for (const Hyperparameter& row : kHyperparameters) {
    const std::string name = option_of(row.field);
    Option option = command.add_value(
        name, row.is_count() ? "INT" : "NUM", row.help,
        [this, &row, name](const std::string& text) { read_hyperparameter(row, name, text, values); });
    option.group(group);
    if (const auto value = value_of(row, values)) option.default_text(value->text());
  }
  add_constants_to(command, group);
}

void HyperOptions::add_constants_to(Command& command, const std::string& group) {
  command
      .add_value("--C", "NUM", "C in B = max{C sigma sqrt(log(nd/delta)), 1}; short for --set e0.C=NUM",
                 [this](const std::string& value) { constants.set("e0.C", decimal("--C", value).text()); })
      .default_text(constants["e0.C"].value.text())
      .group(group);
  command
      .add_values("--set", "KEY=VALUE",
                  "Another value for a constant of the statements (assay list --constants); repeat for more",
                  [this](const std::vector<std::string>& assignments) {
                    for (const std::string& assignment : assignments) set_constant(assignment, constants);
                  })
      .group(group);
}

int AccuracyOptions::default_threads() {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 64);
}

void AccuracyOptions::add_bits_to(Command& command) {
  command
      .add_value("--bits", "INT", "Limit of the precision, 32 to 65536; it is raised only where needed",
                 [this](const std::string& value) { bits = integer_between("--bits", value, 32, 65536); })
      .default_text(std::to_string(Precision{}.limit))
      .group(kAccuracy);
}

Option add_threads_to(Command& command, int& threads) {
  return command.add_value(
      "--threads", "INT", "Threads, 1 to 1024; results do not depend on it (default: those of the machine, at most 64)",
      [&threads](const std::string& value) {
        threads = static_cast<int>(integer_between("--threads", value, 1, 1024));
      });
}

Option add_time_limit_to(Command& command, std::optional<double>& seconds) {
  return command.add_value(
      "--time-limit", "TIME",
      "End after so many seconds (or 90s, 5m, 2h) with what is known by then; the rest is undecided (default: none)",
      [&seconds](const std::string& text) { seconds = duration("--time-limit", text); });
}

void accept_time_limit(Command& command) {
  command.add_value("--time-limit", "TIME", "No effect: there is nothing to compute",
                    [](const std::string& text) { static_cast<void>(duration("--time-limit", text)); });
}

TimeLimit time_limit(const std::optional<double>& seconds) {
  return seconds ? TimeLimit(std::chrono::duration<double>(*seconds)) : TimeLimit::share(1);
}

void add_json_to(Command& command, std::optional<std::string>& file, const std::string& what) {
  command.add_value("--json", "FILE", fmt::format("Write {}JSON, to standard output for - (default: none)", what),
                    [&file](const std::string& name) { file = name; });
}

void AccuracyOptions::add_to(Command& command) {
  command
      .add_value("--rtol", "NUM", "Relative width asked of every value, in (0, 1)",
                 [this](const std::string& value) { rtol = app::relative_width("--rtol", value); })
      .default_text("1e-6")
      .group(kAccuracy);
  command
      .add_value(
          "--tier", "TIER",
          "Arithmetic: fast (balls in double), deep (intervals of many bits), or auto: fast first, deep where needed",
          [this](const std::string& value) { tier = tier_of(value); })
      .default_text("auto")
      .group(kAccuracy);
  add_bits_to(command);
  add_threads_to(command, threads).group(kAccuracy);
  add_time_limit_to(command, seconds).group(kAccuracy);
}

Precision AccuracyOptions::precision_on(const Instance& instance) const {
  constexpr Eigen::Index kLargestDeepKernel = 512;  // rows, which take the deep tier seconds
  Precision chosen = precision();
  const bool too_many = instance.d() > kMostStreamedOutputs;
  if (chosen.tier == Tier::automatic && too_many && instance.n() * instance.d() <= kLargestDeepKernel)
    chosen.tier = Tier::deep;
  return chosen;
}

std::string option_of(Field field) {
  std::string option = "--" + std::string(field.key);
  std::replace(option.begin(), option.end(), '_', '-');
  return option;
}

std::string on_command_line(const FieldText& text) {
  return text.text(option_of);
}

std::string command_options(const InstanceRequest& request) {
  std::string options;
  for (const auto& [field, value] : given_fields(request)) {
    options += " " + option_of(field);
    if (field != field::header) options += " " + shell_word(value);
  }
  return options;
}

std::string command_options(const Hyperparameters& hyper, const Constants& constants) {
  const Hyperparameters usual;
  std::string options;
  for (const Hyperparameter& row : kHyperparameters) {
    const auto value = value_of(row, hyper), default_value = value_of(row, usual);
    if (value && (!default_value || value->text() != default_value->text()))
      options += fmt::format(" {} {}", option_of(row.field), value->text());
  }
  for (const auto& [key, constant] : constants.all())
    if (constant.provenance == Provenance::user) options += fmt::format(" --set {}={}", key, constant.value.text());
  return options;
}

std::string AccuracyOptions::as_given() const {
  std::string options;
  if (bits) options += fmt::format(" --bits {}", *bits);
  if (tier == Tier::fast) options += " --tier fast";
  if (tier == Tier::deep) options += " --tier deep";
  if (rtol) options += fmt::format(" --rtol {}", *rtol);
  return options;
}

std::string command_options(const AccuracyOptions& accuracy) {
  AccuracyOptions unusual = accuracy;
  if (accuracy.precision().limit == Precision{}.limit) unusual.bits.reset();
  const double rtol = accuracy.relative_width();
  if (!(rtol < AccuracyOptions::kDefaultRtol || rtol > AccuracyOptions::kDefaultRtol)) unusual.rtol.reset();
  return unusual.as_given();
}

void require_sigma(const Instance& instance) {
  if (instance.sigma) return;
  throw InputError(
      "the theorems need the scale of the initialization, which files of W and A do not tell: give --sigma");
}

}  // namespace assay::app
