#include "chance/normal.hpp"

#include <doctest/doctest.h>
#include <mpfr.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace assay {
namespace {

/// A number of 200 bits.
struct Wide {
  mpfr_t value;
  explicit Wide(double x) {
    mpfr_init2(value, 200);
    mpfr_set_d(value, x, MPFR_RNDN);
  }
  Wide(const Wide&) = delete;
  Wide& operator=(const Wide&) = delete;
  ~Wide() { mpfr_clear(value); }
};

/// Phi(x (1 + relative)) - u = erfc(-x (1 + relative) / sqrt 2) / 2 - u, to 200 bits and then to double.
double phi_minus(double x, double relative, double u) {
  Wide argument(x), factor(relative), root(2);
  mpfr_add_ui(factor.value, factor.value, 1, MPFR_RNDN);
  mpfr_mul(argument.value, argument.value, factor.value, MPFR_RNDN);
  mpfr_sqrt(root.value, root.value, MPFR_RNDN);
  mpfr_div(argument.value, argument.value, root.value, MPFR_RNDN);
  mpfr_neg(argument.value, argument.value, MPFR_RNDN);
  mpfr_erfc(argument.value, argument.value, MPFR_RNDN);
  mpfr_div_2ui(argument.value, argument.value, 1, MPFR_RNDN);
  mpfr_sub_d(argument.value, argument.value, u, MPFR_RNDN);
  return mpfr_get_d(argument.value, MPFR_RNDN);
}

/// Bits whose uniform_open is next to u.
std::uint64_t bits_near(double u) {
  return static_cast<std::uint64_t>(u * 0x1p52) << 12;
}

/// Every binary order of both tails and of the neighbourhood of 1/2, the borders of the three regions, and a grid.
std::vector<std::uint64_t> dense_bits() {
  std::vector<std::uint64_t> bits;
  std::mt19937_64 generator(20240508);
  for (int shift = 0; shift < 52; ++shift) {
    for (int k = 0; k < 200; ++k) {
      const std::uint64_t small = generator() >> shift;
      bits.insert(bits.end(), {small, ~small, (std::uint64_t{1} << 63) ^ (small >> 1)});
    }
  }
  for (const double border : {0.075, std::exp(-25.0)}) {
    for (std::uint64_t k = 0; k < 400; ++k) {
      const std::uint64_t near = bits_near(border) + ((k - 200) << 12);
      bits.insert(bits.end(), {near, ~near});
    }
  }
  for (std::uint64_t k = 0; k < 20000; ++k) bits.push_back(k * (~std::uint64_t{0} / 20000));
  return bits;
}

TEST_CASE("uniform_open is the midpoint of its cell") {
  CHECK(uniform_open(0) == 0x1p-53);
  CHECK(uniform_open(0xfff) == 0x1p-53);
  CHECK(uniform_open(0x1000) == 3 * 0x1p-53);
  CHECK(uniform_open(std::uint64_t{1} << 63) == 0.5 + 0x1p-53);
  CHECK(uniform_open(~std::uint64_t{0}) == 1 - 0x1p-53);
  for (const std::uint64_t bits : dense_bits()) REQUIRE(uniform_open(~bits) == 1 - uniform_open(bits));
}

TEST_CASE("standard_normal inverts Phi to a relative error of 2^-50") {
  for (const std::uint64_t bits : dense_bits()) {
    const double u = uniform_open(bits), x = standard_normal(bits);
    CAPTURE(u);
    CAPTURE(x);
    const double outward = x > 0 ? 0x1p-50 : -0x1p-50;
    REQUIRE(phi_minus(x, outward, u) > 0);
    REQUIRE(phi_minus(x, -outward, u) < 0);
  }
}

TEST_CASE("Phi of standard_normal is u to 14 digits") {
  // Further out the condition number x^2 of Phi turns the rounding of x alone into more than that.
  for (const std::uint64_t bits : dense_bits()) {
    const double u = uniform_open(bits), x = standard_normal(bits);
    CAPTURE(u);
    if (x > -3.5) REQUIRE(std::fabs(phi_minus(x, 0, u)) <= 1e-14 * u);
    REQUIRE(std::fabs(phi_minus(x, 0, u)) <= 1e-15 * (2 + x * x) * u);
  }
}

TEST_CASE("standard_normal is odd and increasing") {
  double before = -std::numeric_limits<double>::infinity();
  for (std::uint64_t k = 0; k < 100000; ++k) {
    const std::uint64_t bits = k * (~std::uint64_t{0} / 100000);
    const double x = standard_normal(bits);
    REQUIRE(standard_normal(~bits) == -x);
    REQUIRE(x > before);
    before = x;
  }
  for (const std::uint64_t bits : dense_bits()) REQUIRE(standard_normal(~bits) == -standard_normal(bits));
}

TEST_CASE("standard_normal keeps its range") {
  CHECK(std::fabs(standard_normal(std::uint64_t{1} << 63)) > 0x1p-52);  // the nearest to 0
  CHECK(standard_normal(0) > -8.3);                                     // the farthest
  CHECK(standard_normal(~std::uint64_t{0}) < 8.3);
}

TEST_CASE("plain_log agrees with MPFR to 2 ulp") {
  std::mt19937_64 generator(7);
  for (int k = 0; k < 60000; ++k) {
    // Any normal number, or one of the range where tails use it, or one near 1.
    const double any = std::bit_cast<double>(0x0010000000000000 + generator() % 0x7fe0000000000000);
    const double tail = std::ldexp(1 + static_cast<double>(generator() >> 12) * 0x1p-52, -static_cast<int>(k % 54));
    const double near_one = 1 + (static_cast<double>(generator() >> 11) * 0x1p-53 - 0.5) * std::ldexp(1.0, -(k % 50));
    for (const double x : {any, tail, near_one}) {
      Wide log(x);
      mpfr_log(log.value, log.value, MPFR_RNDN);
      const double nearest = std::fabs(mpfr_get_d(log.value, MPFR_RNDN));
      const double ulp = std::nextafter(nearest, std::numeric_limits<double>::infinity()) - nearest;
      mpfr_sub_d(log.value, log.value, plain_log(x), MPFR_RNDN);
      CAPTURE(x);
      REQUIRE(std::fabs(mpfr_get_d(log.value, MPFR_RNDN)) <= 2 * ulp);
    }
  }
  CHECK(plain_log(1) == 0);
}

// Drawn numbers are part of every published result: these may never change, on any machine.
TEST_CASE("standard_normal gives the frozen doubles") {
  struct Frozen {
    std::uint64_t bits;
    double value;
  };
  const Frozen frozen[] = {
      {0x0000000000000000, -0x1.06b48528cea51p+3},  {0x0000000000001000, -0x1.02734508d1f1cp+3},
      {0x0000000000007000, -0x1.f82eaa5eb75cp+2},   {0x0000000000123456, -0x1.da07dbb202506p+2},
      {0x000000000fedcba9, -0x1.a9b54fbcf746fp+2},  {0x0000000100000000, -0x1.8ebc94b459cdfp+2},
      {0x0000007fffffffff, -0x1.5ae1011cffe8dp+2},  {0x0000123456789abc, -0x1.2f2957eb3245p+2},
      {0x000000000f450000, -0x1.aa1b284a91079p+2},  {0x000000000f451000, -0x1.aa1b1e6eab81fp+2},
      {0x000000000f452000, -0x1.aa1b1492d018dp+2},  {0x1333333333332000, -0x1.7085226d3e528p+0},
      {0x1333333333333000, -0x1.7085226d3e521p+0},  {0x1333333333334000, -0x1.7085226d3e51ap+0},
      {0x1333333333335000, -0x1.7085226d3e512p+0},  {0x8000000000000000, 0x1.40d931ff62707p-52},
      {0x7ffffffffffff000, -0x1.40d931ff62707p-52}, {0xffffffffffffffff, 0x1.06b48528cea51p+3},
      {0xad70fc770089d4ce, 0x1.d7caa989d32ebp-2},   {0x6b3cb55fc859e4b5, -0x1.a344b883fd96cp-3},
      {0xf0e77c8b53b29180, 0x1.90416175acc9cp+0},   {0x5529f9753c5746c1, -0x1.baedc29c2fdbep-2},
      {0x5b803fc152fc58db, -0x1.761de4667871ap-2},  {0x6ff423efbb342574, -0x1.431ce52a4780dp-3},
      {0x15afacd2f36e7ebd, -0x1.5fc243c93148ep+0},  {0x290481dc4c0aa6fb, -0x1.fcb06b0e2c5ep-1},
      {0xaeaf3ffeb4fdd9ff, 0x1.e5b247c9508ccp-2},   {0x3aeed302c543805b, -0x1.79f0f24605009p-1},
      {0x6ea172708eba552a, -0x1.5e011a2442812p-3},  {0xeb053fa7a58d8ab2, 0x1.645e74e6b5a65p+0},
      {0xba3159ae81cc8e3f, 0x1.359d17aa21f54p-1},   {0xaf4dad04366fc52f, 0x1.eca6bc2a2561p-2},
      {0x4ea63acbc73a449f, -0x1.01e97ea80464ep-1},  {0x444d29799b5a293c, -0x1.3eb9fbf2c88fap-1},
      {0x0f0f2a5f9a19db84, -0x1.9091011bbfd3cp+0},  {0x6db93c69a3f16a52, -0x1.7079d7f13185ep-3},
  };
  for (const Frozen& row : frozen) {
    CAPTURE(row.bits);
    CHECK(std::bit_cast<std::uint64_t>(standard_normal(row.bits)) == std::bit_cast<std::uint64_t>(row.value));
  }
}

}  // namespace
}  // namespace assay
