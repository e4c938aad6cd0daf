#include "app/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/command.hpp"
#include "data/input_error.hpp"
#include "data/memory.hpp"
#include "data/message.hpp"
#include "enclosure/numeral.hpp"
#include "report/plain_text.hpp"
#include "report/portable_markdown.hpp"
#include "theory/cards.hpp"

namespace assay::app {

std::vector<const Theorem*> every_theorem() {
  std::vector<const Theorem*> theorems;
  for (const Theorem& theorem : all_theorems()) theorems.push_back(&theorem);
  return theorems;
}

std::string_view card_of(std::string_view id) {
  for (const embedded::Card& card : embedded::theorem_cards())
    if (card.id == id) return card.text;
  return {};
}

namespace {

constexpr std::string_view kEndedEarly = "This theorem could not be checked to the end: ";

std::string reproduction(const Theorem& theorem, const std::string& options) {
  return fmt::format("./assay check {}{}", theorem.id, options);
}

Claim left_open(const Statement& statement) {
  Claim claim;
  claim.id = statement.id;
  claim.scope = statement.scope;
  claim.statement = statement.text;
  claim.paper = statement.paper;
  claim.relation = statement.relation;
  claim.verdict = Verdict::undecided;
  claim.reason = "the check came to no end";
  return claim;
}

/// The check itself. What it throws is its own limit, and no reason to withhold the findings of others.
Finding checked(const Theorem& theorem, const Setting& setting, const std::string& options,
                const CheckOptions& check_options) {
  const std::string& instance = setting.instance().name;
  try {
    Finding finding = with_memory_for(setting.instance(),
                                      [&] { return check(theorem, setting, setting.constants(), check_options); });
    finding.instance = instance;
    finding.reproduce = reproduction(theorem, options);
    return finding;
  } catch (const InputError&) {
    throw;
  } catch (const std::exception& error) {
    return ended_early(theorem, setting.constants(), instance, options, error.what());
  }
}

/// A decimal of four digits that is above x > 0 by more than rounding.
std::string rounded_up(double x) {
  const double unit = std::pow(10, std::floor(std::log10(x)) - 3);
  return fmt::format("{:.6g}", (std::floor(x / unit) + 2) * unit);
}

/// Rows normalized in floating point are above 1 by a rounding error, and then no theorem applies.
std::optional<std::string> hint_on_norms(const Finding& finding) {
  constexpr double kRounding = 1e-9;
  for (const Claim& claim : finding.hypotheses) {
    if (claim.id != "inputs_in_unit_ball" || claim.verdict != Verdict::fails) continue;
    const double excess = (claim.lhs.range() - 1L).upper_double();
    if (!std::isfinite(excess)) return std::nullopt;
    if (!(excess < kRounding))
      return fmt::format(
          "`inputs_in_unit_ball` fails, as the largest norm of a row is above 1 (below {0}). Divide X by {0}, and it "
          "holds.",
          rounded_up(1 + excess));
    const double enough = std::pow(10, std::ceil(std::log10(2 * excess + 4e-16)));
    return fmt::format(
        "`inputs_in_unit_ball` fails by rounding alone: the largest norm is above 1 by at most {:.1e}. Divide X by 1 + "
        "{:.0e}, and it holds.",
        excess, enough);
  }
  return std::nullopt;
}

std::optional<std::string> note_on_step(const Setting& setting) {
  const auto& eta = setting.hyper().eta;
  if (!eta || is_exactly(*eta, nearest_double(*eta))) return std::nullopt;
  return fmt::format("The step $\\eta$ of gradient descent is a double, the one nearest to {}: {:.17g}.", eta->text(),
                     nearest_double(*eta));
}

InstanceSize size_of(const Instance& instance) {
  return {instance.n(), instance.d_in(), instance.d(), instance.m(),
          instance.sigma ? fmt::format("{:.10g}", *instance.sigma) : ""};
}

}  // namespace

Finding ended_early(const Theorem& theorem, const Constants& constants, const std::string& instance,
                    const std::string& options, const std::string& why) {
  Finding finding;
  finding.theorem = theorem.id;
  finding.instance = instance;
  finding.reproduce = reproduction(theorem, options);
  finding.outcome = Outcome::inconclusive;
  for (const Statement& hypothesis : theorem.hypotheses) finding.hypotheses.push_back(left_open(hypothesis));
  for (const Statement& claim : theorem.claims) finding.claims.push_back(left_open(claim));
  for (const std::string& key : theorem.constants) finding.constants.emplace_back(key, constants[key]);
  finding.notes.push_back(std::string(kEndedEarly) + literal_markdown(printable(why)));
  return finding;
}

std::optional<std::string> why_it_ended_early(const Finding& finding) {
  for (const std::string& note : finding.notes)
    if (note.starts_with(kEndedEarly)) return plain_text(note.substr(kEndedEarly.size()));
  return std::nullopt;
}

std::optional<std::string> why_nothing_is_decided(const std::vector<Finding>& findings) {
  std::string reasons;
  for (const Finding& finding : findings)
    for (const Claim& claim : finding.claims) {
      if (claim.verdict != Verdict::not_applicable) return std::nullopt;
      if (reasons.find(claim.reason) != std::string::npos) continue;
      reasons += (reasons.empty() ? "" : "; ") + plain_text(claim.reason);
    }
  return "nothing was decided, as no claim applies: " + reasons;
}

Finding find(const Theorem& theorem, const Setting& setting, const std::string& options,
             const std::vector<std::string>& notes, const AccuracyOptions& accuracy, Progress& progress) {
  CheckOptions check_options;
  check_options.precision = accuracy.precision_on(setting.instance());
  check_options.quantity_rtol = accuracy.relative_width();
  const std::string prefix = theorem.id + ": ";
  check_options.progress = [&](const std::string& detail) {
    progress.say(detail.starts_with(prefix) ? detail.substr(prefix.size()) : detail);
  };
  Finding finding = checked(theorem, setting, options, check_options);
  finding.size = size_of(setting.instance());
  finding.notes.insert(finding.notes.end(), notes.begin(), notes.end());
  for (auto& note : {note_on_step(setting), hint_on_norms(finding)})
    if (note) finding.notes.push_back(*note);
  return finding;
}

RunInfo run_info(const std::string& command, const AccuracyOptions& accuracy) {
  return {command, library_versions(), accuracy.precision().limit, accuracy.threads, 0};
}

ExitStatus status_of(const std::vector<Finding>& findings) {
  const auto any = [&](Outcome outcome) {
    return std::any_of(findings.begin(), findings.end(),
                       [&](const Finding& finding) { return finding.outcome == outcome; });
  };
  if (any(Outcome::fail)) return claim_fails;
  return any(Outcome::inconclusive) || why_nothing_is_decided(findings) ? undecided : succeeded;
}

ExitStatus status_of(const std::vector<Finding>& findings, const std::vector<Expectation>& expected) {
  const std::vector<Surprise> all = surprises(findings, expected);
  const auto is_undecided = [](const Surprise& surprise) { return surprise.found == "undecided"; };
  if (!std::all_of(all.begin(), all.end(), is_undecided)) return claim_fails;
  return !all.empty() || why_nothing_is_decided(findings) ? undecided : succeeded;
}

}  // namespace assay::app
