#include "chance/draw.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <set>
#include <vector>

#include "chance/normal.hpp"
#include "chance/philox.hpp"

namespace assay {
namespace {

TEST_CASE("entries are the Philox blocks that the header promises") {
  const std::uint64_t seed = 0x0123456789abcdef, row = 0xfedcba9876543210;
  const auto block = philox4x32({0x89abcdef, 0x01234567}, {0x76543210, 0xfedcba98, 5, 0x02000000});
  const std::uint64_t low = block[0] | std::uint64_t{block[1]} << 32, high = block[2] | std::uint64_t{block[3]} << 32;
  CHECK(normal_entry(seed, Stream::inputs, row, 10) == standard_normal(low));
  CHECK(normal_entry(seed, Stream::inputs, row, 11) == standard_normal(high));
  const auto signs = philox4x32({0x89abcdef, 0x01234567}, {0x76543210, 0xfedcba98, 1, 0x01000000});
  for (std::uint64_t k = 0; k < 128; ++k) {
    CHECK(sign_entry(seed, row, 128 + k) == ((signs[k / 32] >> (k % 32) & 1) == 0 ? 1 : -1));
  }
}

TEST_CASE("a row filled at once equals its entries") {
  for (const std::size_t count : {0u, 1u, 2u, 3u, 7u, 64u, 129u, 300u}) {
    std::vector<double> normals(count, 99);
    std::vector<std::int8_t> signs(count, 99);
    fill_normals(42, Stream::labels, 17, normals);
    fill_signs(42, 17, signs);
    for (std::size_t column = 0; column < count; ++column) {
      REQUIRE(normals[column] == normal_entry(42, Stream::labels, 17, column));
      REQUIRE(signs[column] == sign_entry(42, 17, column));
    }
  }
}

TEST_CASE("seed and stream and row and column all matter") {
  std::set<double> seen;
  const std::uint64_t far = std::uint64_t{1} << 32;  // the upper words count too
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, far}) {
    for (const Stream stream : {Stream::weights, Stream::signs, Stream::inputs, Stream::labels}) {
      for (const std::uint64_t row : {std::uint64_t{0}, std::uint64_t{1}, far}) {
        for (const std::uint64_t column : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, far, 2 * far}) {
          seen.insert(normal_entry(seed, stream, row, column));
        }
      }
    }
  }
  CHECK(seen.size() == 3 * 4 * 3 * 5);
}

TEST_CASE("a million draws have the moments of the normal distribution") {
  const std::size_t count = 1000000;
  std::vector<double> row(10);
  double moments[5] = {};
  double products = 0;  // of neighbours
  for (std::uint64_t r = 0; r < count / row.size(); ++r) {
    fill_normals(1, Stream::weights, r, row);
    for (std::size_t k = 0; k < row.size(); ++k) {
      for (int power = 1; power <= 4; ++power) moments[power] += std::pow(row[k], power) / count;
      if (k > 0) products += row[k] * row[k - 1] / count;
    }
  }
  // Five standard deviations of each mean: sqrt(1, 2, 15, 96 / count).
  CHECK(std::fabs(moments[1]) < 5e-3);
  CHECK(std::fabs(moments[2] - 1) < 7.1e-3);
  CHECK(std::fabs(moments[3]) < 19.4e-3);
  CHECK(std::fabs(moments[4] - 3) < 49e-3);
  CHECK(std::fabs(products) < 4.8e-3);
}

TEST_CASE("a million signs are fair and their neighbours independent") {
  std::vector<std::int8_t> signs(1000);
  long sum = 0, products = 0;
  for (std::uint64_t row = 0; row < 1000; ++row) {
    fill_signs(1, row, signs);
    for (std::size_t k = 0; k < signs.size(); ++k) {
      REQUIRE(std::abs(signs[k]) == 1);
      sum += signs[k];
      if (k > 0) products += signs[k] * signs[k - 1];
    }
  }
  CHECK(std::abs(sum) < 5000);
  CHECK(std::abs(products) < 5000);
}

TEST_CASE("a uniform entry shares its word with the normal one") {
  for (std::uint64_t column = 0; column < 6; ++column) {
    const double u = uniform_entry(3, Stream::diffusion_choice, 8, column);
    CHECK(u > 0);
    CHECK(u < 1);
    const double normal = normal_entry(3, Stream::diffusion_choice, 8, column);
    CHECK((u < 0.5) == (normal < 0));
    CHECK(u != uniform_entry(3, Stream::diffusion_choice, 9, column));
    CHECK(u != uniform_entry(3, Stream::diffusion_data, 8, column));
  }
}

}  // namespace
}  // namespace assay
