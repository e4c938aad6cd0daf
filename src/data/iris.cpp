#include "data/iris.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "data/csv.hpp"
#include "data/input_error.hpp"
#include "data/unit_ball.hpp"
#include "enclosure/row.hpp"

namespace assay {

namespace embedded {
extern const std::string_view iris_csv;
}

namespace {

constexpr Eigen::Index features = 4, classes = 3;

// Plain loops, not Eigen's reductions: those add in an order that depends on the machine's vector length.

void centre_columns(RealMatrix& x) {
  for (Eigen::Index column = 0; column < x.cols(); ++column) {
    double sum = 0;
    for (Eigen::Index row = 0; row < x.rows(); ++row) sum += x(row, column);
    const double mean = sum / static_cast<double>(x.rows());
    for (Eigen::Index row = 0; row < x.rows(); ++row) x(row, column) -= mean;
  }
}

double largest_norm(const RealMatrix& x) {
  double largest = 0;
  for (Eigen::Index row = 0; row < x.rows(); ++row) {
    double sum = 0;
    for (const double entry : row_of(x, row)) sum += entry * entry;
    largest = std::max(largest, std::sqrt(sum));
  }
  return largest;
}

RealMatrix inputs(const RealMatrix& table) {
  RealMatrix x = table.leftCols(features);
  centre_columns(x);
  const double norm = largest_norm(x);
  for (Eigen::Index k = 0; k < x.size(); ++k) x.data()[k] /= norm;
  shrink_rows_into_unit_ball(x);
  return x;
}

RealMatrix labels(const RealMatrix& table) {
  // (e - 1/3) sqrt(3/2) has the entries 2/sqrt 6 and -1/sqrt 6.
  const double unit = 1 / std::sqrt(6.0);
  RealMatrix y = RealMatrix::Constant(table.rows(), classes, -unit);
  for (Eigen::Index row = 0; row < y.rows(); ++row) y(row, static_cast<Eigen::Index>(table(row, features))) = 2 * unit;
  shrink_rows_into_unit_ball(y);
  return y;
}

RealMatrix chosen_rows(const RealMatrix& all, std::span<const Eigen::Index> rows) {
  if (rows.empty()) return all;
  RealMatrix chosen(static_cast<Eigen::Index>(rows.size()), all.cols());
  for (Eigen::Index k = 0; k < chosen.rows(); ++k) chosen.row(k) = all.row(rows[static_cast<std::size_t>(k)] - 1);
  return chosen;
}

}  // namespace

Samples iris(std::span<const Eigen::Index> rows) {
  const RealMatrix table = parse_csv(embedded::iris_csv, "iris", true);
  for (const Eigen::Index row : rows) {
    if (row < 1 || row > table.rows()) {
      throw InputError(field::rows, fmt::format(": {} is not a row of iris (1 to {})", row, table.rows()));
    }
  }
  return {chosen_rows(inputs(table), rows), chosen_rows(labels(table), rows)};
}

}  // namespace assay
