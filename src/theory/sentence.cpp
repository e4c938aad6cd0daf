#include "theory/sentence.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <stdexcept>

namespace assay {

bool speaks_of_proof(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array<std::string_view, 6> kWords{"prove", "proof of", "certain", "certif", "guarantee", "refuted"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

Sentence Sentence::plain(std::string text) {
  if (speaks_of_proof(text)) throw std::logic_error("Sentence::plain: expected a decided claim for: " + text);
  return Sentence(std::move(text));
}

std::vector<Sentence> Sentence::if_decided(const Claim& claim, Verdict verdict, std::string text) {
  if (verdict != Verdict::holds && verdict != Verdict::fails)
    throw std::invalid_argument("Sentence::if_decided: expected the verdict of a proof");
  if (claim.verdict != verdict) return {};
  return {Sentence(std::move(text))};
}

void append(std::vector<Sentence>& all, std::vector<Sentence> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

}  // namespace assay
