#include "app/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay::app {

FolderLock::FolderLock(std::string_view option, const std::string& folder)
    : descriptor_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0)
    throw InputError(fmt::format("{}: {}: cannot be opened ({})", option, printable(folder),
                                 std::generic_category().message(errno)));
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  close(descriptor_);
  throw InputError(
      fmt::format("{}: {}: another run writes into this folder: expected that it is over, or another folder", option,
                  printable(folder)));
}

FolderLock::~FolderLock() {
  close(descriptor_);
}

}  // namespace assay::app
