#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "setting/setting.hpp"

namespace assay {

/// A matrix written as "1,0;0.99,0.1": rows with semicolons between them.
inline RealMatrix matrix_of(const std::string& text) {
  std::vector<std::vector<double>> rows(1);
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find_first_of(",;", from), text.size());
    rows.back().push_back(std::strtod(text.substr(from, to - from).c_str(), nullptr));
    if (to < text.size() && text[to] == ';') rows.emplace_back();
    from = to + 1;
  }
  RealMatrix matrix(static_cast<Index>(rows.size()), static_cast<Index>(rows[0].size()));
  for (Index i = 0; i < matrix.rows(); ++i)
    for (Index j = 0; j < matrix.cols(); ++j)
      matrix(i, j) = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
  return matrix;
}

/// Data with drawn weights.
inline Instance with_drawn_weights(const std::string& x, const std::string& y, Index m, double sigma,
                                   std::uint64_t seed = 1) {
  InstanceRequest request;
  request.n = request.d_in = request.d = 1;
  request.m = m;
  request.sigma = sigma;
  request.seed = seed;
  Instance instance = make_instance(request);
  instance.x = matrix_of(x);
  instance.y = matrix_of(y);
  request.n = instance.x.rows();
  request.d_in = instance.x.cols();
  request.d = instance.y.cols();
  const Instance drawn = make_instance(request);
  instance.w = drawn.w;
  instance.a = drawn.a;
  return instance;
}

/// Everything given.
inline Instance with_weights(const std::string& x, const std::string& y, const std::string& w, const std::string& a,
                             std::optional<double> sigma = 1.0) {
  Instance instance;
  instance.name = "inline";
  instance.x = matrix_of(x);
  instance.y = matrix_of(y);
  instance.w = matrix_of(w);
  instance.a = matrix_of(a).cast<std::int8_t>();
  instance.sigma = sigma;
  return instance;
}

}  // namespace assay
