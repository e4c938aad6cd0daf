#pragma once

#include "enclosure/matrix.hpp"

namespace assay {

/// Upper bound in doubles of lambda_max(S M S') / lambda_min(S K S')^2 for some S near the inverse square root of K,
///
///   M_{i,j} = d pair_{i,j} sum_{p,q} K_{i,p} pair_{j,p} W_{p,q} pair_{i,q} K_{j,q},   W = (S'S) o pair
///
/// which is the whitened second moment of KernelConcentration.
///
/// Each M_{i,j} as computed is off by at most (1.1 (5 delta + gamma_{2n+16})) T_{i,j}, T the same sum of magnitudes and
/// delta the largest radius of an entry in units of its magnitude.
/// @param limit  K, n x n, symmetric. @param pair  n x n, symmetric, entries > 0.
/// @return  infinite where K is not certainly positive definite in doubles, or an entry leaves their range.
/// @cost    4 n^4 flops in blocked products.
[[nodiscard]] double upper_whitened_moment(const IntervalMatrix& limit, const IntervalMatrix& pair, Index d);

}  // namespace assay
