#include <chrono>
#include <thread>

#include "json_reading.hpp"

namespace assay {
namespace {

constexpr const char* kSuite =
    "delta = 0.05 # as written, not the double\n"
    "steps = 30\n"
    "theorems = [\"basic_event\", \"ntk_perturbation\", \"infinite_width\"]\n"
    "[constants]\n"
    "e0.C = 9.50\n"
    "[[instance]]\n"
    "n = 3\nd_in = 3\nd = 2\nm = 32\nsigma = 0.5\n"
    "[[instance]]\n"
    "name = \"flowers\"\ndata = \"iris\"\nrows = [1, 51, 101]\nm = 32\nradius = \"1/500\"\neta = 1e-3\nsteps = "
    "3\ntrials = "
    "4\nsamples = 9\ntheorems = "
    "[\"basic_event\"]\n";

TEST_CASE("a suite is checked and reported") {
  const Scratch scratch;
  scratch.file("suite.toml", kSuite);
  const Run run = run_program(scratch, words("verify --suite suite.toml --out deep/out"));
  CHECK(run.status == 0);
  CHECK(run.err == "");  // progress is for terminals
  CHECK(run.out.find("report: deep/out/index.md") != std::string::npos);
  for (const char* file : {"index.md", "basic_event.md", "basic_event.json", "basic_event.svg", "ntk_perturbation.md",
                           "ntk_perturbation.json", "ntk_perturbation.svg"})
    CHECK_MESSAGE(std::filesystem::exists(scratch.path(std::string("deep/out/") + file)), file);
  CHECK_FALSE(std::filesystem::exists(scratch.path("deep/out/.progress")));

  const nlohmann::json events = json_file(scratch, "deep/out/basic_event.json");
  REQUIRE(events.at("findings").size() == 2);
  CHECK(events.at("findings").at(1).at("instance") == "flowers");
  CHECK(events.at("findings").at(1).at("reproduce") ==
        "./assay check basic_event --data iris --rows 1,51,101 --m 32 --sigma 1 --seed 1 --delta 0.05 --radius 1/500 "
        "--eta 1e-3 --steps 3 --trials 4 --samples 9 --set e0.C=9.50");
  const std::string chart = "charts/infinite_width-drawn-n3-din3-d2-m32-s0.5-seed1-distance";
  CHECK(contents(scratch.path("deep/out/infinite_width.md")).find("](" + chart + ".svg)\n") != std::string::npos);
  CHECK(contents(scratch.path("deep/out/" + chart + ".svg")).starts_with("<svg "));
  CHECK(contents(scratch.path("deep/out/" + chart + ".csv")).starts_with("series,x,y,"));
  const nlohmann::json kernel = json_file(scratch, "deep/out/ntk_perturbation.json");
  REQUIRE(kernel.at("findings").size() == 1);
  for (const nlohmann::json& claim : kernel.at("findings").at(0).at("claims"))
    if (claim.at("counterexample").is_string())
      CHECK(std::filesystem::exists(scratch.path("deep/out/" + claim.at("counterexample").get<std::string>())));
}

TEST_CASE("a brief report has the same findings in few files, and cites none that is not there") {
  const Scratch scratch;
  scratch.file("suite.toml",
               "theorems = [\"convex_region\", \"infinite_width\"]\n[[instance]]\nn = 3\nd = 2\nm = 32\n");
  CHECK(run_program(scratch, words("verify --suite suite.toml --out whole")).status == 0);
  CHECK(run_program(scratch, words("verify --suite suite.toml --out brief --brief")).status == 0);
  const auto files = [&](const char* folder) {
    const std::filesystem::recursive_directory_iterator all(scratch.path(folder)), end;
    return std::count_if(all, end, [](const auto& entry) { return entry.is_regular_file(); });
  };
  CHECK(files("brief") == 6);  // index.md, two pages, two of JSON, one comparison
  CHECK(files("whole") > 6);
  for (const char* name : {"convex_region", "infinite_width"}) {
    nlohmann::json brief = json_file(scratch, fmt::format("brief/{}.json", name)).at("findings").at(0);
    const nlohmann::json whole = json_file(scratch, fmt::format("whole/{}.json", name)).at("findings").at(0);
    for (auto& quantity : brief.at("quantities"))
      if (!quantity.contains("sense")) quantity["sense"] = "enclosure";  // the default
    CHECK(brief.at("quantities") == whole.at("quantities"));
    CHECK(brief.at("verdict") == whole.at("verdict"));
    const std::string page = contents(scratch.path(fmt::format("brief/{}.md", name)));
    CHECK(page.find("charts/") == std::string::npos);
    CHECK(page.find("networks/") == std::string::npos);
  }
  CHECK(contents(scratch.path("brief/index.md")).find("--brief` the same command writes them") != std::string::npos);
}

TEST_CASE("files of a suite are found beside it") {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path("data"));
  scratch.file("data/x.csv", "0.5,0.25\n-0.5,0.125\n");
  scratch.file("data/y.csv", "1\n-0.5\n");
  scratch.file("data/suite.toml", "theorems = [\"basic_event\"]\n[[instance]]\nx = \"x.csv\"\ny = \"y.csv\"\nm = 8\n");
  const Run run = run_program(scratch, words("verify --suite data/suite.toml --out out"));
  CHECK(run.status == 0);
  CHECK(json_file(scratch, "out/basic_event.json")
            .at("findings")
            .at(0)
            .at("reproduce")
            .get<std::string>()
            .find("--x data/x.csv") != std::string::npos);
}

/// Those that end.
std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  const std::string text = contents(path);
  for (std::size_t from = 0, to = 0; (to = text.find('\n', from)) != std::string::npos; from = to + 1)
    lines.push_back(text.substr(from, to - from));
  return lines;
}

/// Several instances, so that an interruption falls between two findings.
std::string long_suite() {
  std::string text =
      "theorems = [\"basic_event\", \"infinite_width\", \"ntk_perturbation\"]\n"
      "[expect]\n\"basic_event/*/event_at_paper_width\" = \"fails\"\n";
  for (int seed = 1; seed <= 12; ++seed) text += fmt::format("[[instance]]\nn = 6\nd = 3\nm = 256\nseed = {}\n", seed);
  return text;
}

/// Starts `verify` and interrupts it once so many lines are in the file of its state.
Run interrupted(const Scratch& scratch, const std::string& arguments, const std::string& state, std::size_t lines) {
  const RunningProgram running(scratch, words(arguments));
  for (int tries = 0; tries < 3000 && lines_of(state).size() < lines; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  running.send(SIGINT);
  return running.wait();
}

TEST_CASE("a suite says which verdicts are known, and the exit status tells what is not") {
  const auto suite = [](const std::string& expect) {
    return "theorems = [\"basic_event\"]\n" + (expect.empty() ? "" : "[expect]\n" + expect) +
           "[[instance]]\nname = \"a\"\nn = 4\nd = 2\nm = 64\n";
  };
  const Scratch scratch;
  const auto run_with = [&](const std::string& expect) {
    scratch.file("suite.toml", suite(expect));
    return run_program(scratch, words("verify --suite suite.toml --out out"));
  };
  const Run plain = run_with("");
  CHECK(plain.status == 1);
  CHECK(plain.out.find("Not as expected:\n  basic_event on a: event_at_paper_width fails\n") != std::string::npos);
  CHECK(run_with("\"basic_event/a/event_at_paper_width\" = \"fails\"\n").status == 0);
  CHECK(run_with("\"basic_event/*/event_at_paper_width\" = \"fails\"\n").status == 0);
  CHECK(run_with("\"basic_event/a\" = \"fails\"\n").status == 0);
  CHECK(contents(scratch.path("out/index.md")).find("Every verdict is as the suite expects it") != std::string::npos);
  const Run stale =
      run_with("\"basic_event/a/repaired_event\" = \"fails\"\n\"basic_event/a/event_at_paper_width\" = \"fails\"\n");
  CHECK(stale.status == 1);
  CHECK(stale.out.find("repaired_event holds (expected: fails)") != std::string::npos);
  CHECK(contents(scratch.path("out/index.md")).find("## Not as expected") != std::string::npos);
  for (const char* wrong : {"\"basic_event/b\" = \"fails\"\n", "\"basic_event/a/x\" = \"fails\"\n",
                            "\"basic_event/a\" = \"wrong\"\n", "\"basic_event/a\" = 1\n"}) {
    CAPTURE(wrong);
    const Run refused = run_with(wrong);
    CHECK(refused.status == 2);
    CHECK(refused.err.starts_with("assay: suite.toml: line 3: "));
  }
}

TEST_CASE("an interrupted run is resumed and ends in the same report") {
  const Scratch scratch;
  scratch.file("suite.toml", long_suite());
  const std::string state = scratch.path("out/.progress/findings.jsonl");
  const Run stopped = interrupted(scratch, "verify --suite suite.toml --out out", state, 2);
  CHECK(stopped.status == 130);
  CHECK(stopped.out == "");
  CHECK(stopped.err ==
        "assay: interrupted; `./assay verify --suite suite.toml --out out --resume` goes on from what was found so "
        "far\n");
  REQUIRE(std::filesystem::exists(state));
  CHECK_FALSE(std::filesystem::exists(scratch.path("out/index.md")));
  const std::vector<std::string> kept = lines_of(state);
  REQUIRE(kept.size() >= 2);  // the first is of the run

  const Run other = run_program(scratch, words("verify --suite suite.toml --out out --resume --bits 4096"));
  CHECK(other.status == 2);
  CHECK(other.err ==
        "assay: --resume: out/.progress/findings.jsonl is of another run: expected the same program, suite, data and "
        "options\n");

  // A finding that was kept is not computed again: its line, which tells its time, is still that of the first run.
  const Run again = interrupted(scratch, "verify --suite suite.toml --out out --resume", state, kept.size() + 1);
  CHECK(again.status == 130);
  const std::vector<std::string> more = lines_of(state);
  REQUIRE(more.size() > kept.size());
  for (std::size_t k = 0; k < kept.size(); ++k) CHECK((more[k] == kept[k]));

  const Run resumed = run_program(scratch, words("verify --suite suite.toml --out out --resume"));
  CHECK(resumed.status == 0);
  CHECK(resumed.err == "");
  CHECK_FALSE(std::filesystem::exists(scratch.path("out/.progress")));

  CHECK(run_program(scratch, words("verify --suite suite.toml --out whole")).status == 0);
  int pictures = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(scratch.path("whole"))) {
    const std::string name = std::filesystem::relative(file.path(), scratch.path("whole")).string();
    if (!name.ends_with(".svg") && !name.ends_with(".csv")) continue;
    const bool same = contents(scratch.path("out/" + name)) == contents(file.path().string());
    CHECK_MESSAGE(same, name);
    ++pictures;
  }
  CHECK(pictures >= 2 + 2 * 12);
  for (const char* id : {"basic_event", "infinite_width", "ntk_perturbation"}) {
    const bool same_findings = json_file(scratch, fmt::format("out/{}.json", id)).at("findings") ==
                               json_file(scratch, fmt::format("whole/{}.json", id)).at("findings");
    CHECK(same_findings);
    const bool same_text =
        contents(scratch.path(fmt::format("out/{}.md", id))) == contents(scratch.path(fmt::format("whole/{}.md", id)));
    CHECK(same_text);
  }
}

TEST_CASE("what is damaged in a state is found again, and said") {
  const Scratch scratch;
  scratch.file("suite.toml", kSuite);
  std::filesystem::create_directories(scratch.path("out/.progress"));
  scratch.file("out/.progress/findings.jsonl", "{\"run\":\n{\"finding\": 3}\n{\"torn");
  const Run run = run_program(scratch, words("verify --suite suite.toml --out out --resume"));
  CHECK(run.status == 0);
  CHECK(run.err ==
        "assay: --resume: out/.progress/findings.jsonl: 1 of 1 findings do not verify and are computed again\n");
  CHECK(std::filesystem::exists(scratch.path("out/index.md")));
}

}  // namespace
}  // namespace assay
