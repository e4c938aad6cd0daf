#include "diffusion/quadrature.hpp"

#include <cmath>
#include <numeric>
#include <queue>
#include <stdexcept>
#include <utility>

namespace assay {
namespace {

/// A rectangle of the unit square with dyadic ends, which are exact.
struct Cell {
  double t0 = 0, t1 = 1, x0 = 0, x1 = 1;
  Interval value = Interval();
  double width = 0;
  bool split_t = false;  ///< the direction that leaves more open

  bool operator<(const Cell& other) const { return width < other.width; }
};

/// The integrand on the unit square, in whose coordinates cells are exact.
struct Problem {
  const JetFunction& f;
  Interval t0, span_t, x0, span_x;
  bool over_t;
  const QuadratureEffort& effort;

  Jet expand(const Interval& u, const Interval& v) const {
    const Interval t = over_t ? t0 + span_t * u : t0;
    const Jet at_t = over_t ? Jet::t(t, effort.order, span_t) : Jet::constant(t, effort.order);
    return f(at_t, Jet::x(x0 + span_x * v, effort.order, span_x));
  }
};

/// |int over [-r, r] of |a|^i| = 2 r^(i+1) / (i+1).
Interval moment(double r, int i, Bits bits) {
  return power(Interval(r, bits), i + 1) * 2 / (i + 1);
}

/// sum over i + j = k of the remainder's terms; `open_t` and `open_x` collect, roughly, what each direction leaves
/// open.
Interval remainder(const Jet& range, int k, const Cell& cell, Bits bits, double* open_t, double* open_x) {
  const double rt = (cell.t1 - cell.t0) / 2, rx = (cell.x1 - cell.x0) / 2;
  Interval sum;
  *open_t = *open_x = 0;
  for (int j = 0; j <= k; ++j) {
    const int i = k - j;
    const Interval& f = range.coefficient(i, j);
    if (f.is_point() && f.contains_zero()) continue;
    const Interval m = moment(rt, i, bits) * moment(rx, j, bits);
    // Where a^i b^j changes its sign, f_ij may take its largest value on one half and its smallest on the other.
    const Interval term = i % 2 == 0 && j % 2 == 0 ? f * m : (f - f) * m / 2;  // NOLINT(misc-redundant-expression)
    sum += term;
    const double width = term.upper_double() - term.lower_double();
    *open_t += width * i, *open_x += width * j;
  }
  return sum;
}

/// Bounds the integral over a cell and says where it should be cut.
void evaluate(const Problem& problem, Cell& cell) {
  const Bits bits = problem.effort.bits;
  const Interval u = Interval::between(cell.t0, cell.t1, bits), v = Interval::between(cell.x0, cell.x1, bits);
  const Interval mid_u(std::midpoint(cell.t0, cell.t1), bits), mid_v(std::midpoint(cell.x0, cell.x1), bits);
  const double rt = (cell.t1 - cell.t0) / 2, rx = (cell.x1 - cell.x0) / 2;
  const Jet range = problem.expand(u, v), centre = problem.expand(mid_u, mid_v);
  cell.value = range.value() * moment(rt, 0, bits) * moment(rx, 0, bits);
  cell.split_t = problem.over_t && rt > rx;
  Interval polynomial;
  for (int k = 1; k <= problem.effort.order; ++k) {
    for (int j = 0; j < k; ++j)
      if (j % 2 == 0 && (k - 1 - j) % 2 == 0)
        polynomial += centre.coefficient(k - 1 - j, j) * moment(rt, k - 1 - j, bits) * moment(rx, j, bits);
    double open_t = 0, open_x = 0;
    const Interval value = polynomial + remainder(range, k, cell, bits, &open_t, &open_x);
    if (!value.is_finite()) continue;
    const double before = cell.value.upper_double() - cell.value.lower_double();
    cell.value = intersection(cell.value, value);
    const bool better = value.upper_double() - value.lower_double() <= before;
    if (better && problem.over_t) cell.split_t = open_t > open_x;
  }
  cell.width = cell.value.upper_double() - cell.value.lower_double();
  if (std::isnan(cell.width)) cell.width = INFINITY;
}

std::pair<Cell, Cell> halves(const Cell& cell) {
  Cell first = cell, second = cell;
  if (cell.split_t) {
    first.t1 = second.t0 = std::midpoint(cell.t0, cell.t1);
  } else {
    first.x1 = second.x0 = std::midpoint(cell.x0, cell.x1);
  }
  return {first, second};
}

Quadrature run(const Problem& problem, const Interval& scale) {
  const QuadratureEffort& effort = problem.effort;
  const double goal = effort.width / abs(scale).upper_double();
  std::priority_queue<Cell> cells;
  Cell whole;
  evaluate(problem, whole);
  cells.push(whole);
  Quadrature result{.value = Interval(), .cells = 1};
  // The sum of widths is renewed now and then, as it cannot be updated where it was infinite.
  double open = whole.width;
  while (open > goal && result.cells + 2 <= effort.cells && cells.top().width > 0) {
    auto [first, second] = halves(cells.top());
    open -= cells.top().width;
    cells.pop();
    for (Cell* half : {&first, &second}) {
      evaluate(problem, *half);
      open += half->width;
      cells.push(*half);
    }
    result.cells += 2;
    if (!std::isfinite(open)) open = INFINITY;
    if (open == INFINITY && cells.top().width < INFINITY) {
      open = 0;
      for (std::priority_queue<Cell> copy = cells; !copy.empty(); copy.pop()) open += copy.top().width;
    }
  }
  for (; !cells.empty(); cells.pop()) result.value += cells.top().value;
  result.value *= scale;
  result.reached = result.value.upper_double() - result.value.lower_double() <= effort.width * (1 + 0x1p-20);
  return result;
}

void check(const QuadratureEffort& effort, std::initializer_list<Interval> ends) {
  if (!(effort.width > 0) || effort.cells < 1 || effort.order < 1)
    throw std::invalid_argument("integrate: expected a positive width, number of cells and order");
  for (const Interval& end : ends)
    if (!end.is_finite()) throw std::invalid_argument("integrate: expected finite ends");
}

}  // namespace

Quadrature integrate(const JetFunction& f, const Interval& t0, const Interval& t1, const Interval& x0,
                     const Interval& x1, const QuadratureEffort& effort) {
  check(effort, {t0, t1, x0, x1});
  return run({f, t0, t1 - t0, x0, x1 - x0, true, effort}, (t1 - t0) * (x1 - x0));
}

Quadrature integrate_over_x(const JetFunction& f, const Interval& t, const Interval& x0, const Interval& x1,
                            const QuadratureEffort& effort) {
  check(effort, {t, x0, x1});
  return run({f, t, Interval(), x0, x1 - x0, false, effort}, x1 - x0);
}

}  // namespace assay
