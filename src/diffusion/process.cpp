#include "diffusion/process.hpp"

#include <stdexcept>

namespace assay {
namespace {

/// Enough to know the sign of a short decimal, and 0 exactly.
constexpr Bits sign_bits = 64;

/// The image of t under a function that grows (falls) with t, from its ends.
template <class Function>
Interval monotone(const Interval& t, Function f) {
  return t.is_point() ? f(t) : hull(f(t.lower()), f(t.upper()));
}

/// int_0^t g for the constant and the linear schedule, t a point.
Interval integral_of_g(const Interval& g0, const Interval& slope, const Interval& t) {
  return t * (g0 + slope * t / 2);
}

/// Times 0 <= t <= 1 of the cosine schedule as angles: theta(t) = pi/2 (t + s)/(1 + s).
Interval angle(const Interval& s, const Interval& t) {
  return Interval::pi(t.bits()) / 2 * (t + s) / (s + 1);
}

}  // namespace

Process Process::constant(const Decimal& g) {
  if (!certainly_positive(g.at(sign_bits))) throw std::invalid_argument("Process::constant: expected g > 0");
  return {Schedule::constant, g, g};
}

Process Process::linear(const Decimal& g0, const Decimal& g1) {
  const Interval first = g0.at(sign_bits), second = g1.at(sign_bits);
  if (!certainly_nonnegative(first) || !certainly_nonnegative(second) || !certainly_positive(first + second))
    throw std::invalid_argument("Process::linear: expected g0, g1 >= 0, one of them positive");
  return {Schedule::linear, g0, g1};
}

Process Process::cosine(const Decimal& s) {
  if (!certainly_nonnegative(s.at(sign_bits))) throw std::invalid_argument("Process::cosine: expected s >= 0");
  return {Schedule::cosine, s, Decimal("0")};
}

void Process::check_time(const Interval& t, const char* function) const {
  const auto fail = [&](const char* expected) {
    throw std::invalid_argument(std::string("Process::") + function + ": expected " + expected);
  };
  if (!certainly_nonnegative(t)) fail("a time t >= 0");
  const Interval one = Interval::from_integer(1, t.bits());
  if (certainly_less_equal(t, one)) return;
  if (schedule_ == Schedule::cosine) fail("a time t <= 1 for the cosine schedule");
  const Interval g0 = first_.at(t.bits());
  if (schedule_ == Schedule::linear && !certainly_nonnegative(g0 + (second_.at(t.bits()) - g0) * t))
    fail("a time up to which g >= 0");
}

Interval Process::alpha(const Interval& t) const {
  check_time(t, "alpha");
  const Bits bits = t.bits();
  const Interval unit = Interval::between(0, 1, bits);
  if (schedule_ == Schedule::cosine) {
    const Interval s = first_.at(bits), start = cos(angle(s, Interval::from_integer(0, bits)));
    return intersection(monotone(t, [&](const Interval& end) { return cos(angle(s, end)) / start; }), unit);
  }
  const Interval g0 = first_.at(bits), slope = second_.at(bits) - g0;
  return intersection(monotone(t, [&](const Interval& end) { return exp(-integral_of_g(g0, slope, end) / 2); }), unit);
}

Interval Process::h(const Interval& t) const {
  check_time(t, "h");
  const Bits bits = t.bits();
  const Interval unit = Interval::between(0, 1, bits);
  if (schedule_ == Schedule::cosine) {
    // cos^2 a - cos^2 b = sin(b - a) sin(b + a), without the cancellation of 1 - alpha^2.
    const Interval s = first_.at(bits), start = angle(s, Interval::from_integer(0, bits));
    const auto value = [&](const Interval& end) {
      const Interval turned = Interval::pi(bits) / 2 * end / (s + 1);
      return sin(turned) * sin(start * 2 + turned) / sqr(cos(start));
    };
    return intersection(monotone(t, value), unit);
  }
  const Interval g0 = first_.at(bits), slope = second_.at(bits) - g0;
  return intersection(monotone(t, [&](const Interval& end) { return -expm1(-integral_of_g(g0, slope, end)); }), unit);
}

Interval Process::g(const Interval& t) const {
  check_time(t, "g");
  const Bits bits = t.bits();
  if (schedule_ == Schedule::cosine) {
    const Interval s = first_.at(bits);
    const auto value = [&](const Interval& end) {
      const Interval theta = angle(s, end);
      const Interval tangent = sin(theta) / nonnegative_part(cos(theta));
      return Interval::pi(bits) / (s + 1) * nonnegative_part(tangent);
    };
    return monotone(t, value);
  }
  const Interval g0 = first_.at(bits), slope = second_.at(bits) - g0;
  return nonnegative_part(monotone(t, [&](const Interval& end) { return g0 + slope * end; }));
}

Interval Process::sup_g(const Interval& t0, const Interval& t1) const {
  return max(g(t0), g(t1));
}

std::string Process::description() const {
  switch (schedule_) {
    case Schedule::constant:
      return "g(t) = " + first_.text();
    case Schedule::linear:
      return "g(t) = " + first_.text() + " + (" + second_.text() + " - " + first_.text() + ") t";
    case Schedule::cosine:
      return "alpha(t) = cos(pi/2 (t + s)/(1 + s)) / cos(pi/2 s/(1 + s)), s = " + first_.text();
  }
  return {};
}

}  // namespace assay
