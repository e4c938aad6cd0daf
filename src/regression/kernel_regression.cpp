#include "regression/kernel_regression.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "enclosure/environment.hpp"
#include "enclosure/fast/kernels.hpp"
#include "enclosure/norm.hpp"
#include "network/fast/network.hpp"

namespace assay {

std::optional<KernelBlocks> network_blocks(const RealMatrix& joint, Index n, const RealMatrix& w, const SignMatrix& a,
                                           int threads) {
  const auto sums = fast::network_sums(joint, StoredNeurons(w, a), {threads});
  if (!sums) return std::nullopt;
  const fast::KernelBall all = fast::kernel(*sums, joint);
  const Index d = a.cols(), total = joint.rows(), q = total - n;
  const auto block = [&](const RowMajorMatrix& from, Index first, Index rows) {
    RowMajorMatrix part(rows * d, n * d);
    for (Index l = 0; l < d; ++l)
      for (Index k = 0; k < d; ++k)
        part.block(l * rows, k * n, rows, n) = from.block(l * total + first, k * total, rows, n);
    return part;
  };
  const auto ball = [&](Index first, Index rows) {
    return BallMatrix{block(all.middle, first, rows), block(all.radii, first, rows)};
  };
  return KernelBlocks{ball(0, n), ball(n, q)};
}

namespace {

/// <a_i, b_j>, summed in one order, so that it is the same double with a and b exchanged.
double ordered_dot(const RealMatrix& a, Index i, const RealMatrix& b, Index j) {
  double sum = 0;
  for (Index k = 0; k < a.cols(); ++k) sum += a(i, k) * b(j, k);
  return sum;
}

std::vector<double> upper_row_norms(const RealMatrix& a) {
  std::vector<double> norms;
  for (Index i = 0; i < a.rows(); ++i)
    norms.push_back(upper_norm({a.data() + i * a.cols(), static_cast<std::size_t>(a.cols())}));
  return norms;
}

/// exp of a ball of small radius r: |exp(z + delta) - y| <= y (r + r^2 + kExpError) (1 + 2^-40) + kExpUnderflow.
Ball exp_from(const Ball& z, double y) {
  if (!(z.radius < 0x1p-20)) return {0, std::numeric_limits<double>::infinity()};
  const double relative = inflated((z.radius + z.radius * z.radius + fast::kExpError) * (1 + 0x1p-40));
  return {y, inflated(y * relative) + 2 * fast::kExpUnderflow};
}

}  // namespace

BallMatrix limit_kernel_ball(const RealMatrix& rows, const RealMatrix& columns, double sigma) {
  require_sound_environment();
  if (rows.cols() != columns.cols()) throw std::invalid_argument("limit_kernel_ball: expected inputs of one dimension");
  BallMatrix kernel{RowMajorMatrix(rows.rows(), columns.rows()), RowMajorMatrix(rows.rows(), columns.rows())};
  const Ball scale = Ball{sigma, 0} * Ball{sigma, 0};
  const double gamma = upper_gamma(static_cast<double>(rows.cols() + 2));
  const std::vector<double> row_norms = upper_row_norms(rows), norms = upper_row_norms(columns);
  std::vector<double> exponents(static_cast<std::size_t>(columns.rows())), exponentials(exponents.size());
  for (Index i = 0; i < rows.rows(); ++i) {
    const auto at = [](Index j) { return static_cast<std::size_t>(j); };
    const auto gram = [&](Index j) {
      return Ball{ordered_dot(rows, i, columns, j), upper_product(gamma, row_norms[at(i)], norms[at(j)])};
    };
    for (Index j = 0; j < columns.rows(); ++j) exponents[at(j)] = (scale * gram(j)).middle;
    // Beyond 700 the exponential may leave the range of double.
    const bool bounded = std::all_of(exponents.begin(), exponents.end(), [](double z) { return std::fabs(z) <= 700; });
    if (bounded) fast::scaled_exp(exponents.data(), exponentials.data(), exponents.size(), 0);
    for (Index j = 0; j < columns.rows(); ++j) {
      const Ball entry = gram(j) * exp_from(scale * gram(j), exponentials[at(j)]);
      kernel.middle(i, j) = bounded ? entry.middle : 0;
      kernel.radii(i, j) = bounded ? entry.radius : std::numeric_limits<double>::infinity();
    }
  }
  return kernel;
}

BallMatrix stacked(const BallMatrix& labels) {
  const Index n = labels.rows(), d = labels.cols();
  BallMatrix column{RowMajorMatrix(n * d, 1), RowMajorMatrix(n * d, 1)};
  for (Index l = 0; l < d; ++l) {
    column.middle.block(l * n, 0, n, 1) = labels.middle.col(l);
    column.radii.block(l * n, 0, n, 1) = labels.radii.col(l);
  }
  return column;
}

BallMatrix unstacked(const BallMatrix& values, Index d) {
  assert(values.cols() == 1 && values.rows() % d == 0);
  const Index q = values.rows() / d;
  BallMatrix rows{RowMajorMatrix(q, d), RowMajorMatrix(q, d)};
  for (Index l = 0; l < d; ++l) {
    rows.middle.col(l) = values.middle.block(l * q, 0, q, 1);
    rows.radii.col(l) = values.radii.block(l * q, 0, q, 1);
  }
  return rows;
}

std::vector<Expansion> descend(const BallMatrix& kernel, const BallMatrix& labels, double eta,
                               const std::vector<long>& times) {
  KernelDescent descent(kernel, labels, eta);
  std::vector<Expansion> orbit;
  for (const long time : times) {
    descent.run(time - descent.steps());
    orbit.push_back({descent.coefficients(), descent.distance()});
  }
  return orbit;
}

std::vector<long> checkpoints(long last) {
  std::vector<long> times;
  for (long time = 1; time < last; time += std::max(1L, time / 4)) times.push_back(time);
  times.push_back(last);
  return times;
}

}  // namespace assay
