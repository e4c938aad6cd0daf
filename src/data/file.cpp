#include "data/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

[[noreturn]] void fail(const std::string& path, const char* what, int error) {
  throw InputError(fmt::format("{}: cannot be {} ({})", printable(path), what, std::generic_category().message(error)));
}

/// Writes all to an open file and closes it. @return 0, or the error number.
int write_and_close(File file, std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) return errno;
  return std::fclose(file.release()) == 0 ? 0 : errno;  // a full disk may show only here
}

/// A file of our own making under a name that was free, removed again unless it gets another name.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& folder) {
    static std::atomic<unsigned> count{0};
    constexpr int kTries = 10000;  // names that a killed process with our number has left
    int file = -1;
    for (int k = 0; k < kTries && file < 0 && (k == 0 || errno == EEXIST); ++k) {
      path_ = (folder / fmt::format(".assay-{}-{}.tmp", getpid(), count++)).string();
      file = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    error_ = file < 0 ? errno : 0;
    if (file < 0) return;
    is_ours_ = true;
    file_.reset(fdopen(file, "wb"));
    if (!file_) {
      error_ = errno;
      close(file);
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (is_ours_) std::remove(path_.c_str());
  }

  /// 0, or what went wrong so far.
  int error() const { return error_; }
  void write(std::string_view bytes) {
    if (error_ == 0) error_ = write_and_close(std::move(file_), bytes);
  }
  void rename_to(const std::string& path) {
    if (error_ == 0 && std::rename(path_.c_str(), path.c_str()) != 0) error_ = errno;
    if (error_ == 0) is_ours_ = false;
  }

 private:
  std::string path_;
  File file_;
  int error_ = 0;
  bool is_ours_ = false;
};
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
  TemporaryFile temporary(std::filesystem::path(path).parent_path());
  temporary.write(bytes);
  temporary.rename_to(path);
  if (temporary.error() != 0) fail(path, "written", temporary.error());
}

void append_to_file(const std::string& path, std::string_view bytes) {
  require_plain_name(path);
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  if (descriptor < 0) fail(path, "written", errno);
  File file(fdopen(descriptor, "ab"));
  struct stat status {};
  if (!file || fstat(descriptor, &status) != 0) fail(path, "written", errno);
  if (!S_ISREG(status.st_mode)) fail(path, "written", EINVAL);
  if (const int error = write_and_close(std::move(file), bytes); error != 0) fail(path, "written", error);
}

int error_of_writing_in(const std::string& folder) {
  return TemporaryFile(folder).error();
}

bool is_plain_file_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
         name.find_first_of("/\\") == std::string_view::npos && is_plain_name(name);
}

}  // namespace assay
