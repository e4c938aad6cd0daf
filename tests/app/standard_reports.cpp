#include "json_reading.hpp"

// The committed reports under reports/standard are what `assay verify` says today.

// Under sanitizers the suite takes many minutes; the other tests run the program there on small instances.
#ifndef ASSAY_SANITIZED

using namespace assay;

namespace {

/// Everything in a report that must not change unnoticed: the verdicts, by theorem, instance and claim.
nlohmann::json verdicts_in(const std::string& path) {
  nlohmann::json verdicts;
  const nlohmann::json report = nlohmann::json::parse(contents(path));
  for (const auto& finding : report.at("findings")) {
    auto& entry = verdicts[finding.at("instance").get<std::string>()];
    entry["verdict"] = finding.at("verdict");
    for (const char* part : {"hypotheses", "claims"})
      for (const auto& claim : finding.at(part)) {
        entry[claim.at("id").get<std::string>()] = {claim.at("verdict"), claim.at("vacuous")};
      }
  }
  return verdicts;
}

}  // namespace

TEST_CASE("the committed reports have today's verdicts, in both tiers") {
  const std::string committed = std::string(ASSAY_TEST_DATA) + "/../reports/standard/";
  for (const char* tier : {"auto", "deep"}) {
    CAPTURE(tier);
    const Scratch scratch;
    const Run run = run_program(scratch, {"verify", "--tier", tier, "--out", "today"});
    CHECK(run.status == 0);
    int reports = 0;
    for (const auto& file : std::filesystem::directory_iterator(scratch.path("today"))) {
      if (file.path().extension() != ".json") continue;
      const std::string name = file.path().filename().string();
      CAPTURE(name);
      ++reports;
      CHECK(verdicts_in(file.path()) == verdicts_in(committed + name));
    }
    CHECK(reports >= 9);
  }
}

#endif
