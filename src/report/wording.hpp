#pragma once

#include <string>
#include <vector>

#include "report/run_info.hpp"

// Passages that the pages of a report share; Markdown.

namespace assay {

extern const char* const kReadingNumbers;
extern const char* const kSymbols;  ///< the network and what the statements say of it, with shapes
extern const char* const kHowToRead;
extern const char* const kTrust;

/// Lines as a code block, whose fence is longer than any run of backticks in them.
std::string code_block(const std::vector<std::string>& lines);
/// Input files with their hashes, precision and versions.
std::string environment(const RunInfo& run);
/// The factor between the two sides of a claim, from proved_factor_log10, in two digits rounded down, in three below 1.1:
/// "1.04", "2.3", "5000", "10^88".
std::string factor_in_words(double log10);

}  // namespace assay
