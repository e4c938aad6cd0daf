#include "json_reading.hpp"

namespace assay {
namespace {

nlohmann::json certificate(const Scratch& scratch, const std::string& options, int status) {
  const Run run = run_program(scratch, words("certify --n 2 --d 2 --sigma 0.5 --json - " + options));
  CHECK(run.status == status);
  return nlohmann::json::parse(run.out).at("certificates").at(0);
}

TEST_CASE("the smallest certified width is a power of two, and no narrower one is certified") {
  const Scratch scratch;
  // At m = 2 the kernel is singular for certain: that is no reason to give up.
  const nlohmann::json found = certificate(scratch, "", 0);
  CHECK(found.at("certified") == true);
  CHECK(found.at("why_not") == "");
  const long m = found.at("m");
  CHECK(m > 2);
  CHECK((m & (m - 1)) == 0);
  const nlohmann::json narrower = certificate(scratch, fmt::format("--max-m {}", m / 2), 3);
  CHECK(narrower.at("certified") == false);
  CHECK(narrower.at("m") == 0);
  CHECK(narrower.at("why_not") != "");
  const Run refused = run_program(scratch, words("certify --n 2 --d 2 --min-m 12"));
  CHECK(refused.status == 2);
  CHECK(refused.err == "assay: --min-m: expected a power of two, found '12'\n");
}

}  // namespace
}  // namespace assay
