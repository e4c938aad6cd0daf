#pragma once

#include "enclosure/matrix.hpp"

namespace assay {

/// Enclosure of the smallest eigenvalue of every symmetric matrix in A.
///
///   below:  s = u - gap,  L~ any matrix (Cholesky of mid A - s I in MPFR points),  E = |A - s I - L~ L~'|_inf;
///           A - s I = L~ L~' + (a matrix of norm <= E), so lambda_min >= s - E
///   above:  lambda_min <= v' A v / v' v for every v != 0 (v from double, then inverse iteration with L~)
///
/// Cholesky, eigenvectors and shifts are guesses and prove nothing: only the residual and the quotient, both in
/// interval arithmetic or exact up to a bound, prove something. Works for indefinite, singular and clustered spectra
/// alike. From 48 rows on everything of order N^3 is done in digits that are integers in double (enclosure/sliced).
///
/// @param a     N x N, N >= 1; only symmetric members count, and the entry pairs (i,j), (j,i) must be
///              equal or overlap.
/// @param rtol  relative width to aim for; what is reached is limited by the widths in A and by `bits`. An eigenvalue
///              0 comes as an interval around 0 whose width shrinks with 2^-bits.
/// @param bits  precision of the points and of the residual.
/// @return      the whole line if an entry is unbounded.
/// @throws std::invalid_argument if A is empty, not square or certainly not symmetric.
/// @cost   1 or 2 factorisations where the first guesses are good. Few rows: N^3/6 MPFR operations each, and N^3/3 for
///         the residual. Many rows: about N^3/6 times D^2/2 operations of double each, residual included, D = (digits
///         of 22 bits that the width needs), and less where the spectrum falls.
/// @source Rump, BIT 46 (2006) 433-452, in residual form.
Interval enclose_lambda_min(const IntervalMatrix& a, double rtol, Bits bits);

/// Enclosure of the largest eigenvalue of every symmetric matrix in A: -lambda_min(-A).
Interval enclose_lambda_max(const IntervalMatrix& a, double rtol, Bits bits);

/// Enclosure of the spectral norm max(|lambda_min|, |lambda_max|) of every symmetric matrix in A.
Interval enclose_spectral_norm(const IntervalMatrix& a, double rtol, Bits bits);

}  // namespace assay
