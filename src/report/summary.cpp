#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay {

namespace {

std::string without_underscores(std::string_view name) {
  std::string result(name);
  std::replace(result.begin(), result.end(), '_', ' ');
  return result;
}

void sort_once(std::vector<Scope>& scopes) {
  std::sort(scopes.begin(), scopes.end());
  scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
}

void add(Outcome outcome, TheoremSummary& summary) {
  switch (outcome) {
    case Outcome::pass:
      ++summary.passes;
      return;
    case Outcome::fail:
      ++summary.fails;
      return;
    case Outcome::inconclusive:
      ++summary.inconclusive;
      return;
    case Outcome::not_applicable:
      ++summary.not_applicable;
      return;
  }
}

/// "`a`, `b`": the ids of the claims with this verdict, with their reasons if they have some.
std::string names_of(const std::vector<Claim>& claims, Verdict verdict) {
  std::string names;
  for (const Claim& claim : claims) {
    if (claim.verdict != verdict) continue;
    names += (names.empty() ? "`" : ", `") + claim.id + "`";
    if (!claim.reason.empty()) names += " (" + claim.reason + ")";
  }
  return names;
}

std::string failure(const Finding& finding) {
  return fmt::format("Certainly false as encoded, on this instance: {}; what is proved nevertheless is below.",
                     names_of(finding.claims, Verdict::fails));
}

std::string indecision(const Finding& finding) {
  const std::string hypotheses = names_of(finding.hypotheses, Verdict::undecided);
  const std::string claims = names_of(finding.claims, Verdict::undecided);
  std::string text = "Not decided, which proves nothing either way:";
  if (!hypotheses.empty()) text += fmt::format(" hypothesis {}{}", hypotheses, claims.empty() ? "." : ";");
  if (!claims.empty()) text += fmt::format(" {}.", claims);
  return text;
}

}  // namespace

std::string in_words(Verdict verdict) {
  return without_underscores(name_of(verdict));
}
std::string in_words(Outcome outcome) {
  return without_underscores(name_of(outcome));
}

const std::string& brief_of(const Statement& statement) {
  return statement.brief.empty() ? statement.text : statement.brief;
}

bool is_decided(const Claim& claim) {
  return claim.verdict == Verdict::holds || claim.verdict == Verdict::fails;
}

std::optional<double> smallest_slack(const std::vector<Claim>& claims) {
  std::optional<double> smallest;
  for (const Claim& claim : claims)
    if (is_decided(claim) && claim.slack_log10 != 0)
      smallest = std::min(smallest.value_or(claim.slack_log10), claim.slack_log10);
  return smallest;
}

std::size_t count_vacuous(const std::vector<Claim>& claims) {
  return static_cast<std::size_t>(std::count_if(claims.begin(), claims.end(),
                                                [](const Claim& claim) { return is_decided(claim) && claim.vacuous; }));
}

std::vector<Scope> scopes_of(const std::vector<Claim>& claims) {
  std::vector<Scope> scopes;
  for (const Claim& claim : claims) scopes.push_back(claim.scope);
  sort_once(scopes);
  return scopes;
}

std::string scopes_in_words(const std::vector<Scope>& scopes) {
  std::string text;
  for (const Scope scope : scopes) text += (text.empty() ? "" : ", ") + std::string(name_of(scope));
  return text;
}

TheoremSummary summarize(const Theorem& theorem, const std::vector<Finding>& findings) {
  TheoremSummary summary;
  summary.id = theorem.id;
  summary.title = theorem.title;
  for (const Statement& claim : theorem.claims) summary.scopes.push_back(claim.scope);
  sort_once(summary.scopes);
  for (const Finding& finding : findings) {
    add(finding.outcome, summary);
    summary.claims += static_cast<std::size_t>(std::count_if(finding.claims.begin(), finding.claims.end(), is_decided));
    summary.vacuous += count_vacuous(finding.claims);
    const std::optional<double> slack = smallest_slack(finding.claims);
    if (slack) summary.smallest_slack = std::min(summary.smallest_slack.value_or(*slack), *slack);
  }
  return summary;
}

std::string verdict_counts(const TheoremSummary& summary) {
  std::string text;
  const auto add_count = [&](const char* what, std::size_t count) {
    if (count > 0) text += fmt::format("{}{} on {}", text.empty() ? "" : ", ", what, count);
  };
  add_count("passes", summary.passes);
  add_count("**fails**", summary.fails);
  add_count("**inconclusive**", summary.inconclusive);
  add_count("not applicable", summary.not_applicable);
  return text;
}

std::string in_words(const TheoremSummary& summary) {
  const std::size_t count = summary.instances();
  if (count == 0) return "Not checked on any instance.";
  std::string verdicts = verdict_counts(summary);
  std::erase(verdicts, '*');
  return fmt::format("Checked on {} instance{}: {}.", count, count == 1 ? "" : "s", verdicts);
}

std::string conclusion(const Theorem& theorem, const Finding& finding) {
  switch (finding.outcome) {
    case Outcome::pass:
      return theorem.proved.empty() ? "Every claim holds: each is proved for what its scope says." : theorem.proved;
    case Outcome::fail:
      return failure(finding);
    case Outcome::inconclusive:
      return indecision(finding);
    case Outcome::not_applicable:
      return fmt::format("The theorem says nothing about this instance: certainly false is its hypothesis {}.",
                         names_of(finding.hypotheses, Verdict::fails));
  }
  return "";
}

}  // namespace assay
