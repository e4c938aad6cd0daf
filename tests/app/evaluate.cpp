#include "json_reading.hpp"

namespace assay {
namespace {

const std::vector<std::string> kReferences{"small", "large_sigma", "rectangular"};

/// evaluate on the files of a reference instance, with more options; JSON on standard output.
Run evaluate_reference(const Scratch& scratch, const std::string& name, const std::string& more) {
  const std::string folder = std::string(ASSAY_TEST_DATA) + "/reference/" + name + "/";
  const nlohmann::json expected = nlohmann::json::parse(contents(folder + "expected.json"));
  std::vector<std::string> arguments{"evaluate",
                                     "--x",
                                     folder + "x.csv",
                                     "--y",
                                     folder + "y.csv",
                                     "--w",
                                     folder + "w.csv",
                                     "--a",
                                     folder + "a.csv",
                                     "--w-tilde",
                                     folder + "wt.csv",
                                     "--sigma",
                                     fmt::format("{}", expected.at("sigma").get<double>()),
                                     "--json",
                                     "-"};
  for (const std::string& word : words(more)) arguments.push_back(word);
  return run_program(scratch, arguments);
}

TEST_CASE("every reference value lies in its enclosure, which is as narrow as asked") {
  const Scratch scratch;
  for (const std::string& name : kReferences) {
    CAPTURE(name);
    const Run run = evaluate_reference(scratch, name, "--rtol 1e-12");
    REQUIRE(run.status == 0);
    CHECK(run.err == "");
    const nlohmann::json report = nlohmann::json::parse(run.out);
    CHECK(report.at("schema") == "assay.evaluation/1");
    CHECK((report.at("tier") == "deep" || report.at("tier") == "fast"));
    CHECK(report.at("seconds").is_number());
    CHECK(report.at("bits").is_number_integer());
    const nlohmann::json expected =
        nlohmann::json::parse(contents(std::string(ASSAY_TEST_DATA) + "/reference/" + name + "/expected.json"));
    int compared = 0;
    for (const auto& [key, ends] : report.at("quantities").items()) {
      const std::string& quantity = key;
      CAPTURE(quantity);
      REQUIRE(expected.contains(quantity));
      // Not `contains`: the reference itself is rounded in its 40th digit.
      const Interval value = Decimal(expected.at(quantity).get<std::string>()).at(300);
      CHECK(overlap(enclosure(ends), value));
      CHECK(enclosure(ends).relative_width() <= 1e-12);
      ++compared;
    }
    CHECK(compared == 11);
  }
}

TEST_CASE("both tiers enclose the reference values") {
  const Scratch scratch;
  for (const std::string& name : kReferences)
    for (const std::string tier : {"fast", "deep"}) {
      CAPTURE(name);
      const Run run = evaluate_reference(scratch, name, "--tier " + tier);
      REQUIRE((run.status == 0 || run.status == 3));  // the fast tier may not be narrow enough
      const nlohmann::json report = nlohmann::json::parse(run.out);
      CHECK(report.at("tier") == tier);
      const nlohmann::json expected =
          nlohmann::json::parse(contents(std::string(ASSAY_TEST_DATA) + "/reference/" + name + "/expected.json"));
      for (const auto& [key, ends] : report.at("quantities").items()) {
        const std::string& quantity = key;
        CAPTURE(quantity);
        CHECK(overlap(enclosure(ends), Decimal(expected.at(quantity).get<std::string>()).at(300)));
      }
    }
}

TEST_CASE("more bits give an enclosure inside the reach of fewer") {
  const Scratch scratch;
  for (const std::string& name : kReferences) {
    nlohmann::json before;
    for (const int bits : {64, 128, 512}) {
      // More than any precision gives, so the limit decides.
      const Run run = evaluate_reference(scratch, name, fmt::format("--tier deep --rtol 1e-300 --bits {}", bits));
      REQUIRE(run.status == 3);
      const nlohmann::json report = nlohmann::json::parse(run.out);
      CHECK(report.at("bits") == bits);
      CHECK_FALSE(report.at("notes").empty());
      for (const auto& [key, ends] : report.at("quantities").items()) {
        const std::string& quantity = key;
        if (before.is_null()) continue;
        CAPTURE(name);
        CAPTURE(quantity);
        const Interval now = enclosure(ends), then = enclosure(before.at(quantity));
        CHECK(overlap(now, then));
        CHECK(now.relative_width() <= then.relative_width());
      }
      before = report.at("quantities");
    }
  }
}

TEST_CASE("the table goes to standard output, the JSON to a file") {
  const Scratch scratch;
  const Run run = run_program(scratch, words("evaluate --n 4 --d-in 4 --d 2 --m 64 --json out.json"));
  CHECK(run.status == 0);
  CHECK(run.err == "");
  CHECK(run.out.find("lambda_min_K_inf") != std::string::npos);
  CHECK(json_file(scratch, "out.json").at("quantities").contains("max_mS"));
  CHECK(scratch.files() == 1);
}

TEST_CASE("threads do not change a digit") {
  const Scratch scratch;
  const auto quantities = [&](const char* threads) {
    const Run run = run_program(
        scratch, words(fmt::format("evaluate --data iris --rows 1,51,101 --m 128 --json - --threads {}", threads)));
    return nlohmann::json::parse(run.out).at("quantities");
  };
  CHECK(quantities("1") == quantities("3"));
}

TEST_CASE("a kernel that is singular for sure has the eigenvalue 0 for sure") {
  const Scratch scratch;
  scratch.file("x.csv", "0.5,0.25\n0.5,0.25\n");
  scratch.file("y.csv", "1\n-0.5\n");
  const Run run = run_program(scratch, words("evaluate --x x.csv --y y.csv --m 64 --json -"));
  CHECK(run.status == 0);
  const nlohmann::json report = nlohmann::json::parse(run.out);
  CHECK(report.at("quantities").at("lambda_min_H").at("hi") == "0");
  CHECK_FALSE(report.at("notes").empty());
}

}  // namespace
}  // namespace assay
