#include "regression/softmax_descent.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "data/drawn.hpp"
#include "data/unit_ball.hpp"
#include "enclosure/fast/kernels.hpp"
#include "enclosure/row.hpp"

namespace assay {

namespace {

/// q_{i,r} = m softmax_r(<w_r, x_i>), n x m.
RealMatrix approx_q(const RealMatrix& x, const RealMatrix& w) {
  RealMatrix q = x * w.transpose();
  for (Index i = 0; i < q.rows(); ++i) {
    auto row = q.row(i);
    row.array() -= row.maxCoeff();
    row = row.cwiseMax(-700.0);
    fast::scaled_exp(row.data(), row.data(), static_cast<std::size_t>(q.cols()), 0);
    row *= static_cast<double>(q.cols()) / row.sum();
  }
  return q;
}

}  // namespace

Weights draw_paired_weights(Index m, Index d_in, Index d, double sigma, std::uint64_t seed) {
  if (m < 2 || m % 2 != 0)
    throw std::invalid_argument(fmt::format("draw_paired_weights: expected an even width, found {}", m));
  Weights network{RealMatrix(m, d_in), SignMatrix(m, d)};
  for (Index pair = 0; pair < m / 2; ++pair) {
    draw_pair_weights(seed, sigma, static_cast<std::uint64_t>(pair), row_of(network.w, 2 * pair));
    network.w.row(2 * pair + 1) = network.w.row(2 * pair);
    const std::span signs(network.a.data() + 2 * pair * d, static_cast<std::size_t>(d));
    draw_pair_signs(seed, static_cast<std::uint64_t>(pair), signs);
    network.a.row(2 * pair + 1) = -network.a.row(2 * pair);
  }
  return network;
}

ApproxSoftmaxDescent::ApproxSoftmaxDescent(const RealMatrix& x, const RealMatrix& y, Weights start, double eta)
    : x_(x), y_(y), network_(std::move(start)), signs_(network_.a.cast<double>()), eta_(eta) {
  if (x.cols() != network_.w.cols() || y.rows() != x.rows() || y.cols() != network_.a.cols() ||
      network_.w.rows() != network_.a.rows())
    throw std::invalid_argument("ApproxSoftmaxDescent: expected X n x d_in, Y n x d, W m x d_in and A m x d");
}

void ApproxSoftmaxDescent::step() {
  const RealMatrix q = approx_q(x_, network_.w);
  const RealMatrix f = q * signs_, e = f - y_;
  // sum_l e_l (a_l - p_l) for every sample and neuron
  RealMatrix slope = e * signs_.transpose();
  slope.colwise() -= e.cwiseProduct(f).rowwise().sum() / static_cast<double>(q.cols());
  network_.w -= eta_ * (slope.cwiseProduct(q).transpose() * x_);
  ++steps_;
}

RealMatrix approx_outputs(const RealMatrix& x, const Weights& network) {
  return approx_q(x, network.w) * network.a.cast<double>();
}

}  // namespace assay
