#pragma once

#include <string>
#include <vector>

namespace assay {

/// One curve of a chart, drawn from doubles: a picture proves nothing.
struct Series {
  enum class Style {
    line,    ///< y over x
    points,  ///< y over x
    band,    ///< between y and high over x: what an enclosure leaves open
    arrows   ///< from (x, y) to (x + dx, y + dy)
  };
  std::string label = {};
  Style style = Style::line;
  std::vector<double> x = {}, y = {};    ///< of equal length
  std::vector<double> high = {};         ///< for a band, as long as x
  std::vector<double> dx = {}, dy = {};  ///< for arrows, as long as x
};

/// A picture that a theorem wants beside its finding. Texts are Markdown with formulas. What is not finite, or not
/// positive on a log axis, is left out, and the picture says how much that was; an end of a band that is infinite, or
/// not positive on a log axis, is drawn as open. Series with the same label share colour and legend: a line on its
/// band. Arrows that would be too short or too long to see are scaled by one factor, which the picture tells.
struct Chart {
  std::string name = {};  ///< end of the file name: letters, digits and dashes
  std::string title = {}, x_axis = {}, y_axis = {};
  bool log_x = false, log_y = false;
  bool equal_axes = false;  ///< one unit is as long on both axes
  std::vector<Series> series = {};
};

/// A positive quantity of a theorem, and what the legend calls it.
struct ComparedQuantity {
  std::string name = {}, words = {};
};

/// A picture that shows quantities of one kind side by side, on every instance with them: the paper's beside ours.
struct Comparison {
  std::string title = {}, axis = {};
  std::vector<ComparedQuantity> quantities = {};
};

}  // namespace assay
