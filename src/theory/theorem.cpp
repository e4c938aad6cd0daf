#include "theory/theorem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <new>
#include <stdexcept>

#include "enclosure/stop.hpp"

namespace assay {

namespace {

struct Entry {
  std::string id;
  std::function<Theorem()> make;
};

std::vector<Entry>& registry() {
  static std::vector<Entry> entries;
  return entries;
}

void require_plain_meanings(const Theorem& theorem) {
  for (const Quantity& quantity : theorem.quantities)
    if (speaks_of_proof(quantity.meaning))
      throw std::logic_error("Registered: the meaning of a quantity claims a proof: " + quantity.meaning);
}

std::string folder_of(std::string_view file) {
  file = file.substr(0, file.find_last_of('/'));
  return std::string(file.substr(file.find_last_of('/') + 1));
}

bool is_vacuous(const Statement& statement, const Setting& setting, const Known& rhs, Level level) {
  if (!statement.trivial_bound || !rhs.is_defined()) return false;
  const Interval trivial = statement.trivial_bound(setting, level);
  const bool upward = statement.relation == Relation::less_equal || statement.relation == Relation::less;
  return upward ? certainly_less_equal(trivial, rhs.range()) : certainly_less_equal(rhs.range(), trivial);
}

constexpr Bits kBitsOfDouble = 53;

std::string rung_in_words(Level level) {
  return level.fast ? "in the fast tier" : fmt::format("at {} bits", level.bits);
}

std::string side_in_words(const char* name, const Known& side) {
  switch (side.sense()) {
    case Sense::at_most:
      return side.range().upper().is_finite() ? fmt::format("the {} side is known from above only", name)
                                              : fmt::format("nothing is known of the {} side", name);
    case Sense::at_least:
      return side.range().lower().is_finite() ? fmt::format("the {} side is known from below only", name)
                                              : fmt::format("nothing is known of the {} side", name);
    case Sense::enclosure:
    case Sense::undefined:
      break;
  }
  if (!side.range().lower().is_finite() && !side.range().upper().is_finite())
    return fmt::format("nothing is known of the {} side", name);
  return fmt::format("the {} side has relative width {:.1e}", name, side.range().relative_width());
}

std::string overlap_in_words(const Claim& claim, Level level) {
  return fmt::format("the two sides are not told apart {}: {}, {}", rung_in_words(level),
                     side_in_words("left", claim.lhs), side_in_words("right", claim.rhs));
}

Claim unasked(const Statement& statement, Verdict verdict, const std::string& reason) {
  Claim claim;
  claim.id = statement.id;
  claim.scope = statement.scope;
  claim.statement = statement.text;
  claim.paper = statement.paper;
  claim.relation = statement.relation;
  claim.verdict = verdict;
  claim.reason = reason;
  return claim;
}

/// A picture is drawn from doubles, so its words must not claim a proof.
void require_no_claims(const Chart& chart) {
  std::vector<std::string> texts{chart.title, chart.x_axis, chart.y_axis};
  for (const Series& series : chart.series) texts.push_back(series.label);
  for (const std::string& text : texts)
    if (speaks_of_proof(text)) throw std::logic_error("check: a picture claims a proof: " + text);
}

bool any(const std::vector<Claim>& claims, Verdict verdict) {
  return std::any_of(claims.begin(), claims.end(), [&](const Claim& claim) { return claim.verdict == verdict; });
}

/// "hypothesis ... certainly fails", or that it is not defined; empty if neither is known.
std::string failed_hypothesis(const Finding& finding) {
  for (const Claim& hypothesis : finding.hypotheses) {
    if (hypothesis.verdict == Verdict::fails) return "hypothesis " + hypothesis.id + " certainly fails";
    if (hypothesis.verdict == Verdict::not_applicable)
      return "hypothesis " + hypothesis.id + " is not defined: " + hypothesis.reason;
  }
  return "";
}

/// A finite width that twice the bits did not halve is a gap between two bounds, not a rounding; a bound from one side
/// that they did not move is as good as it gets.
bool more_bits_are_useless(const Known& before, const Known& now) {
  constexpr double kMoved = 1e-6;
  const Interval &was = before.range(), &is = now.range();
  if (now.sense() == Sense::at_most)
    return was.upper().is_finite() && is.upper().is_finite() && hull(was.upper(), is.upper()).relative_width() < kMoved;
  if (now.sense() == Sense::at_least)
    return was.lower().is_finite() && is.lower().is_finite() && hull(was.lower(), is.lower()).relative_width() < kMoved;
  const double width = is.relative_width();
  return std::isfinite(width) && width >= was.relative_width() / 2;
}

/// Bounded on every side on which its kind can be.
bool is_settled(const Known& value, bool gap) {
  switch (value.sense()) {
    case Sense::undefined:
      return true;
    case Sense::at_most:
      return value.range().upper().is_finite();
    case Sense::at_least:
      return value.range().lower().is_finite();
    case Sense::enclosure:
      break;
  }
  return gap && value.range().is_finite();
}

/// @param stopped  why no more was computed, if time or the user ended it.
Known sharpened(const Quantity& quantity, const Setting& setting, const CheckOptions& options,
                std::optional<std::string>& stopped) {
  Known value;
  stopped = climb(options.precision, [&](Level level) {
              const Known before = value;
              value = quantity.value(setting, level);
              if (is_settled(value, quantity.gap) || value.range().relative_width() <= options.quantity_rtol)
                return true;
              return !level.fast && level.bits > options.precision.start && more_bits_are_useless(before, value);
            }).stopped;
  return value;
}

/// A limit of one question (of memory, of a file, of a width) is no limit of the others.
template <class Ask>
std::optional<std::string> trouble(Ask ask) {
  try {
    ask();
    return std::nullopt;
  } catch (const std::invalid_argument& error) {
    return error.what();
  } catch (const std::runtime_error& error) {
    return error.what();
  } catch (const std::bad_alloc&) {
    return "there is not enough memory for it";
  }
}

Claim decide_or_say_why(const Statement& statement, const Setting& setting, const Precision& precision) {
  Claim claim;
  const auto why = trouble([&] { claim = decide(statement, setting, precision); });
  return why ? unasked(statement, Verdict::undecided, *why) : claim;
}

/// Hypotheses, claims, remarks, quantities, notes and pictures.
std::size_t count_questions(const Theorem& theorem) {
  return theorem.hypotheses.size() + theorem.claims.size() + theorem.remarks.size() + theorem.quantities.size() + 2;
}

/// Where a hypothesis certainly fails the numbers prove nothing about the theorem: then a few rungs are enough.
Precision worthwhile(Precision precision, const Finding& finding) {
  constexpr Bits kWithoutClaims = 128;
  if (any(finding.hypotheses, Verdict::fails)) precision.limit = std::min(precision.limit, kWithoutClaims);
  return precision;
}

void check_claims(const Theorem& theorem, const Setting& setting, const CheckOptions& options, TimeShares& time,
                  Finding& finding) {
  const auto decided = [&](const Statement& statement) {
    const TimeLimit share = time.next();
    return decide_or_say_why(statement, setting, worthwhile(options.precision, finding));
  };
  for (const Statement& statement : theorem.hypotheses) finding.hypotheses.push_back(decided(statement));
  const std::string failed = failed_hypothesis(finding);
  const auto ask = [&](const Statement& statement) {
    options.progress(fmt::format("{}: {}", theorem.id, statement.id));
    const std::optional<std::string> why_not =
        !failed.empty() ? std::optional(failed)
                        : (statement.inapplicable ? statement.inapplicable(setting) : std::nullopt);
    return why_not ? unasked(statement, Verdict::not_applicable, *why_not) : decided(statement);
  };
  for (const Statement& statement : theorem.claims) finding.claims.push_back(ask(statement));
  for (const Remark& remark : theorem.remarks) finding.remarks.push_back(ask(remark.statement));
}

void add_quantities(const Theorem& theorem, const Setting& setting, const CheckOptions& options, TimeShares& time,
                    Finding& finding) {
  for (const Quantity& quantity : theorem.quantities) {
    options.progress(fmt::format("{}: {}", theorem.id, quantity.name));
    const TimeLimit share = time.next();
    Known value;
    std::optional<std::string> stopped;
    const auto why = trouble([&] { value = sharpened(quantity, setting, options, stopped); });
    if (why) finding.notes.push_back(fmt::format("`{}` is not known: {}.", quantity.name, *why));
    if (stopped) finding.notes.push_back(fmt::format("`{}` is no narrower, because {}.", quantity.name, *stopped));
    finding.quantities.push_back({quantity.name, quantity.meaning, value});
  }
}

void add_notes(const Theorem& theorem, const Checked& checked, Finding& finding) {
  std::vector<Sentence> notes;
  const auto why = trouble([&] {
    const Stoppable stoppable;
    if (theorem.notes) notes = theorem.notes(checked);
  });
  if (why) finding.notes.push_back("Notes are missing: " + *why + ".");
  const auto add = [&](const Claim& claim, const std::string& if_holds, const std::string& if_fails) {
    if (!if_holds.empty()) append(notes, Sentence::if_decided(claim, Verdict::holds, if_holds));
    if (!if_fails.empty()) append(notes, Sentence::if_decided(claim, Verdict::fails, if_fails));
  };
  for (std::size_t k = 0; k < theorem.claims.size(); ++k)
    add(finding.claims[k], theorem.claims[k].if_holds, theorem.claims[k].if_fails);
  for (std::size_t k = 0; k < theorem.remarks.size(); ++k)
    add(finding.remarks[k], theorem.remarks[k].if_holds, theorem.remarks[k].if_fails);
  for (const Sentence& note : notes) finding.notes.push_back(note.text());
}

void add_charts(const Theorem& theorem, const Checked& checked, Finding& finding) {
  if (!theorem.charts) return;
  const auto why = trouble([&] {
    const Stoppable stoppable;
    finding.charts = theorem.charts(checked);
  });
  if (why) finding.notes.push_back("Pictures are missing: " + *why + ".");
  for (const Chart& chart : finding.charts) require_no_claims(chart);
}

}  // namespace

Outcome outcome_of(const Finding& finding) {
  if (!failed_hypothesis(finding).empty()) return Outcome::not_applicable;
  // A claim refutes its theorem only where the hypotheses hold.
  if (any(finding.hypotheses, Verdict::undecided)) return Outcome::inconclusive;
  if (any(finding.claims, Verdict::fails)) return Outcome::fail;
  if (std::all_of(finding.claims.begin(), finding.claims.end(),
                  [](const Claim& claim) { return claim.verdict == Verdict::not_applicable; }))
    return Outcome::not_applicable;
  return any(finding.claims, Verdict::undecided) ? Outcome::inconclusive : Outcome::pass;
}

Registered::Registered(const Theorem& theorem, const char* file) {
  require_plain_meanings(theorem);
  registry().push_back({folder_of(file), [theorem] { return theorem; }});
}

Registered::Registered(Theorem (*make)(), const char* file) {
  registry().push_back({folder_of(file), make});
}

const std::vector<Theorem>& all_theorems() {
  static const std::vector<Theorem> sorted = [] {
    std::vector<Theorem> theorems;
    for (const Entry& entry : registry()) {
      theorems.push_back(entry.make());
      theorems.back().id = entry.id;
      require_plain_meanings(theorems.back());
    }
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

Level Checked::level() const {
  return precision.tier == Tier::deep ? Level(std::min(precision.start, precision.limit)) : Level::fast_tier();
}

const Claim& Checked::claim(std::string_view id) const {
  for (const std::vector<Claim>* claims : {&finding.hypotheses, &finding.claims, &finding.remarks})
    for (const Claim& claim : *claims)
      if (claim.id == id) return claim;
  throw std::logic_error(fmt::format("Checked::claim: {} has no claim {}", finding.theorem, id));
}

Claim decide(const Statement& statement, const Setting& setting, const Precision& precision) {
  Claim claim = unasked(statement, Verdict::undecided, "");
  const auto [last, stopped] = climb(precision, [&](Level level) {
    const Known lhs_before = claim.lhs, rhs_before = claim.rhs;
    Sides sides = statement.sides(setting, level);
    claim.lhs = std::move(sides.lhs);
    claim.rhs = std::move(sides.rhs);
    claim.counterexample = std::move(sides.counterexample);
    claim.words = std::move(sides.words);
    claim.verdict = decide(claim.lhs, claim.relation, claim.rhs);
    if (claim.verdict != Verdict::undecided) return true;
    if (statement.gap && claim.lhs.range().is_finite() && claim.rhs.range().is_finite()) return true;
    if (level.fast) claim.why_not_fast = overlap_in_words(claim, level);
    return !level.fast && level.bits > precision.start && more_bits_are_useless(lhs_before, claim.lhs) &&
           more_bits_are_useless(rhs_before, claim.rhs);
  });
  claim.fast = last.fast;
  claim.bits = last.fast ? kBitsOfDouble : last.bits;
  claim.slack_log10 = slack_log10(claim.lhs, claim.relation, claim.rhs);
  if (!stopped) claim.vacuous = is_vacuous(statement, setting, claim.rhs, last);
  if (claim.verdict != Verdict::fails) claim.counterexample.reset();
  if (claim.verdict == Verdict::undecided) claim.reason = overlap_in_words(claim, last);
  if (claim.verdict == Verdict::undecided && stopped) claim.reason = *stopped + ": " + claim.reason;
  if (claim.verdict == Verdict::not_applicable)
    claim.reason = claim.lhs.is_defined() ? claim.rhs.because() : claim.lhs.because();
  return claim;
}

Finding check(const Theorem& theorem, const Setting& setting, const Constants& constants, const CheckOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  Finding finding;
  finding.theorem = theorem.id;
  TimeShares time(count_questions(theorem));
  check_claims(theorem, setting, options, time, finding);
  finding.outcome = outcome_of(finding);
  CheckOptions of_numbers = options;
  of_numbers.precision = worthwhile(options.precision, finding);
  add_quantities(theorem, setting, of_numbers, time, finding);
  const Checked checked{setting, of_numbers.precision, finding};
  add_notes(theorem, checked, finding);
  add_charts(theorem, checked, finding);
  for (const std::string& key : theorem.constants) finding.constants.emplace_back(key, constants[key]);
  finding.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return finding;
}

}  // namespace assay
