#include "enclosure/exact_rank.hpp"

#include <boost/multiprecision/gmp.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

namespace assay {

namespace {

using Rational = boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;
using Row = std::vector<Rational>;

Rational exact(double x) {
  Rational result;
  mpq_set_d(result.backend().data(), x);
  return result;
}

/// row -= (row[column] / pivot[column]) pivot, from `column` on.
void eliminate(Row& row, const Row& pivot, std::size_t column) {
  if (row[column] == 0) return;
  const Rational factor = row[column] / pivot[column];
  for (std::size_t j = column; j < row.size(); ++j) row[j] -= factor * pivot[j];
}

}  // namespace

Eigen::Index exact_rank(
    const Eigen::Ref<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>& matrix) {
  if (!matrix.allFinite()) throw std::invalid_argument("exact_rank: expected finite entries");
  std::vector<Row> rows(static_cast<std::size_t>(matrix.rows()), Row(static_cast<std::size_t>(matrix.cols())));
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < rows[i].size(); ++j)
      rows[i][j] = exact(matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)));
  std::size_t rank = 0;
  for (std::size_t column = 0; column < static_cast<std::size_t>(matrix.cols()) && rank < rows.size(); ++column) {
    std::size_t pivot = rank;
    while (pivot < rows.size() && rows[pivot][column] == 0) ++pivot;
    if (pivot == rows.size()) continue;
    std::swap(rows[rank], rows[pivot]);
    for (std::size_t i = rank + 1; i < rows.size(); ++i) eliminate(rows[i], rows[rank], column);
    ++rank;
  }
  return static_cast<Eigen::Index>(rank);
}

}  // namespace assay
