#include "app/suite_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/findings.hpp"
#include "app/pictures.hpp"
#include "data/file.hpp"
#include "report/html/page.hpp"
#include "report/index.hpp"
#include "report/json.hpp"
#include "report/markdown.hpp"
#include "report/text.hpp"

namespace assay::app {
namespace {

/// Each theorem with its findings, in the order of the suite.
std::vector<TheoremFindings> grouped(const std::vector<Finding>& findings) {
  std::vector<TheoremFindings> groups;
  for (const Theorem* theorem : every_theorem()) {
    TheoremFindings group{theorem, {}};
    for (const Finding& finding : findings)
      if (finding.theorem == theorem->id) group.findings.push_back(finding);
    if (!group.findings.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

const NamedQuantity* quantity_named(const Finding& finding, const std::string& name) {
  for (const NamedQuantity& quantity : finding.quantities)
    if (quantity.name == name) return &quantity;
  return nullptr;
}

std::vector<IntervalBar> bars_of(const Comparison& comparison, const std::vector<Finding>& findings) {
  std::vector<IntervalBar> bars;
  for (const Finding& finding : findings)
    for (const auto& [name, words] : comparison.quantities)
      if (const NamedQuantity* quantity = quantity_named(finding, name))
        if (const Known& value = quantity->value; value.is_defined())
          bars.push_back({finding.instance, value.range(), words, value.sense() == Sense::at_least,
                          value.sense() == Sense::at_most});
  return bars;
}

/// <id>.svg, <id>-2.svg and so on.
std::vector<Picture> comparisons_of(const TheoremFindings& group) {
  std::vector<Picture> pictures;
  for (const Comparison& comparison : group.theorem->comparisons) {
    const std::vector<IntervalBar> bars = bars_of(comparison, group.findings);
    if (bars.empty()) continue;
    const std::string number = pictures.empty() ? "" : fmt::format("-{}", pictures.size() + 1);
    pictures.push_back(
        {group.theorem->id + number, comparison.title, interval_chart_svg(comparison.title, comparison.axis, bars)});
  }
  return pictures;
}

/// Writes the files of a theorem, and returns its page and what it shows.
html::Section write_theorem(const std::string& folder, const TheoremFindings& group, const RunInfo& run) {
  const std::string stem = folder + "/" + group.theorem->id;
  if (!run.brief) std::filesystem::create_directories(folder + "/charts");
  const std::vector<Picture> comparisons = comparisons_of(group);
  write_pictures(folder, comparisons);
  std::vector<std::vector<Picture>> charts;
  for (const Finding& finding : group.findings) {
    if (run.brief) break;
    charts.push_back(chart_pictures(finding, "charts/" + group.theorem->id + "-" + finding.instance));
    write_pictures(folder, charts.back());
  }
  write_file(stem + ".json", findings_json(group.findings, &run));
  html::Section section{
      group.theorem,
      theorem_markdown(*group.theorem, card_of(group.theorem->id), group.findings, run, comparisons, charts),
      comparisons};
  for (const std::vector<Picture>& of_finding : charts)
    section.pictures.insert(section.pictures.end(), of_finding.begin(), of_finding.end());
  write_file(stem + ".md", section.markdown);
  return section;
}

void write_pages(const std::string& folder, const std::vector<html::Page>& report) {
  const std::vector<std::string> pages = html::pages(report);
  for (std::size_t k = 0; k < pages.size(); ++k) write_file(folder + "/" + report[k].name + ".html", pages[k]);
}

/// "loss_contracts fails, C_0_bound holds (expected: fails)".
std::string in_words(const std::vector<Surprise>& all) {
  std::string text;
  for (const Surprise& one : all)
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", one.claim.empty() ? "the theorem" : one.claim, one.found,
                        one.expected == "holds" ? "" : fmt::format(" (expected: {})", one.expected));
  return text;
}

/// A line for each finding that is not as expected; one for all theorems that an instance stopped for the same reason.
std::string not_as_expected(const std::vector<Finding>& findings, const std::vector<Expectation>& expected) {
  std::string lines;
  for (std::size_t k = 0; k < findings.size();) {
    const Finding& finding = findings[k];
    std::size_t end = k + 1;
    const auto why = why_it_ended_early(finding);
    while (why && end < findings.size() && findings[end].instance == finding.instance &&
           why_it_ended_early(findings[end]) == why)
      ++end;
    if (const std::vector<Surprise> found = surprises({finding}, expected); !found.empty())
      lines += fmt::format("  {} on {}: {}\n", end - k == 1 ? finding.theorem : fmt::format("{} theorems", end - k),
                           finding.instance, why ? *why : in_words(found));
    k = end;
  }
  return lines;
}

}  // namespace

void write_suite_report(const std::string& folder, const std::vector<Finding>& findings,
                        const std::vector<Expectation>& expected, const RunInfo& run) {
  const std::vector<TheoremFindings> groups = grouped(findings);
  std::vector<html::Page> report;
  for (const TheoremFindings& group : groups)
    report.push_back({group.theorem->id, {write_theorem(folder, group, run)}});
  report.push_back({"index", {{nullptr, index_markdown(groups, expected, run)}}});
  write_file(folder + "/index.md", report.back().sections.front().markdown);
  if (run.html) write_pages(folder, report);
}

std::string suite_summary(const std::vector<Finding>& findings, const std::vector<Expectation>& expected) {
  std::vector<std::vector<std::string>> rows;
  for (const TheoremFindings& group : grouped(findings)) {
    const TheoremSummary summary = summarize(*group.theorem, group.findings);
    rows.push_back({summary.id, std::to_string(summary.instances()), plain_text(verdict_counts(summary)),
                    summary.smallest_slack ? display_slack(*summary.smallest_slack) : "—",
                    fmt::format("{} of {}", summary.vacuous, summary.claims)});
  }
  std::string text = text_table({"theorem", "instances", "verdict", "smallest slack", "vacuous claims"}, rows);
  const std::string open = not_as_expected(findings, expected);
  return open.empty() ? text : text + "\nNot as expected:\n" + open;
}

}  // namespace assay::app
