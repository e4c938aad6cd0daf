#include "theorems/score_estimation/score_population.hpp"

#include "chance/empirical_bernstein.hpp"
#include "diffusion/population_error.hpp"
#include "regression/network_jet.hpp"
#include "theorems/score_estimation/score.hpp"

namespace assay {

namespace {

/// Fresh pairs, drawn in parts so that a pass over the network needs little memory.
constexpr Index kDraws = 1024, kPart = 128;
constexpr Index kPopulationFrom = Index{3} << 40;
/// Width of a network beyond which quadrature is not tried.
constexpr Index kWidest = 512;

struct Box {
  IntervalVector low, high;
  Interval diameter_squared;
};

Box box_of(const RealMatrix& support, Bits bits) {
  Box box;
  for (Index l = 0; l < support.cols(); ++l) {
    box.low.emplace_back(support.col(l).minCoeff(), std::max<Bits>(bits, 53));
    box.high.emplace_back(support.col(l).maxCoeff(), std::max<Bits>(bits, 53));
    box.diameter_squared += sqr(box.high.back() - box.low.back());
  }
  return box;
}

/// |clip f - f_*|^2 of each row.
void append_errors(const IntervalMatrix& f, const IntervalMatrix& target, const Box& box, IntervalVector& errors) {
  for (Index j = 0; j < f.rows(); ++j) {
    Interval sum;
    for (Index l = 0; l < f.cols(); ++l) {
      const auto k = static_cast<std::size_t>(l);
      sum += sqr(min(max(f(j, l), box.low[k]), box.high[k]) - target(j, l));
    }
    errors.push_back(sum);
  }
}

ScorePopulation clipped_error(const Setting& setting, const ScoreStudy& study, Level level) {
  const Box box = box_of(study.problem.law.centers, level.bits);
  const Interval zero = Interval::from_integer(0, level.bits);
  if (!certainly_positive(box.diameter_squared)) return {zero, zero, zero, {}};  // one point: f_* is it
  IntervalVector errors;
  for (Index first = 0; first < kDraws; first += kPart) {
    const ScoreData part = draw_score_data(study.problem, kPart, kPopulationFrom + first);
    append_errors(network_values(study.trained, part.inputs, level, setting.threads()),
                  posterior_means(study.problem, part.pairs, level.bits), box, errors);
  }
  const auto interval = [&](const Interval& delta) {
    return empirical_bernstein_interval(errors, box.diameter_squared, delta);
  };
  return {
      interval(setting.delta(level.bits)), interval(Interval::ratio(1, 1000, level.bits)), box.diameter_squared, {}};
}

/// At t0, the geometric mean and T: the expansions are in x alone, so a cell costs little.
std::vector<ErrorAtTime> line_errors(const ScoreStudy& study) {
  constexpr Bits kBits = 64;
  if (study.problem.law.dimension() != 1 || study.trained.w.rows() > kWidest) return {};
  const Interval t0 = study.problem.t0.at(kBits), t1 = study.problem.t1.at(kBits);
  const Interval largest = bound_of_pairs(study.trained, 0, kBits);
  const auto network = [&](const Jet& t, const Jet& x) {
    Jet f = network_jet(study.trained, 0, t1, t, x);
    f.refine_value(hull(-largest, largest));
    return f;
  };
  std::vector<ErrorAtTime> errors;
  for (const Interval& t : {t0, Interval(sqrt(t0 * t1).approx_double(), kBits), t1})
    errors.push_back({t, population_error_at(study.problem.process, study.problem.law, network, {largest, Interval()},
                                             t, {.width = 1e-3, .cells = 256, .order = 6, .bits = kBits})
                             .value});
  return errors;
}

std::vector<ErrorAtTime> make_line_errors(const Setting& setting) {
  const ScoreStudy* study = score_study(setting);
  return study == nullptr ? std::vector<ErrorAtTime>{} : line_errors(*study);
}

ScorePopulation make_population(const Setting& setting, Level level) {
  const ScoreStudy* study = score_study(setting);
  const Interval unknown = Interval::whole_line(level.bits);
  if (study == nullptr) return {unknown, unknown, unknown, {}};
  ScorePopulation population = clipped_error(setting, *study, level);
  population.at_times = setting.once<&make_line_errors>();
  return population;
}

}  // namespace

const ScorePopulation& score_population(const Setting& setting, Level level) {
  return setting.once<&make_population>(level);
}

}  // namespace assay
