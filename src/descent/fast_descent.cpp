#include <cmath>

#include "descent/descent_run.hpp"
#include "network/fast_network.hpp"

namespace assay {

namespace {

std::size_t size(Index k) {
  return static_cast<std::size_t>(k);
}

Ball widened(const Ball& ball, double radius) {
  return {ball.middle, inflated(ball.radius + radius)};
}

/// Upper bound of exp(t) - 1, t >= 0.
double upper_expm1(double t) {
  return t <= 1 ? inflated(t + t * t) : std::numeric_limits<double>::infinity();
}

/// <x_i, x_j>.
std::vector<Ball> input_products(const RealMatrix& x) {
  std::vector<Ball> products;
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.rows(); ++j) {
      Ball sum;
      for (Index k = 0; k < x.cols(); ++k) sum = sum + Ball{x(i, k), 0} * Ball{x(j, k), 0};
      products.push_back(sum);
    }
  return products;
}

/// sum of q_i q_j over a class, for every W as close to the computed one as the exact orbit is: each q is off by a
/// factor within exp(+-2 rho).
std::vector<Ball> class_gram(const fast::NetworkSums& sums, const fast::NetworkSums::Class& part, const Orbit& orbit) {
  std::vector<Ball> gram;
  const auto m = static_cast<double>(sums.m);
  for (Index i = 0; i < sums.n; ++i)
    for (Index j = 0; j < sums.n; ++j) {
      const double error = inflated(2 * fast::gram_error(sums, i, j)) * part.gram(i, j) + sums.absolute_error;
      const Ball raw{part.gram(i, j), inflated(error)};
      const Ball value = raw * Ball{m, 0} * Ball{m, 0} / (fast::total_of(sums, i) * fast::total_of(sums, j));
      const double spread = orbit.upper_logit_change(i) + orbit.upper_logit_change(j);
      gram.push_back(widened(value, inflated(upper_expm1(inflated(2 * spread)) * value.magnitude())));
    }
  return gram;
}

/// The exact orbit's network, from the computed one and the distance between them.
NetworkAt<Ball> network_at(const Orbit& orbit, const fast::NetworkSums& sums, const std::vector<long>& shifts) {
  NetworkAt<Ball> at;
  for (const auto& [mask, part] : sums.classes) at.classes.push_back({mask, class_gram(sums, part, orbit)});
  const double output_change = inflated(orbit.upper_jacobian() * orbit.upper_distance());
  for (Index k = 0; k < sums.n * sums.d; ++k) {
    at.p.push_back(widened(orbit.outputs().p[size(k)], orbit.upper_logit_change(k % sums.n)));
    at.e.push_back(widened(orbit.outputs().e[size(k)], output_change));
  }
  for (Index i = 0; i < sums.n; ++i) {
    // In units of the first step's shift.
    const double unit = std::ldexp(1.0, static_cast<int>(orbit.shifts()[size(i)] - shifts[size(i)]));
    const Ball alpha = orbit.outputs().alpha[size(i)] * Ball{unit, 0};
    at.alpha.push_back(widened(alpha, inflated(upper_expm1(orbit.upper_logit_change(i)) * alpha.magnitude())));
  }
  return at;
}

Interval within(const Ball& ball, double radius) {
  return enclosure_of(widened(ball, radius));
}

RunStep facts_of(const Orbit& orbit, const fast::KernelBall& kernel, double m) {
  const OrbitStep& step = orbit.curve().back();
  // |J'J'' - J J'|_2 <= 2 |J| change + change^2, m H = J J'.
  const double change = orbit.upper_jacobian_change();
  const double kernel_change = inflated(change * (2 * orbit.upper_jacobian() + change) / m);
  RunStep facts;
  facts.squared_residual = sqr(nonnegative_part(enclosure_of(step.residual_norm)));
  facts.largest_move = Interval::between(step.lower_largest_move, step.upper_largest_move, 64);
  facts.lambda_min = nonnegative_part(within(fast::lambda_min(kernel.symmetric()), kernel_change));
  facts.lambda_max = within(fast::lambda_max(kernel.symmetric()), kernel_change);
  return facts;
}

FourTerms<Interval> enclosed(const FourTerms<Ball>& t) {
  const auto e = [](const Ball& ball) { return enclosure_of(ball); };
  return {e(t.c0),
          e(t.c1),
          e(t.c2),
          e(t.c3),
          e(t.clean_c1),
          e(t.clean_c2),
          nonnegative_part(e(t.squared_remainder)),
          nonnegative_part(e(t.squared_residual))};
}

std::vector<Ball> outputs_of(const NetworkAt<Ball>& at, const RealMatrix& y) {
  std::vector<Ball> f;
  for (Index k = 0; k < y.size(); ++k) f.push_back(at.e[size(k)] + Ball{y(k % y.rows(), k / y.rows()), 0});
  return f;
}

}  // namespace

DescentRun fast_descent(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                        const RunOptions& options) {
  DescentRun run;
  run.eta = options.eta;
  Orbit orbit(x, y, neurons, options.eta, options.threads);
  const std::vector<Ball> products = input_products(x);
  const std::vector<long> shifts = orbit.shifts();
  std::optional<NetworkAt<Ball>> before;
  for (long tau = 0; orbit.reason().empty(); ++tau) {
    fast::StreamOptions stream;
    stream.threads = options.threads;
    const auto sums = fast::network_sums(x, orbit.neurons(), stream);
    if (!sums) break;
    NetworkAt<Ball> at = network_at(orbit, *sums, shifts);
    run.steps.push_back(facts_of(orbit, fast::kernel(*sums, x), static_cast<double>(sums->m)));
    if (before)
      run.terms.push_back(enclosed(four_terms(*before, at, outputs_of(at, y), products, Ball{options.eta, 0})));
    before = std::move(at);
    run.reached = certainly_less_equal(run.steps.back().squared_residual, options.epsilon);
    options.progress(static_cast<double>(tau) / static_cast<double>(options.steps));
    if (run.reached || tau == options.steps) return run;
    orbit.step();
  }
  run.reason = orbit.reason().empty() ? "the kernel cannot be bounded in double" : orbit.reason();
  return run;
}

}  // namespace assay
