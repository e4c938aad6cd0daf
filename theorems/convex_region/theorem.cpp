#include "theory/theorem.hpp"

#include <fmt/format.h>

#include "data/message.hpp"
#include "models/region.hpp"
#include "report/display.hpp"
#include "setting/hypotheses.hpp"

namespace assay {
namespace {

using Bound = ConvexRegion::Bound;

Sides at_explicit_weights(const Setting& setting, Level level, const RealMatrix& w) {
  const ConvexRegion::Slope slope = ConvexRegion(setting, level).slope_at(w);
  return {slope.squared_gradient, slope.bound};
}

const Statement lambda_positive{.id = "lambda_positive",
                                .text = "$\\lambda=\\lambda_{\\min}(H(W))>0$",
                                .relation = Relation::greater,
                                .sides = [](const Setting& setting, Level level) {
                                  return Sides{setting.lambda_min(level), Interval::from_integer(0, level.bits), {}};
                                }};

const Statement half_kept_in_paper_ball{
    .id = "half_kept_in_paper_ball",
    .scope = Scope::ball,
    .text = "for every $\\tilde W$ in the ball of radius $R_\\star$, $\\lambda_{\\min}(H(\\tilde W))\\ge\\lambda/2$",
    .relation = Relation::greater_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const ConvexRegion region(setting, level);
          return Sides{region.least_eigenvalue_within(region.paper_radius()), region.half(),
                       region.lowering_weights_file()};
        },
    .paper = "convex region"};

const Statement polyak_lojasiewicz_in_paper_ball{
    .id = "polyak_lojasiewicz_in_paper_ball",
    .scope = Scope::ball,
    .text =
        "for every $\\tilde W$ in that ball, $\\lVert\\nabla L\\rVert_F^2\\ge m\\lambda L$, because "
        "$\\lVert\\nabla L\\rVert_F^2=m\\,e^\\top H(\\tilde W)e\\ge2m\\,\\lambda_{\\min}(H(\\tilde W))\\,L$",
    .relation = Relation::greater_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const ConvexRegion region(setting, level);
          const Interval twice_width = Interval::from_integer(2 * setting.instance().m(), level.bits);
          const Known least = region.least_eigenvalue_within(region.paper_radius());
          return Sides{least.scaled(twice_width), twice_width * region.half(), region.lowering_weights_file()};
        },
    .paper = "convex region, gradient",
    .brief = "for every $\\tilde W$ in that ball, $\\lVert\\nabla L\\rVert_F^2\\ge m\\lambda L$"};

const Statement true_radius_at_least_paper{
    .id = "true_radius_at_least_paper",
    .scope = Scope::ball,
    .text =
        "the largest $R$ at which the ball keeps $\\lambda/2$ is at least $R_\\star$ (from $R_{cert}$, proved, to "
        "$R_{fail}$, refuted)",
    .relation = Relation::greater_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const ConvexRegion region(setting, level);
          return Sides{region.true_radius(), region.paper_radius(), region.lowering_weights_file()};
        },
    .brief = "the largest $R$ at which the ball keeps $\\lambda/2$ is at least $R_\\star$"};

const Statement polyak_lojasiewicz_at_start{
    .id = "polyak_lojasiewicz_at_start",
    .text = "at $W$, with the gradient itself, $\\lVert\\nabla L\\rVert_F^2\\ge m\\lambda L$",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      return at_explicit_weights(setting, level, setting.instance().w);
    }};

const Statement polyak_lojasiewicz_inside{
    .id = "polyak_lojasiewicz_inside",
    .text =
        "$\\lVert\\nabla L\\rVert_F^2\\ge m\\lambda L$ at an explicit bad $\\tilde W$ in the ball of radius $R_{cert}$",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      return at_explicit_weights(setting, level, ConvexRegion(setting, level).weights_inside());
    }};

const Statement half_kept_at_ten_times_the_failing_radius{
    .id = "half_kept_at_ten_times_the_failing_radius",
    .scope = Scope::ball,
    .text = "for every $\\tilde W$ in the ball of radius $10R_{fail}$, $\\lambda_{\\min}(H(\\tilde W))\\ge\\lambda/2$",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      const ConvexRegion region(setting, level);
      const Known infimum = Known(AtMost(region.lowering_eigenvalue())).within(nonnegative_line(level.bits));
      return Sides{infimum, region.half(), region.lowering_weights_file()};
    }};

const Statement loss_is_convex{.id = "loss_is_convex",
                               .text = "every curvature of the loss at $W$ is at least 0",
                               .relation = Relation::greater_equal,
                               .sides = [](const Setting& setting, Level level) {
                                 return Sides{ConvexRegion(setting, level).least_curvature(), Interval(), {}};
                               }};

const Statement gradient_with_the_largest_eigenvalue{
    .id = "gradient_with_the_largest_eigenvalue",
    .text = "at $W$, $\\lVert\\nabla L\\rVert_F^2\\ge4m\\,\\lambda_{\\max}(H)\\,L$",
    .relation = Relation::greater_equal,
    .sides = [](const Setting& setting, Level level) {
      const ConvexRegion::Slope slope = ConvexRegion(setting, level).slope_at(setting.instance().w);
      return Sides{slope.squared_gradient, slope.bound / setting.lambda_min(level) * setting.lambda_max(level) * 4};
    }};

/// A quantity that is a member of ConvexRegion.
template <class Value>
Quantity quantity(const char* name, const char* meaning, Value (ConvexRegion::*value)() const, bool gap = false) {
  return {name, meaning,
          [value](const Setting& setting, Level level) -> Known { return (ConvexRegion(setting, level).*value)(); },
          gap};
}

Quantity radius_of(const char* name, const char* meaning, Bound method) {
  return {name, meaning, [method](const Setting& setting, Level level) -> Known {
            return ConvexRegion(setting, level).radius_of(method);
          }};
}

std::vector<Sentence> notes(const Checked& checked) {
  if (const auto degeneracy = checked.setting.degeneracy())
    return {Sentence::plain(describe(*degeneracy) + ": there is no half of it to keep.")};
  const Claim& refuted = checked.claim("some_network_falls_below_half");
  const ConvexRegion region(checked.setting, checked.level());
  const DisplayedSides sides = display_sides(refuted);
  auto notes = Sentence::if_decided(
      refuted, Verdict::holds,
      fmt::format("Proved: an explicit $\\tilde W$ at distance {} keeps less than half: $\\lambda_{{\\min}}(H(\\tilde "
                  "W))$ = {} < {} = $\\lambda/2$.",
                  display(region.lowering_radius().bound().upper()), sides.lhs, sides.rhs));
  const auto file = region.lowering_weights_file();
  if (file && !notes.empty())
    notes.push_back(Sentence::plain("That $\\tilde W$ is in " + code_span(*file) +
                                    "; `assay evaluate` on this instance with `--w-tilde` and that file encloses its "
                                    "`lambda_min_H_tilde`."));
  return notes;
}

const Remark some_network_falls_below_half{
    {.id = "some_network_falls_below_half",
     .text = "an explicit network has $\\lambda_{\\min}(H(\\tilde W))<\\lambda/2$",
     .relation = Relation::less,
     .sides =
         [](const Setting& setting, Level level) {
           const ConvexRegion region(setting, level);
           return Sides{region.lowering_eigenvalue(), region.half()};
         }},
    "",
    ""};

const Remark curvature_is_negative{{.id = "curvature_is_negative",
                                    .text = "the smallest curvature of the loss at $W$ is negative",
                                    .relation = Relation::less,
                                    .sides =
                                        [](const Setting& setting, Level level) {
                                          return Sides{ConvexRegion(setting, level).least_curvature(), Interval()};
                                        }},
                                   "The loss itself is not convex: its Hessian at $W$ has a certified direction of "
                                   "negative curvature. So the region is convex in one sense only, that of Polyak and "
                                   "Łojasiewicz: where $\\lVert\\n"
                                   "abla L\\rVert_F^2\\ge m\\lambda L$, every stationary point is a global minimum.",
                                   "The Hessian of the loss at $W$ certainly has no negative eigenvalue."};

const Theorem convex_region{
    .title = "Around the initialization the kernel keeps half of its smallest eigenvalue",
    .source = {"2405.03251", "convex region behind Theorem 4.2", Provenance::reconstructed},
    .hypotheses = {inputs_in_unit_ball(), logits_at_most_b(), lambda_positive},
    .claims = {half_kept_in_paper_ball, polyak_lojasiewicz_in_paper_ball, true_radius_at_least_paper,
               polyak_lojasiewicz_at_start, polyak_lojasiewicz_inside},
    .falsehoods = {half_kept_at_ten_times_the_failing_radius, loss_is_convex, gradient_with_the_largest_eigenvalue},
    .quantities =
        {quantity("paper_radius", "$R_\\star=\\lambda/(2nd\\,e^{10B})$", &ConvexRegion::paper_radius),
         quantity("certified_radius",
                  "$R_{cert}$: up to this radius $\\lambda_{\\min}(H(\\tilde W))\\ge\\lambda/2$ for every $\\tilde W$",
                  &ConvexRegion::certified_radius),
         quantity("failing_radius", "$R_{fail}$: an explicit $\\tilde W$ that near has $\\lambda_{\\min}<\\lambda/2$",
                  &ConvexRegion::lowering_radius),
         radius_of("radius_entrywise", "the same by the entrywise bound of $H(\\tilde W)-H$", Bound::entrywise),
         radius_of("radius_singular_value", "the same by the bound of the Jacobian's change", Bound::singular_value),
         radius_of("radius_tensor", "the same by the bound without absolute values", Bound::tensor),
         {"lambda", "$\\lambda_{\\min}(H(W))$",
          [](const Setting& setting, Level level) { return setting.lambda_min(level); }},
         quantity("lambda_min_at_failing", "$\\lambda_{\\min}(H(\\tilde W))$ at that explicit $\\tilde W$",
                  &ConvexRegion::lowering_eigenvalue),
         quantity(
             "negative_curvature",
             "smallest eigenvalue of the Hessian of the loss at $W$: upper end attained along an explicit direction",
             &ConvexRegion::least_curvature, true)},
    .comparisons = {{"Radius up to which the smallest eigenvalue keeps half its value",
                     "radius R",
                     {{"paper_radius", "the paper's radius"},
                      {"certified_radius", "radius proved here"},
                      {"failing_radius", "radius at which it is refuted"}}}},
    .remarks = {some_network_falls_below_half, curvature_is_negative},
    .notes = notes,
    .charts = [](const Checked& checked) { return ConvexRegion(checked.setting, checked.level()).charts(); },
    .proved =
        "For every $\\tilde W$ in the paper's ball the kernel keeps half of its smallest eigenvalue and the squared "
        "gradient is at least $m\\lambda L$.",
    .constants = {"e0.C", "e0.floor", "e2.divisor", "e2.exponent"},
    .explicit_networks = true};

const Registered registered{convex_region};

}  // namespace
}  // namespace assay
