#include "report/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/display.hpp"
#include "report/summary.hpp"
#include "report/wording.hpp"

namespace assay {

namespace {

void insert_once(const std::string& text, std::vector<std::string>& into) {
  if (!text.empty() && std::find(into.begin(), into.end(), text) == into.end()) into.push_back(text);
}

/// The greater side of a claim that holds, if the other one is exactly 0.
std::optional<Interval> beyond_zero(const Claim& claim) {
  const bool upward = claim.relation == Relation::less_equal || claim.relation == Relation::less;
  const Interval &small = (upward ? claim.lhs : claim.rhs).range(), &large = (upward ? claim.rhs : claim.lhs).range();
  if (claim.verdict != Verdict::holds || !small.is_point() || !small.contains_zero()) return std::nullopt;
  return certainly_positive(large) ? std::optional(large) : std::nullopt;
}

void count(const Claim& claim, Tally& tally) {
  ++tally.counts[claim.verdict];
  if (claim.verdict == Verdict::not_applicable) return insert_once(claim.reason, tally.reasons);
  if (!is_decided(claim)) return;
  insert_once(display_sides(claim).words, tally.words);
  const double factor = proved_factor_log10(claim);
  if (const auto large = beyond_zero(claim)) tally.against_zero.push_back(*large);
  if (factor == 0 || std::abs(factor) >= kUnboundedSlack) return;
  (claim.verdict == Verdict::holds ? tally.to_spare : tally.off).push_back(factor);
}

}  // namespace

Tally tally_of(const std::string& id, const std::vector<Finding>& findings) {
  Tally tally;
  for (const Finding& finding : findings)
    for (const auto* claims : {&finding.hypotheses, &finding.claims})
      for (const Claim& claim : *claims)
        if (claim.id == id) count(claim, tally);
  return tally;
}

namespace {

/// "0.034": two digits, rounded down.
std::string rounded_down(const Interval& positive) {
  return display(Known(AtLeast(positive.lower())), 2).substr(std::string("≥ ").size());
}

/// "a factor of 2.3 to 10^88".
std::string range_in_words(const std::vector<double>& slacks) {
  const auto less = [](double a, double b) { return std::abs(a) < std::abs(b); };
  const auto [least, most] = std::minmax_element(slacks.begin(), slacks.end(), less);
  const std::string low = factor_in_words(*least), high = factor_in_words(*most);
  return "a factor of " + (low == high ? low : low + " to " + high);
}

}  // namespace

std::string how_far(const Tally& tally) {
  std::vector<std::string> parts;
  if (!tally.off.empty()) parts.push_back("off by " + range_in_words(tally.off));
  if (!tally.to_spare.empty())
    parts.push_back((tally.off.empty() ? "" : "where true, ") + range_in_words(tally.to_spare) + " to spare");
  if (!tally.against_zero.empty()) {
    const auto less = [](const Interval& a, const Interval& b) { return certainly_less(a.lower(), b.lower()); };
    const auto least = std::min_element(tally.against_zero.begin(), tally.against_zero.end(), less);
    parts.push_back("at least " + rounded_down(*least) + ", against 0");
  }
  if (parts.empty()) parts = tally.words;
  if (parts.empty() && !tally.reasons.empty())
    parts.push_back(tally.reasons.front() + (tally.reasons.size() > 1 ? " (on the others alike)" : ""));
  return parts.empty() ? "—" : fmt::format("{}", fmt::join(parts, "; "));
}

std::string comes_to(const Tally& tally) {
  const std::size_t holds = tally.count(Verdict::holds), fails = tally.count(Verdict::fails),
                    undecided = tally.count(Verdict::undecided), all = tally.total();
  if (all == tally.count(Verdict::not_applicable)) return "says nothing on these";
  if (holds == all) return all == 1 ? "true" : fmt::format("true on all {}", all);
  if (fails == all) return all == 1 ? "**false**" : fmt::format("**false on all {}**", all);
  std::string text;
  const auto add = [&](std::size_t count, const char* what) {
    if (count > 0) text += fmt::format("{}{} on {}", text.empty() ? "" : ", ", what, count);
  };
  add(fails, "**false**");
  add(holds, "true");
  add(undecided, "**undecided**");
  add(tally.count(Verdict::not_applicable), "says nothing");
  return text;
}

}  // namespace assay
