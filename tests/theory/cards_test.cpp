#include "theory/cards.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

using assay::embedded::Card;

TEST_CASE("cards are the files in theorems, byte for byte") {
  for (const Card& card : assay::embedded::theorem_cards()) {
    CAPTURE(card.id);
    std::ifstream file(ASSAY_TEST_DATA "/../theorems/" + std::string(card.id) + "/card.md", std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    CHECK(!text.empty());
    CHECK((text == card.text));  // doubled: a failure should not print the card
  }
}

TEST_CASE("cards are sorted by id") {
  const auto& cards = assay::embedded::theorem_cards();
  CHECK(std::is_sorted(cards.begin(), cards.end(), [](const Card& a, const Card& b) { return a.id < b.id; }));
}
