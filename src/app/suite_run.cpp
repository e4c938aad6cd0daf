#include "app/suite_run.hpp"

#include <fmt/format.h>

#include "app/findings.hpp"
#include "app/output.hpp"
#include "app/run_state.hpp"
#include "data/digest.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay::app {
namespace {

/// Of the numbers of an instance, which may come from files.
std::string digest_of(const Instance& instance) {
  return Digest().add(instance.x).add(instance.y).add(instance.w).add(instance.a).text();
}

std::vector<std::string> digests_of_instances(const Suite& suite) {
  std::vector<std::string> digests;
  for (const SuiteEntry& entry : suite.entries)
    digests.push_back(entry.trouble.empty() ? digest_of(entry.make()) : entry.trouble);
  return digests;
}

/// Equal for runs that find the same: versions, suite, options and the numbers of the instances.
std::string identity_of(const Suite& suite, const SuiteRunOptions& options, const std::vector<std::string>& instances) {
  Digest digest;
  for (const auto& [name, version] : library_versions()) digest.add(name + " " + version);
  digest.add(suite.text);
  digest.add(options.folder);
  digest.add(options.brief ? "brief" : "whole");
  digest.add(command_options(options.accuracy));
  digest.add(options.accuracy.seconds ? fmt::format("{}", *options.accuracy.seconds)
                                      : "no limit");  // may leave findings open
  for (const std::string& instance : instances) digest.add(instance);
  return digest.text();
}

/// Networks are named relative to the folder, where the reports are that link to them.
void name_networks_relative_to(const std::string& folder, Finding& finding) {
  const auto shorten = [long_name = folder + "/networks/"](std::string& text) {
    constexpr std::string_view kName = "networks/";
    for (auto at = text.find(long_name); at != std::string::npos; at = text.find(long_name, at + kName.size()))
      text.replace(at, long_name.size(), kName);
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
        digests_(digests_of_instances(suite)),
        state_(options.folder, identity_of(suite, options, digests_)),
        total_(count_findings(suite)),
        time_(total_) {}

  std::vector<Finding> run() {
    if (options_.resume)
      say_what_is_lost(state_.resume());
    else
      state_.start_over();
    for (std::size_t k = 0; k < suite_.entries.size(); ++k) check_entry(suite_.entries[k], digests_[k]);
    return in_order();
  }

 private:
  void say_what_is_lost(const RunState::Resumed& resumed) const {
    if (resumed.refused == 0) return;
    print_error(fmt::format("assay: --resume: {}: {} of {} findings do not verify and are computed again\n",
                            printable(state_.file()), resumed.refused, resumed.taken + resumed.refused));
  }

  static Instance make(const SuiteEntry& entry, const std::string& digest) {
    Instance instance = entry.make();
    if (digest_of(instance) != digest)
      throw InputError(
          fmt::format("instance {}: its files have changed since the run began: expected that they stay "
                      "as they are until it is over",
                      entry.name));
    return instance;
  }

  void check_entry(const SuiteEntry& entry, const std::string& digest) {
    std::optional<Setting> setting;  // made only where something is left to check
    for (const Theorem* theorem : entry.theorems) {
      ++number_;
      if (state_.find(entry.name, theorem->id) != nullptr) continue;
      progress_.begin(fmt::format("[{}/{}] {} on {}: ", number_, total_, theorem->id, entry.name));
      const TimeLimit share = time_.next();
      Finding finding = find_on(entry, *theorem, digest, setting);
      name_networks_relative_to(options_.folder, finding);
      const auto quiet = interruption_.quiet();
      state_.add(std::move(finding));
    }
  }

  /// One instance that cannot be used, or one theorem on it, leaves the others their findings.
  Finding find_on(const SuiteEntry& entry, const Theorem& theorem, const std::string& digest,
                  std::optional<Setting>& setting) {
    const auto unusable = [&](const std::string& why) {
      return ended_early(theorem, suite_.constants, entry.name, options_of(entry, entry.request), why);
    };
    if (!entry.trouble.empty()) return unusable(entry.trouble);
    try {
      if (!setting) make_setting(entry, digest, setting);
      return find(theorem, *setting, options_of(entry, setting->instance().request), entry.notes, options_.accuracy,
                  progress_);
    } catch (const InputError& error) {
      return unusable(entry.placed(error.line()));
    }
  }

  std::string options_of(const SuiteEntry& entry, const InstanceRequest& request) const {
    return command_options(request) + command_options(entry.hyper, suite_.constants) +
           command_options(options_.accuracy);
  }

  void make_setting(const SuiteEntry& entry, const std::string& digest, std::optional<Setting>& setting) {
    setting.emplace(make(entry, digest), entry.hyper, suite_.constants, options_.accuracy.threads);
    setting->report_progress_to([this](double done) { progress_.done(done); });
    if (!options_.brief) setting->write_counterexamples_to(options_.folder + "/networks/" + entry.name);
    setting->keep_descent_in(state_.descent_file(entry.name));
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
  std::vector<std::string> digests_;  // of the instances, as they were at the start
  RunState state_;
  Progress progress_;
  std::size_t number_ = 0, total_;
  TimeShares time_;
};

}  // namespace

std::vector<Finding> run_suite(const Suite& suite, const SuiteRunOptions& options, Interruption& interruption) {
  if (!options.brief) make_writable_folder("--out", options.folder + "/networks");
  return SuiteRun(suite, options, interruption).run();
}

}  // namespace assay::app
