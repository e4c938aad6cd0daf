#include "theory/claim.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay {

namespace {

template <class Enum, std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

/// Enclosure of log10(large / small); small, large >= 0.
double lower_log10_ratio(const Interval& large, const Interval& small) {
  const Interval ratio = log10(large) - log10(small);
  const double bound = ratio.lower_double();
  if (std::isnan(bound)) return -kUnboundedSlack;
  return std::clamp(bound, -kUnboundedSlack, kUnboundedSlack);
}

/// The bound where only one is known, else the enclosure.
Interval comparable(const Known& side) {
  switch (side.sense()) {
    case Sense::at_most:
      return side.range().upper();
    case Sense::at_least:
      return side.range().lower();
    case Sense::enclosure:
    case Sense::undefined:
      break;
  }
  return side.range();
}

}  // namespace

std::string_view name_of(Scope scope) {
  return pick(std::array<std::string_view, 5>{"instance", "ball", "forever", "probability", "asymptotic"}, scope);
}

std::string_view name_of(Verdict verdict) {
  return pick(std::array<std::string_view, 4>{"holds", "fails", "undecided", "not_applicable"}, verdict);
}

std::string_view name_of(Outcome outcome) {
  return pick(std::array<std::string_view, 4>{"pass", "fail", "inconclusive", "not_applicable"}, outcome);
}

std::string_view symbol_of(Relation relation) {
  return pick(std::array<std::string_view, 4>{"<=", ">=", "<", ">"}, relation);
}

Verdict decide(const Interval& lhs, Relation relation, const Interval& rhs) {
  switch (relation) {
    case Relation::less_equal:
      if (certainly_less_equal(lhs, rhs)) return Verdict::holds;
      return certainly_less(rhs, lhs) ? Verdict::fails : Verdict::undecided;
    case Relation::less:
      if (certainly_less(lhs, rhs)) return Verdict::holds;
      return certainly_less_equal(rhs, lhs) ? Verdict::fails : Verdict::undecided;
    case Relation::greater_equal:
      return decide(rhs, Relation::less_equal, lhs);
    case Relation::greater:
      return decide(rhs, Relation::less, lhs);
  }
  return Verdict::undecided;
}

Verdict decide(const Known& lhs, Relation relation, const Known& rhs) {
  if (!lhs.is_defined() || !rhs.is_defined()) return Verdict::not_applicable;
  return decide(lhs.range(), relation, rhs.range());
}

double slack_log10(const Known& lhs, Relation relation, const Known& rhs) {
  const bool upward = relation == Relation::less_equal || relation == Relation::less;
  const Interval small = comparable(upward ? lhs : rhs), large = comparable(upward ? rhs : lhs);
  if (!lhs.is_defined() || !rhs.is_defined()) return 0;
  if (!certainly_nonnegative(small) || !certainly_nonnegative(large)) return 0;
  if (small.is_point() && small.contains_zero()) return large.contains_zero() ? 0 : kUnboundedSlack;
  return lower_log10_ratio(large, small);
}

double proved_factor_log10(const Claim& claim) {
  if (claim.verdict != Verdict::holds && claim.verdict != Verdict::fails) return 0;
  const bool holds = claim.verdict == Verdict::holds;
  const Known &lesser = holds ? claim.lhs : claim.rhs, &greater = holds ? claim.rhs : claim.lhs;
  // a <= b < 0 is -b <= -a.
  if (certainly_negative(lesser.range()) && certainly_negative(greater.range()))
    return slack_log10(-greater.range(), claim.relation, -lesser.range());
  return holds ? claim.slack_log10 : slack_log10(lesser, claim.relation, greater);
}

}  // namespace assay
