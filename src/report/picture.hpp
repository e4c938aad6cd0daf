#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "enclosure/interval.hpp"

namespace assay {

/// A picture of a report: the file <stem>.svg beside the Markdown that shows it, and its data, if any, in <stem>.csv.
struct Picture {
  std::string stem;     ///< "width", without folder
  std::string caption;  ///< Markdown
  std::string svg;
  std::string csv = {};  ///< may be empty
};

/// An enclosed positive quantity in a chart. Bars with the same label share a line.
struct IntervalBar {
  std::string label;  ///< what it was found on: the text left of the line
  Interval value;
  std::string role;         ///< what it is: gives colour and shape, and an entry of the legend
  bool lower_only = false;  ///< only the lower end means something: "at least"
  bool upper_only = false;  ///< only the upper end means something: "at most"
};

/// A chart with one horizontal axis in powers of ten. An enclosure is a bar from its lower to its upper end, or a
/// marker where that is too narrow to see; an end that is 0, negative, unknown or without meaning is an arrow. The axis
/// comes from enclosures of log10, so that 10^-4 can stand beside 10^1000000. Texts are plain, without Markdown.
std::string interval_chart_svg(std::string_view title, std::string_view axis, const std::vector<IntervalBar>& bars);

}  // namespace assay
