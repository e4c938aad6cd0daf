#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <sys/resource.h>

/// A test that hangs is ended by the processor time it has used, itself and each program that it runs: a busy machine
/// makes no test fail.
int main(int argc, char** argv) {
  constexpr rlim_t kSeconds = 3600;
  const rlimit limit{kSeconds, kSeconds};
  setrlimit(RLIMIT_CPU, &limit);
  return doctest::Context(argc, argv).run();
}
