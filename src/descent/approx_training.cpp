#include "descent/approx_training.hpp"

#include <algorithm>

#include "enclosure/stop.hpp"
#include "network/fast/network.hpp"

namespace assay {

namespace {

/// Weights (m x d_in) and signs (m x d) of all neurons; of a pair both.
struct PlainNetwork {
  RealMatrix w, a;
};

PlainNetwork network_of(const NeuronStream& neurons) {
  const Index columns = neurons.columns(), copies = neurons.paired() ? 2 : 1;
  RealMatrix weights(neurons.d_in(), columns);
  std::vector<std::uint64_t> signs(static_cast<std::size_t>(columns));
  neurons.fill(0, weights.data(), static_cast<std::size_t>(columns), signs);
  PlainNetwork network{RealMatrix(copies * columns, neurons.d_in()), RealMatrix(copies * columns, neurons.d())};
  for (Index r = 0; r < copies * columns; ++r) {
    network.w.row(r) = weights.col(r / copies).transpose();
    const std::uint64_t mask = signs[static_cast<std::size_t>(r / copies)];
    for (Index l = 0; l < neurons.d(); ++l) {
      const double sign = (mask >> l & 1U) != 0 ? -1 : 1;
      network.a(r, l) = r % copies == 0 ? sign : -sign;
    }
  }
  return network;
}

/// One step at W; returns |F - Y|_F^2 before it.
double approx_step(PlainNetwork& network, const RealMatrix& x, const RealMatrix& y, double eta) {
  const double m = static_cast<double>(network.w.rows());
  RealMatrix s = x * network.w.transpose();
  for (Index i = 0; i < s.rows(); ++i) {
    s.row(i).array() = (s.row(i).array() - s.row(i).maxCoeff()).exp();
    s.row(i) /= s.row(i).sum();
  }
  const RealMatrix p = s * network.a, e = m * p - y;
  // q_{i,r} sum_l e_{l,i} (a_{l,r} - p_{l,i})
  RealMatrix pull = e * network.a.transpose();
  pull.colwise() -= (e.array() * p.array()).rowwise().sum().matrix();
  pull.array() *= m * s.array();
  network.w -= eta * (pull.transpose() * x);
  return e.squaredNorm();
}

}  // namespace

std::optional<long> approx_steps_to_target(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                                           const ApproxTraining& options) {
  const auto sums = fast::network_sums(x, neurons, {});
  if (!sums) return std::nullopt;
  const double most = fast::lambda_max(fast::kernel(*sums, x).symmetric()).magnitude();
  PlainNetwork network = network_of(neurons);
  const double m = static_cast<double>(network.w.rows());
  const double work = 2 * m * static_cast<double>(x.rows() * (x.cols() + y.cols() + 4));
  const double affordable = std::min(options.largest_work / work, static_cast<double>(options.largest_steps));
  for (long step = 0; static_cast<double>(step) < affordable; ++step) {
    leave_if_stopped();
    const double loss = approx_step(network, x, y, 1 / (m * most));
    if (loss <= options.epsilon) return step;
    if (!(loss < 1e6)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace assay
