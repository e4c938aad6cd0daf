#include "enclosure/matrix.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>

#include "enclosure/ball.hpp"
#include "enclosure/environment.hpp"
#include "enclosure/stop.hpp"
#include "enclosure/threads.hpp"

namespace assay {

namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument(what);
}

/// A positive vector near the dominant eigenvector of a: power steps in double.
Eigen::VectorXd approx_dominant_vector(const IntervalMatrix& a) {
  Eigen::MatrixXd point(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) point(i, j) = a(i, j).upper_double();
  const double scale = point.size() == 0 ? 0 : point.maxCoeff();
  Eigen::VectorXd v = Eigen::VectorXd::Ones(a.rows());
  if (!(scale > 0) || !std::isfinite(scale)) return v;
  point /= scale;
  for (int step = 0; step < 30; ++step) {
    v = point * v + 1e-12 * v;
    v /= v.maxCoeff();
    v = v.cwiseMax(1e-9);
  }
  return v;
}

/// A sum of products of doubles as hi + lo + rest, |rest| <= bound; exact where bound = 0.
///
/// Products and sums are split without error (fma, Knuth), so that only what is lost to lo is left, term by term.
struct SumOfProducts {
  double hi = 0, lo = 0, bound = 0;
  bool usable = true;  // false where a part of a product may have underflowed, or a sum overflowed

  SumOfProducts(std::span<const double> a, std::span<const double> b) {
    constexpr double kLeastProduct = 0x1p-960;
    double lost = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
      const double product = a[k] * b[k];
      usable = usable && (std::fabs(product) >= kLeastProduct || a[k] == 0 || b[k] == 0);
      lost += std::fabs(add(lo, add(hi, product))) + std::fabs(add(lo, std::fma(a[k], b[k], -product)));
    }
    usable = usable && std::isfinite(hi) && std::isfinite(lost);
    bound = lost == 0 ? 0 : upper_sum(lost, 2 * static_cast<std::ptrdiff_t>(a.size()));
  }

  /// Good enough at this precision: the bound is below the rounding of the sum to `bits`.
  bool suffices(Bits bits) const {
    constexpr Bits kMostBits = 96;
    return usable &&
           (bound == 0 || (bits <= kMostBits && bound * std::ldexp(8.0, static_cast<int>(bits)) <= std::fabs(hi)));
  }

  Interval enclosure(Bits bits) const {
    Interval sum(hi, bits);
    mpfi_add_d(sum.mpfi(), sum.mpfi(), lo);
    if (bound == 0) return sum;
    mpfr_sub_d(&sum.mpfi()->left, &sum.mpfi()->left, bound, MPFR_RNDD);
    mpfr_add_d(&sum.mpfi()->right, &sum.mpfi()->right, bound, MPFR_RNDU);
    return sum;
  }

 private:
  /// sum <- sum + x; what rounding took from it.
  static double add(double& sum, double x) {
    const double before = sum;
    sum = before + x;
    const double back = sum - before;
    return (before - (sum - back)) + (x - back);
  }
};

}  // namespace

IntervalMatrix::IntervalMatrix(Index rows, Index cols) : rows_(rows), cols_(cols) {
  require(rows >= 0 && cols >= 0, "IntervalMatrix: expected a shape that is not negative");
  entries_.resize(static_cast<std::size_t>(rows * cols));
}

Interval dot(std::span<const double> a, std::span<const double> b, Bits bits) {
  require(a.size() == b.size(), "dot: expected vectors of one length");
  require_sound_environment();
  if (const SumOfProducts doubles(a, b); doubles.suffices(bits)) return doubles.enclosure(bits);
  Interval sum = Interval::from_integer(0, bits);
  for (std::size_t k = 0; k < a.size(); ++k) sum.add_product(a[k], b[k]);
  return sum;
}

Interval dot(std::span<const Interval> a, std::span<const Interval> b) {
  require(a.size() == b.size(), "dot: expected vectors of one length");
  Interval sum;
  for (std::size_t k = 0; k < a.size(); ++k) sum.add_product(a[k], b[k]);
  return sum;
}

Interval euclidean_norm(std::span<const double> a, Bits bits) {
  return sqrt(nonnegative_part(dot(a, a, bits)));
}

Interval euclidean_norm(std::span<const Interval> a) {
  Interval sum;
  for (const Interval& entry : a) sum += sqr(entry);
  return sqrt(sum);
}

IntervalMatrix operator-(const IntervalMatrix& a, const IntervalMatrix& b) {
  require(a.rows() == b.rows() && a.cols() == b.cols(), "operator-: expected matrices of one shape");
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = a(i, j) - b(i, j);
  return result;
}

IntervalMatrix operator*(const IntervalMatrix& a, const IntervalMatrix& b) {
  require(a.cols() == b.rows(), "operator*: expected a.cols() == b.rows()");
  const IntervalMatrix columns = transposed(b);
  IntervalMatrix result(a.rows(), b.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < b.cols(); ++j) result(i, j) = dot(a.row(i), columns.row(j));
  return result;
}

IntervalMatrix transposed(const IntervalMatrix& a) {
  IntervalMatrix result(a.cols(), a.rows());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(j, i) = a(i, j);
  return result;
}

Interval frobenius_norm(const IntervalMatrix& a) {
  return euclidean_norm(a.entries());
}

Interval largest_magnitude(const IntervalMatrix& a) {
  Interval result;
  for (const Interval& entry : a.entries()) result = max(result, abs(entry));
  return result;
}

Interval row_sum_norm(const IntervalMatrix& a) {
  Interval result;
  for (Index i = 0; i < a.rows(); ++i) {
    Interval sum;
    for (const Interval& entry : a.row(i)) sum += abs(entry);
    result = max(result, sum);
  }
  return result;
}

Interval upper_spectral_norm(const IntervalMatrix& a) {
  require(a.rows() == a.cols(), "upper_spectral_norm: expected a square matrix");
  const Eigen::VectorXd v = approx_dominant_vector(a);
  Interval bound;
  for (Index i = 0; i < a.rows(); ++i) {
    Interval sum;
    for (Index j = 0; j < a.cols(); ++j) {
      require(certainly_nonnegative(a(i, j)), "upper_spectral_norm: expected entries >= 0");
      sum.add_product(a(i, j), Interval(v(j), 53));
    }
    bound = max(bound, sum / Interval(v(i), 53));
  }
  return hull(Interval(), bound);
}

void parallel_for(Index count, int threads, const std::function<void(Index)>& body) {
  std::atomic<Index> next{0};
  const auto work = [&] {
    for (Index i = next++; i < count; i = next++) {
      leave_if_stopped();
      body(i);
    }
  };
  run_on_threads(std::min<Index>(threads, count), work, [&] { next = count; });
}

Interval trace(const IntervalMatrix& a) {
  Interval sum;
  for (Index i = 0; i < a.rows(); ++i) sum += a(i, i);
  return sum;
}

}  // namespace assay
