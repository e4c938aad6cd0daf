#include "data/csv.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <locale>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "data/file.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts `rest` at the first separator and returns what stood before it.
std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view head = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return head;
}

/// Lines without their ends and without the blank ones at the end of the file.
std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::string_view line = cut(text, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  while (!lines.empty() && trimmed(lines.back()).empty()) lines.pop_back();
  return lines;
}

/// std::from_chars calls both overflow and underflow "out of range"; for underflow the nearest double is wanted.
std::optional<double> out_of_range_number(std::string_view cell) {
  std::istringstream stream{std::string(cell)};
  stream.imbue(std::locale::classic());
  double value = 0;
  if (!(stream >> value) || std::fabs(value) >= 1) return std::nullopt;
  return value;
}

std::optional<double> finite_number(std::string_view cell) {
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-') cell.remove_prefix(1);  // from_chars knows no plus
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end != cell.data() + cell.size() || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) return out_of_range_number(cell);
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// The place in a file whose rows are read one after another.
struct Place {
  const std::string& path;
  bool header;
  Eigen::Index row = 1;  ///< without the header

  template <PartOfFieldText... Parts>
  [[noreturn]] void fail(const Parts&... what) const {
    const std::string line = header ? fmt::format(" (line {})", row + 1) : "";
    throw InputError(fmt::format("{}: row {}{}", printable(path), row, line), what...);
  }

  [[noreturn]] void fail_cell(Eigen::Index column, std::string_view cell) const {
    const bool names = !header && row == 1 && !cell.empty();
    const std::string what = fmt::format(", column {}: expected a finite decimal number, found {}", column,
                                         cell.empty() ? "an empty cell" : shown(cell));
    if (names) fail(what, " (if the first line holds names, give ", field::header, ")");
    fail(what);
  }
};

/// Appends the numbers of one line; returns how many.
Eigen::Index append_row(std::string_view line, const Place& place, std::vector<double>& numbers) {
  Eigen::Index column = 0;
  for (bool more = true; more;) {
    more = line.find(',') != std::string_view::npos;
    const std::string_view cell = trimmed(cut(line, ','));
    const std::optional<double> number = finite_number(cell);
    if (!number) place.fail_cell(column + 1, cell);
    numbers.push_back(*number);
    ++column;
  }
  return column;
}

/// Whether a line reads as data: then it is no line of names, and to skip it would lose a row.
bool holds_numbers_alone(std::string_view line) {
  for (bool more = true; more;) {
    more = line.find(',') != std::string_view::npos;
    if (!finite_number(trimmed(cut(line, ',')))) return false;
  }
  return true;
}

}  // namespace

RealMatrix parse_csv(std::string_view text, const std::string& path, bool header) {
  std::vector<std::string_view> lines = lines_of(text);
  if (header && !lines.empty()) {
    if (holds_numbers_alone(lines.front()))
      throw InputError(printable(path), ": line 1: expected names, as ", field::header, " says, found numbers");
    lines.erase(lines.begin());
  }
  if (lines.empty()) throw InputError(printable(path) + ": no rows");
  std::vector<double> numbers;
  Eigen::Index columns = 0;
  Place place{path, header};
  for (const std::string_view line : lines) {
    if (trimmed(line).empty()) place.fail(" is blank");
    const Eigen::Index found = append_row(line, place, numbers);
    if (place.row == 1) columns = found;
    if (found != columns) place.fail(fmt::format(" has {} columns, expected {}", found, columns));
    ++place.row;
  }
  return Eigen::Map<const RealMatrix>(numbers.data(), place.row - 1, columns);
}

RealMatrix read_csv(const std::string& path, bool header) {
  return parse_csv(read_file(path, kLargestMatrixFile), path, header);
}

void write_csv(const std::string& path, const RealMatrix& matrix) {
  if (!matrix.allFinite()) throw std::invalid_argument("write_csv: an entry is not finite, expected finite entries");
  std::string text;
  for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
    for (Eigen::Index column = 0; column < matrix.cols(); ++column) {
      char digits[32];  // the longest double takes 24
      const auto [end, error] = std::to_chars(digits, digits + sizeof digits, matrix(row, column));
      text.append(digits, end).push_back(column + 1 < matrix.cols() ? ',' : '\n');
    }
  }
  write_file(path, text);
}

}  // namespace assay
