#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "data/instance.hpp"

namespace assay {

/// SHA-256: tells apart runs, and state that is whole from state that is damaged. It is no signature: who rewrites a
/// file can rewrite its digest too.
class Digest {
 public:
  /// @throws std::runtime_error if OpenSSL, which computes it, has no SHA-256.
  Digest();

  Digest& add(const void* data, std::size_t size);
  /// Its length goes in first, so that what is added next cannot be taken for a part of it.
  Digest& add(std::string_view text);
  /// Likewise the shape.
  template <class Scalar>
  Digest& add(const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>& matrix) {
    const Eigen::Index shape[] = {matrix.rows(), matrix.cols()};
    return add(shape, sizeof shape).add(matrix.data(), static_cast<std::size_t>(matrix.size()) * sizeof(Scalar));
  }
  /// Of all that was added, 64 hexadecimal digits; more can be added afterwards.
  std::string text() const;

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

/// Of the bytes alone, as sha256sum prints it.
std::string sha256(std::string_view bytes);

/// Equal for processes that run the same code: the build IDs of the program and of every library that is loaded.
const std::string& build_identity();

}  // namespace assay
