#include "enclosure/ball.hpp"

#include "enclosure/loosening.hpp"

namespace assay {

Interval enclosure_of(const Ball& a, Bits bits) {
  if (!std::isfinite(a.middle) || !std::isfinite(a.radius)) return Interval::whole_line(bits);
  const Interval middle(a.middle, bits), radius(a.radius, bits);
  Interval enclosure = hull(middle - radius, middle + radius);
  if (loosening::active()) [[unlikely]]
    loosening::widen(enclosure.mpfi(), a.radius > 0 ? 1e-6 : 0);
  return enclosure;
}

Ball ball_around(const Interval& a) {
  const double middle = a.approx_double();
  if (!std::isfinite(middle)) return {0, std::numeric_limits<double>::infinity()};
  const Interval distance = abs(a - Interval(middle, a.bits()));
  return {middle, distance.upper_double()};
}

}  // namespace assay
