#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "app/command.hpp"
#include "app/interruption.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "app/progress.hpp"
#include "data/memory.hpp"
#include "data/message.hpp"
#include "report/json.hpp"
#include "report/text.hpp"
#include "setting/evaluation.hpp"

namespace assay::app {
namespace {

struct EvaluateOptions {
  InstanceOptions instance;
  HyperOptions hyper;  ///< accepted so that one line of options serves several commands
  AccuracyOptions accuracy;
  std::optional<std::string> json_file;
};

std::string command_of_evaluate(const EvaluateOptions& options, const Instance& instance) {
  std::string command = "./assay evaluate" + command_options(instance.request);
  if (options.instance.w_tilde_file) command += " --w-tilde " + shell_word(*options.instance.w_tilde_file);
  return command + command_options(options.accuracy);
}

ExitStatus evaluate_instance(const EvaluateOptions& options) {
  const OutputFile json("--json", options.json_file);
  Instance instance = make_instance(options.instance.request);
  const RealMatrix w_tilde = options.instance.w_tilde(instance);
  EvaluationReport report;
  report.instance = instance.name;
  report.reproduce = command_of_evaluate(options, instance);
  Setting setting(std::move(instance), options.hyper.values, options.hyper.constants, options.accuracy.threads);
  if (w_tilde.size() != 0) setting.use_w_tilde(w_tilde, *options.instance.w_tilde_file);

  const auto start = std::chrono::steady_clock::now();
  Evaluation evaluation = [&] {
    const Interruption interruption("nothing was reported", FirstSignal::ends_computations);
    const TimeLimit limit = time_limit(options.accuracy.seconds);
    Progress progress;
    progress.begin("evaluating " + report.instance + ": ");
    setting.report_progress_to([&](double done) { progress.done(done); });
    return with_memory_for(setting.instance(), [&] {
      return evaluate(setting, options.accuracy.relative_width(), options.accuracy.precision_on(setting.instance()),
                      [&](const std::string& detail) { progress.say(detail); });
    });
  }();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.quantities = std::move(evaluation.quantities);
  report.bits = evaluation.bits;
  report.tier = evaluation.fast ? "fast" : "deep";
  report.notes = options.instance.notes;
  for (const FieldText& note : evaluation.notes) report.notes.push_back(on_command_line(note));
  json.write(json.is_asked_for() ? evaluation_json(report) : "");
  if (!json.is_standard_output()) print(evaluation_text(report));
  if (computations_are_interrupted()) return interrupted;
  return evaluation.reached ? succeeded : undecided;
}

}  // namespace

void add_evaluate(Program& program, Chosen& chosen) {
  Command command = program.add_command("evaluate", "Certified values of one network, its kernel and spectrum");
  const auto options = std::make_shared<EvaluateOptions>();
  options->instance.add_to(command);
  options->accuracy.add_to(command);
  options->hyper.add_to(command, "Hyperparameters (no effect on these values)");
  add_json_to(command, options->json_file);
  command.footer(
      "\nExample:\n"
      "  assay evaluate --n 4 --d-in 4 --d 2 --m 256\n"
      "Exit status 3 if --rtol was not reached with --bits; the notes say by which values.");
  command.action([&chosen, options] { chosen = [options] { return evaluate_instance(*options); }; });
}

}  // namespace assay::app
