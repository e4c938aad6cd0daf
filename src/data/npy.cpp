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

[[noreturn]] void bad_npy(const std::string& path, const std::string& what) {
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
  if (!bytes.starts_with("\x93NUMPY")) bad_npy(path, "not a NumPy file: expected the magic bytes \\x93NUMPY");
  bytes.remove_prefix(6);
  if (bytes.size() < 2) bad_npy(path, "the header is truncated");
  const int version = bytes[0];
  if (version < 1 || version > 3) {
    bad_npy(path, fmt::format("NumPy format {} is not supported, expected 1, 2 or 3", version));
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  bytes.remove_prefix(2);
  if (bytes.size() < length_bytes) bad_npy(path, "the header is truncated");
  const std::uint64_t length = little_endian(bytes.substr(0, length_bytes));
  bytes.remove_prefix(length_bytes);
  if (bytes.size() < length) bad_npy(path, "the header is truncated");
  return {bytes.substr(0, length), bytes.substr(length)};
}

/// What the header says of the data: a matrix of doubles or floats in rows, or in columns (Fortran's order).
struct Layout {
  Eigen::Index rows = 0, columns = 0;
  std::size_t bytes = 8;  ///< of a number
  bool by_columns = false;
};

/// The text between quotation marks, or all of it where there are none.
std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() > 2 && (text.front() == '\'' || text.front() == '"');
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

Layout checked_layout(const Header& header, const std::string& path) {
  Layout layout;
  const std::string_view dtype = unquoted(*header.descr);
  if (dtype != "<f8" && dtype != "<f4")
    bad_npy(path, fmt::format("dtype {} is not supported, expected '<f8' or '<f4' (save with W.astype('<f8'))",
                              shown(dtype)));
  layout.bytes = dtype == "<f8" ? 8 : 4;
  if (*header.fortran_order != "False" && *header.fortran_order != "True")
    bad_npy(path, fmt::format("fortran_order {}: expected True or False", shown(*header.fortran_order)));
  layout.by_columns = *header.fortran_order == "True";
  const auto shape = tuple_of(*header.shape);
  if (!shape || shape->size() != 2) {
    bad_npy(path,
            fmt::format("shape {}: expected two dimensions, rows and columns (save with W.reshape(rows, columns))",
                        shown(*header.shape)));
  }
  if (shape->front() == 0) bad_npy(path, "no rows");
  if (shape->back() == 0) bad_npy(path, "no columns");
  layout.rows = shape->front();
  layout.columns = shape->back();
  return layout;
}

/// The number that begins with these bytes; a float is that double exactly.
double number_at(std::string_view bytes, std::size_t size) {
  const std::uint64_t bits = little_endian(bytes.substr(0, size));
  return size == 8 ? std::bit_cast<double>(bits)
                   : static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
}

}  // namespace

RealMatrix parse_npy(std::string_view bytes, const std::string& path) {
  const auto [text, data] = header_and_data(bytes, path);
  const std::optional<Header> header = HeaderReader(text).read();
  if (!header) bad_npy(path, "the header is malformed: expected a dictionary with descr, fortran_order and shape");
  const Layout layout = checked_layout(*header, path);
  const std::size_t entries = data.size() / layout.bytes, width = static_cast<std::size_t>(layout.columns),
                    height = static_cast<std::size_t>(layout.rows);
  // By division, as rows * columns may not fit.
  if (data.size() % layout.bytes != 0 || entries % width != 0 || entries / width != height)
    bad_npy(path, fmt::format("{} bytes of data, expected {} x {} x {}", data.size(), layout.bytes, height, width));
  RealMatrix matrix(layout.rows, layout.columns);
  for (std::size_t i = 0; i < height; ++i)
    for (std::size_t j = 0; j < width; ++j) {
      const std::size_t place = layout.by_columns ? j * height + i : i * width + j;
      const double entry = number_at(data.substr(layout.bytes * place), layout.bytes);
      if (!std::isfinite(entry))
        bad_npy(path, fmt::format("row {}, column {}: expected a finite number, found {}", i + 1, j + 1,
                                  std::isnan(entry) ? "NaN" : "infinity"));
      matrix.data()[i * width + j] = entry;
    }
  return matrix;
}

RealMatrix read_npy(const std::string& path) {
  return parse_npy(read_file(path, kLargestMatrixFile), path);
}

}  // namespace assay
