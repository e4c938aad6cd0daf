#pragma once

#include <functional>

#include "diffusion/law.hpp"
#include "enclosure/jet.hpp"

namespace assay {

/// A function of (t, x), smooth almost everywhere, as an automatic expansion: see Jet.
using JetFunction = std::function<Jet(const Jet& t, const Jet& x)>;

/// How far an integral is pursued.
struct QuadratureEffort {
  double width = 1e-6;  ///< width of the enclosure to aim for
  Index cells = 4096;   ///< expansions to spend at most
  int order = 6;        ///< of the expansions
  Bits bits = 64;
};

/// An integral, enclosed; `reached` says whether the width asked for was reached within the cells allowed.
struct [[nodiscard]] Quadrature {
  Interval value;
  Index cells = 0;
  bool reached = false;
};

/// Integral of f over the rectangle [t0, t1] x [x0, x1], by adaptive bisection.
///
///   over a cell with centre c and half widths r, for each k <= order, every one enclosed and all intersected:
///   sum_{i + j < k} f_ij(c) M_ij + sum_{i + j = k} f_ij(cell) M_ij,   M_ij = int a^i b^j = prod 2 r^(i+1) / (i+1)
///   for even i, j; for the others the first sum has M_ij = 0 and the second +- half of width f_ij(cell) prod ...
///
/// k = 0 is the value's range times the area, so f need only be bounded; smooth stretches converge like r^order. The
/// enclosure is a proof whether or not `reached`.
/// @param t0, t1, x0, x1  numbers known as enclosures, t0 <= t1 and x0 <= x1; a signed integral otherwise.
/// @throws std::invalid_argument unless width, cells and order are positive and the ends are finite.
/// @cost   two expansions per cell.
/// @source Corliss and Rall, SIAM J. Sci. Stat. Comput. 8 (1987) 831-847.
Quadrature integrate(const JetFunction& f, const Interval& t0, const Interval& t1, const Interval& x0,
                     const Interval& x1, const QuadratureEffort& effort);
/// Integral of f over [x0, x1] at one t.
Quadrature integrate_over_x(const JetFunction& f, const Interval& t, const Interval& x0, const Interval& x1,
                            const QuadratureEffort& effort);

}  // namespace assay
