#pragma once

#include <sys/types.h>
#include <cstdio>
#include <string>

#include "data/instance.hpp"
#include "harness.hpp"

namespace bench {

/// dense.py, running beside us: asked for one repetition at a time, so that NumPy takes part in the random order.
class NumPy {
 public:
  /// @param matrix  whose least eigenvalue can be asked for.
  NumPy(const assay::Instance& instance, const assay::RealMatrix& matrix);
  ~NumPy();
  NumPy(const NumPy&) = delete;
  NumPy& operator=(const NumPy&) = delete;

  bool is_present() const { return !version_.empty(); }
  const std::string& version() const { return version_; }
  /// task: "stored", "drawn", "eigenvalue".
  Comparison::Measured run(const std::string& task);

 private:
  std::string folder_, version_;
  FILE *to_ = nullptr, *from_ = nullptr;
  pid_t child_ = -1;
};

}  // namespace bench
