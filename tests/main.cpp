#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>

/// A test that hangs is ended by the processor time it has used, itself and each program that it runs: a busy machine
/// makes no test fail. A lower limit from outside stays.
int main(int argc, char** argv) {
  constexpr rlim_t kSeconds = 3600;
  rlimit limit{};
  getrlimit(RLIMIT_CPU, &limit);
  limit.rlim_cur = std::min(limit.rlim_cur, kSeconds);
  setrlimit(RLIMIT_CPU, &limit);
  return doctest::Context(argc, argv).run();
}
