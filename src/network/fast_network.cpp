#include "network/fast_network.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "enclosure/fast/kernels.hpp"

namespace assay::fast {

namespace {

constexpr double kLargestUnshifted = 300;  // exp(2 * 300) is far inside the range of double
constexpr std::size_t kSegment = 1024;
constexpr double kLog2 = 0.6931471805599453;

std::size_t size(Index k) {
  return static_cast<std::size_t>(k);
}

/// a + b exactly as hi + lo (Knuth); sums alone are never fused.
struct Twofold {
  double hi = 0, lo = 0;
  void add(double x) {
    const double sum = hi + x, back = sum - hi;
    lo += (hi - (sum - back)) + (x - back);
    hi = sum;
  }
};

/// The sums of one class, in twice the precision.
struct Accumulator {
  std::vector<Twofold> gram, sum;
};

/// What one chunk of columns gives: per class one Gram matrix (lower triangle by rows) and the sums.
struct ChunkResult {
  struct Part {
    std::uint64_t mask = 0;
    std::vector<Twofold> gram, sum;
  };
  std::vector<Part> parts;
  std::vector<double> largest, least;  // of e per sample
  double max_logit = 0, max_weight = 0;
};

/// Columns of one chunk with those of a class side by side, and the room to work on them.
class Chunk {
 public:
  Chunk(const RealMatrix& x, const NeuronStream& neurons, Index capacity)
      : x_(x), neurons_(neurons), capacity_(size(capacity)) {
    raw_.resize(size(neurons.d_in()) * capacity_);
    weights_.resize(raw_.size());
    logits_.resize(capacity_);
    exponentials_.resize(size(x.rows()) * capacity_);
    block_.resize(size(x.rows() * x.rows()));
  }

  void load(Index first, Index count) {
    count_ = size(count);
    masks_.resize(count_);
    neurons_.fill(first, raw_.data(), capacity_, masks_);
    sort_by_class();
  }

  /// Largest logit per sample, without exponentials.
  void raise_to_logits(std::vector<double>& most) {
    for (Index i = 0; i < x_.rows(); ++i) {
      combine(i);
      most[size(i)] = std::max(most[size(i)], largest(logits_.data(), count_));
    }
  }

  ChunkResult evaluate(const std::vector<long>& shifts) {
    ChunkResult result;
    for (const double w : weights_used()) result.max_weight = std::max(result.max_weight, std::fabs(w));
    for (Index i = 0; i < x_.rows(); ++i) exponentials_of(i, shifts[size(i)], result);
    for (std::size_t part = 0; part < starts_.size(); ++part) {
      const std::size_t end = part + 1 < starts_.size() ? starts_[part + 1] : count_;
      result.parts.push_back(sums_of(class_masks_[part], starts_[part], end));
    }
    return result;
  }

 private:
  std::vector<double> weights_used() const {
    std::vector<double> used;
    used.reserve(size(neurons_.d_in()) * count_);
    for (std::size_t k = 0; k < size(neurons_.d_in()); ++k)
      used.insert(used.end(), weights_.begin() + static_cast<std::ptrdiff_t>(k * capacity_),
                  weights_.begin() + static_cast<std::ptrdiff_t>(k * capacity_ + count_));
    return used;
  }

  std::uint64_t class_of(std::uint64_t mask) const {
    if (!neurons_.paired()) return mask;
    const std::uint64_t all = neurons_.d() == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << neurons_.d()) - 1;
    return std::min(mask, mask ^ all);
  }

  void sort_by_class() {
    std::map<std::uint64_t, std::size_t> counts;
    for (std::uint64_t& mask : masks_) ++counts[mask = class_of(mask)];
    starts_.clear();
    class_masks_.clear();
    std::size_t start = 0;
    for (auto& [mask, number] : counts) {
      starts_.push_back(start);
      class_masks_.push_back(mask);
      start += std::exchange(number, start);  // from here on the next free place of the class
    }
    for (std::size_t c = 0; c < count_; ++c) {
      const std::size_t place = counts[masks_[c]]++;
      for (std::size_t k = 0; k < size(neurons_.d_in()); ++k) weights_[k * capacity_ + place] = raw_[k * capacity_ + c];
    }
  }

  void combine(Index i) {
    combine_rows(x_.data() + i * x_.cols(), size(x_.cols()), weights_.data(), capacity_, count_, logits_.data());
  }

  void exponentials_of(Index i, long shift, ChunkResult& result) {
    combine(i);
    const double most = largest(logits_.data(), count_);
    for (double& logit : logits_) logit = -logit;
    const double least = -largest(logits_.data(), count_);
    for (double& logit : logits_) logit = -logit;
    result.max_logit = std::max({result.max_logit, most, -least});
    double* row = exponentials_.data() + size(i) * capacity_;
    const bool in_range = result.max_logit <= kExpLargestArgument;
    if (in_range) scaled_exp(logits_.data(), row, count_, shift);
    result.largest.push_back(in_range ? largest(row, count_) : 0);
    double smallest = in_range ? row[0] : 0;
    for (std::size_t c = 0; c < count_ && in_range; ++c) smallest = std::min(smallest, row[c]);
    result.least.push_back(smallest);
  }

  ChunkResult::Part sums_of(std::uint64_t mask, std::size_t begin, std::size_t end) {
    const Index n = x_.rows();
    ChunkResult::Part part{mask, std::vector<Twofold>(size(n * n)), std::vector<Twofold>(size(n))};
    for (std::size_t first = begin; first < end; first += kSegment) {
      const std::size_t count = std::min(kSegment, end - first);
      for (Index i = 0; i < n; i += 4) {
        const Index rows = std::min<Index>(4, n - i);
        products_of_rows(exponentials_.data() + size(i) * capacity_ + first, capacity_, size(rows),
                         exponentials_.data() + first, capacity_, size(i + rows), count, block_.data(), size(n));
        for (Index row = 0; row < rows; ++row)
          for (Index j = 0; j <= i + row; ++j) part.gram[size((i + row) * n + j)].add(block_[size(row * n + j)]);
      }
      for (Index i = 0; i < n; ++i)
        part.sum[size(i)].add(sum(exponentials_.data() + size(i) * capacity_ + first, count));
    }
    return part;
  }

  const RealMatrix& x_;
  const NeuronStream& neurons_;
  std::size_t capacity_, count_ = 0;
  std::vector<double> raw_, weights_, logits_, exponentials_, block_;
  std::vector<std::uint64_t> masks_, class_masks_;
  std::vector<std::size_t> starts_;
};

/// Runs work(chunk, first, count) for all chunks on several threads, and then in the order of the chunks, one at a
/// time, finish(result).
template <class Work, class Finish>
void for_each_chunk(const RealMatrix& x, const NeuronStream& neurons, const StreamOptions& options, Work work,
                    Finish finish) {
  const Index total = neurons.columns();
  const Index capacity = std::clamp<Index>((Index{1} << 19) / x.rows(), 1024, 65536);
  const Index chunks = (total + capacity - 1) / capacity;
  std::atomic<Index> next{0};
  std::mutex guard;
  std::condition_variable turned;
  Index turn = 0;
  std::exception_ptr failure;
  const auto run = [&] {
    try {
      Chunk chunk(x, neurons, std::min(capacity, total));
      for (Index index = next++; index < chunks; index = next++) {
        const Index first = index * capacity;
        chunk.load(first, std::min(capacity, total - first));
        auto result = work(chunk);
        std::unique_lock lock(guard);
        turned.wait(lock, [&] { return turn == index || failure; });
        if (failure) return;
        finish(result);
        options.progress(static_cast<double>(++turn) / static_cast<double>(chunks));
        turned.notify_all();
      }
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!failure) failure = std::current_exception();
      turned.notify_all();
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int k = 1; k < std::min<Index>(options.threads, chunks); ++k) workers.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

std::vector<long> shifts_near_largest(const RealMatrix& x, const NeuronStream& neurons, const StreamOptions& options) {
  std::vector<double> most(size(x.rows()), -std::numeric_limits<double>::infinity());
  for_each_chunk(
      x, neurons, options,
      [&](Chunk& chunk) {
        std::vector<double> own(most.size(), -std::numeric_limits<double>::infinity());
        chunk.raise_to_logits(own);
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

/// All chunks together.
struct Totals {
  std::map<std::uint64_t, Accumulator> classes;
  std::vector<double> largest, least;
  double max_logit = 0, max_weight = 0;

  void add(const ChunkResult& chunk) {
    max_logit = std::max(max_logit, chunk.max_logit);
    max_weight = std::max(max_weight, chunk.max_weight);
    if (largest.empty()) {
      largest = chunk.largest;
      least = chunk.least;
    }
    for (std::size_t i = 0; i < largest.size(); ++i) {
      largest[i] = std::max(largest[i], chunk.largest[i]);
      least[i] = std::min(least[i], chunk.least[i]);
    }
    for (const auto& part : chunk.parts) {
      Accumulator& sums = classes[part.mask];
      sums.gram.resize(part.gram.size());
      sums.sum.resize(part.sum.size());
      const auto merge = [](std::vector<Twofold>& into, const std::vector<Twofold>& from) {
        for (std::size_t k = 0; k < into.size(); ++k) {
          into[k].add(from[k].hi);
          into[k].lo += from[k].lo;
        }
      };
      merge(sums.gram, part.gram);
      merge(sums.sum, part.sum);
    }
  }
};

Totals one_pass(const RealMatrix& x, const NeuronStream& neurons, const std::vector<long>& shifts,
                const StreamOptions& options) {
  Totals totals;
  for_each_chunk(
      x, neurons, options, [&](Chunk& chunk) { return chunk.evaluate(shifts); },
      [&](const ChunkResult& result) { totals.add(result); });
  return totals;
}

/// (1 + a)(1 + b) - 1, rounded up.
double combined(double a, double b) {
  return inflated(a + b + a * b);
}

/// The relative errors of the header, or nothing if they are not small.
bool set_errors(NetworkSums& sums, const Totals& totals, const RealMatrix& x) {
  sums.max_logit = totals.max_logit;
  sums.logit_error = 0;
  sums.eta.resize(sums.n);
  for (Index i = 0; i < sums.n; ++i) {
    double norm = 0;
    for (Index k = 0; k < x.cols(); ++k) norm += std::fabs(x(i, k));
    norm *= 1 + upper_gamma(static_cast<double>(x.cols()));
    const double error = inflated(upper_gamma(static_cast<double>(x.cols())) * norm * totals.max_weight);
    sums.logit_error = std::max(sums.logit_error, error);
    // exp(error) - 1 <= 1.1 error for error <= 0.1.
    sums.eta(i) = combined(1.1 * error, kExpError);
    if (!(error <= 0.01)) return false;
  }
  // A segment in any order; the twofold sums of at most 2^40 segments err by less than 4 u.
  sums.sum_error = combined(upper_gamma(kSegment), 4 * kUnitRoundoff);
  return std::isfinite(sums.max_logit) && sums.max_logit <= kExpLargestArgument;
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
        to.gram(i, j) = to.gram(j, i) = entry.hi + entry.lo;
      }
      to.sum(i) = from.sum[size(i)].hi + from.sum[size(i)].lo;
      sums.total(i) += multiplicity * to.sum(i);
    }
  }
  sums.largest = Eigen::Map<const Eigen::VectorXd>(totals.largest.data(), n);
  sums.least = Eigen::Map<const Eigen::VectorXd>(totals.least.data(), n);
}

}  // namespace

std::optional<NetworkSums> network_sums(const RealMatrix& x, const NeuronStream& neurons,
                                        const StreamOptions& options) {
  NetworkSums sums;
  sums.n = x.rows();
  sums.d = neurons.d();
  sums.m = neurons.m();
  sums.paired = neurons.paired();
  std::vector<long> shifts(size(sums.n), 0);
  Totals totals = one_pass(x, neurons, shifts, options);
  if (totals.max_logit > kLargestUnshifted && totals.max_logit <= kExpLargestArgument) {
    shifts = shifts_near_largest(x, neurons, options);
    totals = one_pass(x, neurons, shifts, options);
    // What is below 2^-1021 of the largest term has become 0.
    sums.absolute_error = static_cast<double>(sums.m) * 0x1p-1000;
  }
  if (!set_errors(sums, totals, x)) return std::nullopt;
  set_sums(sums, totals);
  if (!sums.total.allFinite() || !(sums.total.minCoeff() > 0)) return std::nullopt;
  return sums;
}

}  // namespace assay::fast
