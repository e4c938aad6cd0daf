#include "app/interruption.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <system_error>

#include "app/command.hpp"
#include "app/output.hpp"
#include "enclosure/stop.hpp"

namespace assay::app {
namespace {

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Interruption::Interruption(std::string advice, FirstSignal first) : advice_(std::move(advice)), first_(first) {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  try {
    listener_ = std::jthread([this](const std::stop_token& stop) { wait_for_signals(stop); });
  } catch (const std::system_error&) {  // no thread is to be had: then a signal ends the run without words
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  }
}

Interruption::~Interruption() {
  if (!listener_.joinable()) return;
  listener_.request_stop();
  listener_.join();
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Interruption::wait_for_signals(const std::stop_token& stop) {
  const sigset_t set = handled_signals();
  const timespec pause{0, 50'000'000};
  // The same signal may come twice, to the process and to its group.
  constexpr std::chrono::milliseconds kOneSignal{300};
  std::chrono::steady_clock::time_point first_signal{};
  while (!stop.stop_requested()) {
    if (sigtimedwait(&set, nullptr, &pause) < 0) continue;
    if (std::chrono::steady_clock::now() - first_signal < kOneSignal) continue;
    const std::lock_guard lock(mutex_);
    if (stop.stop_requested()) return;  // all was done by then
    const char* erase = isatty(STDERR_FILENO) != 0 ? "\r\033[K" : "";
    if (first_ == FirstSignal::ends_computations && !computations_are_interrupted()) {
      interrupt_computations();
      first_signal = std::chrono::steady_clock::now();
      print_error(fmt::format("{}assay: interrupted; reporting what is known (once more to end at once)\n", erase));
      continue;
    }
    print_error(fmt::format("{}assay: interrupted; {}\n", erase, advice_));
    _exit(interrupted);  // without destructors: other threads are at work
  }
}

}  // namespace assay::app
