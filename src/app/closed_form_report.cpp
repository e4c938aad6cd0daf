#include "app/closed_form_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "app/closed_form_drivers.hpp"
#include "enclosure/exponent_range.hpp"
#include "report/display.hpp"

namespace assay::app {
namespace {

constexpr double kRelativeWidth = 1e-15;
constexpr Bits kDriverBits = 256;  // of what is only shown
constexpr Bits kPatience = 256;    // at which an infinite end is taken for what it is

Interval power_of_two(long exponent, Bits bits) {
  return power(Interval::from_integer(2, bits), exponent);
}

// The rows.

struct Form {
  const char* name;
  const char* words;  ///< what it is, with its unit
  const char* formula;
  std::function<Known(const AtBits&)> value;
  std::function<Driver(const AtBits&)> driver;
};

std::vector<Form> forms() {
  const auto says = [](const char* text) { return [text](const AtBits&) { return Driver{text, text}; }; };
  return {
      {"B", "B, bound of all logits", "$\\max\\{C\\sigma\\sqrt{\\log(nd/\\delta)},1\\}$",
       [](const AtBits& at) { return at.forms.logit_bound(); }, logit_bound_driver},
      {"R_perturbation_max", "largest radius of the perturbation bound (norm of a weight vector)",
       "$R\\in(0,R_{\\max})$", [](const AtBits& at) { return at.constant("e1.radius_max"); },
       says("a condition of the statement (e1.radius_max)")},
      {"perturbation_bound", "bound of the change of the kernel (Frobenius norm)", "$R\\,nd\\,e^{10B}$",
       [](const AtBits& at) { return at.forms.change_bound(); }, change_driver},
      {"R_convex", "radius of the convex region (norm of a weight vector)", "$\\lambda/(2nd\\,e^{10B})$",
       [](const AtBits& at) { return at.forms.convex_radius(); }, convex_driver},
      {"m", "width m (neurons)", "$c_m\\lambda^{-2}n^2d^2e^{18B}\\log^2(nd/\\delta)$",
       [](const AtBits& at) { return at.forms.width(); }, width_driver},
      {"eta", "step size of gradient descent", "$0.1\\lambda/(m\\,n^2d^2e^{16B})$",
       [](const AtBits& at) { return at.forms.step_size(); }, step_driver},
      {"T_hat", "steps of gradient descent", "$c_T(m\\eta\\lambda)^{-1}\\log(nd/\\epsilon)$",
       [](const AtBits& at) { return at.forms.time_horizon(); }, horizon_driver},
      {"D", "distance that a neuron moves (norm of a weight vector)",
       "$8e^{2B}\\sqrt{nd}\\,\\lVert F(0)-Y\\rVert_F/(m\\lambda)$",
       [](const AtBits& at) { return at.forms.movement(); }, movement_driver},
      {"m_break", "width at which the event breaks (neurons)",
       "$2\\log(1-\\delta)/\\log(1-\\mathrm{erfc}(B/(\\sigma\\sqrt2)))$",
       [](const AtBits& at) { return at.forms.break_width(); }, break_driver},
      {"C_consistent_min", "least self-consistent C", "smallest $C$ without contradiction at $m(C)$",
       [](const AtBits& at) { return at.forms.consistent_c(); },
       [](const AtBits&) {
         return Driver{"a gap between two bounds",
                       "a gap between two bounds: contradiction at the lower one (one row), none from the upper one on "
                       "(all rows)"};
       }},
      {"Gamma_delta", "Gamma_delta of the score bound", "$\\Gamma_\\delta$ of Theorem 6.6",
       [](const AtBits& at) { return at.score().gamma; }, gamma_driver},
      {"A_RH", "approximation term A of the score bound",
       "$c_1\\Lambda(\\sqrt{R_{\\mathcal H}}/\\Lambda)^{-2/d}\\log(\\sqrt{R_{\\mathcal H}}/\\Lambda)$",
       [](const AtBits& at) { return at.score().a; }, regularity_driver},
      {"score_bound", "bound of the score error (mean square)", "right-hand side of Theorem 6.6",
       [](const AtBits& at) { return at.score().total; }, score_driver},
  };
}

/// The value with as many bits as its width asks for; a width that twice the bits did not halve is not due to rounding.
Known sharpened(const Form& form, const ClosedFormInputs& inputs, const Precision& precision,
                double relative_width = kRelativeWidth) {
  Known value;
  refine(precision, [&](Level level) {
    const double before = value.range().relative_width();
    value = form.value(AtBits(inputs, level.bits));
    if (!value.is_defined()) return true;
    const double width = value.range().relative_width();
    const bool stalled = level.bits > precision.start && width >= before / 2;
    return width <= relative_width || (stalled && (std::isfinite(width) || level.bits >= kPatience));
  });
  return value;
}

// What is vacuous, by certified comparisons alone.

void mark_vacuous(BoundsRow& row, const ClosedFormInputs& inputs) {
  const AtBits at(inputs, kDriverBits);
  if (row.name == "perturbation_bound" &&
      certainly_less_equal(8 * power_of_two(30, at.bits) * at.samples(), row.value.range())) {
    row.vacuous = true;
    row.vacuous_why =
        "at least $8m\\,nd$ for every width $m\\le2^{30}$, which holds at all weights whatsoever because every entry "
        "of $H$ is at most $4m$";
  }
  if (row.name == "score_bound" && certainly_less(Interval::from_integer(4, at.bits), row.value.range())) {
    row.vacuous = true;
    row.vacuous_why =
        "larger than 4, which bounds $\\lVert f_W-f_*\\rVert^2$ for every predictor with values in the unit ball, even "
        "a constant one";
  }
}

// Notes.

const Known& known_in(const BoundsReport& report, const char* name) {
  return std::find_if(report.rows.begin(), report.rows.end(), [&](const BoundsRow& row) { return row.name == name; })
      ->value;
}

const Interval& value_of(const BoundsReport& report, const char* name) {
  return known_in(report, name).range();
}

std::string consistency_note(const BoundsReport& report, const ClosedFormInputs& inputs) {
  const Interval &m = value_of(report, "m"), &m_break = value_of(report, "m_break");
  const Interval &range = value_of(report, "C_consistent_min"), c = inputs.constants.at("e0.C", kDriverBits);
  std::string least = fmt::format("The least such $C$ is enclosed by {}", display(range));
  if (!range.is_finite()) least = "The least such $C$ could not be enclosed";
  if (certainly_less(m_break, m))
    return fmt::format(
        "Self-contradiction: at the width the statement itself asks for, $m$ = {}, the event behind it "
        "($\\lvert\\langle w_r,x_i\\rangle\\rvert\\le B$ for all $i,r$) fails with probability $>\\delta$ for a row "
        "of norm 1, since $m$ exceeds $m_{{break}}$ = {}: $B$ does not count the neurons. A larger $C$ mends it. {}; "
        "or put $\\log(mnd/\\delta)$ in place of $\\log(nd/\\delta)$.",
        display_power_of_ten(m), display_power_of_ten(m_break), least);
  if (certainly_less_equal(range.upper(), c))
    return fmt::format(
        "Consistent: at the width the statement asks for, $\\lvert\\langle w_r,x_i\\rangle\\rvert\\le B$ for all $i,r$ "
        "holds with probability at least $1-\\delta$ for every $n$ rows in the unit ball. {}.",
        least);
  return fmt::format(
      "At the width the statement asks for, one row of norm 1 does not certainly contradict the event behind it, and "
      "all $n$ rows are not certainly consistent with it. {}.",
      least);
}

std::string movement_note(const BoundsReport& report) {
  const Interval &moved = value_of(report, "D"), &radius = value_of(report, "R_convex");
  if (certainly_less(moved, radius)) return "$D<R_\\star$ certainly holds: the induction behind E4 can close.";
  if (certainly_less_equal(radius, moved))
    return "$D<R_\\star$ certainly fails: the induction behind E4 cannot close at these constants.";
  return "$D<R_\\star$ is not decided.";
}

void add_magnitude_notes(BoundsReport& report) {
  const Interval &m = value_of(report, "m"), &eta = value_of(report, "eta");
  if (certainly_less(power_of_two(1024, kDriverBits), m))
    report.notes.push_back("$m$ exceeds the largest double.");
  else if (certainly_less(power_of_two(30, kDriverBits), m))
    report.notes.push_back("$m$ exceeds $2^{30}$ neurons.");
  if (certainly_less(eta, 1 / power_of_two(1074, kDriverBits)))
    report.notes.push_back("$\\eta$ is below the smallest positive double.");
}

void add_notes(BoundsReport& report, const ClosedFormInputs& inputs) {
  const AtBits at(inputs, kDriverBits);
  report.notes.push_back(consistency_note(report, inputs));
  report.notes.push_back(movement_note(report));
  add_magnitude_notes(report);
  if (const Known& gamma = known_in(report, "Gamma_delta"); !gamma.is_defined())
    report.notes.push_back("`Gamma_delta`, and with it `score_bound`, is not defined: " + gamma.because() + ".");
  else if (certainly_less_equal(at.in.n, Interval::from_integer(2, at.bits)))
    report.notes.push_back("$\\log\\log n$ is negative at $n=2$: $\\Gamma_\\delta$ means little below $n=3$.");
  if (certainly_less_equal(at.samples(), at.in.epsilon))
    report.notes.push_back("$\\epsilon\\ge nd$: no step is needed.");
  if (!inputs.lambda_source.empty()) report.notes.push_back(inputs.lambda_source);
  report.notes.push_back("$\\lVert F(0)-Y\\rVert_F\\le\\sqrt n$ is used, which holds at paired initialization.");
  for (const BoundsRow& row : report.rows)
    if (row.value.is_defined() && !row.value.range().is_finite())
      report.notes.push_back(fmt::format("`{}`: an end is not known, or beyond $10^{{{}}}$, the largest number here.",
                                         row.name, largest_power_of_ten()));
}

}  // namespace

Known closed_form_value(const std::string& name, const ClosedFormInputs& inputs, const Precision& precision,
                        double relative_width) {
  for (const Form& form : forms())
    if (form.name == name) return sharpened(form, inputs, precision, relative_width);
  throw std::invalid_argument("closed_form_value: unknown bound '" + name + "'");
}

BoundsReport closed_form_report(const ClosedFormInputs& inputs, const Precision& precision) {
  BoundsReport report;
  report.inputs = input_texts(inputs);
  report.lambda = inputs.computed_lambda;
  const AtBits at(inputs, kDriverBits);
  for (const Form& form : forms()) {
    BoundsRow row;
    row.name = form.name;
    row.words = form.words;
    row.formula = form.formula;
    row.value = sharpened(form, inputs, precision);
    const Driver driver = form.driver(at);
    row.driver = driver.text;
    row.driven_by = driver.what;
    mark_vacuous(row, inputs);
    report.rows.push_back(std::move(row));
  }
  add_notes(report, inputs);
  for (const auto& [key, constant] : inputs.constants.all()) report.constants.emplace_back(key, constant);
  return report;
}

}  // namespace assay::app
