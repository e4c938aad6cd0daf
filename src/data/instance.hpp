#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/field.hpp"

namespace assay {

/// A matrix of doubles, each an exact number; one row per sample or per neuron.
using RealMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A matrix of signs, entries +1 or -1.
using SignMatrix = Eigen::Matrix<std::int8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Where the parts of an instance come from; exactly what a user says of it.
struct InstanceRequest {
  std::optional<std::string> x_file, y_file, w_file, a_file;
  bool header = false;                     ///< CSV files start with a line of names
  std::optional<std::string> data;         ///< built-in data set: "iris"
  std::vector<Eigen::Index> data_rows;     ///< 1-based rows of the built-in data; empty: all
  std::optional<Eigen::Index> n, d_in, d;  ///< shape of drawn data
  std::optional<Eigen::Index> m;           ///< width of drawn weights, even
  std::optional<double> sigma;
  std::optional<std::uint64_t> seed;
};

/// The data set and the network at initialization. Every entry is an exact number.
struct Instance {
  std::string name;                   ///< for tables, e.g. "drawn-n4-d4-m256"
  InstanceRequest request;            ///< gives this instance again: what was left to a default is filled in
  RealMatrix x;                       ///< inputs, n x d_in
  RealMatrix y;                       ///< labels, n x d
  RealMatrix w;                       ///< weights, m x d_in, one row per neuron
  SignMatrix a;                       ///< output signs, m x d
  std::optional<double> sigma;        ///< scale of the initialization, where it is known
  std::optional<std::uint64_t> seed;  ///< seed of drawn parts
  bool drawn_weights = false;         ///< W, A come from the paired Gaussian initialization with sigma and seed
  /// Width of a drawn network too large to keep: its neurons are drawn again wherever they are needed.
  std::optional<Eigen::Index> streamed_width;

  Eigen::Index n() const { return x.rows(); }
  Eigen::Index d_in() const { return x.cols(); }
  Eigen::Index d() const { return y.cols(); }
  Eigen::Index m() const { return streamed_width.value_or(w.rows()); }
};

/// The instance that a request describes.
///
/// X and Y come from files, from the built-in data or are drawn; W and A come from files or are drawn (paired
/// initialization: w_{2r-1} = w_{2r} ~ N(0, sigma^2 I), a_{2r} = -a_{2r-1}).
/// @throws InputError with one line that names the file, row, column or option and what was expected: missing file,
///         ragged or non-numeric CSV, NaN or infinity, NPY of another dtype or order, unmatched shapes, an entry of A
///         other than +-1, odd m, incomplete or contradictory options.
Instance make_instance(const InstanceRequest& request);

/// What a request says, field by field; a header as "true".
std::vector<std::pair<Field, std::string>> given_fields(const InstanceRequest& request);

}  // namespace assay
