#pragma once

#include <vector>

#include "data/instance.hpp"

namespace assay {

/// Neurons arranged by few signs at a time, for sums over all neurons of a_{l,r} a_{k,r} t_r for all pairs of outputs.
///
/// The outputs are cut into blocks of at most three, and each *part* takes two blocks: its neurons fall into at most 64
/// groups with equal signs there, and the sum of t over a group serves all pairs of the part. So all pairs together
/// cost (number of parts) m terms t and not d^2 m; and groups stay long, while those of equal signs in all d outputs
/// are shorter than one neuron from d = 13 at m = 4096.
struct SignGroups {
  struct Group {
    std::vector<int> signs;           ///< of the part's outputs
    Eigen::Index begin = 0, end = 0;  ///< places in the part's order
  };
  struct Pair {
    Eigen::Index l = 0, k = 0;       ///< outputs, l > k
    std::size_t at_l = 0, at_k = 0;  ///< their places among the part's outputs
  };
  struct Part {
    std::vector<Eigen::Index> outputs;
    std::vector<Eigen::Index> order;  ///< place -> neuron
    std::vector<Group> groups;
    std::vector<Pair> pairs;           ///< those that are this part's to sum: every pair is one part's
    std::vector<std::size_t> singles;  ///< places of outputs that are this part's: every output is one part's
  };
  std::vector<Part> parts;  ///< at least one
};

/// @param a  m x d, m, d >= 1. @cost  parts m log m.
SignGroups group_by_signs(const SignMatrix& a);

}  // namespace assay
