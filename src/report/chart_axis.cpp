#include "report/chart_axis.hpp"

#include <algorithm>
#include <cmath>

namespace assay {

namespace {

/// 10^k, which for k >= 0 is exact as far as long double reaches.
long double power_of_ten(int k) {
  return k < 0 ? 1 / std::pow(10.0L, -k) : std::pow(10.0L, k);
}

/// digits 10^exponent.
long double value_of(long long digits, int exponent) {
  const auto number = static_cast<long double>(digits);
  return exponent < 0 ? number / power_of_ten(-exponent) : number * power_of_ten(exponent);
}

/// 1, 2 or 5 times a power of ten: digits 10^exponent.
struct Step {
  long long digits = 1;
  int exponent = 0;
};

/// The smallest one of which at most `count` make up the range.
Step step_for(long double range, int count) {
  Step step{1, static_cast<int>(std::floor(std::log10(range / count)))};
  for (const long long digits : {1, 2, 5, 10}) {
    step.digits = digits;
    if (range / value_of(digits, step.exponent) <= count) break;
  }
  return step;
}

/// The power of ten below a number that is not 0.
int magnitude_of(long long digits, int exponent) {
  return static_cast<int>(std::to_string(std::abs(digits)).size()) - 1 + exponent;
}

/// digits 10^exponent without powers of ten.
std::string positional(long long digits, int exponent) {
  std::string text = std::to_string(std::abs(digits));
  if (exponent >= 0) {
    text.append(static_cast<std::size_t>(exponent), '0');
  } else {
    const auto decimals = static_cast<std::size_t>(-exponent);
    if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
    text.insert(text.size() - decimals, ".");
  }
  return digits < 0 ? "-" + text : text;
}

constexpr double kAir = 0.04;
/// Where less than this part of the values varies (of a decade, on a log axis), they count as equal: the numbers at the
/// axis stay readable.
constexpr double kLeastVariation = 1e-12;

}  // namespace

ChartAxis::ChartAxis(bool log, const std::vector<double>& values) : log_(log) {
  long double least = INFINITY, most = -INFINITY;
  for (const double value : values)
    if (shows(value)) least = std::min(least, units(value)), most = std::max(most, units(value));
  if (!(least <= most)) return;
  const bool from_zero = !log && least >= 0;
  const long double size = log ? 1 : std::max(std::abs(least), std::abs(most));
  if (most - least > kLeastVariation * size) {
    from_ = least - kAir * (most - least);
    to_ = most + kAir * (most - least);
  } else {
    const long double air = log || size <= 0 ? 0.5L : size / 2;
    from_ = least - air;
    to_ = most + air;
  }
  if (from_zero) from_ = std::max(from_, 0.0L);
}

bool ChartAxis::shows(double value) const {
  return std::isfinite(value) && (!log_ || value > 0);
}

long double ChartAxis::units(long double value) const {
  return log_ ? std::log10(value) : value;
}

void ChartAxis::widen_to(long double range) {
  const long double more = (range - this->range()) / 2;
  if (more <= 0) return;
  from_ -= more;
  to_ += more;
}

std::vector<Tick> ChartAxis::ticks() const {
  if (!log_) return multiples_of_a_step();
  std::vector<Tick> ticks = powers_of_ten();
  if (ticks.size() < 3) ticks = ones_twos_and_fives();
  return ticks.size() < 3 ? multiples_of_a_step() : ticks;
}

std::vector<Tick> ChartAxis::powers_of_ten() const {
  const Step step = step_for(std::max(range(), 7.0L), 7);
  const auto apart = static_cast<long long>(value_of(step.digits, step.exponent));
  std::vector<Tick> ticks;
  for (auto k = static_cast<long long>(std::ceil(from_ / static_cast<long double>(apart)));
       contains(static_cast<long double>(k * apart)); ++k)
    ticks.push_back({static_cast<double>((static_cast<long double>(k * apart) - from_) / range()), "",
                     static_cast<int>(k * apart)});
  return ticks;
}

std::vector<Tick> ChartAxis::ones_twos_and_fives() const {
  const auto first = static_cast<int>(std::floor(from_)), last = static_cast<int>(std::floor(to_));
  const bool scientific = first < -4 || last > 5;
  std::vector<Tick> ticks;
  for (int power = first; power <= last; ++power)
    for (const long long digit : {1, 2, 5})
      if (contains(units(value_of(digit, power)))) ticks.push_back(tick(digit, power, scientific));
  return ticks;
}

std::vector<Tick> ChartAxis::multiples_of_a_step() const {
  const long double least = log_ ? std::pow(10.0L, from_) : from_, most = log_ ? std::pow(10.0L, to_) : to_;
  const Step step = step_for(most - least, 7);
  const long double apart = value_of(step.digits, step.exponent);
  const auto first = static_cast<long long>(std::ceil(least / apart)),
             last = static_cast<long long>(std::floor(most / apart));
  const long long largest = std::max(std::abs(first), std::abs(last)) * step.digits;
  const int magnitude = magnitude_of(std::max(largest, 1LL), step.exponent);
  std::vector<Tick> ticks;
  for (long long k = first; k <= last; ++k)
    ticks.push_back(tick(k * step.digits, step.exponent, magnitude < -4 || magnitude > 5));
  return ticks;
}

Tick ChartAxis::tick(long long digits, int exponent, bool scientific) const {
  Tick tick;
  tick.place = static_cast<double>((units(value_of(digits, exponent)) - from_) / range());
  for (; digits != 0 && digits % 10 == 0; ++exponent) digits /= 10;
  if (digits == 0 || !scientific) {
    tick.mantissa = digits == 0 ? "0" : positional(digits, exponent);
    return tick;
  }
  tick.exponent = magnitude_of(digits, exponent);
  tick.mantissa = digits == 1 ? "" : digits == -1 ? "-" : positional(digits, exponent - *tick.exponent);
  return tick;
}

}  // namespace assay
