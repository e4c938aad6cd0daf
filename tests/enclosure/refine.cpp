// The ladder of precisions.

#include "enclosure/refine.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

using namespace assay;

namespace {

struct Ladder {
  std::vector<Bits> tried;
  Bits last;
};

/// Climbs until `enough` bits are reached.
Ladder climb(const Precision& precision, Bits enough) {
  Ladder ladder;
  ladder.last = refine(precision, [&](Bits bits) {
    ladder.tried.push_back(bits);
    return bits >= enough;
  });
  return ladder;
}

}  // namespace

TEST_CASE("the precision doubles until the attempt succeeds") {
  const Ladder ladder = climb({64, 2048}, 200);
  CHECK(ladder.tried == std::vector<Bits>{64, 128, 256});
  CHECK(ladder.last == 256);
}

TEST_CASE("the first success ends the ladder") {
  CHECK(climb({64, 2048}, 1).tried == std::vector<Bits>{64});
  CHECK(climb({64, 2048}, 64).last == 64);
}

TEST_CASE("the limit is tried itself, once, and never exceeded") {
  CHECK(climb({64, 2048}, 9999).tried == std::vector<Bits>{64, 128, 256, 512, 1024, 2048});
  CHECK(climb({64, 300}, 9999).tried == std::vector<Bits>{64, 128, 256, 300});
  CHECK(climb({64, 300}, 9999).last == 300);
  CHECK(climb({64, 64}, 9999).tried == std::vector<Bits>{64});
}

TEST_CASE("a start above the limit begins at the limit") {
  CHECK(climb({500, 100}, 9999).tried == std::vector<Bits>{100});
}

TEST_CASE("a ladder without a first step is refused") {
  CHECK_THROWS_AS(climb({0, 2048}, 9999), std::invalid_argument);
  CHECK_THROWS_AS(climb({64, 0}, 9999), std::invalid_argument);
  CHECK_THROWS_AS(climb({-64, 2048}, 9999), std::invalid_argument);
}

TEST_CASE("the default ladder begins at 64 bits and ends at 2048") {
  CHECK(climb({}, 9999).tried.front() == 64);
  CHECK(climb({}, 9999).tried.back() == 2048);
}
