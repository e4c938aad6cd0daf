#pragma once

#include <optional>
#include <string>
#include <vector>

#include "theory/theorem.hpp"

namespace assay {

/// What all findings about one theorem come to; counts only, no new verdict.
struct TheoremSummary {
  std::string id, title;
  std::vector<Scope> scopes;  ///< of its claims, each once
  std::size_t passes = 0, fails = 0, inconclusive = 0, not_applicable = 0;
  std::size_t claims = 0;   ///< that were decided
  std::size_t vacuous = 0;  ///< of the decided ones
  /// Of the tightest decided claim; nullopt if no slack has a meaning.
  std::optional<double> smallest_slack;

  std::size_t instances() const { return passes + fails + inconclusive + not_applicable; }
};

TheoremSummary summarize(const Theorem& theorem, const std::vector<Finding>& findings);

/// "Checked on 6 instances: passes on 5, not applicable on 1."
std::string in_words(const TheoremSummary& summary);
/// "passes on 5, not applicable on 1"; Markdown, with what must not be overlooked in bold.
std::string verdict_counts(const TheoremSummary& summary);

/// The statement in two lines at most; Markdown.
const std::string& brief_of(const Statement& statement);

/// A sentence for people on what a finding proved, or why it proved nothing; Markdown.
std::string conclusion(const Theorem& theorem, const Finding& finding);

/// "holds", "not applicable", "pass": a name without underscores.
std::string in_words(Verdict verdict);
std::string in_words(Outcome outcome);

/// The smallest slack of the decided claims, of those whose slack has a meaning.
std::optional<double> smallest_slack(const std::vector<Claim>& claims);
bool is_decided(const Claim& claim);
std::size_t count_vacuous(const std::vector<Claim>& claims);
/// Scopes of the claims, each once, in the order of the enumeration.
std::string scopes_in_words(const std::vector<Scope>& scopes);
std::vector<Scope> scopes_of(const std::vector<Claim>& claims);

}  // namespace assay
