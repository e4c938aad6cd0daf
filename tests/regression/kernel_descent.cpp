#include "regression/kernel_descent.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "support/random_cases.hpp"

using namespace assay;

namespace {

constexpr Bits kBits = 256;

IntervalMatrix exactly(const RowMajorMatrix& a) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = Interval(a(i, j), kBits);
  return result;
}

IntervalMatrix product(const IntervalMatrix& a, const IntervalMatrix& b) {
  IntervalMatrix result(a.rows(), b.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < b.cols(); ++j)
      for (Index k = 0; k < a.cols(); ++k) result(i, j).add_product(a(i, k), b(k, j));
  return result;
}

RowMajorMatrix random_matrix(Random& random, Index rows, Index cols) {
  RowMajorMatrix result(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) result(i, j) = random.between(-1, 1);
  return result;
}

BallMatrix point(const RowMajorMatrix& a) {
  return {a, RowMajorMatrix::Zero(a.rows(), a.cols())};
}

/// A kernel B B' of exact doubles, some eigenvalues tiny or 0.
RowMajorMatrix random_kernel(Random& random, Index n) {
  RowMajorMatrix b(n, std::max<Index>(1, n - 1));
  for (Index i = 0; i < b.rows(); ++i)
    for (Index j = 0; j < b.cols(); ++j) b(i, j) = static_cast<double>(random.integer(-64, 64)) / (j < 2 ? 8 : 512);
  RowMajorMatrix k = b * b.transpose();  // sums of few products of small integers are exact
  k.diagonal().array() += 0x1p-20;
  return k;
}

/// The recursion itself in intervals: c <- c - eta (K c - Y).
IntervalMatrix exact_descent(const IntervalMatrix& k, const IntervalMatrix& y, double eta, long steps) {
  IntervalMatrix c(y.rows(), y.cols());
  for (Index i = 0; i < c.rows(); ++i)
    for (Index j = 0; j < c.cols(); ++j) c(i, j) = Interval::from_integer(0, kBits);
  for (long step = 0; step < steps; ++step) {
    const IntervalMatrix residual = product(k, c) - y;
    for (Index i = 0; i < c.rows(); ++i)
      for (Index j = 0; j < c.cols(); ++j) c(i, j) -= Interval(eta, kBits) * residual(i, j);
  }
  return c;
}

Interval distance(const RowMajorMatrix& a, const IntervalMatrix& b) {
  return frobenius_norm(exactly(a) - b);
}

}  // namespace

TEST_CASE("kernel descent stays within its distance of the exact recursion") {
  for (std::uint64_t seed = 1; seed <= random_cases(20); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.integer(1, 6), d = random.integer(1, 3);
    const RowMajorMatrix k = random_kernel(random, n), y = random_matrix(random, n, d);
    const BallMatrix kernel = point(k), labels = point(y);
    KernelDescent descent(kernel, labels, safe_step(kernel));
    descent.run(40);
    const IntervalMatrix exact = exact_descent(exactly(k), exactly(y), safe_step(kernel), 40);
    CHECK(certainly_less_equal(distance(descent.coefficients(), exact), Interval(descent.distance(), kBits)));
    CHECK(descent.distance() <= 1e-11 * (1 + descent.coefficients().norm()));
    CHECK(descent.steps() == 40);
  }
}

TEST_CASE("kernel descent covers every kernel and every label in its balls") {
  for (std::uint64_t seed = 1; seed <= random_cases(20); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.integer(2, 5);
    const double size = std::ldexp(1.0, static_cast<int>(random.integer(-40, -4)));
    const RowMajorMatrix k = random_kernel(random, n), y = random_matrix(random, n, 2);
    // Only one of the two moves, so that the other's radius cannot cover for it.
    const bool kernel_moves = random.one_in(2);
    const double kernel_size = kernel_moves ? size : 0, label_size = kernel_moves ? 0 : size;
    const RowMajorMatrix v = random_matrix(random, n, 1), move = random_matrix(random, n, 2) * label_size;
    // Radii a little larger than the moves, which the products here round.
    const RowMajorMatrix shift = kernel_size * v * v.transpose();
    const BallMatrix kernel{k, 1.0625 * shift.cwiseAbs()}, labels{y, 1.0625 * move.cwiseAbs()};
    IntervalMatrix moved = exactly(k), moved_labels = exactly(y) - exactly(-move);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        moved(i, j) += Interval(kernel_size, kBits) * Interval(v(i, 0), kBits) * Interval(v(j, 0), kBits);
    const double eta = safe_step(kernel);
    KernelDescent descent(kernel, labels, eta);
    descent.run(25);
    const IntervalMatrix exact = exact_descent(moved, moved_labels, eta, 25);
    CHECK(certainly_less_equal(distance(descent.coefficients(), exact), Interval(descent.distance(), kBits)));

    const BallMatrix norm_of = kernel;
    const IntervalMatrix image = product(moved, exactly(descent.coefficients()));
    Interval form = Interval::from_integer(0, kBits);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < 2; ++j) form += image(i, j) * Interval(descent.coefficients()(i, j), kBits);
    CHECK(enclosure_of(squared_rkhs_norm(norm_of, descent.coefficients()), kBits).contains(form));

    const IntervalMatrix of_doubles = enclosure_of(expansion(kernel, descent.coefficients()), kBits);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < 2; ++j) CHECK(of_doubles(i, j).contains(image(i, j)));

    // The expansion with the exact coefficients, at "other points" whose block is the moved kernel.
    const IntervalMatrix values = product(moved, exact);
    const IntervalMatrix bound = enclosure_of(expansion(kernel, descent.coefficients(), descent.distance()), kBits);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < 2; ++j) CHECK(bound(i, j).contains(values(i, j)));
  }
}

TEST_CASE("kernel descent agrees with its spectral closed form") {
  // K = a I + b 1 1': eigenvalue a + n b along 1, a on its complement, so c(tau) is elementary.
  for (const long steps : {1L, 7L, 300L}) {
    CAPTURE(steps);
    const Index n = 4;
    const double a = 0.015625, b = 0.25;
    const RowMajorMatrix k = a * RowMajorMatrix::Identity(n, n) + RowMajorMatrix::Constant(n, n, b);
    RowMajorMatrix y(n, 1);
    y << 1, -0.5, 0.25, 2;
    const BallMatrix kernel = point(k), labels = point(y);
    const double eta = safe_step(kernel);
    KernelDescent descent(kernel, labels, eta);
    descent.run(steps);

    const Interval step(eta, kBits), mean = Interval(2.75, kBits) / 4;
    const auto filter = [&](const Interval& lambda) { return (1 - power(1 - step * lambda, steps)) / lambda; };
    const Interval across = filter(Interval(a, kBits)), along = filter(Interval(a, kBits) + 4 * Interval(b, kBits));
    IntervalMatrix closed(n, 1);
    for (Index i = 0; i < n; ++i) closed(i, 0) = across * (Interval(y(i, 0), kBits) - mean) + along * mean;
    CHECK(certainly_less_equal(distance(descent.coefficients(), closed), Interval(descent.distance(), kBits)));

    const ApproxSpectralDescent spectral(kernel, eta);
    CHECK((spectral.coefficients(y, static_cast<double>(steps)) - descent.coefficients()).norm() < 1e-11);
    const RowMajorMatrix limit = spectral.coefficients(y, std::numeric_limits<double>::infinity());
    CHECK((k * limit - y).norm() < 1e-10);
    CHECK((k * approx_ridge_coefficients(kernel, labels, 0) - y).norm() < 1e-10);
  }
}

TEST_CASE("a step of kernel descent is safe for every kernel in the ball") {
  const RowMajorMatrix k = RowMajorMatrix::Constant(3, 3, 0.5);
  const BallMatrix kernel{k, RowMajorMatrix::Constant(3, 3, 0.125)};
  CHECK(safe_step(kernel) * (3 * 0.625) <= 1);
  CHECK(safe_step(kernel) * (3 * 0.625) > 0.999);
}

TEST_CASE("kernel descent of unknown labels or kernels claims nothing") {
  const RowMajorMatrix k = RowMajorMatrix::Identity(2, 2), y = RowMajorMatrix::Zero(2, 1);
  const BallMatrix kernel = point(k), labels{y, RowMajorMatrix::Constant(2, 1, HUGE_VAL)};
  KernelDescent descent(kernel, labels, 0.5);
  descent.step();
  CHECK(std::isinf(descent.distance()));
  CHECK(!enclosure_of(expansion(kernel, descent.coefficients(), descent.distance()))(0, 0).is_finite());
}

TEST_CASE("kernel descent refuses what does not fit") {
  const BallMatrix kernel = point(RowMajorMatrix::Identity(2, 2)), wide = point(RowMajorMatrix::Zero(2, 3));
  const BallMatrix labels = point(RowMajorMatrix::Zero(2, 1)), long_labels = point(RowMajorMatrix::Zero(3, 1));
  const BallMatrix unbounded{kernel.middle, RowMajorMatrix::Constant(2, 2, HUGE_VAL)};
  CHECK_THROWS_AS(KernelDescent(kernel, labels, 1.5), std::invalid_argument);
  CHECK_THROWS_AS(KernelDescent(kernel, labels, 0), std::invalid_argument);
  CHECK_THROWS_AS(KernelDescent(kernel, long_labels, 0.5), std::invalid_argument);
  CHECK_THROWS_AS(safe_step(wide), std::invalid_argument);
  CHECK_THROWS_AS(safe_step(unbounded), std::invalid_argument);
  CHECK_THROWS_AS(expansion(kernel, long_labels.middle), std::invalid_argument);
}
