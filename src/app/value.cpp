#include "app/value.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <stdexcept>

#include "data/input_error.hpp"
#include "data/message.hpp"
#include "enclosure/exponent_range.hpp"
#include "enclosure/numeral.hpp"

namespace assay::app {
namespace {

[[noreturn]] void complain(std::string_view name, std::string_view expected, std::string_view text) {
  throw InputError(fmt::format("{}: expected {}, found {}", name, expected, shown(text)));
}

constexpr const char* kNumber = "a decimal number such as 0.1 or 3e-4, a fraction such as 1/3 or a power such as 2^20";

std::optional<Decimal> parsed(std::string_view text) {
  try {
    return Decimal(text);
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

std::optional<long> read_integer(std::string_view text) {
  const auto number = parsed(text);
  return number ? integer_of(*number) : std::nullopt;
}

/// Not beyond the range of double, where it would become 0 or infinite.
bool fits_double(const Decimal& number) {
  const double nearest = nearest_double(number);
  return std::isfinite(nearest) && (nearest != 0 || is_exactly(number, 0));
}

}  // namespace

long integer(std::string_view name, std::string_view text) {
  const auto value = read_integer(text);
  if (!value) complain(name, "an integer", text);
  return *value;
}

long integer_between(std::string_view name, std::string_view text, long least, long most) {
  const auto value = read_integer(text);
  if (!value || *value < least || *value > most)
    complain(name, fmt::format("an integer from {} to {}", least, most), text);
  return *value;
}

std::uint64_t seed(std::string_view name, std::string_view text) {
  const auto number = parsed(text);
  const auto value = number ? natural_of(*number) : std::nullopt;
  if (!value) complain(name, "an integer from 0 to 18446744073709551615", text);
  return *value;
}

Decimal decimal(std::string_view name, std::string_view text) {
  const auto number = parsed(text);
  if (!number) complain(name, kNumber, text);
  if (!is_in_range(*number))
    complain(name, fmt::format("0 or a magnitude from 1e-{0} to 1e{0}", largest_power_of_ten()), text);
  return *number;
}

namespace {

Decimal of_double_range(std::string_view name, std::string_view text) {
  const Decimal number = decimal(name, text);
  if (!fits_double(number)) complain(name, "a magnitude from 5e-324 to 1.7e308, the range of double", text);
  return number;
}

}  // namespace

void read_hyperparameter(const Hyperparameter& row, std::string_view name, std::string_view text,
                         Hyperparameters& target) {
  if (row.is_count()) {
    const auto count = parsed(text);
    if (!count || !set_value(row, *count, target)) complain(name, row.range.expected, text);
    return;
  }
  const Decimal number = row.range.is_of_double ? of_double_range(name, text) : decimal(name, text);
  if (!set_value(row, number, target))
    throw InputError(fmt::format("{}: expected {}, found {}", name, row.range.expected, number.text()));
}

Scale scale(std::string_view name, std::string_view text) {
  const Decimal written = of_double_range(name, text);
  const double sigma = nearest_double(written);
  if (is_exactly(written, sigma)) return {sigma, {}};
  return {sigma, fmt::format("$\\sigma$ is a double, the one nearest to {}: {:.17g}.", text, sigma)};
}

double relative_width(std::string_view name, std::string_view text) {
  const auto number = parsed(text);
  const double value = number ? nearest_double(*number) : 0;
  if (!(value > 0) || !(value < 1)) complain(name, "a relative width in (0, 1)", text);
  return value;
}

double duration(std::string_view name, std::string_view text) {
  constexpr double kLongest = 1e9;
  std::string_view number = text;
  double unit = 1;
  if (!text.empty() && std::string_view("smh").find(text.back()) != std::string_view::npos) {
    unit = text.back() == 'h' ? 3600 : text.back() == 'm' ? 60 : 1;
    number.remove_suffix(1);
  }
  const auto given = parsed(number);
  const double seconds = given ? nearest_double(*given) * unit : 0;
  if (!(seconds > 0) || !(seconds <= kLongest)) complain(name, "a time above 0 such as 90, 90s, 5m or 2h", text);
  return seconds;
}

std::vector<Eigen::Index> row_list(std::string_view name, std::string_view text) {
  std::vector<Eigen::Index> rows;
  for (std::string_view rest = text;;) {
    const auto comma = rest.find(',');
    const auto row = read_integer(rest.substr(0, comma));
    if (!row) complain(name, "row numbers such as 1,51,101", text);
    rows.push_back(*row);
    if (comma == std::string_view::npos) return rows;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace assay::app
