// The library asks for sound arithmetic by itself, on every thread; it prints a point in every locale, and runs on the
// threads there are.

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cfenv>
#include <clocale>
#include <cstdlib>
#include <set>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "app/run_program.hpp"
#include "enclosure/decimal.hpp"
#include "enclosure/environment.hpp"
#include "enclosure/exact_text.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "enclosure/norm.hpp"
#include "network/fast/network.hpp"
#include "network/kernel.hpp"
#include "support/drawn.hpp"

namespace {

/// What the system does when this program asks for a thread.
enum class Threads { as_asked, refused, rounding_upward };
std::atomic<Threads> threads_are{Threads::as_asked};
std::atomic<int> threads_made{0};

struct Start {
  void* (*routine)(void*);
  void* argument;
};

void* start_rounding_upward(void* pointer) {
  const Start start = *static_cast<Start*>(pointer);
  delete static_cast<Start*>(pointer);
  std::fesetround(FE_UPWARD);
  return start.routine(start.argument);
}

}  // namespace

// Stands before the one of the system.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*routine)(void*),
                              void* argument) {
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  ++threads_made;
  if (threads_are == Threads::refused) return EAGAIN;
  if (threads_are == Threads::rounding_upward)
    return create(thread, attributes, start_rounding_upward, new Start{routine, argument});
  return create(thread, attributes, routine, argument);
}

namespace assay {
namespace {

class With {
 public:
  explicit With(Threads threads) { threads_are = threads; }
  ~With() { threads_are = Threads::as_asked; }
  With(const With&) = delete;
  With& operator=(const With&) = delete;
};

std::optional<fast::NetworkSums> sums_of(const Instance& instance, int threads) {
  return fast::network_sums(instance.x, StoredNeurons(instance.w, instance.a), {threads});
}

void expect_refusals() {
  const fast::RowMajorMatrix a = fast::RowMajorMatrix::Identity(3, 3);
  const std::vector<double> numbers{1, 2};
  const Instance instance = drawn_instance(3, 2, 1, 8);
  CHECK_THROWS_AS(fast::lambda_min({a, 0}), UnsoundEnvironment);
  CHECK_THROWS_AS(fast::upper_norm_of_radii(a), UnsoundEnvironment);
  CHECK_THROWS_AS(upper_norm(numbers), UnsoundEnvironment);
  CHECK_THROWS_AS(sums_of(instance, 1), UnsoundEnvironment);
  CHECK_THROWS_AS(sums_of(instance, 4), UnsoundEnvironment);
  CHECK_THROWS_AS(parallel_for(4, 2, [](Index) {}), UnsoundEnvironment);
}

TEST_CASE("no bound in double comes from a thread that rounds otherwise") {
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    std::fesetround(mode);
    expect_refusals();
    std::fesetround(FE_TONEAREST);
  }
}

#if defined(__x86_64__)
TEST_CASE("no bound in double comes from a thread that flushes subnormal numbers") {
  const unsigned normal = _mm_getcsr();
  const double subnormal = 1e-310;
  const Interval tiny = Interval(subnormal, 64);
  for (const unsigned flush : {0x8000u, 0x40u, 0x8040u}) {  // flush to zero, denormals are zero
    _mm_setcsr(normal | flush);
    expect_refusals();
    CHECK_THROWS_AS(Interval(subnormal, 64), UnsoundEnvironment);
    CHECK_THROWS_AS(tiny.upper_double(), UnsoundEnvironment);
    _mm_setcsr(normal);
  }
  CHECK(tiny.upper_double() == subnormal);
}
#endif

TEST_CASE("a worker that rounds otherwise stops the work") {
  const Instance instance = drawn_instance(3, 2, 1, 1 << 14);
  const With threads(Threads::rounding_upward);
  CHECK_THROWS_AS(parallel_for(100, 4, [](Index) {}), UnsoundEnvironment);
  Instance wide = drawn_instance(600, 2, 1, 4096);
  CHECK_THROWS_AS(sums_of(wide, 4), UnsoundEnvironment);
}

TEST_CASE("where no threads are to be had, one does it all") {
  const Instance instance = drawn_instance(600, 2, 1, 4096);
  const auto expected = sums_of(instance, 1);
  const With threads(Threads::refused);
  std::set<Index> done;
  parallel_for(100, 4, [&](Index i) { done.insert(i); });
  CHECK(done.size() == 100);
  const int made = threads_made;
  const auto sums = sums_of(instance, 4);
  CHECK(threads_made > made);
  REQUIRE(sums.has_value());
  CHECK(sums->total == expected->total);
}

/// A locale with a decimal comma, compiled on the spot if the system has none.
bool set_comma_locale(const Scratch& scratch) {
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8"})
    if (std::setlocale(LC_ALL, name) != nullptr) return true;
  const std::string make = "localedef -i de_DE -f UTF-8 " + scratch.path("de_DE.UTF-8") + " >/dev/null 2>&1";
  if (std::system(make.c_str()) != 0) return false;
  setenv("LOCPATH", scratch.path("").c_str(), 1);
  return std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
}

TEST_CASE("numbers are printed and read with a point in every locale") {
  const Scratch scratch;
  if (!set_comma_locale(scratch)) {
    MESSAGE("no locale with a decimal comma is to be had");
    return;
  }
  REQUIRE(std::string(std::localeconv()->decimal_point) == ",");
  const Interval third = Interval::ratio(1, 3, 80), half = Decimal("1.5").at(64);
  CHECK(half.contains(1.5));
  CHECK(half.is_point());
  CHECK(lower_decimal(half, 4) == "1.500e+00");
  CHECK(Decimal::exactly(0.25).text() == "2.5e-01");
  const DecimalEnds ends = decimal_ends(third);
  CHECK(ends.lo.find(',') == std::string::npos);
  CHECK(from_decimal_ends(ends.lo, ends.hi, 200).contains(third));
  const std::string text = exact_text(third);
  CHECK(text.find(',') == std::string::npos);
  CHECK(from_exact_text(text, 200).contains(third));
  CHECK(fmt::format("{:.2f} {:.3g}", 1.5, 0.25) == "1.50 0.25");
  std::setlocale(LC_ALL, "C");
}

}  // namespace
}  // namespace assay
