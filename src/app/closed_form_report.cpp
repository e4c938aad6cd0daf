#include "app/closed_form_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "network/input_error.hpp"
#include "report/display.hpp"

namespace assay::app {
namespace {

constexpr double kRelativeWidth = 1e-15;
constexpr Bits kDriverBits = 256;  // of what is only shown
constexpr Bits kPatience = 256;    // at which an infinite end is taken for what it is

Interval power_of_two(long exponent, Bits bits) {
  return power(Interval::from_integer(2, bits), exponent);
}

// What drives a bound.

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
std::string largest_factor(const std::vector<Factor>& factors, const Interval& whole) {
  const auto largest = std::max_element(factors.begin(), factors.end(), [](const Factor& a, const Factor& b) {
    return approx_magnitude(a.value) < approx_magnitude(b.value);
  });
  return fmt::format("{} = {} of {}", largest->label, magnitude(largest->value), magnitude(whole));
}

std::string largest_term(const std::vector<Factor>& terms, const Interval& whole) {
  const auto largest = std::max_element(terms.begin(), terms.end(), [](const Factor& a, const Factor& b) {
    return a.value.approx_double() < b.value.approx_double();
  });
  return fmt::format("the term {} = {} of {}", largest->label, magnitude(largest->value), magnitude(whole));
}

/// All closed forms at one precision.
struct AtBits {
  AtBits(const ClosedFormInputs& given, Bits precision)
      : bits(precision),
        constants(given.constants),
        in(given.bound_inputs(precision)),
        score_in(given.score_inputs(precision)),
        forms(constants, in, precision) {}

  Bits bits;
  const Constants& constants;
  BoundInputs in;
  ScoreInputs score_in;
  ClosedForms forms;

  Interval constant(const char* key) const { return constants.at(key, bits); }
  std::string text(const char* key) const { return constants[key].value.text(); }
  Interval samples() const { return in.n * in.d; }
  Interval exp_of_b(const char* key) const { return exp(constant(key) * forms.logit_bound()); }
  std::string exp_label(const char* key) const { return fmt::format("$e^{{{}B}}$", text(key)); }
  ScoreBound score() const { return score_bound(constants, score_in, bits); }
};

std::string logit_bound_driver(const AtBits& at) {
  const Interval term = at.constant("e0.C") * at.in.sigma * sqrt(at.forms.log_term());
  const std::string shown = fmt::format("$C\\sigma\\sqrt{{\\log(nd/\\delta)}}$ = {}", display(term, 4));
  if (certainly_less_equal(term, at.constant("e0.floor")))
    return fmt::format("the floor {}; {}", at.text("e0.floor"), shown);
  return fmt::format("{} with $\\sqrt{{\\log(nd/\\delta)}}$ = {}", shown, display(sqrt(at.forms.log_term()), 4));
}

std::string width_driver(const AtBits& at) {
  return largest_factor({{at.exp_label("e3.exponent"), at.exp_of_b("e3.exponent")},
                         {"$\\lambda^{-2}$", 1 / sqr(at.in.lambda)},
                         {"$n^2d^2$", sqr(at.samples())},
                         {"$\\log^2(nd/\\delta)$", sqr(at.forms.log_term())},
                         {"$c_m$", at.constant("e3.multiplier")}},
                        at.forms.width());
}

std::string step_driver(const AtBits& at) {
  return largest_factor({{"$1/m$", 1 / at.forms.width()},
                         {"$1/" + at.exp_label("e3.eta_exponent").substr(1), 1 / at.exp_of_b("e3.eta_exponent")},
                         {"$\\lambda$", at.in.lambda},
                         {"$1/(n^2d^2)$", 1 / sqr(at.samples())}},
                        at.forms.step_size());
}

std::string horizon_driver(const AtBits& at) {
  return largest_factor({{at.exp_label("e3.eta_exponent"), at.exp_of_b("e3.eta_exponent")},
                         {"$\\lambda^{-2}$", 1 / sqr(at.in.lambda)},
                         {"$n^2d^2$", sqr(at.samples())},
                         {"$\\log(nd/\\epsilon)$", log(at.samples() / at.in.epsilon)},
                         {"$c_T$", at.constant("e4.multiplier")}},
                        at.forms.time_horizon());
}

std::string movement_driver(const AtBits& at) {
  return largest_factor({{"$1/m$", 1 / at.forms.width()},
                         {at.exp_label("e4.D_exponent"), at.exp_of_b("e4.D_exponent")},
                         {"$1/\\lambda$", 1 / at.in.lambda},
                         {"$\\sqrt{nd}\\,\\lVert F(0)-Y\\rVert_F$", sqrt(at.samples()) * at.in.initial_error}},
                        at.forms.movement());
}

std::string perturbation_driver(const AtBits& at) {
  return largest_factor({{at.exp_label("e1.exponent"), at.exp_of_b("e1.exponent")},
                         {"$R$", at.in.radius},
                         {"$nd$", at.samples()},
                         {"the multiplier", at.constant("e1.multiplier")}},
                        at.forms.perturbation_bound());
}

std::string convex_driver(const AtBits& at) {
  return largest_factor({{"$1/" + at.exp_label("e2.exponent").substr(1), 1 / at.exp_of_b("e2.exponent")},
                         {"$\\lambda$", at.in.lambda},
                         {"$1/(nd)$", 1 / at.samples()}},
                        at.forms.convex_radius());
}

std::string break_driver(const AtBits& at) {
  const Interval tail = erfc(at.forms.logit_bound() / (at.in.sigma * sqrt(Interval::from_integer(2, at.bits))));
  return fmt::format("the Gaussian tail $P(\\lvert\\langle w,x\\rangle\\rvert>B)$ = {} at $\\lVert x\\rVert=1$",
                     display_power_of_ten(tail));
}

std::string gamma_driver(const AtBits& at) {
  const Interval scaled = sqr(at.in.d * at.score().a / at.in.lambda);
  const Interval second = scaled * (log(1 / at.in.delta) + log(log(at.in.n)));
  return largest_term({{"$(\\frac{2d^2A}\\lambda\\log^{3/2}\\ldots+\\frac1{\\sqrt n})^2$", at.score().gamma - second},
                       {"$\\frac{d^2A^2}{\\lambda^2}(\\log\\frac1\\delta+\\log\\log n)$", second}},
                      at.score().gamma);
}

std::string regularity_driver(const AtBits& at) {
  const ScoreBound score = at.score();
  return largest_factor(
      {{"$\\Lambda$", score.lambda_term},
       {"$(\\sqrt{R_{\\mathcal H}}/\\Lambda)^{-2/d}$",
        power(sqrt(at.score_in.rkhs_radius) / score.lambda_term, -2 / at.in.d)},
       {"$\\log(\\sqrt{R_{\\mathcal H}}/\\Lambda)$", log(sqrt(at.score_in.rkhs_radius) / score.lambda_term)},
       {"$c_1$", at.constant("e6.c_1")}},
      score.a);
}

std::string score_driver(const AtBits& at) {
  const ScoreBound score = at.score();
  return largest_term({{"$1/(\\lambda\\sqrt n)$ (coupling)", score.coupling},
                       {"$\\varepsilon(n,\\hat T)$ (early stopping)", score.stopping},
                       {"$dA^2$ (approximation)", score.approximation_squared},
                       {"$dA$ (approximation)", score.approximation},
                       {"$\\sqrt{dA\\,\\Gamma_\\delta}$ (approximation and labels)", score.mixed},
                       {"$\\Gamma_\\delta$ (noisy labels)", score.gamma}},
                      score.total);
}

// The rows.

struct Form {
  const char* name;
  const char* formula;
  std::function<Interval(const AtBits&)> value;
  std::function<std::string(const AtBits&)> driver;
};

std::vector<Form> forms() {
  const auto says = [](const char* text) { return [text](const AtBits&) { return std::string(text); }; };
  return {
      {"B", "$\\max\\{C\\sigma\\sqrt{\\log(nd/\\delta)},1\\}$", [](const AtBits& at) { return at.forms.logit_bound(); },
       logit_bound_driver},
      {"R_perturbation_max", "$R\\in(0,R_{\\max})$", [](const AtBits& at) { return at.constant("e1.radius_max"); },
       says("a condition of the statement (e1.radius_max)")},
      {"perturbation_bound", "$R\\,nd\\,e^{10B}$", [](const AtBits& at) { return at.forms.perturbation_bound(); },
       perturbation_driver},
      {"R_convex", "$\\lambda/(2nd\\,e^{10B})$", [](const AtBits& at) { return at.forms.convex_radius(); },
       convex_driver},
      {"m", "$c_m\\lambda^{-2}n^2d^2e^{18B}\\log^2(nd/\\delta)$", [](const AtBits& at) { return at.forms.width(); },
       width_driver},
      {"eta", "$0.1\\lambda/(m\\,n^2d^2e^{16B})$", [](const AtBits& at) { return at.forms.step_size(); }, step_driver},
      {"T_hat", "$c_T(m\\eta\\lambda)^{-1}\\log(nd/\\epsilon)$",
       [](const AtBits& at) { return at.forms.time_horizon(); }, horizon_driver},
      {"D", "$8e^{2B}\\sqrt{nd}\\,\\lVert F(0)-Y\\rVert_F/(m\\lambda)$",
       [](const AtBits& at) { return at.forms.movement(); }, movement_driver},
      {"m_break", "$2\\log(1-\\delta)/\\log(1-\\mathrm{erfc}(B/(\\sigma\\sqrt2)))$",
       [](const AtBits& at) { return at.forms.break_width(); }, break_driver},
      {"C_consistent_min", "smallest $C$ without contradiction at $m(C)$",
       [](const AtBits& at) { return at.forms.consistent_c(); },
       says("a gap between two bounds: contradiction below it (one row), none above it (all rows)")},
      {"Gamma_delta", "$\\Gamma_\\delta$ of Theorem 6.6", [](const AtBits& at) { return at.score().gamma; },
       gamma_driver},
      {"A_RH", "$c_1\\Lambda(\\sqrt{R_{\\mathcal H}}/\\Lambda)^{-2/d}\\log(\\sqrt{R_{\\mathcal H}}/\\Lambda)$",
       [](const AtBits& at) { return at.score().a; }, regularity_driver},
      {"score_bound", "right-hand side of Theorem 6.6", [](const AtBits& at) { return at.score().total; },
       score_driver},
  };
}

/// The value with as many bits as its width asks for; a width that twice the bits did not halve is not due to rounding.
Interval sharpened(const Form& form, const ClosedFormInputs& inputs, const Precision& precision) {
  Interval value = Interval::whole_line(64);
  refine(precision, [&](Bits bits) {
    const double before = value.relative_width();
    value = form.value(AtBits(inputs, bits));
    const double width = value.relative_width();
    const bool stalled = bits > precision.start && width >= before / 2;
    return width <= kRelativeWidth || (stalled && (std::isfinite(width) || bits >= kPatience));
  });
  return value;
}

// What is vacuous, by certified comparisons alone.

void mark_vacuous(BoundsRow& row, const ClosedFormInputs& inputs) {
  const AtBits at(inputs, kDriverBits);
  if (row.name == "perturbation_bound" &&
      certainly_less_equal(8 * power_of_two(30, at.bits) * at.samples(), row.value)) {
    row.vacuous = true;
    row.vacuous_why =
        "at least $8m\\,nd$ for every width $m\\le2^{30}$, which holds at all weights whatsoever because every entry "
        "of "
        "$H$ is at most $4m$";
  }
  if (row.name == "score_bound" && certainly_less(Interval::from_integer(4, at.bits), row.value)) {
    row.vacuous = true;
    row.vacuous_why =
        "larger than 4, which bounds $\\lVert f_W-f_*\\rVert^2$ for every predictor with values in the unit ball, even "
        "a constant one";
  }
}

// Notes.

const Interval& value_of(const BoundsReport& report, const char* name) {
  return std::find_if(report.rows.begin(), report.rows.end(), [&](const BoundsRow& row) { return row.name == name; })
      ->value;
}

std::string consistency_note(const BoundsReport& report, const ClosedFormInputs& inputs) {
  const Interval &m = value_of(report, "m"), &m_break = value_of(report, "m_break");
  const Interval &range = value_of(report, "C_consistent_min"), c = inputs.constants.at("e0.C", kDriverBits);
  std::string least = fmt::format("The least such $C$ is enclosed by {}", display(range));
  if (!range.is_finite()) least = "The least such $C$ could not be enclosed";
  if (certainly_less(m_break, m))
    return fmt::format(
        "Self-contradiction: at the width the statement itself asks for, $m$ = {}, the event behind it "
        "($\\lvert\\langle w_r,x_i\\rangle\\rvert\\le B$ for all $i,r$) fails with probability $>\\delta$ for a row of "
        "norm "
        "1, since $m$ exceeds $m_{{break}}$ = {}: $B$ does not count the neurons. A larger $C$ mends it. {}; or put "
        "$\\log(mnd/\\delta)$ in place of $\\log(nd/\\delta)$.",
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
  if (certainly_less_equal(at.in.n, Interval::from_integer(1, at.bits)))
    report.notes.push_back("$\\log\\log n$ is not defined at $n=1$: nothing is known of $\\Gamma_\\delta$ there.");
  else if (certainly_less_equal(at.in.n, Interval::from_integer(2, at.bits)))
    report.notes.push_back("$\\log\\log n$ is negative at $n=2$: $\\Gamma_\\delta$ means little below $n=3$.");
  if (certainly_less_equal(at.samples(), at.in.epsilon))
    report.notes.push_back("$\\epsilon\\ge nd$: the time horizon is not positive, no step is needed.");
  report.notes.push_back("$\\lVert F(0)-Y\\rVert_F\\le\\sqrt n$ is used, which holds at paired initialization.");
  for (const BoundsRow& row : report.rows)
    if (!row.value.is_finite())
      report.notes.push_back(fmt::format("`{}`: an end is not known, or beyond the range of MPFR.", row.name));
}

std::vector<std::pair<std::string, std::string>> input_texts(const ClosedFormInputs& inputs) {
  const Interval rkhs = inputs.score_inputs(kDriverBits).rkhs_radius;
  const std::string rkhs_default = rkhs.is_point() ? display(rkhs, 12) : "100 d c_Lambda^2";
  return {{"n", inputs.n.text()},
          {"d", inputs.d.text()},
          {"d_in", inputs.d_in.value_or(inputs.d).text()},
          {"sigma", inputs.sigma.text()},
          {"delta", inputs.delta.text()},
          {"epsilon", inputs.epsilon.text()},
          {"lambda", inputs.lambda.text()},
          {"C", inputs.constants["e0.C"].value.text()},
          {"radius", inputs.radius.value_or(inputs.constants["e1.radius_max"].value).text()},
          {"rkhs_radius", inputs.rkhs_radius ? inputs.rkhs_radius->text() : rkhs_default},
          {"early_stopping", inputs.early_stopping.text()}};
}

void require(bool satisfied, const char* option, const char* expected, const Decimal& value) {
  if (!satisfied) throw InputError(fmt::format("{}: expected {}, found {}", option, expected, value.text()));
}

void require_count(const char* option, const Decimal& value) {
  // An integer power of ten times digits; "2.50e1" is none of the ways in which people write 25.
  const std::string& text = value.text();
  const auto e = std::min(text.find_first_of("eE"), text.size());
  const bool digits = text.find_first_not_of("0123456789") >= e;
  const bool exponent = e == text.size() || text.find_first_not_of("+0123456789", e + 1) == std::string::npos;
  require(digits && exponent && certainly_positive(value.at(kDriverBits)), option,
          "a positive integer such as 12 or 1e6", value);
}

}  // namespace

BoundInputs ClosedFormInputs::bound_inputs(Bits bits) const {
  const Interval count = n.at(bits);
  return {count,
          d.at(bits),
          sigma.at(bits),
          delta.at(bits),
          epsilon.at(bits),
          lambda.at(bits),
          radius ? radius->at(bits) : constants.at("e1.radius_max", bits),
          sqrt(count)};
}

ScoreInputs ClosedFormInputs::score_inputs(Bits bits) const {
  const Interval rkhs = rkhs_radius ? rkhs_radius->at(bits) : 100 * d.at(bits) * sqr(constants.at("e6.c_Lambda", bits));
  return {n.at(bits), d.at(bits), lambda.at(bits), delta.at(bits), rkhs, early_stopping.at(bits)};
}

void require_valid(const ClosedFormInputs& inputs) {
  const auto at = [](const Decimal& value) { return value.at(kDriverBits); };
  const auto positive = [&](const char* option, const Decimal& value) {
    require(certainly_positive(at(value)), option, "a positive number", value);
  };
  require_count("--n", inputs.n);
  require_count("--d", inputs.d);
  if (inputs.d_in) require_count("--d-in", *inputs.d_in);
  positive("--sigma", inputs.sigma);
  positive("--epsilon", inputs.epsilon);
  positive("--lambda", inputs.lambda);
  require(certainly_positive(at(inputs.delta)) && certainly_less(at(inputs.delta), Interval::from_integer(1, 64)),
          "--delta", "a probability in (0, 1)", inputs.delta);
  if (inputs.radius) require(certainly_nonnegative(at(*inputs.radius)), "--radius", "R >= 0", *inputs.radius);
  require(certainly_nonnegative(at(inputs.early_stopping)), "--early-stopping", "a number >= 0", inputs.early_stopping);
  const ScoreInputs score = inputs.score_inputs(kDriverBits);
  const Interval least = sqr(inputs.constants.at("e6.c_Lambda", kDriverBits)) * score.d;
  if (!certainly_less(least, score.rkhs_radius))
    throw InputError(fmt::format("--rkhs-radius: expected R_H above Lambda^2 = c_Lambda^2 d = {}, found {}",
                                 display(least), display(score.rkhs_radius)));
}

BoundsReport closed_form_report(const ClosedFormInputs& inputs, const Precision& precision) {
  BoundsReport report;
  report.inputs = input_texts(inputs);
  const AtBits at(inputs, kDriverBits);
  for (const Form& form : forms()) {
    BoundsRow row;
    row.name = form.name;
    row.formula = form.formula;
    row.value = sharpened(form, inputs, precision);
    row.driver = form.driver(at);
    mark_vacuous(row, inputs);
    report.rows.push_back(std::move(row));
  }
  add_notes(report, inputs);
  for (const auto& [key, constant] : inputs.constants.all()) report.constants.emplace_back(key, constant);
  return report;
}

}  // namespace assay::app
