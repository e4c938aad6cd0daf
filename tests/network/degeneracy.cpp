// Reasons for lambda_min(H) = 0 that hold at every W, and never where lambda_min is certainly positive.

#include <doctest/doctest.h>

#include "enclosure/eigenvalue.hpp"
#include "network/kernel.hpp"
#include "support/drawn.hpp"
#include "support/networks.hpp"

namespace assay {
namespace {

using Kind = Degeneracy::Kind;
constexpr Bits kRankBits = 192;

Interval lambda_min(const Instance& instance, const RealMatrix& w) {
  const Forward at = forward_pass(instance.x, w, instance.a, kRankBits);
  return enclose_lambda_min(kernel(at, input_gram(instance.x, kRankBits)), 1e-10, kRankBits);
}

std::optional<Kind> degeneracy_of(const Instance& instance) {
  const auto found = certain_degeneracy(instance.x, instance.m(), instance.d());
  return found ? std::optional(found->kind) : std::nullopt;
}

/// lambda_min is 0 as far as `kRankBits` bits can tell, at W and at other weights.
void check_singular(const Instance& instance) {
  Random random(99);
  for (int trial = 0; trial < 4; ++trial) {
    const Interval value =
        lambda_min(instance, trial == 0 ? instance.w : random_matrix(random, instance.m(), instance.d_in(), 3));
    CHECK(value.contains_zero());
    CHECK(value.upper_double() < 1e-40);
  }
}

TEST_CASE("a zero row, also one of -0.0, is named with its place") {
  Random random(1);
  Instance instance = random_instance(random, {3, 2, 2, 12}, Pairing::unpaired, 1);
  CHECK_FALSE(degeneracy_of(instance));
  for (const double zero : {0.0, -0.0}) {
    instance.x.row(1).setConstant(zero);
    const auto found = certain_degeneracy(instance.x, 12, 2);
    REQUIRE(found);
    CHECK(found->kind == Kind::zero_row);
    CHECK(found->first == 1);
    CHECK(describe(*found) == "row 2 of X is zero, so a row of H is zero and lambda = 0");
    check_singular(instance);
  }
  instance.x.row(1) << 0.0, 5e-324;
  CHECK_FALSE(degeneracy_of(instance));
}

TEST_CASE("repeated rows, also 0.0 against -0.0, are named with their places") {
  Random random(2);
  Instance instance = random_instance(random, {3, 2, 1, 12}, Pairing::paired, 1);
  instance.x.row(0) << 0.0, 0.5;
  instance.x.row(2) << -0.0, 0.5;
  const auto found = certain_degeneracy(instance.x, 12, 1);
  REQUIRE(found);
  CHECK(found->kind == Kind::repeated_row);
  CHECK(describe(*found) == "rows 1 and 3 of X are equal, so two rows of H are equal and lambda = 0");
  check_singular(instance);
  instance.x.row(2) << -0.0, -0.5;  // opposite rows are no reason
  CHECK_FALSE(degeneracy_of(instance));
  CHECK(certainly_positive(lambda_min(instance, instance.w)));
  instance.x.row(2) << 0.0, 0.25;  // nor are parallel ones
  CHECK_FALSE(degeneracy_of(instance));
  CHECK(certainly_positive(lambda_min(instance, instance.w)));
}

TEST_CASE("too narrow a network is one with n d > (m - 1) d_in") {
  Random random(3);
  for (const Shape& shape : {Shape{1, 1, 1, 1}, Shape{2, 1, 1, 2}, Shape{3, 2, 1, 2}, Shape{2, 2, 2, 2},
                             Shape{2, 1, 2, 4}, Shape{5, 3, 2, 4}}) {
    const Instance instance = random_instance(random, shape, Pairing::unpaired, 1);
    CHECK(degeneracy_of(instance) == Kind::too_narrow);
    CHECK(describe({Kind::too_narrow}) == "n d > (m - 1) d_in, so H cannot have full rank and lambda = 0");
    check_singular(instance);
  }
}

TEST_CASE("with n d = (m - 1) d_in full rank is possible, so nothing is reported") {
  for (const Shape& shape : {Shape{1, 1, 1, 2}, Shape{2, 2, 1, 2}, Shape{3, 1, 1, 4}, Shape{4, 2, 1, 3}}) {
    Random random(4);
    Instance instance = random_instance(random, shape, Pairing::unpaired, 2);
    instance.a(0, 0) = 1, instance.a(1, 0) = -1;  // an output with equal signs would be constant
    CHECK_FALSE(degeneracy_of(instance));
    CHECK(certainly_positive(lambda_min(instance, instance.w)));
  }
}

TEST_CASE("no degeneracy is reported where lambda_min is certainly positive") {
  int positive = 0, reported = 0;
  for (std::uint64_t seed = 1; seed <= random_cases(200); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Shape shape{random.integer(1, 3), random.integer(1, 3), random.integer(1, 2), random.integer(1, 6)};
    Instance instance = random_instance(random, shape, random.one_in(2) ? Pairing::unpaired : Pairing::mixed, 1);
    if (random.one_in(4)) instance.x = instance.x.array().round() / 2;  // often equal, zero or parallel rows
    const Interval value = lambda_min(instance, instance.w);
    const bool degenerate = degeneracy_of(instance).has_value();
    if (degenerate) REQUIRE(value.contains_zero());
    if (certainly_positive(value)) REQUIRE_FALSE(degenerate);
    positive += certainly_positive(value);
    reported += degenerate;
  }
  CHECK(positive > 20);
  CHECK(reported > 20);
}

TEST_CASE("few weights for a vector of signs make the kernel of a paired network exactly singular") {
  int singular = 0;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    const Instance instance = drawn_instance(4, 3, 2, 8, 1, seed);
    const auto found = certain_degeneracy(instance.x, instance.w, instance.a);
    const Forward at = forward_pass(instance.x, instance.w, instance.a, 512, 1);
    const Interval least = enclose_lambda_min(kernel(at, input_gram(instance.x, 512)), 0, 512);
    CAPTURE(seed);
    CHECK(found.has_value() == !certainly_positive(least));
    singular += found.has_value();
  }
  CHECK(singular > 4);
  CHECK(singular < 16);
}

TEST_CASE("signs that do not span every output make the kernel exactly singular") {
  Instance instance = drawn_instance(2, 2, 2, 64, 1, 1);
  instance.a.col(1) = instance.a.col(0);
  const auto found = certain_degeneracy(instance.x, instance.w, instance.a);
  REQUIRE(found);
  CHECK(found->kind == Degeneracy::Kind::dependent_signs);
  instance.a(5, 1) = static_cast<std::int8_t>(-instance.a(5, 1));  // no longer paired: nothing is claimed
  CHECK_FALSE(certain_degeneracy(instance.x, instance.w, instance.a));
}

}  // namespace
}  // namespace assay
