// Temporary files: a name that is taken is left alone.

#include <doctest/doctest.h>
#include <unistd.h>

#include "app/run_program.hpp"
#include "data/file.hpp"

using namespace assay;

namespace {

constexpr int kNames = 400;

/// Files of others under names that our temporary files have had.
std::vector<std::string> foreign_names() {
  std::vector<std::string> names{fmt::format(".assay-{}.tmp", getpid())};
  for (int k = 0; k < kNames; ++k) {
    names.push_back(fmt::format(".assay-{}-{}.tmp", getpid(), k));
    names.push_back(fmt::format("report.json.{}-{}.tmp", getpid(), k));
  }
  return names;
}

}  // namespace

TEST_CASE("temporary names that are taken are left to their owners") {
  const Scratch scratch;
  const std::vector<std::string> foreign = foreign_names();
  for (const std::string& name : foreign) scratch.file(name, "not ours");
  write_file(scratch.path("report.json"), "ours");
  CHECK(error_of_writing_in(scratch.path("")) == 0);
  CHECK(contents(scratch.path("report.json")) == "ours");
  CHECK(scratch.files() == foreign.size() + 1);
  for (const std::string& name : foreign) CHECK(contents(scratch.path(name)) == "not ours");
}

TEST_CASE("a file that cannot be replaced leaves nothing behind") {
  const Scratch scratch;
  std::filesystem::create_directories(scratch.path("taken/inside"));
  CHECK_THROWS_AS(write_file(scratch.path("taken"), "ours"), InputError);
  CHECK(scratch.files() == 1);
}

TEST_CASE("plain file names") {
  for (const char* name : {"a", "drawn-n3.csv", "a b", "..a", "\xc3\xa9"}) CHECK(is_plain_file_name(name));
  for (const char* name : {"", ".", "..", "a/b", "/a", "../a", "a\\b", "a\nb", "a\x7f", "\x1b[2J"})
    CHECK(!is_plain_file_name(name));
  CHECK(!is_plain_file_name(std::string_view("a\0b", 3)));
  CHECK(!is_plain_file_name(std::string(256, 'a')));
}
