#include "app/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "data/file.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPlainName = "expected a name without control characters";

[[noreturn]] void fail(std::string_view option, const std::string& path, const std::string& why) {
  throw InputError(fmt::format("{}: {}: {}", option, printable(path), why));
}

/// Anything but a file: a pipe, a terminal, /dev/null. A rename would replace it.
bool is_device(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

void try_to_write_in(std::string_view option, const std::string& path, const fs::path& folder) {
  if (const int error = error_of_writing_in(folder.string()); error != 0)
    fail(option, path, fmt::format("cannot be written ({})", std::generic_category().message(error)));
}

void write_to_device(const std::string& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file != nullptr && std::fclose(file) == 0;
  if (!written || !closed)
    throw InputError(
        fmt::format("{}: cannot be written ({})", printable(path), std::generic_category().message(errno)));
}

}  // namespace

void open_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is the one that is closed, as those below it are open. Read-only is right for output.
    static_cast<void>(open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY));
  }
}

void print_error(std::string_view text) noexcept {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  std::fflush(stderr);
}

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw InputError(fmt::format("standard output: cannot be written ({})", std::generic_category().message(errno)));
}

OutputFile::OutputFile(std::string_view option, std::optional<std::string> path) : path_(std::move(path)) {
  if (!path_ || is_standard_output()) return;
  if (path_->empty())
    throw InputError(fmt::format("{}: expected the name of a file, or - for standard output", option));
  if (!is_plain_name(*path_)) fail(option, *path_, kPlainName);
  if (is_device(*path_)) return;
  std::error_code error;
  if (fs::is_directory(*path_, error)) fail(option, *path_, "expected a file, found a folder");
  const fs::path folder = fs::path(*path_).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error))
    fail(option, *path_, fmt::format("there is no folder '{}'", printable(folder.string())));
  try_to_write_in(option, *path_, folder.empty() ? "." : folder);
}

std::optional<std::string> OutputFile::ordinary_file() const {
  return !path_ || is_standard_output() || is_device(*path_) ? std::nullopt : path_;
}

void OutputFile::write(std::string_view text) const {
  if (!path_) return;
  if (is_standard_output()) return print(text);
  if (is_device(*path_)) return write_to_device(*path_, text);
  write_file(*path_, text);
}

void make_writable_folder(std::string_view option, const std::string& path) {
  std::error_code error;
  if (path.empty()) throw InputError(fmt::format("{}: expected the name of a folder", option));
  if (!is_plain_name(path)) fail(option, path, kPlainName);
  fs::create_directories(path, error);
  if (error) fail(option, path, fmt::format("cannot be made a folder ({})", error.message()));
  if (!fs::is_directory(path, error)) fail(option, path, "expected a folder, found a file");
  try_to_write_in(option, path, path);
}

}  // namespace assay::app
