#include "app/suite_run.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "app/findings.hpp"
#include "app/output.hpp"
#include "app/run_state.hpp"
#include "network/digest.hpp"
#include "network/input_error.hpp"

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
    digest.add(entry.trouble);
    if (!entry.trouble.empty()) continue;
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
    for (const Theorem* theorem : entry.theorems) {
      ++number_;
      if (state_.find(entry.name, theorem->id) != nullptr) continue;
      progress_.begin(fmt::format("[{}/{}] {} on {}: ", number_, total_, theorem->id, entry.name));
      Finding finding = find_on(entry, *theorem, setting);
      name_networks_relative_to(options_.folder, finding);
      const auto quiet = interruption_.quiet();
      state_.add(std::move(finding));
    }
  }

  /// One instance that cannot be used, or one theorem on it, leaves the others their findings.
  Finding find_on(const SuiteEntry& entry, const Theorem& theorem, std::optional<Setting>& setting) {
    try {
      if (!entry.trouble.empty()) throw InputError(entry.trouble);
      if (!setting) make_setting(entry, setting);
      return find(theorem, *setting, options_of(entry, setting->instance().reproduce), entry.notes, options_.accuracy,
                  progress_);
    } catch (const InputError& error) {
      return ended_early(theorem, suite_.constants, entry.name, options_of(entry, command_options(entry.request)),
                         error.what());
    }
  }

  std::string options_of(const SuiteEntry& entry, const std::string& instance) const {
    return " " + instance + command_options(entry.hyper, suite_.constants) +
           command_options(options_.accuracy.precision(), options_.accuracy.relative_width());
  }

  void make_setting(const SuiteEntry& entry, std::optional<Setting>& setting) {
    setting.emplace(entry.make(), entry.hyper, suite_.constants, options_.accuracy.threads);
    setting->report_progress_to([this](double done) { progress_.done(done); });
    setting->write_counterexamples_to(options_.folder + "/networks/" + entry.name);
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
