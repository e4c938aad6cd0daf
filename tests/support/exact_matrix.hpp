#pragma once

// Symmetric matrices of exact rationals and the signs of their eigenvalues, by exact elimination.

#include <vector>

#include "enclosure/matrix.hpp"
#include "exact.hpp"

using RationalMatrix = std::vector<std::vector<Rational>>;

inline RationalMatrix zero_matrix(std::size_t n) {
  return RationalMatrix(n, std::vector<Rational>(n));
}

/// How many eigenvalues of a symmetric matrix are negative, zero and positive.
struct Inertia {
  int negative = 0, zero = 0, positive = 0;
};

/// Brings a nonzero number to (k, k) by a congruence, which keeps the inertia. @return false if the rest is zero.
inline bool make_pivot(RationalMatrix& a, std::size_t k) {
  const std::size_t n = a.size();
  std::size_t pivot = k;
  while (pivot < n && a[pivot][pivot] == 0) ++pivot;
  if (pivot == n) {
    // The diagonal is zero: row i += row j and column i += column j makes a_ii = 2 a_ij.
    std::size_t other = n;
    for (std::size_t i = k; i < n && other == n; ++i)
      for (std::size_t j = i + 1; j < n && other == n; ++j)
        if (a[i][j] != 0) pivot = i, other = j;
    if (other == n) return false;
    for (std::size_t m = 0; m < n; ++m) a[pivot][m] += a[other][m];
    for (std::size_t m = 0; m < n; ++m) a[m][pivot] += a[m][other];
  }
  std::swap(a[k], a[pivot]);
  for (auto& row : a) std::swap(row[k], row[pivot]);
  return true;
}

/// Sylvester's law of inertia: the signs of the pivots of exact symmetric elimination.
inline Inertia inertia(RationalMatrix a) {
  Inertia result;
  const std::size_t n = a.size();
  for (std::size_t k = 0; k < n; ++k) {
    if (!make_pivot(a, k)) {
      result.zero = static_cast<int>(n - k);
      break;
    }
    (a[k][k] < 0 ? result.negative : result.positive) += 1;
    for (std::size_t i = k + 1; i < n; ++i) {
      const Rational factor = a[i][k] / a[k][k];
      if (factor == 0) continue;
      for (std::size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
    }
    for (std::size_t j = k + 1; j < n; ++j) a[k][j] = 0;
  }
  return result;
}

/// Inertia of sign A - shift I.
inline Inertia shifted_inertia(RationalMatrix a, int sign, const Rational& shift) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (Rational& entry : a[i]) entry *= sign;
    a[i][i] -= shift;
  }
  return inertia(a);
}

/// The smallest eigenvalue is at least s (at most s), decided without rounding.
inline bool lambda_min_at_least(const RationalMatrix& a, const Rational& s) {
  return shifted_inertia(a, 1, s).negative == 0;
}
inline bool lambda_min_at_most(const RationalMatrix& a, const Rational& s) {
  const Inertia signs = shifted_inertia(a, 1, s);
  return signs.negative + signs.zero > 0;
}
inline bool contains_lambda_min(const assay::Interval& a, const RationalMatrix& matrix) {
  return a.is_finite() && lambda_min_at_least(matrix, lower_end(a)) && lambda_min_at_most(matrix, upper_end(a));
}
inline bool contains_lambda_max(const assay::Interval& a, const RationalMatrix& matrix) {
  RationalMatrix negative = matrix;
  for (auto& row : negative)
    for (Rational& entry : row) entry = -entry;
  return contains_lambda_min(-a, negative);
}
inline bool spectral_norm_at_most(const RationalMatrix& a, const Rational& bound) {
  return lambda_min_at_least(a, -bound) && shifted_inertia(a, -1, -bound).negative == 0;
}

/// Tightest enclosure entry by entry.
inline assay::IntervalMatrix enclosed(const RationalMatrix& a, assay::Bits bits) {
  const auto n = static_cast<assay::Index>(a.size());
  assay::IntervalMatrix result(n, n);
  for (assay::Index i = 0; i < n; ++i)
    for (assay::Index j = 0; j < n; ++j)
      result(i, j) = around(a[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)], bits);
  return result;
}

inline RationalMatrix random_symmetric(Random& random, std::size_t n, long largest) {
  RationalMatrix a = zero_matrix(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      a[i][j] = a[j][i] = Rational(random.integer(-largest, largest), random.integer(1, 9));
  return a;
}

/// B B' with a rational B of the given number of columns: semidefinite, singular if columns < n.
inline RationalMatrix random_gram(Random& random, std::size_t n, std::size_t columns) {
  RationalMatrix b(n, std::vector<Rational>(columns)), a = zero_matrix(n);
  for (auto& row : b)
    for (Rational& entry : row) entry = Rational(random.integer(-9, 9), random.integer(1, 5));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k < columns; ++k) a[i][j] += b[i][k] * b[j][k];
  return a;
}
