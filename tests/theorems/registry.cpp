#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "enclosure/environment.hpp"
#include "report/chart.hpp"
#include "setting/setting.hpp"
#include "support/drawn.hpp"
#include "theory/cards.hpp"
#include "theory/theorem.hpp"

using namespace assay;

namespace {

Setting drawn(Index n, Index d_in, Index d, Index m, double sigma, std::uint64_t seed) {
  return Setting(drawn_instance(n, d_in, d, m, sigma, seed), {}, {}, 1);
}

/// Shapes on which every theorem is tried: the paper's d_in = d, others, small and large sigma.
std::vector<Setting> settings() {
  std::vector<Setting> all;
  all.push_back(drawn(4, 4, 2, 64, 1, 1));
  all.push_back(drawn(3, 5, 3, 64, 0.7, 2));
  all.push_back(drawn(4, 6, 2, 512, 0.04, 3));
  all.push_back(drawn(2, 2, 1, 16, 3, 4));
  return all;
}

bool any(const auto& items, auto condition) {
  return std::any_of(items.begin(), items.end(), condition);
}

}  // namespace

TEST_CASE("the arithmetic environment is sound") {
  CHECK_NOTHROW(require_sound_environment());
}

TEST_CASE("every theorem has a card, claims, falsehoods and known constants") {
  std::set<std::string> cards;
  for (const auto& card : embedded::theorem_cards()) cards.emplace(card.id);
  CHECK(all_theorems().size() == cards.size());
  for (const Theorem& theorem : all_theorems()) {
    CAPTURE(theorem.id);
    CHECK(cards.count(theorem.id) == 1);
    CHECK(!theorem.title.empty());
    CHECK(!theorem.claims.empty());
    CHECK(!theorem.falsehoods.empty());
    CHECK(!theorem.proved.empty());
    for (const std::string& key : theorem.constants) CHECK_NOTHROW(Constants()[key]);
  }
}

TEST_CASE("what is derived here holds somewhere, is violated nowhere and is not vacuous everywhere") {
  std::map<std::string, int> holds, informative;
  for (const Setting& setting : settings())
    for (const Theorem& theorem : all_theorems()) {
      const Finding finding = check(theorem, setting, setting.constants(), {});
      CAPTURE(setting.instance().name);
      for (const Claim& claim : finding.claims) {
        if (!claim.paper.empty()) continue;
        const std::string name = theorem.id + "/" + claim.id;
        CAPTURE(name);
        CHECK(claim.verdict != Verdict::fails);
        holds[name] += claim.verdict == Verdict::holds;
        // An O or Omega with the constants of the table is a measurement, whatever it says.
        informative[name] += !claim.vacuous || claim.scope == Scope::asymptotic;
      }
    }
  for (const auto& entry : holds) {
    const std::string& name = entry.first;
    CAPTURE(name);
    CHECK(entry.second > 0);
    CHECK(informative[name] > 0);
  }
}

/// No instance decides them with the constants as encoded: an O or Omega without a constant; a width that no network has.
const std::set<std::string> kSilent{"activation_comparison/table_1_exp_width",
                                    "activation_comparison/table_1_exp_steps",
                                    "activation_comparison/table_1_relu_width",
                                    "activation_comparison/table_1_relu_steps",
                                    "width/table_1_steps",
                                    "score_estimation/theorem_6_6"};

TEST_CASE("every statement of the paper is decided somewhere, or known to be silent") {
  std::map<std::string, int> decided;
  for (const Setting& setting : settings())
    for (const Theorem& theorem : all_theorems())
      for (const Claim& claim : check(theorem, setting, setting.constants(), {}).claims)
        if (!claim.paper.empty())
          decided[theorem.id + "/" + claim.id] += claim.verdict == Verdict::holds || claim.verdict == Verdict::fails;
  CHECK(decided.size() >= 20);
  for (const auto& entry : decided) {
    const std::string& name = entry.first;
    CAPTURE(name);
    CHECK((entry.second > 0) == (kSilent.count(name) == 0));
  }
}

TEST_CASE("every picture that compares instances is of quantities that the theorem has") {
  for (const Theorem& theorem : all_theorems())
    for (const Comparison& comparison : theorem.comparisons)
      for (const auto& [name, words] : comparison.quantities) {
        CAPTURE(theorem.id);
        const std::string wanted = name;
        CAPTURE(wanted);
        CHECK(any(theorem.quantities, [&](const Quantity& quantity) { return quantity.name == wanted; }));
        CHECK(words != "");
        CHECK(words.find('_') == std::string::npos);
      }
}

TEST_CASE("every chart can be drawn, and has a file name of its own") {
  const Setting setting = drawn(3, 3, 2, 32, 1.0, 5);
  for (const Theorem& theorem : all_theorems()) {
    if (!theorem.charts) continue;
    CAPTURE(theorem.id);
    const std::vector<Chart> charts = check(theorem, setting, setting.constants(), {}).charts;
    for (const Chart& chart : charts) {
      CAPTURE(chart.name);
      CHECK_NOTHROW(chart_svg(chart));
      CHECK_FALSE(chart.name.empty());
      CHECK(chart.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
      // <instance>-<chart>: "a" with "b-c" and "a-b" with "c" would be the same file.
      for (const Chart& other : charts) CHECK((&other == &chart || !("-" + chart.name).ends_with("-" + other.name)));
    }
  }
}

TEST_CASE("every planted falsehood is refuted, at every precision") {
  for (const Setting& setting : settings())
    for (const Theorem& theorem : all_theorems())
      for (const Statement& falsehood : theorem.falsehoods) {
        CAPTURE(theorem.id);
        CAPTURE(falsehood.id);
        CAPTURE(setting.instance().name);
        CHECK(decide(falsehood, setting, Precision{}).verdict == Verdict::fails);
        for (const Bits bits : {53L, 128L, 512L})
          CHECK(decide(falsehood, setting, Precision{bits, bits}).verdict != Verdict::holds);
      }
}

TEST_CASE("an input outside the unit ball makes a theorem that asks for it not applicable") {
  InstanceRequest request;
  request.n = 3;
  request.d_in = request.d = 2;
  request.m = 16;
  Instance instance = make_instance(request);
  instance.x(1, 0) = 1.5;
  const Setting setting(instance, {}, {}, 1);
  for (const Theorem& theorem : all_theorems()) {
    CAPTURE(theorem.id);
    const auto asks = [](const Statement& hypothesis) { return hypothesis.id == "inputs_in_unit_ball"; };
    if (std::none_of(theorem.hypotheses.begin(), theorem.hypotheses.end(), asks)) continue;
    const Finding finding = check(theorem, setting, setting.constants(), {});
    CHECK(finding.outcome == Outcome::not_applicable);
    for (const Claim& claim : finding.claims) CHECK(claim.verdict == Verdict::not_applicable);
  }
}

TEST_CASE("repeated and zero rows are said, and give lambda = 0") {
  InstanceRequest request;
  request.n = 3;
  request.d_in = request.d = 2;
  request.m = 16;
  Instance repeated = make_instance(request), zero = repeated;
  repeated.x.row(2) = repeated.x.row(0);
  zero.x.row(1).setZero();
  for (const Instance& instance : {repeated, zero}) {
    const Setting setting(instance, {}, {}, 1);
    CHECK(setting.lambda_min(Level(64)).is_point());
    CHECK(setting.lambda_min(Level(64)).contains_zero());
    const Finding finding = check(theorem_of("ntk_perturbation"), setting, setting.constants(), {});
    CHECK(finding.outcome == Outcome::pass);
    CHECK(any(finding.claims, [](const Claim& claim) { return claim.verdict == Verdict::holds; }));
    CHECK(!finding.notes.empty());
  }
}

TEST_CASE("a smaller exponent, given by the user, is refuted by the explicit network") {
  InstanceRequest request;
  request.n = 4;
  request.d_in = request.d = 2;
  request.m = 64;
  Constants constants;
  constants.set("e1.multiplier=1e-100");
  const Setting setting(make_instance(request), {}, constants, 1);
  const Finding finding = check(theorem_of("ntk_perturbation"), setting, constants, {});
  CHECK(finding.outcome == Outcome::fail);
  CHECK(any(finding.claims, [](const Claim& claim) { return claim.verdict == Verdict::fails; }));
  const auto& used = finding.constants;
  CHECK(std::any_of(used.begin(), used.end(), [](const auto& entry) {
    return entry.first == "e1.multiplier" && entry.second.provenance == Provenance::user;
  }));
}

TEST_CASE("verdicts are the same with the fast tier and without, on random instances") {
#ifdef ASSAY_SANITIZED
  constexpr std::uint64_t kInstances = 3;  // each is a minute's work there
#else
  constexpr std::uint64_t kInstances = 12;
#endif
  for (std::uint64_t seed = 20; seed < 20 + kInstances; ++seed) {
    const Index n = 2 + static_cast<Index>(seed % 4), d = 1 + static_cast<Index>(seed % 3);
    const Setting setting = drawn(n, 1 + static_cast<Index>(seed % 5), d, 32, seed % 2 == 0 ? 1.0 : 0.05, seed);
    for (const Theorem& theorem : all_theorems()) {
      CAPTURE(seed);
      CAPTURE(theorem.id);
      CheckOptions fast, deep;
      fast.precision.tier = Tier::automatic;
      deep.precision.tier = Tier::deep;
      const Finding one = check(theorem, setting, setting.constants(), fast);
      const Finding other = check(theorem, setting, setting.constants(), deep);
      CHECK(one.outcome == other.outcome);
      const auto agree = [](const Known& a, const Known& b) {
        CHECK(a.is_defined() == b.is_defined());
        CHECK(overlap(a.range(), b.range()));
      };
      REQUIRE(one.claims.size() == other.claims.size());
      for (std::size_t k = 0; k < one.claims.size(); ++k) {
        CAPTURE(one.claims[k].id);
        CHECK(one.claims[k].verdict == other.claims[k].verdict);
        agree(one.claims[k].lhs, other.claims[k].lhs);
        agree(one.claims[k].rhs, other.claims[k].rhs);
      }
      REQUIRE(one.remarks.size() == other.remarks.size());
      for (std::size_t k = 0; k < one.remarks.size(); ++k) {
        CAPTURE(one.remarks[k].id);
        CHECK(one.remarks[k].verdict == other.remarks[k].verdict);
      }
      REQUIRE(one.quantities.size() == other.quantities.size());
      for (std::size_t k = 0; k < one.quantities.size(); ++k) {
        CAPTURE(one.quantities[k].name);
        agree(one.quantities[k].value, other.quantities[k].value);
      }
    }
  }
}

TEST_CASE("of a start that is not paired nothing is claimed about the first order of the kernel") {
  Instance instance = drawn_instance(3, 3, 2, 64);
  instance.a(5, 1) = static_cast<std::int8_t>(-instance.a(5, 1));
  const Setting setting(instance, {}, {}, 1);
  const Finding finding = check(theorem_of("convergence_certificate"), setting, setting.constants(), {});
  for (const Claim& claim : finding.claims)
    if (claim.id == "no_first_order_change") CHECK(claim.verdict == Verdict::not_applicable);
  CHECK(finding.outcome == Outcome::pass);
}
