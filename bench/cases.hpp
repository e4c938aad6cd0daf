#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "dense_numpy.hpp"
#include "harness.hpp"

namespace bench {

/// One line of the summary: what was asked and what came out.
struct Reach {
  std::string what, asked;
  double ratio = 0;  ///< 0: not measured
};

struct Report {
  std::vector<Comparison> comparisons;
  std::vector<Reach> reach;
};

/// Inputs of the first two comparisons.
assay::Instance wide_instance();
assay::RealMatrix given_matrix();

void compare_kernels(const assay::Instance& instance, NumPy& numpy, Report& report);
void compare_widths(bool with_long_ones, Report& report);
/// The program as a child of compare_widths: measures one width and prints seconds, MiB and lambda_min.
int measure_width(long m, int threads);
void compare_given_matrix(const assay::RealMatrix& matrix, NumPy& numpy, Report& report);
void compare_below_double(Report& report);
void compare_exponentials(Report& report);

}  // namespace bench
