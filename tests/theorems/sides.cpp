// The sides of statements are the numbers that their texts name, put together here from the setting's own.

#include <doctest/doctest.h>

#include <cmath>

#include "descent/proof_on_setting.hpp"
#include "models/infinite_width.hpp"
#include "models/model.hpp"
#include "support/drawn.hpp"
#include "support/inline_instance.hpp"
#include "theorems/score_estimation/score.hpp"
#include "theorems/time_horizon/gradient_descent.hpp"
#include "theorems/width/training_width.hpp"
#include "theory/theorem.hpp"

using namespace assay;

namespace {

const Level kDeep(128);

const Statement& statement_of(const char* theorem, const std::string& id) {
  const Theorem& of = theorem_of(theorem);
  for (const auto* statements : {&of.hypotheses, &of.claims, &of.falsehoods})
    for (const Statement& statement : *statements)
      if (statement.id == id) return statement;
  throw std::logic_error("no statement " + id);
}

Sides sides_of(const char* theorem, const char* id, const Setting& setting) {
  return statement_of(theorem, id).sides(setting, kDeep);
}

double left(const char* theorem, const char* id, const Setting& setting) {
  return sides_of(theorem, id, setting).lhs.range().approx_double();
}

double right(const char* theorem, const char* id, const Setting& setting) {
  return sides_of(theorem, id, setting).rhs.range().approx_double();
}

Known quantity_of(const char* theorem, const std::string& name, const Setting& setting) {
  for (const Quantity& quantity : theorem_of(theorem).quantities)
    if (quantity.name == name) return quantity.value(setting, kDeep);
  throw std::logic_error("no quantity " + name);
}

/// Four neurons in two pairs; the first of two inputs is the longer one.
Setting small_setting(Hyperparameters hyper = {}) {
  return Setting(with_weights("1,0;0.3,0.4", "0.5;0.25", "0.3,-0.2;0.3,-0.2;-0.8,1.1;-0.8,1.1", "1;-1;1;-1"), hyper, {},
                 1);
}

/// B at C = 10, delta = 0.1 and sigma = 1.
double logit_bound(double samples) {
  return 10 * std::sqrt(std::log(samples / 0.1));
}

}  // namespace

TEST_CASE("hypotheses about inputs and logits") {
  const Setting setting = small_setting();
  CHECK(left("ntk_perturbation", "inputs_in_unit_ball", setting) == 1);
  CHECK(left("ntk_perturbation", "logits_at_most_B", setting) == 0.8);
  CHECK(right("ntk_perturbation", "logits_at_most_B", setting) == doctest::Approx(logit_bound(2)));
}

TEST_CASE("softmax weights are held against e^{2B} and e^{-2B}") {
  const Setting setting = small_setting();
  CHECK(std::log(right("basic_event", "q_at_most_exp_2B", setting)) == doctest::Approx(2 * logit_bound(2)));
  CHECK(std::log(right("basic_event", "q_at_least_exp_minus_2B", setting)) == doctest::Approx(-2 * logit_bound(2)));
  // At the break width the probability of one row is delta; two weight vectors of the statement are one pair.
  const Setting one_row(drawn_instance(1, 2, 1, 64, 0.1), {}, {}, 1);
  const Interval width = quantity_of("basic_event", "m_break", one_row).range();
  const Interval bound = one_row.closed_forms(kDeep).logit_bound();
  CHECK(one_row.event_failure(bound, width / 2, 128).approx_double() == doctest::Approx(0.1));
}

TEST_CASE("proofs of convergence are those of their methods, with the user's step") {
  Hyperparameters hyper;
  hyper.eta = Decimal("2^-10");
  const Setting setting = small_setting(hyper);
  for (const Method method : {Method::ball, Method::tube, Method::two_phase})
    CHECK(convergence(setting, method).method == method);
  CHECK(descent_step(setting) == 0x1p-10);
  const double most = setting.lambda_max(kDeep).approx_double();
  CHECK(left("convergence_certificate", "step_within_limit", setting) == doctest::Approx(0x1p-10 * 4 * most));
}

TEST_CASE("the convex region is about half of lambda, and the gradient about m times that") {
  const Setting setting = small_setting();
  const double lambda = setting.lambda_min(kDeep).approx_double();
  REQUIRE(lambda > 0);
  CHECK(right("convex_region", "half_kept_in_paper_ball", setting) == doctest::Approx(lambda / 2));
  CHECK(right("convex_region", "polyak_lojasiewicz_in_paper_ball", setting) == doctest::Approx(4 * lambda));
  CHECK(left("convex_region", "polyak_lojasiewicz_in_paper_ball", setting) ==
        doctest::Approx(8 * left("convex_region", "half_kept_in_paper_ball", setting)));
}

TEST_CASE("the perturbation bound at a radius, at all radii, and against what holds anyway") {
  Setting setting = small_setting();
  const double gram = frobenius_norm(setting.gram(128)).approx_double();
  const auto trivial = statement_of("ntk_perturbation", "bound_at_w_tilde").trivial_bound(setting, kDeep);
  CHECK(trivial.approx_double() == doctest::Approx(4 * gram + setting.kernel_norm(kDeep).approx_double()));
  const double radius = setting.radius(128).approx_double();
  CHECK(right("ntk_perturbation", "bound_for_all_radii", setting) * radius ==
        doctest::Approx(right("ntk_perturbation", "bound_at_w_tilde", setting)));
  // A network outside of the ball is no lower bound of the supremum over it.
  CHECK(quantity_of("ntk_perturbation", "supremum_F", setting).range().lower_double() > 0);
  setting.use_w_tilde(setting.instance().w.array() + 1, "far");
  CHECK(quantity_of("ntk_perturbation", "supremum_F", setting).range().lower_double() == 0);
}

TEST_CASE("the comparison looks at bad networks at the rim of the ball, and at the width of its table") {
  const Setting setting(drawn_instance(3, 3, 1, 64, 0.5), {}, {}, 1);
  const double radius = setting.radius(128).approx_double();
  const double moved = left("activation_comparison", "w_tilde_in_ball", setting);
  CHECK(moved > 0.9 * radius);
  CHECK(moved <= radius);
  const double lambda = setting.lambda_min(kDeep).approx_double(), b = 0.5 * logit_bound(3);
  CHECK(log(quantity_of("activation_comparison", "table_width_softmax", setting).range()).approx_double() ==
        doctest::Approx(2 * std::log(3 / lambda) + 18 * b + 2 * std::log(std::log(3))));
  CHECK(quantity_of("activation_comparison", "true_exponent_softmax", setting).range().approx_double() ==
        doctest::Approx(2 + 18 * b / std::log(3)));
}

TEST_CASE("the distance from the limit kernel") {
  const Setting setting(drawn_instance(2, 2, 2, 2, 0.5), {}, {}, 1);
  // So narrow a network is bounded by what holds at all weights.
  const double always = 4 * frobenius_norm(setting.gram(128)).approx_double() +
                        std::sqrt(2) * frobenius_norm(limit_kernel_of(setting, softmax(), kDeep)).approx_double();
  CHECK(quantity_of("infinite_width", "distance_bound", setting).range().upper_double() == doctest::Approx(always));
  CHECK(decide(statement_of("infinite_width", "distance_bound_halves"), setting, {}).verdict == Verdict::holds);
  CHECK(decide(statement_of("infinite_width", "distance_bound_quarters"), setting, {}).verdict == Verdict::fails);
}

TEST_CASE("the error after the paper's horizon is that of the proved rate") {
  const Setting setting(drawn_instance(2, 2, 1, 64, 0.5), {}, {}, 1);
  const ClosedForms forms = limit_closed_forms(setting, kDeep);
  const auto& found = least_sufficient_width(setting, kDeep);
  REQUIRE(found);
  const Interval mu = sufficient_width(setting, kDeep).at(forms.width(), found->omega).mu.bound();
  const double exponent = (forms.step_size() * forms.width() * mu * forms.time_horizon()).approx_double();
  const Interval left_over = sides_of("width", "conclusion_of_theorem_4_2", setting).lhs.range().upper();
  CHECK(log(left_over).approx_double() ==
        doctest::Approx(std::log(setting.instance().y.squaredNorm()) - 2 * 0.99 * exponent));
}

TEST_CASE("the Lipschitz constant of the posterior mean is held against 1/h at the start") {
  const Setting setting(drawn_instance(2, 2, 1, 64), {}, {}, 1);
  const ScoreProblem problem = score_problem(setting);
  const double h = problem.process.h(problem.t0.at(128)).approx_double();
  CHECK(right("score_estimation", "posterior_mean_lipschitz", setting) == doctest::Approx(1 / h));
}

TEST_CASE("the terms of a step are held against the constants of the proof, at the step of the certificate") {
  const Setting setting = small_setting();
  CHECK(right("time_horizon", "C_1_bound", setting) == -1.6);
  for (const char* id : {"C_0_bound", "C_2_bound", "C_3_bound"}) CHECK(right("time_horizon", id, setting) == 0.1);
  const Setting wide(drawn_instance(2, 2, 1, 4096, 1), {}, {}, 1);
  REQUIRE(descent_step(wide) > 0);
  CHECK(step_of(wide) == descent_step(wide));
  // The first step is made even where no step is needed.
  Hyperparameters hyper;
  hyper.epsilon = Decimal("100");
  const Setting done = small_setting(hyper);
  CHECK(gradient_descent(done, kDeep).terms.empty());
  CHECK(first_step_of_descent(done, kDeep).terms.size() == 1);
}
