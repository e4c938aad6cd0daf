#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "enclosure/index.hpp"
#include "enclosure/stop.hpp"
#include "enclosure/threads.hpp"
#include "network/fast/network.hpp"

// How the fast tier walks over the neurons. For passes over them only: in this folder, models/relu.cpp,
// bench/own_radii.cpp.

namespace assay::fast {

/// Sums over at most so many columns are in any order; longer ones are added segment by segment.
inline constexpr std::size_t kSegment = 1024;

/// A block of columns, those of a class side by side, and the room to work on them.
class Chunk {
 public:
  struct Class {
    std::uint64_t mask = 0;
    std::size_t begin = 0, end = 0;
  };

  Chunk(const RealMatrix& x, const NeuronStream& neurons, Index capacity);

  void load(Index first, Index count);
  std::size_t count() const { return count_; }
  std::size_t capacity() const { return capacity_; }
  const std::vector<Class>& classes() const { return classes_; }
  /// The column of the stream at a place of the chunk.
  Index column_at(std::size_t place) const { return first_ + static_cast<Index>(columns_[place]); }
  double weight(Index coordinate, std::size_t place) const { return weights_[size(coordinate) * capacity_ + place]; }
  /// Largest |w| of the columns, over all coordinates.
  double largest_weight() const;

  /// The logits of one sample; valid until the next call.
  const double* logits(Index i);
  /// exp(z) 2^-shift of all samples, one row per sample, rows `capacity()` apart.
  /// @return largest |z|; the exponentials are not made if it is beyond kExpLargestArgument.
  double make_exponentials(const std::vector<long>& shifts);
  const double* exponentials(Index i) const { return exponentials_.data() + size(i) * capacity_; }

 private:
  std::uint64_t class_of(std::uint64_t mask) const;
  void sort_by_class();

  const RealMatrix& x_;
  const NeuronStream& neurons_;
  std::size_t capacity_, count_ = 0;
  Index first_ = 0;
  std::vector<double> raw_, weights_, logits_, exponentials_;
  std::vector<std::uint64_t> masks_;
  std::vector<std::size_t> columns_, places_;
  std::vector<Class> classes_;
};

/// out(i, j) = sum over the columns begin <= c < end of rows_i rows_j for j <= i, n rows `stride` apart; what is above
/// the diagonal is not touched but for a few entries beside it.
void lower_gram(const double* rows, std::size_t stride, Index n, const Chunk::Class& columns, RowMajorMatrix& out);

/// Runs work(chunk) for all chunks on several threads and then, in the order of the chunks and one at a time,
/// finish(result): so what `finish` adds up does not depend on the number of threads.
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
  bool failed = false;
  const auto run = [&] {
    Chunk chunk(x, neurons, std::min(capacity, total));
    for (Index index = next++; index < chunks; index = next++) {
      const Index first = index * capacity;
      leave_if_stopped();
      chunk.load(first, std::min(capacity, total - first));
      auto result = work(chunk);
      std::unique_lock lock(guard);
      turned.wait(lock, [&] { return turn == index || failed; });
      if (failed) return;
      finish(result);
      options.progress(static_cast<double>(++turn) / static_cast<double>(chunks));
      turned.notify_all();
    }
  };
  run_on_threads(std::min<Index>(options.threads, chunks), run, [&] {
    const std::lock_guard lock(guard);
    failed = true;
    turned.notify_all();
  });
}

}  // namespace assay::fast
