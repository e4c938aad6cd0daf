// A chunk of neurons whose logits are too large has no sums to be added.

#include <doctest/doctest.h>

#include "data/neuron_stream.hpp"
#include "network/fast/network.hpp"

using namespace assay;

TEST_CASE("a network of which only some chunks can be bounded is not bounded") {
  // 600 samples: chunks of 1024 columns.
  const RealMatrix x = RealMatrix::Constant(600, 1, 0.5);
  const SignMatrix a = SignMatrix::Constant(3072, 1, 1);
  for (const Index first : {Index{0}, Index{1024}, Index{2048}}) {
    RealMatrix w = RealMatrix::Constant(3072, 1, 1);
    w.middleRows(first, 1024).setConstant(0x1p22);
    CAPTURE(first);
    for (const int threads : {1, 3}) CHECK(!fast::network_sums(x, StoredNeurons(w, a), StreamOptions{threads}));
  }
  const RealMatrix small = RealMatrix::Constant(3072, 1, 1);
  CHECK(fast::network_sums(x, StoredNeurons(small, a), {}));
}
