#include "network/fast/slope.hpp"

#include <cmath>

#include "enclosure/fast/kernels.hpp"
#include "network/fast/chunk.hpp"

namespace assay::fast {

namespace {

/// More than what all products that underflow at one neuron can lose.
constexpr double kUnderflow = 0x1p-1000;
/// The same for the root of a sum of squares, each of which can lose 2^-1074.
constexpr double kSquareUnderflow = 0x1p-500;

Ball exact_ball(double x) {
  return {x, 0};
}

/// |E - E^| <= this times the computed E^, for an exponential of sample i.
double exponential_error(const NetworkSums& sums, Index i) {
  return inflated(sums.eta(i) * (1 + 2 * sums.eta(i)));
}

/// e = F - Y, d x n.
std::vector<Ball> residuals(const NetworkSums& sums, const std::vector<Ball>& p, const RealMatrix& y) {
  if (y.rows() != sums.n || y.cols() != sums.d) throw std::invalid_argument("fast slopes: expected Y of n x d");
  std::vector<Ball> e;
  for (Index l = 0; l < sums.d; ++l)
    for (Index i = 0; i < sums.n; ++i)
      e.push_back(p[size(l * sums.n + i)] * exact_ball(static_cast<double>(sums.m)) - exact_ball(y(i, l)));
  return e;
}

/// Upper bound of (sum_r e_{i,r}^2)^{1/2} over all neurons.
double upper_exponential_norm(const NetworkSums& sums, Index i) {
  double squares = 0;
  for (const auto& [mask, part] : sums.classes) squares += part.gram(i, i);
  const double all = (sums.paired ? 2 : 1) * squares;
  return inflated(std::sqrt(from_relative(all, gram_error(sums, i, i), sums.absolute_error).upper()) * (1 + 0x1p-50));
}

/// t / e per sample for the signs of one class: (m / T_i) f_i, as balls.
std::vector<Ball> factors_of(const NetworkSums& sums, const std::vector<Ball>& p, const std::vector<Ball>& e,
                             std::uint64_t mask) {
  std::vector<Ball> factors;
  for (Index i = 0; i < sums.n; ++i) {
    Ball f;
    for (Index l = 0; l < sums.d; ++l) {
      const std::size_t at = size(l * sums.n + i);
      f = f + e[at] * (exact_ball(static_cast<double>(sign_of(mask, l))) - p[at]);
    }
    factors.push_back(f * exact_ball(static_cast<double>(sums.m)) / total_of(sums, i));
  }
  return factors;
}

/// The gradient's computed squares in one chunk.
double squares_of_gradient(Chunk& chunk, const NetworkSums& sums, const RealMatrix& by_coordinate,
                           const std::map<std::uint64_t, std::vector<Ball>>& factors) {
  chunk.make_exponentials(sums.shifts);
  const std::size_t stride = chunk.capacity();
  std::vector<double> t(size(sums.n) * stride), row(chunk.count());
  for (const Chunk::Class& group : chunk.classes())
    for (Index i = 0; i < sums.n; ++i) {
      const double factor = factors.at(group.mask)[size(i)].middle;
      const double* e = chunk.exponentials(i);
      for (std::size_t c = group.begin; c < group.end; ++c) t[size(i) * stride + c] = factor * e[c];
    }
  double squares = 0;
  for (Index k = 0; k < by_coordinate.rows(); ++k) {
    combine_rows(by_coordinate.data() + k * sums.n, size(sums.n), t.data(), stride, chunk.count(), row.data());
    for (double& entry : row) entry *= entry;
    squares += sum(row.data(), row.size());
  }
  return squares;
}

}  // namespace

Ball squared_gradient(const NetworkSums& sums, const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                      const StreamOptions& options) {
  const std::vector<Ball> p = outputs(sums), e = residuals(sums, p, y);
  std::map<std::uint64_t, std::vector<Ball>> factors;
  for (const auto& [mask, unused] : sums.classes) factors[mask] = factors_of(sums, p, e, mask);
  const RealMatrix by_coordinate = x.transpose();
  double squares = 0;
  for_each_chunk(
      x, neurons, options, [&](Chunk& chunk) { return squares_of_gradient(chunk, sums, by_coordinate, factors); },
      [&](double part) { squares += part; });

  const std::vector<double> norms = upper_input_norms(x);
  const double gamma = upper_gamma(static_cast<double>(sums.n + 4));
  double error = 0;
  for (Index i = 0; i < sums.n; ++i) {
    double relative = 0, largest = 0;
    for (const auto& [mask, of_class] : factors) {
      const Ball& factor = of_class[size(i)];
      const double wrong = inflated(exponential_error(sums, i) + gamma);
      // In units of the exact exponentials, of which the computed ones are at most 1 + 2 wrong times as large.
      relative =
          std::max(relative, inflated((factor.magnitude() * wrong + factor.radius * (1 + wrong)) * (1 + 2 * wrong)));
      largest = std::max(largest, factor.magnitude());
    }
    const double lost = inflated(kUnderflow * (1 + largest) * std::sqrt(static_cast<double>(sums.m)));
    error = inflated(error + norms[size(i)] * inflated(relative * upper_exponential_norm(sums, i) + lost));
  }
  const double multiplicity = sums.paired ? 2 : 1;
  const double order = upper_gamma(static_cast<double>(sums.m) * static_cast<double>(x.cols()) + 64);
  const double computed = std::sqrt(multiplicity * squares);
  const Ball norm{computed, inflated(computed * order + error + kSquareUnderflow * static_cast<double>(sums.m))};
  return norm * norm;
}

namespace {

/// Sums over the neurons of one sample, delta = <u_r, x_i>: of e |delta|, e delta, e delta^2, and with a_l for the last
/// two.
struct DeltaSums {
  double magnitude = 0, first = 0, second = 0;
  std::vector<double> signed_first, signed_second;

  explicit DeltaSums(Index d) : signed_first(size(d)), signed_second(size(d)) {}
  void add(const DeltaSums& other) {
    magnitude += other.magnitude;
    first += other.first;
    second += other.second;
    for (std::size_t l = 0; l < signed_first.size(); ++l) {
      signed_first[l] += other.signed_first[l];
      signed_second[l] += other.signed_second[l];
    }
  }
  /// Adds the columns of one class.
  void add(const double* e, const double* delta, const Chunk::Class& group) {
    double magnitudes = 0, once = 0, twice = 0;
    for (std::size_t c = group.begin; c < group.end; ++c) {
      const double term = e[c] * delta[c];
      magnitudes += std::fabs(term);
      once += term;
      twice += term * delta[c];
    }
    magnitude += magnitudes;
    first += once;
    second += twice;
    for (std::size_t l = 0; l < signed_first.size(); ++l) {
      const int s = sign_of(group.mask, static_cast<Index>(l));
      signed_first[l] += s * once;
      signed_second[l] += s * twice;
    }
  }
};

std::vector<DeltaSums> delta_sums(Chunk& chunk, const NetworkSums& sums, const RealMatrix& x,
                                  const RealMatrix& direction) {
  chunk.make_exponentials(sums.shifts);
  std::vector<DeltaSums> result(size(sums.n), DeltaSums(sums.d));
  std::vector<double> moved(size(x.cols()) * chunk.count()), delta(chunk.count());
  for (std::size_t place = 0; place < chunk.count(); ++place)
    for (Index k = 0; k < x.cols(); ++k) moved[size(k) * chunk.count() + place] = direction(chunk.column_at(place), k);
  for (Index i = 0; i < sums.n; ++i) {
    combine_rows(x.data() + i * x.cols(), size(x.cols()), moved.data(), chunk.count(), chunk.count(), delta.data());
    for (const Chunk::Class& group : chunk.classes()) result[size(i)].add(chunk.exponentials(i), delta.data(), group);
  }
  return result;
}

/// What of a sum of e delta^k (k = 1, 2) is wrong: e by a relative error, delta by `of_delta`, and the order of m
/// terms.
struct DeltaErrors {
  double first = 0, second = 0;

  DeltaErrors(const NetworkSums& sums, const DeltaSums& at, Index i, double of_delta) {
    const double relative =
        inflated(2 * exponential_error(sums, i) +
                 2 * upper_gamma(static_cast<double>(sums.m) + 2 * static_cast<double>(sums.classes.size()) + 64));
    const double total = 1.1 * sums.total(i), lost = kUnderflow * static_cast<double>(sums.m);
    first = inflated(1.1 * (relative * at.magnitude + total * of_delta) + lost);
    second = inflated(
        1.1 * (relative * at.second + 2 * of_delta * at.magnitude + 2 * total * inflated(of_delta * of_delta)) + lost);
  }
};

}  // namespace

Ball curvature_along(const NetworkSums& sums, const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                     const RealMatrix& direction, const StreamOptions& options) {
  if (neurons.paired() || direction.rows() != sums.m || direction.cols() != x.cols())
    throw std::invalid_argument("curvature_along: expected a column for each neuron and a direction of the shape of W");
  constexpr double kUnknown = std::numeric_limits<double>::infinity();
  const double largest = direction.cwiseAbs().maxCoeff();
  // Squares stay far from the ends of the range.
  if (sums.absolute_error > 0 || !(largest > 0x1p-100 && largest < 0x1p100)) return {0, kUnknown};
  std::vector<DeltaSums> all(size(sums.n), DeltaSums(sums.d));
  for_each_chunk(
      x, neurons, options, [&](Chunk& chunk) { return delta_sums(chunk, sums, x, direction); },
      [&](const std::vector<DeltaSums>& part) {
        for (std::size_t i = 0; i < all.size(); ++i) all[i].add(part[i]);
      });
  const std::vector<Ball> p = outputs(sums), e = residuals(sums, p, y);
  const Ball m = exact_ball(static_cast<double>(sums.m)), two = exact_ball(2);
  Ball total;
  for (Index i = 0; i < sums.n; ++i) {
    const DeltaSums& at = all[size(i)];
    const double of_delta =
        inflated(upper_logit_error(upper_sum(x.row(i).cwiseAbs().sum(), x.cols()), largest, x.cols()) + kUnderflow);
    const DeltaErrors errors(sums, at, i, of_delta);
    const Ball t = total_of(sums, i), mean = Ball{at.first, errors.first} / t;
    const Ball square = Ball{at.second, errors.second} / t;
    for (Index l = 0; l < sums.d; ++l) {
      const Ball& mean_sign = p[size(l * sums.n + i)];
      const Ball first = Ball{at.signed_first[size(l)], errors.first} / t;
      const Ball second = Ball{at.signed_second[size(l)], errors.second} / t;
      // E[(a - p)(delta - mean)^2] multiplied out.
      const Ball slope = m * (first - mean_sign * mean);
      const Ball bend = m * (second - two * mean * first - mean_sign * square + two * mean_sign * mean * mean);
      total = total + slope * slope + e[size(l * sums.n + i)] * bend;
    }
  }
  const double squares = direction.squaredNorm();
  return total / Ball{squares, inflated(upper_gamma(static_cast<double>(direction.size() + 4)) * squares)};
}

double lower_curvature(const NetworkSums& sums, const RealMatrix& x, const RealMatrix& y) {
  const std::vector<Ball> p = outputs(sums), e = residuals(sums, p, y);
  double sum = 0;
  for (Index i = 0; i < sums.n; ++i) {
    const Ball exponential = from_relative(sums.largest(i), sums.eta(i), sums.absolute_error > 0 ? kUnderflow : 0);
    const double q = (exponential / total_of(sums, i) * exact_ball(static_cast<double>(sums.m))).magnitude();
    double weight = 0;
    for (Index l = 0; l < sums.d; ++l) {
      const std::size_t at = size(l * sums.n + i);
      weight = inflated(weight + upper_product(e[at].magnitude(), inflated(1 + p[at].magnitude())));
    }
    sum = inflated(sum + upper_product(weight, q, input_product(x, i, i).magnitude()));
  }
  return std::isnan(sum) ? -std::numeric_limits<double>::infinity() : -sum;
}

}  // namespace assay::fast
