#include "descent/sorted_neurons.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "enclosure/index.hpp"

namespace assay {

namespace {

/// Sign masks of all neurons, and their weights, one row per input coordinate.
struct Unsorted {
  std::vector<std::uint64_t> masks;
  std::vector<double> weights;

  explicit Unsorted(const NeuronStream& neurons)
      : masks(size(neurons.m())), weights(size(neurons.d_in()) * masks.size()) {
    const std::size_t columns = size(neurons.columns()), copies = neurons.paired() ? 2 : 1;
    const std::uint64_t all = neurons.d() == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << neurons.d()) - 1;
    std::vector<double> own(size(neurons.d_in()) * columns);
    std::vector<std::uint64_t> signs(columns);
    neurons.fill(0, own.data(), columns, signs);
    for (std::size_t c = 0; c < columns; ++c)
      for (std::size_t copy = 0; copy < copies; ++copy) {
        const std::size_t neuron = copies * c + copy;
        masks[neuron] = copy == 0 ? signs[c] : signs[c] ^ all;
        for (std::size_t k = 0; k < size(neurons.d_in()); ++k)
          weights[k * masks.size() + neuron] = own[k * columns + c];
      }
  }
};

}  // namespace

SortedNeurons::SortedNeurons(const NeuronStream& neurons) : m_(neurons.m()), d_in_(neurons.d_in()), d_(neurons.d()) {
  const Unsorted from(neurons);
  neuron_of_.resize(size(m_));
  std::iota(neuron_of_.begin(), neuron_of_.end(), Index{0});
  std::stable_sort(neuron_of_.begin(), neuron_of_.end(),
                   [&](Index a, Index b) { return from.masks[size(a)] < from.masks[size(b)]; });
  weights_.resize(from.weights.size());
  for (Index c = 0; c < m_; ++c) {
    const std::uint64_t mask = from.masks[size(neuron_of(c))];
    if (classes_.empty() || classes_.back().mask != mask) classes_.push_back({mask, c, c});
    classes_.back().end = c + 1;
    for (Index k = 0; k < d_in_; ++k) row(k)[c] = from.weights[size(k * m_ + neuron_of(c))];
  }
}

void SortedNeurons::fill(Index first, double* weights, std::size_t stride, std::span<std::uint64_t> signs) const {
  const auto count = static_cast<Index>(signs.size());
  for (Index k = 0; k < d_in_; ++k) std::copy_n(row(k) + first, count, weights + size(k) * stride);
  for (const Class& group : classes_) {
    const Index begin = std::max(group.begin, first), end = std::min(group.end, first + count);
    for (Index c = begin; c < end; ++c) signs[size(c - first)] = group.mask;
  }
}

void SortedNeurons::set_weights(std::vector<double> weights) {
  if (weights.size() != weights_.size()) throw std::invalid_argument("SortedNeurons: expected d_in x m weights");
  weights_ = std::move(weights);
}

RealMatrix SortedNeurons::in_order() const {
  RealMatrix w(m_, d_in_);
  for (Index c = 0; c < m_; ++c)
    for (Index k = 0; k < d_in_; ++k) w(neuron_of(c), k) = row(k)[c];
  return w;
}

}  // namespace assay
