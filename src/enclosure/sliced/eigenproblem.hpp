#pragma once

#include <optional>

#include "enclosure/sliced/factor.hpp"

namespace assay::sliced {

/// The least eigenvalue of the middle M of a scaled matrix: factors, vectors and what they prove.
class Eigenproblem {
 public:
  /// @param a     symmetric, entries finite, not all 0.
  /// @param bits  gaps down to about 2^-bits |A| will be asked for.
  Eigenproblem(const IntervalMatrix& a, Bits bits);
  Eigenproblem(const Eigenproblem&) = delete;
  Eigenproblem& operator=(const Eigenproblem&) = delete;
  /// The most bits that the digits hold.
  static constexpr Bits kMostBits = kDigitBits * (Factor::kMostPlaces - 3);

  /// The interval that encloses the least eigenvalue of every matrix in A if [lower, upper] encloses that of M.
  Interval unscaled(const Interval& lower, const Interval& upper) const;
  /// Upper bound of |M|_inf, and of the distance of a matrix in 2^-exponent A from M.
  Interval norm() const { return Interval(m_.norm(), 53); }
  Interval radius() const { return Interval(m_.radius(), 53); }

  /// Upper bound of the least eigenvalue from a vector of double's accuracy. Nothing if there is none.
  [[nodiscard]] std::optional<Interval> first_upper();
  /// Factors M - s I, s just below the shift, so that the residual is likely below accuracy / 8.
  /// @return false, and nothing to be had, if that did not succeed.
  bool factor(const Interval& shift, const Interval& accuracy);
  /// s - residual of the last factor, a lower bound.
  Interval lower() const;
  /// Lowers `upper` by steps of inverse iteration with the last factor until one lowers it by less than wanted(upper).
  /// @return what the last step gained: some measure of what is still to be gained.
  template <class Wanted>
  Interval improve(Wanted wanted, Interval& upper) {
    constexpr int kMostSteps = 12;
    Interval gain = upper;
    for (int step = 0; step < kMostSteps; ++step) {
      const Interval resolution = wanted(upper);
      if (step == 1) approx_lanczos();
      if (!approx_step(resolution)) break;
      const Interval before = upper;
      upper = min(upper, quotient_->value.upper());
      gain = nonnegative_part(before - upper).upper();
      if (certainly_less(gain, resolution)) break;
    }
    return gain;
  }

 private:
  /// Longer than double where the machine has that: a step contracts while the square of its unit roundoff is well
  /// below the least eigenvalue by the largest.
  using Vector = Eigen::Matrix<long double, Eigen::Dynamic, 1>;

  /// Takes v and its quotient. @return false if there is none.
  bool take(PointMatrix v);
  /// From v to about (M - s I)^-1 v, accurate enough for a quotient with the resolution.
  bool approx_step(const Interval& resolution);
  /// That, solved in floating point and corrected. @return false if corrections do not get smaller.
  bool approx_corrected_step(const Interval& resolution);
  /// right - (M - s I) z, image = M z.
  Vector approx_left_over(const PointMatrix& right, const PointMatrix& z, const PointMatrix& image) const;
  /// v from Lanczos steps in double.
  void approx_lanczos();

  ScaledMatrix m_;
  long most_places_;
  Factor factor_;
  PointMatrix shift_, v_;
  std::optional<Quotient> quotient_;
};

}  // namespace assay::sliced
