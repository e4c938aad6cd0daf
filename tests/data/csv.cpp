#include "data/csv.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "data/matrix_file.hpp"
#include "support/scratch.hpp"

namespace assay {
namespace {

std::string complaint(std::string_view text, bool header = false) {
  return input_error_of([&] { parse_csv(text, "x.csv", header); });
}

TEST_CASE("a well-formed CSV file gives its matrix") {
  const RealMatrix expected{{1, -2.5}, {0.1, 4e-3}};
  for (const std::string_view text : {
           "1,-2.5\n0.1,4e-3\n",
           "1,-2.5\n0.1,4e-3",             // no end of the last line
           "1,-2.5\r\n0.1,4e-3\r\n",       // CRLF
           " 1 ,\t-2.5\n  0.1, 4E-3  \n",  // blanks around
           "1,-2.5\n0.1,4e-3\n\n \n\r\n",  // blank lines at the end
           "\xEF\xBB\xBF"
           "1,-2.5\n0.1,4e-3\n",  // byte-order mark
           "+1,-2.50\n.1,+4.e-3\n",
       }) {
    CAPTURE(text);
    CHECK(parse_csv(text, "x.csv", false) == expected);
  }
  CHECK(parse_csv("a,b\n1,-2.5\n0.1,4e-3\n", "x.csv", true) == expected);
  CHECK(parse_csv("7\n", "x.csv", false) == RealMatrix{{7}});
}

TEST_CASE("a CSV number is the nearest double") {
  const auto number = [](std::string_view text) { return parse_csv(text, "x.csv", false)(0, 0); };
  CHECK(number("9007199254740993") == 9007199254740992);  // a tie, to even
  CHECK(number("9007199254740993.00000000000000000000000000000000001") == 9007199254740994);
  CHECK(number("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(number("5e-324") == 0x1p-1074);
  CHECK(number("2.2250738585072011e-308") == 0x1.ffffffffffffep-1023);  // the greatest subnormal
  CHECK(number("3e-324") == 0x1p-1074);
  CHECK(number("2e-324") == 0);
  CHECK(number("1e-400") == 0);
  CHECK(std::signbit(number("-1e-99999")));
  CHECK(number("0e999999") == 0);
}

TEST_CASE("a malformed CSV file is refused with its place") {
  struct Malformed {
    std::string_view text, message;
  };
  const std::string_view number = "expected a finite decimal number, found ";
  const Malformed malformed[] = {
      {"", "x.csv: no rows"},
      {"\n \r\n\n", "x.csv: no rows"},
      {"1,2\n3,4\n5,abc\n", "x.csv: row 3, column 2: {}'abc'"},
      {"1,2\n3,\n", "x.csv: row 2, column 2: {}an empty cell"},
      {"1,2\n,3\n", "x.csv: row 2, column 1: {}an empty cell"},
      {"1,2\n3,4,\n", "x.csv: row 2, column 3: {}an empty cell"},
      {"1,2\n3,  \n", "x.csv: row 2, column 2: {}an empty cell"},
      {"1,2\n3,4\n5,6\n7,8,9\n", "x.csv: row 4 has 3 columns, expected 2"},
      {"1,2\n3\n", "x.csv: row 2 has 1 columns, expected 2"},
      {"1,2\n\n3,4\n", "x.csv: row 2 is blank"},
      {"\n1,2\n", "x.csv: row 1 is blank"},
      {"1\nnan\n", "x.csv: row 2, column 1: {}'nan'"},
      {"1\n-nan(7)\n", "x.csv: row 2, column 1: {}'-nan(7)'"},
      {"1\ninf\n", "x.csv: row 2, column 1: {}'inf'"},
      {"1\n-Infinity\n", "x.csv: row 2, column 1: {}'-Infinity'"},
      {"1\n1e309\n", "x.csv: row 2, column 1: {}'1e309'"},
      {"1\n-1e99999\n", "x.csv: row 2, column 1: {}'-1e99999'"},
      {"1\n0x1p3\n", "x.csv: row 2, column 1: {}'0x1p3'"},
      {"1\n1 2\n", "x.csv: row 2, column 1: {}'1 2'"},
      {"1\n1;2\n", "x.csv: row 2, column 1: {}'1;2'"},
      {"1\n1d5\n", "x.csv: row 2, column 1: {}'1d5'"},
      {"1\n1e\n", "x.csv: row 2, column 1: {}'1e'"},
      {"1\n+\n", "x.csv: row 2, column 1: {}'+'"},
      {"1\n+-2\n", "x.csv: row 2, column 1: {}'+-2'"},
      {"1\n++2\n", "x.csv: row 2, column 1: {}'++2'"},
      {"1\n.\n", "x.csv: row 2, column 1: {}'.'"},
      {"1\n\"2\"\n", "x.csv: row 2, column 1: {}'\"2\"'"},
      {"1\n\x1b[31m2\n", "x.csv: row 2, column 1: {}'\\x1b[31m2'"},
      {"1\n\xc3\xa9\n", "x.csv: row 2, column 1: {}'\\xc3\\xa9'"},
      {"1\n2\r3\n", "x.csv: row 2, column 1: {}'2\\x0d3'"},
      {std::string_view("1\n\0002\n", 5), "x.csv: row 2, column 1: {}'\\x002'"},
      {"1\nabcdefghijklmnopqrstuvwxyz0123456789\n", "x.csv: row 2, column 1: {}'abcdefghijklmnopqrstuvwx...'"},
      {"a,b\n1,2\n", "x.csv: row 1, column 1: {}'a' (if the first line holds names, give header)"},
      {"150,4,setosa\n1,2,3\n", "x.csv: row 1, column 3: {}'setosa' (if the first line holds names, give header)"},
      {",2\n", "x.csv: row 1, column 1: {}an empty cell"},
  };
  for (const Malformed& row : malformed) {
    CAPTURE(row.text);
    CHECK(complaint(row.text) == fmt::format(fmt::runtime(row.message), number));
  }
}

TEST_CASE("with a header a message names the row and the line") {
  CHECK(complaint("a,b\n", true) == "x.csv: no rows");
  CHECK(complaint("1,2\n3,4\n", true) == "x.csv: line 1: expected names, as header says, found numbers");
  CHECK(complaint("1,b\n3,4\n", true) == "no error");
  CHECK(complaint("a,b\n1,2\n3\n", true) == "x.csv: row 2 (line 3) has 1 columns, expected 2");
  CHECK(complaint("a,b\nc,2\n", true) ==
        "x.csv: row 1 (line 2), column 1: expected a finite decimal number, found 'c'");
}

TEST_CASE("a file that cannot be read is named") {
  const Scratch scratch;
  const std::string absent = scratch.path("absent.csv"), folder = scratch.path(".");
  CHECK(input_error_of([&] { read_csv(absent, false); }) == absent + ": cannot be opened (No such file or directory)");
  CHECK(input_error_of([&] { read_csv(folder, false); }) == folder + ": expected a file, found a folder");
  CHECK(input_error_of([&] { read_csv("a\nb.csv", false); }) ==
        "a\\x0ab.csv: expected a file name without control characters");
  CHECK(input_error_of([&] { read_matrix("x.txt", false); }) == "x.txt: expected a name that ends in .csv or .npy");
}

TEST_CASE("a written matrix reads back bit for bit") {
  const Scratch scratch;
  std::mt19937_64 generator(3);
  RealMatrix matrix(50, 4);
  for (Eigen::Index k = 0; k < matrix.size(); ++k) {
    double value = std::numeric_limits<double>::infinity();
    while (!std::isfinite(value)) value = std::bit_cast<double>(generator());
    matrix.data()[k] = value;
  }
  matrix.row(0) << 0.0, -0.0, 0x1p-1074, std::numeric_limits<double>::max();
  const std::string path = scratch.path("out.csv");
  write_csv(path, matrix);
  const RealMatrix back = read_matrix(path, false);
  REQUIRE(back.rows() == matrix.rows());
  for (Eigen::Index k = 0; k < matrix.size(); ++k) {
    CHECK(std::bit_cast<std::uint64_t>(back.data()[k]) == std::bit_cast<std::uint64_t>(matrix.data()[k]));
  }
  write_csv(path, RealMatrix{{0.1, 2}, {-3, 1e300}});
  std::ifstream file(path);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "0.1,2\n-3,1e+300\n");
  CHECK(scratch.files() == 1);
}

TEST_CASE("writing fails whole and leaves nothing behind") {
  const Scratch scratch;
  const std::string folder = scratch.path("folder"), nowhere = scratch.path("absent/out.csv");
  std::filesystem::create_directory(folder);
  CHECK(input_error_of([&] { write_csv(folder, RealMatrix{{1}}); }) == folder + ": cannot be written (Is a directory)");
  CHECK(input_error_of([&] { write_csv(nowhere, RealMatrix{{1}}); }) ==
        nowhere + ": cannot be written (No such file or directory)");
  const std::string old = scratch.file("old.csv", "7\n");
  CHECK_THROWS_AS(write_csv(old, RealMatrix{{std::nan("")}}), std::invalid_argument);
  CHECK(read_csv(old, false) == RealMatrix{{7}});
  CHECK(scratch.files() == 2);
}

}  // namespace
}  // namespace assay
