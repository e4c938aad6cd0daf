#pragma once

#include <sys/wait.h>

#include <cstdlib>

#include "app/run_program.hpp"

namespace assay {

/// Runs a line of POSIX shell in the folder, in which `$assay` is the program; what is not redirected goes to the files
/// `.out` and `.err` there. A program that does not end in a minute is ended, with status 124.
inline Run shell(const Scratch& scratch, const std::string& line) {
  scratch.file("script", "assay='timeout 60 " ASSAY_PROGRAM "'\n{ " + line + "\n} >.out 2>.err\n");
  const int state = std::system(fmt::format("cd '{}' && sh script", scratch.path("")).c_str());
  return {WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state), contents(scratch.path(".out")),
          contents(scratch.path(".err"))};
}

inline bool is_one_line(const std::string& text) {
  return !text.empty() && text.find('\n') == text.size() - 1;
}

}  // namespace assay
