#include "chance/normal.hpp"

#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <limits>

namespace assay {
namespace {

static_assert(std::numeric_limits<double>::is_iec559 && FLT_EVAL_METHOD == 0,
              "a drawn number must be the same double everywhere: this needs plain IEEE double arithmetic");

/// Horner's rule, coefficients from the highest power down.
template <std::size_t count>
double polynomial(const std::array<double, count>& coefficients, double x) {
  double value = coefficients[0];
  for (std::size_t k = 1; k < count; ++k) value = value * x + coefficients[k];
  return value;
}

/// A rational approximation of AS 241, coefficients from the highest power down.
struct Ratio {
  std::array<double, 8> numerator, denominator;
  double operator()(double x) const { return polynomial(numerator, x) / polynomial(denominator, x); }
};

// |u - 1/2| <= 0.425, in 0.425^2 - (u - 1/2)^2.
constexpr Ratio centre{
    {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0},
    {5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0}};

// Tails, r = sqrt(-log min(u, 1-u)): r <= 5, in r - 1.6.
constexpr Ratio tail{
    {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0},
    {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0}};

// r > 5, in r - 5.
constexpr Ratio far_tail{
    {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0},
    {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0}};

/// Phi^-1(1 - p) for p in (0, 0.075].
double upper_quantile(double p) {
  const double r = std::sqrt(-plain_log(p));
  return r <= 5.0 ? tail(r - 1.6) : far_tail(r - 5.0);
}

}  // namespace

double plain_log(double x) {
  // Subtracting the bits of sqrt(1/2) leaves the exponent e of x = 2^e f, f in [sqrt(1/2), sqrt 2), on top.
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  const std::int64_t e = static_cast<std::int64_t>(bits - 0x3fe6a09e667f3bcd) >> 52;
  const double f = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(e) << 52));
  // artanh s = s + s t, t = s^2/3 + s^4/5 + ...; |s| <= 0.172, so what is left out is below 2^-60 s.
  constexpr std::array<double, 10> series{1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13,
                                          1.0 / 11, 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3};
  const double s = (f - 1.0) / (f + 1.0);
  const double square = s * s;
  const double log_f = 2.0 * s + 2.0 * s * (square * polynomial(series, square));
  // log 2 = high + low; high ends in 21 zero bits, so e * high is exact.
  constexpr double log2_high = 0x1.62e42fee00000p-1, log2_low = 0x1.a39ef35793c76p-33;
  const double exponent = static_cast<double>(e);
  return exponent * log2_high + (log_f + exponent * log2_low);
}

double uniform_open(std::uint64_t bits) {
  return static_cast<double>(2 * (bits >> 12) + 1) * 0x1p-53;  // an odd integer below 2^53
}

double standard_normal(std::uint64_t bits) {
  const double u = uniform_open(bits);
  const double q = u - 0.5;  // exact, and so is 1/2 - |q|: the tails mirror each other
  const double size = std::fabs(q);
  if (size <= 0.425) return q * centre(0.180625 - q * q);
  return std::copysign(upper_quantile(0.5 - size), q);
}

}  // namespace assay
