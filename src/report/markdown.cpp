#include "report/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/message.hpp"
#include "report/display.hpp"
#include "report/plain_text.hpp"
#include "report/portable_markdown.hpp"
#include "report/tally.hpp"
#include "report/wording.hpp"

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

bool is_compared(const Claim& claim) {
  return claim.verdict != Verdict::not_applicable;
}

Row claim_row(const Claim& claim) {
  std::string verdict = emphasized(claim.verdict);
  if (claim.vacuous && is_decided(claim)) verdict += " (vacuous)";
  const DisplayedSides sides = is_compared(claim) ? display_sides(claim) : DisplayedSides{"—", "—"};
  const bool in_words = !sides.words.empty();
  return {"`" + claim.id + "`",
          std::string(name_of(claim.scope)),
          in_words ? sides.words : sides.lhs,
          in_words ? "" : sign_of(claim.relation),
          in_words ? "" : sides.rhs,
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

std::string quantities_table(const std::vector<NamedQuantity>& quantities) {
  std::vector<Row> rows;
  for (const NamedQuantity& quantity : quantities) {
    const Known& value = quantity.value;
    rows.push_back(
        {"`" + quantity.name + "`", value.is_defined() ? display(value) : "not defined: " + value.because()});
  }
  return markdown_table({"quantity", "value"}, rows) + "\n";
}

/// What the numbers of the instances are; once for all.
std::string meanings_table(const std::vector<NamedQuantity>& quantities) {
  std::vector<Row> rows;
  for (const NamedQuantity& quantity : quantities) rows.push_back({"`" + quantity.name + "`", quantity.meaning});
  return markdown_table({"quantity", "meaning"}, rows) + "\n";
}

std::string bullet_list(const std::vector<std::string>& texts) {
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

/// "✓ 5000": a verdict, and the factor between the two sides.
std::string mark_of(const Claim& claim) {
  const double proved = proved_factor_log10(claim);
  const bool has_factor = proved != 0 && std::abs(proved) < kUnboundedSlack;
  const std::string factor = has_factor ? " " + factor_in_words(proved) : "";
  switch (claim.verdict) {
    case Verdict::holds:
      return "✓" + factor;
    case Verdict::fails:
      return "**✗" + factor + "**";
    case Verdict::undecided:
      return "**?**";
    case Verdict::not_applicable:
      break;
  }
  return "–";
}

const Claim* claim_of(const Finding& finding, const std::string& id) {
  for (const auto* claims : {&finding.hypotheses, &finding.claims})
    for (const Claim& claim : *claims)
      if (claim.id == id) return &claim;
  return nullptr;
}

Row row_of(const std::string& origin, const Statement& statement, const std::vector<Finding>& findings) {
  Row row{origin, fmt::format("`{}`: {}", statement.id, statement.text)};
  for (const Finding& finding : findings) {
    const Claim* claim = claim_of(finding, statement.id);
    row.push_back(claim == nullptr ? "–" : mark_of(*claim));
  }
  return row;
}

/// A row for each hypothesis and claim, a column for each instance.
std::string overview(const Theorem& theorem, const std::vector<Finding>& findings) {
  Row header{"", "statement"};
  for (std::size_t k = 1; k <= findings.size(); ++k) header.push_back(fmt::format("[{0}](#instance-{0})", k));
  std::vector<Row> rows;
  for (const Statement& statement : theorem.hypotheses) rows.push_back(row_of("hypothesis", statement, findings));
  for (const Statement& statement : theorem.claims)
    rows.push_back(row_of(statement.paper.empty() ? "derived here" : statement.paper, statement, findings));
  std::string legend = "Instances: ";
  for (std::size_t k = 0; k < findings.size(); ++k)
    legend += fmt::format("{}{} {}", k == 0 ? "" : ", ", k + 1, literal_markdown(findings[k].instance));
  return markdown_table(header, rows) + "\n" + legend +
         ". ✓ proved, ✗ certainly false, ? undecided, – does not apply; the number is the factor between the two "
         "sides.\n\n";
}

/// "Theorem 4.2, horizon (**false on all 9**, off by a factor of 1.5 to 1.8)" for the statements with this verdict.
std::string named(const Theorem& theorem, const std::vector<Finding>& findings, Verdict verdict) {
  std::string text;
  for (const Statement& statement : theorem.claims) {
    const Tally tally = tally_of(statement.id, findings);
    if (tally.count(verdict) == 0 || (verdict == Verdict::undecided && tally.count(Verdict::fails) > 0)) continue;
    const std::string name = statement.paper.empty() ? brief_of(statement) : statement.paper;
    text += fmt::format("{}{} ({}{})", text.empty() ? "" : "; ", portable_markdown(name), comes_to(tally),
                        how_far(tally) == "—" ? "" : "; " + how_far(tally));
  }
  return text;
}

/// What was found, in a few sentences.
std::string answer(const Theorem& theorem, const std::vector<Finding>& findings, const TheoremSummary& summary) {
  if (findings.empty()) return in_words(summary) + "\n\n";
  std::string text;
  const std::string fails = named(theorem, findings, Verdict::fails),
                    open = named(theorem, findings, Verdict::undecided);
  if (!fails.empty()) text += "**Not true:** " + fails + ". ";
  if (!open.empty()) text += "**Not decided:** " + open + ". ";
  if (summary.passes > 0 && !theorem.proved.empty())
    text += fmt::format(
        "{}{} ", fails.empty() && open.empty() ? "" : "Where all of it holds: ", portable_markdown(theorem.proved));
  text += in_words(summary);
  if (summary.vacuous > 0)
    text += fmt::format(
        " {} of the {} decided claims {} vacuous: true or false, but no better than what is known without the theorem.",
        summary.vacuous, summary.claims, summary.vacuous == 1 ? "is" : "are");
  return text + "\n\n";
}

/// Behind a heading that opens.
std::string folded(const std::string& summary, const std::string& text) {
  return "<details>\n<summary>" + summary + "</summary>\n\n" + text + "\n</details>\n\n";
}

std::string source_line(const Theorem& theorem) {
  std::string text = fmt::format("`{}`", theorem.id);
  if (!theorem.source.arxiv.empty())
    text += fmt::format(" · [arXiv {0}](https://arxiv.org/abs/{0})", theorem.source.arxiv);
  if (!theorem.source.place.empty()) text += ", " + portable_markdown(theorem.source.place);
  return text + fmt::format(" · statement: {} · [all theorems](index.md)\n\n", name_of(theorem.source.provenance));
}

std::string shown_pictures(const std::vector<Picture>& pictures) {
  std::string text;
  for (const Picture& picture : pictures) {
    const std::string target = link_target(picture.stem);
    text += fmt::format("![{}]({}.svg)\n\n{}", literal_markdown(plain_text(picture.caption)), target,
                        portable_markdown(picture.caption));
    text += picture.csv.empty() ? "\n\n" : fmt::format(" ([data]({}.csv))\n\n", target);
  }
  return text;
}

/// Why a claim does not apply, if that is the same on every one of several instances; else empty.
std::string why_never(const Statement& statement, const std::vector<Finding>& findings) {
  const Tally tally = tally_of(statement.id, findings);
  const bool never = findings.size() > 1 && tally.count(Verdict::not_applicable) == findings.size();
  return never && tally.reasons.size() == 1 ? tally.reasons.front() : "";
}

/// Claims that apply nowhere, once for all instances.
std::string never_applicable(const Theorem& theorem, const std::vector<Finding>& findings) {
  std::string text;
  for (const Statement& statement : theorem.claims)
    if (const std::string why = why_never(statement, findings); !why.empty())
      text += fmt::format("* `{}` applies to no instance: {}.\n", statement.id, portable_markdown(why));
  return text.empty() ? text : text + "\n";
}

/// The claims without those that apply nowhere.
std::vector<Claim> claims_with_content(const Theorem& theorem, const Finding& finding,
                                       const std::vector<Finding>& findings) {
  std::vector<Claim> claims;
  for (const Claim& claim : finding.claims) {
    const auto of = std::find_if(theorem.claims.begin(), theorem.claims.end(),
                                 [&](const Statement& statement) { return statement.id == claim.id; });
    if (of == theorem.claims.end() || why_never(*of, findings).empty()) claims.push_back(claim);
  }
  return claims;
}

/// Notes that every one of several findings has.
std::vector<std::string> common_notes(const std::vector<Finding>& findings) {
  std::vector<std::string> notes;
  if (findings.size() < 2) return notes;
  for (const std::string& note : findings.front().notes)
    if (std::all_of(findings.begin(), findings.end(), [&](const Finding& finding) {
          return std::find(finding.notes.begin(), finding.notes.end(), note) != finding.notes.end();
        }))
      notes.push_back(note);
  return notes;
}

std::string instance_section(const Theorem& theorem, const std::vector<Finding>& findings, std::size_t number,
                             const std::vector<Picture>& charts, bool with_constants) {
  const Finding& finding = findings[number - 1];
  std::string text =
      fmt::format("## Instance {}\n\n{}: {}.", number, literal_markdown(finding.instance), emphasized(finding.outcome));
  if (finding.outcome != Outcome::pass) text += " " + portable_markdown(conclusion(theorem, finding));
  text += "\n\n";
  if (!finding.hypotheses.empty())
    text += claims_table("hypothesis", finding.hypotheses) + remarks_on(finding.hypotheses);
  const std::vector<Claim> claims = claims_with_content(theorem, finding, findings);
  if (!claims.empty()) text += claims_table("claim", claims) + remarks_on(claims);
  text += shown_pictures(charts);
  if (!finding.quantities.empty()) text += quantities_table(finding.quantities);
  std::vector<std::string> notes = finding.notes;
  const std::vector<std::string> common = common_notes(findings);
  std::erase_if(notes,
                [&](const std::string& note) { return std::find(common.begin(), common.end(), note) != common.end(); });
  if (!notes.empty()) text += bullet_list(notes);
  if (with_constants && !finding.constants.empty()) text += constants_table(finding.constants);
  return text;
}

constexpr const char* kWithNetworks =
    "; the explicit $\\tilde W$ are written into the folder `networks`, and what is printed has their distance from $W$, "
    "both sides of each inequality at them, and its verdict";

std::string reproduction(const Theorem& theorem, const std::vector<Finding>& findings, const RunInfo& run) {
  std::vector<std::string> lines;
  for (std::size_t k = 0; k < findings.size(); ++k)
    if (!findings[k].reproduce.empty())
      lines.push_back(fmt::format("{}{}  # instance {}", findings[k].reproduce,
                                  theorem.explicit_networks ? " --save-networks networks" : "", k + 1));
  std::string text = "## Reproduce\n\nEach finding, one at a time" +
                     std::string(theorem.explicit_networks ? kWithNetworks : "") + ":\n\n" + code_block(lines);
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
         bullet_list(texts);
}

}  // namespace

std::string theorem_markdown(const Theorem& theorem, std::string_view card, const std::vector<Finding>& findings,
                             const RunInfo& run, const std::vector<Picture>& pictures,
                             const std::vector<std::vector<Picture>>& charts) {
  const bool constants_once = same_constants(findings);
  std::string text = fmt::format("# {}\n\n", portable_markdown(theorem.title)) + source_line(theorem);
  text += answer(theorem, findings, summarize(theorem, findings));
  if (!findings.empty()) text += overview(theorem, findings) + never_applicable(theorem, findings);
  if (const std::vector<std::string> notes = common_notes(findings); !notes.empty())
    text += "On every instance:\n\n" + bullet_list(notes);
  text += shown_pictures(pictures);
  if (!card.empty())
    text +=
        folded("The theorem, its proof, and how to read the report", portable_markdown(with_headings_from(card, 3)));
  if (!findings.empty()) text += kReadingNumbers;
  if (!findings.empty() && !findings.front().quantities.empty())
    text += "## The numbers of an instance\n\n" + meanings_table(findings.front().quantities);
  for (std::size_t k = 0; k < findings.size(); ++k)
    text += instance_section(theorem, findings, k + 1, k < charts.size() ? charts[k] : std::vector<Picture>{},
                             !constants_once);
  if (constants_once && !findings.empty() && !findings.front().constants.empty())
    text += "## Constants\n\n" + constants_table(findings.front().constants);
  return text + planted(theorem) + reproduction(theorem, findings, run);
}

}  // namespace assay
