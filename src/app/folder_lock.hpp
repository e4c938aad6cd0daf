#pragma once

#include <string>
#include <string_view>

namespace assay::app {

/// While it lives, no other process has a FolderLock of the same folder: two runs would mix their files. It ends with
/// the process, however that ends, and leaves nothing behind.
class FolderLock {
 public:
  /// A file system that has no locks for folders (NFS) is gone on without one.
  /// @throws InputError "--out: reports/latest: another run writes into this folder: ..."
  FolderLock(std::string_view option, const std::string& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  int descriptor_;
};

}  // namespace assay::app
