#pragma once

#include "data/instance.hpp"
#include "setting/setting.hpp"

namespace assay {

/// A drawn instance, as the options of the command line make it.
inline Instance drawn_instance(Eigen::Index n, Eigen::Index d_in, Eigen::Index d, Eigen::Index m, double sigma = 1,
                               std::uint64_t seed = 1) {
  InstanceRequest request;
  request.n = n;
  request.d_in = d_in;
  request.d = d;
  request.m = m;
  request.sigma = sigma;
  request.seed = seed;
  return make_instance(request);
}

/// A setting with the usual constants and hyperparameters but for the radius.
inline Setting setting_with_radius(const Instance& instance, const char* radius = "0.005") {
  Hyperparameters hyper;
  hyper.radius = Decimal(radius);
  return Setting(instance, hyper, {}, 1);
}

}  // namespace assay
