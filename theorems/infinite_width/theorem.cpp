#include "models/infinite_width.hpp"

#include <fmt/format.h>

#include "chance/binomial.hpp"
#include "setting/hypotheses.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

Interval lambda(const Setting& setting, Level level) {
  return limit_lambda_min(setting, softmax(), level);
}

const IntervalMatrix& limit(const Setting& setting, const Model& model, Level level) {
  return limit_kernel_of(setting, model, level);
}

/// 1 if lambda_min(K_inf) is certainly positive by its enclosure, 0 if it is exactly 0, else [0, 1].
Interval sign_of_spectrum(const Setting& setting, const Model& model, Level level) {
  const Interval least = limit_lambda_min(setting, model, level);
  if (certainly_positive(least)) return Interval::from_integer(1, level.bits);
  if (least.is_point()) return Interval::from_integer(0, level.bits);
  return Interval::between(0, 1, level.bits);
}

std::string on_both_routes(bool positive, const Interval& sign) {
  const char* const by_rows = positive ? "positive" : "singular";
  if (!sign.is_point()) return fmt::format("{} by the rows, open by the spectrum", by_rows);
  const char* const by_spectrum = certainly_positive(sign) ? "positive" : "singular";
  if (std::string_view(by_rows) == by_spectrum) return fmt::format("{} on both routes", by_rows);
  return fmt::format("{} by the rows, {} by the spectrum", by_rows, by_spectrum);
}

Statement decided_on_the_data(const Model& model) {
  return {
      .id = model.id() + "_positive_by_rows",
      .scope = Scope::instance,
      .text = fmt::format(
          "for {}, $\\lambda_{{\\min}}(K_\\infty)>0$ exactly if {}: on these rows the data and the enclosed spectrum "
          "decide alike",
          model.name(), model.condition()),
      .relation = Relation::less_equal,
      .sides =
          [&model](const Setting& setting, Level level) {
            const bool positive = !model.limit_degeneracy(setting.instance().x);
            const Interval decision = Interval::from_integer(positive ? 1 : 0, level.bits);
            const Interval sign = sign_of_spectrum(setting, model, level);
            return Sides{
                abs(decision - sign), Interval::from_integer(0, level.bits), {}, on_both_routes(positive, sign)};
          },
      .brief = fmt::format("for {}, the data and the enclosed spectrum decide alike whether $K_\\infty$ is singular",
                           model.name())};
}

/// No even width is below 2.
Interval from_two(Bits bits) {
  return nonnegative_line(bits) + 2;
}

bool is_singular(const Setting& setting) {
  return softmax().limit_degeneracy(setting.instance().x).has_value();
}

Known limit_is_singular() {
  return Known::undefined("$K_\\infty$ is singular, so there is no half of its smallest eigenvalue to keep");
}

/// The width from which on the distance is at most a half of `scale`; no width is below 2.
AtMost width_informative(const Setting& setting, const Interval& scale, Level level) {
  if (!certainly_positive(scale)) return AtMost::unknown();
  return width_for_distance(setting, scale.lower() / 2, level);
}

/// The width from which on the distance is at most lambda_min(K_inf) / 2.
Known width_for_eigenvalue(const Setting& setting, Level level) {
  if (is_singular(setting)) return limit_is_singular();
  return Known(width_informative(setting, lambda(setting, level), level)).within(from_two(level.bits));
}

Known width_half(const Setting& setting, Level level) {
  if (is_singular(setting)) return limit_is_singular();
  return Known(width_for_half(setting, level)).within(from_two(level.bits));
}

/// t(m, delta), or what holds at every W: |H|_F <= m d |XX'|_F.
AtMost distance_bound(const Setting& setting, const Interval& m, Level level) {
  const Index d = setting.instance().d();
  const Interval outputs = Interval::from_integer(d, level.bits);
  const Interval always = m * d * frobenius_norm(setting.gram(level.bits)) +
                          sqrt(outputs) * frobenius_norm(limit(setting, softmax(), level));
  return AtMost(min(concentration(setting, level).upper_distance(m, setting.delta(level.bits)), always));
}

AtMost own_bound(const Setting& setting, Level level) {
  return distance_bound(setting, Interval::from_integer(setting.instance().m(), level.bits), level);
}

/// t(4 m) and a fraction of t(m), at the width where the bound falls below half of |K_inf|_F.
Sides rate_sides(const Setting& setting, Level level, long divisor) {
  const Interval scale = frobenius_norm(limit(setting, softmax(), level));
  if (scale.is_point() && scale.contains_zero()) return {Known::undefined("$K_\\infty=0$"), {}};
  const Interval m = width_informative(setting, scale, level).bound();
  if (!m.is_finite()) return {};
  const KernelConcentration& bounds = concentration(setting, level);
  const Interval delta = setting.delta(level.bits);
  return {bounds.upper_distance(4 * m, delta), bounds.upper_distance(m, delta) / divisor};
}

/// The trials run at the instance's width, or at this one if that is larger.
constexpr Index kWidestTrial = 1 << 18;

struct Limits {
  Frequency frequency;
  BinomialLimits probability;
};

Limits make_limits(const Setting& setting, Level level) {
  const Index m = std::max<Index>(2, std::min(setting.instance().m(), kWidestTrial) / 2 * 2);
  const AtMost bound = distance_bound(setting, Interval::from_integer(m, level.bits), level);
  const Frequency frequency = frequency_within(setting, m, bound.bound());
  return {frequency, clopper_pearson(frequency, Interval::ratio(1, 1000, level.bits), level.bits)};
}

const Limits& limits(const Setting& setting, Level level) {
  return setting.once<&make_limits>(level);
}

const Statement rate_of_the_bound{
    .id = "distance_bound_halves",
    .scope = Scope::probability,
    .text =
        "the bound falls at least like $m^{-1/2}$: $t(4m,\\delta)\\le t(m,\\delta)/2$ at the width where it reaches "
        "$\\lVert K_\\infty\\rVert_F/2$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) { return rate_sides(setting, level, 2); },
    .brief = "the bound of the distance to the limit falls at least like $m^{-1/2}$"};

const Statement half_of_the_limit{
    .id = "half_of_the_limit_from_m_conc",
    .scope = Scope::probability,
    .text =
        "for every $m\\ge m_{conc}$, with probability at least $1-\\delta$, "
        "$\\lambda_{\\min}(H(0))\\ge\\lambda_{\\min}(K_\\infty)/2$",
    .relation = Relation::greater_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const Interval half = Interval::ratio(1, 2, level.bits);
          if (is_singular(setting)) return Sides{limit_is_singular(), half};
          const AtMost m = width_for_half(setting, level);
          if (!m.is_finite()) return Sides{AtLeast::unknown(), half};
          return Sides{concentration(setting, level).lower_fraction(m.bound(), setting.delta(level.bits)), half};
        },
    .brief =
        "from a width on, with probability at least $1-\\delta$, "
        "$\\lambda_{\\min}(H(0))\\ge\\lambda_{\\min}(K_\\infty)/2$"};

const Statement frequency_agrees{
    .id = "frequency_agrees",
    .scope = Scope::probability,
    .text =
        "the drawn initializations do not contradict the bound: the upper Clopper-Pearson limit (99.9%) of "
        "$P(\\lVert H(0)-I_d\\otimes K_\\infty\\rVert_F\\le t(m,\\delta))$ is at least $1-\\delta$",
    .relation = Relation::greater_equal,
    .sides =
        [](const Setting& setting, Level level) {
          return Sides{limits(setting, level).probability.upper, 1 - setting.delta(level.bits)};
        },
    .brief = "the drawn initializations do not contradict that bound (limits at 99.9%)"};

const Statement twice_the_eigenvalue{.id = "twice_the_smallest_eigenvalue",
                                     .text = "$\\lambda_{\\min}(K_\\infty)$ is at least twice itself",
                                     .relation = Relation::greater_equal,
                                     .sides = [](const Setting& setting, Level level) {
                                       const Interval least = lambda(setting, level);
                                       return Sides{least, 2 * least, {}};
                                     }};

const Statement limit_of_exp{
    .id = "limit_without_normalization",
    .text = "the limit kernel of the exp network is that of softmax, without the normalization",
    .sides = [](const Setting& setting, Level level) {
      const IntervalMatrix soft = limit(setting, softmax(), level);
      return Sides{
          frobenius_norm(limit(setting, exponential(), level) - soft), Interval::from_integer(0, level.bits), {}};
    }};

const Statement limit_is_linear{.id = "limit_without_exponential",
                                .text = "$\\mathrm{tr}K_\\infty\\le\\lVert X\\rVert_F^2$",
                                .sides = [](const Setting& setting, Level level) {
                                  const IntervalMatrix soft = limit(setting, softmax(), level);
                                  Interval trace, squares;
                                  for (Index i = 0; i < soft.rows(); ++i) {
                                    trace += soft(i, i);
                                    squares += setting.gram(level.bits)(i, i);
                                  }
                                  return Sides{trace, squares, {}};
                                }};

const Statement rate_too_fast{
    .id = "distance_bound_quarters",
    .scope = Scope::probability,
    .text = "the bound falls like $1/m$: $t(4m,\\delta)\\le t(m,\\delta)/4$",
    .sides = [](const Setting& setting, Level level) { return rate_sides(setting, level, 4); }};

Quantity eigenvalue(const Model& model) {
  return {&model == &softmax() ? "lambda_min_K_inf" : "lambda_min_K_" + model.id(),
          fmt::format("$\\lambda_{{\\min}}(K_\\infty)$ for {}", model.name()),
          [&model](const Setting& setting, Level level) { return limit_lambda_min(setting, model, level); }};
}

std::vector<Sentence> notes(const Checked& checked) {
  std::vector<Sentence> notes;
  for (const Model* model : models())
    if (const auto degeneracy = model->limit_degeneracy(checked.setting.instance().x))
      notes.push_back(
          Sentence::plain(fmt::format("{}: {}; so its smallest eigenvalue is 0.", model->name(), degeneracy->reason)));
  const Frequency& frequency = limits(checked.setting, checked.level()).frequency;
  notes.push_back(
      Sentence::plain(fmt::format("Of {} drawn initializations {} are within the bound, {} outside, {} "
                                  "undecided.",
                                  frequency.trials, frequency.within, frequency.outside, frequency.undecided())));
  return notes;
}

std::vector<Quantity> widths_and_distances() {
  return {{"distance_F", "$\\lVert H(0)-I_d\\otimes K_\\infty\\rVert_F$ of this network", distance_to_limit},
          {"distance_bound",
           "what the distance exceeds with probability $\\delta$ at this width: at most $t(m,\\delta)$", own_bound},
          {"within_probability",
           "exact binomial limits (99.9%) of the probability that the distance is at most $t(m,\\delta)$, from drawn "
           "initializations",
           [](const Setting& setting, Level level) {
             const BinomialLimits& found = limits(setting, level).probability;
             return Known::between(AtLeast(found.lower), AtMost(found.upper));
           },
           true},
          {"m_distance", "width from which on $t(m,\\delta)\\le\\lambda_{\\min}(K_\\infty)/2$", width_for_eigenvalue},
          {"m_conc",
           "width from which on $\\lambda_{\\min}(H(0))\\ge\\lambda_{\\min}(K_\\infty)/2$ with probability at least "
           "$1-\\delta$",
           width_half}};
}

Theorem infinite_width() {
  std::vector<Statement> claims;
  std::vector<Quantity> quantities;
  for (const Model* model : models()) {
    claims.push_back(decided_on_the_data(*model));
    quantities.push_back(eigenvalue(*model));
  }
  for (const Statement& claim : {rate_of_the_bound, half_of_the_limit, frequency_agrees}) claims.push_back(claim);
  for (const Quantity& quantity : widths_and_distances()) quantities.push_back(quantity);
  return {.title = "The kernel at infinite width, and how far a drawn network is from it",
          .source = {"2405.03251", "limit of H(0), made quantitative here", Provenance::derived},
          .hypotheses = {inputs_in_unit_ball()},
          .claims = claims,
          .falsehoods = {twice_the_eigenvalue, limit_of_exp, limit_is_linear, rate_too_fast},
          .quantities = quantities,
          .notes = notes,
          .charts = [](const Checked& checked) { return infinite_width_charts(checked.setting, checked.level()); },
          .proved =
              "Whether the kernel of infinite width is singular is decided by the rows alone; from the width m_conc "
              "on, the drawn kernel keeps half of its smallest eigenvalue with probability at least $1-\\delta$.",
          .constants = {}};
}

const Registered registered{infinite_width};

}  // namespace
}  // namespace assay
