#include "report/text.hpp"

#include <doctest/doctest.h>

#include "sample.hpp"

namespace assay {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("columns stand under each other, also with letters of several bytes") {
  CHECK(text_table({"a", "b"}, {{"1 ± 2", "x"}, {"1", "y"}}) == "a      b\n1 ± 2  x\n1      y\n");
  CHECK(text_table({}, {{"a", ""}}) == "a\n");
  CHECK(text_table({}, {}) == "");
}

TEST_CASE("findings in the terminal: verdicts, sides, reasons, no TeX") {
  const std::string text = findings_text(sample::findings());
  CHECK(has(text, "ntk_perturbation: PASS\n"));
  CHECK(has(text, "ntk_perturbation: NOT APPLICABLE\n"));
  CHECK(has(text, "softmax_row [ball]: For every W~ in the ball: |H(W~)-H(W)|_F <= R nd e^(10B)."));
  CHECK(has(text, "counterexample: counterexamples/first order 2.csv"));
  CHECK(has(text, "because hypothesis radius_small certainly fails"));
  CHECK(has(text, "VACUOUS"));
  CHECK(!has(text, "\\"));
  CHECK(!has(text, "$"));
}

TEST_CASE("long texts are broken at blanks, into lines of at most 110 columns") {
  const std::string first(60, 'a'), fits(45, 'b'), too_long(46, 'c');
  Finding finding = sample::passing();
  finding.notes = {first + " " + fits, first + " " + too_long};
  const std::string text = findings_text({finding});
  CHECK(has(text, "\n  * " + first + " " + fits + "\n"));
  CHECK(has(text, "\n  * " + first + "\n    " + too_long + "\n"));
}

TEST_CASE("evaluations in the terminal") {
  const std::string text = evaluation_text(sample::evaluation());
  CHECK(has(text, "lambda_min_H  [0.08822704999, 0.08822705000]"));
  CHECK(has(text, "[1.25, inf]"));
  CHECK(has(text, "deep tier, 256 bits"));
}

TEST_CASE("bounds in the terminal: value, power of ten, what drives it, what is vacuous") {
  const std::string text = bounds_text(sample::bounds());
  CHECK(has(text, "at n = 4, delta = 0.05, sigma = 1"));
  CHECK(has(text, "10^357.30 to 10^357.35"));
  CHECK(has(text, "e^(18B)"));
  CHECK(has(text, "m: wider than any computer: m >= 10^357"));
}

}  // namespace
}  // namespace assay
