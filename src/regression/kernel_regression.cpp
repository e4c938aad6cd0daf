#include "regression/kernel_regression.hpp"

#include <cassert>

#include "network/fast_network.hpp"
#include "network/kernel.hpp"

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

KernelBlocks limit_blocks(const RealMatrix& joint, Index n, double sigma) {
  constexpr Bits kBits = 64;
  const BallMatrix all = ball_around(limit_kernel(input_gram(joint, kBits), Interval(sigma, kBits)));
  const auto ball = [&](Index first, Index rows) {
    return BallMatrix{all.middle.block(first, 0, rows, n), all.radii.block(first, 0, rows, n)};
  };
  return {ball(0, n), ball(n, joint.rows() - n)};
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
