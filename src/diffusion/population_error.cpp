#include "diffusion/population_error.hpp"

#include <stdexcept>

#include "diffusion/expansion.hpp"

namespace assay {
namespace {

void check_line(const DataLaw& law) {
  if (law.dimension() != 1) throw std::invalid_argument("population_error: expected a law of dimension 1");
}

/// sum_k pi_k value(mean_k, variance_k), where X_t | k ~ N(mean_k, variance_k); t = 0 is X_0 itself.
template <class Value>
Interval over_components(const DataLaw& law, const Interval& alpha, const Interval& h, Value value) {
  const Bits bits = alpha.bits();
  const IntervalVector log_weights = law.log_weights(bits);
  Interval sum;
  for (Index k = 0; k < law.components(); ++k) {
    const Interval mean = alpha * Interval(law.centers(k, 0), bits);
    const Interval variance = sqr(alpha) * sqr(Interval(law.deviations(k, 0), bits)) + h;
    sum += exp(log_weights[static_cast<std::size_t>(k)]) * value(mean, variance);
  }
  return sum;
}

/// E Z^4 of N(m, v).
Interval fourth_moment(const Interval& m, const Interval& v) {
  return sqr(sqr(m)) + sqr(m) * v * 6 + sqr(v) * 3;
}

/// The bound of the tail in the header, for every time in t.
Interval upper_tail(const Process& process, const DataLaw& law, const Growth& growth, const Interval& t,
                    const Interval& bound) {
  const Interval outside = sqrt(nonnegative_part(tail_probability(process, law, t, bound)));
  const Interval of_noised = over_components(law, process.alpha(t), process.h(t), fourth_moment);
  const Interval of_data = over_components(law, Interval::from_integer(1, t.bits()), Interval(), fourth_moment);
  const Interval of_f = (power(growth.constant, 4) + power(growth.slope, 4) * of_noised) * 8;
  return (sqrt(of_f) + sqrt(of_data)) * outside * 2;
}

/// A bound R of |x| beyond which at most `allowed` is left.
Interval range_of_x(const Process& process, const DataLaw& law, const Growth& growth, const Interval& t,
                    double allowed) {
  const double reach = law.centers.cwiseAbs().maxCoeff() + law.deviations.maxCoeff() + 1;
  double factor = 1;
  while (factor < 1e9) {
    const Interval bound(factor * reach, t.bits());
    if (upper_tail(process, law, growth, t, bound).upper_double() <= allowed) return bound;
    factor *= 1.125;
  }
  throw std::invalid_argument("population_error: expected finite bounds of f");
}

JetFunction weighted_square(const Process& process, const DataLaw& law, const JetFunction& f) {
  return [&](const Jet& t, const Jet& x) {
    const LawExpansion at = expand(law, process, t, x);
    return at.density * sqr(f(t, x) - at.posterior_mean);
  };
}

Quadrature with_tail(Quadrature body, const Interval& tail, double width) {
  body.value = nonnegative_part(body.value + hull(Interval(), tail));
  body.reached = body.value.upper_double() - body.value.lower_double() <= width;
  return body;
}

/// What is left of the width for the quadrature itself.
QuadratureEffort without_tail(QuadratureEffort effort) {
  effort.width *= 0.9375;
  return effort;
}

}  // namespace

Interval tail_probability(const Process& process, const DataLaw& law, const Interval& t, const Interval& bound) {
  check_line(law);
  if (!certainly_nonnegative(bound)) throw std::invalid_argument("tail_probability: expected a bound >= 0");
  return over_components(law, process.alpha(t), process.h(t), [&](const Interval& mean, const Interval& variance) {
    const Interval root = sqrt(variance * 2);
    return (erfc((bound - mean) / root) + erfc((bound + mean) / root)) / 2;
  });
}

Quadrature population_error_at(const Process& process, const DataLaw& law, const JetFunction& f, const Growth& growth,
                               const Interval& t, const QuadratureEffort& effort) {
  check_line(law);
  const Interval bound = range_of_x(process, law, growth, t, effort.width / 16);
  const Quadrature body = integrate_over_x(weighted_square(process, law, f), t, -bound, bound, without_tail(effort));
  return with_tail(body, upper_tail(process, law, growth, t, bound), effort.width);
}

Quadrature population_error(const Process& process, const DataLaw& law, const JetFunction& f, const Growth& growth,
                            const Interval& t0, const Interval& t1, const QuadratureEffort& effort) {
  check_line(law);
  const Interval span = t1 - t0, times = hull(t0, t1);
  if (!certainly_positive(span)) throw std::invalid_argument("population_error: expected t0 < t1");
  const Interval bound = range_of_x(process, law, growth, times, effort.width / 16);
  const JetFunction mean_square = [&, inner = weighted_square(process, law, f)](const Jet& t, const Jet& x) {
    return inner(t, x) / span;
  };
  const Quadrature body = integrate(mean_square, t0, t1, -bound, bound, without_tail(effort));
  return with_tail(body, upper_tail(process, law, growth, times, bound), effort.width);
}

}  // namespace assay
