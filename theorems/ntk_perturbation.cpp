#include "network/message.hpp"
#include "setting/hypotheses.hpp"
#include "setting/setting.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

Interval paper_bound(const Setting& setting, Level level) {
  return setting.closed_forms(level).perturbation_bound();
}

Interval change_f(const Setting& setting, Level level) {
  return setting.bad_change_f(level);
}

/// sup over the ball of |H(W~) - H(W)|_F: below by the explicit W~, above by D1.
Interval supremum_f(const Setting& setting, Level level) {
  return hull(setting.bad_change_f(level).lower(), setting.ball_change_f(level).upper());
}

/// The same for the spectral norm.
Interval supremum_2(const Setting& setting, Level level) {
  return hull(setting.bad_change_2(level).lower(), setting.ball_change_2(level).upper());
}

Interval largest_radius(const Setting& setting, Level level) {
  return setting.constants().at("e1.radius_max", level);
}

/// sup over R in (0, R_max) of sup over the ball of |H(W~) - H(W)|_F / R.
Interval supremum_slope(const Setting& setting, Level level) {
  const Interval above = setting.ball_slope_f(largest_radius(setting, level), level);
  return hull((change_f(setting, level) / setting.radius(level)).lower(), above.upper());
}

/// |H|_F <= m d |X X'|_F at every W, since (1/m) sum_r G^2 <= max q <= m: so the change is at most this.
Interval trivial_change(const Setting& setting, Level level) {
  return frobenius_norm(setting.gram(level)) * (setting.instance().m() * setting.instance().d()) +
         setting.kernel_norm(level);
}

const Statement radius_positive{.id = "radius_positive",
                                .text = "$R>0$",
                                .relation = Relation::greater,
                                .sides = [](const Setting& setting, Level level) {
                                  return Sides{setting.radius(level), Interval::from_integer(0, level), {}};
                                }};

const Statement radius_below_limit{.id = "radius_below_limit",
                                   .text = "$R<0.01$ (the constant e1.radius_max)",
                                   .relation = Relation::less,
                                   .sides = [](const Setting& setting, Level level) {
                                     return Sides{setting.radius(level), largest_radius(setting, level), {}};
                                   }};

const Statement w_tilde_in_ball{
    .id = "w_tilde_in_ball",
    .text = "$\\max_r\\lVert\\tilde w_r-w_r\\rVert_2\\le R$ for the explicit $\\tilde W$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{largest_displacement(setting.bad_weights(), setting.instance().w, level), setting.radius(level), {}};
    }};

const Statement bound_at_w_tilde{
    .id = "bound_at_w_tilde",
    .scope = Scope::instance,
    .text = "at an explicit bad $\\tilde W$ in the ball, $\\lVert H(\\tilde W)-H(W)\\rVert_F\\le R\\,nd\\,e^{10B}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{change_f(setting, level), paper_bound(setting, level), setting.bad_weights_file()};
        },
    .trivial_bound = trivial_change};

const Statement bound_over_ball_f{
    .id = "bound_over_ball_frobenius",
    .scope = Scope::ball,
    .text = "for every $\\tilde W$ in the ball, $\\lVert H(\\tilde W)-H(W)\\rVert_F\\le R\\,nd\\,e^{10B}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{supremum_f(setting, level), paper_bound(setting, level), setting.bad_weights_file()};
        },
    .trivial_bound = trivial_change};

const Statement bound_over_ball_2{
    .id = "bound_over_ball_spectral",
    .scope = Scope::ball,
    .text = "for every $\\tilde W$ in the ball, $\\lVert H(\\tilde W)-H(W)\\rVert_2\\le R\\,nd\\,e^{10B}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{supremum_2(setting, level), paper_bound(setting, level), setting.bad_weights_file()};
        },
    .trivial_bound = trivial_change};

const Statement bound_for_all_radii{
    .id = "bound_for_all_radii",
    .scope = Scope::ball,
    .text =
        "for every $R\\in(0,0.01)$ and every $\\tilde W$ in the ball of radius $R$, "
        "$\\lVert H(\\tilde W)-H(W)\\rVert_F/R\\le nd\\,e^{10B}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{supremum_slope(setting, level), paper_bound(setting, level) / setting.radius(level),
                       setting.bad_weights_file()};
        },
    .trivial_bound = [](const Setting& setting,
                        Bits level) { return trivial_change(setting, level) / largest_radius(setting, level); }};

const Statement half_of_what_is_attained{
    .id = "half_of_what_is_attained",
    .scope = Scope::ball,
    .text = "$\\lVert H(\\tilde W)-H(W)\\rVert_F$ stays below half of its value at the explicit $\\tilde W$",
    .sides = [](const Setting& setting, Level level) {
      return Sides{supremum_f(setting, level), change_f(setting, level) / 2, setting.bad_weights_file()};
    }};

const Statement quadratic_in_the_radius{
    .id = "quadratic_in_the_radius",
    .scope = Scope::ball,
    .text = "$\\lVert H(\\tilde W)-H(W)\\rVert_F\\le R^2\\,nd$ over the ball",
    .sides = [](const Setting& setting, Level level) {
      const Interval outputs = Interval::from_integer(setting.instance().n() * setting.instance().d(), level);
      return Sides{supremum_f(setting, level), sqr(setting.radius(level)) * outputs, setting.bad_weights_file()};
    }};

const Theorem ntk_perturbation{
    .title = "The kernel moves little when the weights move little",
    .source = {"2405.03251", "Lemma 5.1, softmax row (E1)", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball(), radius_positive, radius_below_limit, logits_at_most_b(), w_tilde_in_ball},
    .claims = {bound_at_w_tilde, bound_over_ball_f, bound_over_ball_2, bound_for_all_radii},
    .falsehoods = {half_of_what_is_attained, quadratic_in_the_radius},
    .quantities =
        {{"supremum_F",
          "$\\sup\\lVert H(\\tilde W)-H(W)\\rVert_F$ over the ball: lower end attained by an explicit $\\tilde W$, "
          "upper end proved for every $\\tilde W$",
          supremum_f, true},
         {"supremum_2", "the same for the spectral norm", supremum_2, true},
         {"paper_bound", "$R\\,nd\\,e^{10B}$", paper_bound},
         {"radius", "$R$", [](const Setting& setting, Level level) { return setting.radius(level); }},
         {"perturbation_F_at_w_tilde", "$\\lVert H(\\tilde W)-H(W)\\rVert_F$ at the explicit $\\tilde W$", change_f},
         {"supremum_F_per_radius", "$\\sup\\lVert H(\\tilde W)-H(W)\\rVert_F/R$ over all $R\\in(0,0.01)$",
          supremum_slope, true},
         {"trivial_bound",
          "$m\\,d\\,\\lVert XX^\\top\\rVert_F+\\lVert H\\rVert_F$, which holds at every $\\tilde W$ "
          "whatsoever; a larger bound is vacuous",
          trivial_change}},
    .comparisons = {{"Change of the kernel over the ball: proved, and bounded by the paper",
                     "Frobenius norm",
                     {"supremum_F", "trivial_bound", "paper_bound"}}},
    .remarks = {},
    .notes =
        [](const Setting& setting) {
          std::vector<std::string> notes;
          const Instance& instance = setting.instance();
          if (const auto file = setting.bad_weights_file())
            notes.push_back("The explicit $\\tilde W$ is in " + code_span(*file) +
                            ": `assay evaluate` on this instance with `--w-tilde` and that file encloses its values.");
          if (const auto degeneracy = certain_degeneracy(instance.x, instance.m(), instance.d()))
            notes.push_back(describe(*degeneracy) +
                            ": the perturbation bound is not affected, but no radius keeps "
                            "$\\lambda_{\\min}(H)$ above a positive number.");
          return notes;
        },
    .proved =
        "For every $\\tilde W$ in the ball, and for every radius below 0.01, the kernel moves by no more than "
        "the paper's bound; how much room is left is the slack.",
    .constants = {"e0.C", "e0.floor", "e1.exponent", "e1.multiplier", "e1.radius_max"}};

const Registered registered{ntk_perturbation};

}  // namespace
}  // namespace assay
