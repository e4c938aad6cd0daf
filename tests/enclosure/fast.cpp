#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "enclosure/ball.hpp"
#include "enclosure/ball_matrix.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/cholesky.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "enclosure/fast/kernels.hpp"
#include "support/exact.hpp"
#include "support/random_cases.hpp"

using namespace assay;

namespace {

/// Runs the body once with each instruction set of this processor, then restores the best one.
template <class Body>
void with_every_instruction_set(Body body) {
  const auto best = fast::instruction_set();
  for (const auto set : {fast::InstructionSet::portable, fast::InstructionSet::avx2, fast::InstructionSet::avx512}) {
    if (!fast::is_available(set)) continue;
    CAPTURE(static_cast<int>(set));
    fast::choose_instruction_set(set);
    REQUIRE(fast::instruction_set() == set);
    body();
  }
  fast::choose_instruction_set(best);
}

bool exp_is_within_its_bound(double z, double y, long shift) {
  const Interval two = Interval(2, 200);
  Interval scale = power(two, std::labs(shift));
  if (shift > 0) scale = 1 / scale;
  const Interval truth = exp(Interval(z, 200)) * scale;
  const Interval allowed = truth * Interval(fast::kExpError, 200) + Interval(fast::kExpUnderflow, 200);
  return certainly_less_equal(abs(Interval(y, 200) - truth), allowed);
}

bool contains_exactly(const Ball& ball, const Rational& truth) {
  return magnitude(truth - exact(ball.middle)) <= exact(ball.radius);
}

fast::RowMajorMatrix random_symmetric(Random& random, Index n, double smallest) {
  fast::RowMajorMatrix b(n, n + 2);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < b.cols(); ++j) b(i, j) = random.between(-1, 1);
  fast::RowMajorMatrix a = b * b.transpose();
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < i; ++j) a(j, i) = a(i, j);
  a.diagonal().array() += smallest;
  return a;
}

IntervalMatrix as_intervals(const fast::RowMajorMatrix& a, Bits bits) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = Interval(a(i, j), bits);
  return result;
}

}  // namespace

TEST_CASE("products of small integers are subtracted exactly") {
  with_every_instruction_set([] {
    for (std::uint64_t seed = 1; seed <= random_cases(30); ++seed) {
      CAPTURE(seed);
      Random random(seed);
      const auto size = [&random](long least, long most) {
        return static_cast<std::size_t>(random.integer(least, most));
      };
      const std::size_t rows = 8 * size(1, 9), columns = size(1, 19), terms = size(0, 5), count = size(1, 4), ld = 80;
      std::vector<double> x(count * terms * ld + ld), w(x.size()), c(columns * ld), expected;
      for (auto* all : {&x, &w, &c})
        for (double& digit : *all) digit = static_cast<double>(random.integer(-(1L << 21), 1L << 21));
      expected = c;
      const auto step = static_cast<std::ptrdiff_t>(terms * ld);
      for (std::size_t j = 0; j < columns; ++j)
        for (std::size_t i = 0; i < rows; ++i)
          for (std::size_t p = 0; p < count; ++p)
            for (std::size_t k = 0; k < terms; ++k)
              expected[j * ld + i] -= x[(p * terms + k) * ld + j] * w[((count - 1 - p) * terms + k) * ld + i];
      fast::subtract_products({.x = x.data(),
                               .w = w.data() + (count - 1) * terms * ld,
                               .ld = ld,
                               .step_x = step,
                               .step_w = -step,
                               .count = count,
                               .terms = terms},
                              rows, columns, c.data(), ld);
      REQUIRE(c == expected);
    }
  });
}

TEST_CASE("carries leave the number and make the digits small") {
  with_every_instruction_set([] {
    Random random(1);
    for (std::size_t planes = 1; planes < 6; ++planes) {
      std::vector<double> digits(planes * 24);
      for (double& digit : digits) digit = static_cast<double>(random.integer(-(1L << 52), 1L << 52));
      digits[16 * planes] = 0x1p52;
      const std::vector<double> before = digits;
      fast::carry(digits.data(), 24, planes, 16);
      for (std::size_t i = 0; i < 24; ++i) {
        Rational difference = 0;
        for (std::size_t q = 0; q < planes; ++q) {
          difference += (exact(digits[q * 24 + i]) - exact(before[q * 24 + i])) * two_to(-22 * static_cast<long>(q));
          if (i >= 16) REQUIRE(digits[q * 24 + i] == before[q * 24 + i]);
          if (i < 16 && q > 0) REQUIRE(std::fabs(digits[q * 24 + i]) <= 0x1p21);
        }
        REQUIRE(difference == 0);
      }
    }
  });
}

TEST_CASE("the fast exponential stays within its proved error") {
  with_every_instruction_set([] {
    Random random(1);
    std::vector<double> z;
    for (std::uint64_t k = 0; k < random_cases(4000); ++k) z.push_back(random.between(-720, 700));
    for (int k = -1020; k <= 1020; ++k)
      for (const double offset : {-0x1p-45, 0.0, 0x1p-45}) z.push_back((k + 0.5) * 0.69314718055994531 + offset);
    for (const double edge : {0.0, -0.0, 0x1p-1074, -0x1p-1022, 0x1p-53, 700.0, -708.0, -709.5, -745.2, -1e5})
      z.push_back(edge);
    std::vector<double> y(z.size());
    fast::scaled_exp(z.data(), y.data(), z.size(), 0);
    for (std::size_t c = 0; c < z.size(); ++c) {
      if (z[c] > 709) continue;
      CAPTURE(z[c]);
      REQUIRE(exp_is_within_its_bound(z[c], y[c], 0));
    }
  });
}

TEST_CASE("the shifted exponential reaches arguments of any size up to 2^20") {
  with_every_instruction_set([] {
    Random random(2);
    for (std::uint64_t k = 0; k < random_cases(300); ++k) {
      const double center = random.between(-fast::kExpLargestArgument, fast::kExpLargestArgument);
      const long shift = std::lround(center / 0.6931471805599453);
      std::vector<double> z(11), y(11);
      for (double& entry : z)
        entry = std::clamp(center + random.between(-760, 3), -fast::kExpLargestArgument, fast::kExpLargestArgument);
      fast::scaled_exp(z.data(), y.data(), z.size(), shift);
      for (std::size_t c = 0; c < z.size(); ++c) {
        CAPTURE(z[c]);
        CAPTURE(shift);
        REQUIRE(exp_is_within_its_bound(z[c], y[c], shift));
      }
    }
  });
}

TEST_CASE("products and sums of rows are within the any-order bound, for every length") {
  with_every_instruction_set([] {
    Random random(3);
    for (std::uint64_t k = 0; k < random_cases(60); ++k) {
      const auto count = static_cast<std::size_t>(random.integer(0, 70));
      const auto rows_a = static_cast<std::size_t>(random.integer(1, 9));
      const auto rows_b = static_cast<std::size_t>(random.integer(1, 9));
      std::vector<double> a(rows_a * count), b(rows_b * count), c(rows_a * rows_b);
      for (auto* side : {&a, &b})
        for (double& entry : *side)
          entry = std::ldexp(random.between(-1, 1), static_cast<int>(random.integer(-30, 30)));
      fast::products_of_rows(a.data(), count, rows_a, b.data(), count, rows_b, count, c.data(), rows_b);
      for (std::size_t i = 0; i < rows_a; ++i)
        for (std::size_t j = 0; j < rows_b; ++j) {
          Rational truth = 0, magnitudes = 0;
          for (std::size_t t = 0; t < count; ++t) {
            truth += exact(a[i * count + t]) * exact(b[j * count + t]);
            magnitudes += magnitude(exact(a[i * count + t]) * exact(b[j * count + t]));
          }
          const Rational error = magnitude(truth - exact(c[i * rows_b + j]));
          REQUIRE(error <= exact(upper_gamma(static_cast<double>(count + 1))) * magnitudes);
        }
    }
  });
}

TEST_CASE("sums, extreme entries and combinations of rows") {
  with_every_instruction_set([] {
    Random random(4);
    for (std::size_t count = 1; count < 80; ++count) {
      std::vector<double> y(count), w(3 * count), z(count);
      for (double& entry : y) entry = random.between(0, 1);
      for (double& entry : w) entry = random.between(-2, 2);
      Rational truth = 0;
      double most = y[0], least = y[0];
      for (const double entry : y) {
        truth += exact(entry);
        most = std::fmax(most, entry);
        least = std::fmin(least, entry);
      }
      REQUIRE(magnitude(truth - exact(fast::sum(y.data(), count))) <=
              exact(upper_gamma(static_cast<double>(count))) * truth);
      REQUIRE(exact(fast::extremes(y.data(), count).most) == exact(most));
      REQUIRE(exact(fast::extremes(y.data(), count).least) == exact(least));
      const double x[] = {0.3, -1.7, 0.9};
      fast::combine_rows(x, 3, w.data(), count, count, z.data());
      for (std::size_t c = 0; c < count; ++c) {
        Rational sum = 0, magnitudes = 0;
        for (std::size_t k = 0; k < 3; ++k) {
          sum += exact(x[k]) * exact(w[k * count + c]);
          magnitudes += magnitude(exact(x[k]) * exact(w[k * count + c]));
        }
        REQUIRE(magnitude(sum - exact(z[c])) <= exact(upper_gamma(4)) * magnitudes);
      }
    }
  });
}

TEST_CASE("ball operations contain the exact results") {
  Random random(5);
  for (std::uint64_t k = 0; k < random_cases(3000); ++k) {
    CAPTURE(k);
    const auto draw = [&] {
      const double middle = std::ldexp(random.between(-1, 1), static_cast<int>(random.integer(-300, 300)));
      return Ball{middle, random.one_in(3) ? 0 : std::fabs(middle) * std::ldexp(random.unit(), -20)};
    };
    const auto member = [&](const Ball& ball) -> Rational {
      return exact(ball.middle) + exact(ball.radius) * Rational(random.integer(-4, 4)) / 4;
    };
    const Ball a = draw(), b = draw();
    const Rational x = member(a), y = member(b);
    REQUIRE(contains_exactly(a + b, x + y));
    REQUIRE(contains_exactly(a - b, x - y));
    REQUIRE(contains_exactly(a * b, x * y));
    if (y != 0 && std::isfinite((a / b).radius)) REQUIRE(contains_exactly(a / b, x / y));
    REQUIRE(exact(a.upper()) >= x);
    REQUIRE(exact(a.lower()) <= x);
    const Ball square{std::fabs(a.middle), a.radius};
    const Ball root = sqrt_of_nonnegative(square);
    const Rational z = magnitude(x);
    REQUIRE((exact(root.middle) + exact(root.radius)) * (exact(root.middle) + exact(root.radius)) >= z);
    if (root.middle > root.radius)
      REQUIRE((exact(root.middle) - exact(root.radius)) * (exact(root.middle) - exact(root.radius)) <= z);
    REQUIRE(contains(enclosure_of(a), x));
  }
}

TEST_CASE("the residual of a fast factor is bounded with both triangles and with what doubles do not see") {
  fast::RowMajorMatrix a(2, 2), l(2, 2);
  a << 1, 2, 2, 1;
  l.setZero();
  const double frobenius = std::sqrt(2 * 0.75 * 0.75 + 2 * 2 * 2);  // of A - I/4
  CHECK(fast::upper_residual_norm(a, 0.25, l) >= frobenius);
  CHECK(fast::upper_residual_norm(a, 0.25, l) <= frobenius * (1 + 1e-12));
  // The square of 1 + 2^-30 is 2^-60 more than its double.
  const fast::RowMajorMatrix root{{1 + 0x1p-30}}, square{{1 + 0x1p-29}};
  CHECK(fast::upper_residual_norm(square, 0, root) >= 0x1p-60);
  CHECK(!fast::approx_cholesky(a, 0, l));
  CHECK(!fast::approx_cholesky(fast::RowMajorMatrix::Zero(1, 1), 0, l));
}

TEST_CASE("the norm of a matrix of balls counts the radii") {
  const BallMatrix a{fast::RowMajorMatrix::Zero(2, 2), fast::RowMajorMatrix::Constant(2, 2, 0.5)};
  CHECK(upper_norm(a) >= 1);
  CHECK(upper_norm(a) <= 1 + 1e-12);
}

TEST_CASE("fast eigenvalue enclosures overlap the deep ones") {
  with_every_instruction_set([] {
    Random random(6);
    for (const Index n : {1, 2, 3, 7, 24, 25, 60})
      for (const double smallest : {1.0, 1e-3, 0.0, -0.5}) {
        CAPTURE(n);
        CAPTURE(smallest);
        const fast::RowMajorMatrix a = random_symmetric(random, n, smallest);
        const IntervalMatrix deep = as_intervals(a, 128);
        const Ball low = fast::lambda_min({a, 0}), high = fast::lambda_max({a, 0});
        CHECK(overlap(enclosure_of(low), enclose_lambda_min(deep, 1e-15, 128)));
        CHECK(overlap(enclosure_of(high), enclose_lambda_max(deep, 1e-15, 128)));
        CHECK(low.radius <= 1e-6 * a.norm());
        // A radius widens both ends by at least itself.
        const Ball wide = fast::lambda_min({a, 0.25});
        CHECK(wide.lower() <= low.upper() - 0.25);
        CHECK(wide.upper() >= low.lower() + 0.25);
      }
  });
}

TEST_CASE("a singular or repeated spectrum and bad entries prove nothing false") {
  const fast::RowMajorMatrix ones = fast::RowMajorMatrix::Ones(5, 5);
  const Ball zero = fast::lambda_min({ones, 0});
  CHECK(enclosure_of(zero).contains(0.0));
  CHECK(zero.radius < 1e-10);
  const fast::RowMajorMatrix identity = fast::RowMajorMatrix::Identity(30, 30);
  CHECK(enclosure_of(fast::lambda_min({identity, 0})).contains(1.0));
  CHECK(enclosure_of(fast::lambda_max({identity, 0})).contains(1.0));
  CHECK(enclosure_of(fast::lambda_min({fast::RowMajorMatrix::Zero(4, 4), 0})).contains(0.0));
  fast::RowMajorMatrix broken = identity;
  broken(3, 3) = std::numeric_limits<double>::quiet_NaN();
  CHECK(is_whole_line(enclosure_of(fast::lambda_min({broken, 0}))));
  CHECK(is_whole_line(enclosure_of(fast::lambda_min({identity, std::numeric_limits<double>::infinity()}))));
}

TEST_CASE("the bound of a radius matrix is at least its spectral norm") {
  Random random(7);
  for (const Index n : {1, 2, 5, 20}) {
    fast::RowMajorMatrix r(n, n);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j <= i; ++j) r(i, j) = r(j, i) = random.one_in(4) ? 0 : random.unit();
    const Interval truth = enclose_spectral_norm(as_intervals(r, 128), 1e-12, 128);
    CHECK(fast::upper_norm_of_radii(r) >= truth.lower_double());
    CHECK(fast::upper_norm_of_radii(r) <= 4 * truth.upper_double() + 1e-300);
  }
  CHECK(fast::upper_norm_of_radii(fast::RowMajorMatrix::Zero(3, 3)) < 1e-300);
}
