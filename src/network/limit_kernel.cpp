#include "network/limit_kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "enclosure/exact_rank.hpp"
#include "network/kernel.hpp"

namespace assay {

namespace {

Interval clipped(const Interval& a, long low, long high) {
  const Bits bits = a.bits();
  return min(max(a, Interval::from_integer(low, bits)), Interval::from_integer(high, bits));
}

bool is_exactly_zero(const Interval& a) {
  return a.is_point() && a.contains_zero();
}

/// The angle between two vectors with squared norms g_ii, g_jj and scalar product g_ij. Near 0 and pi it comes from its
/// sine, because the arcus cosine loses half of the digits there.
Interval angle(const Interval& g_ii, const Interval& g_jj, const Interval& g_ij) {
  const Bits bits = g_ij.bits();
  const Interval product = g_ii * g_jj;
  const Interval cosine = clipped(g_ij / sqrt(product), -1, 1);
  const Interval limit = Interval::ratio(3, 4, bits);
  if (!certainly_less(limit, abs(cosine))) return acos(cosine);
  const Interval sine = clipped(sqrt(max((product - sqr(g_ij)) / product, Interval())), 0, 1);
  const Interval half_turn = Interval::pi(bits) / 2;
  return certainly_positive(cosine) ? half_turn - acos(sine) : half_turn + acos(sine);
}

Interval relu_entry(const IntervalMatrix& gram, Index i, Index j) {
  const Bits bits = gram(i, j).bits();
  if (is_exactly_zero(gram(i, i)) || is_exactly_zero(gram(j, j))) return Interval::from_integer(0, bits);
  if (i == j) return gram(i, i) / 2;
  const Interval pi = Interval::pi(bits);
  return gram(i, j) * ((pi - angle(gram(i, i), gram(j, j), gram(i, j))) / (2 * pi));
}

IntervalMatrix symmetric(Index n, const auto& entry) {
  IntervalMatrix k(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) k(i, j) = k(j, i) = entry(i, j);
  return k;
}

IntervalMatrix exponential_kernel(const IntervalMatrix& gram, const Interval& sigma) {
  const Interval half_variance = sqr(sigma) / 2;
  return symmetric(gram.rows(), [&](Index i, Index j) {
    return gram(i, j) * exp(half_variance * (gram(i, i) + gram(j, j) + 2 * gram(i, j)));
  });
}

/// Twice as many bits as a double has: the product of two doubles is exact.
constexpr Bits kExactProduct = 106;

bool equal_products(double a, double b, double c, double d) {
  const Interval left = Interval(a, kExactProduct) * Interval(b, kExactProduct);
  return is_exactly_zero(left - Interval(c, kExactProduct) * Interval(d, kExactProduct));
}

/// Both rows are not 0. @return +1 or -1 if one is a positive or negative multiple of the other, else 0.
int multiple(const RealMatrix& x, Index i, Index j) {
  Index pivot = 0;
  while (x(i, pivot) == 0) ++pivot;
  for (Index k = 0; k < x.cols(); ++k)
    if (!equal_products(x(i, pivot), x(j, k), x(j, pivot), x(i, k))) return 0;
  return (x(i, pivot) > 0) == (x(j, pivot) > 0) ? 1 : -1;
}

std::optional<LimitDegeneracy> relu_degeneracy(const RealMatrix& x) {
  using Kind = LimitDegeneracy::Kind;
  std::vector<Index> opposites;
  Index partner = 0;
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < i; ++j) {
      const int sign = multiple(x, i, j);
      if (sign > 0) return LimitDegeneracy{Kind::positive_multiple, j, i};
      if (sign == 0) continue;
      opposites.push_back(i);
      partner = j;
    }
  if (opposites.size() < 2) return std::nullopt;
  const RealMatrix family = x(opposites, Eigen::all);
  if (exact_rank(family) == family.rows()) return std::nullopt;
  return LimitDegeneracy{Kind::dependent_opposites, partner, opposites.back()};
}

}  // namespace

IntervalMatrix limit_kernel(Activation activation, const IntervalMatrix& gram, const Interval& sigma) {
  switch (activation) {
    case Activation::softmax:
      return limit_kernel(gram, sigma);
    case Activation::exponential:
      return exponential_kernel(gram, sigma);
    case Activation::relu:
      return symmetric(gram.rows(), [&](Index i, Index j) { return relu_entry(gram, i, j); });
  }
  return {};
}

std::optional<LimitDegeneracy> limit_degeneracy(Activation activation, const RealMatrix& x) {
  using Kind = LimitDegeneracy::Kind;
  if (const auto common = certain_degeneracy(x, x.rows() + 2, 1)) {
    if (common->kind == Degeneracy::Kind::zero_row) return LimitDegeneracy{Kind::zero_row, common->first, 0};
    if (common->kind == Degeneracy::Kind::repeated_row)
      return LimitDegeneracy{Kind::repeated_row, common->first, common->second};
  }
  return activation == Activation::relu ? relu_degeneracy(x) : std::nullopt;
}

std::string describe(const LimitDegeneracy& degeneracy) {
  using Kind = LimitDegeneracy::Kind;
  const Index first = degeneracy.first + 1, second = degeneracy.second + 1;
  switch (degeneracy.kind) {
    case Kind::zero_row:
      return fmt::format("row {} of X is zero, and so is that row of K_inf", first);
    case Kind::repeated_row:
      return fmt::format("rows {0} and {1} of X are equal, so e_{0} - e_{1} is in the null space of K_inf", first,
                         second);
    case Kind::positive_multiple:
      return fmt::format("row {1} of X is a positive multiple of row {0}, and so are their rows of K_inf", first,
                         second);
    case Kind::dependent_opposites:
      return fmt::format(
          "rows {} and {} of X and other pairs point in opposite directions, and these directions are linearly "
          "dependent",
          first, second);
  }
  return {};
}

}  // namespace assay
