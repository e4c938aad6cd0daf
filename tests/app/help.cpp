#include "run_program.hpp"

namespace assay {
namespace {

TEST_CASE("help goes to standard output with status 0") {
  const Scratch scratch;
  const Run top = run_program(scratch, {"--help"});
  CHECK(top.status == 0);
  for (const char* text : {"verify", "check", "evaluate", "bounds", "list", "explain", "Exit status", "Examples"})
    CHECK_MESSAGE(top.out.find(text) != std::string::npos, text);
  for (const char* command : {"verify", "check", "evaluate", "bounds", "list", "explain"}) {
    const Run run = run_program(scratch, {command, "--help"});
    CAPTURE(command);
    CHECK(run.status == 0);
    CHECK(run.err == "");
    CHECK(run.out.find(fmt::format("Usage: assay {}", command)) != std::string::npos);
  }
}

TEST_CASE("the version is told") {
  const Scratch scratch;
  const Run run = run_program(scratch, {"--version"});
  CHECK(run.status == 0);
  CHECK(run.out.starts_with("assay 0."));
}

TEST_CASE("theorems and constants are listed") {
  const Scratch scratch;
  const Run theorems = run_program(scratch, {"list"});
  CHECK(theorems.status == 0);
  CHECK(theorems.out.find("\nntk_perturbation ") != std::string::npos);
  const Run constants = run_program(scratch, {"list", "--constants"});
  CHECK(constants.status == 0);
  CHECK(constants.out.find("\ne1.exponent ") != std::string::npos);
  CHECK(constants.out.find("reconstructed") != std::string::npos);
}

TEST_CASE("a theorem is explained with hypotheses, claims and provenance") {
  const Scratch scratch;
  const Run plain = run_program(scratch, {"explain", "ntk_perturbation"});
  CHECK(plain.status == 0);
  for (const char* text :
       {"2405.03251", "radius_below_limit", "bound_over_ball_frobenius", "e1.exponent", "reconstructed"})
    CHECK_MESSAGE(plain.out.find(text) != std::string::npos, text);
  CHECK(plain.out.find('$') == std::string::npos);
  const Run markdown = run_program(scratch, {"explain", "ntk_perturbation", "--markdown"});
  CHECK(markdown.out.find("$R\\in(0,0.01)$") != std::string::npos);
}

TEST_CASE("a full disk is an error, not a silent success") {
  if (!std::filesystem::exists("/dev/full")) return;
  const Scratch scratch;
  const std::string command = fmt::format("{} list > /dev/full 2> {}", ASSAY_PROGRAM, scratch.path("err"));
  const int state = std::system(command.c_str());
  CHECK(WEXITSTATUS(state) == 2);
  CHECK(contents(scratch.path("err")).starts_with("assay: standard output: cannot be written"));
}

}  // namespace
}  // namespace assay
