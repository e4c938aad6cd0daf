#include "app/input_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "data/digest.hpp"

namespace assay::app {
namespace {

std::optional<std::string> sha256_of(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  Digest digest;
  std::array<char, 1 << 16> buffer{};
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0)
    digest.add(buffer.data(), static_cast<std::size_t>(file.gcount()));
  return file.eof() ? std::optional(digest.text()) : std::nullopt;
}

}  // namespace

std::vector<std::string> files_of(const InstanceRequest& request) {
  std::vector<std::string> files;
  for (const auto& file : {request.x_file, request.y_file, request.w_file, request.a_file})
    if (file && std::find(files.begin(), files.end(), *file) == files.end()) files.push_back(*file);
  return files;
}

std::vector<InputFile> digests_of(const std::vector<std::string>& files) {
  std::vector<InputFile> digests;
  for (const std::string& file : files) {
    const bool is_known =
        std::any_of(digests.begin(), digests.end(), [&](const InputFile& each) { return each.name == file; });
    if (is_known) continue;
    if (const auto digest = sha256_of(file)) digests.push_back({file, *digest});
  }
  return digests;
}

}  // namespace assay::app
