// A model is one file: this one adds the linear network, phi(z) = z, to the program of this test, and the theorems that
// compare models speak of it.

#include <doctest/doctest.h>

#include <algorithm>

#include "enclosure/exact_rank.hpp"
#include "models/over_balls.hpp"
#include "support/drawn.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

/// H = XX' at all weights.
class Linear : public ScalarModel {
 public:
  Linear() : ScalarModel(4, "linear", "linear") {}

  IntervalMatrix limit_kernel(const IntervalMatrix& gram, const Interval&) const override { return gram; }
  std::optional<LimitDegeneracy> limit_degeneracy(const RealMatrix& x) const override {
    if (exact_rank(x) == x.rows()) return std::nullopt;
    return LimitDegeneracy{"the rows of X are linearly dependent"};
  }
  std::string condition() const override { return "the rows are linearly independent"; }

  std::optional<IntervalMatrix> kernel_at(const Setting& setting, const RealMatrix&, Level level) const override {
    return setting.gram(level.bits);
  }
  bool is_certainly_singular(const Setting& setting) const override {
    return limit_degeneracy(setting.instance().x).has_value();
  }
  AtMost change_over_ball(const Setting&, const Interval&, Level level) const override {
    return AtMost(Interval::from_integer(0, level.bits));
  }
  AtLeast lambda_min_over_ball(const Setting& setting, const Interval&, Level level) const override {
    return AtLeast(kernel_lambda_min(setting, *this, level));
  }

  RealMatrix approx_worst_weights(const Instance& instance, const Interval&) const override { return instance.w; }
  RealMatrix approx_lowering_weights(const Instance& instance, const Interval&) const override { return instance.w; }
  double approx_lambda_min(const Instance&, const RealMatrix&) const override { return 1; }
};

const RegisteredModel registered{std::make_unique<Linear>()};

Setting setting_of(Index n) {
  return Setting(drawn_instance(n, 4, 1, 64, 1, 1), {}, {}, 1);
}

const Known& quantity(const Finding& finding, const std::string& name) {
  const auto found = std::find_if(finding.quantities.begin(), finding.quantities.end(),
                                  [&](const NamedQuantity& one) { return one.name == name; });
  REQUIRE(found != finding.quantities.end());
  return found->value;
}

TEST_CASE("a model that a test registers is listed after those of the paper") {
  REQUIRE(models().size() == 5);
  CHECK(models().back()->name() == "linear");
  CHECK(&model_of("linear") == models().back());
  CHECK_THROWS_AS(model_of("tanh"), std::invalid_argument);
}

TEST_CASE("the comparison has its quantities, and no row of the paper for it") {
  const Setting setting = setting_of(3);
  const Finding finding = check(theorem_of("activation_comparison"), setting, setting.constants(), {});
  CHECK(finding.outcome == Outcome::pass);
  CHECK(quantity(finding, "supremum_F_linear").range().upper_double() == 0);
  CHECK(quantity(finding, "R_cert_linear").range().lower_double() >= 1);
  CHECK(quantity(finding, "paper_bound_linear").because() == "the paper has no row for linear");
  for (const Chart& chart : finding.charts) CHECK(chart.series.size() == 5);
}

TEST_CASE("whether its limit is singular is a claim") {
  const auto finding_for = [](Index n) {
    const Setting setting = setting_of(n);
    return check(theorem_of("infinite_width"), setting, setting.constants(), {});
  };
  const Finding few = finding_for(3), many = finding_for(5);
  CHECK(certainly_positive(quantity(few, "lambda_min_K_linear").range()));
  CHECK(quantity(many, "lambda_min_K_linear").range().is_point());
  for (const Finding& finding : {few, many})
    CHECK(std::any_of(finding.claims.begin(), finding.claims.end(), [](const Claim& claim) {
      return claim.id == "linear_positive_by_rows" && claim.verdict == Verdict::holds;
    }));
}

}  // namespace
}  // namespace assay
