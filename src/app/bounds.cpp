#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "app/bounds_chart.hpp"
#include "app/bounds_elasticity.hpp"
#include "app/bounds_grid.hpp"
#include "app/bounds_solve.hpp"
#include "app/closed_form_report.hpp"
#include "app/command.hpp"
#include "app/kernel_lambda.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "app/value.hpp"
#include "data/input_error.hpp"
#include "enclosure/exponent_range.hpp"
#include "report/chart.hpp"
#include "report/json.hpp"
#include "report/text.hpp"

namespace assay::app {
namespace {

struct BoundsOptions {
  ClosedFormInputs inputs;
  std::set<std::string> given;  ///< of the options of inputs
  HyperOptions hyper;           ///< only its constants
  KernelLambda lambda;
  std::vector<std::string> varied;
  std::optional<std::string> shown, elasticities;
  std::optional<std::string> solved, between;
  std::vector<std::string> such_that;
  std::optional<double> relative_gap;
  AccuracyOptions accuracy;
  std::optional<std::string> json_file, csv_file, svg_file;

  Precision precision() const {
    Precision precision = accuracy.precision();
    precision.tier = Tier::deep;  // closed forms leave the range of double
    return precision;
  }
};

void refuse_if(bool is_given, const char* option, const char* expected) {
  if (is_given) throw InputError(fmt::format("{}: expected {}", option, expected));
}

/// Options that say nothing without others.
void require_sense(const BoundsOptions& options) {
  const bool varies = !options.varied.empty(), solves = options.solved.has_value();
  refuse_if(options.csv_file && (!varies || solves), "--csv",
            "--vary beside it, and no --solve: it holds a row per point");
  refuse_if(options.svg_file && (!varies || solves), "--svg",
            "--vary beside it, and no --solve: it draws bounds over a variable");
  refuse_if(options.shown && (!varies || solves), "--show", "--vary beside it, and no --solve: it picks columns");
  refuse_if(options.elasticities && solves, "--elasticity", "no --solve beside it");
  refuse_if(!options.such_that.empty() && !solves, "--such-that", "--solve VARIABLE beside it");
  refuse_if(options.between && !solves, "--between", "--solve VARIABLE beside it");
  refuse_if(options.relative_gap && !solves, "--to", "--solve VARIABLE beside it");
}

/// The inputs with lambda as far as it is the same everywhere, and where it comes from.
ClosedFormInputs inputs_of(BoundsOptions& options) {
  ClosedFormInputs inputs = options.inputs;
  inputs.constants = options.hyper.constants;
  refuse_if(options.lambda.is_asked_for() && options.given.contains("--lambda"), "--lambda",
            "no --x or --drawn-x beside it, which say what lambda is");
  options.lambda.read_rows(inputs, options.given.contains("--n"));
  require_valid(inputs);
  if (!options.lambda.is_asked_for() && !options.given.contains("--lambda"))
    inputs.lambda_source = "$\\lambda$ = " + inputs.lambda.text() +
                           " is assumed, and not that of any data: give --lambda, or rows by --x FILE or --drawn-x.";
  return inputs;
}

BoundsGrid grid_of(const BoundsOptions& options) {
  std::vector<VariedValues> varied;
  for (const std::string& text : options.varied) varied.push_back(varied_values("--vary", text));
  BoundsGrid grid(varied);
  if (options.lambda.has_file())
    for (const char* name : {"n", "d_in"})
      if (grid.varies(name)) throw InputError(fmt::format("--vary {}: the rows of --x fix it", name));
  refuse_if(options.lambda.is_asked_for() && grid.varies("lambda"), "--vary lambda",
            "no --x or --drawn-x, which say what lambda is");
  return grid;
}

ExitStatus print_one(const BoundsOptions& options, ClosedFormInputs inputs, KernelLambda& lambda) {
  const OutputFile json("--json", options.json_file);
  const std::vector<Variable> elasticities =
      options.elasticities ? elasticity_variables("--elasticity", *options.elasticities) : std::vector<Variable>{};
  const BoundsReport report = [&] {
    const Stoppable stoppable;
    if (lambda.is_asked_for()) lambda.put_into(inputs, options.precision());
    BoundsReport made = closed_form_report(inputs, options.precision());
    add_elasticities(made, inputs, elasticities, options.precision());
    return made;
  }();
  json.write(json.is_asked_for() ? bounds_json(report) : "");
  if (!json.is_standard_output()) print(bounds_text(report));
  return succeeded;
}

std::vector<std::string> shown_bounds(const std::optional<std::string>& list,
                                      const std::vector<std::string>& otherwise) {
  if (!list) return otherwise;
  std::vector<std::string> names;
  for (std::size_t from = 0; from <= list->size();) {
    const std::size_t to = std::min(list->find(',', from), list->size());
    names.push_back(bound_named("--show", list->substr(from, to - from)));
    from = to + 1;
  }
  return names;
}

ExitStatus print_table(const BoundsOptions& options, const ClosedFormInputs& inputs, const BoundsGrid& grid,
                       KernelLambda& lambda) {
  const OutputFile json("--json", options.json_file), csv("--csv", options.csv_file), svg("--svg", options.svg_file);
  const std::vector<std::string> shown =
      shown_bounds(options.shown, {"B", "R_convex", "m", "T_hat", "m_break", "C_consistent_min"});
  const std::vector<Variable> elasticities =
      options.elasticities ? elasticity_variables("--elasticity", *options.elasticities) : std::vector<Variable>{};
  BoundsTable table = [&] {
    const Stoppable stoppable;
    return bounds_table(grid, inputs, lambda, elasticities, options.precision());
  }();
  table.shown = shown;
  if (svg.is_asked_for())
    svg.write(chart_svg(bounds_chart(table, grid.variables(), shown_bounds(options.shown, {"m"}))));
  json.write(json.is_asked_for() ? bounds_table_json(table) : "");
  csv.write(csv.is_asked_for() ? bounds_table_csv(table) : "");
  if (!json.is_standard_output() && !csv.is_standard_output() && !svg.is_standard_output())
    print(bounds_table_text(table));
  return table.is_complete ? succeeded : undecided;
}

ExitStatus print_answers(const BoundsOptions& options, const ClosedFormInputs& inputs, const BoundsGrid& grid,
                         KernelLambda& lambda) {
  const OutputFile json("--json", options.json_file);
  const InverseQuestion question =
      inverse_question(*options.solved, options.such_that, options.between,
                       options.relative_gap.value_or(InverseQuestion{}.relative_gap), inputs);
  const std::vector<InverseAnswer> answers = [&] {
    const Stoppable stoppable;
    return inverse_answers(question, grid, inputs, lambda, options.precision());
  }();
  json.write(json.is_asked_for() ? inverse_json(answers) : "");
  if (!json.is_standard_output()) print(inverse_text(answers));
  const bool all_complete = std::all_of(answers.begin(), answers.end(),
                                        [](const InverseAnswer& answer) { return answer.solution.is_complete(); });
  return all_complete && answers.size() == grid.size() ? succeeded : undecided;
}

ExitStatus run_bounds(BoundsOptions& options) {
  const WideExponents wide;
  require_sense(options);
  ClosedFormInputs inputs = inputs_of(options);
  const BoundsGrid grid = grid_of(options);
  if (grid.varies("lambda")) inputs.lambda_source.clear();
  const TimeLimit limit = time_limit(options.accuracy.seconds);
  if (options.solved) return print_answers(options, inputs, grid, options.lambda);
  if (!options.varied.empty()) return print_table(options, inputs, grid, options.lambda);
  return print_one(options, inputs, options.lambda);
}

/// Of any magnitude that closed forms can be evaluated at.
Decimal wide_decimal(const std::string& option, const std::string& text) {
  const WideExponents wide;
  return decimal(option, text);
}

void add_inputs(Command& command, BoundsOptions& options) {
  ClosedFormInputs& inputs = options.inputs;
  const auto exact = [&](const char* option, Decimal& target, const char* help) {
    command
        .add_value(option, "NUM", help,
                   [&target, &options, option](const std::string& value) {
                     target = wide_decimal(option, value);
                     options.given.insert(option);
                   })
        .default_text(target.text());
  };
  const auto optional = [&](const char* option, std::optional<Decimal>& target, const char* help) {
    command.add_value(option, "NUM", help,
                      [&target, option](const std::string& value) { target = wide_decimal(option, value); });
  };
  exact("--n", inputs.n, "Samples");
  exact("--d", inputs.d, "Dimension of the labels");
  optional("--d-in", inputs.d_in, "Dimension of the inputs; no bound depends on it but by drawn rows (default: --d)");
  exact("--sigma", inputs.sigma, "Scale of the initialization, above 0");
  exact("--delta", inputs.delta, hyperparameter(&Hyperparameters::delta).help);
  exact("--epsilon", inputs.epsilon, hyperparameter(&Hyperparameters::epsilon).help);
  exact("--lambda", inputs.lambda, "Smallest eigenvalue of the kernel, above 0");
  optional("--radius", inputs.radius, "Radius R of the perturbation bound (default: the constant e1.radius_max, 0.01)");
  optional("--rkhs-radius", inputs.rkhs_radius,
           "R_H of the score bound, above Lambda^2 (default: 100 d c_Lambda^2, so that sqrt(R_H) = 10 Lambda)");
  exact("--early-stopping", inputs.early_stopping, "Early stopping error of the score bound");
}

/// Several values at once, elasticities, and what is written of them.
void add_tables(Command& command, BoundsOptions& options) {
  constexpr const char* kTables = "Several values";
  const auto text = [&](const char* option, const char* type, std::optional<std::string>& target, const char* help) {
    command.add_value(option, type, help, [&target](const std::string& value) { target = value; }).group(kTables);
  };
  command
      .add_values("--vary", "VARIABLE=VALUES",
                  "A variable and its values: n=8:4096:x2, sigma=0.1:1:+0.1 or n=8,16,100; repeat for a grid",
                  [&options](const std::vector<std::string>& values) { options.varied = values; })
      .group(kTables);
  text("--show", "LIST", options.shown,
       "Columns of the table and lines of the picture, such as m,T,R,B (default: B,R,m,T,m_break,C_min)");
  text("--elasticity", "LIST", options.elasticities,
       "Add d log(bound) / d log(variable), such as n,sigma, or all (default: none)");
  text("--csv", "FILE", options.csv_file, "Write every bound at every point with both ends (default: none)");
  text("--svg", "FILE", options.svg_file, "Draw m, or the bounds of --show, over the first variable (default: none)");
}

/// Where a condition on the bounds holds.
void add_questions(Command& command, BoundsOptions& options) {
  constexpr const char* kQuestions = "Inverse questions";
  command
      .add_value("--solve", "VARIABLE", "Find all values of this variable for which --such-that holds",
                 [&options](const std::string& value) { options.solved = value; })
      .group(kQuestions);
  command
      .add_values(
          "--such-that", "CONDITION",
          "'m<=1e9', 'R>=1e-6', 'm<=m_break', or event for the latter; repeat for conditions that all must hold",
          [&options](const std::vector<std::string>& values) { options.such_that = values; })
      .group(kQuestions);
  command
      .add_value("--between", "LO:HI", "Where to search (default: a wide range, which the answer names)",
                 [&options](const std::string& value) { options.between = value; })
      .group(kQuestions);
  command
      .add_value("--to", "NUM",
                 "Relative distance of the last real number that holds from the first that fails, from 1e-60",
                 [&options](const std::string& value) {
                   options.relative_gap = relative_width("--to", value);
                   refuse_if(*options.relative_gap < 1e-60, "--to", "a relative width in [1e-60, 1)");
                 })
      .default_text("1e-12")
      .group(kQuestions);
}

constexpr const char* kExamples =
    "\nExamples:\n"
    "  assay bounds --n 100 --d 10 --sigma 0.5 --C 3\n"
    "  assay bounds --vary n=8:4096:x2 --vary sigma=0.1,0.5,1 --csv bounds.csv --svg width.svg\n"
    "  assay bounds --sigma 0.1 --C 1 --solve n --such-that 'm<=1e9'\n"
    "  assay bounds --solve C --such-that event\n"
    "  assay bounds --drawn-x --d-in 8 --vary n=4,8,16 --elasticity n,sigma\n"
    "Numbers are exact: decimals, fractions such as 1/3, powers such as 2^20. --solve ends with status 3 if a part of\n"
    "the range was not decided.";

}  // namespace

void add_bounds(Program& program, Chosen& chosen) {
  Command command = program.add_command(
      "bounds", "All closed-form bounds at given hyperparameters, over ranges, or solved for one of them");
  const auto options = std::make_shared<BoundsOptions>();
  add_inputs(command, *options);
  options->hyper.add_constants_to(command, "Options");
  options->lambda.add_to(command);
  add_tables(command, *options);
  add_questions(command, *options);
  options->accuracy.add_bits_to(command);
  add_time_limit_to(command, options->accuracy.seconds);
  add_json_to(command, options->json_file);
  command.footer(kExamples);
  command.action([&chosen, options] { chosen = [options] { return run_bounds(*options); }; });
}

}  // namespace assay::app
