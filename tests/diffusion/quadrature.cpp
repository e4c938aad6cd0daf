#include "diffusion/quadrature.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "chance/gaussian_event.hpp"
#include "diffusion/expansion.hpp"
#include "diffusion/population_error.hpp"
#include "laws.hpp"

namespace assay {
namespace {

Interval exactly(double x) {
  return Interval(x, 64);
}

double width_of(const Interval& a) {
  return (a.upper() - a.lower()).upper_double();
}

TEST_CASE("integrals with a closed form, in one and two variables") {
  const QuadratureEffort effort{.width = 1e-12, .cells = 2000, .order = 10, .bits = 80};
  const Interval zero(0.0, 80), one(1.0, 80), pi = Interval::pi(80);
  const JetFunction bell = [](const Jet&, const Jet& x) { return exp(-sqr(x)); };
  const Quadrature gauss = integrate_over_x(bell, zero, exactly(-9), exactly(9), effort);
  CHECK(gauss.reached);
  CHECK(overlap(gauss.value, sqrt(pi) * (1 - erfc(Interval(9.0, 80)))));
  CHECK(width_of(gauss.value) <= 1e-12);

  const JetFunction circle = [&](const Jet& t, const Jet& x) {
    return Jet::constant(one, t.order()) / (sqr(t) + sqr(x) + one);
  };
  // int_0^1 int_0^1 1 / (1 + t^2 + x^2) = 0.639510351870311..., by its sum over t of arctan at 40 digits elsewhere.
  const Quadrature square = integrate(circle, zero, one, zero, one, {.width = 1e-9, .cells = 3000});
  CHECK(square.reached);
  CHECK(square.value.contains(0.63951035187031));

  // t x e^(t x) over [0, 1]^2 = e - 1 - int_0^1 (e^t - 1) / t dt = e - 1 - 1.31790215145440389486...
  const JetFunction product = [](const Jet& t, const Jet& x) { return t * x * exp(t * x); };
  const Quadrature mixed = integrate(product, zero, one, zero, one, {.width = 1e-9, .cells = 3000});
  CHECK(mixed.reached);
  CHECK(mixed.value.contains(1.71828182845904524 - 1.31790215145440389));
  // Ends that are known as enclosures only, in either direction.
  const Interval third = Decimal("1/3").at(64);
  const JetFunction cube = [](const Jet&, const Jet& x) { return x * sqr(x); };
  const Quadrature back = integrate_over_x(cube, zero, third, zero, effort);
  CHECK(back.value.contains(Decimal("-1/324").at(200)));
  CHECK(back.cells == 1);
}

TEST_CASE("every order encloses, also of odd powers and of functions with corners") {
  const Interval zero(0.0, 64), two(2.0, 64);
  for (int order = 1; order <= 9; ++order) {
    CAPTURE(order);
    const QuadratureEffort effort{.width = 1e-4, .cells = 600, .order = order};
    // int_0^2 int_0^2 t^3 x^5 = 4 * 64/6; odd powers around the centre of each cell.
    const JetFunction odd = [](const Jet& t, const Jet& x) { return t * sqr(t) * x * sqr(sqr(x)); };
    const Quadrature value = integrate(odd, zero, two, zero, two, effort);
    CHECK(value.value.contains(Interval::ratio(128, 3, 64)));
    CHECK(value.reached == (order >= 5));
    const JetFunction corner = [](const Jet& t, const Jet& x) { return clamp(t + x, Interval(), Interval(1.0, 64)); };
    // min(t + x, 1) over [0, 2]^2 = 4 - int_(t + x < 1) (1 - t - x) = 4 - 1/6.
    const Quadrature cut = integrate(corner, zero, two, zero, two, effort);
    CHECK(cut.value.contains(Interval::ratio(23, 6, 64)));
    CHECK(width_of(cut.value) < 0.02);
  }
  CHECK_THROWS_AS(integrate_over_x([](const Jet&, const Jet& x) { return x; }, zero, zero, two, {.width = 0}),
                  std::invalid_argument);
}

TEST_CASE("expansions of elementary functions satisfy their functional equations") {
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const int order = 5;
    const Jet t = Jet::t(Interval(random.between(0.2, 2), 200), order, Interval(1.0, 200));
    const Jet x = Jet::x(Interval(random.between(0.2, 2), 200), order, Interval(1.0, 200));
    const Jet u = sqr(t) * x + x / (t + Interval(1.0, 200)), one = Jet::constant(Interval(1.0, 200), order);
    const Interval one_third = Interval::ratio(1, 3, 200);
    const Jet pairs[][2] = {{log(exp(u)), u},
                            {exp(log(u)), u},
                            {sqr(sqrt(u)), u},
                            {u / t * t, u},
                            {cos(u + u), sqr(cos(u)) * Interval(2.0, 2) - one},
                            {exp(u - t), exp(u) / exp(t)},
                            {(u * one_third) / one_third, u}};
    for (const auto& pair : pairs)
      for (int i = 0; i <= order; ++i)
        for (int j = 0; i + j <= order; ++j) {
          REQUIRE(overlap(pair[0].coefficient(i, j), pair[1].coefficient(i, j)));
          REQUIRE(width_of(pair[0].coefficient(i, j)) < 1e-40);
        }
    // d^2/dt dx of t^2 x + x / (t + 1).
    const Interval at_t = t.value();
    REQUIRE(overlap(u.coefficient(1, 1), at_t * 2 - 1 / sqr(at_t + 1)));
  }
}

TEST_CASE("where a function is not smooth or not defined, an expansion claims nothing") {
  const auto claims_nothing = [](const Jet& jet, bool value_too) {
    for (int j = value_too ? 0 : 1; j <= jet.order(); ++j)
      if (jet.coefficient(0, j).lower_double() > -INFINITY || jet.coefficient(0, j).upper_double() < INFINITY)
        return false;
    return true;
  };
  const Interval around_zero = Interval::between(-1, 1, 64), one(1.0, 64);
  const Jet x = Jet::x(around_zero, 3), zero(3);
  CHECK(claims_nothing(Jet::constant(one, 3) / x, true));
  CHECK(claims_nothing(zero / x, true));
  CHECK(claims_nothing(log(x), true));
  CHECK(claims_nothing(sqrt(x), true));
  const Jet root = sqrt(Jet::x(Interval::between(0, 1, 64), 3));
  CHECK(claims_nothing(root, false));
  CHECK(root.value().contains(Interval::between(0, 1, 64)));
  const Jet cut = clamp(x, Interval(), one);
  CHECK(claims_nothing(cut, false));
  CHECK(cut.value().lower_double() == 0);
  CHECK(cut.value().upper_double() == 1);
  CHECK(clamp(Jet::x(one * 2, 3), Interval(), one).coefficient(0, 1).upper_double() == 0);
  CHECK(clamp(Jet::x(-one, 3), Interval(), one).value().upper_double() == 0);
  CHECK(clamp(Jet::x(one / 2, 3), Interval(), one).coefficient(0, 1).lower_double() == 1);
  CHECK_THROWS_AS(x + Jet(2), std::invalid_argument);
  CHECK_THROWS_AS(x.coefficient(2, 2), std::invalid_argument);
}

TEST_CASE("expansions over a wide cell contain those at its points") {
  const std::vector<Process> processes = all_processes();
  for (std::uint64_t seed = 1; seed <= random_cases(40); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    const DataLaw law = random_law(random, random.integer(1, 3), 1);
    const Process& process = processes[seed % processes.size()];
    const double t = random.between(0.1, 0.8), x = random.between(-1, 1), width = random.one_of<double>({1e-3, 0.1});
    const auto at = [&](const Interval& time, const Interval& point) {
      return expand(law, process, Jet::t(time, 4), Jet::x(point, 4));
    };
    const LawExpansion wide = at(Interval::between(t, t + width, 64), Interval::between(x - width, x + width, 64));
    const LawExpansion inside =
        at(Interval(t + width * random.unit(), 200), Interval(x + width * random.between(-1, 1), 200));
    for (int i = 0; i <= 4; ++i)
      for (int j = 0; i + j <= 4; ++j) {
        REQUIRE(wide.density.coefficient(i, j).contains(inside.density.coefficient(i, j)));
        REQUIRE(wide.posterior_mean.coefficient(i, j).contains(inside.posterior_mean.coefficient(i, j)));
      }
  }
}

std::vector<Process> one_of_each_schedule() {
  const std::vector<Process> all = all_processes();
  return {all[0], all[2], all[4]};
}

DataLaw one_gaussian(double mu, double c) {
  return gaussian_mixture(RealMatrix::Constant(1, 1, mu), RealMatrix::Constant(1, 1, c), {Decimal("1")});
}

/// f = constant + slope x.
JetFunction line(double constant, double slope) {
  return [=](const Jet&, const Jet& x) { return x * exactly(slope) + exactly(constant); };
}

TEST_CASE("Gaussian data: the error of a linear f is closed-form") {
  const DataLaw law = one_gaussian(0.25, 0.5);
  for (const Process& process : one_of_each_schedule()) {
    CAPTURE(process.description());
    for (const double t : {0x1p-20, 0.5}) {
      const Quadrature error = population_error_at(process, law, line(0.5, -0.25), {exactly(0.5), exactly(0.25)},
                                                   exactly(t), {.width = 1e-8});
      const Interval alpha = process.alpha(exactly(t)), s = sqr(alpha) / 4 + process.h(exactly(t));
      // (a + b alpha mu - mu)^2 + (b - alpha c^2 / s)^2 s.
      const Interval bias = exactly(0.5) - alpha / 16 - exactly(0.25);
      CHECK(error.reached);
      CHECK(width_of(error.value) <= 1e-8);
      CHECK(overlap(error.value, sqr(bias) + sqr(exactly(-0.25) - alpha / 4 / s) * s));
    }
  }
}

TEST_CASE("Gaussian data: the error over all times is closed-form") {
  // f = f_* + x: E X_t^2 = 1 + (mu^2 + c^2 - 1) e^(-2t), for g = 2.
  const DataLaw law = one_gaussian(0.25, 0.5);
  const Process process = Process::constant(Decimal("2"));
  const JetFunction f = [&](const Jet& t, const Jet& x) { return expand(law, process, t, x).posterior_mean + x; };
  const Interval t0 = Decimal("0.1").at(64), t1 = exactly(1);
  const Quadrature error = population_error(process, law, f, {exactly(1), exactly(2)}, t0, t1, {.width = 1e-4});
  CHECK(error.reached);
  const Interval decay = (exp(-t0 * 2) - exp(-t1 * 2)) / ((t1 - t0) * 2);
  CHECK(overlap(error.value, 1 - decay * Interval(0.6875, 64)));
}

TEST_CASE("finite support: E f_*^2 and the mean posterior variance add up to E X_0^2") {
  RealMatrix points(3, 1);
  points << -0.75, 0.125, 0.5;
  const DataLaw law = finite_support(points, {Decimal("1"), Decimal("2"), Decimal("1")});
  const Interval second_moment = (Interval(0.5625, 64) + Interval(0.03125, 64) + Interval(0.25, 64)) / 4;
  const JetFunction nothing = line(0, 0);
  for (const Process& process : one_of_each_schedule()) {
    CAPTURE(process.description());
    for (const double t : {0.01, 0.5}) {
      CAPTURE(t);
      const QuadratureEffort effort{.width = 1e-5};
      const Quadrature of_mean =
          population_error_at(process, law, nothing, {Interval(), Interval()}, exactly(t), effort);
      const Interval factor = process.h(exactly(t)) / process.alpha(exactly(t));
      CHECK(of_mean.reached);
      // The posterior variance h / alpha f_*', by ranges over many small cells: coarse, but another route.
      double sum_lo = 0, sum_hi = 0;
      const int cells = 300;
      for (int k = 0; k < cells; ++k) {
        const Interval lo = exactly(-7) + exactly(14) * k / cells, hi = exactly(-7) + exactly(14) * (k + 1) / cells;
        const Interval x = hull(lo, hi);
        const LawExpansion at = expand(law, process, Jet::constant(exactly(t), 1), Jet::x(x, 1));
        const Interval part =
            at.density.value() * nonnegative_part(at.posterior_mean.coefficient(0, 1)) * factor * 14 / cells;
        sum_lo += part.lower_double(), sum_hi += part.upper_double();
      }
      const Interval total = of_mean.value + Interval::between(sum_lo, sum_hi * (1 + 1e-9) + 1e-9, 64);
      CHECK(overlap(total, second_moment));
      CHECK(width_of(total) < 0.4);
    }
  }
}

TEST_CASE("the chi tail is a quotient of integrals of r^(d-1) exp(-r^2/2)") {
  const Interval zero(0.0, 64), bound(2.5, 64), far(30.0, 64);
  for (const Index d : {1, 2, 5, 8}) {
    CAPTURE(d);
    const JetFunction radial = [&](const Jet&, const Jet& r) {
      Jet value = exp(sqr(r) * exactly(-0.5));
      for (Index k = 1; k < d; ++k) value = value * r;
      return value;
    };
    const auto from = [&](const Interval& begin) {
      return integrate_over_x(radial, zero, begin, far, {.width = 1e-7}).value;
    };
    const Interval tail = from(bound) / from(zero);
    CHECK(overlap(tail, chi_tail(bound, d)));
    CHECK(width_of(tail) < 1e-6);
  }
}

}  // namespace
}  // namespace assay
