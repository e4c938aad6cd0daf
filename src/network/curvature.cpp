#include "network/curvature.hpp"

#include <algorithm>
#include <stdexcept>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "network/search/approx_network.hpp"

namespace assay {

namespace {

std::span<const double> row_of(const RealMatrix& matrix, Index i) {
  return {matrix.data() + i * matrix.cols(), static_cast<std::size_t>(matrix.cols())};
}

Index column_of(const Forward& at, Index r) {
  return at.neurons.column_of[static_cast<std::size_t>(r)];
}

Bits bits_of(const Forward& at) {
  return at.q(0, 0).bits();
}

/// One sample's part of u' (Hess L) u.
Interval curvature_of_sample(const Forward& at, const SignMatrix& a, const RealMatrix& x, const IntervalMatrix& e,
                             const RealMatrix& direction, Index i) {
  const Index m = direction.rows();
  IntervalVector delta;
  Interval mean = Interval::from_integer(0, bits_of(at));
  for (Index r = 0; r < m; ++r) {
    delta.push_back(dot(row_of(x, i), row_of(direction, r), bits_of(at)));
    mean.add_product(at.s(i, column_of(at, r)), delta.back());
  }
  Interval total;
  IntervalVector first(static_cast<std::size_t>(a.cols())), second(static_cast<std::size_t>(a.cols()));
  for (Index r = 0; r < m; ++r) {
    const Interval centered = delta[static_cast<std::size_t>(r)] - mean;
    const Interval once = at.q(i, column_of(at, r)) * centered, twice = once * centered;
    for (Index l = 0; l < a.cols(); ++l) {
      const Interval sign_minus_p = static_cast<int>(a(r, l)) - at.p(l, i);
      first[static_cast<std::size_t>(l)].add_product(sign_minus_p, once);
      second[static_cast<std::size_t>(l)].add_product(sign_minus_p, twice);
    }
  }
  for (Index l = 0; l < a.cols(); ++l)
    total += sqr(first[static_cast<std::size_t>(l)]) + e(l, i) * second[static_cast<std::size_t>(l)];
  return total;
}

}  // namespace

Interval curvature_along(const Forward& at, const SignMatrix& a, const RealMatrix& x, const RealMatrix& y,
                         const RealMatrix& direction) {
  if (direction.rows() != a.rows() || direction.cols() != x.cols())
    throw std::invalid_argument("curvature_along: expected a direction of the shape of W");
  Interval squared_norm = Interval::from_integer(0, bits_of(at));
  for (const double entry : direction.reshaped<Eigen::RowMajor>()) squared_norm.add_product(entry, entry);
  if (!certainly_positive(squared_norm)) throw std::invalid_argument("curvature_along: expected a direction not 0");
  const IntervalMatrix e = residual(at, y);
  Interval sum;
  for (Index i = 0; i < x.rows(); ++i) sum += curvature_of_sample(at, a, x, e, direction, i);
  return sum / squared_norm;
}

Interval lower_curvature(const Forward& at, const RealMatrix& x, const RealMatrix& y) {
  const IntervalMatrix e = residual(at, y);
  Interval sum;
  for (Index i = 0; i < x.rows(); ++i) {
    Interval largest = at.q(i, 0), weight;
    for (const Interval& q : at.q.row(i)) largest = max(largest, q);
    for (Index l = 0; l < e.rows(); ++l) weight += abs(e(l, i)) * (1 + abs(at.p(l, i)));
    sum += weight * largest * dot(row_of(x, i), row_of(x, i), bits_of(at));
  }
  return -sum;
}

Interval squared_gradient(const Forward& at, const SignMatrix& a, const RealMatrix& x, const RealMatrix& y) {
  const IntervalMatrix e = residual(at, y);
  Interval total;
  for (Index r = 0; r < a.rows(); ++r) {
    IntervalVector row(static_cast<std::size_t>(x.cols()));
    for (Index i = 0; i < x.rows(); ++i) {
      Interval factor;
      for (Index l = 0; l < a.cols(); ++l) factor.add_product(e(l, i), static_cast<int>(a(r, l)) - at.p(l, i));
      factor *= at.q(i, column_of(at, r));
      for (Index k = 0; k < x.cols(); ++k)
        row[static_cast<std::size_t>(k)].add_product(factor, Interval(x(i, k), std::max<Bits>(53, bits_of(at))));
    }
    for (const Interval& entry : row) total += sqr(entry);
  }
  return total;
}

namespace {

/// u -> (Hess L) u; u is W's shape, row after row.
class HessianProduct {
 public:
  explicit HessianProduct(const Instance& instance)
      : instance_(instance),
        at_(approx_network(instance, instance.w)),
        a_(instance.a.cast<double>()),
        e_(at_.p * static_cast<double>(instance.m()) - instance.y.transpose()) {}
  Index size() const { return instance_.w.size(); }
  void apply(const double* in, double* out) const;

 private:
  const Instance& instance_;
  ApproxNetwork at_;
  Eigen::MatrixXd a_, e_;  // m x d, d x n
};

void HessianProduct::apply(const double* in, double* out) const {
  const Index m = instance_.m(), d_in = instance_.d_in();
  const double width = static_cast<double>(m);
  const RealMatrix u = Eigen::Map<const RealMatrix>(in, m, d_in);
  Eigen::Map<RealMatrix> product(out, m, d_in);
  product.setZero();
  for (Index i = 0; i < instance_.n(); ++i) {
    const Eigen::VectorXd s = at_.s.row(i);
    Eigen::VectorXd delta = u * instance_.x.row(i).transpose();
    delta.array() -= s.dot(delta);
    Eigen::VectorXd by_z = Eigen::VectorXd::Zero(m);
    for (Index l = 0; l < instance_.d(); ++l) {
      const Eigen::VectorXd weighted = s.cwiseProduct((a_.col(l).array() - at_.p(l, i)).matrix());
      const double slope = weighted.dot(delta);  // Cov(a_l, delta)
      by_z += width * (width * slope) * weighted;
      by_z += width * e_(l, i) * (weighted.cwiseProduct(delta) - s * slope);
    }
    product += by_z * instance_.x.row(i);
  }
}

}  // namespace

RealMatrix approx_lowest_curvature(const Instance& instance) {
  const HessianProduct product(instance);
  const Index size = product.size(), outputs = instance.n() * instance.d();
  RealMatrix direction = RealMatrix::Ones(instance.m(), instance.d_in());
  if (size < 2) return direction;
  // Room for the eigenvalues of J' J, which are large and few, beside a basis that finds the lowest.
  const Index basis = std::min(size, outputs + 30);
  constexpr Index kIterations = 30;
  constexpr double kRelativeError = 1e-3;
  const auto lowest = approx_lowest_eigenvector(size, {basis, kIterations, kRelativeError},
                                                [&](const double* in, double* out) { product.apply(in, out); });
  if (!lowest) return direction;
  return Eigen::Map<const RealMatrix>(lowest->data(), instance.m(), instance.d_in());
}

}  // namespace assay
