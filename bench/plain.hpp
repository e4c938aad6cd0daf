#pragma once

#include <cstdint>

// What one writes in plain double, with no guarantee. Plain pointers: see CMakeLists.txt.

namespace plain {

#define ASSAY_BENCH_VISIBLE __attribute__((visibility("default")))

/// A network with paired neurons: x n x d_in, w m x d_in, a m x d, row by row.
struct Network {
  const double *x, *w;
  const std::int8_t* a;
  long n, d_in, d, m;
};

/// lambda_min of the kernel with the structure that assay uses: paired neurons, one Gram matrix for each sign vector.
ASSAY_BENCH_VISIBLE double structured(const Network& network, int threads);
/// lambda_min of the kernel from its definition: G of n d rows and m columns, H = (X X') o (G G') / m.
ASSAY_BENCH_VISIBLE double dense(const Network& network);
/// Eigen's solver, eigenvalues only.
ASSAY_BENCH_VISIBLE double lambda_min(const double* a, long n);
ASSAY_BENCH_VISIBLE void eigen_exp(const double* z, double* y, long count);
ASSAY_BENCH_VISIBLE void libm_exp(const double* z, double* y, long count);

}  // namespace plain
