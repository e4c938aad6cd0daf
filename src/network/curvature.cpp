#include "network/curvature.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "enclosure/row.hpp"
#include "network/search/approx_network.hpp"

namespace assay {

namespace {

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

/// The Hessian J' J + sum_{l,i} e_{l,i} Hess F_{l,i} in double; directions u are of W's shape. With delta = X U' less
/// its mean over S_i, and f_{i,r} = sum_l e_{l,i} (a_{l,r} - p_{l,i}):
///
///   (J u)_{l,i} = m sum_r S a_l delta,   J' v = (m S o (V A' - ...))' X,
///   its second part is (m S o (f o delta - sum_r S f delta))' X
class Hessian {
 public:
  explicit Hessian(const Instance& instance)
      : x_(instance.x), a_(instance.a.cast<double>()), at_(approx_network(instance, instance.w)) {
    const Eigen::MatrixXd e = at_.p * width() - instance.y.transpose();
    residuals_ = by_outputs(e);
  }
  const Eigen::MatrixXd& kernel() const { return at_.h; }
  double width() const { return static_cast<double>(a_.rows()); }

  /// J u, d x n.
  Eigen::MatrixXd outputs(const RealMatrix& u) const { return width() * (centered(u) * a_).transpose(); }
  /// J' v for v of d x n.
  RealMatrix back(const Eigen::MatrixXd& v) const { return by_logits(width() * by_outputs(v).cwiseProduct(at_.s)); }
  /// The part of the residuals.
  RealMatrix of_residuals(const RealMatrix& u) const {
    const RealMatrix moved = residuals_.cwiseProduct(centered(u));
    const Eigen::VectorXd sums = moved.rowwise().sum();
    return by_logits(width() * (moved - sums.asDiagonal() * at_.s));
  }
  RealMatrix times(const RealMatrix& u) const { return back(outputs(u)) + of_residuals(u); }

 private:
  /// S o (delta less its mean), n x m.
  RealMatrix centered(const RealMatrix& u) const {
    RealMatrix delta = x_ * u.transpose();
    const Eigen::VectorXd means = delta.cwiseProduct(at_.s).rowwise().sum();
    delta.colwise() -= means;
    return delta.cwiseProduct(at_.s);
  }
  /// sum_l v_{l,i} (a_{l,r} - p_{l,i}), n x m.
  RealMatrix by_outputs(const Eigen::MatrixXd& v) const {
    RealMatrix sums = v.transpose() * a_.transpose();
    sums.colwise() -= v.cwiseProduct(at_.p).colwise().sum().transpose();
    return sums;
  }
  RealMatrix by_logits(const RealMatrix& by_z) const { return by_z.transpose() * x_; }

  const RealMatrix& x_;
  Eigen::MatrixXd a_;  // m x d
  ApproxNetwork at_;
  RealMatrix residuals_;  // f, n x m
};

Eigen::VectorXd flat(const RealMatrix& u) {
  return Eigen::Map<const Eigen::VectorXd>(u.data(), u.size());
}

/// The lowest eigenvector of the whole Hessian, by restarted Lanczos iterations with room for the eigenvalues of J' J,
/// which are large and few.
std::optional<Eigen::VectorXd> approx_lowest_of_all(const Hessian& hessian, const Instance& instance, Index room) {
  constexpr Index kIterations = 30;
  constexpr double kRelativeError = 1e-3;
  const Index size = instance.w.size();
  return approx_lowest_eigenvector(size, {std::min(size, room), kIterations, kRelativeError},
                                   [&](const double* in, double* out) {
                                     const Eigen::Map<const RealMatrix> u(in, instance.m(), instance.d_in());
                                     Eigen::Map<RealMatrix>(out, instance.m(), instance.d_in()) = hessian.times(u);
                                   });
}

/// The lowest eigenvector of the residuals' part where J u = 0: J' J, whose large eigenvalues Lanczos iterations would
/// find first, is not felt there. P = I - J' (J J' + small)^-1 J, J J' = m H.
Eigen::VectorXd approx_lowest_beside_jacobian(const Hessian& hessian, const Instance& instance) {
  constexpr double kSmall = 1e-12;
  constexpr int kSteps = 24, kRestarts = 4;
  const Eigen::MatrixXd& h = hessian.kernel();
  fast::RowMajorMatrix l;
  const bool factored = fast::approx_cholesky(h, -kSmall * h.trace(), l);
  const auto projected = [&](const RealMatrix& u) -> RealMatrix {
    if (!factored) return u;
    const Eigen::MatrixXd moved = hessian.outputs(u).transpose() / hessian.width();  // n x d: index (l, i) -> l n + i
    Eigen::VectorXd v = Eigen::Map<const Eigen::VectorXd>(moved.data(), moved.size());
    l.triangularView<Eigen::Lower>().solveInPlace(v);
    l.transpose().triangularView<Eigen::Upper>().solveInPlace(v);
    return u - hessian.back(Eigen::Map<const Eigen::MatrixXd>(v.data(), moved.rows(), moved.cols()).transpose());
  };
  const auto falling = [&](const Eigen::VectorXd& in) -> Eigen::VectorXd {
    const Eigen::Map<const RealMatrix> u(in.data(), instance.m(), instance.d_in());
    return flat(projected(-hessian.of_residuals(projected(u))));
  };
  Eigen::VectorXd v(instance.w.size());
  for (Index k = 0; k < v.size(); ++k) v(k) = std::sin(static_cast<double>(3 * k + 1));
  for (int restart = 0; restart < kRestarts; ++restart) v = fast::approx_top_eigenvector(v, kSteps, falling);
  return flat(projected(Eigen::Map<const RealMatrix>(v.data(), instance.m(), instance.d_in())));
}

}  // namespace

RealMatrix approx_lowest_curvature(const Instance& instance) {
  constexpr Index kRoom = 30, kFewOutputs = 64;
  const Hessian hessian(instance);
  const Index size = instance.w.size(), outputs = instance.n() * instance.d();
  RealMatrix direction = RealMatrix::Ones(instance.m(), instance.d_in());
  if (size < 2) return direction;
  const bool few = outputs <= kFewOutputs || size < 2 * outputs;
  const std::optional<Eigen::VectorXd> lowest =
      few ? approx_lowest_of_all(hessian, instance, outputs + kRoom) : approx_lowest_beside_jacobian(hessian, instance);
  if (!lowest || !lowest->allFinite() || lowest->isZero(0)) return direction;
  return Eigen::Map<const RealMatrix>(lowest->data(), instance.m(), instance.d_in());
}

}  // namespace assay
