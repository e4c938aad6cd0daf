#include "bench/own_radii.hpp"

#include "enclosure/fast/kernels.hpp"
#include "network/fast/chunk.hpp"

namespace assay::fast {

namespace {

/// Largest rho = R |x| that is accepted.
constexpr double kLargestRho = 8;
/// A relative margin: rho is off by 2 u, so e^{rho} by 16 u = 2^-49 at most, and scaled_exp by 2^-51.
constexpr double kMargin = 0x1p-48;

/// The radii of a chunk in the order of its places. @return false unless all are >= 0 and at most `limit`.
bool load_radii(const Chunk& chunk, const ColumnRadii& radii, double limit, std::vector<double>& out) {
  Index first = chunk.column_at(0);
  for (std::size_t place = 0; place < chunk.count(); ++place) first = std::min(first, chunk.column_at(place));
  std::vector<double> in_order(chunk.count());
  radii(first, in_order);
  out.resize(chunk.count());
  for (std::size_t place = 0; place < chunk.count(); ++place) {
    out[place] = in_order[size(chunk.column_at(place) - first)];
    if (!(out[place] >= 0 && out[place] <= limit)) return false;
  }
  return true;
}

/// e^{rho} and e^{-rho} of one sample at all places, near; rho = radius * norm.
struct Stretch {
  std::vector<double> up, down;

  void fill(const std::vector<double>& radii, double norm) {
    std::vector<double> rho(radii.size());
    up.resize(rho.size());
    down.resize(rho.size());
    for (std::size_t c = 0; c < rho.size(); ++c) rho[c] = radii[c] * norm;
    scaled_exp(rho.data(), up.data(), rho.size(), 0);
    for (double& value : rho) value = -value;
    scaled_exp(rho.data(), down.data(), rho.size(), 0);
  }
};

/// sum e e^{rho} and sum e e^{-rho} of the columns of one class, per sample, as computed.
struct StretchedSums {
  std::vector<double> up, down;
};

/// First pass: the stretched sums by class, and whether all radii were usable.
struct FirstPass {
  std::map<std::uint64_t, StretchedSums> classes;
  bool usable = true;
};

FirstPass first_pass(Chunk& chunk, const NetworkSums& sums, const ColumnRadii& radii,
                     const std::vector<double>& norms) {
  FirstPass result;
  std::vector<double> of_chunk;
  const double largest_norm = *std::max_element(norms.begin(), norms.end());
  result.usable = load_radii(chunk, radii, kLargestRho / std::fmax(largest_norm, 1e-300), of_chunk);
  if (!result.usable) return result;
  chunk.make_exponentials(sums.shifts);
  Stretch stretch;
  for (Index i = 0; i < sums.n; ++i) {
    stretch.fill(of_chunk, norms[size(i)]);
    const double* e = chunk.exponentials(i);
    for (const Chunk::Class& group : chunk.classes()) {
      double up = 0, down = 0;
      for (std::size_t c = group.begin; c < group.end; ++c) {
        up += e[c] * stretch.up[c];
        down += e[c] * stretch.down[c];
      }
      StretchedSums& of_class = result.classes[group.mask];
      of_class.up.push_back(up);
      of_class.down.push_back(down);
    }
  }
  return result;
}

/// Ratios that the second pass needs, per sample: upper bound of T / V, lower bound of T / U, and delta_p.
struct Ratios {
  std::vector<double> most, least;
  std::vector<double> delta_p;  // d x n, upper bounds
  bool usable = true;
};

/// (a - b) / (a + b) with a, b known up to a relative and an absolute error.
Ball contrast(double a, double b, double error, double absolute) {
  const Ball first{a, inflated(a * error + absolute)}, second{b, inflated(b * error + absolute)};
  return (first - second) / (first + second);
}

/// sum over the neurons with a_l = which of e e^{rho} (up) or e e^{-rho}.
double signed_sum(const NetworkSums& sums, const FirstPass& pass, Index l, Index i, int which, bool up) {
  double sum = 0;
  for (const auto& [mask, of_class] : pass.classes)
    if (sums.paired || sign_of(mask, l) == which) sum += up ? of_class.up[size(i)] : of_class.down[size(i)];
  return sum;
}

Ratios ratios_of(const NetworkSums& sums, const FirstPass& pass) {
  Ratios ratios;
  ratios.usable = pass.usable;
  ratios.delta_p.resize(size(sums.d * sums.n));
  const std::vector<Ball> p = outputs(sums);
  // Plain sums over all columns in any order; exp twice.
  const double order = upper_gamma(static_cast<double>(sums.m) + 8);
  for (Index i = 0; i < sums.n && ratios.usable; ++i) {
    const double error = combined(combined(sums.eta(i), kMargin), order) * 1.1;
    double up = 0, down = 0;
    for (const auto& [mask, of_class] : pass.classes) {
      up += of_class.up[size(i)] * (sums.paired ? 2 : 1);
      down += of_class.down[size(i)] * (sums.paired ? 2 : 1);
    }
    const Ball total = total_of(sums, i), u{up, inflated(up * error + sums.absolute_error)};
    const Ball v{down, inflated(down * error + sums.absolute_error)};
    ratios.most.push_back((total / v).upper());
    ratios.least.push_back((total / u).lower());
    ratios.usable = std::isfinite(ratios.most.back()) && std::isfinite(ratios.least.back());
    for (Index l = 0; l < sums.d; ++l) {
      const auto part = [&](int which, bool stretched) { return signed_sum(sums, pass, l, i, which, stretched); };
      const Ball low = contrast(part(+1, false), part(-1, true), error, sums.absolute_error);
      const Ball high = contrast(part(+1, true), part(-1, false), error, sums.absolute_error);
      const Ball& center = p[size(l * sums.n + i)];
      // |p~ - p| <= 2 whatever the ball is.
      ratios.delta_p[size(l * sums.n + i)] =
          std::min(2.0, std::fmax(std::fmax((high - center).upper(), (center - low).upper()), 0));
    }
  }
  return ratios;
}

/// Gram matrices of e, kappa e and chi e, by class; the rounding upward of kappa and chi is in them.
struct BallGrams {
  RowMajorMatrix e_delta, delta_delta, e_high, delta_high, high_high;

  explicit BallGrams(Index n = 0)
      : e_delta(RowMajorMatrix::Zero(n, n)),
        delta_delta(e_delta),
        e_high(e_delta),
        delta_high(e_delta),
        high_high(e_delta) {}
  void add(const BallGrams& other) {
    if (e_delta.size() == 0) *this = BallGrams(other.e_delta.rows());
    e_delta += other.e_delta;
    delta_delta += other.delta_delta;
    e_high += other.e_high;
    delta_high += other.delta_high;
    high_high += other.high_high;
  }
};
using GramsByClass = std::map<std::uint64_t, BallGrams>;

/// kappa e and chi e of all samples at all places of a chunk.
struct BallRows {
  std::vector<double> delta, high;

  BallRows(const Chunk& chunk, const std::vector<double>& radii, const std::vector<double>& norms,
           const Ratios& ratios) {
    const std::size_t stride = chunk.capacity();
    delta.resize(norms.size() * stride);
    high.resize(norms.size() * stride);
    Stretch stretch;
    for (std::size_t i = 0; i < norms.size(); ++i) {
      stretch.fill(radii, norms[i]);
      const double* e = chunk.exponentials(static_cast<Index>(i));
      for (std::size_t c = 0; c < chunk.count(); ++c) {
        const double chi = inflated(stretch.up[c] * (1 + kMargin) * ratios.most[i]);
        const double fall = 1 - std::fmax(stretch.down[c] * (1 - kMargin) * ratios.least[i], 0) * (1 - kMargin);
        const double kappa = std::fmax(std::fmax(chi - 1, fall), 0) * (1 + kMargin);
        high[i * stride + c] = inflated(e[c] * chi);
        delta[i * stride + c] = inflated(e[c] * kappa);
      }
    }
  }
};

GramsByClass second_pass(Chunk& chunk, const NetworkSums& sums, const ColumnRadii& radii,
                         const std::vector<double>& norms, const Ratios& ratios) {
  std::vector<double> of_chunk;
  if (!load_radii(chunk, radii, std::numeric_limits<double>::max(), of_chunk)) return {};
  chunk.make_exponentials(sums.shifts);
  const BallRows rows(chunk, of_chunk, norms, ratios);
  const Index n = sums.n;
  const std::size_t stride = chunk.capacity();
  const auto gram = [&](const double* a, const double* b, const Chunk::Class& group, RowMajorMatrix& out) {
    products_of_rows(a + group.begin, stride, size(n), b + group.begin, stride, size(n), group.end - group.begin,
                     out.data(), size(n));
  };
  GramsByClass result;
  for (const Chunk::Class& group : chunk.classes()) {
    BallGrams grams(n);
    const double *e = chunk.exponentials(0), *delta = rows.delta.data(), *high = rows.high.data();
    gram(e, delta, group, grams.e_delta);
    gram(delta, delta, group, grams.delta_delta);
    gram(e, high, group, grams.e_high);
    gram(delta, high, group, grams.delta_high);
    gram(high, high, group, grams.high_high);
    result[group.mask].add(grams);
  }
  return result;
}

/// Upper bounds of sums over all neurons of |a - p| |a' - p'| t, |a - p| t, |a' - p'| t and t, from the class sums of
/// t.
struct WeightedSums {
  double both = 0, here = 0, there = 0, all = 0;
};

template <class Entry>
WeightedSums weighted_sums(const NetworkSums& sums, const GramsByClass& classes, const Ball& p, const Ball& p_other,
                           Index l, Index k, Entry entry) {
  WeightedSums result;
  const auto add = [&](int here_sign, int there_sign, double t) {
    // |a - p| = 1 - a p <= 1 + |p|, rounded up.
    const double here = std::fmin(2.0, (Ball{1, 0} - Ball{static_cast<double>(here_sign), 0} * p).upper());
    const double there = std::fmin(2.0, (Ball{1, 0} - Ball{static_cast<double>(there_sign), 0} * p_other).upper());
    result.both += upper_product(t, here, there);
    result.here += inflated(here * t);
    result.there += inflated(there * t);
    result.all += t;
  };
  for (const auto& [mask, grams] : classes) {
    const double t = entry(grams);
    add(sign_of(mask, l), sign_of(mask, k), t);
    if (sums.paired) add(-sign_of(mask, l), -sign_of(mask, k), t);
  }
  return result;
}

struct ChangeEntry {
  double entrywise, theta;
};

ChangeEntry change_entry(const NetworkSums& sums, const GramsByClass& classes, const std::vector<Ball>& p,
                         const Ratios& ratios, Index l, Index i, Index k, Index j) {
  const Ball &here = p[size(l * sums.n + i)], &there = p[size(k * sums.n + j)];
  const double dp = ratios.delta_p[size(l * sums.n + i)], dp_other = ratios.delta_p[size(k * sums.n + j)];
  const auto of = [&](auto entry) { return weighted_sums(sums, classes, here, there, l, k, entry); };
  const auto change = of([&](const BallGrams& g) { return g.e_delta(i, j) + g.e_delta(j, i) + g.delta_delta(i, j); });
  const auto delta = of([&](const BallGrams& g) { return g.delta_delta(i, j); });
  const auto reach_high = of([&](const BallGrams& g) { return g.e_high(i, j) + g.delta_high(i, j); });
  const auto high_reach = of([&](const BallGrams& g) { return g.e_high(j, i) + g.delta_high(j, i); });
  const auto delta_high = of([&](const BallGrams& g) { return g.delta_high(i, j); });
  const auto high_delta = of([&](const BallGrams& g) { return g.delta_high(j, i); });
  const double last = upper_product(of([&](const BallGrams& g) { return g.high_high(i, j); }).all, dp, dp_other);
  return {inflated(change.both + dp_other * reach_high.here + dp * high_reach.there + last),
          inflated(delta.both + dp_other * delta_high.here + dp * high_delta.there + last)};
}

}  // namespace

std::optional<KernelChange> change_over_ball(const NetworkSums& sums, const RealMatrix& x, const NeuronStream& neurons,
                                             const ColumnRadii& radii, const StreamOptions& options) {
  const std::vector<double> norms = upper_input_norms(x);
  FirstPass stretched;
  for_each_chunk(
      x, neurons, options, [&](Chunk& chunk) { return first_pass(chunk, sums, radii, norms); },
      [&](const FirstPass& part) {
        stretched.usable = stretched.usable && part.usable;
        for (const auto& [mask, from] : part.classes) {
          StretchedSums& into = stretched.classes[mask];
          into.up.resize(norms.size());
          into.down.resize(norms.size());
          for (std::size_t i = 0; i < norms.size(); ++i) {
            into.up[i] += from.up[i];
            into.down[i] += from.down[i];
          }
        }
      });
  const Ratios ratios = ratios_of(sums, stretched);
  if (!ratios.usable) return std::nullopt;
  GramsByClass grams;
  for_each_chunk(
      x, neurons, options, [&](Chunk& chunk) { return second_pass(chunk, sums, radii, norms, ratios); },
      [&](const GramsByClass& part) {
        for (const auto& [mask, from] : part) grams[mask].add(from);
      });

  const std::vector<Ball> p = outputs(sums);
  // Sums over columns and classes in any order, and the few dozen additions of one entry.
  const double order = 1 + upper_gamma(static_cast<double>(sums.m) + 8 * static_cast<double>(grams.size()) + 64);
  KernelChange change{RowMajorMatrix(sums.n * sums.d, sums.n * sums.d),
                      RowMajorMatrix(sums.n * sums.d, sums.n * sums.d)};
  for (Index i = 0; i < sums.n; ++i)
    for (Index j = 0; j <= i; ++j) {
      const double exponentials = 1 + 1.1 * gram_error(sums, i, j);
      const double scale = inflated(scale_of(sums, x, i, j).magnitude() * exponentials * order);
      for (Index l = 0; l < sums.d; ++l)
        for (Index k = 0; k < sums.d; ++k) {
          const ChangeEntry entry = change_entry(sums, grams, p, ratios, l, i, k, j);
          const Index row = l * sums.n + i, column = k * sums.n + j;
          change.entrywise(row, column) = change.entrywise(column, row) =
              inflated(scale * inflated(entry.entrywise + sums.absolute_error));
          change.theta(row, column) = change.theta(column, row) =
              inflated(scale * inflated(entry.theta + sums.absolute_error));
        }
    }
  return change;
}

}  // namespace assay::fast
