#include "network/forward.hpp"

#include <algorithm>
#include <stdexcept>

#include "enclosure/row.hpp"

namespace assay {

namespace {

void fill_logits(Forward& at, const RealMatrix& x, const RealMatrix& w, Index i, Bits bits) {
  for (Index c = 0; c < at.neurons.columns(); ++c)
    at.z(i, c) = dot(row_of(x, i), row_of(w, at.neurons.representative[static_cast<std::size_t>(c)]), bits);
}

/// A point near the largest logit of sample i; the softmax does not depend on it. All its digits are needed: beyond
/// 1e25 already the exponential of what a double leaves of a logit overflows.
Interval shift_near_largest(const Forward& at, Index i, Bits bits) {
  Interval largest = at.z(i, 0).upper();
  for (const Interval& logit : at.z.row(i)) largest = max(largest, logit.upper());
  return largest.is_finite() ? largest : Interval::from_integer(0, bits);
}

void fill_softmax(Forward& at, Index i, Bits bits) {
  const Interval shift = shift_near_largest(at, i, bits);
  Interval sum = Interval::from_integer(0, bits);
  for (Index c = 0; c < at.neurons.columns(); ++c) {
    at.s(i, c) = exp(at.z(i, c) - shift);
    sum.add_multiple(at.neurons.multiplicity[static_cast<std::size_t>(c)], at.s(i, c));
  }
  for (Index c = 0; c < at.neurons.columns(); ++c) {
    at.s(i, c) /= sum;
    at.q(i, c) = at.s(i, c) * at.m;
  }
}

void fill_outputs(Forward& at, Index i, Bits bits) {
  for (Index l = 0; l < at.p.rows(); ++l) at.p(l, i) = Interval::from_integer(0, bits);
  if (at.neurons.paired) return;
  for (const auto& group : at.neurons.classes) {
    Interval weight = Interval::from_integer(0, bits);
    for (const Index c : group.columns) weight += at.s(i, c);
    for (const auto& signs : group.signs)
      for (Index l = 0; l < at.p.rows(); ++l) at.p(l, i).add_multiple(signs(l), weight);
  }
}

}  // namespace

Forward forward_pass(const RealMatrix& x, const RealMatrix& w, const SignMatrix& a, Bits bits, int threads,
                     bool share_columns) {
  if (x.cols() != w.cols() || x.rows() == 0)
    throw std::invalid_argument("forward_pass: expected X of n >= 1 rows with as many columns as W");
  Forward at;
  at.neurons = share_columns ? arrange_neurons(w, a) : separate_neurons(w, a);
  at.m = w.rows();
  at.z = at.s = at.q = IntervalMatrix(x.rows(), at.neurons.columns());
  at.p = IntervalMatrix(a.cols(), x.rows());
  parallel_for(x.rows(), threads, [&](Index i) {
    fill_logits(at, x, w, i, bits);
    fill_softmax(at, i, bits);
    fill_outputs(at, i, bits);
  });
  return at;
}

IntervalMatrix residual(const Forward& at, const RealMatrix& y) {
  if (y.rows() != at.p.cols() || y.cols() != at.p.rows())
    throw std::invalid_argument("residual: expected Y of n rows and d columns");
  IntervalMatrix e(at.p.rows(), at.p.cols());
  for (Index l = 0; l < e.rows(); ++l)
    for (Index i = 0; i < e.cols(); ++i) {
      // At least 53 bits, so that an exact label stays exact.
      e(l, i) = at.p(l, i) * at.m - Interval(y(i, l), std::max<Bits>(53, at.p(l, i).bits()));
    }
  return e;
}

Interval largest_logit(const Forward& at) {
  return largest_magnitude(at.z);
}

}  // namespace assay
