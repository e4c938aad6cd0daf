#include "data/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "data/file.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw InputError(printable(path) + ": " + what);
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t k = bytes.size(); k-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[k]);
  return value;
}

/// The dictionary at the head of the file: values as they are written, e.g. descr = "'<f8'".
struct Header {
  std::optional<std::string_view> descr, fortran_order, shape;
};

/// Reads {'name': value, ...}; nullopt if it is not of that form or a name is unknown or repeated.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : rest_(text) {}

  std::optional<Header> read() {
    Header header;
    if (!skip('{')) return std::nullopt;
    while (!skip('}')) {
      const std::string_view name = value();
      if (!skip(':')) return std::nullopt;
      auto* field = field_of(header, name);
      if (field == nullptr || *field) return std::nullopt;
      *field = value();
      if ((*field)->empty()) return std::nullopt;
      if (!skip(',') && !rest_.starts_with('}')) return std::nullopt;
    }
    skip_blanks();
    if (!rest_.empty() || !header.descr || !header.fortran_order || !header.shape) return std::nullopt;
    return header;
  }

 private:
  static std::optional<std::string_view>* field_of(Header& header, std::string_view name) {
    if (name.size() < 2) return nullptr;
    name = name.substr(1, name.size() - 2);
    if (name == "descr") return &header.descr;
    if (name == "fortran_order") return &header.fortran_order;
    return name == "shape" ? &header.shape : nullptr;
  }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size())); }

  bool skip(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }

  /// Everything up to the next , : or } outside quotes and brackets, without blanks at the end.
  std::string_view value() {
    std::size_t end = 0;
    int depth = 0;
    char quote = 0;
    for (; end < rest_.size(); ++end) {
      const char c = rest_[end];
      if (quote != 0) {
        if (c == quote) quote = 0;
        continue;
      }
      if (depth == 0 && (c == ',' || c == ':' || c == '}')) break;
      if (c == '\'' || c == '"') quote = c;
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') --depth;
    }
    const std::string_view found = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return found.substr(0, found.find_last_not_of(" \t\n") + 1);
  }

  std::string_view rest_;
};

/// The numbers of "(4, 3)"; nullopt if the text is not a tuple of non-negative integers.
std::optional<std::vector<Eigen::Index>> tuple_of(std::string_view text) {
  if (!text.starts_with('(') || !text.ends_with(')')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<Eigen::Index> numbers;
  while (text.find_first_not_of(' ') != std::string_view::npos) {
    text.remove_prefix(text.find_first_not_of(' '));
    Eigen::Index number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (!text.empty() && text.front() != ',') return std::nullopt;
    if (!text.empty()) text.remove_prefix(1);
    numbers.push_back(number);
  }
  return numbers;
}

/// Splits the file into the text of its header and the data.
std::pair<std::string_view, std::string_view> header_and_data(std::string_view bytes, const std::string& path) {
  if (!bytes.starts_with("\x93NUMPY")) fail(path, "not a NumPy file: expected the magic bytes \\x93NUMPY");
  bytes.remove_prefix(6);
  if (bytes.size() < 2) fail(path, "the header is truncated");
  const int version = bytes[0];
  if (version < 1 || version > 3) {
    fail(path, fmt::format("NumPy format {} is not supported, expected 1, 2 or 3", version));
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  bytes.remove_prefix(2);
  if (bytes.size() < length_bytes) fail(path, "the header is truncated");
  const std::uint64_t length = little_endian(bytes.substr(0, length_bytes));
  bytes.remove_prefix(length_bytes);
  if (bytes.size() < length) fail(path, "the header is truncated");
  return {bytes.substr(0, length), bytes.substr(length)};
}

/// Rows and columns of a header that describes a C-ordered matrix of doubles.
std::pair<Eigen::Index, Eigen::Index> checked_shape(const Header& header, const std::string& path) {
  if (*header.descr != "'<f8'" && *header.descr != "\"<f8\"") {
    const bool plain = header.descr->starts_with('\'') && header.descr->size() > 2;
    const std::string_view inside = plain ? header.descr->substr(1, header.descr->size() - 2) : *header.descr;
    fail(path, fmt::format("dtype {} is not supported, expected '<f8' (save with W.astype('<f8'))", shown(inside)));
  }
  if (*header.fortran_order != "False") {
    fail(path, fmt::format("fortran_order {}: expected C order (save with np.ascontiguousarray)",
                           shown(*header.fortran_order)));
  }
  const auto shape = tuple_of(*header.shape);
  if (!shape || shape->size() != 2) {
    fail(path, fmt::format("shape {}: expected two dimensions, rows and columns (save with W.reshape(rows, columns))",
                           shown(*header.shape)));
  }
  if (shape->front() == 0) fail(path, "no rows");
  if (shape->back() == 0) fail(path, "no columns");
  return {shape->front(), shape->back()};
}

}  // namespace

RealMatrix parse_npy(std::string_view bytes, const std::string& path) {
  const auto [text, data] = header_and_data(bytes, path);
  const std::optional<Header> header = HeaderReader(text).read();
  if (!header) fail(path, "the header is malformed: expected a dictionary with descr, fortran_order and shape");
  const auto [rows, columns] = checked_shape(*header, path);
  const std::size_t entries = data.size() / 8, width = static_cast<std::size_t>(columns);
  // By division, as rows * columns may not fit.
  if (data.size() % 8 != 0 || entries % width != 0 || entries / width != static_cast<std::size_t>(rows)) {
    fail(path, fmt::format("{} bytes of data, expected 8 x {} x {}", data.size(), rows, columns));
  }
  RealMatrix matrix(rows, columns);
  for (std::size_t k = 0; k < entries; ++k) {
    const double entry = std::bit_cast<double>(little_endian(data.substr(8 * k, 8)));
    if (!std::isfinite(entry)) {
      fail(path, fmt::format("row {}, column {}: expected a finite number, found {}", k / width + 1, k % width + 1,
                             std::isnan(entry) ? "NaN" : "infinity"));
    }
    matrix.data()[k] = entry;
  }
  return matrix;
}

RealMatrix read_npy(const std::string& path) {
  return parse_npy(read_file(path, kLargestMatrixFile), path);
}

}  // namespace assay
