// The state of an interrupted run: nothing in it is believed.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>

#include "app/finding_json.hpp"
#include "app/run_program.hpp"
#include "app/run_state.hpp"
#include "data/digest.hpp"
#include "data/file.hpp"
#include "enclosure/exact_text.hpp"

namespace assay {
namespace {

using app::RunState;

Claim claim_of(double lhs, double rhs) {
  Claim claim;
  claim.id = "claim";
  claim.statement = "$a\\le b$";
  claim.lhs = Interval(lhs, 64);
  claim.rhs = Interval(rhs, 64);
  claim.verdict = decide(claim.lhs, claim.relation, claim.rhs);
  claim.slack_log10 = slack_log10(claim.lhs, claim.relation, claim.rhs);
  claim.bits = 64;
  return claim;
}

Finding finding_on(const std::string& instance) {
  Finding finding;
  finding.theorem = "width";
  finding.instance = instance;
  finding.reproduce = "./assay check width";
  finding.claims = {claim_of(1, 100)};
  finding.quantities = {{"m", "a width", Interval::between(3, 4, 200)}};
  finding.notes = {"A note."};
  finding.charts.push_back({});
  finding.charts.back().name = "chart";
  finding.charts.back().series.push_back({});
  finding.charts.back().series.back().x = {1, 0.1, std::numeric_limits<double>::infinity()};
  finding.outcome = outcome_of(finding);
  return finding;
}

/// A folder with the state of a run that found something on these instances.
struct Interrupted {
  Scratch scratch;
  std::string folder = scratch.path("out"), file = folder + "/.progress/findings.jsonl";

  explicit Interrupted(const std::vector<std::string>& instances) {
    std::filesystem::create_directories(folder + "/networks");
    RunState state(folder, "a run");
    state.start_over();
    for (const std::string& instance : instances) state.add(finding_on(instance));
  }
};

/// What a state with one finding on "a", made like this, gives back.
template <class Change>
std::optional<Finding> through_the_file(Change change) {
  const Interrupted run({});
  Finding finding = finding_on("a");
  change(finding);
  const std::string instance = finding.instance;
  RunState(run.folder, "a run").add(std::move(finding));
  RunState resumed(run.folder, "a run");
  resumed.resume();
  const Finding* found = resumed.find(instance, "width");
  return found == nullptr ? std::nullopt : std::optional(*found);
}

TEST_CASE("a finding comes back exactly") {
  const auto found = through_the_file([](Finding&) {});
  REQUIRE(found);
  CHECK(app::exact_json(*found) == app::exact_json(finding_on("a")));
  CHECK(found->outcome == Outcome::pass);
  CHECK(found->claims.at(0).verdict == Verdict::holds);
  CHECK(found->claims.at(0).slack_log10 == doctest::Approx(2));
}

TEST_CASE("verdict, outcome and slack are those of the sides, whatever they were called") {
  const auto found = through_the_file([](Finding& finding) {
    finding.claims = {claim_of(100, 1)};
    finding.claims[0].verdict = Verdict::holds;
    finding.claims[0].slack_log10 = 7;
    finding.outcome = Outcome::pass;
  });
  REQUIRE(found);
  CHECK(found->claims.at(0).verdict == Verdict::fails);
  CHECK(found->claims.at(0).slack_log10 == doctest::Approx(-2));
  CHECK(found->outcome == Outcome::fail);
}

TEST_CASE("a claim does not outlive its hypothesis") {
  CHECK(!through_the_file([](Finding& finding) { finding.hypotheses = {claim_of(2, 1)}; }));
}

TEST_CASE("what does not apply stays so, and a counterexample is to what fails") {
  const auto found = through_the_file([](Finding& finding) {
    finding.hypotheses = {claim_of(2, 1)};
    finding.claims[0].verdict = Verdict::not_applicable;
  });
  REQUIRE(found);
  CHECK(found->claims.at(0).verdict == Verdict::not_applicable);
  Finding finding = finding_on("a");
  finding.claims[0].counterexample = "networks/a.csv";
  CHECK_THROWS_AS(app::finding_of(app::exact_json(finding)), std::invalid_argument);
  finding.claims[0] = claim_of(100, 1);
  finding.claims[0].counterexample = "networks/a.csv";
  CHECK_NOTHROW(app::finding_of(app::exact_json(finding)));
}

TEST_CASE("an interval is read back exactly or not at all") {
  const std::string third = exact_text(Interval::ratio(1, 3, 90));
  CHECK(exact_text(from_exact_text(third, 128)) == third);
  for (const char* text : {"64 0x1p+0, 0x1p+1", "64 0x1p+0 0x1p+1x", "64 0x2p+0 0x1p+0", "64 nan 0x1p+0", "64 0x1p+0",
                           "64 0x1p+0 0x1p+0 0x1p+0", "0 0x1p+0 0x1p+0", "256 0x1p+0 0x1p+0"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(from_exact_text(text, 128), std::invalid_argument);
  }
}

TEST_CASE("a digest is SHA-256, and tells texts apart however they are cut") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Digest().add("ab").add("c").text() != Digest().add("a").add("bc").text());
}

TEST_CASE("every flipped bit is seen") {
  const Interrupted run({"a"});
  const std::string whole = contents(run.file);
  const std::size_t first = whole.find('\n') + 1;
  for (std::size_t at = first; at + 1 < whole.size(); ++at)
    for (const int bit : {1, 2, 16}) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ bit);
      write_file(run.file, bytes);
      RunState resumed(run.folder, "a run");
      const bool refused = resumed.resume().refused > 0 && resumed.find("a", "width") == nullptr;
      REQUIRE_MESSAGE(refused, at);
    }
}

TEST_CASE("lines are added, and a torn one is no loss") {
  const Interrupted run({"a", "b"});
  const std::string two = contents(run.file);
  RunState state(run.folder, "a run");
  CHECK(state.resume().taken == 2);
  CHECK(contents(run.file) == two);
  state.add(finding_on("c"));
  const std::string three = contents(run.file);
  CHECK(three.starts_with(two));
  for (std::size_t size = two.size(); size < three.size(); size += 97) {
    write_file(run.file, three.substr(0, size));
    RunState resumed(run.folder, "a run");
    const RunState::Resumed lines = resumed.resume();
    CHECK(lines.taken == 2);
    CHECK(lines.refused == 0);
    resumed.add(finding_on("c"));
    CHECK(contents(run.file) == three);
  }
}

TEST_CASE("a line of another run, or one that comes twice, is not taken") {
  const Interrupted run({"a"}), other({});
  RunState another(other.folder, "another run");
  another.start_over();
  another.add(finding_on("b"));
  const std::string line = contents(run.file).substr(contents(run.file).find('\n') + 1);
  const std::string foreign = contents(other.file).substr(contents(other.file).find('\n') + 1);
  write_file(run.file, contents(run.file) + line + foreign);
  RunState resumed(run.folder, "a run");
  const RunState::Resumed lines = resumed.resume();
  CHECK(lines.taken == 1);
  CHECK(lines.refused == 2);
  CHECK(resumed.find("b", "width") == nullptr);
  CHECK(input_error_of([&] { RunState(other.folder, "a run").resume(); }) ==
        "--resume: " + other.file + " is of another run: expected the same program, suite, data and options");
}

TEST_CASE("names that leave the folder are refused") {
  for (const char* name : {"../a", "a/b", "..", "a\nb", "\x1b]0;a", ""}) {
    CAPTURE(name);
    CHECK(!through_the_file([&](Finding& finding) { finding.instance = name; }));
    CHECK(!through_the_file([&](Finding& finding) { finding.charts[0].name = name; }));
  }
}

TEST_CASE("absurd precision is refused") {
  const auto with_bits = [](Bits bits) {
    return through_the_file([&](Finding& finding) { finding.quantities[0].value = Interval(1, bits); }).has_value();
  };
  CHECK(with_bits(65536));
  CHECK(!with_bits(Bits{1} << 20));
  CHECK(!with_bits(Bits{1} << 24));
}

TEST_CASE("a counterexample is the file that was written") {
  const Interrupted run({});
  const std::string network = run.folder + "/networks/a.csv";
  write_file(network, "1,2\n");
  Finding finding = finding_on("a");
  finding.claims = {claim_of(2, 1)};
  finding.claims[0].counterexample = "networks/a.csv";
  RunState(run.folder, "a run").add(finding);
  const auto taken = [&] { return RunState(run.folder, "a run").resume().taken; };
  CHECK(taken() == 1);
  const std::string state = contents(run.file);
  write_file(network, "1,3\n");
  CHECK(taken() == 0);
  write_file(run.file, state);
  std::filesystem::remove(network);
  CHECK(taken() == 0);
}

TEST_CASE("a run from the beginning finds no state of a descent") {
  const Interrupted run({"a"});
  RunState state(run.folder, "a run");
  write_file(state.descent_file("a"), "stale");
  write_file(run.folder + "/.progress/mine", "not ours");
  state.start_over();
  CHECK(!std::filesystem::exists(state.descent_file("a")));
  CHECK(contents(run.folder + "/.progress/mine") == "not ours");
}

constexpr const char* kSuite = "theorems = [\"basic_event\"]\n[[instance]]\nn = 2\nd = 1\nm = 8\n";

TEST_CASE("a folder belongs to one run at a time") {
  const Scratch scratch;
  scratch.file("suite.toml", kSuite);
  std::filesystem::create_directory(scratch.path("out"));
  const int other = open(scratch.path("out").c_str(), O_RDONLY | O_DIRECTORY);
  REQUIRE(flock(other, LOCK_EX | LOCK_NB) == 0);
  const Run refused = run_program(scratch, words("verify --suite suite.toml --out out"));
  CHECK(refused.status == 2);
  CHECK(refused.err ==
        "assay: --out: out: another run writes into this folder: expected that it is over, or another folder\n");
  CHECK(!std::filesystem::exists(scratch.path("out/index.md")));
  close(other);
  CHECK(run_program(scratch, words("verify --suite suite.toml --out out")).status == 0);
}

TEST_CASE("networks are named relative to the folder, whatever its name") {
  const Scratch scratch;
  scratch.file("suite.toml",
               "theorems = [\"convex_region\"]\nradius = 1\n[[instance]]\nn = 3\nd_in = 3\nd = 2\nm = 16\n");
  CHECK(run_program(scratch, words("verify --suite suite.toml --out networks")).status != 2);
  CHECK(std::filesystem::exists(scratch.path("networks/index.md")));
}

}  // namespace
}  // namespace assay
