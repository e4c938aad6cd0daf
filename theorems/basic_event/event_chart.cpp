#include "theorems/basic_event/event_chart.hpp"

#include <algorithm>
#include <cmath>

#include "chance/gaussian_event.hpp"

namespace assay {

namespace {

constexpr Bits kBits = 64;
constexpr double kWidest = 1e300;

void add(Series& series, double width, const Interval& probability) {
  series.x.push_back(width);
  series.y.push_back(probability.lower_double());
  if (series.style == Series::Style::band) series.high.push_back(probability.upper_double());
}

/// Even widths from `first` to `last`, a hundred of them at equal ratios.
std::vector<double> widths(double first, double last) {
  constexpr int kCount = 100;
  std::vector<double> all;
  for (int k = 0; k <= kCount; ++k) {
    const double width = std::pow(10, std::log10(first) + (std::log10(last) - std::log10(first)) * k / kCount);
    const double even = width < 1e15 ? 2 * std::round(width / 2) : width;  // every double from 2^54 on is even
    if (all.empty() || even > all.back()) all.push_back(even);
  }
  return all;
}

}  // namespace

std::vector<Chart> event_charts(const Setting& setting, const Interval& bound, const Interval& break_width,
                                const Interval& paper_width) {
  const auto m = static_cast<double>(setting.instance().m());
  constexpr double kWellKnown = 0.01;
  const double breaks = break_width.upper_double(),
               asked = paper_width.relative_width() < kWellKnown ? paper_width.upper_double() : INFINITY;
  double last = std::max(m, 2.0);
  for (const double width : {breaks, asked})
    if (width < kWidest / 10) last = std::max(last, 10 * width);
  const Interval of_pair = setting.event_failure_of_pair(bound, kBits);
  const auto probability = [&](double width) { return probability_in_some_trial(of_pair, Interval(width, kBits) / 2); };
  Series failure{.label = "probability that some logit exceeds $B$ (enclosed)", .style = Series::Style::band};
  Series allowed{.label = "allowed: $\\delta$"};
  for (const double width : widths(std::max(2.0, std::min(m, last / 10)), last)) {
    add(failure, width, probability(width));
    add(allowed, width, setting.delta(kBits));
  }
  Series here{.label = "width of this network", .style = Series::Style::points};
  add(here, m, probability(m));
  Series theirs{.label = "width that Theorem 4.2 asks for", .style = Series::Style::points};
  if (asked < kWidest) add(theirs, asked, probability(asked));
  Chart chart{.name = "failure",
              .title = "The event fails more often as the network gets wider",
              .x_axis = "width $m$",
              .y_axis = "probability",
              .log_x = true,
              .log_y = true,
              .series = {failure, allowed, here}};
  if (!theirs.x.empty()) chart.series.push_back(theirs);
  return {chart};
}

}  // namespace assay
