// Numbers may be written 12, 1e3, 1/3 or 2^20 everywhere, and what is rounded is said.

#include "app/json_reading.hpp"
#include "shell.hpp"

namespace assay {
namespace {

TEST_CASE("one number, however it is written") {
  const Scratch scratch;
  const auto quantities = [&](const char* options) {
    const Run run = run_program(scratch, words(fmt::format("evaluate --json - {}", options)));
    CAPTURE(options);
    CAPTURE(run.err);
    REQUIRE(run.status == 0);
    return nlohmann::json::parse(run.out).at("quantities");
  };
  const nlohmann::json expected = quantities("--n 2 --d 2 --m 1024 --sigma 0.25 --seed 100 --rtol 0.001");
  CHECK(quantities("--n 2e0 --d 4/2 --m 2^10 --sigma 1/4 --seed 1e2 --rtol 1e-3") == expected);
  CHECK(quantities("--n +2 --d 2 --m 1024.0 --sigma 2^-2 --seed 10^2 --rtol 1/1000") == expected);
}

TEST_CASE("numbers of a suite may have underscores") {
  const Scratch scratch;
  scratch.file("suite.toml", "theorems = [\"basic_event\"]\n[[instance]]\nn = 2\nd = 1\nm = 1_024\n");
  REQUIRE(run_program(scratch, words("verify --suite suite.toml --out out")).status == 0);
  const std::string command = json_file(scratch, "out/basic_event.json").at("findings").at(0).at("reproduce");
  CHECK(command.find(" --m 1024 ") != std::string::npos);
}

TEST_CASE("a scale that is no double is rounded, and the report says so") {
  const Scratch scratch;
  const Run run = run_program(scratch, words("check basic_event --n 2 --d 2 --m 8 --sigma 1/3 --eta 1/7 --json -"));
  REQUIRE(run.status == 0);
  const nlohmann::json finding = nlohmann::json::parse(run.out).at("findings").at(0);
  CHECK(finding.at("reproduce").get<std::string>().find("--sigma 0.3333333333333333 ") != std::string::npos);
  const auto notes = finding.at("notes").get<std::vector<std::string>>();
  for (const char* note : {"$\\sigma$ is a double, the one nearest to 1/3: 0.33333333333333331.",
                           "The step $\\eta$ of gradient descent is a double, the one nearest to 1/7: "
                           "0.14285714285714285."})
    CHECK_MESSAGE(std::find(notes.begin(), notes.end(), note) != notes.end(), note);
  const Run exact = run_program(scratch, words("check basic_event --n 2 --d 2 --m 8 --sigma 3/8 --json -"));
  CHECK(exact.out.find("nearest to") == std::string::npos);
}

TEST_CASE("closed forms have numbers of any magnitude") {
  const Scratch scratch;
  for (const char* options : {"--sigma 1e6", "--lambda 1e-1000000000", "--n 2^200", "--epsilon 1e-5000000000"}) {
    CAPTURE(options);
    const Run run = run_program(scratch, words(fmt::format("bounds --json - {}", options)));
    REQUIRE(run.status == 0);
    const nlohmann::json bounds = nlohmann::json::parse(run.out).at("bounds");
    for (const auto& item : bounds.items()) {
      const std::string& name = item.key();
      const nlohmann::json& value = item.value();
      CHECK_MESSAGE(value.at("hi") != "inf", name);
      CHECK_MESSAGE(value.at("lo") != "-inf", name);
    }
  }
  const Run beyond = run_program(scratch, words("bounds --sigma 1e20"));
  CHECK(beyond.status == 0);
  CHECK(beyond.out.find("m: an end is not known, or beyond 10^10845748610397171, the largest number here") !=
        std::string::npos);
}

}  // namespace
}  // namespace assay
