#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "enclosure/known.hpp"
#include "enclosure/refine.hpp"

namespace assay {

/// What a statement is about.
enum class Scope {
  instance,     ///< this exact X, Y, W, a
  ball,         ///< every W~ in a ball around W
  forever,      ///< every step of gradient descent
  probability,  ///< the random initialization
  asymptotic    ///< an O or Omega, measured, never passed by picking a constant
};

enum class Relation { less_equal, greater_equal, less, greater };

/// `holds` and `fails` are proofs.
enum class [[nodiscard]] Verdict{holds, fails, undecided, not_applicable};

/// Verdict on a theorem as a whole.
enum class [[nodiscard]] Outcome{pass, fail, inconclusive, not_applicable};

std::string_view name_of(Scope scope);
std::string_view name_of(Verdict verdict);
std::string_view name_of(Outcome outcome);
std::string_view symbol_of(Relation relation);  ///< "<=", ">=", "<", ">"

/// The two sides of a comparison, as far as they are known on some rung. A side that is not defined makes the claim not
/// applicable.
struct [[nodiscard]] Sides {
  Known lhs, rhs;
  std::optional<std::string> counterexample = {};  ///< file with the W~ that decides, should the statement fail
  /// What the two sides come to, for readers, where their numbers are a code ("positive on both routes"). May be empty.
  std::string words = {};
};

/// The only place where what is known becomes a verdict: holds if every number that lhs may be is in the relation to
/// every number that rhs may be, fails if none is to any, else undecided. So a bound from one side decides only what it
/// can: "at most u" never refutes a <=.
Verdict decide(const Interval& lhs, Relation relation, const Interval& rhs);
/// The same; not applicable if a side is not defined.
Verdict decide(const Known& lhs, Relation relation, const Known& rhs);

/// log10 of how far the sides are apart, in the sense in which the relation holds: log10(rhs / lhs) for <= and <,
/// log10(lhs / rhs) for >= and >. Rounded towards the relation failing; of a side that is known from one side, its
/// bound. 0 if a side may be negative (a ratio means nothing then), +-kUnboundedSlack if the lesser side is 0 or a
/// ratio has no bound.
[[nodiscard]] double slack_log10(const Known& lhs, Relation relation, const Known& rhs);
inline constexpr double kUnboundedSlack = 1e9;

struct Claim;
/// log10 of the factor >= 1 by which the sides of a decided claim certainly differ: between their nearest ends, of a
/// claim that fails too (whose slack is between the farthest); of their magnitudes if both are negative. 0 if nothing is
/// decided or a ratio means nothing.
double proved_factor_log10(const Claim& claim);

/// A decided comparison.
struct [[nodiscard]] Claim {
  std::string id;
  Scope scope = Scope::instance;
  std::string statement;  ///< one sentence, Markdown with formulas
  std::string paper;      ///< the paper's number of this statement; empty: derived here
  Known lhs;
  Relation relation = Relation::less_equal;
  Known rhs;
  std::string words;  ///< shown to readers in place of both sides; empty: the sides are shown
  Verdict verdict = Verdict::undecided;
  std::string reason;  ///< why undecided or not applicable
  bool vacuous = false;
  double slack_log10 = 0;
  Bits bits = 0;  ///< precision at which it was decided, or up to which it was tried; 53 in the fast tier, 0 if none
  bool fast = false;                          ///< decided by balls in double
  std::string why_not_fast;                   ///< why the fast tier, where it was tried, could not decide
  std::optional<std::string> counterexample;  ///< file with the W~ that refutes it; only where the claim fails
};

}  // namespace assay
