#include "enclosure/known.hpp"

#include "enclosure/loosening.hpp"

namespace assay {

namespace {

Interval loosened(Interval bound) {
  if (loosening::active()) [[unlikely]]
    loosening::widen(bound.mpfi(), loosening::kOfBound);
  return bound;
}

Interval up_to(const Interval& bound) {
  return hull(Interval::whole_line(bound.bits()).lower(), bound);
}

Interval from(const Interval& bound) {
  return hull(bound, Interval::whole_line(bound.bits()).upper());
}

}  // namespace

AtMost::AtMost(const Interval& bound) : bound_(loosened(bound).upper()) {}
AtLeast::AtLeast(const Interval& bound) : bound_(loosened(bound).lower()) {}

AtMost operator+(const AtMost& x, const AtMost& y) {
  return AtMost(x.bound() + y.bound());
}
AtMost operator+(const AtMost& x, const Interval& y) {
  return AtMost(x.bound() + y.upper());
}
AtLeast operator+(const AtLeast& x, const AtLeast& y) {
  return AtLeast(x.bound() + y.bound());
}
AtLeast operator+(const AtLeast& x, const Interval& y) {
  return AtLeast(x.bound() + y.lower());
}

AtMost operator*(const Interval& factor, const AtMost& x) {
  return certainly_nonnegative(factor) ? AtMost(factor * x.bound()) : AtMost::unknown();
}
AtLeast operator*(const Interval& factor, const AtLeast& x) {
  return certainly_nonnegative(factor) ? AtLeast(factor * x.bound()) : AtLeast::unknown();
}
AtMost operator/(const AtMost& x, const Interval& divisor) {
  return certainly_positive(divisor) ? AtMost(x.bound() / divisor) : AtMost::unknown();
}
AtLeast operator/(const AtLeast& x, const Interval& divisor) {
  return certainly_positive(divisor) ? AtLeast(x.bound() / divisor) : AtLeast::unknown();
}

AtMost better(const AtMost& x, const AtMost& y) {
  return AtMost(min(x.bound(), y.bound()));
}
AtLeast better(const AtLeast& x, const AtLeast& y) {
  return AtLeast(max(x.bound(), y.bound()));
}

std::string_view name_of(Sense sense) {
  switch (sense) {
    case Sense::enclosure:
      return "enclosure";
    case Sense::at_most:
      return "at_most";
    case Sense::at_least:
      return "at_least";
    case Sense::undefined:
      return "undefined";
  }
  return "";
}

Known::Known() : Known(Interval::whole_line(64)) {}

Known::Known(const Interval& enclosure) : Known(enclosure, Sense::enclosure, "") {}

Known::Known(const AtMost& bound) : Known(up_to(bound.bound()), Sense::at_most, "") {}

Known::Known(const AtLeast& bound) : Known(from(bound.bound()), Sense::at_least, "") {}

Known::Known(Interval range, Sense sense, std::string because)
    : range_(std::move(range)), sense_(sense), because_(std::move(because)) {}

Known Known::between(const AtLeast& below, const AtMost& above) {
  if (!below.is_finite()) return above;
  if (!above.is_finite()) return below;
  return intersection(from(below.bound()), up_to(above.bound()));
}

Known Known::undefined(std::string because) {
  return {Interval::whole_line(64), Sense::undefined, std::move(because)};
}

Known Known::scaled(const Interval& factor) const {
  if (!is_defined()) return *this;
  if (!certainly_nonnegative(factor)) return {};
  switch (sense_) {
    case Sense::at_most:
      return factor * AtMost(range_);
    case Sense::at_least:
      return factor * AtLeast(range_);
    case Sense::enclosure:
    case Sense::undefined:
      break;
  }
  return factor * range_;
}

Interval nonnegative_line(Bits bits) {
  return from(Interval::from_integer(0, bits));
}

Known Known::within(const Interval& always) const {
  return is_defined() ? Known(intersection(range_, always), sense_, because_) : *this;
}

}  // namespace assay
