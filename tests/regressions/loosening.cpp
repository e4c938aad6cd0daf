// Everything known less well: no verdict turns into its opposite.

#include "enclosure/loosening.hpp"

#include "claims.hpp"
#include "support/drawn.hpp"
#include "support/inline_instance.hpp"

using namespace assay;

namespace {

std::vector<Instance> instances() {
  return {drawn_instance(4, 4, 2, 64, 1, 1),
          drawn_instance(3, 5, 3, 64, 0.7, 2),
          drawn_instance(2, 2, 1, 16, 3, 4),
          with_weights("1", "0.5", "0;0", "1;-1"),
          with_weights("0.6,0.79;1,0", "0.5;0.25", "0.3,-0.2;0.3,-0.2;-0.8,1.1;-0.8,1.1", "1;-1;1;-1"),
          with_drawn_weights("0.5;0.5;0.9", "0.1;0.2;0.3", 16, 1),
          with_drawn_weights("1,0;-1,0", "0.1;0.2", 16, 1),
          with_drawn_weights("1,0;0,1", "0;0", 32, 1)};
}

bool opposite(Verdict a, Verdict b) {
  return (a == Verdict::holds && b == Verdict::fails) || (a == Verdict::fails && b == Verdict::holds);
}

std::vector<Claim> decided(const Theorem& theorem, const Instance& instance) {
  const Setting setting(instance, {}, {}, 1);
  const Finding finding = check(theorem, setting, setting.constants(), {.precision = {64, 128, Tier::automatic}});
  std::vector<Claim> all = finding.hypotheses;
  all.insert(all.end(), finding.claims.begin(), finding.claims.end());
  all.insert(all.end(), finding.remarks.begin(), finding.remarks.end());
  for (const Statement& falsehood : theorem.falsehoods)
    all.push_back(decide(falsehood, setting, {64, 128, Tier::automatic}));
  return all;
}

}  // namespace

TEST_CASE("what is known less well changes no verdict into its opposite") {
  for (const Instance& instance : instances())
    for (const Theorem& theorem : all_theorems()) {
      CAPTURE(theorem.id);
      CAPTURE(instance.name);
      const std::vector<Claim> tight = decided(theorem, instance);
      for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}}) {
        const Loosening loosening(seed);
        const std::vector<Claim> loose = decided(theorem, instance);
        REQUIRE(loose.size() == tight.size());
        for (std::size_t k = 0; k < tight.size(); ++k) {
          CAPTURE(tight[k].id);
          CHECK_FALSE(opposite(tight[k].verdict, loose[k].verdict));
        }
      }
    }
}

TEST_CASE("a bound on the wrong side is found out") {
  // "at most 1.2" taken as a value: refuted once it has moved above 1.25.
  bool refuted = false;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Loosening loosening(seed);
    const Interval value = AtMost(Interval(1.2, 64)).bound();
    refuted |= decide(value, Relation::less_equal, Interval(1.25, 64)) == Verdict::fails;
  }
  CHECK(refuted);
}
