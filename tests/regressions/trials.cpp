// Trials are counted three ways: within, outside, undecided.

#include "chance/binomial.hpp"
#include "claims.hpp"
#include "support/drawn.hpp"
#include "support/inline_instance.hpp"

using namespace assay;

TEST_CASE("undecided trials make neither limit false") {
  const Interval alpha = Interval::ratio(1, 1000, 64);
  const BinomialLimits open = clopper_pearson(Frequency{.within = 0, .outside = 0, .trials = 20}, alpha, 64);
  CHECK(open.lower.contains(0.0));
  CHECK(open.upper.contains(1.0));
  const BinomialLimits some = clopper_pearson(Frequency{.within = 5, .outside = 3, .trials = 20}, alpha, 64);
  CHECK(overlap(some.lower, clopper_pearson(5, 20, alpha, 64).lower));
  CHECK(overlap(some.upper, clopper_pearson(17, 20, alpha, 64).upper));
}

TEST_CASE("a frequency of trials that double cannot decide agrees with the bound") {
  Hyperparameters hyper;
  hyper.trials = 20;
  std::vector<Setting> settings;
  settings.emplace_back(drawn_instance(3, 3, 2, 64, 7), hyper, Constants(), 1);
  settings.emplace_back(with_drawn_weights("1", "0.5", 8, 6.5), hyper, Constants(), 1);
  settings.emplace_back(with_drawn_weights("0", "0.5", 8, 1), hyper, Constants(), 1);
  settings.emplace_back(with_drawn_weights("1e-160", "0.5", 8, 1), hyper, Constants(), 1);
  for (const Setting& setting : settings) {
    const Finding finding = found("infinite_width", setting);
    CHECK(claim_of(finding, "frequency_agrees").verdict == Verdict::holds);
    CHECK(contains(quantity_of(finding, "within_probability"), 1));
  }
}
