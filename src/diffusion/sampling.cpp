#include "diffusion/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "chance/draw.hpp"
#include "enclosure/row.hpp"

namespace assay {
namespace {

constexpr Bits drawing_bits = 64;
constexpr std::uint64_t time_column = 0, component_column = 1;

/// pi_1, pi_1 + pi_2, ..., nearly.
std::vector<double> cumulative_weights(const DataLaw& law) {
  std::vector<double> result;
  Interval sum;
  for (const Decimal& weight : law.weights) result.push_back((sum += weight.at(drawing_bits)).approx_double());
  for (double& value : result) value /= result.back();
  return result;
}

void draw_row(const DataLaw& law, const std::vector<double>& cumulative, std::uint64_t seed, std::uint64_t row,
              std::span<double> x) {
  const double u = uniform_entry(seed, Stream::diffusion_choice, row, component_column);
  const auto chosen = std::upper_bound(cumulative.begin(), cumulative.end() - 1, u) - cumulative.begin();
  fill_normals(seed, Stream::diffusion_data, row, x);
  for (Index j = 0; j < law.dimension(); ++j) {
    double& entry = x[static_cast<std::size_t>(j)];
    entry = law.centers(chosen, j) + law.deviations(chosen, j) * entry;
  }
}

void check_count(Index n, Index first, const char* function) {
  if (n < 0 || first < 0) throw std::invalid_argument(std::string(function) + ": expected n, first >= 0");
}

/// x -> alpha(t) x + sqrt(h(t)) xi. Nearest doubles of MPFR's values, so no libm enters.
void add_noise(const Process& process, double t, std::uint64_t seed, std::uint64_t row, std::span<const double> clean,
               std::span<double> noised) {
  const Interval time(t, drawing_bits);
  const double alpha = process.alpha(time).approx_double(), deviation = sqrt(process.h(time)).approx_double();
  fill_normals(seed, Stream::diffusion_noise, row, noised);
  for (std::size_t j = 0; j < noised.size(); ++j) noised[j] = alpha * clean[j] + deviation * noised[j];
}

}  // namespace

RealMatrix draw_data(const DataLaw& law, Index n, std::uint64_t seed, Index first) {
  check_count(n, first, "draw_data");
  const std::vector<double> cumulative = cumulative_weights(law);
  RealMatrix result(n, law.dimension());
  for (Index i = 0; i < n; ++i)
    draw_row(law, cumulative, seed, static_cast<std::uint64_t>(first + i), row_of(result, i));
  return result;
}

TrainingPairs draw_training_pairs(const Process& process, const DataLaw& law, const Decimal& t0, const Decimal& t1,
                                  Index n, std::uint64_t seed, Index first) {
  check_count(n, first, "draw_training_pairs");
  const double begin = t0.at(drawing_bits).upper_double(), end = t1.at(drawing_bits).lower_double();
  if (!(begin > 0 && begin < end)) throw std::invalid_argument("draw_training_pairs: expected 0 < t0 < t1");
  TrainingPairs pairs{.times = {}, .noised = RealMatrix(n, law.dimension()), .clean = draw_data(law, n, seed, first)};
  for (Index i = 0; i < n; ++i) {
    const auto row = static_cast<std::uint64_t>(first + i);
    const double u = uniform_entry(seed, Stream::diffusion_choice, row, time_column);
    pairs.times.push_back(std::clamp(begin + (end - begin) * u, begin, end));
    add_noise(process, pairs.times.back(), seed, row, row_of(pairs.clean, i), row_of(pairs.noised, i));
  }
  return pairs;
}

}  // namespace assay
