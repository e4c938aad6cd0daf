#pragma once

#include <string>
#include <utility>
#include <vector>

#include "enclosure/known.hpp"
#include "theory/inverse.hpp"

namespace assay {

/// A value of the variable at which the answer was decided, with the compared bounds there.
struct InverseEnd {
  Decimal at;
  Truth truth = Truth::open;
  int digits = 10;                                    ///< of the ends of a value that decide it
  std::vector<std::pair<std::string, Known>> values;  ///< name of a bound, its value
};

/// Where a condition on one variable holds.
struct InverseAnswer {
  std::string variable, variable_words;
  Numbers numbers = Numbers::reals;
  std::vector<std::string> conditions;  ///< "m <= 1e9"; all are to hold
  Decimal lo, hi;                       ///< the range that was searched
  Solution solution;
  std::vector<std::string> reasons;  ///< why a condition changes in one direction only: "m grows with n"
  std::vector<InverseEnd> ends;      ///< on both sides of every change
  std::vector<std::pair<std::string, std::string>> at;      ///< the point of the grid: variable, its value
  std::vector<std::pair<std::string, std::string>> inputs;  ///< everything else: name, exact decimal text
  std::vector<std::string> notes;                           ///< Markdown
};

/// The answer in one sentence, with what is proved of it: "m <= 1e9 holds for every n from 1 to 37 and fails from 38 on
/// (searched up to 1e12; proved: m never falls as n grows)".
std::string inverse_sentence(const InverseAnswer& answer);

/// For the terminal: the sentences of all points of a grid first, then the values on both sides of each change.
std::string inverse_text(const std::vector<InverseAnswer>& answers);

/// Schema assay.inverse/1.
std::string inverse_json(const std::vector<InverseAnswer>& answers);

}  // namespace assay
