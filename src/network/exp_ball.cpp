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

Interval norm_of_row(const RealMatrix& x, Index i, Bits bits) {
  return euclidean_norm({x.data() + i * x.cols(), static_cast<std::size_t>(x.cols())}, bits);
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

ExponentialPerturbation exponential_perturbation(const IntervalMatrix& kernel, const IntervalMatrix& gram,
                                                 const RealMatrix& x, const Interval& radius) {
  const Index n = kernel.rows();
  const Bits bits = kernel(0, 0).bits();
  const Interval most = radius.upper();
  IntervalVector zeta;
  for (Index i = 0; i < n; ++i) {
    const Interval rho = most * norm_of_row(x, i, bits);
    zeta.push_back(max(expm1(rho) - rho, Interval()));
  }
  ExponentialPerturbation result{IntervalMatrix(n, n), {}};
  IntervalMatrix first(n, n), rest(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) {
      const Interval magnitude = abs(kernel(i, j));
      result.entrywise(i, j) = result.entrywise(j, i) = magnitude * expm1(most * norm_of_sum(x, i, j, bits));
      first(i, j) = first(j, i) = magnitude * abs(gram(i, j));  // H_ij <x_i, x_j> >= 0
      rest(i, j) = rest(j, i) = magnitude * zeta[static_cast<std::size_t>(i)] * zeta[static_cast<std::size_t>(j)];
    }
  result.nu = (most * sqrt(upper_spectral_norm(first).upper()) + sqrt(upper_spectral_norm(rest).upper())).upper();
  return result;
}

}  // namespace assay
