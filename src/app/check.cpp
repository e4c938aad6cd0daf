#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "app/command.hpp"
#include "app/findings.hpp"
#include "app/input_files.hpp"
#include "app/interruption.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "app/pictures.hpp"
#include "app/progress.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"
#include "report/html/mathml.hpp"
#include "report/html/page.hpp"
#include "report/json.hpp"
#include "report/markdown.hpp"
#include "report/text.hpp"

namespace assay::app {
namespace {

struct CheckCommand {
  std::vector<std::string> ids;
  InstanceOptions instance;
  HyperOptions hyper;
  AccuracyOptions accuracy;
  std::optional<std::string> json_file, markdown_file, html_file, networks_folder;
};

std::vector<const Theorem*> chosen_theorems(const std::vector<std::string>& ids) {
  if (ids.empty()) throw InputError("check: expected IDs of theorems, or all (`assay list` shows them)");
  std::vector<const Theorem*> theorems;
  for (const std::string& id : ids) {
    if (id == "all") return every_theorem();
    const Theorem* theorem = &theorem_of(id);
    if (std::find(theorems.begin(), theorems.end(), theorem) == theorems.end()) theorems.push_back(theorem);
  }
  return theorems;
}

std::string options_of(const CheckCommand& command, const Instance& instance) {
  std::string options = command_options(instance.request);
  if (command.instance.w_tilde_file) options += " --w-tilde " + shell_word(*command.instance.w_tilde_file);
  return options + command_options(command.hyper.values, command.hyper.constants) + command_options(command.accuracy);
}

Setting make_setting(const CheckCommand& command, Instance instance) {
  const std::string name = instance.name;
  RealMatrix w_tilde = command.instance.w_tilde(instance);
  Setting setting(std::move(instance), command.hyper.values, command.hyper.constants, command.accuracy.threads);
  if (w_tilde.size() != 0) setting.use_w_tilde(std::move(w_tilde), *command.instance.w_tilde_file);
  if (command.networks_folder) setting.write_counterexamples_to(*command.networks_folder + "/" + name);
  return setting;
}

/// Writes the report, and before it the charts beside it: out/f.md shows out/f-<id>-<name>.svg. Standard output, pipes
/// and devices get no charts.
void write_markdown(const OutputFile& file, const std::vector<const Theorem*>& theorems,
                    const std::vector<Finding>& findings, const RunInfo& run) {
  std::string text;
  const std::filesystem::path path = file.ordinary_file().value_or("");
  for (std::size_t k = 0; k < findings.size(); ++k) {
    std::vector<Picture> charts;
    if (!path.empty()) charts = chart_pictures(findings[k], path.stem().string() + "-" + findings[k].theorem);
    write_pictures(path.has_parent_path() ? path.parent_path().string() : ".", charts);
    text += k == 0 ? "" : "\n";
    text += theorem_markdown(*theorems[k], card_of(theorems[k]->id), {findings[k]}, run, {}, {charts});
  }
  file.write(text);
}

/// Writes the same as one page, with its charts in it.
void write_page(const OutputFile& file, const std::vector<const Theorem*>& theorems,
                const std::vector<Finding>& findings, const RunInfo& run) {
  html::Page page;
  for (std::size_t k = 0; k < findings.size(); ++k) {
    const std::vector<Picture> charts = chart_pictures(findings[k], findings[k].theorem);
    page.sections.push_back({theorems[k],
                             theorem_markdown(*theorems[k], card_of(theorems[k]->id), {findings[k]}, run, {}, {charts}),
                             charts});
  }
  file.write(html::pages({page}).front());
}

/// Findings in words on standard output: of a run that lasts, each as soon as it is there, so that a slow theorem does
/// not hold back the others; of a short one all at the end.
class Printed {
 public:
  explicit Printed(bool wanted) : wanted_(wanted) {}

  /// Prints what is new. That it cannot be printed is said by finish(), when the files are written.
  /// @return  how many are printed by now.
  std::size_t add(const std::vector<Finding>& findings) {
    constexpr std::chrono::seconds kPatience{2};
    if (!trouble_ && std::chrono::steady_clock::now() - start_ > kPatience) print_new(findings);
    return printed_;
  }
  /// Prints the rest. @throws InputError if something could not be printed.
  void finish(const std::vector<Finding>& findings) {
    if (!trouble_) print_new(findings);
    if (trouble_) throw InputError(*trouble_);
  }

 private:
  void print_new(const std::vector<Finding>& findings) {
    if (!wanted_ || printed_ == findings.size()) return;
    const std::vector<Finding> unprinted(findings.begin() + static_cast<std::ptrdiff_t>(printed_), findings.end());
    try {
      print((printed_ == 0 ? "" : "\n") + findings_text(unprinted));
      printed_ = findings.size();
    } catch (const InputError& error) {
      trouble_ = error;
    }
  }

  bool wanted_;
  std::size_t printed_ = 0;
  std::optional<InputError> trouble_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Checks one theorem after the other. What was given may be unusable for one of them, which is its finding then.
/// @param found  called after each theorem once there is one for which it is usable.
/// @throws InputError if it is unusable for all of them.
std::vector<Finding> find_all(const std::vector<const Theorem*>& theorems, Setting& setting, const std::string& options,
                              const CheckCommand& command,
                              const std::function<void(const std::vector<Finding>&)>& found) {
  Progress progress;
  setting.report_progress_to([&](double done) { progress.done(done); });
  std::vector<Finding> findings;
  std::optional<InputError> unusable;
  bool any = false;
  TimeShares time(theorems.size());
  for (const Theorem* theorem : theorems) {
    progress.begin(fmt::format("[{}/{}] {}: ", findings.size() + 1, theorems.size(), theorem->id));
    const TimeLimit share = time.next();
    try {
      findings.push_back(find(*theorem, setting, options, command.instance.notes, command.accuracy, progress));
      any = true;
    } catch (const InputError& error) {
      if (!unusable) unusable = error;
      findings.push_back(
          ended_early(*theorem, setting.constants(), setting.instance().name, options, on_command_line(error.line())));
    }
    progress.hide();
    if (any) found(findings);
  }
  setting.report_progress_to([](double) {});
  if (!any) throw InputError(*unusable);
  return findings;
}

RunInfo run_info_of(const std::vector<Finding>& findings, const std::string& options, const AccuracyOptions& accuracy) {
  RunInfo run = run_info("./assay check", accuracy);
  for (const Finding& finding : findings) {
    run.command += " " + finding.theorem;
    run.seconds += finding.seconds;
  }
  run.command += options;
  return run;
}

std::vector<std::string> files_of_command(const CheckCommand& command) {
  std::vector<std::string> files = files_of(command.instance.request);
  if (command.instance.w_tilde_file) files.push_back(*command.instance.w_tilde_file);
  return files;
}

/// @throws InputError "--json and --html: ...": they would mix what they write.
void require_one_standard_output(const std::vector<std::pair<const char*, const OutputFile*>>& files) {
  std::vector<std::string> options;
  for (const auto& [option, file] : files)
    if (file->is_standard_output()) options.push_back(option);
  if (options.size() > 1)
    throw InputError(fmt::format("{}: expected at most one of them to be -", fmt::join(options, " and ")));
}

ExitStatus check_instance(const CheckCommand& command) {
  const std::vector<const Theorem*> theorems = chosen_theorems(command.ids);
  const OutputFile json("--json", command.json_file), markdown("--markdown", command.markdown_file),
      page("--html", command.html_file);
  require_one_standard_output({{"--json", &json}, {"--markdown", &markdown}, {"--html", &page}});
  if (page.is_asked_for()) html::require_formula_converter();
  Instance instance = make_instance(command.instance.request);
  require_sigma(instance);
  const std::string options = options_of(command, instance);
  const std::vector<InputFile> inputs = digests_of(files_of_command(command));
  Setting setting = make_setting(command, std::move(instance));
  if (command.networks_folder) make_writable_folder("--save-networks", *command.networks_folder);

  std::vector<Finding> findings;
  RunInfo run;
  const auto write = [&](bool ordinary_files) {
    if (json.is_asked_for() && json.ordinary_file().has_value() == ordinary_files)
      json.write(findings_json(findings, &run));
    if (markdown.is_asked_for() && markdown.ordinary_file().has_value() == ordinary_files)
      write_markdown(markdown, theorems, findings, run);
    if (page.is_asked_for() && page.ordinary_file().has_value() == ordinary_files)
      write_page(page, theorems, findings, run);
  };
  Printed printed(!json.is_standard_output() && !markdown.is_standard_output() && !page.is_standard_output());
  {
    Interruption interruption("nothing was reported", FirstSignal::ends_computations);
    const TimeLimit limit = time_limit(command.accuracy.seconds);
    findings = find_all(theorems, setting, options, command, [&](const std::vector<Finding>& so_far) {
      if (const std::size_t number = printed.add(so_far); number > 0)
        interruption.advise(fmt::format("{} of {} theorems are reported, no file is written", number, theorems.size()));
    });
    run = run_info_of(findings, options, command.accuracy);
    run.inputs = inputs;
    const auto quiet = interruption.quiet();
    write(true);
    interruption.ignore_from_now_on();
  }
  write(false);  // a pipe may keep us waiting: to be interrupted as usual
  printed.finish(findings);
  if (const auto why = why_nothing_is_decided(findings)) print_error(fmt::format("assay: {}\n", *why));
  return computations_are_interrupted() ? interrupted : status_of(findings);
}

}  // namespace

void add_check(Program& program, Chosen& chosen) {
  Command command = program.add_command("check", "Check chosen theorems on one instance");
  const auto options = std::make_shared<CheckCommand>();
  command.add_words("ID", options->ids, "Theorems by ID, or all (assay list shows them)");
  options->instance.add_to(command);
  options->hyper.add_to(command, "Hyperparameters");
  options->accuracy.add_to(command);
  const auto file = [&](const char* option, const char* type, std::optional<std::string>& target, const char* help) {
    command.add_value(option, type, help, [&target](const std::string& value) { target = value; });
  };
  add_json_to(command, options->json_file, "the findings as ");
  file(
      "--markdown", "FILE", options->markdown_file,
      "Write a report in Markdown, with its charts as SVG and CSV beside it, to standard output for - (default: none)");
  file("--html", "FILE", options->html_file,
       "Write a report as one page of HTML with everything in it, to standard output for - (default: none)");
  file("--save-networks", "DIR", options->networks_folder,
       "Write the networks W~ that decide claims as CSV into DIR (default: none)");
  command.footer(
      "\nExamples:\n"
      "  assay check ntk_perturbation --n 4 --d-in 4 --d 2 --m 256 --radius 0.001\n"
      "  assay check all --x x.csv --y y.csv --w w.csv --a a.csv --sigma 1 --json findings.json\n"
      "Exit status 1 if a claim certainly fails, else 3 if something is undecided or nothing was decided at all, "
      "else 0.");
  command.action([&chosen, options] { chosen = [options] { return check_instance(*options); }; });
}

}  // namespace assay::app
