// The example of the README is a theorem that works.

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "setting/setting.hpp"
#include "support/drawn.hpp"
#include "theory/theorem.hpp"

using namespace assay;

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("the README shows the example as it is compiled") {
  const std::string example = contents(ASSAY_TEST_DATA "/theorems/small_logits/theorem.cpp");
  REQUIRE_FALSE(example.empty());
  CHECK(contents(ASSAY_TEST_DATA "/../README.md").find("```cpp\n" + example + "```\n") != std::string::npos);
}

TEST_CASE("the README shows the program outside assay as it is compiled") {
  const std::string example = contents(ASSAY_TEST_DATA "/outside/main.cpp");
  REQUIRE_FALSE(example.empty());
  CHECK(contents(ASSAY_TEST_DATA "/../README.md").find("```cpp\n" + example + "```\n") != std::string::npos);
}

TEST_CASE("the example of the README holds, and its falsehood is refuted") {
  const Theorem& theorem = theorem_of("small_logits");
  for (const Setting& setting :
       {Setting(drawn_instance(4, 4, 2, 64, 1), {}, {}, 1), Setting(drawn_instance(2, 2, 1, 16, 3, 4), {}, {}, 1)}) {
    CHECK(check(theorem, setting, setting.constants(), {}).outcome == Outcome::pass);
    CHECK(decide(theorem.falsehoods[0], setting, Precision{}).verdict == Verdict::fails);
  }
}
