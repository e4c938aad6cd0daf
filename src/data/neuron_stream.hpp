#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/neurons.hpp"

namespace assay {

/// The neurons of a network as columns that can be asked for in any order and number, so that memory need not grow
/// with m. A column is a pair (of opposite signs) of a paired network, or one neuron.
class NeuronStream {
 public:
  virtual ~NeuronStream() = default;
  virtual Index columns() const = 0;
  virtual Index d_in() const = 0;
  virtual Index d() const = 0;
  /// Every column is a pair with equal weights and opposite signs; then m = 2 columns, else m = columns.
  virtual bool paired() const = 0;
  Index m() const { return paired() ? 2 * columns() : columns(); }

  /// Columns first, first + 1, ... as many as `signs` has room for.
  /// @param weights  d_in x count, one row per input coordinate, rows `stride` apart.
  /// @param signs    bit l of signs[c] is set where a_{l,r} = -1, r the first neuron of the column; d <= 64.
  /// Safe to call from several threads.
  virtual void fill(Index first, double* weights, std::size_t stride, std::span<std::uint64_t> signs) const = 0;
};

/// The columns of W and A, which must outlive the stream. @throws InputError if d > 64.
class StoredNeurons final : public NeuronStream {
 public:
  StoredNeurons(const RealMatrix& w, const SignMatrix& a);
  /// Each neuron as a column of its own, for what differs between the two neurons of a pair.
  static StoredNeurons separate(const RealMatrix& w, const SignMatrix& a);
  Index columns() const override { return paired_ ? w_.rows() / 2 : w_.rows(); }
  Index d_in() const override { return w_.cols(); }
  Index d() const override { return a_.cols(); }
  bool paired() const override { return paired_; }
  void fill(Index first, double* weights, std::size_t stride, std::span<std::uint64_t> signs) const override;

 private:
  const RealMatrix& w_;
  const SignMatrix& a_;
  bool paired_;
};

/// The paired initialization, drawn again wherever it is needed: exactly the weights and signs of make_instance.
class DrawnNeurons final : public NeuronStream {
 public:
  /// @throws std::invalid_argument if m is odd, InputError if d > 64.
  DrawnNeurons(Index m, Index d_in, Index d, double sigma, std::uint64_t seed);
  Index columns() const override { return m_ / 2; }
  Index d_in() const override { return d_in_; }
  Index d() const override { return d_; }
  bool paired() const override { return true; }
  void fill(Index first, double* weights, std::size_t stride, std::span<std::uint64_t> signs) const override;

 private:
  Index m_, d_in_, d_;
  double sigma_;
  std::uint64_t seed_;
};

}  // namespace assay
