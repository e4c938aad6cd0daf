#include <algorithm>
#include <stdexcept>

#include "enclosure/norm.hpp"
#include "network/fast/chunk.hpp"

// From the sums over neurons to the kernel: O(N^2) work in balls.

namespace assay::fast {

Ball from_relative(double computed, double error, double absolute) {
  return {computed, inflated(inflated(error * (1 + 2 * error)) * computed + absolute)};
}

namespace {

double class_error(const NetworkSums& sums) {
  return upper_gamma(static_cast<double>(sums.classes.size() + 4));
}

/// Sums over neurons of a a', a and 1 times the Gram entry, as matrices over (i, j).
struct Moments {
  std::vector<RowMajorMatrix> second;  // packed (l, k), k <= l
  std::vector<RowMajorMatrix> first;   // zero for a paired network
  RowMajorMatrix zeroth;

  explicit Moments(const NetworkSums& sums) : zeroth(RowMajorMatrix::Zero(sums.n, sums.n)) {
    second.assign(static_cast<std::size_t>(sums.d * (sums.d + 1) / 2), zeroth);
    first.assign(static_cast<std::size_t>(sums.paired ? 0 : sums.d), zeroth);
    const double multiplicity = sums.paired ? 2 : 1;
    for (const auto& [mask, part] : sums.classes) {
      zeroth += multiplicity * part.gram;
      std::size_t packed = 0;
      for (Index l = 0; l < sums.d; ++l)
        for (Index k = 0; k <= l; ++k, ++packed)
          second[packed] += multiplicity * sign_of(mask, l) * sign_of(mask, k) * part.gram;
      for (std::size_t l = 0; l < first.size(); ++l) first[l] += sign_of(mask, static_cast<Index>(l)) * part.gram;
    }
  }
  double second_at(Index l, Index k, Index i, Index j) const {
    return l >= k ? second[static_cast<std::size_t>(l * (l + 1) / 2 + k)](i, j)
                  : second[static_cast<std::size_t>(k * (k + 1) / 2 + l)](i, j);
  }
};

}  // namespace

std::vector<double> upper_input_norms(const RealMatrix& x) {
  std::vector<double> norms;
  for (Index i = 0; i < x.rows(); ++i)
    norms.push_back(euclidean_norm({x.data() + i * x.cols(), size(x.cols())}, 64).upper_double());
  return norms;
}

double upper_logit_error(double one_norm, double largest_weight, Index d_in) {
  // The largest factor in the middle: an underflow of the first product would cost much more.
  return upper_product(upper_gamma(static_cast<double>(d_in)), std::max(one_norm, largest_weight),
                       std::min(one_norm, largest_weight));
}

Ball input_product(const RealMatrix& x, Index i, Index j) {
  double product = 0, magnitude = 0;
  for (Index k = 0; k < x.cols(); ++k) {
    product += x(i, k) * x(j, k);
    magnitude += std::fabs(x(i, k) * x(j, k));
  }
  const double gamma = upper_gamma(static_cast<double>(x.cols() + 1));
  return {product, inflated(gamma * magnitude * (1 + gamma))};
}

double total_error(const NetworkSums& sums, Index i) {
  return combined(combined(sums.eta(i), sums.sum_error), class_error(sums));
}

double gram_error(const NetworkSums& sums, Index i, Index j) {
  const double products = combined(sums.eta(i), sums.eta(j));
  return combined(combined(products, sums.sum_error), class_error(sums));
}

Ball total_of(const NetworkSums& sums, Index i) {
  return from_relative(sums.total(i), total_error(sums, i), sums.absolute_error);
}

Ball scale_of(const NetworkSums& sums, const RealMatrix& x, Index i, Index j) {
  return input_product(x, i, j) * Ball{static_cast<double>(sums.m), 0} / (total_of(sums, i) * total_of(sums, j));
}

std::vector<Ball> outputs(const NetworkSums& sums) {
  std::vector<Ball> p(static_cast<std::size_t>(sums.d * sums.n));
  if (sums.paired) return p;
  for (Index l = 0; l < sums.d; ++l)
    for (Index i = 0; i < sums.n; ++i) {
      double signed_sum = 0;
      for (const auto& [mask, part] : sums.classes) signed_sum += sign_of(mask, l) * part.sum(i);
      const Ball total = total_of(sums, i);
      p[static_cast<std::size_t>(l * sums.n + i)] = Ball{signed_sum, total.radius} / total;
    }
  return p;
}

KernelBall kernel(const NetworkSums& sums, const RealMatrix& x) {
  const Index n = sums.n, d = sums.d;
  const Moments moments(sums);
  const std::vector<Ball> p = outputs(sums);
  KernelBall h{RowMajorMatrix(n * d, n * d), RowMajorMatrix(n * d, n * d)};
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) {
      const Ball scale = scale_of(sums, x, i, j);
      const double zeroth = moments.zeroth(i, j);
      const double radius = from_relative(zeroth, gram_error(sums, i, j), sums.absolute_error).radius;
      for (Index l = 0; l < d; ++l)
        for (Index k = 0; k < d; ++k) {
          Ball sum{moments.second_at(l, k, i, j), radius};
          if (!sums.paired) {
            const Ball &here = p[static_cast<std::size_t>(l * n + i)], &there = p[static_cast<std::size_t>(k * n + j)];
            const Ball first_k{moments.first[static_cast<std::size_t>(k)](i, j), radius};
            const Ball first_l{moments.first[static_cast<std::size_t>(l)](i, j), radius};
            sum = sum - here * first_k - there * first_l + here * there * Ball{zeroth, radius};
          }
          const Ball entry = scale * sum;
          const Index row = l * n + i, column = k * n + j;
          h.middle(row, column) = h.middle(column, row) = entry.middle;
          h.radii(row, column) = h.radii(column, row) = entry.radius;
        }
    }
  return h;
}

namespace {

/// kappa, chi and rho of every sample, rounded up.
struct Stretches {
  std::vector<double> kappa, chi, rho;

  Stretches(const RealMatrix& x, const Interval& radius) {
    for (Index i = 0; i < x.rows(); ++i) {
      const std::span<const double> row(x.data() + i * x.cols(), static_cast<std::size_t>(x.cols()));
      const Interval distance = radius.upper().rounded_to(64) * euclidean_norm(row, 64);
      kappa.push_back(expm1(distance * 2).upper_double());
      chi.push_back(exp(distance * 2).upper_double());
      rho.push_back(distance.upper_double());
    }
  }
};

/// Upper bounds of sum |a - p| |a' - p'| t, sum |a - p| t, sum |a' - p'| t and sum t over the neurons, t = e e', for
/// one pair of outputs; |a - p| = 1 - a p.
struct SignedSums {
  double both, here, there, all;
};

SignedSums signed_sums(const NetworkSums& sums, const Moments& moments, const std::vector<Ball>& p, double radius,
                       Index l, Index i, Index k, Index j) {
  const Ball all{moments.zeroth(i, j), radius};
  if (sums.paired) return {all.upper(), all.upper(), all.upper(), all.upper()};
  const Ball &p_here = p[static_cast<std::size_t>(l * sums.n + i)],
             &p_there = p[static_cast<std::size_t>(k * sums.n + j)];
  const Ball here = p_here * Ball{moments.first[static_cast<std::size_t>(l)](i, j), radius};
  const Ball there = p_there * Ball{moments.first[static_cast<std::size_t>(k)](i, j), radius};
  const Ball second = p_here * p_there * Ball{moments.second_at(l, k, i, j), radius};
  return {(all - here - there + second).upper(), (all - here).upper(), (all - there).upper(), all.upper()};
}

}  // namespace

KernelChange change_over_ball(const NetworkSums& sums, const RealMatrix& x, const Interval& radius) {
  const Index n = sums.n, d = sums.d;
  const Moments moments(sums);
  const std::vector<Ball> p = outputs(sums);
  const Stretches stretch(x, radius);
  KernelChange change{RowMajorMatrix(n * d, n * d), RowMajorMatrix(n * d, n * d)};
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) {
      const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
      const double kappa = stretch.kappa[a], kappa_other = stretch.kappa[b];
      const double chi = stretch.chi[a], chi_other = stretch.chi[b], rho = stretch.rho[a], rho_other = stretch.rho[b];
      const double scale = scale_of(sums, x, i, j).magnitude();
      const double error = from_relative(moments.zeroth(i, j), gram_error(sums, i, j), sums.absolute_error).radius;
      for (Index l = 0; l < d; ++l)
        for (Index k = 0; k < d; ++k) {
          const SignedSums t = signed_sums(sums, moments, p, error, l, i, k, j);
          const double last = upper_product(t.all, rho, rho_other, chi, chi_other);
          const double moved = upper_product(t.both, kappa_other + inflated(kappa * (1 + kappa_other))) +
                               upper_product(t.here, rho_other, 1 + kappa, chi_other) +
                               upper_product(t.there, rho, chi, 1 + kappa_other);
          const double squared = upper_product(t.both, kappa, kappa_other) +
                                 upper_product(t.here, rho_other, kappa, chi_other) +
                                 upper_product(t.there, rho, chi, kappa_other);
          const Index row = l * n + i, column = k * n + j;
          change.entrywise(row, column) = change.entrywise(column, row) = inflated(scale * inflated(moved + last));
          change.theta(row, column) = change.theta(column, row) = inflated(scale * inflated(squared + last));
        }
    }
  return change;
}

Ball largest_logit(const NetworkSums& sums) {
  return {sums.max_logit, inflated(sums.logit_error)};
}

namespace {

Ball extreme_q(const NetworkSums& sums, const Eigen::VectorXd& exponentials, bool most) {
  Ball result;
  for (Index i = 0; i < sums.n; ++i) {
    const Ball e = from_relative(exponentials(i), sums.eta(i), sums.absolute_error > 0 ? 0x1p-1000 : 0);
    const Ball q = e / total_of(sums, i) * Ball{static_cast<double>(sums.m), 0};
    if (i == 0 || (most ? q.middle > result.middle : q.middle < result.middle)) {
      result.middle = q.middle;
    }
    result.radius = std::max(result.radius, q.radius);
  }
  return result;
}

}  // namespace

// The extreme of several numbers, each within its radius of a computed one, is within the largest radius of the
// extreme of the computed ones.
Ball largest_q(const NetworkSums& sums) {
  return extreme_q(sums, sums.largest, true);
}
Ball smallest_q(const NetworkSums& sums) {
  return extreme_q(sums, sums.least, false);
}

Ball residual_norm(const NetworkSums& sums, const RealMatrix& y) {
  if (y.rows() != sums.n || y.cols() != sums.d) throw std::invalid_argument("residual_norm: expected Y of n x d");
  const std::vector<Ball> p = outputs(sums);
  std::vector<Ball> e;
  for (Index l = 0; l < sums.d; ++l)
    for (Index i = 0; i < sums.n; ++i) {
      const Ball f = p[static_cast<std::size_t>(l * sums.n + i)] * Ball{static_cast<double>(sums.m), 0};
      e.push_back(f - Ball{y(i, l), 0});
    }
  return euclidean_norm(e);
}

Ball frobenius_norm(const KernelBall& kernel) {
  const Ball middle = euclidean_norm(entries_of(kernel.middle));
  return {middle.middle, inflated(middle.radius + upper_norm(kernel.radii))};
}

}  // namespace assay::fast
