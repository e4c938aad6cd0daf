#include "app/value.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "network/input_error.hpp"
#include "network/message.hpp"

namespace assay::app {
namespace {

[[noreturn]] void fail(std::string_view name, std::string_view expected, std::string_view text) {
  throw InputError(fmt::format("{}: expected {}, found {}", name, expected, shown(text)));
}

/// Reads all of `text` into `value`.
template <class Number>
bool reads(std::string_view text, Number& value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

long integer(std::string_view name, std::string_view text) {
  long value = 0;
  if (!reads(text, value)) fail(name, "an integer", text);
  return value;
}

long integer_between(std::string_view name, std::string_view text, long least, long most) {
  long value = 0;
  if (!reads(text, value) || value < least || value > most)
    fail(name, fmt::format("an integer from {} to {}", least, most), text);
  return value;
}

std::uint64_t seed(std::string_view name, std::string_view text) {
  std::uint64_t value = 0;
  if (!reads(text, value)) fail(name, "an integer from 0 to 18446744073709551615", text);
  return value;
}

double number(std::string_view name, std::string_view text) {
  double value = 0;
  if (!reads(text, value) || !std::isfinite(value)) fail(name, "a finite decimal number", text);
  return value;
}

Decimal decimal(std::string_view name, std::string_view text) {
  try {
    return Decimal(text);
  } catch (const std::invalid_argument&) {
    fail(name, "a decimal number such as 0.1 or 3e-4, or a fraction such as 1/3", text);
  }
}

double relative_width(std::string_view name, std::string_view text) {
  double value = 0;
  if (!reads(text, value) || !(value > 0) || !(value < 1)) fail(name, "a relative width in (0, 1)", text);
  return value;
}

std::vector<Eigen::Index> row_list(std::string_view name, std::string_view text) {
  std::vector<Eigen::Index> rows;
  for (std::string_view rest = text;;) {
    const auto comma = rest.find(',');
    long row = 0;
    if (!reads(rest.substr(0, comma), row)) fail(name, "row numbers such as 1,51,101", text);
    rows.push_back(row);
    if (comma == std::string_view::npos) return rows;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace assay::app
