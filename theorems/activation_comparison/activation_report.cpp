#include "theorems/activation_comparison/activation_report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "chance/relu_flips.hpp"
#include "models/infinite_width.hpp"
#include "models/relu.hpp"
#include "theorems/activation_comparison/rows.hpp"

namespace assay {

namespace {

bool has_no_eigenvalue(const Setting& setting, const Model& model, Level level) {
  const Interval lambda = kernel_lambda_min(setting, model, level);
  return lambda.is_point() && lambda.contains_zero();
}

Interval squared_inverse_lambda(const Setting& setting, const Model& model, Level level) {
  return sqr(setting.instance().n() / kernel_lambda_min(setting, model, level));
}

/// Table 1: lambda^-2 n^2 log n for ReLU, lambda^-2 n^2 e^{18B} log^2 n for the others.
Known table_width(const Setting& setting, const Model& model, Level level) {
  if (has_no_eigenvalue(setting, model, level)) return Known::undefined("$\\lambda=0$");
  const Interval log_n = log(Interval::from_integer(setting.instance().n(), level.bits));
  return squared_inverse_lambda(setting, model, level) * hidden_factor(setting, model, "e3.exponent", level) *
         (&model == &relu() ? log_n : sqr(log_n));
}

/// Table 1: lambda^-2 n^2 log(n / epsilon), times e^{16B} for exp and softmax; no step where epsilon >= n.
Known table_steps(const Setting& setting, const Model& model, Level level) {
  if (has_no_eigenvalue(setting, model, level)) return Known::undefined("$\\lambda=0$");
  const Interval n = Interval::from_integer(setting.instance().n(), level.bits);
  return squared_inverse_lambda(setting, model, level) * hidden_factor(setting, model, "e3.eta_exponent", level) *
         max(log(n / setting.hyper().epsilon.at(level.bits)), Interval());
}

/// The power of n that n^2 e^{18B} is: 2 + 18 B / log n.
Known true_exponent(const Setting& setting, const Model& model, Level level) {
  if (setting.instance().n() < 2) return Known::undefined("$n=1$ has no powers");
  const Interval log_n = log(Interval::from_integer(setting.instance().n(), level.bits));
  return 2 + log(hidden_factor(setting, model, "e3.exponent", level)) / log_n;
}

/// log10 of the n from which on e^{18B} <= n at these sigma, d, delta: with L = log n, c = log(d/delta), k = 18 C
/// sigma, k sqrt(L + c) = L at L = k^2/2 + sqrt(k^4/4 + k^2 c).
Interval log10_of_moderate_n(const Setting& setting, Level level) {
  const Interval exponent = constant(setting, "e3.exponent", level);
  const Interval square = sqr(exponent * constant(setting, "e0.C", level) * setting.sigma(level.bits));
  const Interval c = log(setting.instance().d() / setting.delta(level.bits));
  const Interval log_n =
      max(square / 2 + sqrt(sqr(square) / 4 + square * c), exponent * constant(setting, "e0.floor", level));
  return log_n / log(Interval::from_integer(10, level.bits));
}

/// sup |H(W~) - H(W)|_F / (R |H|_F).
Known relative_slope(const Setting& setting, const Model& model, Level level) {
  const Interval radius = setting.radius(level.bits);
  if (radius.is_point() && radius.contains_zero()) return Known::undefined("$R=0$");
  return supremum_of_change(setting, model, level).scaled(1 / (radius * kernel_norm(setting, model, level)));
}

AtLeast certified_radius_of(const Setting& setting, const Model& model, Level level) {
  return model.certified_radius(setting, level);
}
AtMost lowering_radius_of(const Setting& setting, const Model& model, Level level) {
  return model.lowering_radius(setting, level);
}

Known certified_over_row(const Setting& setting, const Model& model, Level level) {
  return model.certified_radius(setting, level) / row_radius(setting, model, level);
}

/// value(setting, model, level) as a quantity; one that follows from a row is not defined without it.
std::function<Known(const Setting&, Level)> of_model(const Model& model, auto* value, bool needs_row) {
  return [&model, value, needs_row](const Setting& setting, Level level) -> Known {
    if (needs_row)
      if (const auto why = no_row(model)) return Known::undefined(*why);
    return value(setting, model, level);
  };
}

void add_rows(std::vector<Quantity>& all, const Model& model) {
  const std::string &name = model.name(), suffix = "_" + model.id();
  const auto of = [&](auto* value) { return of_model(model, value, false); };
  const auto of_row = [&](auto* value) { return of_model(model, value, true); };
  all.push_back({"supremum_F" + suffix,
                 name + ": $\\sup\\lVert H(\\tilde W)-H(W)\\rVert_F$ over the ball: lower end attained by an explicit "
                        "$\\tilde W$, upper end for every $\\tilde W$ in the ball",
                 of(supremum_of_change), true});
  all.push_back({"paper_bound" + suffix, name + ": the bound of its row of Lemma 5.1", of_row(row_bound)});
  all.push_back({"relative_slope" + suffix, name + ": that supremum over $R\\,\\lVert H(W)\\rVert_F$, from both sides",
                 of(relative_slope), true});
  all.push_back({"lambda_min" + suffix, name + ": $\\lambda=\\lambda_{\\min}(H(W))$", of(kernel_lambda_min)});
  all.push_back({"R_cert" + suffix,
                 name + ": the radius up to which $\\lambda_{\\min}(H(\\tilde W))\\ge\\lambda/2$ for every $\\tilde W$ "
                        "in the ball, from below",
                 of(certified_radius_of)});
  all.push_back({"R_fail" + suffix,
                 name + ": the same radius from above, by an explicit $\\tilde W$ with "
                        "$\\lambda_{\\min}(H(\\tilde W))<\\lambda/2$",
                 of(lowering_radius_of)});
  all.push_back({"R_star" + suffix, name + ": $\\lambda/2$ over the slope of its row, the paper's kind of radius",
                 of_row(row_radius)});
  all.push_back({"R_cert_over_R_star" + suffix, name + ": how much larger R_cert is", of_row(certified_over_row)});
}

void add_table(std::vector<Quantity>& all, const Model& model) {
  const std::string &name = model.name(), suffix = "_" + model.id();
  const auto of = [&](auto* value) { return of_model(model, value, false); };
  const auto of_row = [&](auto* value) { return of_model(model, value, true); };
  all.push_back(
      {"table_width" + suffix, name + ": width of Table 1, $n^{o(1)}$ written as $e^{18B}$", of_row(table_width)});
  all.push_back(
      {"table_steps" + suffix, name + ": steps of Table 1, $n^{o(1)}$ written as $e^{16B}$", of_row(table_steps)});
  all.push_back({"true_exponent" + suffix,
                 name + ": the $k$ with $n^k=n^2$ times that factor of the width, at this $n$", of_row(true_exponent)});
  all.push_back(
      {"limit_condition" + suffix, name + ": condition number of the kernel at infinite width", of(limit_condition)});
}

/// The value on the first rung, of the first few of the ladder that was asked for, on which it is bounded where it can
/// be.
Known settled(Precision precision, const std::function<Known(Level)>& value) {
  constexpr Bits kEnough = 512;
  precision.limit = std::min(precision.limit, std::max(precision.start, kEnough));
  Known result;
  refine(precision, [&](Level level) {
    result = value(level);
    return result.sense() != Sense::enclosure || result.range().is_finite();
  });
  return result;
}

/// A line for each activation of value(radius), where it is finite.
Chart chart_over_radius(const Precision& precision, std::string name, std::string title, std::string axis,
                        const std::function<Interval(const Model&, const Interval&, Level)>& value) {
  constexpr int kPoints = 16;
  constexpr double kFirst = -5, kLast = 0;  // powers of ten
  Chart chart;
  chart.name = std::move(name);
  chart.title = std::move(title);
  chart.x_axis = "radius R";
  chart.y_axis = std::move(axis);
  chart.log_x = true;
  for (const Model* model : models()) {
    Series line;
    line.label = model->name();
    for (int k = 0; k < kPoints; ++k) {
      const double radius = std::pow(10, kFirst + (kLast - kFirst) * k / (kPoints - 1));
      line.x.push_back(radius);
      line.y.push_back(
          settled(precision, [&](Level level) { return Known(value(*model, Interval(radius, 64), level)); })
              .range()
              .approx_double());
    }
    chart.series.push_back(std::move(line));
  }
  return chart;
}

}  // namespace

Interval relu_row_allowed_failure(const Setting& setting, const Interval& scale, Level level) {
  const Interval rate = constant(setting, "e1.relu_rate", level) * setting.radius(level.bits) / scale;
  return sqr(Interval::from_integer(setting.instance().n(), level.bits)) * exp(-rate * setting.instance().m());
}

Interval relu_row_failure(const Setting& setting, const Interval& scale, Level level) {
  return relu_change_exceeds(setting.gram(level.bits), setting.sigma(level.bits), setting.radius(level.bits),
                             row_bound(setting, relu(), level) / scale, setting.pairs(level.bits));
}

std::vector<Quantity> activation_quantities() {
  std::vector<Quantity> all;
  for (const Model* model : models()) add_rows(all, *model);
  all.push_back(
      {"flipping_fraction",
       "$\\varphi$: the largest fraction of the neurons that one sample can lose or gain over the ball (ReLU)",
       [](const Setting& setting, Level level) { return AtMost(counted_flipping_fraction(setting, level)); }});
  all.push_back({"relu_row_failure_probability",
                 "probability over the initialization that ReLU's row as printed, $2nR$, fails; from both sides",
                 [](const Setting& setting, Level level) {
                   return relu_row_failure(setting, Interval::from_integer(1, level.bits), level);
                 },
                 true});
  all.push_back(
      {"relu_slope_at_infinite_width",
       "ReLU: what $\\sup\\lVert H(\\tilde W)-H(W)\\rVert_F/R$ tends to as $m\\to\\infty$, from both sides; the row "
       "says $2n$",
       [](const Setting& setting, Level level) -> Known {
         const Interval radius = setting.radius(level.bits);
         if (!certainly_positive(radius)) return Known::undefined("$R=0$");
         return relu_change_at_infinite_width(setting.gram(level.bits), setting.sigma(level.bits), radius) / radius;
       },
       true});
  for (const Model* model : models()) add_table(all, *model);
  all.push_back(
      {"log10_n_for_exponent_3",
       "$\\log_{10}$ of the $n$ from which on $n^{2+o(1)}$ is at most $n^3$ at this $\\sigma$ (softmax, width)",
       log10_of_moderate_n});
  return all;
}

std::vector<Remark> activation_remarks(const Statement& relu_row) {
  const Remark on_instance{
      relu_row,
      "ReLU's row as printed holds on this network: over the whole ball its kernel changes by at most $2nR$. (The row "
      "promises that with a probability only.)",
      "On this network ReLU's row as printed is violated: the explicit $\\tilde W$ for ReLU changes the kernel by "
      "more than $2nR$. That refutes no statement about a probability, but see relu_row_failure_probability."};
  const Remark at_infinite_width{
      {.id = "relu_row_at_infinite_width",
       .scope = Scope::probability,
       .text = "as the width grows, ReLU's row as printed holds with probability tending to 1",
       .sides =
           [](const Setting& setting, Level level) {
             return Sides{relu_change_at_infinite_width(setting.gram(level.bits), setting.sigma(level.bits),
                                                        setting.radius(level.bits)),
                          row_bound(setting, relu(), level),
                          {}};
           }},
      "Proved: at this $\\sigma$ and on these inputs ReLU's row as printed, $2nR$, holds with probability tending to "
      "1 as the width grows.",
      "Proved: at this $\\sigma$ ReLU's row as printed, $2nR$, fails with probability tending to 1 as the width "
      "grows, because the indicators depend on $w/\\sigma$ alone: a ball of radius $R$ is one of radius $R/\\sigma$ "
      "at $\\sigma=1$. The right bound is $2nR/\\sigma$ (claim relu_row_in_probability)."};
  const Remark says_nothing{
      {.id = "relu_row_promises_nothing",
       .text = "$n^2e^{-mR/10}\\ge1$",
       .relation = Relation::greater_equal,
       .sides =
           [](const Setting& setting, Level level) {
             const Interval one = Interval::from_integer(1, level.bits);
             return Sides{relu_row_allowed_failure(setting, one, level), one, {}};
           }},
      "At this width $1-n^2e^{-mR/10}$ is not positive: ReLU's row as printed promises nothing here.",
      ""};
  const auto compare = [](const Model& one, const Model& other, const char* less, const char* more) {
    return Remark{{.id = "relative_change_" + one.id() + "_" + other.id(),
                   .text = "one kernel moves less than the other, relative to its norm",
                   .relation = Relation::less,
                   .sides =
                       [&one, &other](const Setting& setting, Level level) {
                         return Sides{relative_slope(setting, one, level), relative_slope(setting, other, level)};
                       },
                   .gap = true},
                  less,
                  more};
  };
  return {
      on_instance, at_infinite_width, says_nothing,
      compare(softmax(), exponential(),
              "Proved: over this ball the softmax kernel changes by less than the exp kernel, each relative to its "
              "norm.",
              "Proved: over this ball the softmax kernel can change by more than the exp kernel, each relative to its "
              "norm."),
      compare(relu(), exponential(),
              "Proved: over this ball the ReLU kernel changes by less than the exp kernel, each relative to its norm.",
              "Proved: over this ball the ReLU kernel can change by more than the exp kernel, each relative to its "
              "norm.")};
}

std::vector<Chart> activation_charts(const Checked& checked) {
  const Setting& setting = checked.setting;
  Chart change = chart_over_radius(
      checked.precision, "change", "Change of the kernel over the ball, relative to its norm", "change, at most",
      [&](const Model& model, const Interval& radius, Level level) {
        return model.change_over_ball(setting, radius, level).bound() / kernel_norm(setting, model, level);
      });
  change.log_y = true;
  Chart region = chart_over_radius(
      checked.precision, "region", "Smallest eigenvalue over the ball, relative to its value at the centre",
      "smallest eigenvalue, at least", [&](const Model& model, const Interval& radius, Level level) {
        return least_lambda_min_over_ball(setting, model, radius, level).range().lower() /
               kernel_lambda_min(setting, model, level);
      });
  return {change, region};
}

}  // namespace assay
