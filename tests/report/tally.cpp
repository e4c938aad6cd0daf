#include "report/tally.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "data/message.hpp"
#include "report/index.hpp"
#include "report/wording.hpp"
#include "sample.hpp"

namespace assay {
namespace {

TEST_CASE("what a statement comes to over all instances") {
  const auto of = [](const char* id) { return comes_to(tally_of(id, sample::findings())); };
  CHECK(of("softmax_row") == "true on 2, **undecided** on 1, says nothing on 1");
  CHECK(of("first_order") == "**false** on 1, true on 2, says nothing on 1");
  CHECK(comes_to(tally_of("first_order", {sample::failing()})) == "**false**");
  CHECK(comes_to(tally_of("first_order", {sample::failing(), sample::failing()})) == "**false on all 2**");
  CHECK(comes_to(tally_of("first_order", {sample::passing()})) == "true");
  CHECK(comes_to(tally_of("first_order", {sample::inapplicable()})) == "says nothing on these");
}

TEST_CASE("how far a statement is from true and from false is said on the safe side") {
  // 0.2000001 < 1/2 < 0.7, and 0.7 / (1/2) is not known to be 1.4 or more.
  CHECK(how_far(tally_of("first_order", sample::findings())) ==
        "off by a factor of 1.3; where true, a factor of 2.4 to spare");
  CHECK(how_far(tally_of("first_order", {sample::inapplicable()})) == "hypothesis radius_small certainly fails");
  CHECK(factor_in_words(std::log10(2.39)) == "2.3");
  CHECK(factor_in_words(-std::log10(46.9)) == "46");
  CHECK(factor_in_words(88.9) == "10^88");
}

TEST_CASE("no run of backticks ends code") {
  CHECK(code_span("a") == "`a`");
  CHECK(code_span("a``b") == "``` a``b ```");
  CHECK(code_block({"a"}) == "```sh\na\n```\n\n");
  CHECK(code_block({"a ```` b"}) == "`````sh\na ```` b\n`````\n\n");
}

TEST_CASE("the index puts what the paper states first, and there what is false") {
  Theorem theorem = sample::theorem();
  theorem.claims = {{.id = "softmax_row", .text = "the row", .paper = "Lemma 1"},
                    {.id = "first_order", .text = "the order", .paper = "Lemma 2"},
                    {.id = "kept", .text = "the rest"}};
  std::vector<Finding> findings{sample::passing(), sample::failing()};
  for (Finding& finding : findings) {
    finding.claims.push_back(finding.claims[0]);
    finding.claims.back().id = "kept";
  }
  const std::string text = index_markdown({{&theorem, findings}}, {}, sample::run());
  const auto of_false = text.find("[Lemma 2]("), of_true = text.find("[Lemma 1]("), instead = text.find("| the rest |");
  REQUIRE(instead != std::string::npos);
  CHECK(text.find("## What the paper states") < of_false);
  CHECK(of_false < of_true);
  CHECK(of_true < text.find("## What is proved instead"));
  CHECK(text.find("## What is proved instead") < instead);
}

}  // namespace
}  // namespace assay
