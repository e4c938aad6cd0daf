#include "report/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/summary.hpp"
#include "report/wording.hpp"

namespace assay {

Tally tally_of(const std::string& id, const std::vector<Finding>& findings) {
  Tally tally;
  for (const Finding& finding : findings)
    for (const Claim& claim : finding.claims) {
      if (claim.id != id) continue;
      ++tally.counts[claim.verdict];
      const double factor = proved_factor_log10(claim);
      if (factor == 0) continue;
      (claim.verdict == Verdict::holds ? tally.to_spare : tally.off).push_back(factor);
    }
  return tally;
}

namespace {

/// "a factor of 2.3 to 10^88".
std::string range_in_words(const std::vector<double>& slacks) {
  const auto less = [](double a, double b) { return std::abs(a) < std::abs(b); };
  const auto [least, most] = std::minmax_element(slacks.begin(), slacks.end(), less);
  const std::string low = factor_in_words(*least), high = factor_in_words(*most);
  return "a factor of " + (low == high ? low : low + " to " + high);
}

}  // namespace

std::string how_far(const Tally& tally) {
  if (tally.off.empty() && tally.to_spare.empty()) return "—";
  if (tally.off.empty()) return range_in_words(tally.to_spare) + " to spare";
  const std::string off = "off by " + range_in_words(tally.off);
  return tally.to_spare.empty() ? off : off + "; where true, " + range_in_words(tally.to_spare) + " to spare";
}

std::string comes_to(const Tally& tally) {
  const std::size_t holds = tally.count(Verdict::holds), fails = tally.count(Verdict::fails),
                    undecided = tally.count(Verdict::undecided), all = tally.total();
  if (all == tally.count(Verdict::not_applicable)) return "says nothing on these";
  if (holds == all) return all == 1 ? "true" : fmt::format("true on all {}", all);
  if (fails == all) return all == 1 ? "**false**" : fmt::format("**false on all {}**", all);
  std::string text;
  const auto add = [&](std::size_t count, const char* what) {
    if (count > 0) text += fmt::format("{}{} on {}", text.empty() ? "" : ", ", what, count);
  };
  add(fails, "**false**");
  add(holds, "true");
  add(undecided, "**undecided**");
  add(tally.count(Verdict::not_applicable), "says nothing");
  return text;
}

}  // namespace assay
