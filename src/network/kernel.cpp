#include "network/kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "enclosure/exact_rank.hpp"
#include "enclosure/row.hpp"
#include "network/class_moments.hpp"

namespace assay {

namespace {

Interval gram_of_class(const IntervalMatrix& q, const Neurons::Class& group, Index i, Index j) {
  Interval sum;
  for (const Index c : group.columns) sum.add_product(q(i, c), q(j, c));
  return sum;
}

}  // namespace

IntervalMatrix input_gram(const RealMatrix& x, Bits bits) {
  IntervalMatrix gram(x.rows(), x.rows());
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j <= i; ++j) gram(i, j) = gram(j, i) = dot(row_of(x, i), row_of(x, j), bits);
  return gram;
}

IntervalMatrix kernel(const Forward& at, const IntervalMatrix& gram, int threads) {
  const Index n = at.q.rows(), d = at.p.rows();
  if (gram.rows() != n) throw std::invalid_argument("kernel: expected the input Gram matrix of the same inputs");
  IntervalMatrix h(n * d, n * d);
  parallel_for(n, threads, [&](Index i) {
    for (Index j = 0; j <= i; ++j) {
      ClassMoments moments(d, true);
      for (const auto& group : at.neurons.classes) moments.add(group, gram_of_class(at.q, group, i, j));
      const Interval scale = gram(i, j) / at.m;
      for (Index l = 0; l < d; ++l)
        for (Index k = 0; k < d; ++k) {
          Interval sum = moments.second(l, k);
          if (!at.neurons.paired) {
            sum -= at.p(l, i) * moments.first(k) + at.p(k, j) * moments.first(l);
            sum += at.p(l, i) * at.p(k, j) * moments.zeroth();
          }
          h(l * n + i, k * n + j) = h(k * n + j, l * n + i) = scale * sum;
        }
    }
  });
  return h;
}

IntervalMatrix limit_kernel(const IntervalMatrix& gram, const Interval& sigma) {
  IntervalMatrix k(gram.rows(), gram.cols());
  const Interval variance = sqr(sigma);
  for (Index i = 0; i < gram.rows(); ++i)
    for (Index j = 0; j <= i; ++j) k(i, j) = k(j, i) = gram(i, j) * exp(variance * gram(i, j));
  return k;
}

std::optional<Degeneracy> certain_degeneracy(const RealMatrix& x, Index m, Index d) {
  using Kind = Degeneracy::Kind;
  std::map<std::vector<double>, Index> seen;
  for (Index i = 0; i < x.rows(); ++i) {
    const std::vector<double> row(x.row(i).begin(), x.row(i).end());
    if (x.row(i).isZero(0.0)) return Degeneracy{Kind::zero_row, i, i};
    const auto [entry, is_new] = seen.try_emplace(row, i);
    if (!is_new) return Degeneracy{Kind::repeated_row, entry->second, i};
  }
  if (x.rows() * d > (m - 1) * x.cols()) return Degeneracy{Kind::too_narrow, 0, 0};
  return std::nullopt;
}

namespace {

/// The distinct weights of each sign vector, of which the first sign is made +1.
std::map<std::vector<int>, std::set<std::vector<double>>> weights_by_signs(const RealMatrix& w, const SignMatrix& a) {
  std::map<std::vector<int>, std::set<std::vector<double>>> weights;
  for (Index r = 0; r < w.rows(); ++r) {
    std::vector<int> signs;
    for (Index l = 0; l < a.cols(); ++l) signs.push_back(a(r, l) * a(r, 0));
    weights[signs].emplace(w.row(r).begin(), w.row(r).end());
  }
  return weights;
}

}  // namespace

std::optional<Degeneracy> certain_degeneracy(const RealMatrix& x, const RealMatrix& w, const SignMatrix& a) {
  using Kind = Degeneracy::Kind;
  const Index n = x.rows(), d = a.cols();
  if (const auto common = certain_degeneracy(x, w.rows(), d)) return common;
  if (!arrange_neurons(w, a).paired) return std::nullopt;
  const auto weights = weights_by_signs(w, a);
  Index rank = 0;
  for (const auto& [signs, distinct] : weights) rank += std::min(n, x.cols() * std::ssize(distinct));
  RealMatrix vectors(static_cast<Index>(weights.size()), d);
  Index row = 0;
  for (const auto& [signs, distinct] : weights) {
    for (Index l = 0; l < d; ++l) vectors(row, l) = signs[static_cast<std::size_t>(l)];
    ++row;
  }
  const Index of_signs = exact_rank(vectors);
  if (of_signs < d) return Degeneracy{Kind::dependent_signs, of_signs, 0};
  if (rank < n * d) return Degeneracy{Kind::few_weights, rank, 0};
  return std::nullopt;
}

std::string describe(const Degeneracy& degeneracy) {
  switch (degeneracy.kind) {
    case Degeneracy::Kind::zero_row:
      return fmt::format("row {} of X is zero, so a row of H is zero and lambda = 0", degeneracy.first + 1);
    case Degeneracy::Kind::repeated_row:
      return fmt::format("rows {} and {} of X are equal, so two rows of H are equal and lambda = 0",
                         degeneracy.first + 1, degeneracy.second + 1);
    case Degeneracy::Kind::too_narrow:
      return "n d > (m - 1) d_in, so H cannot have full rank and lambda = 0";
    case Degeneracy::Kind::few_weights:
      return fmt::format(
          "the paired neurons have too few distinct weights for each vector of signs: the rank of H is at "
          "most {}, less than n d, so lambda = 0",
          degeneracy.first);
    case Degeneracy::Kind::dependent_signs:
      return fmt::format("the output signs of the paired neurons span {} dimensions, fewer than d, so lambda = 0",
                         degeneracy.first);
  }
  return {};
}

}  // namespace assay
