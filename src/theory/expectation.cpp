#include "theory/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace assay {

namespace {

constexpr std::string_view kVerdicts[] = {"holds", "fails", "undecided", "not applicable"};

std::string_view word_of(Verdict verdict) {
  return kVerdicts[static_cast<std::size_t>(verdict)];
}

/// The verdicts of a theorem in the words of claims.
std::string_view word_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "holds";
    case Outcome::fail:
      return "fails";
    case Outcome::inconclusive:
      return "undecided";
    case Outcome::not_applicable:
      break;
  }
  return "not applicable";
}

std::string_view verdict_of(std::string_view text) {
  if (text == "pass" || text == "passes") return "holds";
  if (text == "fail") return "fails";
  if (text == "inconclusive") return "undecided";
  if (text == "not_applicable") return "not applicable";
  const auto* found = std::find(std::begin(kVerdicts), std::end(kVerdicts), text);
  if (found == std::end(kVerdicts))
    throw std::invalid_argument(
        fmt::format("expected \"holds\", \"fails\", \"undecided\" or \"not applicable\", found \"{}\"", text));
  return *found;
}

void require_claim(const Theorem& theorem, std::string_view id) {
  for (const auto* statements : {&theorem.hypotheses, &theorem.claims})
    for (const Statement& statement : *statements)
      if (statement.id == id) return;
  throw std::invalid_argument(
      fmt::format("{} has no claim '{}' (`assay explain {}` shows them)", theorem.id, id, theorem.id));
}

/// The expectation that counts for a claim (or, with an empty one, for a theorem) on an instance; null if there is
/// none.
const Expectation* expectation_for(const std::vector<Expectation>& all, const Finding& finding,
                                   const std::string& claim) {
  const Expectation* found = nullptr;
  for (const Expectation& one : all) {
    if (one.theorem != finding.theorem || one.claim != claim) continue;
    if (one.instance == finding.instance) return &one;
    if (one.instance == "*") found = &one;
  }
  return found;
}

class Judge {
 public:
  Judge(const Finding& finding, const std::vector<Expectation>& expected) : finding_(finding), expected_(expected) {}

  std::vector<Surprise> judge() {
    const Expectation* whole = expectation_for(expected_, finding_, "");
    const bool as_expected = whole != nullptr && whole->verdict == word_of(finding_.outcome);
    if (whole != nullptr && !as_expected) add("", whole->verdict, word_of(finding_.outcome));
    for (const auto* claims : {&finding_.hypotheses, &finding_.claims})
      for (const Claim& claim : *claims) judge(claim, claims == &finding_.hypotheses, whole != nullptr);
    return std::move(found_);
  }

 private:
  void judge(const Claim& claim, bool is_hypothesis, bool whole_is_expected) {
    if (const Expectation* own = expectation_for(expected_, finding_, claim.id)) {
      if (own->verdict != word_of(claim.verdict)) add(claim.id, own->verdict, word_of(claim.verdict));
      return;
    }
    // A hypothesis that fails only makes the theorem say nothing.
    const bool is_bad = claim.verdict == Verdict::undecided || (claim.verdict == Verdict::fails && !is_hypothesis);
    if (is_bad && !whole_is_expected) add(claim.id, "holds", word_of(claim.verdict));
  }

  void add(std::string claim, std::string_view expected, std::string_view found) {
    found_.push_back(
        {finding_.theorem, finding_.instance, std::move(claim), std::string(expected), std::string(found)});
  }

  const Finding& finding_;
  const std::vector<Expectation>& expected_;
  std::vector<Surprise> found_;
};

}  // namespace

Expectation Expectation::parse(std::string_view key, std::string_view verdict) {
  const auto first = key.find('/'), second = first == key.npos ? key.npos : key.find('/', first + 1);
  if (first == key.npos || first == 0 || first + 1 == key.size() ||
      (second != key.npos && (second == first + 1 || second + 1 == key.size())))
    throw std::invalid_argument(
        fmt::format("expected \"THEOREM/INSTANCE\" or \"THEOREM/INSTANCE/CLAIM\", found \"{}\"", key));
  Expectation result;
  const Theorem& theorem = theorem_of(key.substr(0, first));
  result.theorem = theorem.id;
  result.instance = key.substr(first + 1, second == key.npos ? key.npos : second - first - 1);
  if (second != key.npos) {
    result.claim = key.substr(second + 1);
    require_claim(theorem, result.claim);
  }
  result.verdict = verdict_of(verdict);
  return result;
}

std::vector<Surprise> surprises(const std::vector<Finding>& findings, const std::vector<Expectation>& expected) {
  std::vector<Surprise> all;
  for (const Finding& finding : findings)
    for (Surprise& surprise : Judge(finding, expected).judge()) all.push_back(std::move(surprise));
  return all;
}

}  // namespace assay
