#include "enclosure/loosening.hpp"

#include <atomic>

namespace assay {

namespace {

std::atomic<bool> is_active{false};
std::atomic<std::uint64_t> seed_of_all{0};

/// A step of splitmix64 on a state of the thread.
double uniform() {
  thread_local std::uint64_t state = seed_of_all.fetch_add(0x9E3779B97F4A7C15ULL);
  std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/// end (1 + part) or end (1 - part), whichever lies in the direction of the rounding.
void move(mpfr_ptr end, double part, mpfr_rnd_t direction) {
  if (!mpfr_number_p(end) || mpfr_zero_p(end)) return;
  const bool grows = (mpfr_sgn(end) > 0) == (direction == MPFR_RNDU);
  mpfr_mul_d(end, end, grows ? 1 + part : 1 - part, direction);
}

}  // namespace

Loosening::Loosening(std::uint64_t seed) {
  seed_of_all = seed;
  is_active = true;
}

Loosening::~Loosening() {
  is_active = false;
}

bool loosening::active() {
  return is_active.load(std::memory_order_relaxed);
}

void loosening::widen(mpfi_ptr interval, double most) {
  move(&interval->left, most * uniform(), MPFR_RNDD);
  move(&interval->right, most * uniform(), MPFR_RNDU);
}

}  // namespace assay
