#include "network/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "network/input_error.hpp"
#include "network/message.hpp"

namespace assay {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

[[noreturn]] void fail(const std::string& path, const char* what, int error) {
  throw InputError(fmt::format("{}: cannot be {} ({})", printable(path), what, std::generic_category().message(error)));
}

/// A name in the folder of `path` that no other process or thread uses.
std::string temporary_beside(const std::string& path) {
  static std::atomic<unsigned> count{0};
  return fmt::format("{}.{}-{}.tmp", path, getpid(), count++);
}

/// 0, or the error number.
int write_all(const std::string& path, std::string_view bytes) {
  File file(std::fopen(path.c_str(), "wbx"));
  if (!file) return errno;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) return errno;
  return std::fclose(file.release()) == 0 ? 0 : errno;  // a full disk may show only here
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

bool is_standard_input(const std::string& path) {
  return path == "/dev/stdin" || path == "/dev/fd/0" || path == "/proc/self/fd/0";
}

/// Opened without waiting for whoever writes into a pipe, and found to be something that ends.
File open_to_read(const std::string& path, std::uint64_t largest) {
  require_plain_name(path);
  const int descriptor = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) fail(path, "opened", errno);
  File file(fdopen(descriptor, "rb"));
  if (!file) {
    const int error = errno;
    close(descriptor);
    fail(path, "opened", error);
  }
  struct stat status {};
  if (fstat(descriptor, &status) != 0) fail(path, "read", errno);
  const bool piped = is_standard_input(path) && (S_ISFIFO(status.st_mode) || isatty(descriptor) != 0);
  if (!S_ISREG(status.st_mode) && !piped)
    throw InputError(fmt::format("{}: expected a file, found {}", printable(path), kind_of(status.st_mode)));
  if (S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) > largest)
    throw InputError(fmt::format("{}: expected at most {} bytes, found {}", printable(path), largest, status.st_size));
  if (piped) fcntl(descriptor, F_SETFL, O_RDONLY);  // here waiting is meant
  return file;
}

}  // namespace

void require_plain_name(const std::string& path) {
  if (!is_plain_name(path)) throw InputError(printable(path) + ": expected a file name without control characters");
}

std::string read_file(const std::string& path, std::uint64_t largest) {
  const File file = open_to_read(path, largest);
  std::string bytes;
  char chunk[1 << 16];
  while (const std::size_t count = std::fread(chunk, 1, sizeof chunk, file.get())) {
    bytes.append(chunk, count);
    if (bytes.size() > largest)
      throw InputError(fmt::format("{}: expected at most {} bytes, found more", printable(path), largest));
  }
  if (std::ferror(file.get()) != 0) fail(path, "read", errno);
  return bytes;
}

void write_file(const std::string& path, std::string_view bytes) {
  require_plain_name(path);
  const std::string temporary = temporary_beside(path);
  int error = write_all(temporary, bytes);
  if (error == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return;
  std::remove(temporary.c_str());
  fail(path, "written", error);
}

}  // namespace assay
