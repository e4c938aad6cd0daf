#include "network/file.hpp"

#include <fmt/format.h>
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

}  // namespace

std::string read_file(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) fail(path, "opened", errno);
  std::string bytes;
  char chunk[1 << 16];
  while (const std::size_t count = std::fread(chunk, 1, sizeof chunk, file.get())) bytes.append(chunk, count);
  if (std::ferror(file.get()) != 0) fail(path, "read", errno);
  return bytes;
}

void write_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = temporary_beside(path);
  int error = write_all(temporary, bytes);
  if (error == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return;
  std::remove(temporary.c_str());
  fail(path, "written", error);
}

}  // namespace assay
