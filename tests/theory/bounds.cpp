#include "theory/bounds.hpp"

#include <doctest/doctest.h>

#include <boost/multiprecision/mpfr.hpp>

#include "chance/gaussian_event.hpp"
#include "data/instance.hpp"
#include "support/exact.hpp"

namespace assay {
namespace {

using Number = boost::multiprecision::mpfr_float_100;  // points, 100 digits, round to nearest: another arithmetic

/// The real number that x approximates: within 1e-90 of it, relatively.
Interval around_number(const Number& x) {
  Interval value = Interval::uninitialised(400);
  mpfi_set_fr(value.mpfi(), x.backend().data());
  const Interval error = 1 / power(Interval(2, 400), 299);
  return value * hull(1 - error, 1 + error);
}

struct Hyper {
  const char *n, *d, *sigma, *delta, *epsilon, *lambda, *radius, *initial_error;
};
constexpr Hyper kHypers[] = {{"4", "2", "1", "0.1", "0.01", "0.0882", "0.005", "2"},
                             {"1", "1", "0.001", "0.9", "0.5", "3", "0", "1"},  // B at its floor
                             {"1000", "10", "5", "1e-6", "1e-9", "1e-7", "0.00999", "31.6"},
                             {"1000", "1000", "40", "1e-300", "1e-300", "1e-200", "1e-30", "31.6"},
                             {"8", "8", "0.25", "0.05", "0.001", "0.5", "0.001", "0.3"}};

BoundInputs inputs(const Hyper& hyper, Bits bits) {
  const auto at = [&](const char* text) { return Decimal(text).at(bits); };
  return {at(hyper.n),       at(hyper.d),      at(hyper.sigma),  at(hyper.delta),
          at(hyper.epsilon), at(hyper.lambda), at(hyper.radius), at(hyper.initial_error)};
}

/// The statements E0 to E4 as theory.md writes them.
struct Reference {
  Number log_term, b, perturbation, radius, width, eta, horizon, movement, repaired;
};

Reference reference(const Hyper& hyper, const Constants& constants, const char* m) {
  const auto k = [&](const char* key) { return Number(constants[key].value.text()); };
  const Number n(hyper.n), d(hyper.d), sigma(hyper.sigma), delta(hyper.delta), lambda(hyper.lambda);
  const Number nd = n * d, r(hyper.radius);
  Reference is;
  is.log_term = log(nd / delta);
  const Number logits = k("e0.C") * sigma * sqrt(is.log_term);
  is.b = logits > k("e0.floor") ? logits : k("e0.floor");
  is.perturbation = k("e1.multiplier") * r * nd * exp(k("e1.exponent") * is.b);
  is.radius = lambda / (k("e2.divisor") * nd * exp(k("e2.exponent") * is.b));
  is.width =
      k("e3.multiplier") / (lambda * lambda) * nd * nd * exp(k("e3.exponent") * is.b) * is.log_term * is.log_term;
  is.eta = k("e3.eta_multiplier") * lambda / (is.width * nd * nd * exp(k("e3.eta_exponent") * is.b));
  is.horizon = k("e4.multiplier") / (is.width * is.eta * lambda) * log(nd / Number(hyper.epsilon));
  is.movement = k("e4.D_multiplier") * exp(k("e4.D_exponent") * is.b) * sqrt(nd) * Number(hyper.initial_error) /
                (is.width * lambda);
  const Number repaired = k("e0.C") * sigma * sqrt(log(Number(m) * nd / delta));
  is.repaired = repaired > k("e0.floor") ? repaired : k("e0.floor");
  return is;
}

void check_value(const Interval& found, const Number& truth, Bits bits) {
  CHECK(overlap(found, around_number(truth)));
  CHECK(found.relative_width() < std::ldexp(1e8, static_cast<int>(-bits)));
}

void check_all(const Hyper& hyper, const Constants& constants) {
  for (const Bits bits : {64, 256}) {
    CAPTURE(hyper.n);
    CAPTURE(bits);
    const ClosedForms forms(constants, inputs(hyper, bits), bits);
    const Reference is = reference(hyper, constants, "1e7");
    check_value(forms.log_term(), is.log_term, bits);
    check_value(forms.logit_bound(), is.b, bits);
    check_value(forms.change_bound(), is.perturbation, bits);
    check_value(forms.convex_radius(), is.radius, bits);
    check_value(forms.width(), is.width, bits);
    check_value(forms.step_size(), is.eta, bits);
    check_value(forms.time_horizon(), is.horizon, bits);
    check_value(forms.movement(), is.movement, bits);
    check_value(forms.repaired_logit_bound(Decimal("1e7").at(bits)), is.repaired, bits);
  }
}

TEST_CASE("closed forms against another arithmetic, also far beyond the range of double") {
  for (const Hyper& hyper : kHypers) check_all(hyper, Constants());
}

TEST_CASE("every constant of the closed forms shows when it is set") {
  const char* keys[] = {"e0.C",          "e0.floor",        "e1.exponent",  "e1.multiplier",     "e2.divisor",
                        "e2.exponent",   "e3.multiplier",   "e3.exponent",  "e3.eta_multiplier", "e3.eta_exponent",
                        "e4.multiplier", "e4.D_multiplier", "e4.D_exponent"};
  const char* values[] = {"3", "2.5", "7", "1.25", "3.5", "9", "0.7", "12", "0.3", "11", "5", "6.5", "1.5"};
  Constants all;
  for (std::size_t k = 0; k < std::size(keys); ++k) {
    Constants one;
    one.set(keys[k], values[k]);
    all.set(keys[k], values[k]);
    CAPTURE(keys[k]);
    check_all(kHypers[0], one);
    check_all(kHypers[1], one);
  }
  check_all(kHypers[0], all);
  check_all(kHypers[2], all);
}

TEST_CASE("the floor of B and the argument C") {
  const Constants constants;
  const ClosedForms forms(constants, inputs(kHypers[0], 128), 128);
  CHECK(same(forms.logit_bound(Interval(0, 128)), Interval(1, 128)));
  CHECK(overlap(forms.logit_bound(Interval(10, 128)), forms.logit_bound()));
  CHECK(overlap(forms.width(Interval(10, 128)), forms.width()));
  CHECK(certainly_less(forms.width(Interval(9, 128)), forms.width()));
}

/// P(some of the `rows` orthonormal rows exceeds b in one of m/2 pairs) = 1 - (1 - pi)^(rows m/2), without log1p and
/// expm1: from 1 - pi with all digits, or for small pi by pi <= -log(1 - pi) <= pi / (1 - pi).
Interval failure(const Interval& b, const Interval& sigma, const Interval& m, long rows) {
  constexpr Bits kExact = 4000;
  const Interval pi = gaussian_tail(b, sigma).rounded_to(kExact);
  const Interval rate = pi.lower_double() > 1e-300 ? -log(1 - pi) : hull(pi, pi / (1 - pi));
  return 1 - exp(-(m / 2 * rows * rate));
}

TEST_CASE("the break width parts the widths at which one row of norm 1 fails with probability delta") {
  constexpr Bits kBits = 512;
  for (const char* c : {"10", "4", "1", "0.01"})
    for (const Hyper& hyper : {kHypers[0], kHypers[1], kHypers[4]}) {
      CAPTURE(c);
      Constants constants;
      constants.set("e0.C", c);
      const BoundInputs in = inputs(hyper, kBits);
      const ClosedForms forms(constants, in, kBits);
      const Interval m = forms.break_width(), b = forms.logit_bound();
      const auto fails = [&](const char* factor) { return failure(b, in.sigma, m * Decimal(factor).at(kBits), 1); };
      CHECK(overlap(fails("1"), in.delta));
      CHECK(certainly_less(in.delta, fails("1.000001")));
      CHECK(certainly_less(fails("0.999999"), in.delta));
    }
}

TEST_CASE("tension 1: at C = 10, sigma = 1, nd/delta = 160 the event fails almost surely at the width asked for") {
  const Hyper hyper{"4", "4", "1", "0.1", "0.01", "0.1", "0.005", "2"};
  const BoundInputs in = inputs(hyper, 256);
  const Constants constants;
  const ClosedForms forms(constants, in, 256);
  CHECK(certainly_less(forms.break_width() * power(Interval(10, 64), 60), forms.width()));
  CHECK(certainly_less(Interval(0.999999, 64), failure(forms.logit_bound(), in.sigma, forms.width(), 1)));
  CHECK(std::abs(log(forms.break_width()).approx_double() - 50 * std::log(160.0)) < 10);
}

TEST_CASE("the repaired B covers n rows at every width") {
  for (const Hyper& hyper : kHypers) {
    const BoundInputs in = inputs(hyper, 512);
    const Constants constants;
    const ClosedForms forms(constants, in, 512);
    for (const char* m : {"2", "100", "1e6", "1e30", "1e300"}) {
      CAPTURE(m);
      const Interval width = Decimal(m).at(512), b = forms.repaired_logit_bound(width);
      const Interval rows = in.n * gaussian_tail(b, in.sigma) * width / 2;  // the union bound
      CHECK(certainly_less_equal(rows, in.delta));
    }
  }
}

TEST_CASE("consistent_c: contradictory at the lower end, consistent from the upper end on") {
  constexpr Bits kBits = 96;  // MPFR takes a millisecond for an erfc of 20 at 256 bits
  for (const char* sigma : {"0.2", "0.5", "1", "3"})
    for (const char* delta : {"0.1", "1e-9"})
      for (const char* lambda : {"0.01", "1"}) {
        CAPTURE(sigma);
        CAPTURE(delta);
        CAPTURE(lambda);
        const Hyper hyper{"4", "2", sigma, delta, "0.01", lambda, "0.005", "2"};
        const BoundInputs in = inputs(hyper, kBits);
        const Constants constants;
        const ClosedForms forms(constants, in, kBits);
        const Interval range = forms.consistent_c();
        const auto fails = [&](const Interval& c, long rows) {
          return failure(forms.logit_bound(c), in.sigma, forms.width(c), rows);
        };
        REQUIRE(range.is_finite());
        REQUIRE(certainly_positive(range));
        CHECK(range.relative_width() < 0.05);
        CHECK(certainly_less(in.delta, fails(range.lower(), 1)));
        CHECK(certainly_less(in.delta, fails(range.lower() * Decimal("0.999").at(kBits), 1)));
        for (const char* factor : {"1", "1.001", "2", "10"})
          CHECK(certainly_less_equal(fails(range.upper() * Decimal(factor).at(kBits), 4), in.delta));
        // Sharp on both sides.
        CHECK(certainly_less(in.delta, fails(range.upper() * Decimal("0.999999").at(kBits), 4)));
        CHECK(certainly_less(fails(range.lower() * Decimal("1.000001").at(kBits), 1), in.delta));
      }
}

TEST_CASE("consistent_c on given data: the failure probability of the data decides") {
  const Hyper hyper{"2", "2", "1", "0.1", "0.01", "0.1", "0.005", "2"};
  const Constants constants;
  const ClosedForms forms(constants, inputs(hyper, 96), 96);
  const auto of_rows = [](const RealMatrix& rows) {
    return [=](const Interval& b) { return probability_some_row_exceeds(rows, Interval(1, 96), b, 96); };
  };
  const Interval any = forms.consistent_c();
  const Interval one = forms.consistent_c(of_rows(RealMatrix{{1, 0}, {0, 0}}));
  const Interval two = forms.consistent_c(of_rows(RealMatrix{{1, 0}, {0, 1}}));
  const Interval short_rows = forms.consistent_c(of_rows(RealMatrix{{0.5, 0}, {0, 0.5}}));
  const auto near = [](const Interval& a, const Interval& b) {
    return certainly_less(abs(a - b), Interval(1e-20, 64));
  };
  CHECK(near(one, any.lower()));
  CHECK(near(two.upper(), any.upper()));
  CHECK(one.relative_width() < 1e-20);
  CHECK(certainly_less(one, two));
  CHECK(certainly_less(short_rows, one));
}

TEST_CASE("consistent_c asks for some hundred probabilities, however many bits its lambda needed") {
  const BoundInputs in = inputs({"4", "2", "1", "0.1", "0.01", "1e-300", "0.005", "2"}, 2048);
  long asked = 0;
  const Constants constants;
  const Interval range = ClosedForms(constants, in, 2048).consistent_c([&](const Interval& b) {
    ++asked;
    return gaussian_tail(b.rounded_to(64), Interval(1, 64));
  });
  CHECK(range.relative_width() < 1e-15);
  CHECK(asked < 400);
}

TEST_CASE("far below the lower end of consistent_c the statement may be consistent again") {
  Constants constants;
  constants.set("e3.multiplier=1e-9");
  const BoundInputs in = inputs({"1", "1", "1", "0.1", "0.01", "1", "0", "1"}, 128);
  const ClosedForms forms(constants, in, 128);
  const Interval range = forms.consistent_c(), zero = Interval::from_integer(0, 128);
  CHECK(certainly_less(Interval(20, 64), range));
  CHECK(certainly_less(in.delta, failure(forms.logit_bound(range.lower()), in.sigma, forms.width(range.lower()), 1)));
  CHECK(certainly_less(failure(forms.logit_bound(zero), in.sigma, forms.width(zero), 1), in.delta));
}

TEST_CASE("from consistent_c on the network with the least even width does not contradict itself either") {
  Constants constants;
  constants.set("e0.floor=0.01");
  constants.set("e3.multiplier=400");
  const BoundInputs in = inputs({"1", "1", "0.1", "0.9", "0.01", "1", "0.005", "1"}, 128);
  const ClosedForms forms(constants, in, 128);
  const Interval end = forms.consistent_c().upper();
  REQUIRE(end.is_finite());
  REQUIRE(certainly_less(forms.width(end), Interval(1e4, 64)));
  CHECK(certainly_less_equal(failure(forms.logit_bound(end), in.sigma, forms.width(end) + 2, 1), in.delta));
}

TEST_CASE("consistent_c where there is little to say") {
  const auto range = [](const char* sigma, const char* lambda, const char* multiplier = "1") {
    Constants constants;
    constants.set("e3.multiplier", multiplier);
    const Hyper hyper{"4", "2", sigma, "0.1", "0.01", lambda, "0.005", "2"};
    return ClosedForms(constants, inputs(hyper, 128), 128).consistent_c();
  };
  CHECK(same(range("0", "1"), Interval()));  // all logits are 0
  CHECK(std::isinf(range("1", "0").upper_double()));
  CHECK(range("1", "0").contains(0.0));
  CHECK(same(range("0.01", "1"), Interval()));      // consistent for every C
  const Interval tiny = range("1", "1", "1e-200");  // consistent where the tail falls fastest already
  CHECK(tiny.contains(0.0));
  CHECK(std::isfinite(tiny.upper_double()));
  // The range of exponents ends before anything is consistent: no upper end may be claimed.
  CHECK(std::isinf(range("1e10", "1").upper_double()));
}

struct ScoreCase {
  const char *n, *d, *lambda, *delta, *rkhs, *stopping;
};

ScoreInputs score_inputs(const ScoreCase& of, Bits bits) {
  const auto at = [&](const char* text) { return Decimal(text).at(bits); };
  return {at(of.n), at(of.d), at(of.lambda), at(of.delta), at(of.rkhs), at(of.stopping)};
}

void check_score(const ScoreCase& of, const Constants& constants) {
  const auto k = [&](const char* key) { return Number(constants[key].value.text()); };
  const Number n(of.n), d(of.d), lambda(of.lambda), delta(of.delta), rkhs(of.rkhs), stopping(of.stopping);
  const Number big = k("e6.c_Lambda") * sqrt(d), ratio = sqrt(rkhs) / big;
  const Number a = k("e6.c_1") * big * pow(ratio, -2 / d) * log(ratio), e = exp(Number(1));
  const Number inner = log(e * pow(d * n, Number(1.5)) * a / lambda);
  const Number first = 2 * d * d * a / lambda * pow(inner, Number(1.5)) + 1 / sqrt(n);
  const Number gamma = first * first + d * d * a * a / (lambda * lambda) * (log(1 / delta) + log(log(n)));
  const Number total =
      k("e6.multiplier") * (1 / (lambda * sqrt(n)) + stopping + d * a * a + d * a + sqrt(d * a * gamma) + gamma);
  for (const Bits bits : {64, 256}) {
    const ScoreBound found = score_bound(constants, score_inputs(of, bits), bits);
    check_value(found.lambda_term, big, bits);
    check_value(found.a, a, bits);
    check_value(found.gamma.range(), gamma, bits);
    check_value(found.coupling, 1 / (lambda * sqrt(n)), bits);
    check_value(found.stopping, stopping, bits);
    check_value(found.approximation_squared, d * a * a, bits);
    check_value(found.approximation, d * a, bits);
    check_value(found.mixed.range(), sqrt(d * a * gamma), bits);
    check_value(found.total.range(), total, bits);
  }
}

TEST_CASE("the score bound against another arithmetic") {
  const ScoreCase cases[] = {{"100", "2", "0.1", "0.1", "100", "0.01"},
                             {"3", "1", "0.5", "0.01", "7.5", "0"},
                             {"2", "2", "0.25", "0.5", "50", "0.125"},  // log log 2 < 0
                             {"1000000", "5", "0.001", "1e-6", "1e20", "0.5"}};
  Constants changed;
  changed.set("e6.multiplier=2.5"), changed.set("e6.c_Lambda=0.5"), changed.set("e6.c_1=1.75");
  for (const ScoreCase& of : cases) {
    CAPTURE(of.n);
    check_score(of, Constants());
    check_score(of, changed);
  }
}

TEST_CASE("the score bound says nothing at n = 1") {
  const ScoreBound found = score_bound(Constants(), score_inputs({"1", "2", "0.1", "0.1", "100", "0.01"}, 64), 64);
  CHECK_FALSE(found.gamma.is_defined());
  CHECK_FALSE(found.mixed.is_defined());
  CHECK_FALSE(found.total.is_defined());
  CHECK_FALSE(found.total.because().empty());
  CHECK(is_whole_line(found.total.range()));
}

TEST_CASE("a lambda that may be 0 bounds the width from below") {
  const Constants constants;
  BoundInputs in = inputs(kHypers[0], 64);
  in.lambda = Interval::between(0, 0x1p-40, 64);
  const Interval width = ClosedForms(constants, in, 64).width();
  in.lambda = in.lambda.upper();
  CHECK(overlap(width.lower(), ClosedForms(constants, in, 64).width()));
  CHECK_FALSE(width.upper().is_finite());
  in.lambda = Interval::between(-1, 1, 64);
  CHECK_FALSE(certainly_positive(ClosedForms(constants, in, 64).width()));
}

}  // namespace
}  // namespace assay
