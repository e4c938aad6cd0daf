#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "network/instance.hpp"

namespace assay {

/// FNV-1a, 64 bits: tells runs apart, guards against nothing.
class Digest {
 public:
  void add(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (std::size_t k = 0; k < size; ++k) hash_ = (hash_ ^ bytes[k]) * 0x100000001b3u;
  }
  void add(const std::string& text) { add(text.data(), text.size() + 1); }
  template <class Scalar>
  void add(const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>& matrix) {
    add(matrix.data(), static_cast<std::size_t>(matrix.size()) * sizeof(Scalar));
  }
  std::uint64_t value() const { return hash_; }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

}  // namespace assay
