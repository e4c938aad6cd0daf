#include "theory/theorem.hpp"
#include "data/message.hpp"
#include "network/search/adversary.hpp"
#include "setting/hypotheses.hpp"
#include "setting/setting.hpp"

namespace assay {
namespace {

Interval paper_bound(const Setting& setting, Level level) {
  return setting.closed_forms(level).change_bound();
}

Interval change_f(const Setting& setting, Level level) {
  return setting.worst_change_f(level);
}

Interval displacement(const Setting& setting, Level level) {
  return largest_displacement(setting.worst_weights(), setting.instance().w, level.bits);
}

/// What the explicit W~ attains bounds the supremum over the ball only if W~ is in the ball; 0 does in any case.
AtLeast attained(const Setting& setting, const Interval& value, Level level) {
  const bool inside = certainly_less_equal(displacement(setting, level), setting.radius(level.bits));
  return inside ? AtLeast(value) : AtLeast(Interval::from_integer(0, level.bits));
}

/// sup over the ball of |H(W~) - H(W)|_F: below by the explicit W~, above by kernel_change.
Known supremum_f(const Setting& setting, Level level) {
  return Known::between(attained(setting, change_f(setting, level), level), setting.ball_change_f(level));
}

/// The same for the spectral norm.
Known supremum_2(const Setting& setting, Level level) {
  return Known::between(attained(setting, setting.worst_change_2(level), level), setting.ball_change_2(level));
}

Interval largest_radius(const Setting& setting, Level level) {
  return setting.constants().at("e1.radius_max", level.bits);
}

/// sup over R in (0, R_max) of sup over the ball of |H(W~) - H(W)|_F / R; the explicit W~ says something only if the
/// radius of its ball is one of these.
Known supremum_slope(const Setting& setting, Level level) {
  const Interval radius = setting.radius(level.bits), limit = largest_radius(setting, level);
  const bool is_one = certainly_positive(radius) && certainly_less(radius, limit);
  const Interval slope = is_one ? change_f(setting, level) / radius : Interval();
  return Known::between(attained(setting, slope, level), setting.ball_slope_f(limit, level));
}

/// |H|_F <= m d |X X'|_F at every W, since (1/m) sum_r G^2 <= max q <= m: so the change is at most this.
Interval trivial_change(const Setting& setting, Level level) {
  return frobenius_norm(setting.gram(level.bits)) * (setting.instance().m() * setting.instance().d()) +
         setting.kernel_norm(level);
}

const Statement radius_positive{.id = "radius_positive",
                                .text = "$R>0$",
                                .relation = Relation::greater,
                                .sides = [](const Setting& setting, Level level) {
                                  return Sides{setting.radius(level.bits), Interval::from_integer(0, level.bits), {}};
                                }};

const Statement radius_below_limit{.id = "radius_below_limit",
                                   .text = "$R<0.01$ (the constant e1.radius_max)",
                                   .relation = Relation::less,
                                   .sides = [](const Setting& setting, Level level) {
                                     return Sides{setting.radius(level.bits), largest_radius(setting, level), {}};
                                   }};

const Statement w_tilde_in_ball{.id = "w_tilde_in_ball",
                                .text = "$\\max_r\\lVert\\tilde w_r-w_r\\rVert_2\\le R$ for the explicit $\\tilde W$",
                                .relation = Relation::less_equal,
                                .sides = [](const Setting& setting, Level level) {
                                  return Sides{displacement(setting, level), setting.radius(level.bits), {}};
                                }};

const Statement bound_at_w_tilde{
    .id = "bound_at_w_tilde",
    .scope = Scope::instance,
    .text = "at an explicit bad $\\tilde W$ in the ball, $\\lVert H(\\tilde W)-H(W)\\rVert_F\\le R\\,nd\\,e^{10B}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{change_f(setting, level), paper_bound(setting, level), setting.worst_weights_file()};
        },
    .trivial_bound = trivial_change,
    .paper = "Lemma 5.1, softmax, at one $\\tilde W$"};

const Statement bound_over_ball_f{
    .id = "bound_over_ball_frobenius",
    .scope = Scope::ball,
    .text = "for every $\\tilde W$ in the ball, $\\lVert H(\\tilde W)-H(W)\\rVert_F\\le R\\,nd\\,e^{10B}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{supremum_f(setting, level), paper_bound(setting, level), setting.worst_weights_file()};
        },
    .trivial_bound = trivial_change,
    .paper = "Lemma 5.1, softmax",
    .question = "Is Lemma 5.1 true here, and is it tight?"};

const Statement bound_over_ball_2{
    .id = "bound_over_ball_spectral",
    .scope = Scope::ball,
    .text = "for every $\\tilde W$ in the ball, $\\lVert H(\\tilde W)-H(W)\\rVert_2\\le R\\,nd\\,e^{10B}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{supremum_2(setting, level), paper_bound(setting, level), setting.worst_weights_file()};
        },
    .trivial_bound = trivial_change,
    .paper = "Lemma 5.1, softmax, spectral norm"};

const Statement bound_for_all_radii{
    .id = "bound_for_all_radii",
    .scope = Scope::ball,
    .text =
        "for every $R\\in(0,0.01)$ and every $\\tilde W$ in the ball of radius $R$, "
        "$\\lVert H(\\tilde W)-H(W)\\rVert_F/R\\le nd\\,e^{10B}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const Interval radius = setting.radius(level.bits);
          if (!certainly_positive(radius)) return Sides{supremum_slope(setting, level), Known::undefined("$R=0$"), {}};
          return Sides{supremum_slope(setting, level), paper_bound(setting, level) / radius,
                       setting.worst_weights_file()};
        },
    .trivial_bound = [](const Setting& setting,
                        Level level) { return trivial_change(setting, level) / largest_radius(setting, level); },
    .paper = "Lemma 5.1, softmax, every radius"};

const Statement half_of_what_is_attained{
    .id = "half_of_what_is_attained",
    .scope = Scope::ball,
    .text = "$\\lVert H(\\tilde W)-H(W)\\rVert_F$ stays below half of its value at the explicit $\\tilde W$",
    .sides = [](const Setting& setting, Level level) {
      return Sides{supremum_f(setting, level), change_f(setting, level) / 2, setting.worst_weights_file()};
    }};

const Statement quadratic_in_the_radius{
    .id = "quadratic_in_the_radius",
    .scope = Scope::ball,
    .text = "$\\lVert H(\\tilde W)-H(W)\\rVert_F\\le R^2\\,nd$ over the ball",
    .sides = [](const Setting& setting, Level level) {
      const Interval outputs = Interval::from_integer(setting.instance().n() * setting.instance().d(), level.bits);
      return Sides{supremum_f(setting, level), sqr(setting.radius(level.bits)) * outputs, setting.worst_weights_file()};
    }};

const Theorem ntk_perturbation{
    .title = "The kernel moves little when the weights move little",
    .source = {"2405.03251", "Lemma 5.1, softmax row", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball(), radius_positive, radius_below_limit, logits_at_most_b(), w_tilde_in_ball},
    .claims = {bound_at_w_tilde, bound_over_ball_f, bound_over_ball_2, bound_for_all_radii},
    .falsehoods = {half_of_what_is_attained, quadratic_in_the_radius},
    .quantities =
        {{"supremum_F",
          "$\\sup\\lVert H(\\tilde W)-H(W)\\rVert_F$ over the ball: lower end attained by an explicit $\\tilde W$, "
          "upper end for every $\\tilde W$ in the ball",
          supremum_f, true},
         {"supremum_2", "the same for the spectral norm", supremum_2, true},
         {"paper_bound", "$R\\,nd\\,e^{10B}$", paper_bound},
         {"radius", "$R$", [](const Setting& setting, Level level) { return setting.radius(level.bits); }},
         {"perturbation_F_at_w_tilde", "$\\lVert H(\\tilde W)-H(W)\\rVert_F$ at the explicit $\\tilde W$", change_f},
         {"supremum_F_per_radius", "$\\sup\\lVert H(\\tilde W)-H(W)\\rVert_F/R$ over all $R\\in(0,0.01)$",
          supremum_slope, true},
         {"trivial_bound",
          "$m\\,d\\,\\lVert XX^\\top\\rVert_F+\\lVert H\\rVert_F$, which holds at every $\\tilde W$ "
          "whatsoever; a larger bound is vacuous",
          trivial_change}},
    .comparisons = {{"Change of the kernel over the ball, and the paper's bound",
                     "Frobenius norm",
                     {{"supremum_F", "largest change, enclosed"},
                      {"trivial_bound", "known without the lemma"},
                      {"paper_bound", "bound of Lemma 5.1"}}}},
    .remarks = {},
    .notes =
        [](const Checked& checked) {
          std::vector<Sentence> notes;
          if (const auto file = checked.setting.worst_weights_file())
            notes.push_back(Sentence::plain(
                "The explicit $\\tilde W$ is in " + code_span(*file) +
                ": `assay evaluate` on this instance with `--w-tilde` and that file encloses its values."));
          if (const auto& degeneracy = checked.setting.degeneracy())
            notes.push_back(Sentence::plain(describe(*degeneracy) +
                                            ": the perturbation bound is not affected, but no radius keeps "
                                            "$\\lambda_{\\min}(H)$ above a positive number."));
          return notes;
        },
    .proved =
        "For every $\\tilde W$ in the ball, and for every radius below 0.01, the kernel moves by no more than "
        "the paper's bound; how much room is left is the slack.",
    .constants = {"e0.C", "e0.floor", "e1.exponent", "e1.multiplier", "e1.radius_max"},
    .explicit_networks = true};

const Registered registered{ntk_perturbation};

}  // namespace
}  // namespace assay
