#include "enclosure/ball.hpp"

namespace assay {

Interval enclosure_of(const Ball& a, Bits bits) {
  if (!std::isfinite(a.middle) || !std::isfinite(a.radius)) return Interval::whole_line(bits);
  const Interval middle(a.middle, bits), radius(a.radius, bits);
  return hull(middle - radius, middle + radius);
}

Ball ball_around(const Interval& a) {
  const double middle = a.approx_double();
  if (!std::isfinite(middle)) return {0, std::numeric_limits<double>::infinity()};
  const Interval distance = abs(a - Interval(middle, a.bits()));
  return {middle, distance.upper_double()};
}

}  // namespace assay
