#include "enclosure/threads.hpp"

#include <mpfr.h>

#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "enclosure/environment.hpp"

namespace assay {

void run_on_threads(long threads, const std::function<void()>& work, const std::function<void()>& failed) {
  std::exception_ptr failure;
  std::mutex guard;
  const auto run = [&] {
    try {
      require_sound_environment();
      work();
    } catch (...) {
      {
        const std::lock_guard lock(guard);
        if (!failure) failure = std::current_exception();
      }
      if (failed) failed();
    }
  };
  {
    std::vector<std::jthread> workers;
    try {
      for (long k = 1; k < threads; ++k)
        workers.emplace_back([&] {
          run();
          mpfr_free_cache();  // MPFR keeps constants per thread
        });
    } catch (const std::system_error&) {  // no more threads are to be had
    }
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace assay
