#include "theory/elasticity.hpp"

#include <doctest/doctest.h>

#include <random>

#include "theory/bounds.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 256;

/// The value of every variable; bounds are evaluated where one of them lies in an interval.
struct Point {
  std::map<std::string, Interval> at;
  Constants constants;

  VariedInputs varied(const std::string& variable, const Interval& values) const {
    const auto input = [&](const std::string& name) {
      return name == variable ? Elastic::variable(values) : Elastic::constant(at.at(name));
    };
    const Elastic n = input("n");
    return {{n, input("d"), input("sigma"), input("delta"), input("epsilon"), input("lambda"), input("radius"), sqrt(n),
             kBits},
            {n, input("d"), input("lambda"), input("delta"), input("rkhs_radius"), input("early_stopping")},
            variable == "C" ? "e0.C" : "",
            values};
  }
  std::optional<Elastic> bound(const std::string& name, const std::string& variable, const Interval& values) const {
    return elastic_bound(name, constants, varied(variable, values)).bound;
  }
};

Interval of(const char* text) {
  return Decimal(text).at(kBits);
}

Point random_point(std::mt19937_64& random) {
  const auto pick = [&](std::initializer_list<const char*> texts) { return std::data(texts)[random() % texts.size()]; };
  Point point;
  point.at = {{"n", of(pick({"3", "7", "100", "4096"}))},
              {"d", of(pick({"1", "4", "10"}))},
              {"sigma", of(pick({"0.001", "0.1", "0.3", "1", "5"}))},
              {"delta", of(pick({"0.9", "0.1", "1e-6"}))},
              {"epsilon", of(pick({"0.01", "1", "1e3"}))},
              {"lambda", of(pick({"0.1", "1e-9", "2"}))},
              {"radius", of(pick({"0.01", "1e-5"}))},
              {"rkhs_radius", of(pick({"1e4", "1e6"}))},
              {"early_stopping", of(pick({"0.1", "3"}))}};
  point.constants.set("e0.C", pick({"0.3", "1", "10"}));
  point.at.emplace("C", point.constants.at("e0.C", kBits));
  return point;
}

/// By the mean value theorem the elasticity over [v, w] contains log(f(w) / f(v)) / log(w / v).
Interval mean_elasticity(const Elastic& f_v, const Elastic& f_w, const Interval& v, const Interval& w) {
  return log(f_w.value / f_v.value) / log(w / v);
}

const std::vector<std::string> kVariables{"n",      "d",      "sigma",       "delta",          "epsilon",
                                          "lambda", "radius", "rkhs_radius", "early_stopping", "C"};

TEST_CASE("elasticities over an interval contain the mean ones, for every bound and variable") {
  std::mt19937_64 random(5);
  int compared = 0, sharp = 0;
  for (int k = 0; k < 60; ++k) {
    const Point point = random_point(random);
    const std::string& variable = kVariables[random() % kVariables.size()];
    const Interval v = point.at.at(variable);
    // Over delta, n and the like up to a factor; delta stays below 1.
    const Interval w = v * of(k % 3 == 0 ? "1.1" : k % 3 == 1 ? "1.0001" : "1.00000001");
    for (const std::string& name : names_of_elastic_bounds()) {
      CAPTURE(name);
      CAPTURE(variable);
      const auto over = point.bound(name, variable, hull(v, w));
      const auto at_v = point.bound(name, variable, v), at_w = point.bound(name, variable, w);
      if (!over || !at_v || !at_w || !certainly_positive(at_v->value) || !certainly_positive(at_w->value)) continue;
      const Interval mean = mean_elasticity(*at_v, *at_w, v, w);
      CHECK(overlap(over->elasticity, mean));
      CHECK(over->value.contains(at_v->value.lower()));
      // A wrong one is refuted: the planted error is a hundredth, the enclosure narrower.
      if (over->elasticity.upper_double() - over->elasticity.lower_double() < 0.005) {
        CHECK_FALSE(overlap(over->elasticity + Interval(0.01, kBits), mean));
        ++sharp;
      }
      ++compared;
    }
  }
  CHECK(compared > 400);
  CHECK(sharp > 200);
}

TEST_CASE("a power has its exponent, however wide the interval") {
  std::mt19937_64 random(1);
  const Point point = random_point(random);
  const Interval wide = hull(of("1e-9"), of("1e9"));
  CHECK(point.bound("m", "lambda", wide)->elasticity.contains(-2.0));
  CHECK(point.bound("m", "lambda", wide)->elasticity.is_point());
  CHECK(point.bound("eta", "lambda", wide)->elasticity.is_point());
  CHECK(point.bound("D", "lambda", wide)->elasticity.contains(1.0));
}

TEST_CASE("a kink is told, and both one-sided elasticities are in the range") {
  Point point;
  std::mt19937_64 random(1);
  point = random_point(random);
  point.at["n"] = of("10"), point.at["d"] = of("4"), point.at["delta"] = of("0.1");
  const Interval kink = 1 / sqrt(log(of("400")));  // C sigma sqrt(log(nd/delta)) = 1 there, at C = 1
  point.constants.set("e0.C", "1");
  const auto b = point.bound("B", "sigma", kink);
  CHECK(b->at_kink);
  CHECK(b->elasticity.contains(0.0));
  CHECK(b->elasticity.contains(1.0));
  const auto above = point.bound("B", "sigma", kink * of("1.001")),
             below = point.bound("B", "sigma", kink * of("0.999"));
  CHECK_FALSE(above->at_kink);
  CHECK(above->elasticity.contains(1.0));
  CHECK(above->elasticity.is_point());
  CHECK(below->elasticity.contains(0.0));
  CHECK(below->elasticity.is_point());
}

TEST_CASE("where T_hat becomes 0 its elasticity has no bound, and never the wrong sign") {
  std::mt19937_64 random(1);
  Point point = random_point(random);
  point.at["n"] = of("10"), point.at["d"] = of("4");
  const auto over = point.bound("T_hat", "epsilon", hull(of("39"), of("41")));
  CHECK(over->elasticity.lower_double() == -INFINITY);
  CHECK(over->elasticity.upper_double() <= 0);
  CHECK(point.bound("T_hat", "epsilon", hull(of("41"), of("42")))->value.contains(0.0));
}

TEST_CASE("elasticities of single functions, far out too") {
  const Elastic v = Elastic::variable(of("3"));
  // erfc'(x) = -2 e^{-x^2} / sqrt(pi); both factors between their bounds where erfc is far below every double.
  const Interval expected = -2 / sqrt(Interval::pi(kBits)) * of("3") * exp(-sqr(of("3"))) / erfc(of("3"));
  CHECK(overlap(erfc(v).elasticity, expected));
  CHECK(erfc(v).elasticity.relative_width() < 1e-60);
  const Interval far = erfc(Elastic::variable(of("1e6"))).elasticity;
  CHECK(far.upper_double() <= -2e12);
  CHECK(far.lower_double() >= -2e12 - 1.001);
  const Elastic small = failures(Elastic::variable(of("1e-30")));
  CHECK(certainly_less(1 + of("5e-31"), small.elasticity));  // (e^u - 1) / u with u = -log(1 - v)
  CHECK(certainly_less(small.elasticity, 1 + of("5.0001e-31")));
  CHECK(failures(Elastic::variable(hull(of("0.1"), of("0.5")))).elasticity.relative_width() < 1);
  CHECK(log(Elastic::variable(of("1"))).slope.contains(1.0));
  // At a zero that is none of an interval, a quotient keeps its slope.
  const Elastic zero = log(Elastic::variable(of("1"))) / Elastic::constant(of("2"));
  CHECK(zero.slope.contains(0.5));
}

TEST_CASE("what has no elasticity says why") {
  std::mt19937_64 random(1);
  Point point = random_point(random);
  point.at["d"] = of("4"), point.at["lambda"] = of("0.1"), point.at["rkhs_radius"] = of("1e4");
  const ElasticBound c = elastic_bound("C_consistent_min", point.constants, point.varied("n", of("10")));
  CHECK_FALSE(c.bound);
  CHECK_FALSE(c.is_undefined);
  const ElasticBound gamma = elastic_bound("Gamma_delta", point.constants, point.varied("n", of("1")));
  CHECK(gamma.is_undefined);
  CHECK(gamma.because.find("log") != std::string::npos);
  // Where it is defined at some values only, there is no bound: not even one from above.
  const ElasticBound some = elastic_bound("Gamma_delta", point.constants, point.varied("n", hull(of("1"), of("3"))));
  CHECK_FALSE(some.bound);
  CHECK_FALSE(some.is_undefined);
  CHECK_THROWS_AS(static_cast<void>(elastic_bound("width", point.constants, point.varied("n", of("1")))),
                  std::invalid_argument);
}

}  // namespace
}  // namespace assay
