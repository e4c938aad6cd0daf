#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "enclosure/decimal.hpp"
#include "report/reports.hpp"
#include "report/run_info.hpp"
#include "theory/theorem.hpp"

/// Made-up findings that look like real ones. Nothing here was computed.
namespace assay::sample {

inline Interval number(std::string_view decimal) {
  return Decimal(decimal).at(128);
}
inline Interval range(std::string_view lo, std::string_view hi) {
  return from_decimal_ends(lo, hi, 128);
}

inline Claim claim(const std::string& id, Scope scope, const std::string& statement, const Interval& lhs,
                   Relation relation, const Interval& rhs) {
  Claim result;
  result.id = id;
  result.scope = scope;
  result.statement = statement;
  result.lhs = lhs;
  result.relation = relation;
  result.rhs = rhs;
  result.verdict = decide(lhs, relation, rhs);
  if (result.verdict == Verdict::undecided) result.reason = "the two sides still overlap at 2048 bits";
  result.slack_log10 = slack_log10(lhs, relation, rhs);
  result.bits = 128;
  return result;
}

inline Theorem theorem() {
  Theorem result;
  result.id = "ntk_perturbation";
  result.title = "The kernel moves little when the weights do";
  result.source = {"2405.03251", "Lemma 5.1, softmax row", Provenance::reconstructed};
  result.claims = {{"softmax_row", Scope::ball, "", Relation::less_equal, {}},
                   {"first_order", Scope::instance, "", Relation::less, {}}};
  result.falsehoods = {{"kernel_constant",
                        Scope::ball,
                        "$\\lVert H(\\tilde W)-H(W)\\rVert_F\\le R^2$ for every $\\tilde W$ in the ball.",
                        Relation::less_equal,
                        {}}};
  result.proved =
      "For **every** $\\tilde W$ with $\\lVert\\tilde w_r-w_r\\rVert_2\\le R$, the kernel differs from $H(W)$ by no "
      "more than the paper's bound.";
  return result;
}

constexpr std::string_view kCard =
    "# The kernel moves little when the weights do\n\n"
    "## Statement\n\n"
    "If $\\|\\tilde w_r-w_r\\|_2\\le R$ for all $r$, then w.p. $\\ge 1-\\delta$\n\n"
    "$$\n\\|H(\\tilde W)-H(W)\\|_F \\le R\\,nd\\,e^{10B},\\qquad "
    "B=\\max\\{C\\sigma\\sqrt{\\log(nd/\\delta)},1\\}.\n$$\n\n"
    "## Proof of the certificate\n\n"
    "Ranges of $q_{i,r}$ over the ball, see `part D`.\n\n"
    "```sh\n# not a heading\nassay check ntk_perturbation\n```\n";

inline std::vector<std::pair<std::string, Constant>> constants() {
  return {{"e1.exponent", {Decimal("10"), Provenance::reconstructed, "$10$ in $R\\,nd\\,e^{10B}$"}},
          {"e4.C_other",
           {Decimal("0.1"), Provenance::user, "$|C_0|,|C_2|,C_3\\le0.1\\,m\\eta\\lambda\\lVert e\\rVert^2$"}}};
}

inline std::vector<Claim> hypotheses(std::string_view radius) {
  return {claim("radius_positive", Scope::instance, "The radius is positive: $R>0$.", number(radius), Relation::greater,
                number("0")),
          claim("radius_small", Scope::instance, "The radius is small enough: $R<0.01$.", number(radius),
                Relation::less, number("0.01"))};
}

inline Finding passing() {
  Finding finding;
  finding.theorem = "ntk_perturbation";
  finding.instance = "drawn, n = 4, d_in = 4, d = 2, m = 4096, sigma = 1, seed 7";
  finding.reproduce = "assay check ntk_perturbation --n 4 --d-in 4 --d 2 --m 4096 --sigma 1 --seed 7 --radius 0.005";
  finding.outcome = Outcome::pass;
  finding.hypotheses = hypotheses("0.005");
  finding.claims = {
      claim("softmax_row", Scope::ball,
            "For every $\\tilde W$ in the ball: $\\|H(\\tilde W)-H(W)\\|_F\\le R\\,nd\\,e^{10B}$.",
            range("0.08822704999912", "0.1021443"), Relation::less_equal, range("4.1e95", "4.100000001e95")),
      claim("first_order", Scope::instance, "The sum $\\sum_r|a_{\\ell,r}|q_{i,r}$ is less than $1/2$.",
            range("0.2", "0.2000001"), Relation::less, number("1/2"))};
  finding.claims[0].vacuous = true;
  finding.quantities = {
      {"supremum_F", "$\\sup\\|H(\\tilde W)-H(W)\\|_F$ over the ball", range("0.0882270499", "0.1021443")},
      {"paper_bound", "$R\\,nd\\,e^{10B}$", range("4.1e95", "4.100000001e95")},
      {"unknown", "the number | that nobody knows", Interval::whole_line(64)}};
  finding.constants = constants();
  finding.notes = {"$B$ is driven by $\\log(nd/\\delta)$: the factor $e^{10B}$ alone is $10^{97}$."};
  finding.seconds = 0.25;
  return finding;
}

inline Finding failing() {
  Finding finding = passing();
  finding.instance = "iris rows 1,51,101 | weights from w_drawn.csv";
  finding.reproduce = "assay check ntk_perturbation --data iris --rows 1,51,101 --w w_drawn.csv --a a.csv";
  finding.outcome = Outcome::fail;
  finding.claims[1] = claim("first_order", Scope::instance, "The sum $\\sum_r|a_{\\ell,r}|q_{i,r}$ is less than $1/2$.",
                            range("0.7", "0.71"), Relation::less, number("1/2"));
  finding.claims[1].counterexample = "counterexamples/first order 2.csv";
  return finding;
}

inline Finding undecided() {
  Finding finding = passing();
  finding.instance = "drawn, n = 8, d_in = 8, d = 8, m = 65536, sigma = 1, seed 1";
  finding.outcome = Outcome::inconclusive;
  finding.claims[0] = claim("softmax_row", Scope::ball, finding.claims[0].statement, Interval::whole_line(64),
                            Relation::less_equal, number("5"));
  return finding;
}

inline Finding inapplicable() {
  Finding finding = passing();
  finding.instance = "drawn, radius 0.02";
  finding.outcome = Outcome::not_applicable;
  finding.hypotheses = hypotheses("0.02");
  for (Claim& claim : finding.claims) {
    claim.verdict = Verdict::not_applicable;
    claim.reason = "hypothesis radius_small certainly fails";
    claim.lhs = claim.rhs = Interval::whole_line(64);
    claim.vacuous = false;
    claim.bits = 0;
  }
  return finding;
}

inline std::vector<Finding> findings() {
  return {passing(), failing(), undecided(), inapplicable()};
}

inline RunInfo run() {
  RunInfo result;
  result.command = "assay verify --suite standard.toml";
  result.versions = library_versions();
  result.bits_limit = 2048;
  result.threads = 2;
  result.seconds = 12.5;
  return result;
}

inline EvaluationReport evaluation() {
  EvaluationReport report;
  report.quantities = {{"lambda_min_H", range("0.0882270499912345678", "0.0882270499912345699")},
                       {"max_mS", range("1.25", "inf")},
                       {"residual_F", number("2")}};
  report.seconds = 0.125;
  report.tier = "deep";
  report.bits = 256;
  report.notes = {"$\\lambda_{\\min}$ is simple."};
  report.instance = "drawn, n = 4";
  report.reproduce = "assay evaluate --n 4";
  return report;
}

inline BoundsReport bounds() {
  BoundsReport report;
  report.inputs = {{"n", "4"}, {"delta", "0.05"}, {"sigma", "1"}};
  report.rows = {
      {"B", range("22.5", "22.6"), "$\\max\\{C\\sigma\\sqrt{\\log(nd/\\delta)},1\\}$", "$C$ and $\\sigma$", false, ""},
      {"m", range("2e357", "2.2e357"), "$c_m\\lambda^{-2}n^2d^2e^{18B}\\log^2(nd/\\delta)$", "$e^{18B}$", true,
       "wider than any computer: $m\\ge 10^{357}$"}};
  report.notes = {"$m_{break}$ comes before $m$."};
  report.constants = constants();
  return report;
}

}  // namespace assay::sample
