#include "network/fast/network.hpp"

#include "enclosure/fast/kernels.hpp"
#include "enclosure/fast/twofold.hpp"
#include "network/fast/chunk.hpp"

namespace assay::fast {

namespace {

constexpr double kLargestUnshifted = 300;  // exp(2 * 300) is far inside the range of double
constexpr double kLog2 = 0.6931471805599453;

/// The sums of one class, in twice the precision: gram by rows of its lower triangle.
struct ClassSums {
  std::vector<Twofold> gram, sum;

  explicit ClassSums(Index n = 0) : gram(size(n * n)), sum(size(n)) {}
  void add(const ClassSums& other) {
    gram.resize(other.gram.size());
    sum.resize(other.sum.size());
    for (std::size_t k = 0; k < gram.size(); ++k) gram[k].add(other.gram[k]);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k].add(other.sum[k]);
  }
};

/// What one chunk of columns gives, and all chunks together.
struct Totals {
  std::map<std::uint64_t, ClassSums> classes;
  std::vector<double> largest, least;  // of e per sample
  double max_logit = 0, max_weight = 0;
  bool complete = true;  // every chunk had its exponentials; else only max_logit and max_weight mean something

  /// Of no columns.
  explicit Totals(Index n) : largest(size(n), 0.0), least(size(n), std::numeric_limits<double>::infinity()) {}

  void add(const Totals& chunk) {
    max_logit = std::max(max_logit, chunk.max_logit);
    max_weight = std::max(max_weight, chunk.max_weight);
    complete = complete && chunk.complete;
    if (!complete) return;
    for (std::size_t i = 0; i < largest.size(); ++i) {
      largest[i] = std::max(largest[i], chunk.largest[i]);
      least[i] = std::min(least[i], chunk.least[i]);
    }
    for (const auto& [mask, sums] : chunk.classes) classes[mask].add(sums);
  }
};

ClassSums sums_of(const Chunk& chunk, Index n, const Chunk::Class& group) {
  ClassSums sums(n);
  std::vector<double> block(size(4 * n));
  for (std::size_t first = group.begin; first < group.end; first += kSegment) {
    const std::size_t count = std::min(kSegment, group.end - first);
    for (Index i = 0; i < n; i += 4) {
      const Index rows = std::min<Index>(4, n - i);
      products_of_rows(chunk.exponentials(i) + first, chunk.capacity(), size(rows), chunk.exponentials(0) + first,
                       chunk.capacity(), size(i + rows), count, block.data(), size(n));
      for (Index row = 0; row < rows; ++row)
        for (Index j = 0; j <= i + row; ++j) sums.gram[size((i + row) * n + j)].add(block[size(row * n + j)]);
    }
    for (Index i = 0; i < n; ++i) sums.sum[size(i)].add(sum(chunk.exponentials(i) + first, count));
  }
  return sums;
}

Totals evaluate(Chunk& chunk, Index n, const std::vector<long>& shifts) {
  Totals totals(n);
  totals.max_weight = chunk.largest_weight();
  totals.max_logit = chunk.make_exponentials(shifts);
  totals.complete = totals.max_logit <= kExpLargestArgument;
  if (!totals.complete) return totals;
  for (Index i = 0; i < n; ++i) {
    const Extremes range = extremes(chunk.exponentials(i), chunk.count());
    totals.largest[size(i)] = range.most;
    totals.least[size(i)] = range.least;
  }
  for (const Chunk::Class& group : chunk.classes()) totals.classes[group.mask] = sums_of(chunk, n, group);
  return totals;
}

std::vector<long> shifts_near_largest(const RealMatrix& x, const NeuronStream& neurons, const StreamOptions& options) {
  std::vector<double> most(size(x.rows()), -std::numeric_limits<double>::infinity());
  for_each_chunk(
      x, neurons, options,
      [&](Chunk& chunk) {
        std::vector<double> own(most.size(), -std::numeric_limits<double>::infinity());
        for (Index i = 0; i < x.rows(); ++i) own[size(i)] = extremes(chunk.logits(i), chunk.count()).most;
        return own;
      },
      [&](const std::vector<double>& own) {
        for (std::size_t i = 0; i < most.size(); ++i) most[i] = std::max(most[i], own[i]);
      });
  std::vector<long> shifts;
  for (const double logit : most)
    shifts.push_back(std::fabs(logit) <= kExpLargestArgument ? std::lround(logit / kLog2) : 0);
  return shifts;
}

Totals one_pass(const RealMatrix& x, const NeuronStream& neurons, const std::vector<long>& shifts,
                const StreamOptions& options) {
  Totals totals(x.rows());
  for_each_chunk(
      x, neurons, options, [&](Chunk& chunk) { return evaluate(chunk, x.rows(), shifts); },
      [&](const Totals& result) { totals.add(result); });
  return totals;
}

/// The relative errors of the header, or nothing if they are not small.
bool set_errors(NetworkSums& sums, const Totals& totals, const RealMatrix& x) {
  sums.max_logit = totals.max_logit;
  sums.logit_error = 0;
  sums.eta.resize(sums.n);
  for (Index i = 0; i < sums.n; ++i) {
    const double norm = upper_sum(x.row(i).cwiseAbs().sum(), x.cols());
    const double error = upper_logit_error(norm, totals.max_weight, x.cols());
    sums.logit_error = std::max(sums.logit_error, error);
    // exp(error) - 1 <= 1.1 error for error <= 0.1.
    sums.eta(i) = combined(1.1 * error, kExpError);
    if (!(error <= 0.01)) return false;
  }
  // A segment in any order; the twofold sums of the segments err by less than 4 u.
  sums.sum_error = combined(upper_gamma(kSegment), 4 * kUnitRoundoff);
  return true;
}

void set_sums(NetworkSums& sums, const Totals& totals) {
  const Index n = sums.n;
  const double multiplicity = sums.paired ? 2 : 1;
  sums.total = Eigen::VectorXd::Zero(n);
  for (const auto& [mask, from] : totals.classes) {
    NetworkSums::Class& to = sums.classes[mask];
    to.gram.resize(n, n);
    to.sum.resize(n);
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j <= i; ++j) {
        const Twofold& entry = from.gram[size(i * n + j)];
        to.gram(i, j) = to.gram(j, i) = entry.value();
      }
      to.sum(i) = from.sum[size(i)].value();
      sums.total(i) += multiplicity * to.sum(i);
    }
  }
  sums.largest = Eigen::Map<const Eigen::VectorXd>(totals.largest.data(), n);
  sums.least = Eigen::Map<const Eigen::VectorXd>(totals.least.data(), n);
}

}  // namespace

std::optional<NetworkSums> network_sums(const RealMatrix& x, const NeuronStream& neurons,
                                        const StreamOptions& options) {
  // Each chunk has at least kSegment columns but the last, and one segment more of a class than full ones.
  if (neurons.columns() / static_cast<Index>(kSegment) > kMostTwofoldTerms / 2 - 2) return std::nullopt;
  NetworkSums sums;
  sums.n = x.rows();
  sums.d = neurons.d();
  sums.m = neurons.m();
  sums.paired = neurons.paired();
  std::vector<long> shifts(size(sums.n), 0);
  Totals totals = one_pass(x, neurons, shifts, options);
  if (totals.complete && totals.max_logit > kLargestUnshifted) {
    shifts = shifts_near_largest(x, neurons, options);
    totals = one_pass(x, neurons, shifts, options);
    // What is below 2^-1021 of the largest term has become 0.
    sums.absolute_error = static_cast<double>(sums.m) * 0x1p-1000;
  }
  if (!totals.complete || !set_errors(sums, totals, x)) return std::nullopt;
  sums.shifts = shifts;
  set_sums(sums, totals);
  if (!sums.total.allFinite() || !(sums.total.minCoeff() > 0)) return std::nullopt;
  return sums;
}

}  // namespace assay::fast
