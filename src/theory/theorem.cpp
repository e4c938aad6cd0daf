#include "theory/theorem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

namespace assay {

namespace {

std::vector<Theorem>& registry() {
  static std::vector<Theorem> theorems;
  return theorems;
}

std::string stem(std::string_view file) {
  const auto slash = file.find_last_of('/');
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  return std::string(file.substr(0, file.find('.')));
}

bool is_vacuous(const Statement& statement, const Setting& setting, const Interval& rhs, Level level) {
  if (!statement.trivial_bound) return false;
  const Interval trivial = statement.trivial_bound(setting, level);
  const bool upward = statement.relation == Relation::less_equal || statement.relation == Relation::less;
  return upward ? certainly_less_equal(trivial, rhs) : certainly_less_equal(rhs, trivial);
}

constexpr Bits kBitsOfDouble = 53;

std::string rung_in_words(Level level) {
  return level.fast ? "in the fast tier" : fmt::format("at {} bits", level.bits);
}

std::string overlap_in_words(const Claim& claim, Level level) {
  return fmt::format("the two sides still overlap {} (relative widths {:.1e} and {:.1e})", rung_in_words(level),
                     claim.lhs.relative_width(), claim.rhs.relative_width());
}

Claim not_applicable(const Statement& statement, const std::string& reason) {
  Claim claim;
  claim.id = statement.id;
  claim.scope = statement.scope;
  claim.statement = statement.text;
  claim.relation = statement.relation;
  claim.verdict = Verdict::not_applicable;
  claim.reason = reason;
  return claim;
}

bool any(const std::vector<Claim>& claims, Verdict verdict) {
  return std::any_of(claims.begin(), claims.end(), [&](const Claim& claim) { return claim.verdict == verdict; });
}

/// A finite width that twice the bits did not halve is a gap between two bounds, not a rounding.
bool more_bits_are_useless(double width_before, const Interval& now) {
  const double width = now.relative_width();
  return std::isfinite(width) && width >= width_before / 2;
}

Interval sharpened(const Quantity& quantity, const Setting& setting, const CheckOptions& options) {
  Interval value = Interval::whole_line(64);
  refine(options.precision, [&](Level level) {
    const double before = value.relative_width();
    value = quantity.value(setting, level);
    if (value.relative_width() <= options.quantity_rtol || (quantity.gap && value.is_finite())) return true;
    return !level.fast && level.bits > options.precision.start && more_bits_are_useless(before, value);
  });
  return value;
}

void check_claims(const Theorem& theorem, const Setting& setting, const CheckOptions& options, Finding& finding) {
  for (const Statement& statement : theorem.hypotheses)
    finding.hypotheses.push_back(decide(statement, setting, options.precision));
  std::string failed;
  for (const Claim& hypothesis : finding.hypotheses)
    if (hypothesis.verdict == Verdict::fails) failed = hypothesis.id;
  for (const Statement& statement : theorem.claims) {
    options.progress(fmt::format("{}: {}", theorem.id, statement.id));
    const std::optional<std::string> why_not =
        !failed.empty() ? "hypothesis " + failed + " certainly fails"
                        : (statement.inapplicable ? statement.inapplicable(setting) : std::nullopt);
    finding.claims.push_back(why_not ? not_applicable(statement, *why_not)
                                     : decide(statement, setting, options.precision));
  }
}

void add_remarks(const Theorem& theorem, const Setting& setting, const CheckOptions& options, Finding& finding) {
  if (theorem.notes) finding.notes = theorem.notes(setting);
  for (const Remark& remark : theorem.remarks) {
    const Claim claim = decide(remark.statement, setting, options.precision);
    if (claim.verdict == Verdict::holds && !remark.if_holds.empty()) finding.notes.push_back(remark.if_holds);
    if (claim.verdict == Verdict::fails && !remark.if_fails.empty()) finding.notes.push_back(remark.if_fails);
  }
}

}  // namespace

Outcome outcome_of(const Finding& finding) {
  if (any(finding.hypotheses, Verdict::fails)) return Outcome::not_applicable;
  if (any(finding.claims, Verdict::fails)) return Outcome::fail;
  if (any(finding.hypotheses, Verdict::undecided) || any(finding.claims, Verdict::undecided))
    return Outcome::inconclusive;
  return Outcome::pass;
}

Registered::Registered(const Theorem& theorem, std::source_location here) {
  registry().push_back(theorem);
  registry().back().id = stem(here.file_name());
}

const std::vector<Theorem>& all_theorems() {
  static const std::vector<Theorem> sorted = [] {
    std::vector<Theorem> theorems = registry();
    std::sort(theorems.begin(), theorems.end(), [](const Theorem& a, const Theorem& b) { return a.id < b.id; });
    return theorems;
  }();
  return sorted;
}

const Theorem& theorem_of(std::string_view id) {
  std::vector<std::string> ids;
  for (const Theorem& theorem : all_theorems()) {
    if (theorem.id == id) return theorem;
    ids.push_back(theorem.id);
  }
  throw std::invalid_argument(
      fmt::format("unknown theorem '{}'; the nearest is '{}' (`assay list` shows all)", id, nearest(id, ids)));
}

Claim decide(const Statement& statement, const Setting& setting, const Precision& precision) {
  Claim claim = not_applicable(statement, "");
  const Level last = refine(precision, [&](Level level) {
    const double lhs_before = claim.lhs.relative_width(), rhs_before = claim.rhs.relative_width();
    Sides sides = statement.sides(setting, level);
    claim.lhs = std::move(sides.lhs);
    claim.rhs = std::move(sides.rhs);
    claim.counterexample = std::move(sides.counterexample);
    claim.verdict = decide(claim.lhs, claim.relation, claim.rhs);
    if (claim.verdict != Verdict::undecided) return true;
    if (level.fast) claim.ladder = overlap_in_words(claim, level);
    return !level.fast && level.bits > precision.start && more_bits_are_useless(lhs_before, claim.lhs) &&
           more_bits_are_useless(rhs_before, claim.rhs);
  });
  claim.fast = last.fast;
  claim.bits = last.fast ? kBitsOfDouble : last.bits;
  claim.slack_log10 = slack_log10(claim.lhs, claim.relation, claim.rhs);
  claim.vacuous = is_vacuous(statement, setting, claim.rhs, last);
  if (claim.verdict != Verdict::fails) claim.counterexample.reset();
  if (claim.verdict == Verdict::undecided) claim.reason = overlap_in_words(claim, last);
  return claim;
}

Finding check(const Theorem& theorem, const Setting& setting, const Constants& constants, const CheckOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  Finding finding;
  finding.theorem = theorem.id;
  check_claims(theorem, setting, options, finding);
  finding.outcome = outcome_of(finding);
  for (const Quantity& quantity : theorem.quantities) {
    options.progress(fmt::format("{}: {}", theorem.id, quantity.name));
    finding.quantities.push_back({quantity.name, quantity.meaning, sharpened(quantity, setting, options)});
  }
  add_remarks(theorem, setting, options, finding);
  if (theorem.charts) finding.charts = theorem.charts(setting);
  for (const std::string& key : theorem.constants) finding.constants.emplace_back(key, constants[key]);
  finding.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return finding;
}

}  // namespace assay
