#include "app/run_state.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "app/finding_json.hpp"
#include "data/digest.hpp"
#include "data/file.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "assay.progress/2";
constexpr std::string_view kDescentEnding = ".descent";

std::string folder_of_state(const std::string& folder) {
  return folder + "/.progress";
}

std::string findings_file(const std::string& folder) {
  return folder_of_state(folder) + "/findings.jsonl";
}

/// In one line; bytes that are no UTF-8 are replaced, as in reports.
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The lines that end; what comes after the last end was torn.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t to = 0; (to = text.find('\n', from)) != std::string::npos; from = to + 1)
    lines.push_back(text.substr(from, to - from));
  return lines;
}

/// {"sha256": ..., "content": ...}; the digest is of the content as it is written, and of what it is said to belong to.
std::string sealed(const std::string& belongs_to, const Json& content) {
  return text_of({{"sha256", Digest().add(belongs_to).add(text_of(content)).text()}, {"content", content}}) + "\n";
}

/// @throws std::exception of some kind if it is not whole.
Json unsealed(const std::string& belongs_to, const std::string& line) {
  Json json = Json::parse(line);
  Json& content = json.at("content");
  if (json.size() != 2 || json.at("sha256") != Digest().add(belongs_to).add(text_of(content)).text())
    throw std::invalid_argument("the digest is another one");
  return std::move(content);
}

/// Files that claims name, relative to the folder, with the digests of what is in them.
Json digests_of_counterexamples(const Finding& finding, const std::string& folder) {
  Json digests = Json::object();
  for (const auto* claims : {&finding.hypotheses, &finding.claims})
    for (const Claim& claim : *claims) {
      if (!claim.counterexample) continue;
      const fs::path file = *claim.counterexample;
      if (file.parent_path() != "networks" || !is_plain_file_name(file.filename().string()))
        throw std::invalid_argument("expected a file in networks/");
      digests[*claim.counterexample] = sha256(read_file(folder + "/" + *claim.counterexample));
    }
  return digests;
}

}  // namespace

RunState::RunState(std::string folder, const std::string& identity)
    : folder_(std::move(folder)), identity_(Digest().add(build_identity()).add(identity).text()) {}

std::string RunState::file() const {
  return findings_file(folder_);
}

std::string RunState::descent_file(const std::string& instance) const {
  return folder_of_state(folder_) + "/" + instance + std::string(kDescentEnding);
}

std::string RunState::header() const {
  return sealed("", {{"format", kFormat}, {"run", identity_}});
}

std::string RunState::line_of(const Finding& finding) const {
  return sealed(identity_, {{"finding", exact_json(finding)}, {"files", digests_of_counterexamples(finding, folder_)}});
}

std::optional<Finding> RunState::verified(const std::string& line) const {
  try {
    const Json content = unsealed(identity_, line);
    Finding finding = finding_of(content.at("finding"));
    if (digests_of_counterexamples(finding, folder_) != content.at("files")) return std::nullopt;
    return finding;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

bool RunState::is_of_another_run(const std::string& line) const {
  try {
    return unsealed("", line).at("run") != identity_;
  } catch (const std::exception&) {
    return false;
  }
}

RunState::Resumed RunState::resume() {
  Resumed resumed;
  if (!fs::exists(file())) {
    start_over();
    return resumed;
  }
  std::vector<std::string> lines = lines_of(read_file(file()));
  if (!lines.empty() && is_of_another_run(lines.front()))
    throw InputError(fmt::format("--resume: {} is of another run: expected the same program, suite, data and options",
                                 printable(file())));
  std::string kept = header();
  for (std::size_t k = 0; k < lines.size(); ++k) {
    std::optional<Finding> finding = verified(lines[k]);
    if (finding && find(finding->instance, finding->theorem) == nullptr) {
      kept += lines[k] + "\n";
      findings_.emplace(std::pair(finding->instance, finding->theorem), std::move(*finding));
      ++resumed.taken;
    } else if (k > 0) {
      ++resumed.refused;
    }
  }
  write_file(file(), kept);
  return resumed;
}

void RunState::start_over() {
  forget_progress(folder_);
  fs::create_directories(folder_of_state(folder_));
  write_file(file(), header());
}

const Finding* RunState::find(const std::string& instance, const std::string& theorem) const {
  const auto found = findings_.find({instance, theorem});
  return found == findings_.end() ? nullptr : &found->second;
}

void RunState::add(Finding finding) {
  append_to_file(file(), line_of(finding));
  const std::pair key(finding.instance, finding.theorem);
  findings_.insert_or_assign(key, std::move(finding));
}

void forget_progress(const std::string& folder) {
  std::error_code ignored;  // what is not removed is of no other use than to a run that is the same
  const std::string state = folder_of_state(folder);
  if (!fs::is_directory(state, ignored)) return;
  std::vector<fs::path> ours{findings_file(folder)};
  for (const fs::directory_entry& entry : fs::directory_iterator(state, ignored))
    if (entry.path().extension() == kDescentEnding) ours.push_back(entry.path());
  for (const fs::path& path : ours) fs::remove(path, ignored);
  fs::remove(state, ignored);  // stays if there is anything else in it
}

}  // namespace assay::app
