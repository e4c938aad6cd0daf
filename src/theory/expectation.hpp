#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "theory/theorem.hpp"

namespace assay {

/// What a suite says is known: the verdict of a claim, or of a theorem as a whole, on one instance or on all ("*").
struct Expectation {
  std::string theorem, instance;
  std::string claim;    ///< empty: the theorem as a whole
  std::string verdict;  ///< in the words of `in_words(Verdict)`; of a theorem also "pass", "fail", "inconclusive"

  /// Of the key "THEOREM/INSTANCE" or "THEOREM/INSTANCE/CLAIM", INSTANCE may be "*", and a verdict: holds (or pass),
  /// fails (or fail), undecided (or inconclusive), "not applicable".
  /// @throws std::invalid_argument for another form, an unknown theorem, claim or verdict, naming what was expected.
  static Expectation parse(std::string_view key, std::string_view verdict);
};

/// A verdict that is not what was expected: another than the suite says, or, where it says nothing, one that is not
/// "holds" (of a claim that fails or is undecided).
struct Surprise {
  std::string theorem, instance;
  std::string claim;     ///< empty: the theorem as a whole
  std::string expected;  ///< "holds" where the suite says nothing
  std::string found;
};

/// Verdicts of hypotheses and claims against what is expected. An expectation of a claim goes before one of its
/// theorem; one for an instance before one for all. A theorem whose outcome is the expected one surprises with none of
/// its claims.
std::vector<Surprise> surprises(const std::vector<Finding>& findings, const std::vector<Expectation>& expected);

}  // namespace assay
