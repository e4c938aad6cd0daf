#pragma once

#include <string_view>
#include <vector>

namespace assay::embedded {

/// The card of a theorem: theorems/<id>/card.md, compiled into the library.
struct Card {
  std::string_view id;
  std::string_view text;
};

/// The cards of all theorems, sorted by id.
const std::vector<Card>& theorem_cards();

}  // namespace assay::embedded
