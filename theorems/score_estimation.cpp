#include <fmt/format.h>

#include <cmath>

#include "diffusion/embedding.hpp"
#include "diffusion/lipschitz.hpp"
#include "network/unit_ball.hpp"
#include "setting/hypotheses.hpp"
#include "setting/score.hpp"
#include "setting/score_charts.hpp"
#include "setting/score_population.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

Interval largest_norm(const RealMatrix& rows, Bits bits) {
  Interval largest = Interval::from_integer(0, bits);
  for (Index i = 0; i < rows.rows(); ++i) largest = max(largest, euclidean_norm(row_of(rows, i), bits));
  return largest;
}

Interval one(Bits bits) {
  return Interval::from_integer(1, bits);
}

const Statement embedded_in_unit_ball{
    .id = "embedded_inputs_in_unit_ball",
    .text = "Assumption 6.1: $\\max_i\\lVert u_i\\rVert_2\\le1$ for the embedded inputs $u_i$ of $(t_i,X_{t_i})$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      const ScoreStudy* study = score_study(setting);
      if (study == nullptr) return Sides{Interval::whole_line(level), one(level), {}};
      return Sides{
          max(largest_norm(study->training.inputs, level), largest_norm(study->test.inputs, level)), one(level), {}};
    }};

const Statement lambda_positive{
    .id = "lambda_positive",
    .text = "Assumption 6.2: $\\lambda=\\lambda_{\\min}(K_\\infty)>0$ at the training inputs",
    .relation = Relation::greater,
    .sides = [](const Setting& setting, Level level) {
      return Sides{score_lambda(setting, level), Interval::from_integer(0, level), {}};
    }};

const Statement g_bounded{.id = "g_bounded",
                          .text = "Assumption 6.3: $\\sup_{[t_0,T]}g$ is at most the constant e6.g",
                          .relation = Relation::less_equal,
                          .sides = [](const Setting& setting, Level level) {
                            const ScoreProblem problem = score_problem(setting);
                            return Sides{problem.process.sup_g(problem.t0.at(level), problem.t1.at(level)),
                                         setting.constants().at("e6.g", level),
                                         {}};
                          }};

Interval lipschitz_at_start(const Setting& setting, Level level) {
  const ScoreProblem problem = score_problem(setting);
  return PosteriorLipschitz(problem.law, problem.process, level.bits).at(problem.t0.at(level));
}

const Statement posterior_mean_lipschitz{
    .id = "posterior_mean_lipschitz",
    .text =
        "Assumption 6.4: $f_*(t,\\cdot)$ is Lipschitz with $\\beta_x\\le1/h(t_0)$ for every $t\\in[t_0,T]$ (the "
        "proved bound falls with $t$)",
    .sides = [](const Setting& setting, Level level) {
      const ScoreProblem problem = score_problem(setting);
      return Sides{lipschitz_at_start(setting, level), 1 / problem.process.h(problem.t0.at(level)), {}};
    }};

Interval rounding_allowed(Bits bits) {
  return Interval(0x1p-30, bits);
}

const Statement score_identity{
    .id = "score_identity",
    .text =
        "averaged over the test measure, $w\\lVert s_W-\\nabla\\log p_t\\rVert^2$ and $\\lVert f_W-f_*\\rVert^2$ "
        "differ by at most $2^{-30}$",
    .sides = [](const Setting& setting, Level level) {
      return Sides{score_errors(setting, level).identity_gap, rounding_allowed(level), {}};
    }};

const Statement four_sources{
    .id = "four_sources",
    .text = "total $\\le4$ (coupling + label mismatch + early stopping + approximation), on the test measure",
    .sides = [](const Setting& setting, Level level) {
      const ErrorSplit& split = score_errors(setting, level).network;
      return Sides{split.total, split.bound(), {}};
    }};

const Statement score_bound_holds{
    .id = "score_bound",
    .scope = Scope::asymptotic,
    .text =
        "total $\\le c\\,(\\frac1{\\lambda\\sqrt n}+\\varepsilon+dA^2+dA+\\sqrt{dA\\,\\Gamma_\\delta}+"
        "\\Gamma_\\delta)$ with $c$ the constant e6.multiplier: a measurement, since any larger $c$ would do",
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{score_errors(setting, level).network.total, score_bound(setting, level).total, {}};
        },
    .trivial_bound = [](const Setting& setting, Level level) { return score_errors(setting, level).constant; }};

const Statement wrong_sign{.id = "wrong_sign_of_x",
                           .text = "the identity with $s_W=(\\alpha f_W+x)/h$",
                           .sides = [](const Setting& setting, Level level) {
                             return Sides{score_errors(setting, level).wrong_sign_gap, rounding_allowed(level), {}};
                           }};

const Statement without_label_term{
    .id = "without_label_term",
    .text =
        "the error of the kernel interpolant of noisy labels is at most $4$ (early stopping + approximation), "
        "without its label term",
    .sides = [](const Setting& setting, Level level) {
      const ErrorSplit& split = score_errors(setting, level).interpolant;
      return Sides{split.total, 4 * (split.early_stopping + split.approximation), {}};
    }};

const Statement unclipped{.id = "unclipped_inputs_in_unit_ball",
                          .text = "$\\lVert(t_j,X_{t_j})\\rVert_2\\le1$ on the test measure, without any embedding",
                          .sides = [](const Setting& setting, Level level) {
                            const ScoreStudy* study = score_study(setting);
                            if (study == nullptr) return Sides{Interval::whole_line(level), one(level), {}};
                            RealMatrix raw(study->test.pairs.size(), setting.instance().d_in() + 1);
                            for (Index j = 0; j < raw.rows(); ++j) {
                              raw(j, 0) = study->test.pairs.times[static_cast<std::size_t>(j)];
                              raw.row(j).tail(raw.cols() - 1) = study->test.pairs.noised.row(j);
                            }
                            return Sides{largest_norm(raw, level), one(level), {}};
                          }};

Interval unclipped_probability(const Setting& setting, Level level) {
  const ScoreProblem problem = score_problem(setting);
  constexpr Index kCells = 16;
  return failure_probability(Embedding{}, problem.process, problem.law, problem.t0.at(level), problem.t1.at(level),
                             kCells);
}

/// A quantity that is known up to a certified distance, which no precision closes.
Quantity measured(const char* name, const char* meaning, Interval (*of)(const ScoreErrors&)) {
  return {name, meaning, [of](const Setting& setting, Level level) { return of(score_errors(setting, level)); }, true};
}

Quantity of_bound(const char* name, const char* meaning, Interval (*of)(const ScoreBound&)) {
  return {name, meaning, [of](const Setting& setting, Level level) { return of(score_bound(setting, level)); }, true};
}

const Theorem score_estimation{
    .title = "A network trained on noisy labels learns the score",
    .source = {"2405.03251", "Theorem 6.6 (E6); four sources of error after 2401.15604", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball(), embedded_in_unit_ball, lambda_positive, g_bounded, posterior_mean_lipschitz},
    .claims = {score_identity, four_sources, score_bound_holds},
    .falsehoods = {wrong_sign, without_label_term, unclipped},
    .quantities =
        {measured("total", "mean of $\\lVert f_W-f_*\\rVert^2$ over the test measure",
                  [](const ScoreErrors& e) { return e.network.total; }),
         measured("coupling", "of $\\lVert f_W-f^{H(0)}_{noisy}\\rVert^2$: network and kernel regression",
                  [](const ScoreErrors& e) { return e.network.coupling; }),
         measured("label_mismatch", "of $\\lVert f^{H(0)}_{noisy}-f^{H(0)}_{clean}\\rVert^2$",
                  [](const ScoreErrors& e) { return e.network.label_mismatch; }),
         measured("early_stopping", "of $\\lVert f^{H(0)}_{clean}-f_{\\mathcal H}\\rVert^2$",
                  [](const ScoreErrors& e) { return e.network.early_stopping; }),
         measured("approximation", "of $\\lVert f_{\\mathcal H}-f_*\\rVert^2$",
                  [](const ScoreErrors& e) { return e.network.approximation; }),
         measured("four_term_bound", "$4$ times the sum of the four",
                  [](const ScoreErrors& e) { return e.network.bound(); }),
         measured("constant_predictor", "error of the constant $E X_0$: the variance of $f_*$",
                  [](const ScoreErrors& e) { return e.constant; }),
         measured("limit_total", "error of kernel regression with $K_\\infty$, stopped early",
                  [](const ScoreErrors& e) { return e.limit_total; }),
         measured("interpolant_total", "error of the interpolant of the noisy labels with $K_\\infty$",
                  [](const ScoreErrors& e) { return e.interpolant.total; }),
         {"population_clipped",
          "$E\\lVert f_W-f_*\\rVert^2$ with $f_W$ clipped to the box of the data: an interval that contains it with "
          "probability $\\ge1-\\delta$ over 1024 fresh draws (empirical Bernstein)",
          [](const Setting& setting, Level level) { return score_population(setting, level).clipped; }, true},
         {"unclipped_failure_probability", "$P(\\lVert(t,X_t)\\rVert>1)$, $t$ uniform on $[t_0,T]$: no embedding",
          unclipped_probability, true},
         {"beta_x", "$\\beta_x(t_0)$, from both sides", lipschitz_at_start, true},
         {"lambda", "$\\lambda_{\\min}(K_\\infty)$ at the training inputs", score_lambda},
         {"R_H", "$R_{\\mathcal H}$: the larger of $\\lVert f_{\\mathcal H}\\rVert^2/d$ and $(e\\Lambda)^2$",
          [](const Setting& setting, Level level) {
            const ScoreStudy* study = score_study(setting);
            return study ? rkhs_radius(setting.constants(), *study, level) : Interval::whole_line(level);
          },
          true},
         of_bound("A", "$A$", [](const ScoreBound& b) { return b.a; }),
         of_bound("Gamma_delta", "$\\Gamma_\\delta$", [](const ScoreBound& b) { return b.gamma; }),
         of_bound("paper_bound", "right side of Theorem 6.6", [](const ScoreBound& b) { return b.total; }),
         {"multiplier", "the $c$ that would make the bound equal to the total",
          [](const Setting& setting, Level level) {
            return setting.constants().at("e6.multiplier", level) * score_errors(setting, level).network.total /
                   score_bound(setting, level).total;
          },
          true}},
    .remarks = {},
    .notes = score_notes,
    .charts = score_charts,
    .proved = "The learned score errs on the test measure by no more than four times the sum of its four sources.",
    .constants = {"e6.t0", "e6.T", "e6.g", "e6.multiplier", "e6.c_Lambda", "e6.c_1"}};

const Registered registered{score_estimation};

}  // namespace
}  // namespace assay
