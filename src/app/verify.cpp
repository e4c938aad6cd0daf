#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "app/command.hpp"
#include "app/findings.hpp"
#include "app/folder_lock.hpp"
#include "app/input_files.hpp"
#include "app/output.hpp"
#include "app/run_state.hpp"
#include "app/suite_report.hpp"
#include "app/suite_run.hpp"
#include "data/file.hpp"
#include "data/message.hpp"
#include "report/html/mathml.hpp"

namespace assay::app {
namespace {

constexpr std::uint64_t kLargestSuite = std::uint64_t{1} << 24;  ///< bytes

struct VerifyOptions {
  std::optional<std::string> suite_file;
  std::string folder = "reports/latest";
  bool resume = false, brief = false, html = false;
  AccuracyOptions accuracy;
};

/// "delta, epsilon, ..."
std::string names_of_hyperparameters() {
  std::string names;
  for (const Hyperparameter& row : kHyperparameters)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", row.field.key);
  return names;
}

/// The command that gives this run again.
std::string command_of(const VerifyOptions& options) {
  std::string command = "./assay verify";
  if (options.suite_file) command += " --suite " + shell_word(*options.suite_file);
  if (options.brief) command += " --brief";
  if (options.html) command += " --html";
  return command + options.accuracy.as_given();
}

std::string where_to(const VerifyOptions& options) {
  return options.folder == VerifyOptions().folder ? "" : " --out " + shell_word(options.folder);
}

/// The suite, and what its instances are read from.
std::vector<std::string> files_of_suite(const VerifyOptions& options, const Suite& suite) {
  std::vector<std::string> files;
  if (options.suite_file) files.push_back(*options.suite_file);
  for (const SuiteEntry& entry : suite.entries)
    for (const std::string& file : files_of(entry.request)) files.push_back(file);
  return files;
}

ExitStatus verify(const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const Suite suite = options.suite_file
                          ? parse_suite(read_file(*options.suite_file, kLargestSuite), *options.suite_file)
                          : standard_suite();
  SuiteRunOptions run_options{options.folder, options.accuracy, options.resume, options.brief};
  if (!run_options.accuracy.bits) run_options.accuracy.bits = suite.bits;
  if (!run_options.accuracy.rtol) run_options.accuracy.rtol = suite.rtol;
  RunInfo run = run_info(command_of(options), run_options.accuracy);
  run.brief = options.brief;
  run.html = options.html;
  run.inputs = digests_of(files_of_suite(options, suite));

  if (options.html) html::require_formula_converter();
  make_writable_folder("--out", options.folder);
  const FolderLock lock("--out", options.folder);
  std::vector<Finding> findings;
  {
    Interruption interruption(
        fmt::format("`{}{} --resume` goes on from what was found so far", run.command, where_to(options)));
    const TimeLimit limit = time_limit(options.accuracy.seconds);
    findings = run_suite(suite, run_options, interruption);
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto quiet = interruption.quiet();
    write_suite_report(options.folder, findings, suite.expected, run);
    forget_progress(options.folder);
    interruption.ignore_from_now_on();
  }
  print(fmt::format("{}\n{:.3g} s; report: {}/index.{}\n", suite_summary(findings, suite.expected), run.seconds,
                    options.folder, options.html ? "html" : "md"));
  if (const auto why = why_nothing_is_decided(findings)) print_error(fmt::format("assay: {}\n", *why));
  return status_of(findings, suite.expected);
}

}  // namespace

void add_verify(Program& program, Chosen& chosen) {
  Command command = program.add_command("verify", "Check all theorems on a suite of instances and write a report");
  const auto options = std::make_shared<VerifyOptions>();
  command.add_value("--suite", "FILE", "Instances and hyperparameters, TOML (default: the standard suite)",
                    [options](const std::string& file) { options->suite_file = file; });
  command
      .add_value("--out", "DIR", "Folder for the report, made where missing",
                 [options](const std::string& folder) { options->folder = folder; })
      .default_text(options->folder);
  command.add_flag("--resume", options->resume,
                   "Go on from where an interrupted run stopped (default: start from the beginning)");
  command.add_flag("--brief", options->brief,
                   "Write what a reader opens: no pictures of single instances, no files of networks (default: all)");
  command.add_flag("--html", options->html,
                   "Write each page as HTML, too, which needs no other file (default: Markdown and JSON alone)");
  options->accuracy.add_to(command);
  command.footer(
      "\nWrites DIR/index.md and per theorem ID.md, ID.json, ID.svg (and with --html index.html, ID.html); its charts of one instance are "
      "ID-INSTANCE-CHART.svg\n"
      "with their data in .csv; DIR/networks has the networks that decide claims.\n"
      "\nA suite, whose hyperparameters are " +
      names_of_hyperparameters() +
      ":\n"
      "  delta = \"0.1\"              # for all instances; also other hyperparameters, theorems, and bits, rtol\n"
      "  [constants]\n"
      "  e0.C = \"8\"                 # `assay list --constants` shows all\n"
      "  [[instance]]               # name; n d_in d m sigma seed, or data rows, or x y w a header\n"
      "  n = 4\n"
      "  d = 2\n"
      "  m = 256\n"
      "  radius = \"0.001\"           # for this instance; also other hyperparameters, theorems = [\"width\"]\n"
      "  [expect]                   # verdicts that are known, of a theorem or of a claim, on an instance or all (*)\n"
      "  \"convergence_certificate/drawn\" = \"undecided\"\n"
      "  \"basic_event/*/event_at_paper_width\" = \"fails\"\n"
      "\nExit status 0 if every verdict is as expected: what the suite expects, and that all else holds or does not "
      "apply;\nelse 1 if a claim fails, or an expectation is wrong; else 3 if something is undecided, or nothing was "
      "decided at all.");
  command.action([&chosen, options] { chosen = [options] { return verify(*options); }; });
}

}  // namespace assay::app
