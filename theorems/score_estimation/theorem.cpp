#include <fmt/format.h>

#include <cmath>

#include "data/unit_ball.hpp"
#include "diffusion/embedding.hpp"
#include "diffusion/lipschitz.hpp"
#include "enclosure/row.hpp"
#include "setting/hypotheses.hpp"
#include "theorems/score_estimation/score.hpp"
#include "theorems/score_estimation/score_charts.hpp"
#include "theorems/score_estimation/score_population.hpp"
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
    .text = "$\\max_i\\lVert u_i\\rVert_2\\le1$ for the embedded inputs $u_i$ of $(t_i,X_{t_i})$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const ScoreStudy* study = score_study(setting);
          if (study == nullptr) return Sides{Interval::whole_line(level.bits), one(level.bits), {}};
          return Sides{
              max(largest_norm(study->training.inputs, level.bits), largest_norm(study->test.inputs, level.bits)),
              one(level.bits),
              {}};
        },
    .paper = "Assumption 6.1, embedded inputs"};

const Statement lambda_positive{
    .id = "lambda_positive",
    .text = "$\\lambda=\\lambda_{\\min}(K_\\infty)>0$ at the training inputs",
    .relation = Relation::greater,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{score_lambda(setting, level), Interval::from_integer(0, level.bits), {}};
        },
    .paper = "Assumption 6.2"};

const Statement g_bounded{.id = "g_bounded",
                          .text = "$\\sup_{[t_0,T]}g$ is at most the constant that bounds $g$",
                          .relation = Relation::less_equal,
                          .sides =
                              [](const Setting& setting, Level level) {
                                const ScoreProblem problem = score_problem(setting);
                                return Sides{
                                    problem.process.sup_g(problem.t0.at(level.bits), problem.t1.at(level.bits)),
                                    setting.constants().at("e6.g", level.bits),
                                    {}};
                              },
                          .paper = "Assumption 6.3"};

Interval lipschitz_at_start(const Setting& setting, Level level) {
  const ScoreProblem problem = score_problem(setting);
  return PosteriorLipschitz(problem.law, problem.process, level.bits).at(problem.t0.at(level.bits));
}

const Statement posterior_mean_lipschitz{
    .id = "posterior_mean_lipschitz",
    .text =
        "$f_*(t,\\cdot)$ is Lipschitz with $\\beta_x\\le1/h(t_0)$ for every $t\\in[t_0,T]$ (the "
        "proved bound falls with $t$)",
    .sides =
        [](const Setting& setting, Level level) {
          const ScoreProblem problem = score_problem(setting);
          return Sides{lipschitz_at_start(setting, level), 1 / problem.process.h(problem.t0.at(level.bits)), {}};
        },
    .paper = "Assumption 6.4, on $[t_0,T]$"};

/// Why Theorem 6.6 says nothing about this network, if its width is certainly not enough.
std::optional<std::string> too_narrow(const Setting& setting, Level level) {
  const Index width = score_options(setting).width;
  const Interval asked = score_width(setting, level);
  if (!certainly_less(Interval::from_integer(width, level.bits), asked)) return std::nullopt;
  return fmt::format("the theorem asks for a width above $10^{{{:.0f}}}$, and this network has {}",
                     std::floor(log10(asked).lower_double()), width);
}

Interval confident_error(const Setting& setting, Level level) {
  return score_population(setting, level).clipped_at_999;
}

const Statement bound_of_theorem{
    .id = "theorem_6_6",
    .scope = Scope::probability,
    .text =
        "the bound of Theorem 6.6, with the multiplier 1, holds on the embedded inputs for the trained network clipped to "
        "the box of the data, with confidence 99.9% (empirical Bernstein over 1024 fresh draws): "
        "$E\\lVert f_W-f_*\\rVert^2$ over $t\\in[t_0,T]$ is at most its right side",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          if (const auto why = too_narrow(setting, level)) return Sides{Known::undefined(*why), Known()};
          return Sides{confident_error(setting, level), score_bound(setting, level).total};
        },
    .trivial_bound = [](const Setting& setting,
                        Level level) { return score_population(setting, level).diameter_squared; },
    .paper = "Theorem 6.6",
    .brief =
        "the error $E\\lVert f_W-f_*\\rVert^2$ of the trained network is at most the right side, the multiplier 1 (with "
        "confidence 99.9%)"};

const Statement error_above_everything{
    .id = "error_above_everything",
    .scope = Scope::probability,
    .text = "$E\\lVert f_W-f_*\\rVert^2$, clipped, exceeds the squared diameter of the box of the data",
    .relation = Relation::greater,
    .sides = [](const Setting& setting, Level level) {
      return Sides{confident_error(setting, level), score_population(setting, level).diameter_squared};
    }};

const Statement stopping_early_pays{
    .id = "stopping_early_pays",
    .text =
        "on the test measure, kernel regression with $K_\\infty$ on the noisy labels errs less when it is stopped "
        "early than when it is run on (until only eigenvalues below $10^{-15}$ of the largest are left)",
    .relation = Relation::less,
    .sides =
        [](const Setting& setting, Level level) {
          const ScoreErrors& errors = score_errors(setting, level);
          return Sides{errors.limit_total, errors.unstopped.total};
        },
    .brief = "kernel regression on the noisy labels errs less when it is stopped early than when it is run on"};

/// P(|(t / T, X_t)| > 1), t uniform on [t_0, T].
Interval unclipped_probability(const Setting& setting, Level level) {
  const ScoreProblem problem = score_problem(setting);
  constexpr Index kCells = 16;
  const Interval last = problem.t1.at(level.bits);
  return failure_probability(Embedding{}, problem.process, problem.law, problem.t0.at(level.bits), last, kCells, last);
}

const Statement pairs_leave_the_ball{
    .id = "pairs_leave_the_unit_ball",
    .scope = Scope::probability,
    .text =
        "Assumption 6.1 does not hold for the pairs themselves, without an embedding: "
        "$P(\\lVert(t/T,X_t)\\rVert_2>1)>0$, $t$ uniform on $[t_0,T]$",
    .relation = Relation::greater,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{unclipped_probability(setting, level), Interval::from_integer(0, level.bits)};
        },
    .brief =
        "Assumption 6.1 does not hold for the pairs $(t/T,X_t)$ themselves: they leave the unit ball with this probability"};

const Statement pairs_stay_in_the_ball{
    .id = "pairs_stay_in_the_unit_ball",
    .scope = Scope::probability,
    .text = "$P(\\lVert(t/T,X_t)\\rVert_2>1)\\le0$, without any embedding",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{unclipped_probability(setting, level), Interval::from_integer(0, level.bits)};
    }};

/// beta_x(t) t for every t <= t_0, from below.
Known blow_up(const Setting& setting, Level level) {
  const ScoreProblem problem = score_problem(setting);
  const auto c = PosteriorLipschitz(problem.law, problem.process, level.bits).blow_up(problem.t0.at(level.bits));
  return c ? Known(AtLeast(*c)) : Known::undefined("the data are one point, whose posterior mean is constant");
}

const Statement no_constant_for_all_times{
    .id = "lipschitz_constant_blows_up",
    .text =
        "Assumption 6.4 cannot hold on all of $(0,T]$: $\\inf_{t\\le t_0}t\\,\\beta_x(t)>0$, so that $\\beta_x$ grows "
        "beyond every bound as $t\\to0$",
    .relation = Relation::greater,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{blow_up(setting, level), Interval::from_integer(0, level.bits)};
        },
    .brief = "Assumption 6.4 cannot hold on all of $(0,T]$: $\\beta_x$ grows beyond every bound as $t\\to0$"};

const Statement constant_for_all_times{
    .id = "lipschitz_constant_for_all_times",
    .text = "$\\inf_{t\\le t_0}t\\,\\beta_x(t)\\le0$: one constant would do for all times",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{blow_up(setting, level), Interval::from_integer(0, level.bits)};
    }};

const Statement wrong_sign{
    .id = "wrong_sign_of_x",
    .text =
        "$w\\lVert s_W-\\nabla\\log p_t\\rVert^2=\\lVert f_W-f_*\\rVert^2$ with $s_W=(\\alpha f_W+x)/h$, to $2^{-30}$",
    .sides = [](const Setting& setting, Level level) {
      return Sides{score_errors(setting, level).wrong_sign_gap, Interval(0x1p-30, level.bits)};
    }};

const Statement half_the_lipschitz_constant{.id = "half_the_lipschitz_constant",
                                            .text = "$\\beta_x(t_0)$ is at most half of what is attained",
                                            .sides = [](const Setting& setting, Level level) {
                                              const Interval beta = lipschitz_at_start(setting, level);
                                              return Sides{beta, beta.lower() / 2};
                                            }};

const Statement without_label_term{
    .id = "without_label_term",
    .text =
        "the error of kernel regression that is run on with noisy labels is at most $4$ (early stopping + "
        "approximation), without its label term",
    .sides = [](const Setting& setting, Level level) {
      const ErrorSplit& split = score_errors(setting, level).unstopped;
      return Sides{split.total, 4 * (split.early_stopping + split.approximation), {}};
    }};

/// Largest |(t_j / T, X_{t_j})| on the test measure.
Known largest_raw_norm(const Setting& setting, Level level) {
  const ScoreStudy* study = score_study(setting);
  if (study == nullptr) return {};
  const Interval last = study->problem.t1.at(level.bits);
  Interval largest;
  for (Index j = 0; j < study->test.pairs.size(); ++j) {
    IntervalVector pair = exact_point(row_of(study->test.pairs.noised, j), level.bits);
    pair.push_back(Interval(study->test.pairs.times[static_cast<std::size_t>(j)], level.bits) / last);
    largest = max(largest, euclidean_norm(pair));
  }
  return largest;
}

const Statement unclipped{.id = "unclipped_inputs_in_unit_ball",
                          .text = "$\\lVert(t_j/T,X_{t_j})\\rVert_2\\le1$ on the test measure, without any embedding",
                          .sides = [](const Setting& setting, Level level) {
                            return Sides{largest_raw_norm(setting, level), one(level.bits)};
                          }};

/// A quantity that is known up to a distance which no precision closes.
Quantity measured(const char* name, const char* meaning, Interval (*of)(const ScoreErrors&)) {
  return {name, meaning, [of](const Setting& setting, Level level) { return of(score_errors(setting, level)); }, true};
}

Quantity of_bound(const char* name, const char* meaning, Known (*of)(const ScoreBound&)) {
  return {name, meaning, [of](const Setting& setting, Level level) { return of(score_bound(setting, level)); }, true};
}

/// The c with which the right side of Theorem 6.6 would equal the total: a measurement, since any larger c would do.
Known least_multiplier(const Setting& setting, Level level) {
  const Interval multiplier = setting.constants().at("e6.multiplier", level.bits);
  const Known bound = score_bound(setting, level).total;
  if (!bound.is_defined()) return bound;
  return multiplier * score_errors(setting, level).network.total / bound.range();
}

const Theorem score_estimation{
    .title = "A network trained on noisy labels learns the score",
    .source = {"2405.03251", "Theorem 6.6; four sources of error after 2401.15604", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball(), embedded_in_unit_ball, lambda_positive, g_bounded},
    .claims = {posterior_mean_lipschitz, stopping_early_pays, bound_of_theorem, pairs_leave_the_ball,
               no_constant_for_all_times},
    .falsehoods = {wrong_sign, without_label_term, unclipped, half_the_lipschitz_constant, error_above_everything,
                   pairs_stay_in_the_ball, constant_for_all_times},
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
         measured("unstopped_total",
                  "error of kernel regression with $K_\\infty$ run on until only eigenvalues below $10^{-15}$ of the "
                  "largest are left",
                  [](const ScoreErrors& e) { return e.unstopped.total; }),
         {"population_clipped",
          "$E\\lVert f_W-f_*\\rVert^2$ with $f_W$ clipped to the box of the data: an interval that contains it with "
          "probability $\\ge1-\\delta$ over 1024 fresh draws (empirical Bernstein)",
          [](const Setting& setting, Level level) { return score_population(setting, level).clipped; }, true},
         {"unclipped_failure_probability", "$P(\\lVert(t/T,X_t)\\rVert>1)$, $t$ uniform on $[t_0,T]$: no embedding",
          unclipped_probability, true},
         {"beta_x", "$\\beta_x(t_0)$, from both sides", lipschitz_at_start, true},
         {"beta_x_times_t", "$\\inf_{t\\le t_0}t\\,\\beta_x(t)$", blow_up},
         {"lambda", "$\\lambda_{\\min}(K_\\infty)$ at the training inputs", score_lambda},
         {"R_H", "$R_{\\mathcal H}$: the larger of $\\lVert f_{\\mathcal H}\\rVert^2/d$ and $(e\\Lambda)^2$",
          [](const Setting& setting, Level level) {
            const ScoreStudy* study = score_study(setting);
            return study ? rkhs_radius(setting.constants(), *study, level.bits) : Interval::whole_line(level.bits);
          },
          true},
         of_bound("A", "$A$", [](const ScoreBound& b) -> Known { return b.a; }),
         of_bound("Gamma_delta", "$\\Gamma_\\delta$", [](const ScoreBound& b) { return b.gamma; }),
         of_bound("paper_bound", "right side of Theorem 6.6, with $\\lambda_{\\min}(K_\\infty)$ for its $\\lambda$",
                  [](const ScoreBound& b) { return b.total; }),
         {"multiplier", "the $c$ that would make the bound equal to the total: a measurement, any larger $c$ would do",
          least_multiplier, true}},
    .notes = score_notes,
    .charts = score_charts,
    .proved =
        "The posterior mean is Lipschitz in $x$ on the times that are used, and on the test measure stopping early "
        "pays.",
    .constants = {"e6.t0", "e6.T", "e6.g", "e6.multiplier", "e6.c_Lambda", "e6.c_1", "e6.width_multiplier",
                  "e6.width_exponent"}};

const Registered registered{score_estimation};

}  // namespace
}  // namespace assay
