#include "report/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "report/portable_markdown.hpp"
#include "report/summary.hpp"
#include "report/tally.hpp"
#include "report/wording.hpp"

namespace assay {

namespace {

using Row = std::vector<std::string>;

/// What is false comes first, then what is undecided, what is true, and what says nothing.
std::size_t place_of_findings(const Tally& tally) {
  if (tally.count(Verdict::fails) > 0) return 0;
  if (tally.count(Verdict::undecided) > 0) return 1;
  return tally.count(Verdict::not_applicable) == tally.total() ? 3 : 2;
}

/// A row for each statement of the paper, its assumptions among them, or for each claim that is ours.
std::string statements_table(const std::vector<TheoremFindings>& all, bool of_paper) {
  std::array<std::vector<Row>, 4> places;
  for (const auto& [theorem, findings] : all)
    for (const auto* statements : {&theorem->hypotheses, &theorem->claims})
      for (const Statement& statement : *statements) {
        const bool is_asked_for =
            of_paper ? !statement.paper.empty() : statement.paper.empty() && statements == &theorem->claims;
        const Tally tally = tally_of(statement.id, findings);
        if (!is_asked_for || tally.total() == 0) continue;
        places.at(place_of_findings(tally))
            .push_back({fmt::format("[{}]({}.md)", of_paper ? statement.paper : theorem->title, theorem->id),
                        brief_of(statement), comes_to(tally), how_far(tally)});
      }
  std::vector<Row> rows;
  std::string title;
  for (std::vector<Row>& place : places) {
    // By the paper's own names: its lemmas and theorems come together.
    if (of_paper) std::stable_sort(place.begin(), place.end(), [](const Row& a, const Row& b) { return a[0] < b[0]; });
    for (Row& row : place) {
      const bool is_same = !of_paper && !rows.empty() && row[0] == title;
      title = row[0];
      if (is_same) row[0] = "[same]" + title.substr(title.rfind('('));
      rows.push_back(std::move(row));
    }
  }
  if (rows.empty()) return "";
  return markdown_table({of_paper ? "in the paper" : "about", "statement", "finding", "how far"}, rows) + "\n";
}

/// What a reader asks first, with the answer where a statement has one, and where it stands.
std::string questions(const std::vector<TheoremFindings>& all) {
  std::vector<std::string> lines;
  for (const auto& [theorem, findings] : all)
    for (const Statement& statement : theorem->claims) {
      const Tally tally = tally_of(statement.id, findings);
      if (statement.question.empty() || tally.total() == 0) continue;
      const std::string far = how_far(tally);
      lines.push_back(fmt::format("**{}** {}: {}{}. [More]({}.md)", statement.question, brief_of(statement),
                                  comes_to(tally), far == "—" ? "" : "; " + far, theorem->id));
    }
  lines.push_back("**What is proved, and what is sampled?** [How to read this](#how-to-read-this)");
  lines.push_back("**What has to be trusted?** [What is trusted](#what-is-trusted)");
  lines.push_back("**How do I repeat it?** [Reproduce](#reproduce)");
  std::string text = "## Questions of a reader\n\n";
  for (const std::string& line : lines) text += "* " + portable_markdown(line) + "\n";
  return text + "\n";
}

std::string instances_table(const std::vector<TheoremFindings>& all) {
  std::vector<std::string> names;
  std::map<std::string, std::vector<const Finding*>> by_name;
  for (const TheoremFindings& group : all)
    for (const Finding& finding : group.findings) {
      if (by_name[finding.instance].empty()) names.push_back(finding.instance);
      by_name[finding.instance].push_back(&finding);
    }
  std::vector<Row> rows;
  for (const std::string& name : names) {
    std::map<Verdict, std::size_t> counts;
    InstanceSize size;
    for (const Finding* finding : by_name[name]) {
      if (finding->size.n > 0) size = finding->size;
      for (const Claim& claim : finding->claims) ++counts[claim.verdict];
    }
    const auto number = [](long x) { return x > 0 ? std::to_string(x) : "—"; };
    rows.push_back({literal_markdown(name), number(size.n), number(size.d_in), number(size.d), number(size.m),
                    size.sigma.empty() ? "—" : size.sigma, std::to_string(counts[Verdict::holds]),
                    std::to_string(counts[Verdict::fails]), std::to_string(counts[Verdict::undecided]),
                    std::to_string(counts[Verdict::not_applicable])});
  }
  return "$n$ samples with $d_{in}$ features and $d$ outputs, $m$ neurons drawn with standard deviation $\\sigma$; and "
         "what became of the statements above.\n\n" +
         markdown_table(
             {"instance", "$n$", "$d_{in}$", "$d$", "$m$", "$\\sigma$", "hold", "fail", "undecided", "not applicable"},
             rows, {1, 2, 3, 4, 5, 6, 7, 8, 9}) +
         "\n";
}

std::string theorems_table(const std::vector<TheoremFindings>& all) {
  std::vector<Row> rows;
  for (const auto& [theorem, findings] : all) {
    const TheoremSummary summary = summarize(*theorem, findings);
    rows.push_back({fmt::format("[{}]({}.md)", summary.title, summary.id), scopes_in_words(summary.scopes),
                    std::to_string(summary.instances()), verdict_counts(summary),
                    fmt::format("{} of {}", summary.vacuous, summary.claims)});
  }
  return markdown_table({"theorem", "scope", "instances", "verdict", "vacuous claims"}, rows, {2}) + "\n";
}

std::vector<Finding> every_finding(const std::vector<TheoremFindings>& all) {
  std::vector<Finding> findings;
  for (const TheoremFindings& group : all)
    findings.insert(findings.end(), group.findings.begin(), group.findings.end());
  return findings;
}

std::string expectations(const std::vector<TheoremFindings>& all, const std::vector<Expectation>& expected) {
  const std::vector<Surprise> found = surprises(every_finding(all), expected);
  if (found.empty())
    return expected.empty() ? ""
                            : "Every verdict is as the suite expects it: what is said above to be false or undecided "
                              "was known to be.\n\n";
  std::vector<Row> rows;
  for (const Surprise& one : found)
    rows.push_back({fmt::format("[{0}]({0}.md)", one.theorem), literal_markdown(one.instance),
                    one.claim.empty() ? "the theorem" : "`" + one.claim + "`", one.expected, "**" + one.found + "**"});
  return "## Not as expected\n\n" + markdown_table({"theorem", "instance", "statement", "expected", "found"}, rows) +
         "\n";
}

}  // namespace

std::string index_markdown(const std::vector<TheoremFindings>& all, const std::vector<Expectation>& expected,
                           const RunInfo& run) {
  std::string text = "# Theorems, checked\n\n" + questions(all);
  if (const std::string table = statements_table(all, true); !table.empty())
    text += "## What the paper states\n\n" + table;
  if (const std::string table = statements_table(all, false); !table.empty())
    text += "## What is proved instead, or beside it\n\n" + table;
  text += expectations(all, expected);
  text += "## Instances\n\n" + instances_table(all);
  text += "## Reports\n\n" + theorems_table(all);
  text += portable_markdown(kSymbols) + std::string(kHowToRead) + "* " + kReadingNumbers + kTrust + "## Reproduce\n\n";
  if (!run.command.empty()) text += code_block({run.command});
  if (run.brief)
    text +=
        "This report is brief: pictures of single instances with their data, and the networks that decide claims, are "
        "left out. Without `--brief` the same command writes them.\n\n";
  return text + environment(run);
}

}  // namespace assay
