#include "chance/philox.hpp"

#include <doctest/doctest.h>

namespace assay {
namespace {

using Key = std::array<std::uint32_t, 2>;
using Block = std::array<std::uint32_t, 4>;

TEST_CASE("philox4x32 gives the known answers of Random123") {
  struct Known {
    Block counter;
    Key key;
    Block answer;
  };
  const Known known[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (const Known& row : known) CHECK(philox4x32(row.key, row.counter) == row.answer);
}

TEST_CASE("philox4x32 changes about half of the bits when one bit of counter or key changes") {
  const auto distance = [](const Block& a, const Block& b) {
    int bits = 0;
    for (std::size_t k = 0; k < 4; ++k) bits += __builtin_popcount(a[k] ^ b[k]);
    return bits;
  };
  const Block origin = philox4x32({7, 0}, {1, 2, 3, 4});
  for (std::size_t bit = 0; bit < 192; ++bit) {
    Key key{7, 0};
    Block counter{1, 2, 3, 4};
    (bit < 64 ? key[bit / 32] : counter[bit / 32 - 2]) ^= std::uint32_t{1} << (bit % 32);
    const int changed = distance(origin, philox4x32(key, counter));
    CAPTURE(bit);
    CHECK(changed >= 30);  // 64 expected, standard deviation 5.7
    CHECK(changed <= 98);
  }
}

}  // namespace
}  // namespace assay
