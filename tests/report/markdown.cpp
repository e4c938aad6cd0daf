#include "report/markdown.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "report/index.hpp"
#include "sample.hpp"

namespace assay {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// Unescaped pipes of a line; REQUIREs that none is inside a formula.
std::size_t pipes_of(const std::string& line) {
  std::size_t pipes = 0;
  bool in_formula = false;
  for (std::size_t k = 0; k < line.size(); ++k) {
    if (line[k] == '\\') {
      ++k;
    } else if (line[k] == '$') {
      in_formula = !in_formula;
    } else if (line[k] == '|') {
      CHECK_MESSAGE(!in_formula, line);
      ++pipes;
    }
  }
  CHECK_MESSAGE(!in_formula, line);
  return pipes;
}

/// Every table has rows of as many cells as its header.
void check_tables(const std::string& markdown) {
  std::size_t expected = 0, tables = 0;
  for (const std::string& line : lines_of(markdown)) {
    if (!line.starts_with('|')) {
      expected = 0;
      continue;
    }
    const std::size_t pipes = pipes_of(line);
    if (expected == 0) ++tables;
    if (expected != 0) CHECK_MESSAGE(pipes == expected, line);
    expected = pipes;
  }
  CHECK(tables > 0);
}

std::string report(const std::vector<Finding>& findings) {
  return theorem_markdown(sample::theorem(), sample::kCard, findings, sample::run(),
                          {{"ntk_perturbation.svg", "The bound of the *paper*, $|x|$", "<svg/>"}});
}

std::string sample_index(const std::vector<Expectation>& expected = {}) {
  static const Theorem theorem = sample::theorem();
  return index_markdown({{&theorem, sample::findings()}}, expected, sample::run());
}

TEST_CASE("a report has well-formed tables") {
  check_tables(report(sample::findings()));
  check_tables(sample_index());
}

TEST_CASE("a report says what was found, in plain words") {
  const std::string text = report(sample::findings());
  for (const std::string part : {
           "# The kernel moves little when the weights do\n",
           "Checked on 4 instances: passes on 1, fails on 1, inconclusive on 1, not applicable on 1.",
           "## Instance 4\n",
           "iris rows 1,51,101 | weights from w\\_drawn.csv: **fail**. Certainly false as encoded, on this instance: "
           "`first_order`; what is proved nevertheless is below.",
           "Not decided, which proves nothing either way: `softmax_row`",
           "certainly false is its hypothesis `radius_small`",
           "[`counterexamples/first order 2.csv`](<counterexamples/first%20order%202.csv>)",
           "holds (vacuous)",
           "0.005 ± ",
           "### Statement\n",
           "$\\lVert H(\\tilde W)-H(W)\\rVert_F\\le R^2$",
           "![The bound of the paper, |x|](",
           "--radius 0.005  # instance 1\n",
           "Versions: assay ",
       }) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("a report is the same in every run") {
  std::vector<Finding> findings = sample::findings();
  const std::string before = report(findings);
  for (Finding& finding : findings) finding.seconds *= 3;
  RunInfo run = sample::run();
  run.seconds = run.threads = 64;
  CHECK(theorem_markdown(sample::theorem(), "", findings, run) ==
        theorem_markdown(sample::theorem(), "", sample::findings(), sample::run()));
  CHECK(report(findings) == before);
}

TEST_CASE("a finding shows its charts below its claims, with their data") {
  const std::string text = theorem_markdown(sample::theorem(), "", sample::findings(), sample::run(), {},
                                            {{}, {{"t-a b|c-path", "The path of $|x|$", "<svg/>", "x,y\n"}}});
  const std::string expected =
      "![The path of |x|](t-a%20b%7Cc-path.svg)\n\nThe path of $\\vert x\\vert$ ([data](t-a%20b%7Cc-path.csv))\n\n";
  const auto at = text.find(expected), second = text.find("## Instance 2");
  REQUIRE(at != std::string::npos);
  CHECK(at > text.find("| claim |", second));
  CHECK(at < text.find("| quantity |", second));
  CHECK(count_of(text, "![") == 1);
}

TEST_CASE("constants are printed once if all findings share them, else with each") {
  std::vector<Finding> findings = sample::findings();
  CHECK(count_of(report(findings), "`e1.exponent`") == 1);
  findings[1].constants[0].second.value = Decimal("8");
  CHECK(count_of(report(findings), "`e1.exponent`") == findings.size());
}

TEST_CASE("a report without findings stands") {
  const std::string text = theorem_markdown(sample::theorem(), "", {}, sample::run());
  CHECK(text.find("Not checked on any instance.") != std::string::npos);
  CHECK(text.find("| instance |") == std::string::npos);
}

TEST_CASE("the index leads to the reports") {
  const std::string text = sample_index();
  CHECK(text.find("](ntk_perturbation.md)") != std::string::npos);
  CHECK(text.find("assay verify --suite standard.toml") != std::string::npos);
  CHECK(text.find("passes on 1, **fails** on 1") != std::string::npos);
}

TEST_CASE("signs that open a tag in HTML do not reach a cell bare") {
  const std::string text = report(sample::findings());
  CHECK(text.find("| < |") == std::string::npos);
  CHECK(text.find("| \\< |") != std::string::npos);
}

}  // namespace
}  // namespace assay
