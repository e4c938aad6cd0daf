#include "enclosure/eigenvalue.hpp"
#include "setting/remembered.hpp"
#include "setting/setting.hpp"

// The quantities that theorems ask for, each on either tier.

namespace assay {

namespace {

/// Eigenvalues as narrow as the precision allows.
constexpr double kNarrowest = 0;

Interval unknown() {
  return Interval::whole_line(64);
}

/// The better of D1's two bounds of the spectral norm: |Delta|_2 and 2 sqrt(lambda_max) nu + nu^2, nu^2 = |theta|_2.
Interval better_spectral_bound(const Interval& entrywise, const Interval& nu_squared, const Interval& lambda_max) {
  const Interval root = sqrt(nonnegative_part(lambda_max).upper() * nu_squared.upper());
  return min(entrywise.upper(), (2 * root + nu_squared.upper()).upper());
}

}  // namespace

Interval Setting::largest_logit(Level level) const {
  if (!level.fast) return assay::largest_logit(forward(level));
  return fast_sums() != nullptr ? enclosure_of(fast::largest_logit(*fast_sums())) : unknown();
}

Interval Setting::largest_q(Level level) const {
  if (!level.fast) return largest_magnitude(forward(level).q);
  return fast_sums() != nullptr ? enclosure_of(fast::largest_q(*fast_sums())) : unknown();
}

Interval Setting::smallest_q(Level level) const {
  if (level.fast) return fast_sums() != nullptr ? enclosure_of(fast::smallest_q(*fast_sums())) : unknown();
  const IntervalMatrix& q = forward(level).q;
  Interval smallest = q(0, 0);
  for (const Interval& entry : q.entries()) smallest = min(smallest, entry);
  return smallest;
}

Interval Setting::residual_norm(Level level) const {
  if (!level.fast) return frobenius_norm(residual(forward(level), instance_.y));
  return fast_sums() != nullptr ? enclosure_of(fast::residual_norm(*fast_sums(), instance_.y)) : unknown();
}

Interval Setting::kernel_norm(Level level) const {
  if (!level.fast) return frobenius_norm(kernel(level));
  return fast_kernel() != nullptr ? enclosure_of(fast::frobenius_norm(*fast_kernel())) : unknown();
}

Interval Setting::lambda_min(Level level) const {
  if (certain_degeneracy(instance_.x, instance_.m(), instance_.d())) return Interval::from_integer(0, level.bits);
  // H = J J' / m is positive semidefinite.
  if (!level.fast)
    return remembered(at(level).lambda_min,
                      [&] { return nonnegative_part(enclose_lambda_min(kernel(level), kNarrowest, level)); });
  if (fast_kernel() == nullptr) return max(unknown(), Interval());
  const Ball& ball = remembered(fast_.lambda_min, [&] { return fast::lambda_min(fast_kernel()->symmetric()); });
  return nonnegative_part(enclosure_of(ball));
}

Interval Setting::lambda_max(Level level) const {
  if (!level.fast)
    return remembered(at(level).lambda_max, [&] { return enclose_lambda_max(kernel(level), kNarrowest, level); });
  if (fast_kernel() == nullptr) return unknown();
  return enclosure_of(remembered(fast_.lambda_max, [&] { return fast::lambda_max(fast_kernel()->symmetric()); }));
}

Interval Setting::bad_change_f(Level level) const {
  if (!level.fast) return frobenius_norm(bad_kernel(level) - kernel(level));
  if (fast_bad_change() == nullptr) return unknown();
  return nonnegative_part(enclosure_of(fast::frobenius_norm(*fast_bad_change())));
}

Interval Setting::bad_change_2(Level level) const {
  if (!level.fast) return enclose_spectral_norm(bad_kernel(level) - kernel(level), kNarrowest, level);
  if (fast_bad_change() == nullptr) return unknown();
  const fast::SymmetricBall change = fast_bad_change()->symmetric();
  return max(abs(enclosure_of(fast::lambda_min(change))), abs(enclosure_of(fast::lambda_max(change))));
}

Interval Setting::bad_lambda_min(Level level) const {
  if (certain_degeneracy(instance_.x, instance_.m(), instance_.d())) return Interval::from_integer(0, level.bits);
  if (!level.fast) return nonnegative_part(enclose_lambda_min(bad_kernel(level), kNarrowest, level));
  if (fast_bad_kernel() == nullptr) return max(unknown(), Interval());
  return nonnegative_part(enclosure_of(fast::lambda_min(fast_bad_kernel()->symmetric())));
}

Interval Setting::bad_residual_norm(Level level) const {
  if (!level.fast) return frobenius_norm(residual(bad_forward(level), instance_.y));
  return fast_bad_sums() != nullptr ? enclosure_of(fast::residual_norm(*fast_bad_sums(), instance_.y)) : unknown();
}

Interval Setting::ball_change_f(Level level) const {
  if (!level.fast) return frobenius_norm(perturbation(level).entrywise).upper();
  if (fast_change() == nullptr) return unknown();
  return Interval(fast::upper_frobenius_norm(fast_change()->entrywise), level.bits);
}

Interval Setting::ball_change_2(Level level) const {
  if (!level.fast)
    return better_spectral_bound(upper_spectral_norm(perturbation(level).entrywise),
                                 upper_spectral_norm(perturbation(level).theta), lambda_max(level));
  if (fast_change() == nullptr) return unknown();
  return better_spectral_bound(Interval(fast::upper_norm_of_radii(fast_change()->entrywise), level.bits),
                               Interval(fast::upper_norm_of_radii(fast_change()->theta), level.bits),
                               lambda_max(level));
}

Interval Setting::ball_slope_f(const Interval& limit, Level level) const {
  if (level.fast) {
    if (fast_sums() == nullptr) return unknown();
    const fast::KernelChange change = fast::change_over_ball(*fast_sums(), instance_.x, limit);
    return (Interval(fast::upper_frobenius_norm(change.entrywise), level.bits) / limit).upper();
  }
  const BallRanges ranges = ranges_for_all_smaller_radii(forward(level), instance_.x, limit);
  const KernelPerturbation most = kernel_perturbation(forward(level), ranges, gram(level), threads_);
  return (frobenius_norm(most.entrywise).upper() / limit).upper();
}

}  // namespace assay
