#include "data/npy.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "data/matrix_file.hpp"
#include "support/scratch.hpp"

namespace assay {
namespace {

std::string little_endian(std::uint64_t value, std::size_t count) {
  std::string bytes;
  for (std::size_t k = 0; k < count; ++k) bytes += static_cast<char>(value >> (8 * k) & 0xff);
  return bytes;
}

std::string data(const std::vector<double>& entries) {
  std::string bytes;
  for (const double entry : entries) bytes += little_endian(std::bit_cast<std::uint64_t>(entry), 8);
  return bytes;
}

/// A NumPy file; the header padded as NumPy does.
std::string npy(std::string header, const std::string& bytes, char version = 1) {
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  while ((8 + length_bytes + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  return std::string("\x93NUMPY") + version + '\0' + little_endian(header.size(), length_bytes) + header + bytes;
}

std::string header_of(std::string_view shape, std::string_view descr = "'<f8'", std::string_view order = "False") {
  return fmt::format("{{'descr': {}, 'fortran_order': {}, 'shape': {}, }}", descr, order, shape);
}

std::string complaint(const std::string& bytes) {
  return input_error_of([&] { parse_npy(bytes, "w.npy"); });
}

TEST_CASE("a well-formed NPY file gives its matrix") {
  const RealMatrix expected{{1, -0.1, 5e-324}, {4, 1e300, 6}};
  const std::string entries = data({1, -0.1, 5e-324, 4, 1e300, 6});
  for (const char version : {'\1', '\2', '\3'})
    CHECK(parse_npy(npy(header_of("(2, 3)"), entries, version), "w.npy") == expected);
  CHECK(parse_npy(npy("{'shape':(2,3),'fortran_order':False,'descr':\"<f8\"}", entries), "w.npy") == expected);
  CHECK(parse_npy(npy(header_of("(3, 2)"), entries), "w.npy") == RealMatrix{{1, -0.1}, {5e-324, 4}, {1e300, 6}});
  const Scratch scratch;
  CHECK(read_matrix(scratch.file("w.npy", npy(header_of("(2, 3)"), entries)), true) == expected);
}

TEST_CASE("floats are those very doubles, and columns may come first") {
  const std::vector<float> entries{1, -0.1F, 1e-45F, 4, 3e38F, 6};
  std::string bytes;
  for (const float entry : entries) bytes += little_endian(std::bit_cast<std::uint32_t>(entry), 4);
  const RealMatrix rows{{1, double{-0.1F}, double{1e-45F}}, {4, double{3e38F}, 6}};
  CHECK(parse_npy(npy(header_of("(2, 3)", "'<f4'"), bytes), "w.npy") == rows);
  CHECK(rows(0, 1) != -0.1);
  CHECK(parse_npy(npy(header_of("(3, 2)", "'<f4'", "True"), bytes), "w.npy") == RealMatrix(rows.transpose()));
  CHECK(parse_npy(npy(header_of("(3, 2)", "'<f8'", "True"), data({1, 2, 3, 4, 5, 6})), "w.npy") ==
        RealMatrix{{1, 4}, {2, 5}, {3, 6}});
  const std::string nan = little_endian(std::bit_cast<std::uint32_t>(std::nanf("")), 4);
  CHECK(complaint(npy(header_of("(2, 2)", "'<f4'", "True"), bytes.substr(0, 8) + nan + bytes.substr(0, 4))) ==
        "w.npy: row 1, column 2: expected a finite number, found NaN");
}

TEST_CASE("a malformed NPY file is refused with what was expected") {
  const std::string six = data({1, 2, 3, 4, 5, 6}), good = npy(header_of("(2, 3)"), six);
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  struct Malformed {
    std::string bytes, message;
  };
  const Malformed malformed[] = {
      {"", "w.npy: not a NumPy file: expected the magic bytes \\x93NUMPY"},
      {"1,2\n", "w.npy: not a NumPy file: expected the magic bytes \\x93NUMPY"},
      {good.substr(0, 6), "w.npy: the header is truncated"},
      {good.substr(0, 9), "w.npy: the header is truncated"},
      {good.substr(0, 40), "w.npy: the header is truncated"},
      {std::string("\x93NUMPY\x02\0\xff\xff\xff\xff{}", 14), "w.npy: the header is truncated"},
      {npy(header_of("(2, 3)"), six, 4), "w.npy: NumPy format 4 is not supported, expected 1, 2 or 3"},
      {npy(header_of("(2, 3)"), six, -1), "w.npy: NumPy format -1 is not supported, expected 1, 2 or 3"},
      {npy(header_of("(2, 3)", "'<i8'"), six),
       "w.npy: dtype '<i8' is not supported, expected '<f8' or '<f4' (save with W.astype('<f8'))"},
      {npy(header_of("(2, 3)", "'>f8'"), six),
       "w.npy: dtype '>f8' is not supported, expected '<f8' or '<f4' (save with W.astype('<f8'))"},
      {npy(header_of("(2, 3)", "'|O'"), six),
       "w.npy: dtype '|O' is not supported, expected '<f8' or '<f4' (save with W.astype('<f8'))"},
      {npy(header_of("(2, 3)", "[('a', '<f8')]"), six),
       "w.npy: dtype '[('a', '<f8')]' is not supported, expected '<f8' or '<f4' (save with W.astype('<f8'))"},
      {npy(header_of("(2, 3)", "'<f8'", "Maybe"), six), "w.npy: fortran_order 'Maybe': expected True or False"},
      {npy(header_of("(2, 3)", "'<f4'"), six), "w.npy: 48 bytes of data, expected 4 x 2 x 3"},
      {npy(header_of("(6,)"), six),
       "w.npy: shape '(6,)': expected two dimensions, rows and columns (save with W.reshape(rows, columns))"},
      {npy(header_of("()"), six),
       "w.npy: shape '()': expected two dimensions, rows and columns (save with W.reshape(rows, columns))"},
      {npy(header_of("(1, 2, 3)"), six),
       "w.npy: shape '(1, 2, 3)': expected two dimensions, rows and columns (save with W.reshape(rows, columns))"},
      {npy(header_of("(-2, 3)"), six),
       "w.npy: shape '(-2, 3)': expected two dimensions, rows and columns (save with W.reshape(rows, columns))"},
      {npy(header_of("(99999999999999999999, 3)"), six),
       "w.npy: shape '(99999999999999999999, 3...': expected two dimensions, rows and columns (save with "
       "W.reshape(rows, columns))"},
      {npy(header_of("(0, 3)"), ""), "w.npy: no rows"},
      {npy(header_of("(2, 0)"), ""), "w.npy: no columns"},
      {npy(header_of("(2, 3)"), six.substr(0, 40)), "w.npy: 40 bytes of data, expected 8 x 2 x 3"},
      {npy(header_of("(2, 3)"), six.substr(0, 47)), "w.npy: 47 bytes of data, expected 8 x 2 x 3"},
      {npy(header_of("(2, 3)"), six + "x"), "w.npy: 49 bytes of data, expected 8 x 2 x 3"},
      {npy(header_of("(2, 3)"), six + six), "w.npy: 96 bytes of data, expected 8 x 2 x 3"},
      {npy(header_of("(2, 3)"), six + data({7})), "w.npy: 56 bytes of data, expected 8 x 2 x 3"},
      // Products that would overflow to something small, or ask for all the memory there is.
      {npy(header_of("(4611686018427387904, 4)"), ""), "w.npy: 0 bytes of data, expected 8 x 4611686018427387904 x 4"},
      {npy(header_of("(1000000000, 1000)"), six), "w.npy: 48 bytes of data, expected 8 x 1000000000 x 1000"},
      {npy(header_of("(2, 2)"), data({1, 2, 3, nan})), "w.npy: row 2, column 2: expected a finite number, found NaN"},
      {npy(header_of("(2, 2)"), data({1, -infinity, 3, 4})),
       "w.npy: row 1, column 2: expected a finite number, found infinity"},
  };
  for (const Malformed& row : malformed) CHECK(complaint(row.bytes) == row.message);
}

TEST_CASE("a malformed NPY header is refused") {
  for (const std::string_view header :
       {"", "{", "{}", "[1]", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': }", "{'descr': '<f8', 'fortran_order': False, 'shape'",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)} x",
        "{'descr: '<f8', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<f8' 'fortran_order': False, 'shape': (2, 3)}", "{::::}", "{,}", "{'", "{)))"}) {
    CAPTURE(header);
    CHECK(complaint(npy(std::string(header), data({1, 2, 3, 4, 5, 6}))) ==
          "w.npy: the header is malformed: expected a dictionary with descr, fortran_order and shape");
  }
}

TEST_CASE("any cut or changed byte of an NPY file is an error or a matrix and never a crash") {
  const std::string good = npy(header_of("(2, 3)"), data({1, 2, 3, 4, 5, 6}));
  for (std::size_t k = 0; k < good.size(); ++k) {
    CHECK(complaint(good.substr(0, k)) != "no error");
    for (const char c : {'\0', '\xff', '(', ')', '\'', ',', '}', '9', '-'}) {
      std::string bad = good;
      bad[k] = c;
      complaint(bad);
    }
  }
}

}  // namespace
}  // namespace assay
