#include "json_reading.hpp"

namespace assay {
namespace {

using nlohmann::json;

json answers(const std::string& options, int status = 0) {
  const Scratch scratch;
  const Run run = run_program(scratch, words("bounds --json - " + options));
  CAPTURE(options);
  CAPTURE(run.err);
  REQUIRE(run.status == status);
  const json report = json::parse(run.out);
  CHECK(report.at("schema") == "assay.inverse/1");
  return report.at("answers");
}

/// The bound at a value of the variable, by a call of its own.
Interval bound_at(const std::string& others, const std::string& variable, const std::string& value,
                  const std::string& bound) {
  const Scratch scratch;
  const Run run = run_program(scratch, words(fmt::format("bounds --json - {} --{} {}", others, variable, value)));
  REQUIRE(run.status == 0);
  return enclosure(json::parse(run.out).at("bounds").at(bound));
}

std::string pieces_of(const json& answer) {
  std::string text;
  for (const json& piece : answer.at("pieces"))
    text += fmt::format("{}{} {}..{}", text.empty() ? "" : " ", piece.at("truth").get<std::string>(),
                        piece.at("from").get<std::string>(), piece.at("to").get<std::string>());
  return text;
}

TEST_CASE("the largest n: both ends checked by calls of their own") {
  const std::string others = "--d 1 --sigma 0.001 --C 1 --lambda 1/2";
  const json answer = answers(others + " --solve n --such-that m<=1e12").at(0);
  REQUIRE(answer.at("pieces").size() == 2);
  const std::string last = answer.at("pieces").at(0).at("to"), first = answer.at("pieces").at(1).at("from");
  CHECK(std::stol(first) == std::stol(last) + 1);
  const Interval limit = Decimal("1e12").at(300);
  CHECK(certainly_less_equal(bound_at(others, "n", last, "m"), limit));
  CHECK(certainly_less(limit, bound_at(others, "n", first, "m")));
  CHECK(answer.at("monotone") == true);
  CHECK(answer.at("proof") == "proved: m never falls as n grows");
  CHECK(
      answer.at("answer").get<std::string>() ==
      fmt::format("m <= 1e12 holds for every n from 1 to {} and fails from {} on (searched up to 1e12; proved: m never "
                  "falls as n grows)",
                  last, first));
  for (const json& end : answer.at("ends"))
    CHECK(overlap(enclosure(end.at("values").at("m")), bound_at(others, "n", end.at("at"), "m")));
}

TEST_CASE("reals: the bracket has the width that was asked for, and both ends are decided") {
  struct Question {
    const char *variable, *bound, *relation, *number, *others;
  };
  for (const Question& question : std::vector<Question>{{"sigma", "R_convex", ">=", "1e-9", "--n 4 --C 2"},
                                                        {"delta", "B", "<=", "20", "--sigma 0.7"},
                                                        {"lambda", "T_hat", "<", "1e190", "--n 20"},
                                                        {"epsilon", "T_hat", "<=", "1e9", "--sigma 0.001 --C 1"},
                                                        {"C", "D", ">", "1e-100", "--n 5"}})
    for (const char* gap : {"1e-3", "1e-12", "1e-25"}) {
      CAPTURE(question.variable);
      CAPTURE(gap);
      const json answer =
          answers(fmt::format("{} --solve {} --such-that {}{}{} --to {}", question.others, question.variable,
                              question.bound, question.relation, question.number, gap))
              .at(0);
      REQUIRE(answer.at("pieces").size() == 2);
      const std::string left = answer.at("pieces").at(0).at("to"), right = answer.at("pieces").at(1).at("from");
      const Interval a = Decimal(left).at(300), b = Decimal(right).at(300);
      CHECK(certainly_less(a, b));
      CHECK(certainly_less_equal((b - a) / a, Decimal(gap).at(300)));
      const Interval limit = Decimal(question.number).at(300);
      const bool left_holds = answer.at("pieces").at(0).at("truth") == "holds";
      const auto on_side = [&](const std::string& value, bool below) {
        // 1e-15 of `bounds` tells the ends apart only where they are farther apart.
        const Interval bound = bound_at(question.others, question.variable, value, question.bound);
        return below ? !certainly_less(limit, bound) : !certainly_less(bound, limit);
      };
      const bool upper = question.relation[0] == '<';
      CHECK(on_side(left, left_holds == upper));
      CHECK(on_side(right, left_holds != upper));
      // The values that are printed decide.
      for (const json& end : answer.at("ends")) {
        const Interval value = enclosure(end.at("values").at(question.bound));
        const bool holds = upper ? certainly_less_equal(value, limit) : certainly_less_equal(limit, value);
        const bool fails = upper ? certainly_less_equal(limit, value) : certainly_less_equal(value, limit);
        CHECK(end.at("truth") == (holds ? "holds" : fails ? "fails" : "?"));
      }
    }
}

TEST_CASE("the reason names the direction in which a bound goes") {
  const auto proof = [](const std::string& options) { return answers(options).at(0).at("proof").get<std::string>(); };
  CHECK(proof("--solve sigma --such-that R>=1e-9 --C 2") == "proved: R_convex never rises as sigma grows");
  CHECK(proof("--solve sigma --such-that R<1e-9 --C 2") == "proved: R_convex never rises as sigma grows");
  CHECK(proof("--solve n --such-that m>1e30 --C 2") == "proved: m never falls as n grows");
  CHECK(proof("--solve lambda --such-that m>1e30 --such-that R>=1e-9 --C 2") ==
        "proved: m never rises as lambda grows; R_convex never falls as lambda grows");
}

TEST_CASE("the smallest self-consistent C is the lower end of what bounds reports") {
  const json answer = answers("--solve C --such-that event").at(0);
  REQUIRE(answer.at("pieces").size() == 2);
  const Interval least = bound_at("--sigma 1", "C", "10", "C_consistent_min").lower();
  const Interval a = Decimal(answer.at("pieces").at(0).at("to").get<std::string>()).at(200),
                 b = Decimal(answer.at("pieces").at(1).at("from").get<std::string>()).at(200);
  CHECK(std::abs(((a - least) / least).approx_double()) < 1e-9);
  CHECK(std::abs(((b - least) / least).approx_double()) < 1e-9);
}

TEST_CASE("what changes more than once is not called monotone") {
  // m_break falls as delta grows, and rises where delta is near 1.
  const json answer =
      answers("--n 1 --d 1 --C 1 --solve delta --such-that m_break<=50 --between 1e-6:0.9999999999").at(0);
  CHECK(answer.at("monotone") == false);
  CHECK(answer.at("complete") == true);
  CHECK(answer.at("proof").get<std::string>().starts_with("proved by parts"));
  // Both sides of the valley.
  const json valley =
      answers("--n 1 --d 1 --C 2 --solve delta --such-that m_break<=15 --between 1e-6:0.9999999999").at(0);
  CHECK(valley.at("pieces").size() == 3);
  CHECK(valley.at("pieces").at(0).at("truth") == "fails");
  CHECK(valley.at("pieces").at(1).at("truth") == "holds");
  for (std::size_t k = 0; k < 4; ++k) {
    const json& end = valley.at("ends").at(k);
    const Interval value = bound_at("--n 1 --d 1 --C 2", "delta", end.at("at"), "m_break");
    CHECK((end.at("truth") == "holds" ? value.lower_double() <= 15 : value.upper_double() >= 15));
  }
}

TEST_CASE("several conditions, everywhere, nowhere, and not defined") {
  const std::string others = "--d 1 --sigma 0.001 --C 1 --lambda 1/2";
  const json both = answers(others + " --solve n --such-that m<=1e12 --such-that T<=2e11").at(0);
  CHECK(both.at("such_that") == json::array({"m <= 1e12", "T_hat <= 2e11"}));
  CHECK(pieces_of(both) == "holds 1..9 fails 10..1000000000000");
  CHECK(pieces_of(answers("--solve n --such-that m<=1e9").at(0)) == "fails 1..1000000000000");
  CHECK(pieces_of(answers("--solve n --such-that m>=1").at(0)) == "holds 1..1000000000000");
  CHECK(pieces_of(answers("--solve n --such-that R_max<=1 --between 3:4").at(0)) == "holds 3..4");
  const json score = answers("--solve n --such-that score<=1e9").at(0);
  CHECK(pieces_of(score).starts_with("undefined 1..1 holds 2..1411 fails 1412.."));
  // At delta = 1/2 every interval that begins at n = 1 has a bound of Gamma_delta from above, and n = 1 has no value.
  const json gamma = answers("--delta 1/2 --lambda 1 --d 10 --solve n --such-that Gamma<=1e12 --between 1:1e5").at(0);
  CHECK(pieces_of(gamma) == "undefined 1..1 holds 2..100000");
  CHECK(pieces_of(answers("--solve n --such-that m<=m_break --sigma 0.1").at(0)) == "holds 1..1000000000000");
}

TEST_CASE("one answer per point of a grid") {
  const json all =
      answers("--d 1 --sigma 0.001 --C 1 --lambda 1/2 --vary epsilon=0.01,0.1 --solve n --such-that T<=2e11");
  REQUIRE(all.size() == 2);
  CHECK(all.at(0).at("at").at("epsilon") == "0.01");
  CHECK(pieces_of(all.at(0)) == "holds 1..9 fails 10..1000000000000");
  CHECK(pieces_of(all.at(1)) == "holds 1..10 fails 11..1000000000000");
}

TEST_CASE("what the bits do not decide stays undecided, with status 3") {
  const json answer = answers("--solve sigma --such-that m<=1e30 --C 1 --bits 40 --to 1e-30", 3).at(0);
  CHECK(answer.at("complete") == false);
  CHECK(answer.at("proof").get<std::string>().starts_with("not proved"));
  REQUIRE(answer.at("pieces").size() == 3);
  CHECK(answer.at("pieces").at(1).at("truth") == "undecided");
  const Interval limit = Decimal("1e30").at(300);
  CHECK(bound_at("--C 1", "sigma", answer.at("pieces").at(0).at("to"), "m").lower_double() <= limit.upper_double());
  CHECK(bound_at("--C 1", "sigma", answer.at("pieces").at(2).at("from"), "m").upper_double() >= limit.lower_double());
}

TEST_CASE("the sentence comes first, with the values on both sides") {
  const Scratch scratch;
  const Run run = run_program(scratch, {"bounds", "--d", "1", "--sigma", "0.001", "--C", "1", "--lambda", "1/2",
                                        "--solve", "n", "--such-that", "m <= 1e12"});
  CHECK(run.status == 0);
  CHECK(run.out.starts_with("m <= 1e12 holds for every n from 1 to "));
  CHECK(run.out.find("proved: m never falls as n grows).\n  n = ") != std::string::npos);
}

TEST_CASE("the README shows what its commands print") {
  const std::string readme = contents(ASSAY_TEST_DATA "/../README.md"), prompt = "```console\n$ ./assay bounds";
  int compared = 0;
  for (auto at = readme.find(prompt); at != std::string::npos; at = readme.find(prompt, at + 1)) {
    const auto command = at + std::string("```console\n$ ./assay ").size(), line = readme.find('\n', command) + 1;
    std::string typed = readme.substr(command, line - 1 - command);
    std::erase(typed, '\'');
    const Scratch scratch;
    const Run run = run_program(scratch, words(typed));
    CHECK(run.status == 0);
    CHECK(run.out.starts_with(readme.substr(line, readme.find("```", line) - line)));
    ++compared;
  }
  CHECK(compared == 3);
}

TEST_CASE("what cannot be solved is said in one line") {
  const Scratch scratch;
  scratch.file("x.csv", "0.5,0.25\n-0.5,0.125\n");
  struct Bad {
    const char *line, *message;
  };
  for (const Bad& bad : std::vector<Bad>{
           {"--solve n", "--solve: expected --such-that beside it"},
           {"--such-that m<=1", "--such-that: expected --solve VARIABLE beside it"},
           {"--between 1:2", "--between: expected --solve VARIABLE beside it"},
           {"--to 1e-3", "--to: expected --solve VARIABLE beside it"},
           {"--solve width --such-that m<=1", "--solve: unknown variable 'width'; expected one of n, d, d_in, sigma"},
           {"--solve n --such-that width<=1", "--such-that: unknown bound 'width'; expected one of "},
           {"--solve n --such-that m=1", "--such-that: expected a condition such as 'm<=1e9'"},
           {"--solve n --such-that m<=", "--such-that: expected a condition such as 'm<=1e9'"},
           {"--solve n --such-that m<=1e", "--such-that: expected a decimal number"},
           {"--solve n --such-that C_min<=3", "--such-that: C_consistent_min is the end of a search itself"},
           {"--solve n --such-that m<=1 --between 3", "--between: expected LO:HI such as 1:1e6"},
           {"--solve n --such-that m<=1 --between 3:2", "--between: expected LO:HI with LO <= HI"},
           {"--solve n --such-that m<=1 --between 1:2.5", "--between: expected integers of at most 2^62, found 2.5"},
           {"--solve n --such-that m<=1 --between 1:1e30", "--between: expected integers of at most 2^62, found 1e30"},
           {"--solve n --such-that m<=1 --between 0:5", "--between: --n: expected a positive integer"},
           {"--solve delta --such-that m<=1 --between 0.1:1", "--between: --delta: expected a probability in (0, 1)"},
           {"--solve C --such-that m<=1 --between -1:1", "--between: expected numbers >= 0, found -1"},
           {"--solve e1.exponent --such-that m<=1", "--solve e1.exponent: expected --between LO:HI beside it"},
           {"--solve n --vary n=1,2 --such-that m<=1", "--solve n: expected another variable than --vary n"},
           {"--solve n --such-that m<=1 --csv t.csv", "--csv: expected --vary beside it, and no --solve"},
           {"--solve n --such-that m<=1 --elasticity n", "--elasticity: expected no --solve beside it"},
           {"--solve sigma --such-that m<=1 --x x.csv", "--solve sigma: lambda would change with it"},
           {"--solve d --such-that m<=1 --drawn-x", "--solve d: the drawn rows have as many columns"},
           {"--solve C --such-that m<=1 --to 1e-90", "--to: expected a relative width in [1e-60, 1)"}}) {
    CAPTURE(bad.line);
    const Run run = run_program(scratch, words(std::string("bounds ") + bad.line));
    CHECK(run.status == 2);
    CHECK(run.out == "");
    CAPTURE(run.err);
    CHECK(run.err.starts_with(std::string("assay: ") + bad.message));
    CHECK(run.err.find('\n') == run.err.size() - 1);
  }
}

}  // namespace
}  // namespace assay
