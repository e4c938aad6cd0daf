#include "report/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "data/message.hpp"
#include "report/display.hpp"
#include "report/plain_text.hpp"
#include "report/portable_markdown.hpp"

namespace assay {

namespace {

using Row = std::vector<std::string>;

std::string sign_of(Relation relation) {
  switch (relation) {
    case Relation::less_equal:
      return "≤";
    case Relation::greater_equal:
      return "≥";
    case Relation::less:
      return "\\<";
    case Relation::greater:
      return "\\>";
  }
  return "";
}

/// What must not be overlooked is bold.
std::string emphasized(Verdict verdict) {
  const std::string words = in_words(verdict);
  return verdict == Verdict::holds ? words : "**" + words + "**";
}

std::string emphasized(Outcome outcome) {
  const std::string words = in_words(outcome);
  return outcome == Outcome::pass ? words : "**" + words + "**";
}

std::string slack_of(const std::optional<double>& slack) {
  return slack ? display_slack(*slack) : "—";
}

/// "2 of 5", or "none" of those that were decided.
std::string share(std::size_t part, std::size_t whole) {
  if (whole == 0) return "—";
  return part == 0 ? "none" : fmt::format("{} of {}", part, whole);
}

bool is_compared(const Claim& claim) {
  return claim.verdict != Verdict::not_applicable;
}

Row claim_row(const Claim& claim) {
  std::string verdict = emphasized(claim.verdict);
  if (claim.vacuous && is_decided(claim)) verdict += " (vacuous)";
  const DisplayedSides sides = is_compared(claim) ? display_sides(claim) : DisplayedSides{"—", "—"};
  return {fmt::format("`{}`: {}", claim.id, claim.statement),
          std::string(name_of(claim.scope)),
          sides.lhs,
          sign_of(claim.relation),
          sides.rhs,
          verdict,
          is_decided(claim) ? display_slack(claim.slack_log10) : "—",
          claim.bits == 0 || !is_compared(claim) ? "—"
          : claim.fast                           ? "fast"
                                                 : std::to_string(claim.bits)};
}

std::string claims_table(const char* what, const std::vector<Claim>& claims) {
  std::vector<Row> rows;
  for (const Claim& claim : claims) rows.push_back(claim_row(claim));
  return markdown_table({what, "scope", "left side", "", "right side", "verdict", "slack", "bits"}, rows, {7}) + "\n";
}

/// Reasons and counterexamples, which have no room in a table.
std::string remarks_on(const std::vector<Claim>& claims) {
  std::string text;
  for (const Claim& claim : claims) {
    if (!claim.reason.empty())
      text += fmt::format("* `{}` is {}: {}.\n", claim.id, in_words(claim.verdict), portable_markdown(claim.reason));
    if (!claim.fast && !claim.why_not_fast.empty())
      text += fmt::format("* `{}` went to the deep tier ({} bits): {}.\n", claim.id, claim.bits, claim.why_not_fast);
    if (claim.counterexample)
      text += fmt::format("* `{}`: the weights that decide against it are in [{}](<{}>).\n", claim.id,
                          code_span(*claim.counterexample), link_target(*claim.counterexample));
  }
  return text.empty() ? text : text + "\n";
}

/// A number that is not defined says why.
std::string meaning_of(const NamedQuantity& quantity) {
  return quantity.value.is_defined() ? quantity.meaning
                                     : quantity.meaning + " (not defined: " + quantity.value.because() + ")";
}

std::string quantities_table(const std::vector<NamedQuantity>& quantities) {
  std::vector<Row> rows;
  for (const NamedQuantity& quantity : quantities)
    rows.push_back({"`" + quantity.name + "`", display(quantity.value), meaning_of(quantity)});
  return markdown_table({"quantity", "value", "meaning"}, rows) + "\n";
}

std::string bullets(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += "* " + portable_markdown(text) + "\n";
  return list + "\n";
}

std::string constants_table(const std::vector<std::pair<std::string, Constant>>& constants) {
  std::vector<Row> rows;
  for (const auto& [key, constant] : constants)
    rows.push_back(
        {"`" + key + "`", constant.value.text(), std::string(name_of(constant.provenance)), constant.meaning});
  return markdown_table({"constant", "value", "provenance", "meaning"}, rows) + "\n";
}

/// Constants as text, to compare those of two findings.
std::string key_of(const Finding& finding) {
  return constants_table(finding.constants);
}

bool same_constants(const std::vector<Finding>& findings) {
  return std::all_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return key_of(finding) == key_of(findings.front()); });
}

std::string overview(const std::vector<Finding>& findings) {
  std::vector<Row> rows;
  for (std::size_t k = 0; k < findings.size(); ++k) {
    const Finding& finding = findings[k];
    const auto decided = std::count_if(finding.claims.begin(), finding.claims.end(), is_decided);
    rows.push_back({fmt::format("[{0}](#instance-{0})", k + 1), literal_markdown(finding.instance),
                    scopes_in_words(scopes_of(finding.claims)), emphasized(finding.outcome),
                    slack_of(smallest_slack(finding.claims)),
                    share(count_vacuous(finding.claims), static_cast<std::size_t>(decided))});
  }
  return markdown_table({"", "instance", "scope", "verdict", "smallest slack", "vacuous claims"}, rows) + "\n";
}

std::string verdict_paragraph(const Theorem& theorem, const TheoremSummary& summary) {
  std::string text = "**" + in_words(summary) + "**";
  if (summary.passes > 0 && !theorem.proved.empty()) text += " Where it passes: " + portable_markdown(theorem.proved);
  if (summary.smallest_slack)
    text += fmt::format(" The tightest of the {} decided claims has a slack of {}.", summary.claims,
                        display_slack(*summary.smallest_slack));
  if (summary.vacuous > 0)
    text += fmt::format(
        " {} of the {} decided claims {} vacuous: true or false, but no better than what is known without the theorem.",
        summary.vacuous, summary.claims, summary.vacuous == 1 ? "is" : "are");
  return text + "\n\n";
}

std::string source_line(const Theorem& theorem) {
  std::string text = fmt::format("`{}`", theorem.id);
  if (!theorem.source.arxiv.empty())
    text += fmt::format(" · [arXiv {0}](https://arxiv.org/abs/{0})", theorem.source.arxiv);
  if (!theorem.source.place.empty()) text += ", " + portable_markdown(theorem.source.place);
  return text + fmt::format(" · statement: {} · [all theorems](index.md)\n\n", name_of(theorem.source.provenance));
}

std::string shown(const std::vector<Picture>& pictures) {
  std::string text;
  for (const Picture& picture : pictures) {
    const std::string target = link_target(picture.stem);
    text += fmt::format("![{}]({}.svg)\n\n{}", literal_markdown(plain_text(picture.caption)), target,
                        portable_markdown(picture.caption));
    text += picture.csv.empty() ? "\n\n" : fmt::format(" ([data]({}.csv))\n\n", target);
  }
  return text;
}

std::string instance_section(const Theorem& theorem, const Finding& finding, std::size_t number,
                             const std::vector<Picture>& charts, bool with_constants) {
  std::string text = fmt::format("## Instance {}\n\n{}: {}. {}\n\n", number, literal_markdown(finding.instance),
                                 emphasized(finding.outcome), portable_markdown(conclusion(theorem, finding)));
  if (!finding.hypotheses.empty())
    text += claims_table("hypothesis", finding.hypotheses) + remarks_on(finding.hypotheses);
  if (!finding.claims.empty()) text += claims_table("claim", finding.claims) + remarks_on(finding.claims);
  text += shown(charts);
  if (!finding.quantities.empty()) text += quantities_table(finding.quantities);
  if (!finding.notes.empty()) text += bullets(finding.notes);
  if (with_constants && !finding.constants.empty()) text += constants_table(finding.constants);
  return text;
}

std::string versions_line(const RunInfo& run) {
  std::string text;
  for (const auto& [name, version] : run.versions)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, version);
  return text;
}

/// Commands in a code block, whose fence is longer than any run of backticks in them.
std::string code_block(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  const std::string fence(std::max<std::size_t>(3, longest_run_of_backticks(text) + 1), '`');
  return fence + "sh\n" + text + fence + "\n\n";
}

std::string environment(const RunInfo& run) {
  return fmt::format("Precision was raised up to {} bits where needed. Versions: {}.\n", run.bits_limit,
                     versions_line(run));
}

std::string reproduction(const std::vector<Finding>& findings, const RunInfo& run) {
  std::vector<std::string> lines;
  for (std::size_t k = 0; k < findings.size(); ++k)
    if (!findings[k].reproduce.empty()) lines.push_back(fmt::format("{}  # instance {}", findings[k].reproduce, k + 1));
  std::string text = "## Reproduce\n\nEach finding, one at a time:\n\n" + code_block(lines);
  if (!run.command.empty()) text += "All of this report:\n\n" + code_block({run.command});
  return text + "Seeds are part of the commands; a drawn weight is the same number on every machine. " +
         environment(run);
}

std::string planted(const Theorem& theorem) {
  if (theorem.falsehoods.empty()) return "";
  std::vector<std::string> texts;
  for (const Statement& falsehood : theorem.falsehoods) texts.push_back(falsehood.text);
  return "## Planted falsehoods\n\nThe checker is tested to refute each of these statements, which are false on "
         "purpose:\n\n" +
         bullets(texts);
}

constexpr const char* kReadingNumbers =
    "A number with a sign ± or in brackets is an enclosure: the true value lies inside; ≤ or ≥ before a number says "
    "that it bounds the value from that side only; a bare number is exact. Slack is the factor that lies between the "
    "two sides: 10^+3 means that the claim would hold with a bound a thousand times tighter, 10^-3 that it is off by "
    "a thousand; — where a factor has no meaning.\n\n";

constexpr const char* kHowToRead =
    "## How to read this\n\n"
    "* **holds**, **fails**: proved by enclosures of both sides. **undecided** proves nothing; the report says why. "
    "**not applicable**: a hypothesis is certainly false. A theorem *passes* on an instance if all its hypotheses and "
    "claims hold there, *fails* if a claim certainly fails.\n"
    "* A statement of scope *probability* is about ideal Gaussian weights; a measured frequency is about drawn ones, "
    "with exact limits at 99.9 %. Statements hold one by one, each at its own confidence, not jointly.\n"
    "* **vacuous**: the bound is no better than what is known without the theorem.\n"
    "* **scope** says what a verdict is about: *instance*, these exact numbers; *ball*, every network in a ball "
    "around this one; *forever*, every step of gradient descent; *probability*, the random initialization; "
    "*asymptotic*, an $O$ or $\\Omega$, measured and never passed by a choice of constant.\n";

constexpr const char* kTrust =
    "## What is trusted\n\n"
    "* That the statements are those of the paper. Their constants are data, each with its provenance (*reconstructed* "
    "from what is public of the paper, *derived* here, or set by the *user*), and every report prints them.\n"
    "* The outward rounding of MPFR and MPFI with GMP below them, the compiler, and assay's own code for enclosures.\n"
    "* Nothing else: eigenvectors, factorizations, worst cases found by search and sampled weights are guesses, and "
    "what is reported was proved from them by enclosures.\n\n";

}  // namespace

std::string theorem_markdown(const Theorem& theorem, std::string_view card, const std::vector<Finding>& findings,
                             const RunInfo& run, const std::vector<Picture>& pictures,
                             const std::vector<std::vector<Picture>>& charts) {
  const bool constants_once = same_constants(findings);
  std::string text = fmt::format("# {}\n\n", portable_markdown(theorem.title)) + source_line(theorem);
  text += verdict_paragraph(theorem, summarize(theorem, findings));
  if (!findings.empty()) text += overview(findings) + kReadingNumbers;
  text += shown(pictures);
  if (!card.empty()) text += "## The theorem and its check\n\n" + portable_markdown(with_headings_from(card, 3)) + "\n";
  for (std::size_t k = 0; k < findings.size(); ++k)
    text += instance_section(theorem, findings[k], k + 1, k < charts.size() ? charts[k] : std::vector<Picture>{},
                             !constants_once);
  if (constants_once && !findings.empty() && !findings.front().constants.empty())
    text += "## Constants\n\n" + constants_table(findings.front().constants);
  return text + planted(theorem) + reproduction(findings, run);
}

std::string index_markdown(const std::vector<TheoremSummary>& summaries, const RunInfo& run) {
  std::vector<Row> rows;
  for (const TheoremSummary& summary : summaries)
    rows.push_back({fmt::format("[{}]({}.md)", summary.title, summary.id), scopes_in_words(summary.scopes),
                    std::to_string(summary.instances()), verdict_counts(summary), slack_of(summary.smallest_slack),
                    share(summary.vacuous, summary.claims)});
  std::string text = "# Theorems, checked\n\nEvery number is an enclosure, every verdict a proof.\n\n";
  text += markdown_table({"theorem", "scope", "instances", "verdict", "smallest slack", "vacuous claims"}, rows, {2}) +
          "\n";
  text += std::string(kHowToRead) + "* " + kReadingNumbers + kTrust + "## Reproduce\n\n";
  if (!run.command.empty()) text += code_block({run.command});
  return text + environment(run);
}

}  // namespace assay
