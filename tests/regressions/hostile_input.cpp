// Files that wait, never end or are too large, and names that would break a report.

#include "app/json_reading.hpp"
#include "shell.hpp"

namespace assay {
namespace {

void write_good_files(const Scratch& scratch) {
  scratch.file("x.csv", "0.5,0.25\n-0.5,0.125\n");
  scratch.file("y.csv", "1\n-0.5\n");
}

/// The message about an X that cannot be read.
std::string complaint(const Scratch& scratch, const std::string& prepare, const std::string& x) {
  const Run run = shell(scratch, fmt::format("{}; $assay evaluate --x {} --y y.csv --m 4", prepare, x));
  CHECK(run.status == 2);
  CHECK(run.out == "");
  CHECK(is_one_line(run.err));
  return run.err;
}

TEST_CASE("only files are read") {
  const Scratch scratch;
  write_good_files(scratch);
  CHECK(complaint(scratch, "mkfifo pipe.csv", "pipe.csv") == "assay: pipe.csv: expected a file, found a pipe\n");
  CHECK(complaint(scratch, "ln -s /dev/zero zero.npy", "zero.npy") ==
        "assay: zero.npy: expected a file, found a device\n");
  CHECK(complaint(scratch, "mkdir folder.csv", "folder.csv") == "assay: folder.csv: expected a file, found a folder\n");
  CHECK(complaint(scratch, "truncate -s 1T large.npy", "large.npy") ==
        "assay: large.npy: expected at most 4294967296 bytes, found 1099511627776\n");
  for (const char* suite : {"pipe", "/dev/zero"}) {
    const Run run = shell(scratch, fmt::format("mkfifo pipe 2>/dev/null; $assay verify --suite {}", suite));
    CHECK(run.status == 2);
    CHECK(run.err.find("expected a file, found a ") != std::string::npos);
  }
  const Run endless = shell(scratch, "cat /dev/zero | $assay verify --suite /dev/stdin");
  CHECK(endless.status == 2);
  CHECK(endless.err == "assay: /dev/stdin: expected at most 16777216 bytes, found more\n");
}

TEST_CASE("a suite may come through standard input") {
  const Scratch scratch;
  const Run run = shell(scratch,
                        "printf 'theorems = [\"basic_event\"]\\n[[instance]]\\nn = 2\\nd = 1\\nm = 8\\n' | "
                        "$assay verify --suite /dev/stdin --out out");
  CHECK(run.status == 0);
}

TEST_CASE("a link to a file is a file") {
  const Scratch scratch;
  write_good_files(scratch);
  CHECK(shell(scratch, "ln -s x.csv link.csv; $assay evaluate --x link.csv --y y.csv --m 4").status == 0);
}

TEST_CASE("backticks in a file name do not end code in a report") {
  const Scratch scratch;
  scratch.file("y.csv", "1\n-0.5\n");
  scratch.file("x````.csv", "0.5,0.25\n-0.5,0.125\n");
  CHECK(shell(scratch, "$assay check basic_event --x 'x````.csv' --y y.csv --m 8 --markdown f.md").status == 0);
  const std::string report = contents(scratch.path("f.md"));
  CHECK(report.find("\n`````sh\n./assay check basic_event --x 'x````.csv'") != std::string::npos);
}

TEST_CASE("networks in folders of any name are linked to") {
  const Scratch scratch;
  write_good_files(scratch);
  const Run run = shell(scratch,
                        "$assay check ntk_perturbation --x x.csv --y y.csv --m 8 --set e1.multiplier=0 --markdown f.md "
                        "--save-networks 'n`>)(<'");
  CHECK(run.status == 1);
  const std::string report = contents(scratch.path("f.md"));
  CHECK(report.find(
            "[`` n`>)(</files-x-m8-s1-seed1_w_tilde.csv ``](<n%60%3E%29%28%3C/files-x-m8-s1-seed1_w_tilde.csv>)") !=
        std::string::npos);
}

}  // namespace
}  // namespace assay
