#include "app/suite_run.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "app/findings.hpp"
#include "app/output.hpp"
#include "app/run_state.hpp"
#include "network/digest.hpp"

namespace assay::app {
namespace {

/// Equal for runs that find the same: version, suite, options and the numbers in files.
std::string identity_of(const Suite& suite, const SuiteRunOptions& options) {
  Digest digest;
  for (const auto& [name, version] : library_versions()) digest.add(name + " " + version);
  digest.add(suite.text);
  digest.add(options.folder);
  digest.add(command_options(options.accuracy.precision(), options.accuracy.relative_width()));
  for (const SuiteEntry& entry : suite.entries) {
    const Instance instance = entry.make();
    digest.add(instance.x);
    digest.add(instance.y);
    digest.add(instance.w);
    digest.add(instance.a);
  }
  return digest.text();
}

/// Networks are named relative to the folder, where the reports are that link to them.
void name_networks_relative_to(const std::string& folder, Finding& finding) {
  const auto shorten = [prefix = folder + "/"](std::string& text) {
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
      text.erase(at, prefix.size());
  };
  for (auto* claims : {&finding.hypotheses, &finding.claims})
    for (Claim& claim : *claims)
      if (claim.counterexample) shorten(*claim.counterexample);
  for (std::string& note : finding.notes) shorten(note);
}

std::size_t count_findings(const Suite& suite) {
  std::size_t count = 0;
  for (const SuiteEntry& entry : suite.entries) count += entry.theorems.size();
  return count;
}

class SuiteRun {
 public:
  SuiteRun(const Suite& suite, const SuiteRunOptions& options, Interruption& interruption)
      : suite_(suite),
        options_(options),
        interruption_(interruption),
        state_(options.folder + "/.progress.json", identity_of(suite, options)),
        total_(count_findings(suite)) {}

  std::vector<Finding> run() {
    if (options_.resume)
      state_.resume();
    else
      state_.discard();
    for (const SuiteEntry& entry : suite_.entries) check_entry(entry);
    return in_order();
  }

 private:
  void check_entry(const SuiteEntry& entry) {
    std::optional<Setting> setting;  // made only where something is left to check
    std::string options;
    for (const Theorem* theorem : entry.theorems) {
      ++number_;
      if (state_.find(entry.name, theorem->id) != nullptr) continue;
      if (!setting) {
        Instance instance = entry.make();
        options = " " + instance.reproduce + command_options(entry.hyper, suite_.constants) +
                  command_options(options_.accuracy.precision(), options_.accuracy.relative_width());
        setting.emplace(std::move(instance), entry.hyper, suite_.constants, options_.accuracy.threads);
        setting->write_counterexamples_to(options_.folder + "/networks/" + entry.name);
      }
      progress_.begin(fmt::format("[{}/{}] {} on {}: ", number_, total_, theorem->id, entry.name));
      Finding finding = find(*theorem, *setting, options, options_.accuracy, progress_);
      name_networks_relative_to(options_.folder, finding);
      const auto quiet = interruption_.quiet();
      state_.add(std::move(finding));
    }
  }

  std::vector<Finding> in_order() const {
    std::vector<Finding> findings;
    for (const SuiteEntry& entry : suite_.entries)
      for (const Theorem* theorem : entry.theorems) findings.push_back(*state_.find(entry.name, theorem->id));
    return findings;
  }

  const Suite& suite_;
  const SuiteRunOptions& options_;
  Interruption& interruption_;
  RunState state_;
  Progress progress_;
  std::size_t number_ = 0, total_;
};

}  // namespace

std::vector<Finding> run_suite(const Suite& suite, const SuiteRunOptions& options, Interruption& interruption) {
  make_writable_folder("--out", options.folder + "/networks");
  return SuiteRun(suite, options, interruption).run();
}

void forget_progress(const std::string& folder) {
  std::filesystem::remove(folder + "/.progress.json");
}

}  // namespace assay::app
