#pragma once

#include <vector>

#include "data/instance.hpp"
#include "enclosure/index.hpp"

namespace assay {

/// The neurons of a network, arranged by what they share.
///
/// A *column* is one weight vector, shared by its neurons (a pair of the paired initialization is one column, any other
/// neuron is a column of its own): they have the same q_{i,r}. A *class* gathers the columns whose neurons have the
/// same signs a: the kernel needs one n x n Gram matrix of q for each class, O(n^2 m) work instead of O(n^2 d^2 m).
struct Neurons {
  struct Class {
    std::vector<Eigen::VectorXi> signs;  ///< a_{., r} of each neuron of a column: 1 or 2 vectors of d signs
    std::vector<Index> columns;
  };
  std::vector<Index> representative;  ///< column -> one of its neurons, in ascending order
  std::vector<Index> multiplicity;    ///< column -> number of its neurons, 1 or 2
  std::vector<Index> column_of;       ///< neuron -> its column
  std::vector<Class> classes;
  /// Every column has two neurons with opposite signs: then p = 0 and F = 0 exactly.
  bool paired = false;

  Index columns() const { return static_cast<Index>(representative.size()); }
};

/// Sum over the columns of |sum a_l| and |sum a_l a_k a_o|, l <= k <= o, over the neurons of the column: 0 if and only
/// if every sum over all neurons of one or three signs times something that depends on the weights alone vanishes.
/// @cost  d^3 / 6 for each class.
long odd_sign_sums(const Neurons& neurons);

/// Neighbours r, r + 1 (r even) with equal weights form one column.
/// @throws std::invalid_argument if w and a have different numbers of rows or none.
Neurons arrange_neurons(const RealMatrix& w, const SignMatrix& a);

/// Each neuron is a column of its own, for statements in which the weights of a pair move apart.
Neurons separate_neurons(const RealMatrix& w, const SignMatrix& a);

}  // namespace assay
