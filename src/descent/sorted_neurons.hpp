#pragma once

#include <vector>

#include "data/neuron_stream.hpp"

namespace assay {

/// The neurons of a network in memory, those of one sign vector side by side, with weights that may move: signs never
/// change, so one sort serves a whole run of gradient descent. Every neuron is a column of its own.
class SortedNeurons final : public NeuronStream {
 public:
  struct Class {
    std::uint64_t mask = 0;    ///< bit l is set where a_l = -1
    Index begin = 0, end = 0;  ///< its columns
  };

  explicit SortedNeurons(const NeuronStream& neurons);

  Index columns() const override { return m_; }
  Index d_in() const override { return d_in_; }
  Index d() const override { return d_; }
  bool paired() const override { return false; }
  void fill(Index first, double* weights, std::size_t stride, std::span<std::uint64_t> signs) const override;

  const std::vector<Class>& classes() const { return classes_; }
  /// Coordinate k of all columns.
  double* row(Index k) { return weights_.data() + k * m_; }
  const double* row(Index k) const { return weights_.data() + k * m_; }
  /// d_in x m, row by row.
  const std::vector<double>& weights() const { return weights_; }
  /// @throws std::invalid_argument for another size.
  void set_weights(std::vector<double> weights);

  /// Neuron of the network that a column is.
  Index neuron_of(Index column) const { return neuron_of_[static_cast<std::size_t>(column)]; }
  /// W as the network has it, m x d_in.
  RealMatrix in_order() const;

 private:
  Index m_, d_in_, d_;
  std::vector<Index> neuron_of_;
  std::vector<Class> classes_;
  std::vector<double> weights_;
};

}  // namespace assay
