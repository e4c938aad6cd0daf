// The ladder of precisions.

#include "enclosure/refine.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <type_traits>
#include <vector>

using namespace assay;

namespace {

struct Ladder {
  std::vector<Bits> tried;
  Bits last;
};

/// Climbs until `enough` bits are reached.
Ladder climbed(const Precision& precision, Bits enough) {
  Ladder ladder;
  const Level last = refine(precision, [&](Level level) {
    ladder.tried.push_back(level.bits);
    return level.bits >= enough;
  });
  ladder.last = last.bits;
  return ladder;
}

}  // namespace

TEST_CASE("the precision doubles until the attempt succeeds") {
  const Ladder ladder = climbed({64, 2048}, 200);
  CHECK(ladder.tried == std::vector<Bits>{64, 128, 256});
  CHECK(ladder.last == 256);
}

TEST_CASE("the first success ends the ladder") {
  CHECK(climbed({64, 2048}, 1).tried == std::vector<Bits>{64});
  CHECK(climbed({64, 2048}, 64).last == 64);
}

TEST_CASE("the limit is tried itself, once, and never exceeded") {
  CHECK(climbed({64, 2048}, 9999).tried == std::vector<Bits>{64, 128, 256, 512, 1024, 2048});
  CHECK(climbed({64, 300}, 9999).tried == std::vector<Bits>{64, 128, 256, 300});
  CHECK(climbed({64, 300}, 9999).last == 300);
  CHECK(climbed({64, 64}, 9999).tried == std::vector<Bits>{64});
}

TEST_CASE("a start above the limit begins at the limit") {
  CHECK(climbed({500, 100}, 9999).tried == std::vector<Bits>{100});
}

TEST_CASE("a ladder without a first step is refused") {
  CHECK_THROWS_AS(climbed({0, 2048}, 9999), std::invalid_argument);
  CHECK_THROWS_AS(climbed({64, 0}, 9999), std::invalid_argument);
  CHECK_THROWS_AS(climbed({-64, 2048}, 9999), std::invalid_argument);
}

TEST_CASE("the fast tier is a rung of its own, tried first where it is allowed and alone where it is asked for") {
  std::vector<bool> tried;
  const auto climbed = [&](Tier tier, bool fast_is_enough) {
    tried.clear();
    return refine({64, 128, tier}, [&](Level level) {
      tried.push_back(level.fast);
      return level.fast && fast_is_enough;
    });
  };
  CHECK(climbed(Tier::automatic, true).fast);
  CHECK(tried == std::vector<bool>{true});
  CHECK_FALSE(climbed(Tier::automatic, false).fast);
  CHECK(tried == std::vector<bool>{true, false, false});
  CHECK(climbed(Tier::fast, false).fast);
  CHECK(tried == std::vector<bool>{true});
  CHECK_FALSE(climbed(Tier::deep, true).fast);
  CHECK(tried == std::vector<bool>{false, false});
}

TEST_CASE("a precision is no rung: neither converts into the other") {
  CHECK_FALSE(std::is_convertible_v<Bits, Level>);
  CHECK_FALSE(std::is_convertible_v<Level, Bits>);
}

TEST_CASE("the default ladder begins at 64 bits and ends at 2048") {
  CHECK(climbed({}, 9999).tried.front() == 64);
  CHECK(climbed({}, 9999).tried.back() == 2048);
}
