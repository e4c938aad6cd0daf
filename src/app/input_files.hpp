#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/instance.hpp"
#include "report/run_info.hpp"

namespace assay::app {

/// The files that a request names, each once.
std::vector<std::string> files_of(const InstanceRequest& request);

/// Files with the SHA-256 of their bytes, each once and in order, as they are now; what is no ordinary file, such as
/// standard input, or cannot be read is left out.
std::vector<InputFile> digests_of(const std::vector<std::string>& files);

}  // namespace assay::app
