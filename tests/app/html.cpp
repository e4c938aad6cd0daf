#include <doctest/doctest.h>

#include "data/digest.hpp"
#include "run_program.hpp"

namespace assay {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Programs are looked for in another folder while it lives.
class SearchPath {
 public:
  explicit SearchPath(const std::string& folder) : old_(std::getenv("PATH")) { setenv("PATH", folder.c_str(), 1); }
  SearchPath(const SearchPath&) = delete;
  SearchPath& operator=(const SearchPath&) = delete;
  ~SearchPath() { setenv("PATH", old_.c_str(), 1); }

 private:
  std::string old_;
};

constexpr const char* kNumbers = "0.5,0.25\n-0.5,0.5\n0,0.25\n";

TEST_CASE("check --html writes one page with everything in it, and the hashes of what it read") {
  const Scratch scratch;
  const std::string name = "x <&>.csv";
  scratch.file(name, kNumbers);
  const Run run = run_program(scratch, {"check", "basic_event", "width", "--x", name, "--y", name, "--m", "32",
                                        "--html", "page.html", "--json", "page.json"});
  CHECK(run.err == "");
  CHECK(run.out != "");
  const std::string page = contents(scratch.path("page.html"));
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK(has(page, "All logits are bounded at initialization"));
  CHECK(has(page, "Widths at which gradient descent trains the network"));
  CHECK(has(page, "<math"));
  CHECK(has(page, "<svg"));
  CHECK(has(page, "data:text/csv"));
  CHECK(has(page, "x &lt;&amp;&gt;.csv"));
  CHECK(!has(page, "x <&"));
  CHECK(has(page, sha256(kNumbers)));
  CHECK(has(page, "./assay check basic_event width --x"));
  int files = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(scratch.path(""))) ++files;
  CHECK(files == 3);  // nothing beside the page
}

TEST_CASE("check --html - writes the page alone to standard output") {
  const Scratch scratch;
  const std::vector<std::string> command = words("check basic_event --n 3 --d-in 2 --d 2 --m 32 --sigma 1 --html -");
  CHECK(run_program(scratch, command).out.starts_with("<!DOCTYPE html>"));
  std::vector<std::string> twice = command;
  twice.insert(twice.end(), {"--json", "-"});
  const Run run = run_program(scratch, twice);
  CHECK(run.status == 2);
  CHECK(run.err == "assay: --json and --html: expected at most one of them to be -\n");
}

TEST_CASE("verify --html writes a page for every page of Markdown") {
  const Scratch scratch;
  scratch.file("suite.toml",
               "theorems = [\"basic_event\", \"ntk_perturbation\"]\n[[instance]]\nn = 3\nd = 2\nm = 32\n");
  const Run run = run_program(scratch, words("verify --suite suite.toml --html --out out"));
  CHECK(has(run.out, "report: out/index.html"));
  int pages = 0;
  for (const auto& file : std::filesystem::directory_iterator(scratch.path("out"))) {
    if (file.path().extension() != ".md") continue;
    const std::string page = contents(std::filesystem::path(file.path()).replace_extension(".html"));
    CHECK(has(page, "./assay verify --suite suite.toml --html"));
    CHECK(has(page, "suite.toml</code>"));
    ++pages;
  }
  CHECK(pages == 3);
  CHECK(has(contents(scratch.path("out/index.html")), "href=\"basic_event.html#event_at_paper_width\""));
}

TEST_CASE("without the program that converts formulas nothing is computed, and the package is named") {
  const Scratch scratch;
  const SearchPath empty(scratch.path(""));
  for (const char* command : {"verify --html --out out", "check all --n 8 --d-in 8 --d 8 --m 65536 --html page.html"}) {
    const Run run = run_program(scratch, words(command));
    CHECK(run.status == 2);
    CHECK(run.out == "");
    CHECK(
        run.err ==
        "assay: --html: formulas are converted by blahtexml, which cannot be run; expected the Debian package blahtexml "
        "to be installed\n");
    CHECK(!std::filesystem::exists(scratch.path("out")));
    CHECK(!std::filesystem::exists(scratch.path("page.html")));
  }
}

}  // namespace
}  // namespace assay
