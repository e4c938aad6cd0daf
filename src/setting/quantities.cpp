#include "enclosure/eigenvalue.hpp"
#include "enclosure/known.hpp"
#include "network/ball.hpp"
#include "setting/fast_tier.hpp"
#include "setting/setting.hpp"

// The quantities that theorems ask for, each on either tier.

namespace assay {

namespace {

/// Eigenvalues as narrow as the precision allows.
constexpr double kNarrowest = 0;

/// A 1 x 1 matrix is its eigenvalue, with no width of its own: a step exactly at its limit is decided.
std::optional<Interval> only_entry(const IntervalMatrix& a) {
  return a.rows() == 1 ? std::optional(a(0, 0)) : std::nullopt;
}

/// The better of two bounds of the spectral norm of the change: |Delta|_2 and 2 sqrt(lambda_max) nu + nu^2, nu^2 = |theta|_2.
AtMost better_spectral_bound(const AtMost& entrywise, const AtMost& nu_squared, const Interval& lambda_max) {
  const AtMost of_jacobian = increasing(nu_squared, [&](const Interval& square) {
    return 2 * sqrt(nonnegative_part(lambda_max).upper() * square) + square;
  });
  return better(entrywise, of_jacobian);
}

/// H = J J' / m is positive semidefinite.
Interval make_lambda_min(const Setting& setting, Level level) {
  if (level.fast) {
    const fast::KernelBall* h = fast_tier::kernel(setting);
    return nonnegative_part(h == nullptr ? unknown() : enclosure_of(fast::lambda_min(h->symmetric())));
  }
  const IntervalMatrix& h = setting.kernel(level.bits);
  return nonnegative_part(only_entry(h).value_or(enclose_lambda_min(h, kNarrowest, level.bits)));
}

Interval make_lambda_max(const Setting& setting, Level level) {
  if (level.fast) {
    const fast::KernelBall* h = fast_tier::kernel(setting);
    return h == nullptr ? unknown() : enclosure_of(fast::lambda_max(h->symmetric()));
  }
  const IntervalMatrix& h = setting.kernel(level.bits);
  return only_entry(h).value_or(enclose_lambda_max(h, kNarrowest, level.bits));
}

}  // namespace

Interval Setting::largest_logit(Level level) const {
  if (!level.fast) return assay::largest_logit(forward(level.bits));
  return fast_sums() != nullptr ? enclosure_of(fast::largest_logit(*fast_sums())) : unknown();
}

Interval Setting::largest_q(Level level) const {
  if (!level.fast) return largest_magnitude(forward(level.bits).q);
  return fast_sums() != nullptr ? enclosure_of(fast::largest_q(*fast_sums())) : unknown();
}

Interval Setting::smallest_q(Level level) const {
  if (level.fast) return fast_sums() != nullptr ? enclosure_of(fast::smallest_q(*fast_sums())) : unknown();
  const IntervalMatrix& q = forward(level.bits).q;
  Interval smallest = q(0, 0);
  for (const Interval& entry : q.entries()) smallest = min(smallest, entry);
  return smallest;
}

Interval Setting::residual_norm(Level level) const {
  if (!level.fast) return frobenius_norm(residual(forward(level.bits), instance_.y));
  return fast_sums() != nullptr ? enclosure_of(fast::residual_norm(*fast_sums(), instance_.y)) : unknown();
}

Interval Setting::kernel_norm(Level level) const {
  if (!level.fast) return frobenius_norm(kernel(level.bits));
  return fast_tier::kernel(*this) != nullptr ? enclosure_of(fast::frobenius_norm(*fast_tier::kernel(*this)))
                                             : unknown();
}

Interval Setting::lambda_min(Level level) const {
  if (degeneracy()) return Interval::from_integer(0, level.bits);
  return once<&make_lambda_min>(level);
}

Interval Setting::lambda_max(Level level) const {
  return once<&make_lambda_max>(level);
}

Interval Setting::worst_change_f(Level level) const {
  if (!level.fast) return frobenius_norm(worst_kernel(level.bits) - kernel(level.bits));
  if (fast_tier::worst_change(*this) == nullptr) return unknown();
  return nonnegative_part(enclosure_of(fast::frobenius_norm(*fast_tier::worst_change(*this))));
}

Interval Setting::worst_change_2(Level level) const {
  if (!level.fast) return enclose_spectral_norm(worst_kernel(level.bits) - kernel(level.bits), kNarrowest, level.bits);
  if (fast_tier::worst_change(*this) == nullptr) return unknown();
  const fast::SymmetricBall change = fast_tier::worst_change(*this)->symmetric();
  return max(abs(enclosure_of(fast::lambda_min(change))), abs(enclosure_of(fast::lambda_max(change))));
}

Interval Setting::worst_lambda_min(Level level) const {
  if (worst_degeneracy()) return Interval::from_integer(0, level.bits);
  if (!level.fast) return nonnegative_part(enclose_lambda_min(worst_kernel(level.bits), kNarrowest, level.bits));
  if (fast_tier::worst_kernel(*this) == nullptr) return max(unknown(), Interval());
  return nonnegative_part(enclosure_of(fast::lambda_min(fast_tier::worst_kernel(*this)->symmetric())));
}

Interval Setting::worst_residual_norm(Level level) const {
  if (!level.fast) return frobenius_norm(residual(worst_forward(level.bits), instance_.y));
  return fast_tier::worst_sums(*this) != nullptr
             ? enclosure_of(fast::residual_norm(*fast_tier::worst_sums(*this), instance_.y))
             : unknown();
}

AtMost Setting::ball_change_f(Level level) const {
  if (!level.fast) return AtMost(frobenius_norm(kernel_change(level.bits).entrywise));
  if (fast_tier::change_over_ball(*this) == nullptr) return AtMost::unknown();
  return AtMost(Interval(fast::upper_frobenius_norm(fast_tier::change_over_ball(*this)->entrywise), level.bits));
}

AtMost Setting::ball_change_2(Level level) const {
  if (!level.fast)
    return better_spectral_bound(AtMost(upper_spectral_norm(kernel_change(level.bits).entrywise)),
                                 AtMost(upper_spectral_norm(kernel_change(level.bits).theta)), lambda_max(level));
  if (fast_tier::change_over_ball(*this) == nullptr) return AtMost::unknown();
  return better_spectral_bound(
      AtMost(Interval(fast::upper_norm_of_radii(fast_tier::change_over_ball(*this)->entrywise), level.bits)),
      AtMost(Interval(fast::upper_norm_of_radii(fast_tier::change_over_ball(*this)->theta), level.bits)),
      lambda_max(level));
}

AtMost Setting::ball_slope_f(const Interval& limit, Level level) const {
  if (level.fast) {
    if (fast_sums() == nullptr) return AtMost::unknown();
    const fast::KernelChange change = fast::change_over_ball(*fast_sums(), instance_.x, limit);
    return AtMost(Interval(fast::upper_frobenius_norm(change.entrywise), level.bits)) / limit;
  }
  const BallRanges ranges = ranges_for_all_smaller_radii(forward(level.bits), instance_.x, limit);
  const KernelChange most = assay::kernel_change(forward(level.bits), ranges, gram(level.bits), threads_);
  return AtMost(frobenius_norm(most.entrywise)) / limit;
}

}  // namespace assay
