#pragma once

#include "diffusion/quadrature.hpp"

namespace assay {

/// |f(t, x)| <= constant + slope |x| everywhere: what the tail beyond the quadrature's range needs to know of f.
struct Growth {
  Interval constant, slope;
};

/// E |f(t, X_t) - f_*(t, X_t)|^2 at one time, for a law on the line.
///
///   int_{-R}^{R} p_t (f - f_*)^2 dx + tail,  0 <= tail <= 2 (E f^4)^(1/2) P^(1/2) + 2 (E f_*^4)^(1/2) P^(1/2)
///   P = P(|X_t| > R),  E f^4 <= 8 (constant^4 + slope^4 E X_t^4),  E f_*^4 <= E X_0^4 (Jensen)
///
/// R is chosen so that the bound of the tail is below a sixteenth of the width asked for.
/// @param f  any function with an expansion; a learned one is usually clipped to the box of the data by `clamp`.
/// @throws std::invalid_argument unless the law has dimension 1 and t is certainly > 0.
Quadrature population_error_at(const Process& process, const DataLaw& law, const JetFunction& f, const Growth& growth,
                               const Interval& t, const QuadratureEffort& effort);

/// 1/(t1 - t0) int_{t0}^{t1} E |f(t, X_t) - f_*(t, X_t)|^2 dt, which is the weighted score matching error of
/// Theorem 6.6 with w = h^2 / alpha^2; quadrature in t and x together.
/// @throws std::invalid_argument also unless t0 < t1, certainly.
Quadrature population_error(const Process& process, const DataLaw& law, const JetFunction& f, const Growth& growth,
                            const Interval& t0, const Interval& t1, const QuadratureEffort& effort);

/// P(|X_t| > bound) for a law on the line: mixtures of two Gaussian tails each. @param bound  certainly >= 0.
Interval tail_probability(const Process& process, const DataLaw& law, const Interval& t, const Interval& bound);

}  // namespace assay
