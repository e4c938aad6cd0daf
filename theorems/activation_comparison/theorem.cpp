#include "theory/theorem.hpp"
#include "models/exponential.hpp"
#include "models/infinite_width.hpp"
#include "models/relu.hpp"
#include "network/search/adversary.hpp"
#include "setting/hypotheses.hpp"
#include "theorems/activation_comparison/activation_report.hpp"
#include "theorems/activation_comparison/rows.hpp"

namespace assay {
namespace {

/// "over the ball, |H(W~) - H(W)|_F <= bound".
Statement row(const Model& (*model)(), const char* id, const char* text, const char* paper) {
  return {.id = id,
          .scope = Scope::ball,
          .text = text,
          .relation = Relation::less_equal,
          .sides =
              [model](const Setting& setting, Level level) {
                return Sides{supremum_of_change(setting, model(), level), row_bound(setting, model(), level),
                             model().worst_weights_file(setting)};
              },
          .paper = paper};
}

const Statement softmax_row = row(&softmax, "softmax_row",
                                  "softmax: for every $\\tilde W$ in the ball, "
                                  "$\\lVert H(\\tilde W)-H(W)\\rVert_F\\le R\\,nd\\,e^{10B}$",
                                  "Lemma 5.1, row of softmax");
const Statement exp_row = row([]() -> const Model& { return exponential(); }, "exp_row",
                              "exp: for every $\\tilde W$ in the ball, "
                              "$\\lVert H(\\tilde W)-H(W)\\rVert_F\\le 3nR\\,e^{10B_1}$",
                              "Lemma 5.1, row of exp");
const Statement relu_row_as_printed =
    row([]() -> const Model& { return relu(); }, "relu_row_as_printed",
        "ReLU: for every $\\tilde W$ in the ball, $\\lVert H(\\tilde W)-H(W)\\rVert_F\\le 2nR$", "");

const Statement relu_row_in_probability_as_printed{
    .id = "relu_row_in_probability_as_printed",
    .scope = Scope::probability,
    .text =
        "ReLU, as printed: over the initialization at this width, "
        "$P(\\sup\\lVert H(\\tilde W)-H(W)\\rVert_F>2nR)\\le n^2e^{-mR/10}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const Interval one = Interval::from_integer(1, level.bits);
          return Sides{relu_row_failure(setting, one, level), relu_row_allowed_failure(setting, one, level), {}};
        },
    .trivial_bound = [](const Setting&, Level level) { return Interval::from_integer(1, level.bits); },
    .paper = "Lemma 5.1, row of ReLU"};

const Statement relu_row_by_flips{
    .id = "relu_row_by_flips",
    .scope = Scope::ball,
    .text =
        "ReLU: for every $\\tilde W$ in the ball, $\\lVert H(\\tilde W)-H(W)\\rVert_F\\le 2n\\hat\\varphi$, "
        "$\\hat\\varphi$ the largest fraction of the neurons that one sample can lose or gain, where a neuron counts "
        "unless that is excluded (so the row $2nR$ holds where $\\hat\\varphi\\le R$)",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const Interval twice_n = setting.constants().at("e1.relu_multiplier", level.bits) * setting.instance().n();
          const Interval flipping = counted_flipping_fraction(setting, level);
          const bool none = flipping.is_point() && flipping.contains_zero();
          return Sides{supremum_of_change(setting, relu(), level), twice_n * flipping,
                       relu().worst_weights_file(setting),
                       none ? "no neuron can flip: the kernel stays what it is" : ""};
        },
    .trivial_bound = [](const Setting& setting, Level level) { return frobenius_norm(setting.gram(level.bits)); },
    .brief =
        "ReLU: over the ball $\\lVert H(\\tilde W)-H(W)\\rVert_F\\le2n\\hat\\varphi$, $\\hat\\varphi$ the largest "
        "fraction of the neurons that one sample can lose or gain"};

const Statement relu_row_in_probability{
    .id = "relu_row_in_probability",
    .scope = Scope::probability,
    .text =
        "ReLU, with the scale of the initialization: over the initialization at this width, "
        "$P(\\sup\\lVert H(\\tilde W)-H(W)\\rVert_F>2nR/\\sigma)\\le n^2e^{-mR/(10\\sigma)}$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const Interval sigma = setting.sigma(level.bits);
          return Sides{relu_row_failure(setting, sigma, level), relu_row_allowed_failure(setting, sigma, level), {}};
        },
    .trivial_bound = [](const Setting&, Level level) { return Interval::from_integer(1, level.bits); }};

const Statement exp_region{
    .id = "exp_region",
    .scope = Scope::ball,
    .text =
        "exp: for every $\\tilde W$ with $\\lVert\\tilde w_r-w_r\\rVert\\le\\lambda/(6n\\,e^{10B_1})$, "
        "$\\lambda_{\\min}(H(\\tilde W))\\ge\\lambda/2$, $\\lambda=\\lambda_{\\min}(H(W))$",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      const Interval lambda = kernel_lambda_min(setting, exponential(), level);
      return Sides{
          least_lambda_min_over_ball(setting, exponential(), row_radius(setting, exponential(), level).upper(), level),
          lambda / 2,
          {}};
    }};

const Statement w_tilde_in_ball{
    .id = "w_tilde_in_ball",
    .text = "$\\max_r\\lVert\\tilde w_r-w_r\\rVert_2\\le R$ for the explicit $\\tilde W$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      Interval largest;
      for (const Model* model : models())
        largest = max(largest, largest_displacement(model->worst_weights(setting), setting.instance().w, level.bits));
      return Sides{largest, setting.radius(level.bits), {}};
    }};

const Statement radius_positive{.id = "radius_positive",
                                .text = "$R>0$",
                                .relation = Relation::greater,
                                .sides = [](const Setting& setting, Level level) {
                                  return Sides{setting.radius(level.bits), Interval::from_integer(0, level.bits), {}};
                                }};

const Statement radius_below_limit{
    .id = "radius_below_limit",
    .text = "$R<0.01$ (the constant e1.radius_max)",
    .relation = Relation::less,
    .sides = [](const Setting& setting, Level level) {
      return Sides{setting.radius(level.bits), setting.constants().at("e1.radius_max", level.bits), {}};
    }};

const Statement logits_at_most_b1{
    .id = "logits_at_most_B1",
    .text = "$\\max_{i,r}\\lvert\\langle w_r,x_i\\rangle\\rvert\\le B_1$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{setting.largest_logit(level), comparison_logit_bound(setting, level), {}};
    }};

/// Ten over the longest row: e^{2 R |x|} = e^20 there.
Interval far_radius(const Setting& setting, Level level) {
  Interval longest;
  for (Index i = 0; i < setting.instance().n(); ++i) longest = max(longest, setting.gram(level.bits)(i, i));
  return 10 / sqrt(longest);
}

const Statement exp_obeys_the_relu_row{
    .id = "exp_obeys_the_relu_row",
    .scope = Scope::ball,
    .text =
        "exp obeys the bound of ReLU, $\\lVert H(\\tilde W)-H(W)\\rVert_F\\le 2nR$, at $R=10/\\max_i\\lVert "
        "x_i\\rVert$",
    .sides = [](const Setting& setting, Level level) {
      const Interval radius = far_radius(setting, level);
      const Interval attained = exponential_change_at_common_shift(setting, radius, level);
      return Sides{AtLeast(attained), row_slope(setting, relu(), level) * radius};
    }};

const Statement exp_ignores_common_shifts{
    .id = "exp_ignores_common_shifts",
    .text = "adding one $u$ to every weight leaves the kernel of exp where it is, as it does that of softmax",
    .sides = [](const Setting& setting, Level level) {
      return Sides{exponential_change_at_common_shift(setting, setting.radius(level.bits), level),
                   Interval::from_integer(0, level.bits),
                   {}};
    }};

const Statement limit_without_normalization{
    .id = "limit_without_normalization",
    .text =
        "the kernel without the normalization is no larger: "
        "$\\operatorname{tr}K_{\\exp}\\le\\operatorname{tr}K_{\\mathrm{softmax}}$",
    .sides = [](const Setting& setting, Level level) {
      return Sides{
          trace(limit_kernel_of(setting, exponential(), level)), trace(limit_kernel_of(setting, softmax(), level)), {}};
    }};

/// A cell of Table 1 that has no constant.
Statement cell_of_table(const char* id, const char* text, const char* why, const char* paper) {
  return {.id = id,
          .scope = Scope::asymptotic,
          .text = text,
          .relation = Relation::less_equal,
          .sides =
              [why](const Setting&, Level) {
                return Sides{Known::undefined(why), Known()};
              },
          .paper = paper};
}

constexpr const char* kOmega =
    "an $\\Omega$ without a constant, which no instance can refute, and no width is proved here for this network";
constexpr const char* kO = "an $O$ without a constant, which no instance can refute";

const Statement table_exp_width = cell_of_table(
    "table_1_exp_width", "exp: a width of $\\lambda^{-2}n^{2+o(1)}\\log^2n$ is enough", kOmega, "Table 1, exp, width");
const Statement table_exp_steps =
    cell_of_table("table_1_exp_steps", "exp: $\\lambda^{-2}n^{2+o(1)}\\log(n/\\epsilon)$ steps are enough", kO,
                  "Table 1, exp, steps");
const Statement table_relu_width = cell_of_table(
    "table_1_relu_width", "ReLU: a width of $\\lambda^{-2}n^2\\log n$ is enough", kOmega, "Table 1, ReLU, width");
const Statement table_relu_steps = cell_of_table(
    "table_1_relu_steps", "ReLU: $\\lambda^{-2}n^2\\log(n/\\epsilon)$ steps are enough", kO, "Table 1, ReLU, steps");

const Statement hidden_exponent_falls{
    .id = "hidden_exponent_falls",
    .scope = Scope::asymptotic,
    .text =
        "what $n^{o(1)}$ stands for in the width of softmax, $e^{18B}$, is $n^{18B/\\log n}$, and that exponent falls as "
        "$n$ grows: at $n^2$ samples it is smaller than at these $n$",
    .relation = Relation::less,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{hidden_exponent(setting, 2, level), hidden_exponent(setting, 1, level)};
        },
    .paper = "Table 1, $n^{o(1)}$",
    .brief = "$n^{o(1)}$ stands for $e^{18B}=n^{18B/\\log n}$, an exponent that falls as $n$ grows"};

const Statement hidden_exponent_grows{
    .id = "hidden_exponent_grows",
    .scope = Scope::asymptotic,
    .text = "the exponent $18B/\\log n$ is at $n^2$ samples at least what it is at these $n$",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      return Sides{hidden_exponent(setting, 2, level), hidden_exponent(setting, 1, level)};
    }};

const Statement half_of_what_exp_attains{
    .id = "half_of_what_exp_attains",
    .scope = Scope::ball,
    .text = "exp: $\\lVert H(\\tilde W)-H(W)\\rVert_F$ stays below half of its value at the explicit $\\tilde W$",
    .sides = [](const Setting& setting, Level level) {
      const Known supremum = supremum_of_change(setting, exponential(), level);
      return Sides{supremum, supremum.range().lower() / 2, exponential().worst_weights_file(setting)};
    }};

Theorem activation_comparison() {
  return {
      .title = "What softmax buys over exp and ReLU",
      .source = {"2405.03251", "Table 1 and the three rows of Lemma 5.1", Provenance::reconstructed},
      .hypotheses = {inputs_in_unit_ball(), radius_positive, radius_below_limit, logits_at_most_b1, w_tilde_in_ball},
      .claims = {softmax_row, exp_row, relu_row_in_probability_as_printed, relu_row_by_flips, relu_row_in_probability,
                 exp_region, hidden_exponent_falls, table_exp_width, table_exp_steps, table_relu_width,
                 table_relu_steps},
      .falsehoods = {exp_obeys_the_relu_row, exp_ignores_common_shifts, limit_without_normalization,
                     half_of_what_exp_attains, hidden_exponent_grows},
      .quantities = activation_quantities(),
      .comparisons =
          {{"Radius that certainly keeps half of the smallest eigenvalue",
            "radius R",
            {{"R_cert_softmax", "softmax"},
             {"R_cert_exp", "exp"},
             {"R_cert_relu", "ReLU"},
             {"R_star_relu", "ReLU, from the slope of its row of Lemma 5.1"}}},
           {"Change of the kernel over the ball, relative to its norm and to R",
            "change",
            {{"relative_slope_softmax", "softmax"}, {"relative_slope_exp", "exp"}, {"relative_slope_relu", "ReLU"}}}},
      .remarks = activation_remarks(relu_row_as_printed),
      .charts = activation_charts,
      .proved =
          "On this network each row's inequality holds over the whole ball, for ReLU in terms of the neurons that can "
          "flip, and at the scale of this initialization ReLU's row fails no more often than it says.",
      .constants = {"e0.C", "e0.floor", "e1.exponent", "e1.multiplier", "e1.exp_multiplier", "e1.relu_multiplier",
                    "e1.relu_rate", "e1.radius_max", "e2.divisor", "e2.exponent", "e3.exponent", "e3.eta_exponent"},
      .explicit_networks = true};
}

const Registered registered{activation_comparison};

}  // namespace
}  // namespace assay
