#include "dense_numpy.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace bench {

namespace {

template <class Matrix>
std::string write_raw(const std::string& path, const Matrix& matrix) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(matrix.data()),
             static_cast<std::streamsize>(static_cast<std::size_t>(matrix.size()) * sizeof(*matrix.data())));
  return path;
}

std::string line_from(FILE* file) {
  char text[512];
  if (!std::fgets(text, sizeof text, file)) return {};
  std::string line = text;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

}  // namespace

NumPy::NumPy(const assay::Instance& instance, const assay::RealMatrix& matrix) {
  std::signal(SIGPIPE, SIG_IGN);
  std::string pattern = (std::filesystem::temp_directory_path() / "assay-bench-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("bench: cannot write a temporary folder");
  folder_ = pattern;
  const std::string arguments[] = {std::to_string(instance.n()),          std::to_string(instance.d_in()),
                                   std::to_string(instance.d()),          std::to_string(instance.m()),
                                   std::to_string(matrix.rows()),         write_raw(folder_ + "/x", instance.x),
                                   write_raw(folder_ + "/w", instance.w), write_raw(folder_ + "/a", instance.a),
                                   write_raw(folder_ + "/matrix", matrix)};
  int down[2], up[2];
  if (pipe(down) != 0 || pipe(up) != 0) throw std::runtime_error("bench: cannot make a pipe");
  child_ = fork();
  if (child_ == 0) {
    dup2(down[0], 0);
    dup2(up[1], 1);
    for (const int end : {down[0], down[1], up[0], up[1]}) close(end);
    // A kernel chosen by hand for other programs would slow NumPy.
    unsetenv("OPENBLAS_CORETYPE");
    unsetenv("OPENBLAS_L2_SIZE");
    const char* python = std::getenv("PYTHON") ? std::getenv("PYTHON") : "python3";
    const char* command[] = {python,  ASSAY_BENCH_SCRIPTS "/dense.py",
                             nullptr, nullptr,
                             nullptr, nullptr,
                             nullptr, nullptr,
                             nullptr, nullptr,
                             nullptr, nullptr};
    for (std::size_t k = 0; k < 9; ++k) command[k + 2] = arguments[k].c_str();
    execvp(python, const_cast<char* const*>(command));
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  to_ = fdopen(down[1], "w");
  from_ = fdopen(up[0], "r");
  version_ = line_from(from_);
}

NumPy::~NumPy() {
  std::fclose(to_);
  std::fclose(from_);
  if (child_ > 0) waitpid(child_, nullptr, 0);
  std::filesystem::remove_all(folder_);
}

Comparison::Measured NumPy::run(const std::string& task) {
  std::fprintf(to_, "%s\n", task.c_str());
  std::fflush(to_);
  const std::string line = line_from(from_);
  char* end = nullptr;
  Comparison::Measured measured;
  measured.seconds = std::strtod(line.c_str(), &end);
  measured.note = number_text(std::strtod(end, nullptr), "%.10g");
  if (!(measured.seconds > 0)) throw std::runtime_error("bench: dense.py did not answer");
  return measured;
}

}  // namespace bench
