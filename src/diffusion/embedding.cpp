#include "diffusion/embedding.hpp"

#include <cmath>
#include <stdexcept>

#include "chance/gaussian_event.hpp"
#include "enclosure/index.hpp"
#include "enclosure/refine.hpp"

namespace assay {
namespace {

/// |(t, x, constant)|^2 of a pair.
Interval squared_norm(const Embedding& embedding, const TrainingPairs& pairs, Index i, Bits bits) {
  Interval sum = sqr(Interval(embedding.constant, bits)) + sqr(Interval(pairs.times[size(i)], bits));
  for (Index j = 0; j < pairs.noised.cols(); ++j) sum += sqr(Interval(pairs.noised(i, j), bits));
  return sum;
}

/// Whether a squared norm, known at any precision, is above radius^2. Squares of doubles are exact at 4400 bits.
template <class Square>
bool exceeds(Square square, double radius) {
  bool above = false;
  refine(Precision{.start = 64, .limit = 4400, .tier = Tier::deep}, [&](Level level) {
    const Interval left = square(level.bits), right = sqr(Interval(radius, 64));
    above = certainly_less(right, left);
    return above || certainly_less_equal(left, right);
  });
  return above;
}

double exact_quotient(double entry, double radius) {
  const double quotient = entry / radius;
  if (quotient * radius != entry) throw std::invalid_argument("embed: expected entries that stay exact when scaled");
  return quotient;
}

/// P(|X| > r) for X ~ N(m, diag(s)). @param isotropic  all s are one number.
Interval component_failure(const IntervalVector& m, const IntervalVector& s, bool isotropic, const Interval& r) {
  const Index d = std::ssize(m);
  if (d == 1) {
    const Interval root = sqrt(s[0]);
    return nonnegative_part(gaussian_upper_tail((r - m[0]) / root) + gaussian_upper_tail((r + m[0]) / root));
  }
  Interval largest = s[0], smallest = s[0], spread_along = Interval();
  const Interval norm = euclidean_norm(m);
  for (std::size_t j = 0; j < m.size(); ++j) {
    largest = max(largest, s[j]), smallest = min(smallest, s[j]);
    spread_along += sqr(m[j]) * s[j];
  }
  const Interval zero, gap = max(r - norm, zero);
  const Interval above = chi_tail(gap / sqrt(largest), d);
  Interval below = chi_tail(r / sqrt(smallest), d);
  const auto along = [&](const Interval& mean, const Interval& deviation) {
    below = max(below, gaussian_upper_tail((r - mean) / deviation) + gaussian_upper_tail((r + mean) / deviation));
  };
  if (certainly_positive(norm)) along(norm, sqrt(spread_along) / norm);
  for (std::size_t j = 0; j < m.size(); ++j) along(m[j], sqrt(s[j]));
  const Interval bounds = hull(min(below, above).lower(), above.upper());
  if (!isotropic) return bounds;
  return intersection(bounds, noncentral_chi_tail(r / sqrt(s[0]), sqr(norm) / s[0], d));
}

/// P(|X_t| > r) of the mixture.
Interval mixture_failure(const DataLaw& law, const Interval& alpha, const Interval& h, const Interval& r) {
  const Bits bits = alpha.bits();
  const IntervalVector log_weights = law.log_weights(bits);
  Interval sum;
  for (Index k = 0; k < law.components(); ++k) {
    IntervalVector m, s;
    const bool isotropic = (law.deviations.row(k).array() == law.deviations(k, 0)).all();
    for (Index j = 0; j < law.dimension(); ++j) {
      m.push_back(alpha * Interval(law.centers(k, j), bits));
      s.push_back(sqr(alpha * Interval(law.deviations(k, j), bits)) + h);
    }
    sum += exp(log_weights[size(k)]) * component_failure(m, s, isotropic, r);
  }
  return min(sum, Interval::from_integer(1, bits));
}

}  // namespace

void check_embedding(const Embedding& embedding) {
  int exponent = 0;
  const bool power_of_two = std::frexp(embedding.radius, &exponent) == 0.5 && std::abs(exponent - 1) <= 100;
  if (!power_of_two) throw std::invalid_argument("Embedding: expected a radius that is a power of two");
  if (!(embedding.constant >= 0) || !std::isfinite(embedding.constant))
    throw std::invalid_argument("Embedding: expected a finite constant >= 0");
}

RealMatrix embed(const Embedding& embedding, const TrainingPairs& pairs) {
  check_embedding(embedding);
  const Index d = pairs.noised.cols();
  RealMatrix z(pairs.size(), embedding.entries(d));
  for (Index i = 0; i < pairs.size(); ++i) {
    z(i, 0) = exact_quotient(pairs.times[size(i)], embedding.radius);
    for (Index j = 0; j < d; ++j) z(i, j + 1) = exact_quotient(pairs.noised(i, j), embedding.radius);
    if (embedding.constant != 0) z(i, d + 1) = exact_quotient(embedding.constant, embedding.radius);
  }
  return z;
}

IntervalVector embed(const Embedding& embedding, const Interval& t, std::span<const Interval> x) {
  check_embedding(embedding);
  const Interval scale(1 / embedding.radius, 2);
  IntervalVector z{t * scale};
  for (const Interval& entry : x) z.push_back(entry * scale);
  if (embedding.constant != 0) z.push_back(Interval(embedding.constant, 53) * scale);
  return z;
}

Embedding smallest_embedding(const TrainingPairs& pairs, double constant) {
  Embedding result{.radius = 0x1p-100, .constant = constant};
  check_embedding(result);
  for (Index i = 0; i < pairs.size(); ++i)
    while (exceeds([&](Bits bits) { return squared_norm(result, pairs, i, bits); }, result.radius)) result.radius *= 2;
  return result;
}

std::vector<Index> outside_unit_ball(const Embedding& embedding, const TrainingPairs& pairs) {
  check_embedding(embedding);
  std::vector<Index> result;
  for (Index i = 0; i < pairs.size(); ++i)
    if (exceeds([&](Bits bits) { return squared_norm(embedding, pairs, i, bits); }, embedding.radius))
      result.push_back(i);
  return result;
}

TrainingPairs truncated(const TrainingPairs& pairs, const std::vector<Index>& without) {
  const Index d = pairs.noised.cols(), n = pairs.size() - std::ssize(without);
  TrainingPairs result{.times = {}, .noised = RealMatrix(n, d), .clean = RealMatrix(n, d)};
  auto next = without.begin();
  for (Index i = 0; i < pairs.size(); ++i) {
    if (next != without.end() && *next == i) {
      ++next;
      continue;
    }
    const Index row = std::ssize(result.times);
    result.times.push_back(pairs.times[size(i)]);
    result.noised.row(row) = pairs.noised.row(i);
    result.clean.row(row) = pairs.clean.row(i);
  }
  return result;
}

Interval failure_probability(const Embedding& embedding, const Process& process, const DataLaw& law, const Interval& t,
                             const Interval& unit) {
  check_embedding(embedding);
  if (!certainly_positive(unit)) throw std::invalid_argument("failure_probability: expected a positive unit of time");
  const Interval h = process.h(t);
  if (!certainly_positive(h)) throw std::invalid_argument("failure_probability: expected a time t > 0");
  const Interval room =
      sqr(Interval(embedding.radius, t.bits())) - sqr(Interval(embedding.constant, t.bits())) - sqr(t / unit);
  if (certainly_negative(room)) return Interval::from_integer(1, t.bits());
  return mixture_failure(law, process.alpha(t), h, sqrt(max(room, Interval())));  // 1 where no room is left
}

Interval failure_probability(const Embedding& embedding, const Process& process, const DataLaw& law, const Interval& t0,
                             const Interval& t1, Index cells, const Interval& unit) {
  const Interval span = t1 - t0;
  if (!certainly_positive(t0) || !certainly_positive(span) || cells < 1)
    throw std::invalid_argument("failure_probability: expected 0 < t0 < t1 and at least one cell");
  Interval sum;
  for (Index k = 0; k < cells; ++k) {
    const Interval begin = t0 + span * k / cells, end = k + 1 == cells ? t1 : t0 + span * (k + 1) / cells;
    sum += failure_probability(embedding, process, law, hull(begin, end), unit);
  }
  return sum / cells;
}

}  // namespace assay
