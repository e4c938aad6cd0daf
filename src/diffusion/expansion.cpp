#include "diffusion/expansion.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace assay {
namespace {

/// alpha from its formula; the value is refined by the caller.
Jet expand_alpha(const Process& process, const Jet& t) {
  const Bits bits = t.value().bits();
  const Interval first = process.first().at(bits);
  if (process.schedule() == Process::Schedule::cosine) {
    const Interval quarter_turn = Interval::pi(bits) / 2 / (first + 1);
    return cos((t + first) * quarter_turn) / cos(first * quarter_turn);
  }
  const Interval slope = process.second().at(bits) - first;
  return exp(-(t * (t * (slope / 2) + first) / Interval::from_integer(2, bits)));
}

/// One component N(mu, c^2) at time t: N(alpha mu, s), posterior mean (h mu + alpha c^2 x) / s.
struct ComponentExpansion {
  Interval log_weight, center;
  double deviation;
  Jet spread, away, mean;  // s, x - alpha mu, posterior mean

  Jet density() const {
    const Interval two_pi = Interval::pi(center.bits()) * 2;
    return exp(-(sqr(away) / (spread * Interval(2.0, 2)))) / sqrt(spread * two_pi) * exp(log_weight);
  }
  /// A guess of log density, for choosing a reference.
  double approx_log_density() const {
    const double s = spread.value().approx_double(), x = away.value().approx_double();
    return log_weight.approx_double() - x * x / (2 * s) - std::log(s) / 2;
  }
};

std::vector<ComponentExpansion> components_at(const DataLaw& law, const ProcessExpansion& at, const Jet& x, Bits bits) {
  const IntervalVector log_weights = law.log_weights(bits);
  std::vector<ComponentExpansion> result;
  for (Index k = 0; k < law.components(); ++k) {
    const Interval center(law.centers(k, 0), bits), square = sqr(Interval(law.deviations(k, 0), bits));
    const Jet spread = sqr(at.alpha) * square + at.h;
    result.push_back({.log_weight = log_weights[static_cast<std::size_t>(k)],
                      .center = center,
                      .deviation = law.deviations(k, 0),
                      .spread = spread,
                      .away = x - at.alpha * center,
                      .mean = (at.h * center + at.alpha * x * square) / spread});
  }
  return result;
}

/// log(w_k / w_r); with one deviation the squares cancel, as in NoisedLaw.
Jet log_ratio(const ComponentExpansion& k, const ComponentExpansion& r, const Jet& alpha, const Jet& x) {
  const Jet prior = Jet::constant(k.log_weight - r.log_weight, x.order());
  if (k.deviation == r.deviation)
    return prior + alpha * (x - alpha * ((k.center + r.center) / 2)) / k.spread * (k.center - r.center);
  return prior + (sqr(r.away) / r.spread - sqr(k.away) / k.spread - log(k.spread / r.spread)) * Interval(0.5, 2);
}

/// The mean of the components' means, around the one of the likeliest component.
Jet mean_of(const std::vector<ComponentExpansion>& components, const Jet& alpha, const Jet& x) {
  const auto less_likely = [](const auto& a, const auto& b) { return a.approx_log_density() < b.approx_log_density(); };
  const auto base = std::max_element(components.begin(), components.end(), less_likely);
  Jet total = Jet::constant(Interval(1.0, 2), x.order()), shift(x.order());
  Interval range = base->mean.value();
  for (auto part = components.begin(); part != components.end(); ++part) {
    if (part == base) continue;
    const Jet ratio = exp(log_ratio(*part, *base, alpha, x));
    total += ratio;
    shift += ratio * (part->mean - base->mean);
    range = hull(range, part->mean.value());
  }
  Jet mean = base->mean + shift / total;
  mean.refine_value(range);
  return mean;
}

}  // namespace

ProcessExpansion expand(const Process& process, const Jet& t) {
  Jet alpha = expand_alpha(process, t);
  alpha.refine_value(process.alpha(t.value()));
  Jet h = Jet::constant(Interval::from_integer(1, t.value().bits()), t.order()) - sqr(alpha);
  h.refine_value(process.h(t.value()));
  if (!certainly_positive(h.value())) throw std::invalid_argument("expand: expected a time t > 0");
  return {alpha, h};
}

LawExpansion expand(const DataLaw& law, const Process& process, const Jet& t, const Jet& x) {
  if (law.dimension() != 1) throw std::invalid_argument("expand: expected a law of dimension 1");
  const ProcessExpansion at = expand(process, t);
  const auto components = components_at(law, at, x, std::max(t.value().bits(), x.value().bits()));
  Jet density(x.order());
  for (const ComponentExpansion& component : components) density += component.density();
  return {density, mean_of(components, at.alpha, x)};
}

}  // namespace assay
