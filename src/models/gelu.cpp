#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "enclosure/exact_rank.hpp"
#include "models/moves.hpp"
#include "models/over_balls.hpp"

// The GELU network, phi(u) = u Phi(u), Phi the distribution function and p the density of the standard normal law.
// Its slope phi'(u) = Phi(u) + u p(u) is 1/2 plus an odd function; phi''(u) = (2 - u^2) p(u) is largest at 0.
//
// K_inf is a closed form. For (u, v) normal with variances a, b and covariance c, by Stein's identity
// E[u f] = a E[f_u] + c E[f_v], with D = (1 + a)(1 + b) - c^2 and N = E[p(u) p(v)] = 1 / (2 pi sqrt D):
//
//   E[Phi(u) Phi(v)] = 1/4 + arcsin(c / sqrt((1 + a)(1 + b))) / (2 pi)     (an orthant of (Z_1 - u, Z_2 - v))
//   E[u p(u) Phi(v)] = c N / (1 + a),   E[u p(u) v p(v)] = c N / D

namespace assay {

namespace {

using moves::Dense;

/// phi'(u).
Interval slope_of_gelu(const Interval& u) {
  const Interval two = Interval::from_integer(2, u.bits());
  return erfc(-u / sqrt(two)) / 2 + u * exp(-sqr(u) / 2) / sqrt(two * Interval::pi(u.bits()));
}

/// The largest |phi''| = phi''(0) = sqrt(2 / pi), and the difference of the largest and the smallest phi', at +-sqrt 2.
Interval largest_curvature(Bits bits) {
  return sqrt(2 / Interval::pi(bits));
}
Interval range_of_slope(Bits bits) {
  return 2 * slope_of_gelu(sqrt(Interval::from_integer(2, bits))) - 1;
}

/// How far phi'(<w, x_i>) can move while w moves by R, for each i.
std::vector<Interval> reaches(const IntervalMatrix& gram, const Interval& radius) {
  std::vector<Interval> all;
  for (Index i = 0; i < gram.rows(); ++i) {
    const Bits bits = gram(i, i).bits();
    all.push_back(min(largest_curvature(bits) * radius.upper() * sqrt(gram(i, i)), range_of_slope(bits)));
  }
  return all;
}

/// (1/m) sum_r |phi'(<w_r, x_i>)|.
std::vector<Interval> make_mean_slopes(const Setting& setting, Level level) {
  setting.require_stored();
  const Forward& at = setting.forward(level.bits);
  std::vector<Interval> means;
  for (Index i = 0; i < at.z.rows(); ++i) {
    Interval sum = Interval::from_integer(0, level.bits);
    for (Index c = 0; c < at.z.cols(); ++c) sum += abs(slope_of_gelu(at.z(i, c))) * at.neurons.multiplicity[size(c)];
    means.push_back(sum / at.m);
  }
  return means;
}

/// |H(W~) - H(W)| entry by entry: with |d_i| <= reach_i, the products of slopes change by f_i d_j + d_i f_j + d_i d_j.
IntervalMatrix change_of_entries(const Setting& setting, const Interval& radius, Level level) {
  const IntervalMatrix& gram = setting.gram(level.bits);
  const auto& mean = setting.once<&make_mean_slopes>(level);
  const std::vector<Interval> reach = reaches(gram, radius);
  return symmetric_matrix(gram.rows(), [&](Index i, Index j) {
    const Interval& a = reach[size(i)];
    const Interval& b = reach[size(j)];
    return abs(gram(i, j)) * (mean[size(i)] * b + mean[size(j)] * a + a * b);
  });
}

/// Exact opposites x and -x: no rows repeat.
std::vector<Index> rows_with_opposites(const RealMatrix& x) {
  std::vector<Index> rows;
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < i; ++j)
      if (x.row(i) == -x.row(j)) rows.push_back(i);
  return rows;
}

Dense approx_density(const Dense& z) {
  constexpr double kRootOfTwoPi = 2.5066282746310002;
  return ((-z.array().square() / 2).exp() / kRootOfTwoPi).matrix();
}
Dense approx_slope(const Dense& z) {
  const auto phi = [](double u) { return std::erfc(-u / std::sqrt(2.0)) / 2; };
  return z.unaryExpr(phi) + z.cwiseProduct(approx_density(z));
}
Dense approx_curvature(const Dense& z) {
  return ((2 - z.array().square()) * approx_density(z).array()).matrix();
}

const moves::Slope kSlopeOfGelu{approx_slope, approx_curvature};

/// (1 + a)(1 + b) - c^2 without its cancellation where the scale is large.
Interval determinant_of(const IntervalMatrix& gram, const Interval& variance, Index i, Index j) {
  const Interval sum = 1 + variance * (gram(i, i) + gram(j, j));
  if (i == j) return sum;
  return sum + sqr(variance) * nonnegative_part(gram(i, i) * gram(j, j) - sqr(gram(i, j)));
}

/// arcsin(c / sqrt p) for determinant = p - c^2 > 0; near +-1 from its cosine, because the arcus cosine loses half of
/// the digits there.
Interval arcsine_of(const Interval& c, const Interval& determinant, const Interval& p) {
  const Interval sine = c / sqrt(p), limit = Interval::ratio(3, 4, p.bits());
  if (!certainly_less(limit, abs(sine))) return Interval::pi(p.bits()) / 2 - acos(sine);
  const Interval angle = acos(min(sqrt(determinant / p), Interval::from_integer(1, p.bits())));
  return certainly_positive(sine) ? angle : -angle;
}

class Gelu : public ScalarModel {
 public:
  Gelu() : ScalarModel(3, "gelu", "GELU") {}

  IntervalMatrix limit_kernel(const IntervalMatrix& gram, const Interval& sigma) const override {
    const Interval variance = sqr(sigma);
    return symmetric_matrix(gram.rows(), [&](Index i, Index j) {
      const Interval pi = Interval::pi(gram(i, j).bits());
      const Interval a = 1 + variance * gram(i, i), b = 1 + variance * gram(j, j), c = variance * gram(i, j);
      const Interval determinant = determinant_of(gram, variance, i, j), density = 1 / (2 * pi * sqrt(determinant));
      const Interval arcsine = arcsine_of(c, determinant, a * b);
      return gram(i, j) *
             (arcsine / (2 * pi) + c * density * (1 / a + 1 / b + 1 / determinant) + Interval::ratio(1, 4, pi.bits()));
    });
  }

  /// sum_i c_i x_i phi'(<w, x_i>) = 0 for all w. Along w = i t v, t large and v in general position, phi' grows like
  /// exp(t^2 <v, x_i>^2 / 2), at rates that differ for rows that are not equal or opposite: so c_i = 0 but for pairs x,
  /// -x, of which phi'(u) + phi'(-u) = 1 leaves c x. These vanish together iff the rows with opposites are dependent.
  std::optional<LimitDegeneracy> limit_degeneracy(const RealMatrix& x) const override {
    if (const auto common = zero_or_repeated_row(x)) return common;
    const std::vector<Index> rows = rows_with_opposites(x);
    const RealMatrix family = x(rows, Eigen::all);
    if (rows.size() < 2 || exact_rank(family) == family.rows()) return std::nullopt;
    return LimitDegeneracy{fmt::format("row {} of X and others have their opposites among the rows, and these rows are "
                                       "linearly dependent",
                                       rows.back() + 1),
                           rows.front(), rows.back()};
  }
  std::string condition() const override {
    return "the rows are distinct and not 0, and those whose opposites are rows too are linearly independent";
  }

  std::optional<IntervalMatrix> kernel_at(const Setting& setting, const RealMatrix& w, Level level) const override {
    const Instance& instance = setting.instance();
    return kernel_of_features(forward_pass(instance.x, w, instance.a, level.bits, setting.threads()),
                              setting.gram(level.bits), slope_of_gelu, setting.threads());
  }
  std::optional<IntervalMatrix> kernel_at_start(const Setting& setting, Level level) const override {
    return kernel_of_features(setting.forward(level.bits), setting.gram(level.bits), slope_of_gelu, setting.threads());
  }
  bool is_certainly_singular(const Setting& setting) const override {
    return ScalarModel::is_certainly_singular(setting) || limit_degeneracy(setting.instance().x).has_value();
  }

  AtMost change_over_ball(const Setting& setting, const Interval& radius, Level level) const override {
    return AtMost(frobenius_norm(change_of_entries(setting, radius, level)));
  }
  /// The better of lambda - |Delta|_2 and (sqrt lambda - |J~ - J|)^2, |J~ - J|_F^2 <= sum_i |x_i|^2 reach_i^2.
  AtLeast lambda_min_over_ball(const Setting& setting, const Interval& radius, Level level) const override {
    const IntervalMatrix& gram = setting.gram(level.bits);
    const std::vector<Interval> reach = reaches(gram, radius);
    const Interval zero = Interval::from_integer(0, level.bits);
    Interval square = zero;
    for (Index i = 0; i < gram.rows(); ++i) square += gram(i, i) * sqr(reach[size(i)]);
    const Interval least = kernel_lambda_min(setting, *this, level).lower();
    const Interval change = upper_spectral_norm(change_of_entries(setting, radius, level)).upper();
    const Interval root = max(sqrt(least) - sqrt(square).upper(), zero);
    return AtLeast(max(max(least - change, sqr(root)), zero));
  }

  RealMatrix approx_worst_weights(const Instance& instance, const Interval& radius) const override {
    const moves::Judge judge = moves::distance_from(moves::kernel_at(instance, instance.w, kSlopeOfGelu));
    RealMatrix w = moves::ascend(instance, kSlopeOfGelu, radius.lower_double(), judge, true);
    moves::keep_inside(w, instance.w, radius.lower());
    return w;
  }
  RealMatrix approx_lowering_weights(const Instance& instance, const Interval& radius) const override {
    RealMatrix w = moves::ascend(instance, kSlopeOfGelu, radius.lower_double(), moves::minus_lambda_min, false);
    moves::keep_inside(w, instance.w, radius.lower());
    return w;
  }
  double approx_lambda_min(const Instance& instance, const RealMatrix& w) const override {
    return -moves::minus_lambda_min(moves::kernel_at(instance, w, kSlopeOfGelu)).value;
  }
};

const RegisteredModel registered_gelu{std::make_unique<Gelu>()};

}  // namespace

}  // namespace assay
