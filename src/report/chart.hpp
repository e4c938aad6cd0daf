#pragma once

#include <string>

#include "theory/chart.hpp"

namespace assay {

/// A chart as an SVG file, the same bytes on every machine. Drawn here and not by gnuplot, because gnuplot 5.4 draws
/// false bands below 1e-154 on a log axis (the squares it compares underflow), and because a report has to look the
/// same wherever it is written, with no program beside this one.
///
/// Long lines, bands and clouds of points are thinned to what can be seen, with their extremes. The legend is below
/// the axes, where it covers nothing.
/// @throws std::invalid_argument if the vectors of a series differ in length.
std::string chart_svg(const Chart& chart);

/// The data of a chart as CSV, to draw it again with other programs: a line of names, then a row per point with the
/// label of its series; 17 digits, which give the double back. Nothing is left out or thinned.
/// @throws std::invalid_argument as above.
std::string chart_csv(const Chart& chart);

}  // namespace assay
