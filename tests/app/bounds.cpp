#include <mpfr.h>

#include <map>

#include "json_reading.hpp"

namespace assay {
namespace {

constexpr mpfr_prec_t kBits = 400;

/// A number of 400 bits, rounded to nearest: independent of the intervals of the program.
class Real {
 public:
  Real(double value) {  // NOLINT: exact, and tests read better
    mpfr_init2(x_, kBits);
    mpfr_set_d(x_, value, MPFR_RNDN);
  }
  explicit Real(const char* text) : Real(0.0) { mpfr_set_str(x_, text, 10, MPFR_RNDN); }
  Real(const Real& other) : Real(0.0) { mpfr_set(x_, other.x_, MPFR_RNDN); }
  Real& operator=(const Real& other) {
    mpfr_set(x_, other.x_, MPFR_RNDN);
    return *this;
  }
  ~Real() { mpfr_clear(x_); }

  template <class Function>
  static Real of(Function function, const Real& a) {
    Real result(0.0);
    function(result.x_, a.x_, MPFR_RNDN);
    return result;
  }
  template <class Function>
  static Real of(Function function, const Real& a, const Real& b) {
    Real result(0.0);
    function(result.x_, a.x_, b.x_, MPFR_RNDN);
    return result;
  }
  std::string text() const {
    char buffer[200];
    mpfr_snprintf(buffer, sizeof buffer, "%.60Re", x_);
    return buffer;
  }

 private:
  mpfr_t x_;
};

Real operator+(const Real& a, const Real& b) {
  return Real::of(mpfr_add, a, b);
}
Real operator*(const Real& a, const Real& b) {
  return Real::of(mpfr_mul, a, b);
}
Real operator/(const Real& a, const Real& b) {
  return Real::of(mpfr_div, a, b);
}
Real sqrt(const Real& a) {
  return Real::of(mpfr_sqrt, a);
}
Real log(const Real& a) {
  return Real::of(mpfr_log, a);
}
Real exp(const Real& a) {
  return Real::of(mpfr_exp, a);
}
Real pow(const Real& a, const Real& b) {
  return Real::of(mpfr_pow, a, b);
}

struct Hyper {
  Real n, d, sigma, delta, epsilon, lambda, c, radius;
};

/// Theory, part E, as written there, with F(0) = 0, |y| <= 1 and R_H = 100 d. Two bounds below need care: B at its
/// floor, and E6 for n >= 3.
std::map<std::string, Real> by_hand(const Hyper& h, bool at_floor) {
  const Real nd = h.n * h.d, log_term = log(nd / h.delta);
  const Real b = at_floor ? Real(1) : h.c * h.sigma * sqrt(log_term);
  const Real m = nd * nd * exp(Real(18) * b) * log_term * log_term / (h.lambda * h.lambda);
  const Real eta = Real("0.1") * h.lambda / (m * nd * nd * exp(Real(16) * b));
  const Real scale = sqrt(h.d), ratio = Real(10);
  const Real a = scale * pow(ratio, Real(-2) / h.d) * log(ratio);
  const Real log_power = pow(log(exp(Real(1)) * pow(nd, Real(1.5)) * a / h.lambda), Real(1.5));
  const Real first = Real(2) * h.d * h.d * a / h.lambda * log_power + Real(1) / sqrt(h.n);
  const Real da = h.d * a / h.lambda;
  const Real gamma = first * first + da * da * (log(Real(1) / h.delta) + log(log(h.n)));
  const Real tail = Real::of(mpfr_erfc, b / (h.sigma * sqrt(Real(2))));
  const Real minus_delta = Real(-1) * h.delta, minus_tail = Real(-1) * tail;
  return {{"B", b},
          {"perturbation_bound", h.radius * nd * exp(Real(10) * b)},
          {"R_convex", h.lambda / (Real(2) * nd * exp(Real(10) * b))},
          {"m", m},
          {"eta", eta},
          {"T_hat", log(nd / h.epsilon) / (m * eta * h.lambda)},
          {"D", Real(8) * exp(Real(2) * b) * sqrt(nd) * sqrt(h.n) / (m * h.lambda)},
          {"m_break", Real(2) * Real::of(mpfr_log1p, minus_delta) / Real::of(mpfr_log1p, minus_tail)},
          {"Gamma_delta", gamma},
          {"A_RH", a},
          {"score_bound", Real(1) / (h.lambda * sqrt(h.n)) + h.d * a * a + h.d * a + sqrt(h.d * a * gamma) + gamma}};
}

nlohmann::json bounds(const std::string& options) {
  const Scratch scratch;
  const Run run = run_program(scratch, words("bounds --json - " + options));
  REQUIRE(run.status == 0);
  CHECK(run.err == "");
  return nlohmann::json::parse(run.out);
}

void check_against(const nlohmann::json& report, const std::map<std::string, Real>& expected) {
  for (const auto& [key, value] : expected) {
    const std::string& name = key;
    CAPTURE(name);
    const Interval enclosed = enclosure(report.at("bounds").at(name), 400);
    CHECK(enclosed.contains(Decimal(value.text()).at(150)));
    CHECK(enclosed.relative_width() <= 2e-15);  // printing rounds outward too
  }
}

const std::vector<std::string> kNames{
    "B",       "R_perturbation_max", "perturbation_bound", "R_convex", "m",          "eta", "T_hat", "D",
    "m_break", "C_consistent_min",   "Gamma_delta",        "A_RH",     "score_bound"};

TEST_CASE("closed forms at moderate hyperparameters") {
  const nlohmann::json report =
      bounds("--n 20 --d 5 --sigma 1/4 --delta 0.05 --epsilon 0.001 --lambda 0.3 --C 2 --radius 0.002");
  CHECK(report.at("schema") == "assay.bounds/1");
  CHECK(report.at("bounds").size() == kNames.size());
  for (const std::string& name : kNames) CHECK(report.at("bounds").contains(name));
  CHECK(report.at("inputs").at("sigma") == "1/4");
  check_against(report,
                by_hand({20.0, 5.0, 0.25, Real("0.05"), Real("0.001"), Real("0.3"), 2.0, Real("0.002")}, false));
}

TEST_CASE("closed forms where B is at its floor") {
  const nlohmann::json report = bounds("--n 3 --d 1 --sigma 0.001 --C 1 --radius 0.005");
  check_against(report,
                by_hand({3.0, 1.0, Real("0.001"), Real("0.1"), Real("0.01"), Real("0.1"), 1.0, Real("0.005")}, true));
}

TEST_CASE("closed forms far outside the range of double") {
  const nlohmann::json report = bounds("--n 1000000 --d 100 --sigma 100 --delta 1e-9 --lambda 1e-30");
  check_against(report,
                by_hand({1e6, 100.0, 100.0, Real("1e-9"), Real("0.01"), Real("1e-30"), 10.0, Real("0.01")}, false));
  CHECK(report.at("vacuous").contains("perturbation_bound"));
  CHECK(report.at("vacuous").contains("score_bound"));
}

TEST_CASE("beyond the range of MPFR an end is not known, and nothing breaks") {
  const nlohmann::json report = bounds("--sigma 1e15 --n 1e9");
  CHECK(report.at("bounds").at("m").at("hi") == "inf");
  CHECK(enclosure(report.at("bounds").at("eta"), 64).contains(0.0));
}

TEST_CASE("log log n is not defined at n = 1") {
  const nlohmann::json report = bounds("--n 1");
  for (const char* name : {"Gamma_delta", "score_bound"}) {
    const nlohmann::json& bound = report.at("bounds").at(name);
    CHECK(bound.at("lo") == "-inf");
    CHECK(bound.at("hi") == "inf");
    CHECK(bound.at("sense") == "undefined");
    CHECK(bound.at("not_applicable").get<std::string>().find("log") != std::string::npos);
  }
}

TEST_CASE("the self-contradiction of the statement is found, and where it ends") {
  const nlohmann::json at_ten = bounds("--n 8 --d 2 --C 10 --lambda 0.05");
  const Interval least = enclosure(at_ten.at("bounds").at("C_consistent_min"), 64);
  CHECK(least.lower_double() > 10);
  CHECK(certainly_less(enclosure(at_ten.at("bounds").at("m_break"), 64), enclosure(at_ten.at("bounds").at("m"), 64)));
  CHECK(at_ten.at("notes").at(0).get<std::string>().starts_with("Self-contradiction"));
  const nlohmann::json above = bounds(fmt::format("--n 8 --d 2 --lambda 0.05 --C {}", std::ceil(least.upper_double())));
  CHECK(above.at("notes").at(0).get<std::string>().starts_with("Consistent"));
}

TEST_CASE("constants of the table can be replaced") {
  const nlohmann::json report = bounds("--set e1.exponent=2 --set e0.floor=3 --C 0 --radius 1 --n 1 --d 1");
  CHECK(enclosure(report.at("bounds").at("B"), 64).contains(3.0));
  // e^6
  CHECK(enclosure(report.at("bounds").at("perturbation_bound"), 64).contains(403.42879349273512) ==
        false);  // the double is not e^6
  CHECK(enclosure(report.at("bounds").at("perturbation_bound"), 64).approx_double() == doctest::Approx(403.428793));
  CHECK(report.at("constants").at("e1.exponent").at("provenance") == "user");
}

}  // namespace
}  // namespace assay
