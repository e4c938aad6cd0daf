#include "data/unit_ball.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <stdexcept>

#include "enclosure/row.hpp"

namespace assay {
namespace {

using boost::multiprecision::cpp_int;

constexpr int smallest_exponent = -1074;  // every double is an integer multiple of 2^-1074
constexpr double shrinking = 1 - 0x1p-52;

/// x = integer * 2^smallest_exponent.
cpp_int scaled_integer(double x) {
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(x), &exponent);  // 2^53 fraction is an integer
  const int shift = exponent - 53 - smallest_exponent;
  const cpp_int mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  return shift >= 0 ? cpp_int(mantissa << shift) : cpp_int(mantissa >> -shift);  // a right shift drops zeros only
}

/// Throws unless the norm exceeds 1 by rounding errors at most, so that shrinking ends after a few steps.
void expect_nearly_inside(std::span<const double> row) {
  double sum = 0;
  for (const double entry : row) sum += entry * entry;
  if (!(sum <= 1 + 1e-9)) throw std::invalid_argument("shrink_into_unit_ball: expected a norm of at most 1 + rounding");
}

}  // namespace

bool in_unit_ball(std::span<const double> row) {
  cpp_int sum = 0;
  for (const double entry : row) {
    if (!std::isfinite(entry)) throw std::invalid_argument("in_unit_ball: an entry is not finite");
    if (std::fabs(entry) > 1) return false;
    const cpp_int integer = scaled_integer(entry);
    sum += integer * integer;
  }
  return sum <= cpp_int(1) << (-2 * smallest_exponent);
}

void shrink_into_unit_ball(std::span<double> row) {
  expect_nearly_inside(row);
  while (!in_unit_ball(row)) {
    for (double& entry : row) entry *= shrinking;
  }
}

void shrink_rows_into_unit_ball(RealMatrix& rows) {
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    expect_nearly_inside(row_of(rows, i));
    while (!in_unit_ball(row_of(rows, i))) {
      for (double& entry : std::span(rows.data(), static_cast<std::size_t>(rows.size()))) entry *= shrinking;
    }
  }
}

}  // namespace assay
