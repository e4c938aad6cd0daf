#pragma once

// The network straight from its definition: no shared columns, no shift of the logits, no Gram matrices. Everything
// is an enclosure, so two disjoint ones prove a mistake.

#include <string>
#include <vector>

#include "data/instance.hpp"
#include "enclosure/matrix.hpp"

namespace assay {

/// A number with its derivative in one direction: forward-mode automatic differentiation.
struct Dual {
  Interval value, slope;
};
inline Dual operator+(const Dual& a, const Dual& b) {
  return {a.value + b.value, a.slope + b.slope};
}
inline Dual operator*(const Dual& a, const Dual& b) {
  return {a.value * b.value, a.slope * b.value + a.value * b.slope};
}
inline Dual operator/(const Dual& a, const Dual& b) {
  return {a.value / b.value, (a.slope * b.value - a.value * b.slope) / sqr(b.value)};
}
inline Dual exp(const Dual& a) {
  return {exp(a.value), a.slope * exp(a.value)};
}

/// F_{l,i} = m sum_r a_{l,r} exp(<w_r, x_i>) / sum_r exp(<w_r, x_i>) at l n + i, and its derivative along `slope`.
inline std::vector<Dual> plain_outputs(const Instance& instance, const IntervalMatrix& w, const IntervalMatrix& slope) {
  const Index n = instance.n(), d = instance.d(), m = w.rows();
  std::vector<Dual> f(static_cast<std::size_t>(n * d));
  for (Index i = 0; i < n; ++i) {
    Dual sum;
    std::vector<Dual> weight;
    for (Index r = 0; r < m; ++r) {
      Dual z;
      for (Index k = 0; k < w.cols(); ++k)
        z = z + Dual{w(r, k), slope(r, k)} * Dual{Interval(instance.x(i, k), 53), Interval()};
      weight.push_back(exp(z));
      sum = sum + weight.back();
    }
    for (Index l = 0; l < d; ++l) {
      Dual& output = f[static_cast<std::size_t>(l * n + i)];
      for (Index r = 0; r < m; ++r) {
        const Dual softmax = weight[static_cast<std::size_t>(r)] / sum;
        const long factor = static_cast<long>(instance.a(r, l)) * m;
        output = output + Dual{softmax.value * factor, softmax.slope * factor};
      }
    }
  }
  return f;
}

inline IntervalMatrix enclosed(const RealMatrix& a, Bits bits) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = Interval(a(i, j), bits);
  return result;
}

/// Jacobian of vec F (l n + i) in vec W (r d_in + k), column by column.
inline IntervalMatrix plain_jacobian(const Instance& instance, const RealMatrix& w, Bits bits) {
  const IntervalMatrix weights = enclosed(w, bits);
  IntervalMatrix jacobian(instance.n() * instance.d(), w.size());
  for (Index r = 0; r < w.rows(); ++r)
    for (Index k = 0; k < w.cols(); ++k) {
      IntervalMatrix slope(w.rows(), w.cols());
      slope(r, k) = Interval(1, bits);
      const std::vector<Dual> f = plain_outputs(instance, weights, slope);
      for (Index row = 0; row < jacobian.rows(); ++row)
        jacobian(row, r * w.cols() + k) = f[static_cast<std::size_t>(row)].slope;
    }
  return jacobian;
}

/// q_{i,r} = m exp(z_{i,r}) / sum_s exp(z_{i,s}), n x m.
inline IntervalMatrix plain_q(const Instance& instance, const RealMatrix& w, Bits bits) {
  IntervalMatrix q(instance.n(), w.rows());
  for (Index i = 0; i < instance.n(); ++i) {
    Interval sum;
    for (Index r = 0; r < w.rows(); ++r) {
      Interval z = Interval::from_integer(0, bits);
      for (Index k = 0; k < w.cols(); ++k) z.add_product(w(r, k), instance.x(i, k));
      q(i, r) = exp(z);
      sum += q(i, r);
    }
    for (Index r = 0; r < w.rows(); ++r) q(i, r) = q(i, r) * w.rows() / sum;
  }
  return q;
}

/// p_{l,i} = (1/m) sum_r a_{l,r} q_{i,r}, d x n.
inline IntervalMatrix plain_p(const Instance& instance, const IntervalMatrix& q) {
  IntervalMatrix p(instance.d(), instance.n());
  for (Index l = 0; l < p.rows(); ++l)
    for (Index i = 0; i < p.cols(); ++i) {
      for (Index r = 0; r < q.cols(); ++r) p(l, i) += q(i, r) * static_cast<int>(instance.a(r, l));
      p(l, i) /= Interval::from_integer(q.cols(), 64);
    }
  return p;
}

/// G_{(l,i),r} = (a_{l,r} - p_{l,i}) q_{i,r}, N x m.
inline IntervalMatrix plain_g(const Instance& instance, const RealMatrix& w, Bits bits) {
  const IntervalMatrix q = plain_q(instance, w, bits), p = plain_p(instance, q);
  IntervalMatrix g(instance.n() * instance.d(), w.rows());
  for (Index l = 0; l < instance.d(); ++l)
    for (Index i = 0; i < instance.n(); ++i)
      for (Index r = 0; r < w.rows(); ++r)
        g(l * instance.n() + i, r) = (static_cast<int>(instance.a(r, l)) - p(l, i)) * q(i, r);
  return g;
}

/// <x_i, x_j> (1/m) sum_r A_{u,r} B_{v,r} with u = (l1, i), v = (l2, j).
inline IntervalMatrix plain_product(const Instance& instance, const IntervalMatrix& a, const IntervalMatrix& b,
                                    Bits bits) {
  const Index n = instance.n();
  IntervalMatrix h(a.rows(), b.rows());
  for (Index u = 0; u < h.rows(); ++u)
    for (Index v = 0; v < h.cols(); ++v) {
      Interval gram = Interval::from_integer(0, bits), sum;
      for (Index k = 0; k < instance.d_in(); ++k) gram.add_product(instance.x(u % n, k), instance.x(v % n, k));
      for (Index r = 0; r < a.cols(); ++r) sum += a(u, r) * b(v, r);
      h(u, v) = gram * sum / a.cols();
    }
  return h;
}

inline IntervalMatrix scaled(const IntervalMatrix& a, long factor) {
  IntervalMatrix result = a;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = a(i, j) * factor;
  return result;
}

/// Both could enclose one matrix; false proves that they do not.
inline bool overlap(const IntervalMatrix& a, const IntervalMatrix& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if (!overlap(a(i, j), b(i, j))) return false;
  return true;
}

/// Largest width of an entry.
inline double widest(const IntervalMatrix& a) {
  double result = 0;
  for (const Interval& entry : a.entries()) result = std::max(result, (entry.upper() - entry.lower()).upper_double());
  return result;
}

}  // namespace assay
