#include "diffusion/expansion.hpp"

#include <cmath>
#include <stdexcept>

namespace assay {
namespace {

std::size_t at(Index k) {
  return static_cast<std::size_t>(k);
}

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
  Interval log_weight, center, square;
  Jet spread, away;  // s, x - alpha mu

  Jet density() const {
    const Interval two_pi = Interval::pi(center.bits()) * 2;
    return exp(-(sqr(away) / (spread * Interval(2.0, 2)))) / sqrt(spread * two_pi) * exp(log_weight);
  }
};

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
  const Bits bits = std::max(t.value().bits(), x.value().bits());
  const auto [alpha, h] = expand(process, t);
  const IntervalVector log_weights = law.log_weights(bits);
  std::vector<ComponentExpansion> components;
  Jet density(x.order());
  std::size_t likeliest = 0;
  double best = -INFINITY;
  for (Index k = 0; k < law.components(); ++k) {
    const Interval center(law.centers(k, 0), bits), square = sqr(Interval(law.deviations(k, 0), bits));
    components.push_back({log_weights[at(k)], center, square, sqr(alpha) * square + h, x - alpha * center});
    density += components.back().density();
    // A guess of the likeliest component, to which the others are compared; any choice is valid.
    const double s = components.back().spread.value().approx_double();
    const double away = x.value().approx_double() - alpha.value().approx_double() * law.centers(k, 0);
    const double likelihood = log_weights[at(k)].approx_double() - away * away / (2 * s) - std::log(s) / 2;
    if (likelihood > best) best = likelihood, likeliest = at(k);
  }
  const auto mean_of = [&](const ComponentExpansion& part) {
    return (h * part.center + alpha * x * part.square) / part.spread;
  };
  const ComponentExpansion& base = components[likeliest];
  const Jet base_mean = mean_of(base);
  Jet total = Jet::constant(Interval::from_integer(1, bits), x.order()), shift(x.order());
  Interval range = base_mean.value();
  for (std::size_t k = 0; k < components.size(); ++k) {
    if (k == likeliest) continue;
    const ComponentExpansion& part = components[k];
    const bool one_spread =
        law.deviations(static_cast<Index>(k), 0) == law.deviations(static_cast<Index>(likeliest), 0);
    Jet exponent = Jet::constant(part.log_weight - base.log_weight, x.order());
    if (one_spread) {
      const Interval step = part.center - base.center, middle = (part.center + base.center) / 2;
      exponent += alpha * (x - alpha * middle) / part.spread * step;
    } else {
      const Interval half = Interval(0.5, 2);
      exponent += (sqr(base.away) / base.spread - sqr(part.away) / part.spread - log(part.spread / base.spread)) * half;
    }
    const Jet ratio = exp(exponent), mean = mean_of(part);
    total += ratio;
    shift += ratio * (mean - base_mean);
    range = hull(range, mean.value());
  }
  Jet mean = base_mean + shift / total;
  mean.refine_value(range);
  return {density, mean};
}

}  // namespace assay
