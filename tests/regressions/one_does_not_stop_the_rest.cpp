// An instance that cannot be used, or a theorem that has its limits, is a line in the report.

#include "app/json_reading.hpp"
#include "shell.hpp"

namespace assay {
namespace {

const nlohmann::json& finding_on(const nlohmann::json& report, const std::string& instance) {
  for (const nlohmann::json& finding : report.at("findings"))
    if (finding.at("instance") == instance) return finding;
  throw std::runtime_error("no finding on " + instance);
}

TEST_CASE("an instance without its files leaves the others their findings") {
  const Scratch scratch;
  scratch.file("ragged.csv", "0.5,0.25\n-0.5\n");
  scratch.file("y.csv", "1\n-0.5\n");
  scratch.file("suite.toml",
               "theorems = [\"ntk_perturbation\", \"infinite_width\"]\n"
               "[[instance]]\nname = \"good\"\nn = 2\nd = 2\nm = 8\n"
               "[[instance]]\nname = \"missing\"\nx = \"none.csv\"\ny = \"y.csv\"\nm = 8\n"
               "[[instance]]\nx = \"ragged.csv\"\ny = \"y.csv\"\nm = 8\n"
               "[[instance]]\nname = \"last\"\nn = 2\nd = 2\nm = 8\n");
  const Run run = run_program(scratch, words("verify --suite suite.toml --out out"));
  CHECK(run.status == 3);
  CHECK(run.err == "");
  CHECK(
      run.out.find("2 theorems on missing: suite.toml: line 7: [[instance]]: none.csv: cannot be opened (No such file "
                   "or directory)\n") != std::string::npos);
  CHECK(run.out.find("2 theorems on instance-3: suite.toml: line 12: [[instance]]: ragged.csv: row 2 has 1 columns, "
                     "expected 2\n") != std::string::npos);
  const nlohmann::json report = json_file(scratch, "out/ntk_perturbation.json");
  REQUIRE(report.at("findings").size() == 4);
  for (const char* name : {"good", "last"}) CHECK(finding_on(report, name).at("verdict") == "pass");
  for (const char* name : {"missing", "instance-3"}) {
    CHECK(finding_on(report, name).at("verdict") == "inconclusive");
    for (const nlohmann::json& claim : finding_on(report, name).at("claims")) CHECK(claim.at("verdict") == "undecided");
  }
  CHECK(std::filesystem::exists(scratch.path("out/index.md")));
}

TEST_CASE("a theorem that takes no instance of this kind leaves the others their findings") {
  const Scratch scratch;
  const Run run = run_program(
      scratch, words("check ntk_perturbation convergence_certificate --n 2 --d-in 2 --d 65 --m 256 --json f.json"));
  CHECK(run.status == 3);
  const nlohmann::json report = json_file(scratch, "f.json");
  REQUIRE(report.at("findings").size() == 2);
  CHECK(report.at("findings").at(0).at("verdict") == "pass");
  CHECK(report.at("findings").at(1).at("verdict") == "inconclusive");
  CHECK(run.out.find("65 outputs (--d, and --d-in in score_estimation)") != std::string::npos);
}

TEST_CASE("what is wrong with an instance of a suite names its key and line, and no option of a command line") {
  struct Unusable {
    const char* instance;
    const char* theorem;
    const char* why;
  };
  const Scratch scratch;
  scratch.file("x.csv", "0.5,0.25\n-0.5,0.125\n");
  scratch.file("y.csv", "1\n-0.5\n");
  scratch.file("names.csv", "height,width\n-0.5,0.125\n");
  for (const Unusable& row : std::vector<Unusable>{
           {"n = 2\nd_in = 2\nd = 65\nm = 256\n", "convergence_certificate",
            "suite.toml: line 5: 65 outputs (d, and d_in in score_estimation): the fast tier"},
           {"data = \"iris\"\nrows = [1, 151]\nm = 4\n", "basic_event",
            "suite.toml: line 4: rows: 151 is not a row of iris (1 to 150)"},
           {"x = \"x.csv\"\ny = \"y.csv\"\nd_in = 3\nm = 4\n", "basic_event",
            "suite.toml: line 5: d_in 3 contradicts x.csv (2 x 2): expected d_in = 2"},
           {"x = \"names.csv\"\ny = \"y.csv\"\nm = 4\n", "basic_event",
            "suite.toml: line 2: [[instance]]: names.csv: row 1, column 1: expected a finite decimal number, found "
            "'height' (if the first line holds names, give header)"},
           {"x = \"x.csv\"\ny = \"y.csv\"\nheader = true\nm = 4\n", "basic_event",
            "suite.toml: line 5: x.csv: line 1: expected names, as header says, found numbers"},
       }) {
    CAPTURE(row.why);
    scratch.file("suite.toml", fmt::format("theorems = [\"{}\"]\n[[instance]]\n{}", row.theorem, row.instance));
    const Run run = run_program(scratch, words("verify --suite suite.toml --out out --threads 1"));
    CHECK(run.status == 3);
    CAPTURE(run.out);
    CHECK(run.out.find(row.why) != std::string::npos);
  }
}

TEST_CASE("why a claim is undecided is said in the names of the instance") {
  const Scratch scratch;
  const Run run = run_program(scratch, words("check score_estimation --n 2 --d 2 --m 16777216 --json -"));
  CHECK(run.status == 3);
  const nlohmann::json report = nlohmann::json::parse(run.out);
  for (const nlohmann::json& claim : report.at("findings").at(0).at("claims"))
    if (claim.at("verdict") == "undecided")
      CHECK(claim.at("reason").get<std::string>().starts_with("m 16777216: a network of this width is not kept"));
}

TEST_CASE("where the fast tier takes no instance of so many outputs, the deep tier does") {
  const Scratch scratch;
  const Run run = run_program(scratch, words("evaluate --n 1 --d-in 2 --d 65 --m 4 --json -"));
  REQUIRE(run.status == 0);
  CHECK(nlohmann::json::parse(run.out).at("tier") == "deep");
}

TEST_CASE("a run that decides nothing says why and is no success") {
  const Scratch scratch;
  scratch.file("x.csv", "0.6,0.8000000000000002\n0.8,0.6\n");
  scratch.file("y.csv", "1\n-0.5\n");
  const Run run = run_program(scratch, words("check basic_event width --x x.csv --y y.csv --m 8"));
  CHECK(run.status == 3);
  CHECK(run.err == "assay: nothing was decided, as no claim applies: hypothesis inputs_in_unit_ball certainly fails\n");
  CHECK(run.out.find("inputs_in_unit_ball fails by rounding alone: the largest norm is above 1 by at most 1.1e-16. "
                     "Divide X by 1") != std::string::npos);
  scratch.file("suite.toml", "theorems = [\"basic_event\"]\n[[instance]]\nx = \"x.csv\"\ny = \"y.csv\"\nm = 8\n");
  const Run suite = run_program(scratch, words("verify --suite suite.toml --out out"));
  CHECK(suite.status == 3);
  CHECK(suite.err == run.err);
  // Far outside there is nothing that rounding could have done.
  scratch.file("x.csv", "1,1\n0.8,0.6\n");
  CHECK(run_program(scratch, words("check basic_event --x x.csv --y y.csv --m 8")).out.find("rounding alone") ==
        std::string::npos);
}

TEST_CASE("data outside of the unit ball are told what to divide by, and cost no more than a few rungs") {
  const Scratch scratch;
  scratch.file("x.csv", "1e-40,3\n2e-40,3\n");  // lambda is about 1e-80
  scratch.file("y.csv", "1\n-1\n");
  const Run run = run_program(scratch, words("check time_horizon --x x.csv --y y.csv --m 8 --seed 3 --json f.json"));
  CHECK(run.status == 3);
  CHECK(run.out.find("is above 1 (below 3.002)") != std::string::npos);
  const nlohmann::json finding = json_file(scratch, "f.json").at("findings").at(0);
  CHECK(finding.at("hypotheses").at(0).at("verdict") == "fails");
  for (const nlohmann::json& hypothesis : finding.at("hypotheses")) CHECK(hypothesis.at("bits") <= 128);
  scratch.file("scaled.csv", "3.331e-41,0.9993337774816788\n6.662e-41,0.9993337774816788\n");  // by 3.002
  run_program(scratch, words("check time_horizon --x scaled.csv --y y.csv --m 8 --seed 3 --json g.json"));
  const nlohmann::json scaled = json_file(scratch, "g.json").at("findings").at(0).at("hypotheses");
  CHECK(scaled.at(0).at("verdict") == "holds");
  CHECK(scaled.at(1).at("bits") > 128);  // so much lambda asks for
}

}  // namespace
}  // namespace assay
