#include "network/exp_ball.hpp"

#include <algorithm>

namespace assay {

namespace {

/// |x_i + x_j|_2.
Interval norm_of_sum(const RealMatrix& x, Index i, Index j, Bits bits) {
  Interval sum = Interval::from_integer(0, bits);
  for (Index k = 0; k < x.cols(); ++k)
    sum += sqr(Interval(x(i, k), 53).rounded_to(std::max<Bits>(bits, 53)) + Interval(x(j, k), 53));
  return sqrt(sum);
}

}  // namespace

IntervalMatrix exponential_kernel(const Forward& at, const IntervalMatrix& gram, int threads) {
  const Index n = at.z.rows(), columns = at.neurons.columns();
  IntervalMatrix e(n, columns), h(n, n);
  parallel_for(n, threads, [&](Index i) {
    for (Index c = 0; c < columns; ++c) e(i, c) = exp(at.z(i, c));
  });
  parallel_for(n, threads, [&](Index i) {
    for (Index j = 0; j <= i; ++j) {
      Interval sum, product;
      for (Index c = 0; c < columns; ++c) {
        product = e(i, c) * e(j, c);
        sum.add_multiple(at.neurons.multiplicity[static_cast<std::size_t>(c)], product);
      }
      h(i, j) = h(j, i) = gram(i, j) * sum / at.m;
    }
  });
  return h;
}

std::optional<IntervalMatrix> exponential_kernel(const fast::NetworkSums& sums, const IntervalMatrix& gram) {
  if (std::any_of(sums.shifts.begin(), sums.shifts.end(), [](long shift) { return shift != 0; })) return std::nullopt;
  IntervalMatrix h(sums.n, sums.n);
  for (Index i = 0; i < sums.n; ++i)
    for (Index j = 0; j <= i; ++j) {
      Interval sum = Interval::from_integer(0, gram(i, j).bits());
      for (const auto& [mask, part] : sums.classes) sum += Interval(part.gram(i, j), 64);
      // The computed sum is within a relative error of the true one.
      const Interval error = Interval(fast::gram_error(sums, i, j), 64), one = Interval(1, 64);
      const Interval absolute = Interval(sums.absolute_error, 64);
      const Interval below = (sum - absolute) / (one + error), above = (sum + absolute) / (one - error);
      const Interval entry = gram(i, j) * hull(below.lower(), above.upper()) * (sums.paired ? 2 : 1) / sums.m;
      if (!entry.is_finite()) return std::nullopt;
      h(i, j) = h(j, i) = entry;
    }
  return h;
}

IntervalMatrix exponential_change(const IntervalMatrix& kernel, const RealMatrix& x, const Interval& radius) {
  IntervalMatrix change(kernel.rows(), kernel.rows());
  for (Index i = 0; i < kernel.rows(); ++i)
    for (Index j = 0; j <= i; ++j) {
      const Interval reach = radius.upper() * norm_of_sum(x, i, j, kernel(i, j).bits());
      change(i, j) = change(j, i) = abs(kernel(i, j)) * expm1(reach);
    }
  return change;
}

IntervalMatrix exponential_floor(const IntervalMatrix& kernel, const IntervalMatrix& gram, const Interval& radius,
                                 const Interval& tau, const Interval& kappa) {
  const Interval one = Interval::from_integer(1, gram(0, 0).bits());
  const Interval price = (one / tau - one) * expm1(kappa * radius), share = one - tau;
  IntervalMatrix floor(kernel.rows(), kernel.rows());
  for (Index i = 0; i < kernel.rows(); ++i)
    for (Index j = 0; j <= i; ++j)
      floor(i, j) = floor(j, i) = (share - price * expm1(radius * gram(i, j) / kappa)) * kernel(i, j);
  return floor;
}

}  // namespace assay
