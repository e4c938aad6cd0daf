// Standard output and error that are closed, full or gone, and machines without memory or threads: the exit status says
// so, and a line where there is still a stream.

#include <mpfr.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>

#include "app/json_reading.hpp"
#include "enclosure/exhausted_memory.hpp"
#include "shell.hpp"

namespace assay {
namespace {

const std::string kSmall = "--n 2 --d-in 2 --d 1 --m 8 --sigma 0.5";

TEST_CASE("a message that cannot be written is lost, and nothing else") {
  const Scratch scratch;
  for (const char* where : {"2>&-", "2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-"})
    for (const char* arguments : {"evaluate --foo", "evaluate --n 4 --d 2 --m 5", ""})
      CHECK_MESSAGE(shell(scratch, fmt::format("$assay {} {}", arguments, where)).status == 2, where);
}

TEST_CASE("standard output that cannot be written is told in one line") {
  const Scratch scratch;
  for (const char* where : {">&-", ">/dev/full"})
    for (const std::string& arguments :
         std::vector<std::string>{"list", "--help", "--version", "explain width", "bounds",
                                  "check basic_event " + kSmall, "check basic_event --json - " + kSmall}) {
      CAPTURE(arguments);
      const Run run = shell(scratch, fmt::format("$assay {} {}", arguments, where));
      CHECK(run.status == 2);
      CHECK(run.err.starts_with("assay: standard output: cannot be written ("));
      CHECK(is_one_line(run.err));
    }
  const Run full = shell(scratch, "$assay bounds --json /dev/full");
  CHECK(full.status == 2);
  CHECK(full.err == "assay: /dev/full: cannot be written (No space left on device)\n");
}

TEST_CASE("a file never takes the place of a closed stream") {
  const Scratch scratch;
  const Run run = shell(scratch, "$assay check basic_event " + kSmall + " --json f.json <&- >&- 2>&-");
  CHECK(run.status == 2);  // the text for people has no place to go
  CHECK(json_file(scratch, "f.json").at("schema") == "assay.report/1");
}

TEST_CASE("a run outlives its terminal") {
  const Scratch scratch;
  scratch.file("suite.toml", "[[instance]]\nn = 24\nd = 4\nm = 4096\n");
  auto terminal = std::make_unique<Terminal>();
  const RunningProgram program(scratch, words("verify --suite suite.toml --out out"), terminal.get());
  const auto wait = [](int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); };
  for (int k = 0; k < 600 && terminal->text().empty(); ++k) wait(100);  // progress is shown after two seconds
  terminal.reset();
  wait(1000);
  program.send(SIGTERM);
  CHECK(program.wait().status == 130);
}

// The sanitizer's own memory has no such limits.
#ifndef ASSAY_SANITIZED

TEST_CASE("what does not fit into memory is named") {
  const Scratch scratch;
  const Run fast = shell(scratch, "ulimit -v 400000; $assay evaluate --n 2500 --d 4 --m 8 --tier fast --threads 1");
  CHECK(fast.status == 2);
  CHECK(fast.err.starts_with("assay: out of memory: the kernel of this instance is 10000 x 10000 (0.75 GiB"));
  CHECK(is_one_line(fast.err));
  const Run deep = shell(scratch, "ulimit -v 200000; $assay evaluate --n 500 --d 4 --m 8 --tier deep --threads 1");
  CHECK(deep.status == 2);
  CHECK(deep.err.starts_with("assay: out of memory: "));
  CHECK(is_one_line(deep.err));
}

TEST_CASE("what GMP does not get ends the process in the way that was asked for") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit limit{rlim_t{1} << 33, rlim_t{1} << 33};
    setrlimit(RLIMIT_AS, &limit);
    on_exhausted_memory([] { _exit(7); });
    mpfr_t number;
    mpfr_init2(number, mpfr_prec_t{1} << 40);  // 128 GiB
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("without threads the work is done by those there are") {
  const Scratch scratch;
  const std::string command = "$assay evaluate --n 4 --d 2 --m 2^18 --tier fast --json - --threads ";
  // A thread asks for 8 MB of addresses for its stack, so the system refuses some.
  const Run few = shell(scratch, "ulimit -s 65536; ulimit -v 900000; " + command + "256");
  CHECK(few.status == 0);
  const Run one = shell(scratch, command + "1");
  CHECK(nlohmann::json::parse(few.out).at("quantities") == nlohmann::json::parse(one.out).at("quantities"));
}

#endif

}  // namespace
}  // namespace assay
