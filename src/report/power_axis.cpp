#include "report/power_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace assay {

namespace {

/// Room on the page for a tick and its text.
constexpr double kTickRoom = 56, kJoint = 12;
/// Up to so many decades there are ticks between the powers of ten.
constexpr double kFewDecades = 3;

constexpr std::array<double, 3> kDigits{1, 2, 5};

/// The largest 1, 2 or 5 times a power of ten whose logarithm is at most `log`, as a logarithm.
double digit_below(double log) {
  const double power = std::floor(log);
  double best = power;
  for (const double digit : kDigits)
    if (power + std::log10(digit) <= log) best = power + std::log10(digit);
  return best;
}

double digit_above(double log) {
  const double power = std::floor(log);
  for (const double digit : kDigits)
    if (power + std::log10(digit) >= log) return power + std::log10(digit);
  return power + 1;
}

/// 1, 2 or 5 times a power of ten, so that at most `count` steps are needed.
double decades_between_ticks(double range, double count) {
  double step = 1;
  for (std::size_t k = 0; range / step > count; ++k) step *= k % 3 == 1 ? 2.5 : 2;
  return step;
}

/// Round ends around values, with some air, so that no mark sits on the frame.
std::pair<double, double> round_ends(double least, double most, double width) {
  constexpr double kPartOfRange = 0.05;
  const double air = std::max(kPartOfRange * (most - least), 0.02);
  if (most - least + 2 * air <= kFewDecades) return {digit_below(least - air), digit_above(most + air)};
  const double step = decades_between_ticks(most - least, std::max(2.0, width / kTickRoom));
  return {std::floor((least - air) / step) * step, std::ceil((most + air) / step) * step};
}

/// Where most of the values are close together compared with all of them: first and last of them; they are sorted.
std::optional<std::pair<double, double>> crowd_of(const std::vector<double>& logs) {
  constexpr double kManyDecades = 40, kMost = 0.6, kCloser = 6;
  if (logs.size() < 4 || logs.back() - logs.front() < kManyDecades) return std::nullopt;
  const auto count = static_cast<std::size_t>(std::ceil(kMost * static_cast<double>(logs.size())));
  std::size_t first = 0;
  for (std::size_t k = 0; k + count <= logs.size(); ++k)
    if (logs[k + count - 1] - logs[k] < logs[first + count - 1] - logs[first]) first = k;
  std::size_t last = first + count - 1;
  // Neighbours come in where that costs little.
  const auto near = [&](double step) { return step <= std::max(1.0, 0.25 * (logs[last] - logs[first])); };
  for (bool grows = true; grows;) {
    grows = false;
    if (first > 0 && near(logs[first] - logs[first - 1])) --first, grows = true;
    if (last + 1 < logs.size() && near(logs[last + 1] - logs[last])) ++last, grows = true;
  }
  if (kCloser * (logs[last] - logs[first]) > logs.back() - logs.front()) return std::nullopt;
  return std::pair(logs[first], logs[last]);
}

}  // namespace

PowerAxis::PowerAxis(std::vector<double> logs, double left, double right) {
  std::sort(logs.begin(), logs.end());
  if (logs.empty()) logs = {0, 1};
  const double width = right - left;
  const auto crowd = crowd_of(logs);
  const auto [from, to] =
      crowd ? round_ends(crowd->first, crowd->second, 0.6 * width) : round_ends(logs.front(), logs.back(), width);
  if (!crowd) {
    parts_ = {{from, to, left, right, false}};
    return;
  }
  const bool below = logs.front()<from, above = logs.back()> to;
  const double aside = below && above ? 0.25 : 0.4;
  double at = left;
  const auto add = [&](double first, double last, double share, bool enlarged) {
    const double joints = kJoint * (below && above ? 2 : 1);
    parts_.push_back({first, last, at, at + share * (width - joints), enlarged});
    at = parts_.back().right + kJoint;
  };
  const double share = 1 - aside * (static_cast<double>(below) + static_cast<double>(above));
  if (below) add(round_ends(logs.front(), from, aside * width).first, from, aside, false);
  add(from, to, share, true);
  if (above) add(to, round_ends(to, logs.back(), aside * width).second, aside, false);
}

double PowerAxis::x(double log) const {
  const auto part = std::find_if(parts_.begin(), parts_.end(), [&](const AxisPart& each) { return log <= each.to; });
  const AxisPart& of = part == parts_.end() ? parts_.back() : *part;
  return of.left + (log - of.from) / of.range() * of.width();
}

std::vector<Tick> PowerAxis::ticks(const AxisPart& part) const {
  std::vector<Tick> ticks;
  const auto place = [&](double log) { return part.left + (log - part.from) / part.range() * part.width(); };
  constexpr double kRounding = 1e-9;
  if (part.range() <= kFewDecades + 1) {
    const bool plain = part.from >= -4 && part.to <= 5;
    for (double power = std::floor(part.from); power <= part.to + kRounding; ++power)
      for (const double digit : kDigits) {
        const double log = power + std::log10(digit);
        if (log < part.from - kRounding || log > part.to + kRounding) continue;
        Tick tick{place(log), plain ? fmt::format("{:g}", digit * std::pow(10, power)) : "", std::nullopt};
        if (!plain) tick.exponent = static_cast<int>(power);
        if (!plain && digit > 1) tick.mantissa = fmt::format("{:g}", digit);
        ticks.push_back(tick);
      }
    return ticks;
  }
  const double step = decades_between_ticks(part.range(), std::max(2.0, part.width() / kTickRoom));
  for (double k = std::ceil(part.from / step); k * step <= part.to + kRounding; ++k)
    ticks.push_back({place(k * step), "", static_cast<int>(k * step)});
  return ticks;
}

}  // namespace assay
