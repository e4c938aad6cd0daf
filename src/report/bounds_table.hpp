#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/reports.hpp"

namespace assay {

/// The closed-form bounds at one point of a grid.
struct BoundsPoint {
  std::vector<std::string> at;  ///< the exact value of each variable, as text
  BoundsReport report;
};

/// The closed-form bounds on a grid of hyperparameters.
struct BoundsTable {
  std::vector<std::string> variables;                       ///< names, as a grid: the last one changes fastest
  std::vector<std::pair<std::string, std::string>> inputs;  ///< the others: name, exact decimal text
  std::vector<std::string> shown;                           ///< bounds that the text shows, in this order
  std::vector<BoundsPoint> points;
  std::vector<std::pair<std::string, Constant>> constants;
  std::vector<std::string> notes;  ///< Markdown
  bool is_complete = true;         ///< not ended by time before the last point
};

/// For the terminal: a row per point, what drives each bound where, and the notes. A number in a cell is rounded where
/// its enclosure decides the last digit, else both ends are shown.
std::string bounds_table_text(const BoundsTable& table);

/// Schema assay.bounds_table/1: every bound at every point.
std::string bounds_table_json(const BoundsTable& table);

/// A line of names, then a line per point: the variables, then every bound as NAME_lo and NAME_hi, rounded outward, with
/// NAME_log10_lo and NAME_log10_hi beside those that leave the range of double somewhere, the elasticities that were
/// asked for as dlog_NAME_dlog_VARIABLE_lo and _hi, and what drives each bound. A cell is empty where there is no number;
/// an end that is not known is inf or -inf.
std::string bounds_table_csv(const BoundsTable& table);

/// "24.477", "10^198.11" or, where the enclosure is wide, both ends.
std::string brief(const Known& known);

}  // namespace assay
