#include <chrono>
#include <set>
#include <thread>

#include "json_reading.hpp"
#include "theory/claim.hpp"

namespace assay {
namespace {

const std::string kSmall = "--n 3 --d-in 3 --d 2 --m 32 --sigma 0.5";

/// @param message  on standard error.
nlohmann::json findings_of(const Scratch& scratch, const std::string& arguments, int status,
                           const std::string& message = "") {
  const Run run = run_program(scratch, words(arguments + " --json -"));
  CAPTURE(arguments);
  REQUIRE(run.status == status);
  CHECK(run.err == message);
  return nlohmann::json::parse(run.out);
}

void check_claim(const nlohmann::json& claim) {
  static const std::set<std::string> scopes{"instance", "ball", "forever", "probability", "asymptotic"};
  static const std::set<std::string> relations{"<=", ">=", "<", ">"};
  static const std::set<std::string> verdicts{"holds", "fails", "undecided", "not_applicable"};
  CHECK(claim.at("id").is_string());
  CHECK(scopes.count(claim.at("scope")) == 1);
  CHECK(claim.at("statement").is_string());
  CHECK(relations.count(claim.at("relation")) == 1);
  CHECK(verdicts.count(claim.at("verdict")) == 1);
  CHECK(claim.at("vacuous").is_boolean());
  CHECK(claim.at("slack_log10").is_number());
  CHECK(claim.at("bits").is_number_integer());
  CHECK((claim.at("counterexample").is_null() || claim.at("counterexample").is_string()));
  CHECK_NOTHROW(enclosure(claim.at("lhs"), 64));
  CHECK_NOTHROW(enclosure(claim.at("rhs"), 64));
}

/// The sides and the verdict of a claim agree.
void check_verdict(const nlohmann::json& claim) {
  const bool holds = claim.at("verdict") == "holds";
  if (!holds && claim.at("verdict") != "fails") return;
  const Interval lhs = enclosure(claim.at("lhs")), rhs = enclosure(claim.at("rhs"));
  const std::string text = claim.at("relation");
  const Relation relation = text == "<="  ? Relation::less_equal
                            : text == "<" ? Relation::less
                            : text == ">" ? Relation::greater
                                          : Relation::greater_equal;
  CAPTURE(claim.at("id"));
  // The digits that were printed repeat the proof.
  CHECK(decide(lhs, relation, rhs) == (holds ? Verdict::holds : Verdict::fails));
}

TEST_CASE("findings have the fields that scripts rely on") {
  const Scratch scratch;
  const Run listed = run_program(scratch, {"list"});
  const Run run = run_program(scratch, words("check all " + kSmall + " --json -"));
  REQUIRE((run.status == 0 || run.status == 1 || run.status == 3));
  const nlohmann::json report = nlohmann::json::parse(run.out);
  CHECK(report.at("schema") == "assay.report/1");
  bool fails = false, inconclusive = false;
  for (const nlohmann::json& finding : report.at("findings")) {
    CAPTURE(finding.at("theorem"));
    CHECK(listed.out.find(finding.at("theorem").get<std::string>()) != std::string::npos);
    const std::string verdict = finding.at("verdict");
    CHECK(std::set<std::string>{"pass", "fail", "inconclusive", "not_applicable"}.count(verdict) == 1);
    fails = fails || verdict == "fail";
    inconclusive = inconclusive || verdict == "inconclusive";
    for (const char* kind : {"hypotheses", "claims", "remarks"})
      for (const nlohmann::json& claim : finding.at(kind)) {
        check_claim(claim);
        check_verdict(claim);
      }
    CHECK_FALSE(finding.at("claims").empty());
    static const std::set<std::string> senses{"enclosure", "at_most", "at_least", "undefined"};
    for (const auto& [key, ends] : finding.at("quantities").items()) {
      const std::string& name = key;
      CAPTURE(name);
      CHECK_NOTHROW(enclosure(ends, 64));
      const std::string sense = ends.at("sense");
      CHECK(senses.count(sense) == 1);
      if (sense == "at_most") CHECK(ends.at("hi") != "inf");
      if (sense == "at_least") CHECK(ends.at("lo") != "-inf");
      CHECK(ends.contains("not_applicable") == (sense == "undefined"));
    }
    for (const auto& [key, constant] : finding.at("constants").items()) {
      CHECK(constant.at("value").is_string());
      CHECK(constant.at("provenance").is_string());
    }
    CHECK(finding.at("notes").is_array());
  }
  CHECK(run.status == (fails ? 1 : inconclusive ? 3 : 0));
}

TEST_CASE("quantities that scripts rely on") {
  const Scratch scratch;
  const std::map<std::string, std::vector<std::string>> promised{
      {"ntk_perturbation", {"supremum_F", "supremum_2", "paper_bound"}},
      {"convex_region", {"paper_radius", "certified_radius", "failing_radius"}},
      {"convergence_certificate", {"e0", "mu", "theta", "eta", "T_cert", "radius_max"}},
      {"width", {"paper_width", "certified_width", "empirical_width"}},
      {"time_horizon", {"T_paper", "T_cert", "T_observed"}},
      {"score_estimation", {"total", "coupling", "label_mismatch", "early_stopping", "approximation", "paper_bound"}},
      {"basic_event", {"B", "failure_probability", "m_break", "C_consistent_min"}}};
  const Run run = run_program(scratch, words("check all " + kSmall + " --json -"));
  const nlohmann::json report = nlohmann::json::parse(run.out);
  for (const nlohmann::json& finding : report.at("findings")) {
    const auto names = promised.find(finding.at("theorem"));
    if (names == promised.end()) continue;
    for (const std::string& name : names->second)
      CHECK_MESSAGE(finding.at("quantities").contains(name), finding.at("theorem") << " " << name);
  }
}

TEST_CASE("the command in a finding gives the finding again") {
  const Scratch scratch;
  const std::string options = " --delta 0.2 --radius 0.001 --set e0.C=9 --bits 512";
  const nlohmann::json first = findings_of(scratch, "check basic_event " + kSmall + options, 1).at("findings").at(0);
  const std::string command = first.at("reproduce");
  CHECK(command ==
        "./assay check basic_event --n 3 --d-in 3 --d 2 --m 32 --sigma 0.5 --seed 1 --delta 0.2 --radius "
        "0.001 --set e0.C=9 --bits 512");
  const nlohmann::json again =
      findings_of(scratch, command.substr(std::string("./assay ").size()), 1).at("findings").at(0);
  CHECK(again == first);
}

TEST_CASE("the exit status tells the verdict") {
  const Scratch scratch;
  // A bound of 0 is exceeded for certain.
  CHECK(run_program(scratch, words("check ntk_perturbation " + kSmall + " --set e1.multiplier=0")).status == 1);
  // A hypothesis that fails is no failure of the theorem, but then nothing is decided.
  const nlohmann::json outside = findings_of(scratch, "check ntk_perturbation " + kSmall + " --radius 0.5", 3,
                                             "assay: nothing was decided, as no claim applies: hypothesis "
                                             "radius_below_limit certainly fails\n");
  CHECK(outside.at("findings").at(0).at("verdict") == "not_applicable");
  CHECK(run_program(scratch, words("check ntk_perturbation " + kSmall)).status == 0);
}

TEST_CASE("reports and networks go where they are asked to") {
  const Scratch scratch;
  const Run run = run_program(
      scratch, words("check ntk_perturbation " + kSmall + " --json f.json --markdown f.md --save-networks nets"));
  CHECK(run.status == 0);
  CHECK(run.err == "");
  CHECK(run.out.starts_with("ntk_perturbation: PASS"));
  CHECK(contents(scratch.path("f.md")).starts_with("# "));
  CHECK(json_file(scratch, "f.json").at("findings").size() == 1);
  CHECK(std::filesystem::exists(scratch.path("nets/drawn-n3-din3-d2-m32-s0.5-seed1_w_tilde.csv")));
}

TEST_CASE("the command that gives a finding again quotes file names for a shell") {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path("my data"));
  scratch.file("my data/x.csv", "a,b\n0.5,0.25\n-0.5,0.125\n");
  scratch.file("it's y.csv", "c\n1\n-0.5\n");
  scratch.file("-w.csv", "a,b\n0.5,1\n0.5,1\n");
  scratch.file("a.csv", "c\n1\n-1\n");
  const Run run = run_program(scratch, {"check", "basic_event", "--x", "my data/x.csv", "--y", "it's y.csv", "--w",
                                        "./-w.csv", "--a", "a.csv", "--sigma", "0.1", "--header", "--json", "-"});
  CHECK(run.err == "");
  CHECK(nlohmann::json::parse(run.out).at("findings").at(0).at("reproduce") ==
        "./assay check basic_event --x 'my data/x.csv' --y 'it'\\''s y.csv' --w ./-w.csv --a a.csv --sigma 0.1 "
        "--header");
}

TEST_CASE("every hyperparameter is in the command that gives a finding again") {
  const Scratch scratch;
  const std::string options =
      " --delta 1/7 --epsilon 0.02 --radius 0.001 --eta 1e-3 --steps 7 --trials 3 --samples 5 --set e0.C=9 --bits 512";
  const nlohmann::json first = findings_of(scratch, "check infinite_width " + kSmall + options, 0).at("findings").at(0);
  const std::string command = first.at("reproduce");
  CHECK(command == "./assay check infinite_width " + kSmall + " --seed 1" + options);
  const nlohmann::json again =
      findings_of(scratch, command.substr(std::string("./assay ").size()), 0).at("findings").at(0);
  CHECK(again == first);
}

TEST_CASE("charts go beside the report, and the report shows them") {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path("out"));
  CHECK(run_program(scratch, words("check infinite_width basic_event " + kSmall + " --markdown out/f.md")).status == 0);
  const std::string text = contents(scratch.path("out/f.md")), svg = "f-infinite_width-distance.svg";
  CHECK(text.find("](" + svg + ")\n") != std::string::npos);
  CHECK(text.find("[data](f-infinite_width-distance.csv)") != std::string::npos);
  CHECK(contents(scratch.path("out/" + svg)).starts_with("<svg "));
  CHECK(contents(scratch.path("out/f-infinite_width-distance.csv")).starts_with("series,x,y,"));

  const std::size_t files = scratch.files();
  const Run printed = run_program(scratch, words("check infinite_width " + kSmall + " --markdown -"));
  CHECK(printed.out.starts_with("# "));
  CHECK(printed.out.find(".svg") == std::string::npos);
  CHECK(run_program(scratch, words("check infinite_width " + kSmall + " --markdown /dev/null")).status == 0);
  CHECK(scratch.files() == files);
}

TEST_CASE("a long check tells a terminal how far it is, and an interrupted one reports what is known") {
  const Scratch scratch;
  const Terminal terminal;
  const RunningProgram running(
      scratch, words("check basic_event --n 2 --d 2 --m 2000000000 --threads 1 --json f.json --markdown f.md"),
      &terminal);
  std::string shown;
  for (int tries = 0; tries < 3000 && shown.find(" %, ") == std::string::npos; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    shown += terminal.text();
  }
  CAPTURE(shown);
  CHECK(shown.find("[1/1] basic_event: ") != std::string::npos);
  CHECK(shown.find(" %, ") != std::string::npos);
  running.send(SIGTERM);
  const Run stopped = running.wait();
  CHECK(stopped.status == 130);
  CHECK(stopped.out.find("basic_event: INCONCLUSIVE") != std::string::npos);
  CHECK(terminal.text().find("assay: interrupted; reporting what is known") != std::string::npos);
  CHECK(contents(scratch.path("f.md")).find("the run was interrupted") != std::string::npos);
  const nlohmann::json claims = json_file(scratch, "f.json").at("findings").at(0).at("claims");
  for (const nlohmann::json& claim : claims) CHECK(claim.at("verdict") != "fails");
  CHECK(claims.at(0).at("reason") == "the run was interrupted");
}

TEST_CASE("when the time is over, what is not known is undecided, and the report is written all the same") {
  const Scratch scratch;
  const std::string none = " --n 4 --d 3 --m 64 --threads 1 --time-limit 1e-6";
  CHECK(run_program(scratch, words("check width basic_event --json f.json" + none)).status == 3);
  const nlohmann::json findings = json_file(scratch, "f.json").at("findings");
  REQUIRE(findings.size() == 2);
  for (const nlohmann::json& finding : findings) {
    CHECK(finding.at("claims").at(0).at("reason") == "the time limit was reached");
    for (const nlohmann::json& claim : finding.at("claims")) {
      CHECK(claim.at("verdict") != "holds");
      CHECK(claim.at("verdict") != "fails");
    }
  }
  const Run evaluated = run_program(scratch, words("evaluate" + none));
  CHECK(evaluated.status == 3);
  CHECK(evaluated.out.find("known no better, because the time limit was reached") != std::string::npos);
}

TEST_CASE("a time limit that is not reached changes nothing") {
  const Scratch scratch;
  run_program(scratch, words("check basic_event --json f.json --threads 1 " + kSmall));
  run_program(scratch, words("check basic_event --json g.json --threads 1 --time-limit 2h " + kSmall));
  CHECK(json_file(scratch, "f.json").at("findings") == json_file(scratch, "g.json").at("findings"));
  CHECK(run_program(scratch, words("bounds --n 4 --time-limit 10m")).status == 0);
  CHECK(run_program(scratch, words("bounds --n 4 --time-limit 0")).err ==
        "assay: --time-limit: expected a time above 0 such as 90, 90s, 5m or 2h, found '0'\n");
}

TEST_CASE("a network given by the user takes the place of the search") {
  const Scratch scratch;
  const std::string folder = std::string(ASSAY_TEST_DATA) + "/reference/small/";
  const nlohmann::json report = findings_of(
      scratch,
      fmt::format(
          "check ntk_perturbation --x {0}x.csv --y {0}y.csv --w {0}w.csv --a {0}a.csv --sigma 1 --radius 0.0011 "
          "--w-tilde {0}wt.csv",
          folder),
      0);
  const nlohmann::json expected = nlohmann::json::parse(contents(folder + "expected.json"));
  const Interval known = Decimal(expected.at("perturbation_F").get<std::string>()).at(200);
  CHECK(enclosure(report.at("findings").at(0).at("quantities").at("supremum_F")).contains(known));
}

}  // namespace
}  // namespace assay
