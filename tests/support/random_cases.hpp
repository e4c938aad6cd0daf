#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <random>

/// How many random cases a loop runs: `base`, times ASSAY_TEST_MULTIPLIER from the environment.
inline std::uint64_t random_cases(std::uint64_t base) {
  const char* text = std::getenv("ASSAY_TEST_MULTIPLIER");
  const double multiplier = text == nullptr ? 1 : std::strtod(text, nullptr);
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(base) * std::max(multiplier, 0.0)));
}

/// Random choices of one case, the same on every machine: the distributions of the standard library are not.
///
///   for (std::uint64_t seed = 1; seed <= random_cases(500); ++seed) {
///     CAPTURE(seed);
///     Random random(seed);
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t word() { return engine_(); }
  /// lo, ..., hi.
  long integer(long lo, long hi) {
    return lo + static_cast<long>(engine_() % (static_cast<std::uint64_t>(hi - lo) + 1));
  }
  bool one_in(long n) { return integer(1, n) == 1; }
  /// A multiple of 2^-53 in [0, 1).
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double between(double lo, double hi) { return lo + (hi - lo) * unit(); }
  /// Any finite double, every exponent equally likely: subnormal, huge, of either sign.
  double any_double() {
    for (;;) {
      const std::uint64_t pattern = engine_();
      double x = 0;
      std::memcpy(&x, &pattern, sizeof x);
      if (x - x == 0) return x;
    }
  }
  template <class T>
  T one_of(std::initializer_list<T> choices) {
    return choices.begin()[integer(0, static_cast<long>(choices.size()) - 1)];
  }

 private:
  std::mt19937_64 engine_;
};
