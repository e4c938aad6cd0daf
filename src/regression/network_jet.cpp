#include "regression/network_jet.hpp"

#include <array>
#include <stdexcept>

namespace assay {

namespace {

std::array<Jet, 3> embedding_jet(const Interval& t1, const Jet& t, const Jet& x) {
  const Bits bits = std::max<Bits>(t1.bits(), 53);
  const Interval one(1, bits), shrink(1 - 0x1p-20, bits);
  const Jet time = t / (2 * t1), place = x / (2 * one);
  const Jet square = sqr(time) + sqr(place);
  const Jet scale = Jet::constant(shrink, t.order()) / (square + one);
  return {time * scale * (2 * one), place * scale * (2 * one), (-square + one) * scale};
}

/// <row, u>.
Jet logit_of(const std::array<Jet, 3>& u, const std::array<Interval, 3>& row) {
  Jet logit = u[0] * row[0];
  logit += u[1] * row[1];
  logit += u[2] * row[2];
  return logit;
}

void check_paired(const Weights& network, Index output) {
  bool paired = network.w.rows() % 2 == 0 && network.w.cols() == 3;
  for (Index r = 0; paired && r < network.w.rows(); r += 2) paired = network.a(r, output) == -network.a(r + 1, output);
  if (!paired) throw std::invalid_argument("network_jet: expected 3 inputs and pairs of neurons with opposite signs");
}

}  // namespace

Interval bound_of_pairs(const Weights& network, Index output, Bits bits) {
  check_paired(network, output);
  Interval largest;
  for (Index r = 0; r < network.w.rows(); r += 2) {
    IntervalVector difference;
    for (Index k = 0; k < 3; ++k)
      difference.push_back(Interval(network.w(r, k), bits) - Interval(network.w(r + 1, k), bits));
    largest = max(largest, euclidean_norm(difference));
  }
  return (tanh(largest / 2) * network.w.rows()).upper();
}

Jet network_jet(const Weights& network, Index output, const Interval& t1, const Jet& t, const Jet& x) {
  check_paired(network, output);
  if (!certainly_positive(t1)) throw std::invalid_argument("network_jet: expected t1 > 0");
  const Bits bits = std::max<Bits>(t1.bits(), 53);
  const std::array<Jet, 3> u = embedding_jet(t1, t, x);
  Jet above(t.order()), below(t.order());
  for (Index r = 0; r < network.w.rows(); r += 2) {
    std::array<Interval, 3> second, difference;
    for (std::size_t k = 0; k < 3; ++k) {
      second[k] = Interval(network.w(r + 1, static_cast<Index>(k)), bits);
      difference[k] = Interval(network.w(r, static_cast<Index>(k)), bits) - second[k];
    }
    const Jet weight = exp(logit_of(u, second));
    const Jet excess = weight * (exp(logit_of(u, difference)) - Interval(1, bits));
    below += weight;
    below += weight;
    below += excess;
    if (network.a(r, output) > 0) above += excess;
    if (network.a(r, output) < 0) above -= excess;
  }
  return above / below * Interval(static_cast<double>(network.w.rows()), bits);
}

}  // namespace assay
