#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "theory/claim.hpp"

namespace assay {

/// Whether a text speaks of a proof: "proved", "proves", "certain", "certainly", "certified", ...
bool speaks_of_proof(std::string_view text);

/// A sentence of a report. One that speaks of a proof exists only beside the decided claim that it rests on.
class Sentence {
 public:
  /// @throws std::logic_error if the text speaks of a proof.
  static Sentence plain(std::string text);
  /// The sentence, if the claim has that verdict, `holds` or `fails`; else none.
  static std::vector<Sentence> if_decided(const Claim& claim, Verdict verdict, std::string text);

  const std::string& text() const { return text_; }

 private:
  explicit Sentence(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Appends sentences to sentences.
void append(std::vector<Sentence>& all, std::vector<Sentence> more);

}  // namespace assay
