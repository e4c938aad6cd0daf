#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "enclosure/interval.hpp"

namespace assay {

/// What a statement is about (theory, part V).
enum class Scope {
  instance,     ///< this exact X, Y, W, a
  ball,         ///< every W~ in a ball around W
  forever,      ///< every step of gradient descent
  probability,  ///< the random initialization
  asymptotic    ///< an O or Omega, measured, never passed by picking a constant
};

enum class Relation { less_equal, greater_equal, less, greater };

/// `holds` and `fails` are proofs.
enum class Verdict { holds, fails, undecided, not_applicable };

/// Verdict on a theorem as a whole.
enum class Outcome { pass, fail, inconclusive, not_applicable };

std::string_view name_of(Scope scope);
std::string_view name_of(Verdict verdict);
std::string_view name_of(Outcome outcome);
std::string_view symbol_of(Relation relation);  ///< "<=", ">=", "<", ">"

/// The two sides of a comparison, enclosed at some precision.
struct Sides {
  Interval lhs, rhs;
  std::optional<std::string> counterexample;  ///< file with the W~ that decides, should the statement fail
};

/// The only place where enclosures become a verdict: holds if every number of lhs is in the relation to every number
/// of rhs, fails if none is to any, else undecided.
Verdict decide(const Interval& lhs, Relation relation, const Interval& rhs);

/// log10 of how far the sides are apart, in the sense in which the relation holds: log10(rhs / lhs) for <= and <,
/// log10(lhs / rhs) for >= and >. Rounded towards the relation failing, from enclosures; 0 if a side may be negative
/// (a ratio means nothing then), +-kUnboundedSlack if the lesser side is 0 or a ratio has no bound.
double slack_log10(const Interval& lhs, Relation relation, const Interval& rhs);
inline constexpr double kUnboundedSlack = 1e9;

/// A decided comparison.
struct Claim {
  std::string id;
  Scope scope = Scope::instance;
  std::string statement;  ///< one sentence, Markdown with formulas
  Interval lhs = Interval::whole_line(64);
  Relation relation = Relation::less_equal;
  Interval rhs = Interval::whole_line(64);
  Verdict verdict = Verdict::undecided;
  std::string reason;  ///< why undecided or not applicable
  bool vacuous = false;
  double slack_log10 = 0;
  Bits bits = 0;       ///< precision at which it was decided, or up to which it was tried; 53 in the fast tier
  bool fast = false;   ///< decided by balls in double
  std::string ladder;  ///< why the fast tier, where it was tried, could not decide
  std::optional<std::string> counterexample;  ///< file with the W~ that refutes it; only where the claim fails
};

}  // namespace assay
