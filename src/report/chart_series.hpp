#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/chart_frame.hpp"

namespace assay {

/// A series on the page, and how many of its points are not.
struct Drawing {
  std::string body;
  std::size_t left_out = 0;
};

/// @param role    number of the label: gives colour, dashes and shape
/// @param factor  by which arrows are multiplied
Drawing drawn(const Series& series, const Frame& frame, std::size_t role, double factor);

/// What stands for a series in the legend, in a box 34 wide that starts at (x, y).
std::string swatch(const Series& series, double x, double y, std::size_t role);

/// What is drawn first: bands, then arrows, clouds of dots, lines, and points with a shape.
int layer_of(const Series& series);

/// 1, or k where only one arrow in k is drawn, for there are too many.
std::size_t arrows_apart(const Series& series);

/// By what all arrows are multiplied, so that they can be seen and do not run into each other: 1, or 1, 2 or 5 times a
/// power of ten.
double factor_of_arrows(const Chart& chart, const Frame& frame);

}  // namespace assay
