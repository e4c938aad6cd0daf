#include "app/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/command.hpp"
#include "theory/cards.hpp"

namespace assay::app {

std::vector<const Theorem*> every_theorem() {
  std::vector<const Theorem*> theorems;
  for (const Theorem& theorem : all_theorems()) theorems.push_back(&theorem);
  return theorems;
}

std::string_view card_of(std::string_view id) {
  for (const embedded::Card& card : embedded::theorem_cards())
    if (card.id == id) return card.text;
  return {};
}

Finding find(const Theorem& theorem, const Setting& setting, const std::string& options,
             const AccuracyOptions& accuracy, Progress& progress) {
  CheckOptions check_options;
  check_options.precision = accuracy.precision();
  check_options.quantity_rtol = accuracy.relative_width();
  const std::string prefix = theorem.id + ": ";
  check_options.progress = [&](const std::string& detail) {
    progress.say(detail.starts_with(prefix) ? detail.substr(prefix.size()) : detail);
  };
  Finding finding = check(theorem, setting, setting.constants(), check_options);
  finding.instance = setting.instance().name;
  finding.reproduce = fmt::format("./assay check {}{}", theorem.id, options);
  return finding;
}

RunInfo run_info(const std::string& command, const AccuracyOptions& accuracy) {
  return {command, library_versions(), accuracy.precision().limit, accuracy.threads, 0};
}

ExitStatus status_of(const std::vector<Finding>& findings) {
  const auto any = [&](Outcome outcome) {
    return std::any_of(findings.begin(), findings.end(),
                       [&](const Finding& finding) { return finding.outcome == outcome; });
  };
  if (any(Outcome::fail)) return claim_fails;
  return any(Outcome::inconclusive) ? undecided : succeeded;
}

}  // namespace assay::app
