// Sums, products and norms of matrices against exact rationals, and the spectral norm against exact inertia.

#include "enclosure/matrix.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "enclosure/approx/eigen_decompositions.hpp"
#include "support/exact_matrix.hpp"

using namespace assay;

namespace {

using Rows = std::vector<std::vector<Rational>>;  // any shape

IntervalMatrix random_matrix(Random& random, Index rows, Index cols) {
  IntervalMatrix result(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) result(i, j) = random_bounded(random);
  return result;
}

Rows random_member_of(Random& random, const IntervalMatrix& a) {
  Rows result(static_cast<std::size_t>(a.rows()));
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result[static_cast<std::size_t>(i)].push_back(random_member(random, a(i, j)));
  return result;
}

bool contains_member(const IntervalMatrix& a, const Rows& rows) {
  bool inside = static_cast<std::size_t>(a.rows()) == rows.size();
  for (std::size_t i = 0; i < rows.size() && inside; ++i)
    for (std::size_t j = 0; j < rows[i].size(); ++j)
      inside = inside && contains(a(static_cast<Index>(i), static_cast<Index>(j)), rows[i][j]);
  return inside;
}

/// The norm a is not negative and its square contains x.
bool square_contains(const Interval& a, const Rational& x) {
  const Rational lo = lower_end(a), hi = upper_end(a);
  return lo >= 0 && lo * lo <= x && x <= hi * hi;
}

Rational row_sum(const std::vector<Rational>& row) {
  Rational sum;
  for (const Rational& entry : row) sum += magnitude(entry);
  return sum;
}

IntervalMatrix from_doubles(const Eigen::MatrixXd& a) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = Interval(a(i, j), 53);
  return result;
}

}  // namespace

TEST_CASE("a new matrix is zero and has its shape") {
  const IntervalMatrix a(2, 3);
  CHECK(a.rows() == 2);
  CHECK(a.cols() == 3);
  CHECK(a.entries().size() == 6);
  CHECK(contains(a(1, 2), 0));
  CHECK(IntervalMatrix().entries().empty());
  CHECK_THROWS_AS(IntervalMatrix(-1, 2), std::invalid_argument);
}

TEST_CASE("dot products of doubles contain the exact sum, tightly") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    std::vector<double> a, b;
    Rational sum;
    for (long k = random.integer(0, 12); k > 0; --k) {
      a.push_back(random.any_double());
      b.push_back(random.one_in(2) ? random.any_double() : random.between(-1, 1));
      sum += exact(a.back()) * exact(b.back());
    }
    CHECK(contains(dot(a, b, 53), sum));
    CHECK(contains(dot(a, b, 24), sum));
    CHECK(dot(a, b, 53).bits() == 53);
    // Products of doubles span less than 4400 bits.
    const Interval exact_sum = dot(a, b, 4500);
    CHECK(exact_sum.is_point());
    CHECK(contains(exact_sum, sum));
  }
  const std::vector<double> one{1}, two{1, 2};
  CHECK_THROWS_AS(dot(one, two, 53), std::invalid_argument);
  CHECK(contains(dot(std::span<const double>(), std::span<const double>(), 53), 0));
}

TEST_CASE("dot products of common sizes, with and without cancellation, are as good as their precision") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    std::vector<double> a, b;
    Rational sum, magnitude;
    for (long k = random.integer(1, 60); k > 0; --k) {
      a.push_back(std::ldexp(random.between(-1, 1), static_cast<int>(random.integer(-40, 40))));
      b.push_back(random.one_in(5) ? 0 : random.between(-1, 1));
      if (random.one_in(3) && a.size() > 1) {  // nearly takes back an earlier term
        a.back() = -a[0];
        b.back() = random.one_in(2) ? b[0] : std::nextafter(b[0], 2);
      }
      sum += exact(a.back()) * exact(b.back());
      const Rational term = exact(a.back()) * exact(b.back());
      magnitude += term < 0 ? Rational(-term) : term;
    }
    for (const Bits bits : {24, 53, 64, 90, 128, 300}) {
      const Interval found = dot(a, b, bits);
      CHECK(contains(found, sum));
      CHECK(found.bits() == bits);
      const Rational width = upper_end(found) - lower_end(found);
      CHECK(width * exact(std::ldexp(1.0, static_cast<int>(bits) - 8)) <= magnitude);
    }
  }
  const std::vector<double> x{0.5, -3, 0}, y{0.25, 1, 0x1p-1074}, tiny{0x1p-600}, huge{0x1p600, 0x1p600};
  CHECK(dot(x, y, 64).is_point());
  CHECK(dot(x, y, 64).approx_double() == -2.875);
  CHECK(dot(tiny, tiny, 64).approx_double() == 0);
  CHECK(contains(dot(tiny, tiny, 64), exact(0x1p-600) * exact(0x1p-600)));
  CHECK(contains(dot(huge, huge, 64), 2 * exact(0x1p600) * exact(0x1p600)));
}

TEST_CASE("dot products, differences and products contain those of members") {
  for (std::uint64_t seed = 1; seed <= random_cases(150); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index rows = random.integer(1, 4), inner = random.integer(1, 4), cols = random.integer(1, 4);
    const IntervalMatrix a = random_matrix(random, rows, inner), b = random_matrix(random, inner, cols);
    const IntervalMatrix c = random_matrix(random, rows, inner);
    const Rows x = random_member_of(random, a), y = random_member_of(random, b), z = random_member_of(random, c);
    Rows product(x.size(), std::vector<Rational>(static_cast<std::size_t>(cols))), difference = x;
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t k = 0; k < y.size(); ++k) {
        for (std::size_t j = 0; j < y[k].size(); ++j) product[i][j] += x[i][k] * y[k][j];
        difference[i][k] -= z[i][k];
      }
    CHECK(contains_member(a * b, product));
    CHECK(contains_member(a - c, difference));
    CHECK(contains(dot(a.row(0), transposed(b).row(0)), product[0][0]));
    CHECK(contains_member(transposed(transposed(a)), x));
    CHECK((a * b).cols() == cols);
  }
}

TEST_CASE("products of points at a high precision are points") {
  IntervalMatrix a(2, 3), b(3, 2);
  for (Index i = 0; i < 2; ++i)
    for (Index k = 0; k < 3; ++k) a(i, k) = b(k, i) = Interval(static_cast<double>(1 + i * 3 + k), 64);
  const IntervalMatrix product = a * b;
  const Rows truth{{14, 32}, {32, 77}};
  CHECK(contains_member(product, truth));
  for (const Interval& entry : product.entries()) CHECK(entry.is_point());
}

TEST_CASE("matrices whose shapes do not fit are refused") {
  const IntervalMatrix a(2, 3), b(2, 3), c(3, 3);
  CHECK_THROWS_AS(a * b, std::invalid_argument);
  CHECK_THROWS_AS(a * IntervalMatrix(2, 0), std::invalid_argument);
  CHECK_THROWS_AS(a - c, std::invalid_argument);
  CHECK_THROWS_AS(c - a, std::invalid_argument);
  CHECK_THROWS_AS(dot(a.row(0), IntervalMatrix(1, 2).row(0)), std::invalid_argument);
}

TEST_CASE("norms contain those of members") {
  for (std::uint64_t seed = 1; seed <= random_cases(300); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const IntervalMatrix a = random_matrix(random, random.integer(1, 4), random.integer(1, 4));
    const Rows x = random_member_of(random, a);
    Rational squares, largest, largest_row, first_row;
    for (const auto& row : x) {
      for (const Rational& entry : row) {
        squares += entry * entry;
        largest = std::max(largest, magnitude(entry));
      }
      largest_row = std::max(largest_row, row_sum(row));
    }
    for (const Rational& entry : x[0]) first_row += entry * entry;
    CHECK(square_contains(frobenius_norm(a), squares));
    CHECK(square_contains(euclidean_norm(a.row(0)), first_row));
    CHECK(contains(largest_magnitude(a), largest));
    CHECK(contains(row_sum_norm(a), largest_row));
  }
}

TEST_CASE("norms of doubles contain the exact ones, tightly") {
  for (std::uint64_t seed = 1; seed <= random_cases(200); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    std::vector<double> a;
    Rational squares;
    for (long k = random.integer(0, 9); k > 0; --k) {
      a.push_back(random.any_double());
      squares += exact(a.back()) * exact(a.back());
    }
    const Interval norm = euclidean_norm(a, 64);
    CHECK(square_contains(norm, squares));
    if (squares != 0) CHECK(norm.relative_width() < 1e-17);
  }
}

TEST_CASE("norms of known matrices") {
  IntervalMatrix a(2, 2);
  a(0, 0) = Interval(3, 53);
  a(0, 1) = Interval(-4, 53);
  a(1, 1) = Interval(-12, 53);
  CHECK(same(frobenius_norm(a), Interval(13, 53)));
  CHECK(same(largest_magnitude(a), Interval(12, 53)));
  CHECK(same(row_sum_norm(a), Interval(12, 53)));
  CHECK(contains(frobenius_norm(IntervalMatrix()), 0));
  CHECK(contains(row_sum_norm(IntervalMatrix()), 0));
}

TEST_CASE("the spectral norm of every symmetric matrix below a nonnegative one is bounded") {
  for (std::uint64_t seed = 1; seed <= random_cases(80); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const auto n = static_cast<std::size_t>(random.integer(1, 6));
    RationalMatrix largest = zero_matrix(n), member = zero_matrix(n);
    const long zeros = random.integer(1, 4), range = random.one_of<long>({0, 3, 40});
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        if (random.one_in(zeros) && zeros > 1) continue;
        const Rational entry = Rational(random.integer(0, 1000), 7) * two_to(random.integer(-range, range));
        largest[i][j] = largest[j][i] = entry;
        member[i][j] = member[j][i] = entry * Rational(random.one_of<long>({-8, -8, 8, 8, random.integer(-8, 8)}), 8);
      }
    const Interval bound = upper_spectral_norm(enclosed(largest, 53));
    CHECK(contains(bound, 0));
    CHECK(spectral_norm_at_most(largest, upper_end(bound)));
    CHECK(spectral_norm_at_most(member, upper_end(bound)));
  }
}

TEST_CASE("the bound of the spectral norm is near it") {
  for (std::uint64_t seed = 1; seed <= random_cases(30); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Index n = random.integer(1, 30);
    Eigen::MatrixXd a(n, n);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j <= i; ++j) a(i, j) = a(j, i) = random.between(0.1, 1);
    const double scale = random.one_of({1.0, 1e300, 1e-300});
    const double truth = approx_eigenvalues(a).cwiseAbs().maxCoeff();
    const double bound = upper_spectral_norm(from_doubles(scale * a)).upper_double() / scale;
    CHECK(bound >= truth * (1 - 1e-12));
    CHECK(bound <= truth * (1 + 1e-6));
  }
}

TEST_CASE("spectral norms of known matrices") {
  const auto bound = [](const Eigen::MatrixXd& a) { return upper_spectral_norm(from_doubles(a)); };
  const Eigen::VectorXd u = Eigen::Vector4d(1, 2, 3, 4);
  const Eigen::MatrixXd rank_one = u * u.transpose();  // norm 30
  CHECK(contains(bound(rank_one), 30));
  CHECK(bound(rank_one).upper_double() < 30 * (1 + 1e-9));
  const Eigen::MatrixXd swap = (Eigen::MatrixXd(3, 3) << 0, 1, 0, 1, 0, 0, 0, 0, 1).finished();
  CHECK(contains(bound(swap), 1));
  CHECK(bound(swap).upper_double() < 1 + 1e-9);
  CHECK(contains(bound(Eigen::MatrixXd::Identity(5, 5) * 7), 7));
  CHECK(bound(Eigen::MatrixXd::Constant(1, 1, 3)).upper_double() < 3 + 1e-9);
  CHECK(contains(bound(Eigen::MatrixXd::Constant(1, 1, 3)), 3));
  CHECK(same(bound(Eigen::MatrixXd::Zero(4, 4)), Interval(0, 53)));
  CHECK(same(upper_spectral_norm(IntervalMatrix()), Interval(0, 53)));
  Eigen::MatrixXd sparse = Eigen::MatrixXd::Zero(4, 4);
  sparse(2, 1) = sparse(1, 2) = 5;
  CHECK(contains(bound(sparse), 5));
  CHECK(bound(sparse).is_finite());
  CHECK(contains(bound(Eigen::MatrixXd::Constant(3, 3, 1e300)), 3 * exact(1e300)));
  CHECK(contains(bound(Eigen::MatrixXd::Constant(3, 3, 1.7e308)), 3 * exact(1.7e308)));
}

TEST_CASE("the spectral norm takes the upper ends of wide entries, and beyond the range of double") {
  IntervalMatrix a(2, 2);
  a(0, 0) = a(1, 1) = Interval::between(0, 2, 53);
  a(0, 1) = a(1, 0) = Interval::between(0, 1, 53);
  CHECK(contains(upper_spectral_norm(a), 3));
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 2; ++j) a(i, j) = around(two_to(5000), 53);
  CHECK(contains(upper_spectral_norm(a), two_to(5001)));
}

TEST_CASE("the spectral norm refuses entries that may be negative and other shapes") {
  IntervalMatrix a(2, 2);
  a(1, 0) = Interval::between(-1e-300, 1, 53);
  CHECK_THROWS_AS(upper_spectral_norm(a), std::invalid_argument);
  a(1, 0) = Interval(-1, 53);
  CHECK_THROWS_AS(upper_spectral_norm(a), std::invalid_argument);
  CHECK_THROWS_AS(upper_spectral_norm(IntervalMatrix(2, 3)), std::invalid_argument);
}

TEST_CASE("parallel_for visits every index once, whatever the number of threads") {
  for (const int threads : {-1, 0, 1, 2, 3, 8, 100})
    for (const Index count : {Index{-1}, Index{0}, Index{1}, Index{2}, Index{50}}) {
      std::vector<std::atomic<int>> visits(50);
      parallel_for(count, threads, [&](Index i) { ++visits[static_cast<std::size_t>(i)]; });
      for (Index i = 0; i < 50; ++i) CHECK(visits[static_cast<std::size_t>(i)] == (i < count ? 1 : 0));
    }
}

TEST_CASE("parallel_for gives the same results with any number of threads") {
  const auto compute = [](int threads) {
    IntervalVector results(40);
    parallel_for(40, threads, [&](Index i) {
      Interval sum = Interval::from_integer(0, 53 + i);
      for (long k = 1; k < 200; ++k) sum.add_product(Interval::ratio(i + 1, k, 64), log(Interval::ratio(k, 7, 53 + i)));
      results[static_cast<std::size_t>(i)] = sum;
    });
    return results;
  };
  const IntervalVector alone = compute(1);
  for (const int threads : {2, 4}) {
    const IntervalVector together = compute(threads);
    for (std::size_t i = 0; i < alone.size(); ++i) CHECK(same(alone[i], together[i]));
  }
}

TEST_CASE("parallel_for rethrows what a body throws") {
  for (const int threads : {1, 2, 5}) {
    const auto run = [&] {
      parallel_for(20, threads, [](Index i) {
        if (i == 7) throw std::out_of_range("seven");
      });
    };
    CHECK_THROWS_WITH_AS(run(), "seven", std::out_of_range);
  }
}
