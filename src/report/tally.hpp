#pragma once

#include <map>
#include <string>
#include <vector>

#include "theory/theorem.hpp"

namespace assay {

/// The verdicts of one statement over all instances.
struct Tally {
  std::map<Verdict, std::size_t> counts;
  std::vector<double> to_spare, off;   ///< proved_factor_log10 of those that hold, and of those that fail
  std::vector<Interval> against_zero;  ///< the greater side, from below, of those that hold because the other one is 0
  /// Each once: what decided claims come to in words, and why others do not apply.
  std::vector<std::string> words = {}, reasons = {};

  std::size_t count(Verdict verdict) const {
    const auto found = counts.find(verdict);
    return found == counts.end() ? 0 : found->second;
  }
  std::size_t total() const {
    std::size_t sum = 0;
    for (const auto& [verdict, number] : counts) sum += number;
    return sum;
  }
};

/// Of the claim or hypothesis with this id.
Tally tally_of(const std::string& id, const std::vector<Finding>& findings);

/// "a factor of 2.3 to 10^88 to spare", "off by a factor of 1.5", "at least 0.034, against 0", the claim's own words, why
/// it does not apply; Markdown.
std::string how_far(const Tally& tally);
/// "true on all 9", "**false** on 6, true on 3"; Markdown.
std::string comes_to(const Tally& tally);

}  // namespace assay
