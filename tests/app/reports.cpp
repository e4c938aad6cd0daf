// What a report cites exists: every link, every anchor, and the networks that its commands promise.

#include <regex>

#include "json_reading.hpp"

namespace assay {
namespace {

/// The anchor that a Git host makes of a heading.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    if (c == ' ')
      anchor += '-';
    else if (c >= 'A' && c <= 'Z')
      anchor += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')
      anchor += c;
  }
  return anchor;
}

bool has_anchor(const std::string& page, const std::string& anchor) {
  static const std::regex headings("(^|\n)#+ ([^\n]+)");
  for (std::sregex_iterator it(page.begin(), page.end(), headings), end; it != end; ++it)
    if (anchor_of((*it)[2]) == anchor) return true;
  return false;
}

/// Targets of "](target)" within the report.
std::vector<std::string> links_of(const std::string& page) {
  static const std::regex links("\\]\\(([^()<>\\s]+)\\)");
  std::vector<std::string> targets;
  for (std::sregex_iterator it(page.begin(), page.end(), links), end; it != end; ++it)
    if ((*it)[1].str().find("://") == std::string::npos) targets.push_back((*it)[1]);
  return targets;
}

void check_links(const std::string& folder) {
  std::size_t links = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".md") continue;
    const std::string page = contents(entry.path());
    CAPTURE(entry.path().filename().string());
    for (const std::string& target : links_of(page)) {
      CAPTURE(target);
      const auto hash = target.find('#');
      const std::string file = target.substr(0, hash);
      CHECK((file.empty() || std::filesystem::exists(folder + "/" + file)));
      if (hash != std::string::npos)
        CHECK(has_anchor(file.empty() ? page : contents(folder + "/" + file), target.substr(hash + 1)));
      ++links;
    }
  }
  CHECK(links > 20);
}

TEST_CASE("every link of the committed reports leads somewhere, and the questions of a reader have their answers") {
  const std::string folder = std::string(ASSAY_TEST_DATA) + "/../reports/standard";
  check_links(folder);
  const std::string index = contents(folder + "/index.md");
  const std::string questions = index.substr(index.find("## Questions of a reader"));
  for (const char* answer : {"](ntk_perturbation.md)", "](width.md)", "](time_horizon.md)", "](#how-to-read-this)",
                             "](#what-is-trusted)", "](#reproduce)"})
    CHECK_MESSAGE(questions.substr(0, questions.find("\n## ")).find(answer) != std::string::npos, answer);
}

/// The first command of a page that checks a theorem, without its comment.
std::string command_in(const std::string& page, const std::string& theorem) {
  const std::string start = "./assay ";
  const auto from = page.find("\n" + start + "check " + theorem);
  REQUIRE(from != std::string::npos);
  const auto first = from + 1 + start.size();
  return page.substr(first, page.find("  #", first) - first);
}

TEST_CASE("the command of a report writes the bad network again, and shows its distance, both sides and the verdict") {
  const Scratch scratch, elsewhere;
  scratch.file("suite.toml",
               "theorems = [\"convex_region\", \"ntk_perturbation\"]\n[[instance]]\nn = 3\nd = 2\nm = 32\n");
  REQUIRE(run_program(scratch, words("verify --suite suite.toml --out out --brief")).status == 0);
  const std::string ball = command_in(contents(scratch.path("out/ntk_perturbation.md")), "ntk_perturbation");
  const Run shown = run_program(elsewhere, words(ball));
  CHECK(shown.status == 0);
  const auto at = shown.out.find("holds           w_tilde_in_ball");
  REQUIRE(at != std::string::npos);
  CHECK(std::regex_search(shown.out.substr(at, 300), std::regex("\\[0\\.00[0-9, .]+\\] <= \\[?0\\.00")));
  CHECK(shown.out.find("holds           bound_at_w_tilde") != std::string::npos);
  CHECK_FALSE(std::filesystem::is_empty(elsewhere.path("networks")));

  const std::string region = command_in(contents(scratch.path("out/convex_region.md")), "convex_region");
  const Run fallen = run_program(elsewhere, words(region));
  CHECK(fallen.status == 0);
  const std::regex inequality(
      "Proved: an explicit W~ at distance \\[?[0-9., ]+\\]? keeps less than half:\\s+lambda_min\\(H\\(W~\\)\\) =\\s+"
      "\\[[0-9., e-]+\\] <\\s+\\[[0-9., e-]+\\] =\\s+lambda/2");
  CHECK(std::regex_search(fallen.out, inequality));
  std::size_t below = 0;
  for (const auto& entry : std::filesystem::directory_iterator(elsewhere.path("networks")))
    below += entry.path().string().ends_with("_below_half.csv");
  CHECK(below == 1);
}

}  // namespace
}  // namespace assay
