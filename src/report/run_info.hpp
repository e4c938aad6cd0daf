#pragma once

#include <string>
#include <utility>
#include <vector>

#include "enclosure/interval.hpp"

namespace assay {

/// A file that numbers were read from.
struct InputFile {
  std::string name;    ///< as it was given
  std::string sha256;  ///< of its bytes, as sha256sum prints it
};

/// How a report came about. No machine, date or path: a committed report changes only if its content does.
struct RunInfo {
  std::string command;
  std::vector<std::pair<std::string, std::string>> versions;  ///< as from library_versions()
  Bits bits_limit = 0;
  int threads = 1;  ///< written to JSON only: results do not depend on it
  bool brief =
      false;  ///< for reading: no pictures of single instances, no files of networks, JSON without white space and without defaults of claims
  double seconds = 0;  ///< written to JSON only, so that Markdown is the same in every run
  bool html = false;   ///< the report is written as HTML, too
  std::vector<InputFile> inputs = {};
};

/// Name and version of assay itself, of the libraries that enclose numbers or guess them, and of the compiler.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace assay
