#include <memory>

#include "app/closed_form_report.hpp"
#include "app/command.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "app/value.hpp"
#include "enclosure/exponent_range.hpp"
#include "report/json.hpp"
#include "report/text.hpp"

namespace assay::app {
namespace {

struct BoundsOptions {
  ClosedFormInputs inputs;
  HyperOptions hyper;  ///< only its constants
  AccuracyOptions accuracy;
  std::optional<std::string> json_file;
};

ExitStatus print_bounds(const BoundsOptions& options) {
  const WideExponents wide;
  const OutputFile json("--json", options.json_file);
  ClosedFormInputs inputs = options.inputs;
  inputs.constants = options.hyper.constants;
  require_valid(inputs);
  Precision precision = options.accuracy.precision();
  precision.tier = Tier::deep;  // closed forms leave the range of double
  const TimeLimit limit = time_limit(options.accuracy.seconds);
  const BoundsReport report = [&] {
    const Stoppable stoppable;
    return closed_form_report(inputs, precision);
  }();
  json.write(json.is_asked_for() ? bounds_json(report) : "");
  if (!json.is_standard_output()) print(bounds_text(report));
  return succeeded;
}

/// Of any magnitude that closed forms can be evaluated at.
Decimal wide_decimal(const std::string& option, const std::string& text) {
  const WideExponents wide;
  return decimal(option, text);
}

void add_inputs(Command& command, ClosedFormInputs& inputs) {
  const auto exact = [&](const char* option, Decimal& target, const char* help) {
    command
        .add_value(option, "NUM", help,
                   [&target, option](const std::string& value) { target = wide_decimal(option, value); })
        .default_text(target.text());
  };
  const auto optional = [&](const char* option, std::optional<Decimal>& target, const char* help) {
    command.add_value(option, "NUM", help,
                      [&target, option](const std::string& value) { target = wide_decimal(option, value); });
  };
  exact("--n", inputs.n, "Samples");
  exact("--d", inputs.d, "Dimension of the labels");
  optional("--d-in", inputs.d_in, "Dimension of the inputs; no bound depends on it (default: --d)");
  exact("--sigma", inputs.sigma, "Scale of the initialization, above 0");
  exact("--delta", inputs.delta, hyperparameter(&Hyperparameters::delta).help);
  exact("--epsilon", inputs.epsilon, hyperparameter(&Hyperparameters::epsilon).help);
  exact("--lambda", inputs.lambda, "Smallest eigenvalue of the kernel, above 0");
  optional("--radius", inputs.radius, "Radius R of the perturbation bound (default: the constant e1.radius_max, 0.01)");
  optional("--rkhs-radius", inputs.rkhs_radius,
           "R_H of the score bound, above Lambda^2 (default: 100 d c_Lambda^2, so that sqrt(R_H) = 10 Lambda)");
  exact("--early-stopping", inputs.early_stopping, "Early stopping error of the score bound");
}

}  // namespace

void add_bounds(Program& program, Chosen& chosen) {
  Command command =
      program.add_command("bounds", "All closed-form bounds at given hyperparameters, without an instance");
  const auto options = std::make_shared<BoundsOptions>();
  add_inputs(command, options->inputs);
  options->hyper.add_constants_to(command, "Options");
  options->accuracy.add_bits_to(command);
  add_time_limit_to(command, options->accuracy.seconds);
  add_json_to(command, options->json_file);
  command.footer(
      "\nExample:\n"
      "  assay bounds --n 100 --d 10 --sigma 0.5 --C 3\n"
      "Numbers are exact: decimals, fractions such as 1/3, powers such as 2^20.");
  command.action([&chosen, options] { chosen = [options] { return print_bounds(*options); }; });
}

}  // namespace assay::app
