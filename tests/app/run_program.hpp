#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/scratch.hpp"

namespace assay {

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What a run of the program left.
struct Run {
  int status = -1;  ///< exit status, or 128 + signal
  std::string out, err;
};

/// A terminal that nobody sits at.
class Terminal {
 public:
  Terminal() : master_(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0) throw std::runtime_error("no terminal");
    path_ = ptsname(master_);
    slave_ = open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);  // open all the time, so that reading does not fail
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    close(slave_);
    close(master_);
  }
  const std::string& path() const { return path_; }
  /// What was written to it since it was last asked.
  std::string text() const {
    std::string all;
    char chunk[4096];
    for (ssize_t count = 0; (count = read(master_, chunk, sizeof chunk)) > 0;)
      all.append(chunk, static_cast<std::size_t>(count));
    return all;
  }

 private:
  int master_, slave_ = -1;
  std::string path_;
};

/// The program, running in a folder with its output going to files beside that folder, or standard error to a terminal.
class RunningProgram {
 public:
  RunningProgram(const Scratch& scratch, std::vector<std::string> arguments, const Terminal* terminal = nullptr)
      : out_(scratch.path(".stdout")),
        err_(terminal != nullptr ? terminal->path() : scratch.path(".stderr")),
        on_terminal_(terminal != nullptr) {
    arguments.insert(arguments.begin(), ASSAY_PROGRAM);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const std::string folder = scratch.path("");
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ == 0) {
      const bool ready = chdir(folder.c_str()) == 0 && redirect(out_, 1) && redirect(err_, 2);
      if (ready) execv(ASSAY_PROGRAM, argv.data());
      _exit(127);
    }
  }

  void send(int signal) const { kill(pid_, signal); }

  Run wait() const {
    int state = 0;
    waitpid(pid_, &state, 0);
    Run run{WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state), contents(out_),
            on_terminal_ ? "" : contents(err_)};
    std::filesystem::remove(out_);
    if (!on_terminal_) std::filesystem::remove(err_);
    return run;
  }

 private:
  static bool redirect(const std::string& path, int descriptor) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    return file >= 0 && dup2(file, descriptor) == descriptor;
  }

  std::string out_, err_;
  bool on_terminal_;
  pid_t pid_ = -1;
};

/// Runs the program in a folder and waits for it.
inline Run run_program(const Scratch& scratch, const std::vector<std::string>& arguments) {
  return RunningProgram(scratch, arguments).wait();
}

/// The words of a command line without quotes.
inline std::vector<std::string> words(const std::string& line) {
  std::vector<std::string> result;
  for (std::size_t from = 0; from < line.size();) {
    const std::size_t to = std::min(line.find(' ', from), line.size());
    if (to > from) result.push_back(line.substr(from, to - from));
    from = to + 1;
  }
  return result;
}

}  // namespace assay
