#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <optional>

#include "descent/descent_run.hpp"
#include "enclosure/exact_text.hpp"
#include "enclosure/index.hpp"
#include "enclosure/stop.hpp"
#include "network/fast/network.hpp"

namespace assay {

namespace {

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

/// One step of the run, as it is kept in a checkpoint.
struct Row {
  Ball residual_norm, largest_move, lambda_min, lambda_max;
  FourTerms<Ball> terms;  ///< of the step that led here; nothing for tau = 0
};
static_assert(std::is_trivially_copyable_v<Row>);

Row row_of(const Orbit& orbit, const fast::NetworkSums& sums, const RealMatrix& x) {
  const OrbitStep& step = orbit.curve().back();
  const fast::SymmetricBall kernel = fast::kernel(sums, x).symmetric();
  // |J J' - J^ J^'|_2 <= 2 |J| change + change^2, m H = J J'.
  const double change = orbit.upper_jacobian_change();
  const double spread = inflated(change * (2 * orbit.upper_jacobian() + change) / static_cast<double>(sums.m));
  Row row;
  row.residual_norm = step.residual_norm;
  row.largest_move = ball_around(Interval::between(step.lower_largest_move, step.upper_largest_move, 64));
  row.lambda_min = widened(fast::lambda_min(kernel), spread);
  row.lambda_max = widened(fast::lambda_max(kernel), spread);
  return row;
}

RunStep facts_of(const Row& row) {
  return {sqr(nonnegative_part(enclosure_of(row.residual_norm))), nonnegative_part(enclosure_of(row.largest_move)),
          nonnegative_part(enclosure_of(row.lambda_min)), nonnegative_part(enclosure_of(row.lambda_max))};
}

FourTerms<Interval> enclosed(const FourTerms<Ball>& t) {
  FourTerms<Interval> result;
  result.c0 = enclosure_of(t.c0);
  result.c1 = enclosure_of(t.c1);
  result.c2 = enclosure_of(t.c2);
  result.c3 = nonnegative_part(enclosure_of(t.c3));
  result.clean_c1 = enclosure_of(t.clean_c1);
  result.clean_c2 = enclosure_of(t.clean_c2);
  result.squared_linear = nonnegative_part(enclosure_of(t.squared_linear));
  result.squared_remainder = nonnegative_part(enclosure_of(t.squared_remainder));
  result.squared_residual = nonnegative_part(enclosure_of(t.squared_residual));
  return result;
}

std::vector<Ball> outputs_of(const NetworkAt<Ball>& at, const RealMatrix& y) {
  std::vector<Ball> f;
  for (Index k = 0; k < y.size(); ++k) f.push_back(at.e[size(k)] + Ball{y(k % y.rows(), k / y.rows()), 0});
  return f;
}

/// The orbit and its rows, kept in step with each other and with the checkpoint.
class FastRun {
 public:
  FastRun(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons, const RunOptions& options)
      : x_(x),
        y_(y),
        options_(options),
        orbit_(x, y, neurons, options.eta, options.threads),
        first_shifts_(orbit_.shifts()),
        products_(input_products(x)) {
    if (orbit_.reason().empty() && !go_on()) look();
  }

  bool is_alive() const { return reason().empty(); }
  std::string reason() const { return orbit_.reason().empty() ? reason_ : orbit_.reason(); }
  const std::vector<Row>& rows() const { return rows_; }

  void step() {
    if (orbit_.step()) look();
    if (seconds_since_checkpoint() >= options_.seconds_between_checkpoints && is_alive()) keep();
  }
  void forget() const {
    if (!options_.checkpoint.empty()) std::filesystem::remove(options_.checkpoint);
  }

 private:
  /// Encloses what is wanted at the orbit's present place.
  void look(bool again = false) {
    StreamOptions stream;
    stream.threads = options_.threads;
    const auto sums = fast::network_sums(x_, orbit_.neurons(), stream);
    if (!sums) {
      reason_ = "the kernel cannot be bounded in double";
      return;
    }
    NetworkAt<Ball> here = network_at(orbit_, *sums, first_shifts_);
    if (!again) {
      rows_.push_back(row_of(orbit_, *sums, x_));
      if (before_)
        rows_.back().terms = four_terms(*before_, here, outputs_of(here, y_), products_, Ball{options_.eta, 0});
    }
    before_ = std::move(here);
  }

  /// What was asked for beyond the orbit: a run for more steps, or to another residual, has rows that are not wanted.
  std::string asked_for() const {
    return fmt::format("{} steps, epsilon {}\n", options_.steps, exact_text(options_.epsilon));
  }

  bool go_on() {
    if (options_.checkpoint.empty() || !std::filesystem::exists(options_.checkpoint)) return false;
    Orbit resumed = orbit_;
    const auto attachment = resumed.restore(options_.checkpoint);
    const std::string asked = asked_for();
    if (!attachment || !attachment->starts_with(asked) ||
        attachment->size() != asked.size() + sizeof(Row) * resumed.curve().size())
      return false;
    orbit_ = std::move(resumed);
    rows_.resize(orbit_.curve().size());
    std::memcpy(static_cast<void*>(rows_.data()), attachment->data() + asked.size(), sizeof(Row) * rows_.size());
    look(true);
    return true;
  }

  void keep() {
    if (options_.checkpoint.empty()) return;
    const std::string_view rows(reinterpret_cast<const char*>(rows_.data()), rows_.size() * sizeof(Row));
    orbit_.save(options_.checkpoint, asked_for().append(rows));
    kept_ = std::chrono::steady_clock::now();
  }
  double seconds_since_checkpoint() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - kept_).count();
  }

  const RealMatrix &x_, &y_;
  const RunOptions& options_;
  Orbit orbit_;
  std::vector<long> first_shifts_;
  std::vector<Ball> products_;
  std::vector<Row> rows_;
  std::optional<NetworkAt<Ball>> before_;
  std::string reason_;
  std::chrono::steady_clock::time_point kept_ = std::chrono::steady_clock::now();
};

}  // namespace

DescentRun fast_descent(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                        const RunOptions& options) {
  DescentRun result;
  result.eta = options.eta;
  FastRun run(x, y, neurons, options);
  const auto is_over = [&] {
    const auto tau = static_cast<long>(run.rows().size()) - 1;
    options.progress(static_cast<double>(tau) / static_cast<double>(options.steps));
    result.reached = certainly_less_equal(facts_of(run.rows().back()).squared_residual, options.epsilon);
    return result.reached || tau >= options.steps;
  };
  while (run.is_alive() && !is_over()) {
    leave_if_stopped();
    run.step();
  }
  run.forget();
  result.reason = run.reason();
  for (const Row& row : run.rows()) {
    if (!result.steps.empty()) result.terms.push_back(enclosed(row.terms));
    result.steps.push_back(facts_of(row));
  }
  return result;
}

}  // namespace assay
