#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/summary.hpp"

namespace assay {

namespace {

using Row = std::vector<std::string>;

/// Characters of a UTF-8 text, each taken to be one column wide.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// A bound from one side is set apart from the relation of the claim.
std::string in_brackets(const std::string& side) {
  return side.starts_with("≤") || side.starts_with("≥") ? "(" + side + ")" : side;
}

std::string comparison(const Claim& claim) {
  if (claim.verdict == Verdict::not_applicable || claim.bits == 0) return "";
  const DisplayedSides sides = display_sides(claim);
  if (!sides.words.empty()) return plain_text(sides.words) + (claim.vacuous ? "   VACUOUS" : "");
  std::string text = fmt::format("{} {} {}", in_brackets(sides.lhs), symbol_of(claim.relation), in_brackets(sides.rhs));
  if (claim.slack_log10 != 0 && is_decided(claim)) text += "   slack " + display_slack(claim.slack_log10);
  return text + (claim.vacuous ? "   VACUOUS" : "");
}

std::string claim_text(const Claim& claim) {
  constexpr std::size_t kIndent = 18;
  const std::string indent(kIndent, ' ');
  std::string text = fmt::format(
      "  {:<14}  {}\n", in_words(claim.verdict),
      wrapped(fmt::format("{} [{}]: {}", claim.id, name_of(claim.scope), plain_text(claim.statement)), kIndent));
  const std::string sides = comparison(claim);
  if (!sides.empty()) text += indent + sides + "\n";
  if (!claim.reason.empty()) text += indent + wrapped("because " + plain_text(claim.reason), kIndent) + "\n";
  if (claim.counterexample) text += indent + "counterexample: " + *claim.counterexample + "\n";
  return text;
}

std::string finding_text(const Finding& finding) {
  std::string outcome = in_words(finding.outcome);
  std::transform(outcome.begin(), outcome.end(), outcome.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string text = fmt::format("{}: {}\n", finding.theorem, outcome);
  if (!finding.instance.empty()) text += "  on " + wrapped(finding.instance, 5) + "\n";
  if (!finding.hypotheses.empty()) text += " hypotheses\n";
  for (const Claim& hypothesis : finding.hypotheses) text += claim_text(hypothesis);
  text += " claims\n";
  for (const Claim& claim : finding.claims) text += claim_text(claim);
  std::vector<Row> rows;
  for (const NamedQuantity& quantity : finding.quantities)
    rows.push_back({"  " + quantity.name, display(quantity.value),
                    plain_text(quantity.value.is_defined() ? quantity.meaning : quantity.value.because())});
  if (!rows.empty()) text += " quantities\n" + text_table({}, rows);
  return text + (finding.notes.empty() ? "" : " notes\n" + bullets(finding.notes));
}

}  // namespace

std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::string out, line;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find_first_of(" \n", from), text.size());
    const std::string word = text.substr(from, to - from);
    if (!line.empty() && width_of(line) + 1 + width_of(word) > width - indent) {
      out += line + "\n" + std::string(indent, ' ');
      line.clear();
    }
    if (!line.empty() && !word.empty()) line += ' ';
    line += word;
    from = to + 1;
  }
  return out + line;
}

std::string bullets(const std::vector<std::string>& notes) {
  std::string text;
  for (const std::string& note : notes) text += "  * " + wrapped(plain_text(note), 4) + "\n";
  return text;
}

std::string text_table(const Row& header, const std::vector<Row>& rows) {
  std::vector<Row> all = rows;
  if (!header.empty()) all.insert(all.begin(), header);
  std::vector<std::size_t> widths;
  for (const Row& row : all) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], width_of(row[k]));
  }
  std::string text;
  for (const Row& row : all) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k) line += row[k] + std::string(widths[k] - width_of(row[k]) + 2, ' ');
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string evaluation_text(const EvaluationReport& report) {
  std::vector<Row> rows;
  for (const auto& [name, value] : report.quantities)
    rows.push_back({name, display(value, 10),
                    value.is_finite() && !value.contains_zero() ? fmt::format("{:.1e}", value.relative_width()) : "—"});
  std::string text = report.instance.empty() ? "" : report.instance + "\n\n";
  text += text_table({"quantity", "enclosure", "relative width"}, rows);
  text += fmt::format("\n{} tier, {} bits, {:.3g} s\n", report.tier, report.bits, report.seconds);
  return text + (report.notes.empty() ? "" : "\n" + bullets(report.notes));
}

namespace {

/// d log(bound) / d log(variable), a column per variable; nothing if none was asked for.
std::string elasticities_text(const BoundsReport& report) {
  Row header{"elasticity"};
  std::vector<Row> rows;
  for (const BoundsRow& bound : report.rows) {
    Row row{bound.name};
    for (const BoundsElasticity& each : bound.elasticities) {
      if (rows.empty()) header.push_back("in " + each.variable);
      row.push_back(display(each.value) + (each.at_kink ? " at a kink" : ""));
    }
    rows.push_back(row);
  }
  return header.size() > 1 ? "\n" + text_table(header, rows) : "";
}

}  // namespace

std::string bounds_text(const BoundsReport& report) {
  std::vector<Row> rows;
  std::string inputs;
  for (const auto& [name, value] : report.inputs)
    inputs += fmt::format("{}{} = {}", inputs.empty() ? "" : ", ", name, value);
  std::vector<std::string> vacuous;
  for (const BoundsRow& row : report.rows) {
    rows.push_back({row.name, display(row.value), display_power_of_ten(row.value.range()), row.vacuous ? "vacuous" : "",
                    plain_text(row.driver)});
    if (row.vacuous) vacuous.push_back(row.name + ": " + row.vacuous_why);
  }
  std::string text = inputs.empty() ? "" : wrapped("at " + inputs, 3) + "\n\n";
  text += text_table({"bound", "value", "power of ten", "", "driven by"}, rows) + elasticities_text(report);
  if (!vacuous.empty()) text += "\nTrue, but saying nothing (vacuous):\n" + bullets(vacuous);
  return text + (report.notes.empty() ? "" : "\nNotes:\n" + bullets(report.notes));
}

std::string findings_text(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) text += (text.empty() ? "" : "\n") + finding_text(finding);
  return text;
}

}  // namespace assay
