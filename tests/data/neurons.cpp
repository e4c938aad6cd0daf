#include "data/neurons.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/networks.hpp"

namespace assay {
namespace {

/// Every neuron is in one column, its column has its weights, and the signs of a class are those of its columns.
void check_consistent(const Neurons& neurons, const Instance& instance) {
  REQUIRE(static_cast<Index>(neurons.column_of.size()) == instance.m());
  std::vector<std::vector<Index>> members(static_cast<std::size_t>(neurons.columns()));
  for (Index r = 0; r < instance.m(); ++r)
    members.at(static_cast<std::size_t>(neurons.column_of[static_cast<std::size_t>(r)])).push_back(r);
  std::vector<int> seen(members.size());
  for (const auto& group : neurons.classes)
    for (const Index c : group.columns) {
      const auto column = static_cast<std::size_t>(c);
      ++seen.at(column);
      REQUIRE(neurons.multiplicity[column] == static_cast<Index>(members[column].size()));
      REQUIRE(group.signs.size() == members[column].size());
      REQUIRE(neurons.representative[column] == members[column].front());
      std::vector<Eigen::VectorXi> signs = group.signs;
      for (const Index r : members[column]) {
        REQUIRE(instance.w.row(r) == instance.w.row(members[column].front()));
        const Eigen::VectorXi own = instance.a.row(r).cast<int>();
        const auto found = std::find(signs.begin(), signs.end(), own);
        REQUIRE(found != signs.end());
        signs.erase(found);
      }
    }
  CHECK(std::all_of(seen.begin(), seen.end(), [](int count) { return count == 1; }));
  CHECK(std::is_sorted(neurons.representative.begin(), neurons.representative.end()));
}

TEST_CASE("columns and classes hold each neuron once, with its weights and its signs") {
  for (std::uint64_t seed = 1; seed <= random_cases(60); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Shape shape{1, random.integer(1, 2), random.integer(1, 3), random.integer(1, 12)};
    Instance instance = random_instance(random, shape, Pairing::mixed, 1);
    check_consistent(arrange_neurons(instance.w, instance.a), instance);
    check_consistent(separate_neurons(instance.w, instance.a), instance);
    CHECK(separate_neurons(instance.w, instance.a).columns() == instance.m());
  }
}

TEST_CASE("pairs share a column, and opposite signs make a paired network") {
  const RealMatrix w{{1, 2}, {1, 2}, {3, 4}, {3, 4}};
  const SignMatrix a{{1, -1}, {-1, 1}, {-1, 1}, {1, -1}};
  const Neurons neurons = arrange_neurons(w, a);
  CHECK(neurons.columns() == 2);
  CHECK(neurons.classes.size() == 1);  // (g, -g) and (-g, g) are one class
  CHECK(neurons.paired);
  CHECK_FALSE(separate_neurons(w, a).paired);
  CHECK(separate_neurons(w, a).classes.size() == 2);
  const SignMatrix same_signs{{1, -1}, {1, -1}, {-1, 1}, {1, -1}};
  CHECK_FALSE(arrange_neurons(w, same_signs).paired);
  const SignMatrix half_opposite{{1, -1}, {-1, -1}, {-1, 1}, {1, -1}};
  CHECK_FALSE(arrange_neurons(w, half_opposite).paired);
}

TEST_CASE("only neighbours r, r + 1 with even r are a pair, and zeros of either sign are equal") {
  const SignMatrix a{{1}, {-1}, {1}};
  CHECK(arrange_neurons(RealMatrix{{1}, {2}, {2}}, a).columns() == 3);
  CHECK(arrange_neurons(RealMatrix{{2}, {2}, {2}}, a).columns() == 2);
  CHECK_FALSE(arrange_neurons(RealMatrix{{2}, {2}, {2}}, a).paired);
  CHECK(arrange_neurons(RealMatrix{{0.0}, {-0.0}}, SignMatrix{{1}, {-1}}).paired);
  CHECK(arrange_neurons(RealMatrix{{1}}, SignMatrix{{1}}).columns() == 1);
  CHECK(arrange_neurons(RealMatrix{{1, 2}, {1, 3}}, SignMatrix{{1}, {-1}}).columns() == 2);
}

TEST_CASE("no neurons, or other numbers of rows, are refused") {
  CHECK_THROWS_AS(arrange_neurons(RealMatrix(0, 2), SignMatrix(0, 1)), std::invalid_argument);
  CHECK_THROWS_AS(arrange_neurons(RealMatrix(2, 2), SignMatrix(3, 1)), std::invalid_argument);
  CHECK_THROWS_AS(separate_neurons(RealMatrix(2, 2), SignMatrix(1, 1)), std::invalid_argument);
}

TEST_CASE("sums of an odd number of signs cancel over pairs, and over nothing else") {
  for (std::uint64_t seed = 1; seed <= random_cases(50); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const Shape shape{2, 2, random.integer(1, 4), 2 * random.integer(1, 8)};
    Instance instance = random_instance(random, shape, Pairing::paired, 1);
    CHECK(odd_sign_sums(arrange_neurons(instance.w, instance.a)) == 0);
    const Index r = random.integer(0, instance.m() - 1), l = random.integer(0, instance.d() - 1);
    instance.a(r, l) = static_cast<std::int8_t>(-instance.a(r, l));
    CHECK(odd_sign_sums(arrange_neurons(instance.w, instance.a)) > 0);
    CHECK(odd_sign_sums(separate_neurons(instance.w, instance.a)) > 0);
  }
  // One neuron, d = 2: |a_1| + |a_2| and the four cubic products, each of magnitude 1.
  CHECK(odd_sign_sums(arrange_neurons(RealMatrix::Ones(1, 1), SignMatrix::Ones(1, 2))) == 6);
}

}  // namespace
}  // namespace assay
