// Eigenvalue enclosures against exact inertia (elimination in rationals) and closed forms.

#include "enclosure/eigenvalue.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "support/exact_matrix.hpp"

using namespace assay;

namespace {

RationalMatrix diagonal(const std::vector<Rational>& entries) {
  RationalMatrix a = zero_matrix(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) a[i][i] = entries[i];
  return a;
}

RationalMatrix hilbert(std::size_t n) {
  RationalMatrix a = zero_matrix(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) a[i][j] = Rational(1, static_cast<long>(i + j + 1));
  return a;
}

/// 2 on the diagonal and -1 next to it: eigenvalues 2 - 2 cos(k pi / (n + 1)).
RationalMatrix second_difference(std::size_t n) {
  RationalMatrix a = zero_matrix(n);
  for (std::size_t i = 0; i < n; ++i) {
    a[i][i] = 2;
    if (i + 1 < n) a[i][i + 1] = a[i + 1][i] = -1;
  }
  return a;
}

/// Enclosure of the k-th of these eigenvalues by MPFR's cosine, with an error far below 2^-300.
Interval second_difference_eigenvalue(long n, long k) {
  Interval angle = Interval::pi(400) * k / (n + 1);
  Interval result = Interval::uninitialised(400);
  mpfi_cos(result.mpfi(), angle.mpfi());
  return 2 - 2 * result;
}

void check_all(const RationalMatrix& a, double rtol, Bits bits) {
  const IntervalMatrix enclosure = enclosed(a, bits);
  const Interval lowest = enclose_lambda_min(enclosure, rtol, bits),
                 highest = enclose_lambda_max(enclosure, rtol, bits);
  CHECK(contains_lambda_min(lowest, a));
  CHECK(contains_lambda_max(highest, a));
  CHECK_FALSE(certainly_less(highest, lowest));
  const Interval norm = enclose_spectral_norm(enclosure, rtol, bits);
  CHECK(spectral_norm_at_most(a, upper_end(norm)));
  CHECK((lower_end(norm) <= 0 || !spectral_norm_at_most(a, lower_end(norm) * (1 - two_to(-200)))));
}

Rational width(const Interval& a) {
  return upper_end(a) - lower_end(a);
}

RationalMatrix random_kind(Random& random, std::size_t n) {
  switch (random.integer(0, 4)) {
    case 0:
      return random_symmetric(random, n, 9);
    case 1:
      return random_gram(random, n, n + 2);
    case 2:
      return random_gram(random, n, n > 1 ? n - 1 : 1);
    case 3:
      return random_gram(random, n, 1);
    default: {
      RationalMatrix a = random_gram(random, n, n);
      for (auto& row : a)
        for (Rational& entry : row) entry = -entry;
      return a;
    }
  }
}

}  // namespace

TEST_CASE("exact inertia counts the signs of eigenvalues") {
  const auto signs = [](const RationalMatrix& a) {
    const Inertia result = inertia(a);
    return std::vector<int>{result.negative, result.zero, result.positive};
  };
  CHECK(signs(diagonal({-1, 0, 2, 3})) == std::vector<int>{1, 1, 2});
  CHECK(signs({{0, 1}, {1, 0}}) == std::vector<int>{1, 0, 1});
  CHECK(signs({{0, 1, 0}, {1, 0, 0}, {0, 0, 0}}) == std::vector<int>{1, 1, 1});
  CHECK(signs({{1, 1}, {1, 1}}) == std::vector<int>{0, 1, 1});
  CHECK(signs(hilbert(6)) == std::vector<int>{0, 0, 6});
  CHECK(signs({{0, 0, 1}, {0, 0, 1}, {1, 1, 0}}) == std::vector<int>{1, 1, 1});
}

TEST_CASE("extreme eigenvalues of random rational matrices lie in their enclosures") {
  for (std::uint64_t seed = 1; seed <= random_cases(200); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const auto n = static_cast<std::size_t>(random.integer(1, 7));
    const RationalMatrix a = random_kind(random, n);
    check_all(a, random.one_of({1e-3, 1e-8, 1e-30}), random.one_of<Bits>({53, 64, 128, 256}));
  }
}

TEST_CASE("eigenvalues of 2 x 2 matrices have a closed form") {
  for (std::uint64_t seed = 1; seed <= random_cases(100); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const RationalMatrix a = random_symmetric(random, 2, 50);
    const Rational trace = a[0][0] + a[1][1], difference = a[0][0] - a[1][1];
    const Interval root = sqrt(around(difference * difference + 4 * a[0][1] * a[0][1], 400));
    const Interval lowest = enclose_lambda_min(enclosed(a, 128), 1e-25, 128);
    CHECK(overlap(lowest, (around(trace, 400) - root) / 2));
    CHECK(overlap(enclose_lambda_max(enclosed(a, 128), 1e-25, 128), (around(trace, 400) + root) / 2));
    CHECK(width(lowest) < two_to(-70));
  }
}

TEST_CASE("the second difference has its cosines for eigenvalues") {
  for (const long n : {1L, 2L, 3L, 10L, 40L}) {
    CAPTURE(n);
    const IntervalMatrix a = enclosed(second_difference(static_cast<std::size_t>(n)), 64);
    const Interval lowest = enclose_lambda_min(a, 1e-12, 64), highest = enclose_lambda_max(a, 1e-12, 64);
    CHECK(overlap(lowest, second_difference_eigenvalue(n, 1)));
    CHECK(overlap(highest, second_difference_eigenvalue(n, n)));
    CHECK(lowest.relative_width() <= 1e-12);
    CHECK(highest.relative_width() <= 1e-12);
  }
}

TEST_CASE("a matrix large enough for Lanczos iterations") {
  const Interval lowest = enclose_lambda_min(enclosed(second_difference(210), 64), 1e-6, 64);
  CHECK(lowest.contains(second_difference_eigenvalue(210, 1)));
  CHECK(lowest.relative_width() <= 1e-6);
}

TEST_CASE("the Hilbert matrix, far below the range where doubles see an eigenvalue") {
  const RationalMatrix a = hilbert(10);
  const Interval lowest = enclose_lambda_min(enclosed(a, 256), 1e-30, 256);
  CHECK(contains_lambda_min(lowest, a));
  CHECK(contains(lowest, parse_exactly("1.0931538193796657638168669104978555682895246467207e-13")));
  CHECK(lowest.relative_width() <= 1e-30);
  // Entries 1/k at 53 bits leave an eigenvalue of 1e-13 a few digits at best, but never a wrong one.
  const Interval coarse = enclose_lambda_min(enclosed(a, 53), 1e-30, 53);
  CHECK(coarse.contains(lowest));
  check_all(hilbert(7), 1e-10, 64);
}

TEST_CASE("singular matrices have 0 in an enclosure that shrinks with the precision") {
  for (std::uint64_t seed = 1; seed <= random_cases(10); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const RationalMatrix a = random_gram(random, 5, 3);
    Rational before = 1000;
    for (const Bits bits : {64L, 128L, 256L}) {
      const Interval lowest = enclose_lambda_min(enclosed(a, bits), 1e-6, bits);
      CHECK(contains(lowest, 0));
      CHECK(contains_lambda_min(lowest, a));
      CHECK(width(lowest) <= before);
      CHECK(width(lowest) <= two_to(30 - bits));
      before = width(lowest) * two_to(-40);
    }
  }
}

TEST_CASE("repeated eigenvalues") {
  for (const long multiple : {-3L, 1L, 7L}) {
    check_all(diagonal(std::vector<Rational>(5, Rational(multiple, 3))), 1e-10, 64);
    // I multiple + u u' has the eigenvalue `multiple` four times.
    RationalMatrix a = diagonal(std::vector<Rational>(5, Rational(multiple)));
    for (std::size_t i = 0; i < 5; ++i)
      for (std::size_t j = 0; j < 5; ++j) a[i][j] += Rational(static_cast<long>((i + 1) * (j + 1)));
    check_all(a, 1e-10, 64);
    const Interval lowest = enclose_lambda_min(enclosed(a, 128), 1e-20, 128);
    CHECK(contains(lowest, multiple));
    CHECK(lowest.relative_width() <= 1e-20);
  }
}

TEST_CASE("two nearly equal eigenvalues") {
  RationalMatrix a = diagonal({1, 1 + two_to(-70), 5});
  a[0][1] = a[1][0] = two_to(-75);
  check_all(a, 1e-15, 64);
  check_all(a, 1e-40, 256);
}

TEST_CASE("graded diagonals from 1e-200 to 1e200") {
  const Rational tiny = parse_exactly("1e-200"), huge = parse_exactly("1e200");
  for (const Bits bits : {53L, 128L, 1500L}) {
    CAPTURE(bits);
    check_all(diagonal({tiny, 1, huge}), 1e-10, bits);
    check_all(diagonal({huge, -tiny, 1}), 1e-10, bits);
    check_all({{tiny, tiny / 2, 0}, {tiny / 2, 1, Rational(1, 3)}, {0, Rational(1, 3), huge}}, 1e-10, bits);
  }
  CHECK(enclose_lambda_min(enclosed(diagonal({tiny, 1, huge}), 1500), 1e-10, 1500).relative_width() <= 1e-10);
}

TEST_CASE("entries beyond the range of double") {
  RationalMatrix a = {{3, 1, 0}, {1, 2, -1}, {0, -1, 4}};
  for (const long exponent : {-5000L, -1074L, 1023L, 5000L}) {
    CAPTURE(exponent);
    RationalMatrix scaled = a;
    for (auto& row : scaled)
      for (Rational& entry : row) entry *= two_to(exponent);
    check_all(scaled, 1e-10, 64);
    const Interval lowest = enclose_lambda_min(enclosed(scaled, 128), 1e-10, 128);
    CHECK(lowest.relative_width() <= 1e-10);
    CHECK(overlap(lowest * around(two_to(-exponent), 64), enclose_lambda_min(enclosed(a, 128), 1e-10, 128)));
  }
}

TEST_CASE("one row, and only zeros") {
  for (const Rational& x : {Rational(5), Rational(-5), Rational(1, 3), Rational(-1, 3), Rational(0)})
    check_all({{x}}, 1e-10, 64);
  CHECK(same(enclose_lambda_min(IntervalMatrix(4, 4), 1e-10, 64), Interval(0, 64)));
  CHECK(same(enclose_lambda_max(IntervalMatrix(1, 1), 1e-10, 64), Interval(0, 64)));
  CHECK(same(enclose_spectral_norm(IntervalMatrix(4, 4), 1e-10, 64), Interval(0, 64)));
}

TEST_CASE("every member of a wide matrix has its extreme eigenvalues in the enclosure") {
  for (std::uint64_t seed = 1; seed <= random_cases(80); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const auto n = static_cast<std::size_t>(random.integer(1, 6));
    const RationalMatrix middle = random_kind(random, n);
    RationalMatrix radius = zero_matrix(n);
    IntervalMatrix a(static_cast<Index>(n), static_cast<Index>(n));
    const long size = random.integer(0, 60);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        radius[i][j] = Rational(random.integer(0, 10)) * two_to(-size);
        const auto row = static_cast<Index>(i), col = static_cast<Index>(j);
        a(row, col) = a(col, row) = around(middle[i][j] - radius[i][j], middle[i][j] + radius[i][j], 64);
      }
    const Interval lowest = enclose_lambda_min(a, 1e-10, 64), highest = enclose_lambda_max(a, 1e-10, 64);
    const Interval norm = enclose_spectral_norm(a, 1e-10, 64);
    for (int member = 0; member < 6; ++member) {
      RationalMatrix x = middle;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j)
          x[i][j] = x[j][i] = middle[i][j] + radius[i][j] * random.one_of<long>({-1, 1, member == 0 ? 0 : 1});
      CHECK(contains_lambda_min(lowest, x));
      CHECK(contains_lambda_max(highest, x));
      CHECK(spectral_norm_at_most(x, upper_end(norm)));
    }
  }
}

TEST_CASE("the worst members of a wide matrix: ones, minus ones, and the identity") {
  IntervalMatrix a(5, 5);
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 5; ++j) a(i, j) = Interval::between(-0.25, 0.25, 64);
  CHECK(enclose_lambda_min(a, 1e-6, 64).contains(Interval::between(-1.25, 0.25, 64)));
  CHECK(enclose_lambda_max(a, 1e-6, 64).contains(Interval::between(-0.25, 1.25, 64)));
  for (Index i = 0; i < 5; ++i) a(i, i) = a(i, i) + 10;
  CHECK(enclose_lambda_min(a, 1e-6, 64).contains(Interval::between(8.75, 10.25, 64)));
  CHECK(enclose_lambda_max(a, 1e-6, 64).contains(Interval::between(9.75, 11.25, 64)));
  CHECK(enclose_lambda_min(a, 1e-6, 64).lower_double() > 7);
  CHECK(enclose_lambda_max(a, 1e-6, 64).upper_double() < 13);
}

TEST_CASE("a wide first row counts in full") {
  // 10 I + t (e_1 e_j' + e_j e_1'), |t| <= 1/4, j = 2, ..., 5: the smallest eigenvalue goes down to 10 - 2/4. The sums
  // over the lower triangle alone would say 10 - 1/4.
  IntervalMatrix a(5, 5);
  for (Index i = 0; i < 5; ++i) a(i, i) = Interval(10, 64);
  for (Index j = 1; j < 5; ++j) a(0, j) = a(j, 0) = Interval::between(-0.25, 0.25, 64);
  CHECK(enclose_lambda_min(a, 1e-6, 64).contains(Interval::between(9.5, 10, 64)));
  CHECK(enclose_lambda_max(a, 1e-6, 64).contains(Interval::between(10, 10.5, 64)));
  CHECK(enclose_spectral_norm(a, 1e-6, 64).contains(Interval::between(10, 10.5, 64)));
}

TEST_CASE("more bits give a narrower enclosure of the same number") {
  for (std::uint64_t seed = 1; seed <= random_cases(8); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const RationalMatrix a = random_kind(random, 5);
    std::vector<Interval> ladder;
    for (const Bits bits : {64L, 128L, 256L, 512L}) {
      ladder.push_back(enclose_lambda_min(enclosed(a, bits), 1e-300, bits));
      for (const Interval& other : ladder) CHECK(overlap(other, ladder.back()));
    }
    CHECK(contains_lambda_min(ladder.back(), a));
    for (std::size_t k = 1; k < ladder.size(); ++k)
      if (width(ladder[k - 1]) > 0) CHECK(width(ladder[k]) <= width(ladder[k - 1]) * two_to(-40));
  }
}

TEST_CASE("the relative width asked for is reached when the bits suffice") {
  for (std::uint64_t seed = 1; seed <= random_cases(25); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const RationalMatrix a = random_gram(random, 5, 7);
    for (const double rtol : {1e-2, 1e-8, 1e-40}) {
      CAPTURE(rtol);
      CHECK(enclose_lambda_min(enclosed(a, 400), rtol, 400).relative_width() <= rtol);
      CHECK(enclose_lambda_max(enclosed(a, 400), rtol, 400).relative_width() <= rtol);
      CHECK(enclose_spectral_norm(enclosed(a, 400), rtol, 400).relative_width() <= rtol);
    }
  }
}

TEST_CASE("a strange tolerance costs width, never truth") {
  const RationalMatrix a = second_difference(4);
  for (const double rtol : {0.0, -1.0, 1e300, 1e-320, std::numeric_limits<double>::infinity(), std::nan("")}) {
    CAPTURE(rtol);
    const Interval lowest = enclose_lambda_min(enclosed(a, 64), rtol, 64);
    CHECK(contains_lambda_min(lowest, a));
  }
}

TEST_CASE("minus A mirrors the spectrum, and a multiple of I shifts it") {
  for (std::uint64_t seed = 1; seed <= random_cases(15); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const RationalMatrix a = random_symmetric(random, 4, 9);
    RationalMatrix negative = a, shifted = a;
    for (std::size_t i = 0; i < 4; ++i) {
      shifted[i][i] += 100;
      for (Rational& entry : negative[i]) entry = -entry;
    }
    const Interval lowest = enclose_lambda_min(enclosed(a, 64), 1e-10, 64);
    CHECK(overlap(lowest, -enclose_lambda_max(enclosed(negative, 64), 1e-10, 64)));
    CHECK(overlap(lowest + 100, enclose_lambda_min(enclosed(shifted, 64), 1e-10, 64)));
    CHECK(overlap(enclose_spectral_norm(enclosed(a, 64), 1e-10, 64),
                  enclose_spectral_norm(enclosed(negative, 64), 1e-10, 64)));
  }
}

TEST_CASE("what has no symmetric member is refused, and of an unbounded matrix nothing is known") {
  IntervalMatrix a = enclosed(second_difference(3), 64);
  a(2, 0) = Interval(1, 64);
  CHECK_THROWS_AS(enclose_lambda_min(a, 1e-6, 64), std::invalid_argument);
  CHECK_THROWS_AS(enclose_lambda_max(a, 1e-6, 64), std::invalid_argument);
  a(2, 0) = Interval::between(0, std::numeric_limits<double>::infinity(), 64);
  CHECK(is_whole_line(enclose_lambda_min(a, 1e-6, 64)));
  a(0, 2) = a(2, 0);
  CHECK(is_whole_line(enclose_lambda_min(a, 1e-6, 64)));
  CHECK(is_whole_line(enclose_lambda_max(a, 1e-6, 64)));
  a = enclosed(second_difference(3), 64);
  a(0, 2) = Interval::whole_line(64);
  CHECK(is_whole_line(enclose_lambda_min(a, 1e-6, 64)));
  CHECK_THROWS_AS(enclose_lambda_min(IntervalMatrix(), 1e-6, 64), std::invalid_argument);
  CHECK_THROWS_AS(enclose_lambda_max(IntervalMatrix(), 1e-6, 64), std::invalid_argument);
  CHECK_THROWS_AS(enclose_spectral_norm(IntervalMatrix(0, 0), 1e-6, 64), std::invalid_argument);
  CHECK_THROWS_AS(enclose_lambda_min(IntervalMatrix(2, 3), 1e-6, 64), std::invalid_argument);
}

TEST_CASE("pairs of entries that only overlap stand for their common members") {
  IntervalMatrix a = enclosed(second_difference(2), 64);
  a(0, 1) = Interval::between(-2, -1, 64);
  a(1, 0) = Interval::between(-1, 0, 64);
  CHECK(contains_lambda_min(enclose_lambda_min(a, 1e-6, 64), second_difference(2)));
}
