#include <fmt/format.h>

#include <cmath>

#include "data/neurons.hpp"
#include "descent/proof_on_setting.hpp"
#include "enclosure/decimal.hpp"
#include "theory/theorem.hpp"

namespace assay {
namespace {

const ConvergenceProof& proof(const Setting& setting) {
  return convergence(setting, Method::two_phase);
}

/// A number of the certificate, which says something only once the proof has succeeded.
template <class Bound>
Bound proved(const Setting& setting, const Bound& bound) {
  return proof(setting).certified() ? bound : Bound::unknown();
}

const Statement kernel_positive{.id = "kernel_positive",
                                .text = "$\\lambda_{\\min}(H(W))>0$ at the start",
                                .relation = Relation::greater,
                                .sides = [](const Setting& setting, Level level) {
                                  return Sides{setting.lambda_min(level), Interval::from_integer(0, level.bits), {}};
                                }};

const Statement step_within_limit{
    .id = "step_within_limit",
    .text = "$\\eta\\,m\\,\\lambda_{\\max}(H(W))\\le1$ at the start",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) {
      const Interval eta = Interval(proof(setting).certificate.eta, 64);
      return Sides{eta * setting.instance().m() * setting.lambda_max(level), Interval(1, 64)};
    }};

const Statement kernel_stays_positive{
    .id = "kernel_stays_positive",
    .scope = Scope::forever,
    .text =
        "$\\lambda_{\\min}(H(W(\\tau)))\\ge\\mu$ for every $\\tau\\ge\\tau_1$, the end of the first phase, with "
        "$\\mu>0$",
    .relation = Relation::greater,
    .sides =
        [](const Setting& setting, Level) {
          return Sides{proved(setting, proof(setting).certificate.mu), Interval(0, 64)};
        },
    .brief = "the smallest eigenvalue of the kernel stays at least $\\mu>0$ for all time"};

const Statement step_stays_within_limit{
    .id = "step_stays_within_limit",
    .scope = Scope::forever,
    .text = "$\\eta\\,m\\,\\lambda_{\\max}(H(W(\\tau)))\\le1$ for every $\\tau\\ge\\tau_1$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level) {
          return Sides{proved(setting, proof(setting).certificate.step_times_most), Interval(1, 64)};
        },
    .brief = "$\\eta\\,m\\,\\lambda_{\\max}(H)\\le1$ for all time"};

const Statement contraction{
    .id = "contraction",
    .scope = Scope::forever,
    .text =
        "$\\lVert F(\\tau+1)-Y\\rVert_F\\le\\theta\\,\\lVert F(\\tau)-Y\\rVert_F$ for every $\\tau\\ge\\tau_1$, with "
        "$\\theta<1$: gradient descent reaches zero loss",
    .relation = Relation::less,
    .sides =
        [](const Setting& setting, Level) {
          return Sides{proved(setting, proof(setting).certificate.theta), Interval(1, 64)};
        },
    .brief = "every step takes off a fixed part of the residual, for all time",
    .question = "Does gradient descent reach zero loss?"};

const Statement never_leaves_the_ball{
    .id = "never_leaves_the_ball",
    .scope = Scope::forever,
    .text =
        "from $\\tau_1$ on no neuron ever uses up more than its radius: "
        "$\\max_r\\bigl(\\varepsilon+\\beta_re_1/(m\\mu-\\eta\\gamma e_1)\\bigr)/R_r\\le1$, "
        "$e_1=\\lVert F(\\tau_1)-Y\\rVert_F$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level) {
          return Sides{proved(setting, proof(setting).certificate.needed_over_allowed), Interval(1, 64)};
        },
    .brief = "no neuron ever leaves its ball"};

const Statement no_first_order_change{
    .id = "no_first_order_change",
    .scope = Scope::instance,
    .text =
        "the sums of one and of three signs, $\\sum a_{\\ell,r}$ and $\\sum a_{\\ell,r}a_{k,r}a_{o,r}$, over the "
        "neurons of every weight vector are all 0, hence $k_3=0$: along $-J^\\top v$ the kernel has no first-order "
        "change, for every $v$",
    .relation = Relation::less_equal,
    .sides =
        [](const Setting& setting, Level level) {
          const Neurons neurons = arrange_neurons(setting.instance().w, setting.instance().a);
          const long magnitudes = odd_sign_sums(neurons);
          return Sides{Interval::from_integer(magnitudes, level.bits),
                       Interval::from_integer(0, level.bits),
                       {},
                       magnitudes == 0 ? "all of these sums are 0" : ""};
        },
    .inapplicable = [](const Setting& setting) -> std::optional<std::string> {
      if (!setting.neurons()->paired()) return "the start is not paired";
      if (!setting.is_stored()) return "the network is not kept in memory";
      return std::nullopt;
    },
    .brief = "along gradient descent the kernel of this paired network has no first-order change"};

/// Enclosures of |F(0) - Y|_F and |F(1) - Y|_F for one small step.
struct FirstStep {
  Interval before = Interval::whole_line(64), after = before, step_times_most = before;
};

FirstStep first_step(const Setting& setting) {
  const Ball& most = proof(setting).lambda_max;
  const auto m = static_cast<double>(setting.instance().m());
  const auto neurons = setting.neurons();
  FirstStep found;
  Orbit orbit(setting.instance().x, setting.instance().y, *neurons, 0.01 / (m * most.magnitude()), setting.threads());
  if (!orbit.step()) return found;
  found.before = enclosure_of(orbit.curve()[0].residual_norm);
  found.after = enclosure_of(orbit.curve()[1].residual_norm);
  found.step_times_most = Interval(orbit.eta(), 64) * setting.instance().m() * enclosure_of(most);
  return found;
}

const Statement twice_the_fastest_rate{
    .id = "twice_the_fastest_rate",
    .scope = Scope::instance,
    .text = "one step removes $2\\eta m\\lambda_{\\max}$ of the residual, twice what any direction allows",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level) {
      const FirstStep& step = setting.once<&first_step>();
      return Sides{step.after, (1 - 2 * step.step_times_most) * step.before, {}};
    }};

const Statement descent_stands_still{.id = "descent_stands_still",
                                     .scope = Scope::instance,
                                     .text = "$\\lVert F(1)-Y\\rVert_F\\ge\\lVert F(0)-Y\\rVert_F$",
                                     .relation = Relation::greater_equal,
                                     .sides = [](const Setting& setting, Level) {
                                       const FirstStep& step = setting.once<&first_step>();
                                       return Sides{step.after, step.before, {}};
                                     }};

/// A number of the certificate, or nothing if there is none.
template <class Read>
std::function<Known(const Setting&, Level)> of_certificate(Read read) {
  return [read](const Setting& setting, Level) {
    const ConvergenceProof& found = proof(setting);
    return found.certified() ? Known(read(found)) : Known();
  };
}

/// The contraction of one method as a claim of its own, which a sentence can rest on.
Claim contraction_of(const ConvergenceProof& found) {
  Claim claim;
  claim.id = "contraction";
  claim.relation = Relation::less;
  claim.lhs = found.certified() ? found.certificate.theta : AtMost::unknown();
  claim.rhs = Interval(1, 64);
  claim.verdict = decide(claim.lhs, claim.relation, claim.rhs);
  return claim;
}

std::vector<Sentence> in_words(const ConvergenceProof& found) {
  const std::string name = found.method == Method::ball   ? "The ball around the start"
                           : found.method == Method::tube ? "The tube around the path"
                                                          : "Two phases";
  if (!found.certified())
    return {Sentence::plain(fmt::format("{}: no conclusion ({}).", name, found.certificate.why_not))};
  const std::string steps = found.method == Method::two_phase
                                ? fmt::format(" after {} steps that were followed one by one", found.followed)
                                : std::string();
  return Sentence::if_decided(
      contraction_of(found), Verdict::holds,
      fmt::format("{}: convergence is proved{}; each step takes off at least {} of the residual.", name, steps,
                  lower_decimal(1 - found.certificate.theta.bound(), 3)));
}

std::vector<Sentence> notes(const Checked& checked) {
  std::vector<Sentence> all;
  for (const Method method : {Method::ball, Method::tube, Method::two_phase})
    append(all, in_words(convergence(checked.setting, method)));
  return all;
}

std::vector<Chart> charts(const Checked& checked) {
  const Setting& setting = checked.setting;
  const ConvergenceProof& found = proof(setting);
  if (!found.certified()) return {};
  Series followed{.label = "followed step by step (enclosed)", .style = Series::Style::band};
  constexpr std::size_t kMostPoints = 500;
  const std::size_t stride = found.curve.size() / kMostPoints + 1;
  for (std::size_t k = 0; k < found.curve.size(); k += stride) {
    const OrbitStep& step = found.curve[k];
    followed.x.push_back(static_cast<double>(step.tau));
    followed.y.push_back(step.residual_norm.lower());
    followed.high.push_back(step.residual_norm.upper());
  }
  Series forever{.label = "bound for all time", .style = Series::Style::line};
  const double e0 = found.certificate.e0.bound().upper_double();
  const double rate = std::log(found.certificate.theta.bound().upper_double());
  const double horizon =
      std::max(certified_horizon(found, setting.hyper().epsilon.at(64)).bound().upper_double(), 20.0);
  constexpr int kPoints = 200;
  for (int k = 0; k <= kPoints; ++k) {
    const double tau = horizon * k / kPoints;
    forever.x.push_back(static_cast<double>(found.followed) + tau);
    forever.y.push_back(e0 * std::exp(rate * tau));
  }
  Chart chart;
  chart.name = "loss";
  chart.title = "Residual under gradient descent";
  chart.x_axis = "step";
  chart.y_axis = "residual $\\lVert F-Y\\rVert_F$";
  chart.log_y = true;
  if (followed.x.size() > 1) chart.series.push_back(followed);
  chart.series.push_back(forever);
  return {chart};
}

const Theorem convergence_certificate{
    .title = "Gradient descent from this network reaches zero loss",
    .source = {"2405.03251", "Theorem 4.2, its conclusion, proved on one network", Provenance::derived},
    .hypotheses = {kernel_positive, step_within_limit},
    .claims = {kernel_stays_positive, step_stays_within_limit, contraction, never_leaves_the_ball,
               no_first_order_change},
    .falsehoods = {twice_the_fastest_rate, descent_stands_still},
    .quantities = {{"e0", "$\\lVert F(0)-Y\\rVert_F$ at the start",
                    [](const Setting& setting, Level level) { return setting.residual_norm(level); }},
                   {"e1", "$e_1=\\lVert F(\\tau_1)-Y\\rVert_F$ where the second phase starts",
                    of_certificate([](const ConvergenceProof& found) {
                      return found.curve.empty() ? found.start : enclosure_of(found.curve.back().residual_norm);
                    })},
                   {"mu", "$\\mu$: the smallest eigenvalue of $H$ at every step of the second phase",
                    of_certificate([](const ConvergenceProof& found) { return found.certificate.mu; })},
                   {"theta", "$\\theta$: the largest factor between two residuals of the second phase",
                    of_certificate([](const ConvergenceProof& found) { return found.certificate.theta; })},
                   {"eta", "$\\eta$, the step, an exact double (the nearest one to `--eta`, if that is given)",
                    of_certificate([](const ConvergenceProof& found) { return Interval(found.certificate.eta, 64); })},
                   {"followed_steps", "$\\tau_1$, the length of the first phase; 0 if none was needed",
                    of_certificate([](const ConvergenceProof& found) {
                      return Interval(static_cast<double>(found.followed), 64);
                    })},
                   {"T_cert", "first step from which on $\\lVert F-Y\\rVert_F^2\\le\\epsilon$",
                    [](const Setting& setting, Level level) {
                      return proved(setting, certified_horizon(proof(setting), setting.hyper().epsilon.at(level.bits)));
                    }},
                   {"radius_max", "the furthest that any weight vector ever is from its start",
                    of_certificate(
                        [](const ConvergenceProof& found) { return AtMost(Interval(found.largest_move, 64)); })}},
    .notes = notes,
    .charts = charts,
    .proved =
        "Exact gradient descent from exactly these weights drives the loss to zero: geometrically from the end of the "
        "first phase on, for all time.",
    .constants = {}};

const Registered registered{convergence_certificate};

}  // namespace
}  // namespace assay
