#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/field.hpp"
#include "setting/setting.hpp"
#include "theory/expectation.hpp"
#include "theory/theorem.hpp"

namespace assay::app {

/// One instance of a suite and what is checked on it.
struct SuiteEntry {
  std::string name;  ///< given, or the instance's own; unique, and fit for a file name
  InstanceRequest request;
  Hyperparameters hyper;
  std::vector<const Theorem*> theorems;
  std::vector<std::string> notes;  ///< sentences for the report on how this was read
  /// Why the instance cannot be made, `placed`: a file that cannot be used, or no memory. Empty
  /// if it can. Its theorems are inconclusive then, and the others are checked all the same.
  std::string trouble;

  /// Where its keys and those of the whole suite stand, "suite.toml: line 4", and under "" where it begins itself.
  std::map<std::string, std::string, std::less<>> places;

  Instance make() const;
  /// What is wrong with the instance, in the words of the suite: at the first key that is named and stands there, else
  /// at the instance.
  std::string placed(const FieldText& complaint) const;
};

/// What `verify` runs.
///
///   delta = "0.1"                # for all instances; also the other hyperparameters, theorems,
///   bits = 1024                  # and, only here, bits and rtol
///   [constants]
///   e0.C = "8"
///   [expect]                     # verdicts that are known: holds, fails, undecided, not applicable
///   "convergence_certificate/small" = "undecided"    # of a theorem on an instance, or of a claim: "THEOREM/*/CLAIM"
///   [[instance]]
///   name = "small"               # optional
///   n = 4                        # also d_in, d, m, sigma, seed; data, rows; files beside the suite: x, y, w, a
///   theorems = ["width"]         # for this instance; also hyperparameters
struct Suite {
  std::string text;  ///< of the file
  Constants constants;
  std::optional<Bits> bits;
  std::optional<double> rtol;
  std::vector<SuiteEntry> entries;  ///< at least one
  std::vector<Expectation> expected;
};

/// @param path  for messages; files of instances are relative to its folder.
/// Every instance is made once; see SuiteEntry::trouble.
/// @throws InputError that names file, line and key for whatever is wrong with the suite itself.
Suite parse_suite(std::string_view text, const std::string& path);

/// The suite that is compiled into the program.
Suite standard_suite();

}  // namespace assay::app
