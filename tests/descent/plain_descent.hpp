#pragma once

// Gradient descent straight from its definition, in intervals: no classes of signs, no sums in double, nothing
// streamed.

#include "data/instance.hpp"
#include "enclosure/matrix.hpp"

namespace assay {

/// The network at interval weights: q is n x m, p and e are d x n.
struct PlainOutputs {
  IntervalMatrix q, p, e;
  std::vector<Interval> alpha;  ///< sum_r exp(z_{i,r})
};

inline Interval plain_logit(const Instance& instance, const IntervalMatrix& w, Index i, Index r) {
  Interval z = Interval::from_integer(0, w(0, 0).bits());
  for (Index k = 0; k < w.cols(); ++k) z += w(r, k) * Interval(instance.x(i, k), 53);
  return z;
}

inline PlainOutputs plain_outputs_at(const Instance& instance, const IntervalMatrix& w) {
  const Index n = instance.n(), d = instance.d(), m = w.rows();
  PlainOutputs at{IntervalMatrix(n, m), IntervalMatrix(d, n), IntervalMatrix(d, n), {}};
  for (Index i = 0; i < n; ++i) {
    Interval sum;
    for (Index r = 0; r < m; ++r) sum += at.q(i, r) = exp(plain_logit(instance, w, i, r));
    at.alpha.push_back(sum);
    for (Index r = 0; r < m; ++r) at.q(i, r) = at.q(i, r) * m / sum;
    for (Index l = 0; l < d; ++l) {
      for (Index r = 0; r < m; ++r) at.p(l, i) += at.q(i, r) * static_cast<int>(instance.a(r, l));
      at.p(l, i) = at.p(l, i) / m;
      at.e(l, i) = at.p(l, i) * m - Interval(instance.y(i, l), 53);
    }
  }
  return at;
}

/// W - eta grad L(W).
inline IntervalMatrix plain_step(const Instance& instance, const IntervalMatrix& w, double eta) {
  const PlainOutputs at = plain_outputs_at(instance, w);
  IntervalMatrix next = w;
  for (Index r = 0; r < w.rows(); ++r)
    for (Index i = 0; i < instance.n(); ++i) {
      Interval c;
      for (Index l = 0; l < instance.d(); ++l) c += at.e(l, i) * (static_cast<int>(instance.a(r, l)) - at.p(l, i));
      for (Index k = 0; k < w.cols(); ++k)
        next(r, k) -= Interval(eta, 53) * c * at.q(i, r) * Interval(instance.x(i, k), 53);
    }
  return next;
}

inline IntervalMatrix exactly(const RealMatrix& w, Bits bits) {
  IntervalMatrix result(w.rows(), w.cols());
  for (Index r = 0; r < w.rows(); ++r)
    for (Index k = 0; k < w.cols(); ++k) result(r, k) = Interval(w(r, k), bits);
  return result;
}

/// Largest |w_r - v_r|_2.
inline Interval largest_row_distance(const IntervalMatrix& w, const IntervalMatrix& v) {
  const IntervalMatrix difference = w - v;
  Interval largest;
  for (Index r = 0; r < w.rows(); ++r) largest = max(largest, euclidean_norm(difference.row(r)));
  return largest;
}

}  // namespace assay
