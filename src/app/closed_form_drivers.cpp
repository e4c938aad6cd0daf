#include "app/closed_form_drivers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/display.hpp"

namespace assay::app {
namespace {

struct Factor {
  std::string label;  ///< Markdown
  Interval value;
};

/// |log10| near its middle; what is 0 or infinite beats every number.
double approx_magnitude(const Interval& value) {
  const double magnitude = std::abs(log10(abs(value)).approx_double());
  return std::isnan(magnitude) ? 0 : magnitude;
}

std::string magnitude(const Interval& value) {
  return certainly_positive(value) ? display_power_of_ten(value) : display(value, 4);
}

/// "$e^{18B}$ = 10^441.20 of 10^445.61": the factor that is farthest from 1.
Driver largest_factor(const std::vector<Factor>& factors, const Interval& whole) {
  const auto largest = std::max_element(factors.begin(), factors.end(), [](const Factor& a, const Factor& b) {
    return approx_magnitude(a.value) < approx_magnitude(b.value);
  });
  return {largest->label, fmt::format("{} = {} of {}", largest->label, magnitude(largest->value), magnitude(whole))};
}

Driver largest_term(const std::vector<Factor>& terms, const Interval& whole) {
  const auto largest = std::max_element(terms.begin(), terms.end(), [](const Factor& a, const Factor& b) {
    return a.value.approx_double() < b.value.approx_double();
  });
  return {"the term " + largest->label,
          fmt::format("the term {} = {} of {}", largest->label, magnitude(largest->value), magnitude(whole))};
}

}  // namespace

Driver logit_bound_driver(const AtBits& at) {
  const Interval term = at.constant("e0.C") * at.in.sigma * sqrt(at.forms.log_term());
  const std::string shown = fmt::format("$C\\sigma\\sqrt{{\\log(nd/\\delta)}}$ = {}", display(term, 4));
  if (certainly_less_equal(term, at.constant("e0.floor")))
    return {"the floor " + at.text("e0.floor"), fmt::format("the floor {}; {}", at.text("e0.floor"), shown)};
  return {"$C\\sigma\\sqrt{\\log(nd/\\delta)}$",
          fmt::format("{} with $\\sqrt{{\\log(nd/\\delta)}}$ = {}", shown, display(sqrt(at.forms.log_term()), 4))};
}

Driver width_driver(const AtBits& at) {
  return largest_factor({{at.exp_label("e3.exponent"), at.exp_of_b("e3.exponent")},
                         {"$\\lambda^{-2}$", 1 / sqr(at.in.lambda)},
                         {"$n^2d^2$", sqr(at.samples())},
                         {"$\\log^2(nd/\\delta)$", sqr(at.forms.log_term())},
                         {"$c_m$", at.constant("e3.multiplier")}},
                        at.forms.width());
}

Driver step_driver(const AtBits& at) {
  return largest_factor({{"$1/m$", 1 / at.forms.width()},
                         {"$1/" + at.exp_label("e3.eta_exponent").substr(1), 1 / at.exp_of_b("e3.eta_exponent")},
                         {"$\\lambda$", at.in.lambda},
                         {"$1/(n^2d^2)$", 1 / sqr(at.samples())}},
                        at.forms.step_size());
}

Driver horizon_driver(const AtBits& at) {
  return largest_factor({{at.exp_label("e3.eta_exponent"), at.exp_of_b("e3.eta_exponent")},
                         {"$\\lambda^{-2}$", 1 / sqr(at.in.lambda)},
                         {"$n^2d^2$", sqr(at.samples())},
                         {"$\\log(nd/\\epsilon)$", log(at.samples() / at.in.epsilon)},
                         {"$c_T$", at.constant("e4.multiplier")}},
                        at.forms.time_horizon());
}

Driver movement_driver(const AtBits& at) {
  return largest_factor({{"$1/m$", 1 / at.forms.width()},
                         {at.exp_label("e4.D_exponent"), at.exp_of_b("e4.D_exponent")},
                         {"$1/\\lambda$", 1 / at.in.lambda},
                         {"$\\sqrt{nd}\\,\\lVert F(0)-Y\\rVert_F$", sqrt(at.samples()) * at.in.initial_error}},
                        at.forms.movement());
}

Driver change_driver(const AtBits& at) {
  return largest_factor({{at.exp_label("e1.exponent"), at.exp_of_b("e1.exponent")},
                         {"$R$", at.in.radius},
                         {"$nd$", at.samples()},
                         {"the multiplier", at.constant("e1.multiplier")}},
                        at.forms.change_bound());
}

Driver convex_driver(const AtBits& at) {
  return largest_factor({{"$1/" + at.exp_label("e2.exponent").substr(1), 1 / at.exp_of_b("e2.exponent")},
                         {"$\\lambda$", at.in.lambda},
                         {"$1/(nd)$", 1 / at.samples()}},
                        at.forms.convex_radius());
}

Driver break_driver(const AtBits& at) {
  const Interval tail = erfc(at.forms.logit_bound() / (at.in.sigma * sqrt(Interval::from_integer(2, at.bits))));
  const std::string what = "the Gaussian tail $P(\\lvert\\langle w,x\\rangle\\rvert>B)$";
  return {what, fmt::format("{} = {} at $\\lVert x\\rVert=1$", what, display_power_of_ten(tail))};
}

Driver gamma_driver(const AtBits& at) {
  const Known gamma = at.score().gamma;
  if (!gamma.is_defined()) return {"not defined", "not defined: " + gamma.because()};
  const Interval scaled = sqr(at.in.d * at.score().a / at.in.lambda);
  const Interval second = scaled * (log(1 / at.in.delta) + log(log(at.in.n)));
  return largest_term({{"$(\\frac{2d^2A}{\\lambda}\\log^{3/2}\\ldots+\\frac1{\\sqrt n})^2$", gamma.range() - second},
                       {"$\\frac{d^2A^2}{\\lambda^2}(\\log\\frac1\\delta+\\log\\log n)$", second}},
                      gamma.range());
}

Driver regularity_driver(const AtBits& at) {
  const ScoreBound score = at.score();
  return largest_factor(
      {{"$\\Lambda$", score.lambda_term},
       {"$(\\sqrt{R_{\\mathcal H}}/\\Lambda)^{-2/d}$",
        power(sqrt(at.score_in.rkhs_radius) / score.lambda_term, -2 / at.in.d)},
       {"$\\log(\\sqrt{R_{\\mathcal H}}/\\Lambda)$", log(sqrt(at.score_in.rkhs_radius) / score.lambda_term)},
       {"$c_1$", at.constant("e6.c_1")}},
      score.a);
}

Driver score_driver(const AtBits& at) {
  const ScoreBound score = at.score();
  if (!score.total.is_defined()) return {"not defined", "not defined: " + score.total.because()};
  return largest_term({{"$1/(\\lambda\\sqrt n)$ (coupling)", score.coupling},
                       {"$\\varepsilon(n,\\hat T)$ (early stopping)", score.stopping},
                       {"$dA^2$ (approximation)", score.approximation_squared},
                       {"$dA$ (approximation)", score.approximation},
                       {"$\\sqrt{dA\\,\\Gamma_\\delta}$ (approximation and labels)", score.mixed.range()},
                       {"$\\Gamma_\\delta$ (noisy labels)", score.gamma.range()}},
                      score.total.range());
}

}  // namespace assay::app
