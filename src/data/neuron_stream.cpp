#include "data/neuron_stream.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "data/drawn.hpp"
#include "data/input_error.hpp"
#include "data/streamed_outputs.hpp"

namespace assay {

namespace {

std::uint64_t sign_mask(std::span<const std::int8_t> signs) {
  std::uint64_t mask = 0;
  for (std::size_t l = 0; l < signs.size(); ++l)
    if (signs[l] < 0) mask |= std::uint64_t{1} << l;
  return mask;
}

bool is_paired(const RealMatrix& w, const SignMatrix& a) {
  if (w.rows() % 2 != 0) return false;
  for (Index r = 0; r < w.rows(); r += 2)
    if (w.row(r) != w.row(r + 1) || a.row(r) != -a.row(r + 1)) return false;
  return true;
}

void require_few_outputs(Index d) {
  if (d > kMostStreamedOutputs)
    throw InputError(fmt::format("{} outputs (", d), field::d, ", and ", field::d_in,
                     fmt::format(" in score_estimation): the fast tier and gradient descent take at most {}; ",
                                 kMostStreamedOutputs),
                     field::tier, " deep takes more");
}

}  // namespace

StoredNeurons::StoredNeurons(const RealMatrix& w, const SignMatrix& a) : w_(w), a_(a), paired_(is_paired(w, a)) {
  require_few_outputs(a.cols());
  if (w.rows() != a.rows()) throw std::invalid_argument("StoredNeurons: expected as many rows in W as in A");
}

StoredNeurons StoredNeurons::separate(const RealMatrix& w, const SignMatrix& a) {
  StoredNeurons neurons(w, a);
  neurons.paired_ = false;
  return neurons;
}

void StoredNeurons::fill(Index first, double* weights, std::size_t stride, std::span<std::uint64_t> signs) const {
  for (std::size_t c = 0; c < signs.size(); ++c) {
    const Index neuron = (first + static_cast<Index>(c)) * (paired_ ? 2 : 1);
    for (Index k = 0; k < w_.cols(); ++k) weights[static_cast<std::size_t>(k) * stride + c] = w_(neuron, k);
    signs[c] = sign_mask({a_.data() + neuron * a_.cols(), static_cast<std::size_t>(a_.cols())});
  }
}

DrawnNeurons::DrawnNeurons(Index m, Index d_in, Index d, double sigma, std::uint64_t seed)
    : m_(m), d_in_(d_in), d_(d), sigma_(sigma), seed_(seed) {
  require_few_outputs(d);
  if (m % 2 != 0) throw std::invalid_argument("DrawnNeurons: expected an even width");
}

void DrawnNeurons::fill(Index first, double* weights, std::size_t stride, std::span<std::uint64_t> signs) const {
  std::vector<double> w(static_cast<std::size_t>(d_in_));
  std::vector<std::int8_t> a(static_cast<std::size_t>(d_));
  for (std::size_t c = 0; c < signs.size(); ++c) {
    const auto pair = static_cast<std::uint64_t>(first) + c;
    draw_pair_weights(seed_, sigma_, pair, w);
    draw_pair_signs(seed_, pair, a);
    for (std::size_t k = 0; k < w.size(); ++k) weights[k * stride + c] = w[k];
    signs[c] = sign_mask(a);
  }
}

}  // namespace assay
